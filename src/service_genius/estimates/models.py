"""Estimates: what work would cost, before anybody owes anything for it."""

from datetime import date

from django.db import models

from service_genius.invoices.models import Invoice
from service_genius.sales.models import SalesForm, SalesLine


class Estimate(SalesForm):
    """An offer to a customer; once it is made into an invoice, it stays as it is."""

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        CLOSED = "closed", "Invoiced"

    expiry_date = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    invoice = models.OneToOneField(
        Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="estimate"
    )

    @property
    def is_invoiced(self) -> bool:
        """Whether an invoice that counts was made of it."""
        return self.invoice is not None and not self.invoice.voided

    @property
    def is_closed(self) -> bool:
        """Whether it is invoiced: here, or as other books say, which have no invoice here for it."""
        return self.is_invoiced or (self.status == self.Status.CLOSED and self.invoice is None)

    def is_expired(self, today: date) -> bool:
        """Whether nobody has answered it in time."""
        waits = self.status == self.Status.PENDING and not self.voided
        return waits and self.expiry_date is not None and self.expiry_date < today


class EstimateLine(SalesLine):
    """Work offered."""

    document = models.ForeignKey(Estimate, on_delete=models.CASCADE, related_name="lines")
