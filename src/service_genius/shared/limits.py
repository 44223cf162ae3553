"""How much fits into one record, and so into one form.

No models here: the settings read it, too. QuickBooks itself takes 10,000 lines of a transaction, 750 of a
taxed invoice; ours are lower, so that all of a record stands on its page.
"""

LINES_MAX = 200
"""Lines of an invoice."""
ALLOCATIONS_MAX = 2_000
"""Invoices that one payment pays."""
LINE_TEXT_MAX = 4_000
"""Characters of a line's description."""

_BYTES_OF_A_CHARACTER = 12  # four bytes of UTF-8, each sent as %XX
_BYTES_OF_THE_REST = 1_000_000

FORM_FIELDS_MAX = 10_000
"""More than a form of ours ever sends that keeps to its limits; whatever does not is told which, by name."""
FORM_BYTES_MAX = LINES_MAX * LINE_TEXT_MAX * _BYTES_OF_A_CHARACTER + _BYTES_OF_THE_REST
