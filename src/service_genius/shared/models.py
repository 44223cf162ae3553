"""The columns every record of a Kind has. Deliberately absent: saving, which is the work of operations."""

import secrets

from django.db import models


class Versioned(models.Model):
    """A record of one company whose every write takes the next revision of that company."""

    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="+")
    revision = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["company", "revision"], name="%(class)s_by_revision")]


def new_uid() -> str:
    """A random word, long enough to be the only one of its kind: 48 bits."""
    return secrets.token_hex(6).upper()


class Document(Versioned):
    """A record of money. Its `uid` is its own for ever, whereas a restored backup gives numbers out again."""

    uid = models.CharField(max_length=12, default=new_uid, editable=False)

    class Meta(Versioned.Meta):
        abstract = True
