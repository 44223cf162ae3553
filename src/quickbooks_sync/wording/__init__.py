"""Everything in words: reasons, values, how a record stands, what is kept, what a run asks.

Absent on purpose: buttons and pages.
"""
