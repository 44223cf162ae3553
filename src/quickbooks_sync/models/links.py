"""What was seen, and what is agreed: the truth, from which work is always derived."""

import zlib
from typing import Any

from django.db import models
from django.db.models import Q

from qbo.payload import loads

from .connection import Connection


class Remote(models.Model):
    """One object in QuickBooks as it was last seen; also the directory of names there."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="remotes")
    entity = models.CharField(max_length=20)
    remote_id = models.CharField(max_length=30)
    token = models.BigIntegerField(default=0)
    name = models.CharField(max_length=600, blank=True)
    folded_name = models.CharField(max_length=600, blank=True)
    match_key = models.CharField(max_length=600, blank=True)
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
            models.Index(fields=["connection", "entity"], condition=Q(active=False), name="inactive_remotes"),
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
    # Fields that were agreed upon as they are on each side, when the two first met: see `first_link`.
    apart = models.JSONField(null=True)
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
    # The local record's name, in the form in which two are one.
    match_key = models.CharField(max_length=600, blank=True)
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
            models.Index(fields=["connection", "kind"], condition=Q(remote=None), name="half_links"),
            models.Index(fields=["connection", "kind"], condition=Q(local_id=None), name="half_links_there"),
            models.Index(
                fields=["connection", "kind"], condition=Q(in_doubt__isnull=False), name="links_in_doubt"
            ),
            models.Index(fields=["connection", "kind"], condition=Q(kept__isnull=False), name="links_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.local_id} = {self.remote_id}"

    @property
    def paired(self) -> bool:
        return self.local_id is not None and self.remote_id is not None


class Common(models.Model):
    """How many records of a list have a word, a phone, an address: see `gathering.common`."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="common")
    kind = models.CharField(max_length=12)
    # Of both lists together, when it was reckoned; and of the longer one.
    rows = models.PositiveIntegerField()
    records = models.PositiveIntegerField()
    # By fact: at how many records of the side it stands, if at more than one.
    here = models.JSONField(default=dict)
    there = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "kind"], name="one_count_per_list"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.connection_id}"


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
