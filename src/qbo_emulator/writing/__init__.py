"""The common course of every write.

Beside it the writes that are no create, update or delete: merging, sending, the tax service. Absent on
purpose: HTTP.
"""
