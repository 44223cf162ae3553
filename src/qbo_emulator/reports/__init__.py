"""Reports of receivables, made from the books: `ledger` reads them, `form` is QuickBooks' own, `run` answers.

Absent on purpose: reports of anything but receivables.
"""
