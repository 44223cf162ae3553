"""Invoices with their lines.

Deliberately absent: what was paid. It is what the payments say, so it is asked for and never stored.
"""

from django.db import models

from service_genius.sales.models import SalesForm, SalesLine


class Invoice(SalesForm):
    """What a customer owes for work done."""

    due_date = models.DateField()

    class Meta(SalesForm.Meta):
        indexes = [
            *SalesForm.Meta.indexes,
            models.Index(fields=["company", "due_date"], name="invoice_by_due_date"),
        ]


class InvoiceLine(SalesLine):
    """Work done."""

    document = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
