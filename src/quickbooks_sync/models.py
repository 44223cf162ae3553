"""What is remembered between runs.

Observations (`Remote`, the `open` marks) and agreements (`Link` with its two Baselines) are the
truth; work is always derived from them. Deliberately absent: a queue of things to do.
"""

import zlib
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from qbo.payload import loads
from service_genius.companies.models import Company

from .log import Change, PlannedStep, Side, Step
from .tax_states import AutomatedTax

__all__ = [
    "Change",
    "Connection",
    "Issue",
    "Link",
    "Marker",
    "Outcome",
    "PlannedStep",
    "Remote",
    "Sending",
    "Side",
    "Step",
    "SyncRun",
]


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
    # marker, and how often a run was claimed or something left: see `Marker` and `beside`.
    epoch = models.PositiveIntegerField(default=1)
    serial = models.BigIntegerField(default=0)
    claims = models.BigIntegerField(default=0)
    # Something in QuickBooks is older than it was: everything is to be looked at, see `backwards`.
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
    automated_tax = models.CharField(max_length=8, choices=AutomatedTax, default=AutomatedTax.UNPROVEN)
    # How many invoices came back with our tax that QuickBooks may have reckoned by itself.
    tax_tries = models.PositiveSmallIntegerField(default=0)
    pay_link = models.CharField(max_length=3, choices=PayLink, blank=True)
    first_look = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "realm_id"], name="one_connection_per_realm"),
        ]

    def __str__(self) -> str:
        return f"{self.company} - {self.realm_name or self.realm_id}"

    @property
    def connected(self) -> bool:
        return self.state == self.State.CONNECTED


class Remote(models.Model):
    """One object in QuickBooks as it was last seen; also the directory of names there."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="remotes")
    entity = models.CharField(max_length=20)
    remote_id = models.CharField(max_length=30)
    token = models.BigIntegerField(default=0)
    name = models.CharField(max_length=600, blank=True)
    folded_name = models.CharField(max_length=600, blank=True)
    match_key = models.CharField(max_length=600, blank=True)
    loose_key = models.CharField(max_length=600, blank=True)
    code_key = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    parent_id_there = models.CharField(max_length=30, blank=True)
    active = models.BooleanField(default=True)
    deleted = models.BooleanField(default=False)
    total = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    balance = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    seen_by = models.BigIntegerField(default=0)
    packed = models.BinaryField(default=bytes)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "entity", "remote_id"], name="one_remote_per_object"
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "folded_name"]),
            models.Index(fields=["connection", "entity", "match_key"]),
            models.Index(fields=["connection", "entity", "loose_key"]),
            models.Index(fields=["connection", "entity", "code_key"], name="coded_remotes"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.remote_id}"

    @property
    def payload(self) -> dict[str, Any]:
        """The object as QuickBooks sent it; empty for Kinds that are only looked at."""
        if not self.packed:
            return {}
        loaded: dict[str, Any] = loads(zlib.decompress(bytes(self.packed)))
        return loaded


class Link(models.Model):
    """The lasting pairing of a local record and a Remote; half while only one side is known."""

    class State(models.TextChoices):
        ACTIVE = "active"
        HOLD = "hold"
        IGNORED = "ignored"

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=12)
    local_id = models.BigIntegerField(null=True)
    remote = models.OneToOneField(Remote, on_delete=models.PROTECT, null=True, related_name="link")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    open = models.BooleanField(default=True)
    waiting = models.BooleanField(default=False)
    # What the last run found it to wait for, in words.
    waits_for = models.TextField(blank=True)
    created_by_us = models.BooleanField(default=False)
    here_baseline = models.JSONField(null=True)
    here_revision = models.BigIntegerField(default=0)
    there_baseline = models.JSONField(null=True)
    there_token = models.BigIntegerField(default=-1)
    left_there = models.JSONField(null=True)
    # What stays on one side because the other cannot hold it, by field: `side` (here, there, or only there,
    # of what is in no Record) and `why`, in words with the way out.
    kept = models.JSONField(null=True)
    # What its last refusal was about: sent again only when something of it has changed.
    refused = models.CharField(max_length=64, blank=True)
    # Under which word it was sent the last time: see `Marker`.
    marker = models.CharField(max_length=40, blank=True)
    # Why nothing is created for it until a person has said so: what there may be it already, as the
    # details of an Issue, and what was sent: see `doubts`.
    in_doubt = models.JSONField(null=True)
    # The local record's name in the two forms in which names are matched.
    match_key = models.CharField(max_length=600, blank=True)
    loose_key = models.CharField(max_length=600, blank=True)
    # And its code, if it has one.
    code_key = models.CharField(max_length=100, blank=True)
    # A person said: these are not the same as any record there; do not ask again.
    known_new = models.BooleanField(default=False)
    # Of an invoice: what QuickBooks had applied to it by itself when it answered our creation; and how much
    # of that is of which payment of ours, by remote id, once it is known. The rest is credit entered there.
    applied = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    applied_by = models.JSONField(null=True)
    # Of an invoice: what is paid of it there and has no payment here, as of the last run: see `paid_there`.
    paid_there = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    # What a person answered that outlasts the Issue: see `planner.decide.Answers`.
    answers = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "kind", "local_id"], name="one_link_per_record"),
            models.CheckConstraint(
                condition=Q(local_id__isnull=False) | Q(remote__isnull=False), name="a_link_has_a_side"
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "kind", "id"], condition=Q(open=True), name="open_links"),
            models.Index(
                fields=["connection"],
                condition=Q(applied__isnull=False, applied_by__isnull=True),
                name="applied_by_somebody",
            ),
            models.Index(
                fields=["connection", "kind", "loose_key"], condition=Q(remote=None), name="half_links"
            ),
            models.Index(
                fields=["connection", "kind", "code_key"],
                condition=Q(remote=None),
                name="coded_half_links",
            ),
            models.Index(
                fields=["connection", "kind"], condition=Q(in_doubt__isnull=False), name="links_in_doubt"
            ),
            models.Index(fields=["connection", "kind"], condition=Q(kept__isnull=False), name="links_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.local_id} = {self.remote_id}"

    @property
    def whole(self) -> bool:
        return self.local_id is not None and self.remote_id is not None


class Marker(models.Model):
    """A word under which an invoice or payment was sent: never deleted, whatever became of that.

    So a word of ours in QuickBooks that does not stand here was sent by a later life of this database.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="markers")
    word = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    local_id = models.BigIntegerField()
    # Copies of it there that a person was told about: ids.
    copies = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "word"], name="one_marker_per_word"),
        ]

    def __str__(self) -> str:
        return self.word


class SyncRun(models.Model):
    """One run for one Connection."""

    class Scope(models.TextChoices):
        LOOK = "look", "First look"
        FULL = "full", "Full Sync"
        SYNC = "sync", "Sync"

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        ASKING = "asking"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"
        # The same was asked for again, and begun, before its question was answered.
        REPLACED = "replaced"

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="runs")
    scope = models.CharField(max_length=4, choices=Scope.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    # A preview stores what it would do; a run from a preview does what that one showed, and nothing else.
    preview = models.BooleanField(default=False)
    # It may not lose its preview: without, it would do everything.
    from_preview = models.ForeignKey("self", on_delete=models.RESTRICT, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    waiting_for = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # The lease: who may work on this run until when; the fence rises with every claim.
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_expires_at = models.DateTimeField(null=True)
    fence = models.IntegerField(default=0)
    expiries = models.IntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    question = models.JSONField(null=True)
    # The questions of this run to which a person has said yes.
    answers = models.JSONField(default=list)
    progress = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    calls = models.JSONField(default=dict)
    # What QuickBooks refused to tell (see `asking.Unread`): the run went on without it.
    unread = models.JSONField(default=list)
    error = models.TextField(blank=True)
    # Of which sort the error is, so that a page can say what mends it: see `troubles.TROUBLES`.
    trouble = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            # Of each wish (`planner.wishes`) one that has not begun. One that has may have to wait beside it.
            models.UniqueConstraint(
                fields=["connection", "scope", "preview"],
                condition=Q(state="queued", started_at=None, from_preview=None),
                name="one_waiting_run_of_a_sort",
            ),
            models.UniqueConstraint(
                fields=["connection", "from_preview"],
                condition=Q(state="queued", started_at=None, from_preview__isnull=False),
                name="one_waiting_run_of_a_preview",
            ),
            models.UniqueConstraint(
                fields=["connection"], condition=Q(state="running"), name="one_running_run"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["queued", "running"]), name="runs_to_do"),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.pk}"

    @property
    def live(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING}


class Sending(models.Model):
    """One HTTP write, committed before it is sent, settled as a whole."""

    class State(models.TextChoices):
        OPEN = "open"
        SETTLED = "settled"

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="sendings")
    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="sendings")
    request_id = models.CharField(max_length=36, unique=True)
    body = models.BinaryField()
    # In the order of the body: batch item id, link, Kind, operation, the Record sent, its revision.
    items = models.JSONField()
    counts = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    sent_at = models.DateTimeField()
    # QuickBooks' own time: of its last answer before this was sent, and of the answer to it.
    time_before = models.DateTimeField(null=True)
    # And of the first look for what it created, after its answer was lost.
    looked_at = models.DateTimeField(null=True)
    answered_time = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["connection"], condition=Q(state="open"), name="open_sendings"),
            models.Index(fields=["connection", "answered_time"]),
        ]

    def __str__(self) -> str:
        return f"Sending {self.pk} ({self.state})"


class Issue(models.Model):
    """Something a run could not settle and a person must see."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="issues")
    link = models.OneToOneField(Link, on_delete=models.CASCADE, related_name="issue")
    reason = models.CharField(max_length=24)
    details = models.JSONField(default=dict)
    label = models.CharField(max_length=600)
    raw = models.TextField(blank=True)
    intuit_tid = models.CharField(max_length=80, blank=True)
    raised_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["connection", "reason"])]

    def __str__(self) -> str:
        return f"{self.reason}: {self.label}"


class Outcome(models.Model):
    """What became of an Issue: who settled it and how, or that a sync did."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="outcomes")
    kind = models.CharField(max_length=12)
    local_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=24)
    label = models.CharField(max_length=600)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["connection", "-id"], name="latest_outcomes")]

    def __str__(self) -> str:
        return f"{self.label}: {self.words}"
