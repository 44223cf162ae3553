"""Customers, and sub-customers below them."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q

from service_genius.shared import texts
from service_genius.shared.models import Versioned


class Customer(Versioned):
    """Someone the company works for; a sub-customer is a place or a job of its parent."""

    TEXT_FORMS: ClassVar[Mapping[str, Callable[[str], str]]] = {
        "email": texts.addresses,
        "billing_street": texts.street,
        "service_street": texts.street,
    }

    display_name = models.CharField("name", max_length=500)
    company_name = models.CharField("company", max_length=100, blank=True)
    given_name = models.CharField("first name", max_length=100, blank=True)
    family_name = models.CharField("last name", max_length=100, blank=True)
    # One address, or several with a comma between them.
    email = models.CharField("e-mail", max_length=100, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    mobile = models.CharField(max_length=30, blank=True)
    billing_street = models.TextField(blank=True)
    billing_city = models.CharField(max_length=255, blank=True)
    billing_region = models.CharField("billing state", max_length=255, blank=True)
    billing_postal_code = models.CharField("billing ZIP code", max_length=30, blank=True)
    billing_country = models.CharField(max_length=255, blank=True)
    service_street = models.TextField(blank=True)
    service_city = models.CharField(max_length=255, blank=True)
    service_region = models.CharField("service state", max_length=255, blank=True)
    service_postal_code = models.CharField("service ZIP code", max_length=30, blank=True)
    service_country = models.CharField(max_length=255, blank=True)
    notes = models.TextField(max_length=2000, blank=True)
    taxable = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="sub_customers"
    )
    # Of books kept elsewhere; such a customer is shown here and not changed. Blank: the company's own.
    currency = models.CharField(max_length=3, blank=True, editable=False)
    # The customer who has all that this one had; this one is inactive then.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    # Derived by operations: databases disagree on what lower() does to letters outside ASCII.
    name_key = models.CharField(max_length=1500, editable=False)
    search_text = models.TextField(editable=False)

    class Meta(Versioned.Meta):
        indexes = [
            *Versioned.Meta.indexes,
            models.Index(fields=["company", "name_key"], name="customer_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "name_key"],
                condition=Q(active=True, parent=None),
                name="customer_name_taken_once",
            ),
            models.UniqueConstraint(
                fields=["company", "parent", "name_key"],
                condition=Q(active=True, parent__isnull=False),
                name="sub_customer_name_taken_once",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def full_name(self) -> str:
        """The name after those of all above; unique among active customers, as no name contains a colon."""
        return f"{self.parent.full_name}: {self.display_name}" if self.parent else self.display_name
