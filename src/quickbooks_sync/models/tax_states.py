"""Whose sales tax counts where QuickBooks reckons its own, as far as that is known."""

from django.db.models import TextChoices


class AutomatedTax(TextChoices):
    """What is known of our tax where QuickBooks reckons its own, and whose of the two counts."""

    UNPROVEN = "unproven", "ours is tried, one invoice at a time"
    OURS = "ours", "ours is kept there"
    ASKED = "asked", "another was kept there, and a person is asked"
    THEIRS = "theirs", "QuickBooks' own is taken"
