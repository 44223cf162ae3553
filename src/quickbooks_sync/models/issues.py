"""What needs a person, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from .connection import Connection
from .links import Link


class Issue(models.Model):
    """Something a run could not settle and a person must see."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="issues")
    link = models.OneToOneField(Link, on_delete=models.CASCADE, related_name="issue")
    reason = models.CharField(max_length=24)
    details = models.JSONField(default=dict)
    label = models.CharField(max_length=600)
    # Of a pair that may be one: how likely, in bits; the likeliest is asked first.
    likeness = models.FloatField(default=0.0)
    # Of one that a person put off: it comes after all with a lower number. Zero: it was not put off.
    put_off = models.BigIntegerField(default=0)
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
    # The Issue, by the id it had; and what a person answered, by its name in `resolving.offers`.
    issue_id = models.BigIntegerField(default=0)
    answer = models.CharField(max_length=24, blank=True)
    # Of an answer that can be taken back, what is put back then: see `resolving.asked_again`.
    before = models.JSONField(null=True)
    label = models.CharField(max_length=600)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["connection", "-id"], name="latest_outcomes"),
            models.Index(fields=["connection", "issue_id"], name="outcomes_of_issues"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.words}"
