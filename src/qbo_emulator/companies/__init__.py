"""Making a company: templates, a sample, records that come from elsewhere.

Absent on purpose: what clients change.
"""
