"""The data file, one company inside one transaction, and what is kept beside its objects.

Absent on purpose: the rules of any entity.
"""
