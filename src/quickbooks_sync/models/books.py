"""What is known of customers' accounts in QuickBooks beside our records, and how the books were checked."""

from decimal import Decimal

from django.db import models

from .connection import Connection
from .runs import SyncRun


class Entry(models.Model):
    """What a transaction in QuickBooks adds to what a customer owes, that has no record here.

    Kept from the first check of the books on. One that moves several customers is several Entries.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="entries")
    # QuickBooks' name of its entity; of what no list has, the word of its reports.
    sort = models.CharField(max_length=60)
    remote_id = models.CharField(max_length=30)
    customer = models.CharField(max_length=30)
    number = models.CharField(max_length=60, blank=True)
    date = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    # Told by a report only: no change feed says what becomes of it.
    reported = models.BooleanField(default=False)
    seen_by = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "sort", "remote_id", "customer"], name="one_entry_per_customer"
            ),
        ]
        indexes = [models.Index(fields=["connection", "customer"], name="entries_of_a_customer")]

    def __str__(self) -> str:
        return f"{self.sort} {self.remote_id}"


class BooksCheck(models.Model):
    """How the books stood when QuickBooks was asked: kept for good."""

    run = models.OneToOneField(SyncRun, on_delete=models.CASCADE, related_name="books")
    at = models.DateTimeField()
    here = models.DecimalField(max_digits=18, decimal_places=2)
    there = models.DecimalField(max_digits=18, decimal_places=2)
    explained = models.DecimalField(max_digits=18, decimal_places=2)
    # At how many customers something is left unexplained.
    astray = models.PositiveIntegerField()
    # What QuickBooks' own report came to, for which day, and what is dated later.
    reported = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    reported_for = models.DateField(null=True)
    later = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    # At how many customers the report says otherwise than their balance does.
    misreported = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"Books checked by run {self.run_id}"

    @property
    def difference(self) -> Decimal:
        return self.there - self.here

    @property
    def unexplained(self) -> Decimal:
        return self.difference - self.explained

    @property
    def match(self) -> bool:
        """Whether every cent was explained, at every customer."""
        return not self.astray and not self.misreported
