"""The columns every record of a Kind has. Deliberately absent: saving, which is the work of operations."""

from django.db import models


class Versioned(models.Model):
    """A record of one company whose every write takes the next revision of that company."""

    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, related_name="+")
    revision = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["company", "revision"], name="%(class)s_by_revision")]
