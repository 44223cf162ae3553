"""Money received, and the invoices it pays."""

from django.db import models

from service_genius.customers.models import Customer
from service_genius.invoices.models import Invoice
from service_genius.shared.models import Document


class Payment(Document):
    """Money from one customer; what is not allocated stays as the customer's credit."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payments")
    date = models.DateField()
    amount = models.DecimalField(max_digits=15, decimal_places=2)
    method = models.CharField(max_length=31, blank=True)
    reference = models.CharField(max_length=21, blank=True)
    memo = models.TextField("note", max_length=3900, blank=True)
    voided = models.BooleanField(default=False)

    class Meta(Document.Meta):
        indexes = [
            *Document.Meta.indexes,
            models.Index(fields=["company", "-date", "-id"], name="payment_by_date"),
        ]

    def __str__(self) -> str:
        return f"Payment of {self.amount} on {self.date}"


class Allocation(models.Model):
    """The part of a payment that pays one invoice; exists only while neither of the two is voided."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="allocations")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations")
    amount = models.DecimalField(max_digits=15, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "invoice"], name="one_allocation_per_invoice"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.payment_id} for {self.invoice_id}"
