"""Answers that were lost, and backups that were restored.

What may be in QuickBooks already is recognised, or asked about. Absent on purpose: creating anything while
that is open.
"""
