"""The log of what runs did, and the steps that previews show: a view of work, never the truth."""

from django.db import models

#: What a step of a preview is that cannot go: it needs a person, or waits for another record.
ATTENTION, WAITS = "attention", "waits"
#: What a first look lists of two that would be paired: their values, if any differs, or if all of them say
#: the same and are only written otherwise.
DIFFERS, WRITTEN_OTHERWISE = "differs", "written"
LOOKED_AT = (DIFFERS, WRITTEN_OTHERWISE)
#: What a run counts beside the pairings: those that changed something here.
FILLED = "filled"


class Side(models.TextChoices):
    """Where something is done."""

    HERE = "here", "Service Genius"
    THERE = "there", "QuickBooks"


class Step(models.Model):
    """What is done to one record, before and after: in the log it was done, in a preview it would be."""

    Side = Side

    run = models.ForeignKey("quickbooks_sync.SyncRun", on_delete=models.CASCADE, related_name="%(class)ss")
    link = models.ForeignKey(
        "quickbooks_sync.Link", on_delete=models.SET_NULL, null=True, related_name="%(class)ss"
    )
    kind = models.CharField(max_length=12)
    side = models.CharField(max_length=5, choices=Side.choices)
    action = models.CharField(max_length=12)
    label = models.CharField(max_length=600)
    local_id = models.BigIntegerField(null=True)
    remote_id = models.CharField(max_length=30, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.label}"


class PlannedStep(Step):
    """One decided step of a preview, with the fingerprint of what it was decided on.

    A view, never the truth: deleting all of them loses nothing.
    """

    fingerprint = models.CharField(max_length=64, blank=True)
    total = models.DecimalField(max_digits=18, decimal_places=2, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["run", "action", "id"], name="steps_of_a_preview"),
            models.Index(fields=["run", "kind", "id"], name="steps_of_a_kind"),
            models.Index(fields=["run", "link"], name="steps_of_a_link"),
        ]


class Change(Step):
    """The log: what a run did to one record."""

    #: A step between: a name for the moment. The counts of what was changed leave it out.
    RENAMED = "renamed"

    at = models.DateTimeField()
    # What somebody had edited in QuickBooks since it was agreed, and ours replaced: values by field, until a
    # person has taken them back or let them go.
    overruled = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["run", "kind", "id"]),
            models.Index(fields=["id"], condition=models.Q(overruled__isnull=False), name="overruled_edits"),
        ]
