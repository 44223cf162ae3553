"""The way to QuickBooks.

The connection and its tokens, the session through which a run does everything, and how QuickBooks is asked
so that a refusal costs little. Absent on purpose: what an answer means for a record.
"""
