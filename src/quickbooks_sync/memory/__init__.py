"""What is remembered of both sides, read and written by key.

The directory of what QuickBooks holds, markers, doubts, numbers, balances. Absent on purpose: decisions,
and questions to QuickBooks.
"""
