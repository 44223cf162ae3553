"""All that must be known before a Link can be decided: a page of Links becomes Pairs.

Reads the database, with a fixed number of queries a page, and nothing else. Absent on purpose: writes.
"""
