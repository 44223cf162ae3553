"""What sales forms and their lines are made of, and the tax rates they use."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

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


class SalesForm(Document):
    """A document with lines for a customer; its totals are those of its lines.

    The model of its lines is on `SalesLine`, with a key `document` to it whose other end is `lines`.
    """

    number = models.CharField(max_length=21)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="%(class)ss")
    date = models.DateField()
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

    if TYPE_CHECKING:

        @property
        def lines(self) -> Any: ...

    class Meta(Document.Meta):
        abstract = True
        indexes = [
            *Document.Meta.indexes,
            models.Index(fields=["company", "-date", "-id"], name="%(class)s_by_date"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="%(class)s_number_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.noun().capitalize()} {self.number}"

    @classmethod
    def noun(cls) -> str:
        """What one is called in a sentence."""
        return str(cls._meta.verbose_name)

    @classmethod
    def one(cls) -> str:
        """The same with its article."""
        return f"{'an' if cls.noun()[0] in 'aeiou' else 'a'} {cls.noun()}"


class SalesLine(models.Model):
    """Work at a price; written only together with its document."""

    position = models.PositiveIntegerField()
    work_code = models.ForeignKey(WorkCode, on_delete=models.PROTECT, related_name="+")
    description = models.TextField(max_length=LINE_TEXT_MAX, blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=7)
    unit_price = models.DecimalField("price", max_digits=18, decimal_places=7)
    amount = models.DecimalField(max_digits=15, decimal_places=2)
    taxable = models.BooleanField()

    if TYPE_CHECKING:
        document: Any
        document_id: int

    class Meta:
        abstract = True
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="%(class)s_position_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document} line {self.position}"
