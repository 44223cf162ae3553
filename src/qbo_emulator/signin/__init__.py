"""OAuth under Intuit's paths, as a person and a client walk through it.

Absent on purpose: how tokens are kept.
"""
