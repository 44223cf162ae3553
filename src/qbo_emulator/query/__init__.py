"""QuickBooks' query language: `grammar` reads a statement, `compiler` turns it into SQL, `run` answers it.

Absent on purpose: what an entity may hold; `entities` says which of its members can be asked for.
"""
