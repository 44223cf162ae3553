"""The pure core: what to do about one pair of records.

Absent on purpose: clock, database, network, chance.
"""
