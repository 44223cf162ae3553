"""The services the company sells, with their prices."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from service_genius.shared import checks
from service_genius.shared.models import Versioned


def name_key(full_name: str) -> str:
    """The form in which categories and names are compared: whatever spaces stand at their colons."""
    return checks.key(":".join(part.strip() for part in full_name.split(":")))


class WorkCode(Versioned):
    """One service as it stands on an invoice line."""

    name = models.CharField(max_length=100)
    code = models.CharField("short code", max_length=100, blank=True)
    category = models.CharField(max_length=500, blank=True, default="")
    description = models.TextField(max_length=4000, blank=True)
    price = models.DecimalField(max_digits=18, decimal_places=7, default=Decimal(0))
    taxable = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    # The work code that stands on all lines this one stood on; this one is inactive then.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    # Derived by operations: category and name, in the form names are compared in.
    name_key = models.CharField(max_length=1803, editable=False)
    search_text = models.TextField(editable=False)

    class Meta(Versioned.Meta):
        indexes = [
            *Versioned.Meta.indexes,
            models.Index(fields=["company", "name_key"], name="work_code_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "name_key"],
                condition=Q(active=True),
                name="work_code_name_taken_once",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.category}: {self.name}" if self.category else self.name
