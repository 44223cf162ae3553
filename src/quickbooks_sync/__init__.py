"""Sync with QuickBooks: keeps a Company and a QuickBooks company the same.

ARCHITECTURE.md has the rooms in their reading order; each room's `__init__` says what it is for.
"""
