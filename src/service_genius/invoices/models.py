"""Invoices with their lines, and the tax rates they use.

Deliberately absent: what was paid. It is what the payments say, so it is asked for and never stored.
"""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from service_genius.companies.models import Company
from service_genius.customers.models import Customer
from service_genius.shared.limits import LINE_TEXT_MAX
from service_genius.shared.models import Document
from service_genius.work_codes.models import WorkCode

_PLACES = Decimal("0.0001")
_PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


class TaxRate(models.Model):
    """A sales tax the company charges.

    `parts` are the taxes it is made of, where that is known: name and percent (text) of each. They count
    then, and each is rounded by itself; `percent` is what a person entered.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    percent = models.DecimalField(max_digits=7, decimal_places=4, validators=_PERCENT)
    parts = models.JSONField(default=list)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="tax_rate_name_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.charged.normalize():f} %)"

    @property
    def percents(self) -> list[Decimal]:
        """What is charged, tax by tax."""
        return [Decimal(part["percent"]) for part in self.parts] or [self.percent]

    @property
    def is_other_than_entered(self) -> bool:
        """Whether its parts come to another percentage than a person entered."""
        return self.charged.quantize(_PLACES) != self.percent.quantize(_PLACES)

    @property
    def charged(self) -> Decimal:
        """What is charged in all, in percent."""
        return sum(self.percents, Decimal(0))


class Invoice(Document):
    """What a customer owes for work done; its totals are those of its lines."""

    number = models.CharField(max_length=21)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invoices")
    date = models.DateField()
    due_date = models.DateField()
    tax_rate = models.ForeignKey(
        TaxRate, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="sales tax"
    )
    discount_percent = models.DecimalField(
        max_digits=7, decimal_places=4, null=True, blank=True, validators=_PERCENT
    )
    discount_amount = models.DecimalField(
        max_digits=15, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    memo = models.TextField("message", max_length=1000, blank=True)
    voided = models.BooleanField(default=False)
    subtotal = models.DecimalField(max_digits=15, decimal_places=2)
    discount = models.DecimalField(max_digits=15, decimal_places=2)
    tax = models.DecimalField(max_digits=15, decimal_places=2)
    # Whose tax it is, if it was taken as it was reckoned elsewhere; blank: reckoned here, by its rate.
    tax_by = models.CharField(max_length=40, blank=True)
    total = models.DecimalField(max_digits=15, decimal_places=2)

    class Meta(Document.Meta):
        indexes = [
            *Document.Meta.indexes,
            models.Index(fields=["company", "-date", "-id"], name="invoice_by_date"),
            models.Index(fields=["company", "due_date"], name="invoice_by_due_date"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="invoice_number_taken_once"),
        ]

    def __str__(self) -> str:
        return f"Invoice {self.number}"


class InvoiceLine(models.Model):
    """Work done at a price; written only together with its invoice."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    work_code = models.ForeignKey(WorkCode, on_delete=models.PROTECT, related_name="+")
    description = models.TextField(max_length=LINE_TEXT_MAX, blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=7)
    unit_price = models.DecimalField("price", max_digits=18, decimal_places=7)
    amount = models.DecimalField(max_digits=15, decimal_places=2)
    taxable = models.BooleanField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="one_line_at_a_position"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice} line {self.position}"
