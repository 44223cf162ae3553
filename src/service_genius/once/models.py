"""What was pressed, and what came of it."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import models


class Press(models.Model):
    """A form that was accepted. Its row is written in the step that writes what the form asks for.

    What was typed is not in it: `content` only tells whether it was the same.
    """

    # Of the form's key and its address; the key holds for one person of one company.
    token = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    content = models.CharField(max_length=64)
    outcome = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name_plural = "presses"

    def __str__(self) -> str:
        return f"Press {self.pk}"


class Kept(models.Model):
    """A form that was sent by somebody who was no longer logged in: what was typed, until they are again."""

    # As that of a press: of the form's key and its address.
    token = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The key, and `typed`: name and value of each field.
    content = models.JSONField()
    created_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name_plural = "kept forms"

    def __str__(self) -> str:
        return f"Kept {self.pk}"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the first press was answered, for the presses after it."""

    to: str
    # Each with its level, as in django.contrib.messages.
    said: list[tuple[int, str]] = field(default_factory=list)
    # The record that was saved, if one was: its name, the revision it got, and where another is entered.
    name: str = ""
    revision: int | None = None
    another: str = ""
