"""Which customers and work codes of the two sides are the same, by all that is known of them.

`lists.customers` and `lists.services` decide about two whole lists; `comparing.compare` about one pair.
Absent on purpose: weights that were learned, and a list of what was decided.
"""
