"""The same decisions as a run makes, without doing anything.

The preview shows them, the first look counts them. Absent on purpose: decisions of its own.
"""
