"""Whether the books match: both sides' accounts, what differs and why, and the check that asks QuickBooks.

Absent on purpose: mending. What differs is mended where it stands, by a sync or an answer.
"""
