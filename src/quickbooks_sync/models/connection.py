"""One Company joined to one company in QuickBooks."""

from django.db import models

from quickbooks_sync.planner.first_link import Group, WhoWins, Wins
from service_genius.companies.models import Company

from .tax_states import AutomatedTax


class Connection(models.Model):
    """One Company joined to one Realm (a QuickBooks company)."""

    class State(models.TextChoices):
        CONNECTED = "connected"
        DISCONNECTED = "disconnected"
        LOST = "lost", "needs to be connected again"

    class Restored(models.TextChoices):
        """A backup was restored; blank once that is dealt with."""

        NOTICED = "noticed", "nothing leaves until a person has said that this copy replaces the other"
        ADOPTING = "adopting", "what it forgot is being found again"

    class PayLink(models.TextChoices):
        """Whether invoices are made with the link to pay them; blank until a person has said so."""

        NO = "no"
        YES = "yes"

    company = models.OneToOneField(Company, on_delete=models.CASCADE, related_name="quickbooks")
    environment = models.CharField(max_length=12)
    realm_id = models.CharField(max_length=30)
    realm_name = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.CONNECTED)
    state_reason = models.TextField(blank=True)
    connected_at = models.DateTimeField()
    # When somebody last gave access; `connected_at` is the first time.
    authorized_at = models.DateTimeField(null=True)
    access_token = models.TextField(blank=True)  # encrypted
    refresh_token = models.TextField(blank=True)  # encrypted
    access_expires_at = models.DateTimeField(null=True)
    refresh_expires_at = models.DateTimeField(null=True)
    # When Intuit ends it however much it is used: five years after somebody pressed Connect.
    hard_expires_at = models.DateTimeField(null=True)
    # Somebody is renewing the tokens, and is dead if not done by then.
    renewing_until = models.DateTimeField(null=True)
    full_synced_at = models.DateTimeField(null=True)
    # Counts the lives of this database: it rises when a backup was restored. Then the last number of a
    # marker, and how often a run was claimed or something left: see `Marker` and `memory.high_water`.
    epoch = models.PositiveIntegerField(default=1)
    serial = models.BigIntegerField(default=0)
    claims = models.BigIntegerField(default=0)
    # Something in QuickBooks is older than it was: everything is to be looked at, see `observing.put_back`.
    went_back = models.BooleanField(default=False)
    restored = models.CharField(max_length=8, choices=Restored.choices, blank=True)
    forgot_since = models.DateTimeField(null=True)  # QuickBooks' time up to which the backup had seen it
    here_watermark = models.BigIntegerField(default=0)
    there_watermark = models.DateTimeField(null=True)
    # What QuickBooks said of itself: preferences, accounts, tax codes, terms, payment methods.
    facts = models.JSONField(default=dict)
    # The choices, each with a working default.
    income_account = models.CharField(max_length=30, blank=True)
    deposit_account = models.CharField(max_length=30, blank=True)
    start_date = models.DateField(null=True)
    tax_codes = models.JSONField(default=dict)  # local tax rate id (text) -> TaxCode id
    two_way_edits = models.BooleanField(default=False)
    send_estimates = models.BooleanField(default=False)
    # Who wins at a first link, by group of fields: see `winners`.
    who_wins = models.JSONField(default=dict)
    automated_tax = models.CharField(max_length=8, choices=AutomatedTax, default=AutomatedTax.UNPROVEN)
    # How many invoices came back with our tax that QuickBooks may have reckoned by itself.
    tax_tries = models.PositiveSmallIntegerField(default=0)
    pay_link = models.CharField(max_length=3, choices=PayLink, blank=True)
    first_look = models.JSONField(default=dict)
    # Since when what is entered in QuickBooks alone is known, too (`Entry`); nothing: not yet.
    books_known_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "realm_id"], name="one_connection_per_realm"),
        ]

    def __str__(self) -> str:
        return f"{self.company} - {self.realm_name or self.realm_id}"

    @property
    def winners(self) -> WhoWins:
        """Who wins where two that first meet have different values, for every group of fields."""
        return {group: Wins(self.who_wins.get(group, Wins.OURS)) for group in Group}

    @property
    def connected(self) -> bool:
        return self.state == self.State.CONNECTED
