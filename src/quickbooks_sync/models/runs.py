"""What was asked for, and what was sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .connection import Connection


class SyncRun(models.Model):
    """One run for one Connection."""

    class Scope(models.TextChoices):
        LOOK = "look", "First look"
        FULL = "full", "Full Sync"
        SYNC = "sync", "Sync"
        BOOKS = "book", "Check of the books"

    #: What only looks, and changes no record.
    LOOKING = (Scope.LOOK, Scope.BOOKS)

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
