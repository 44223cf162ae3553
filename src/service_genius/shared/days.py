"""Which days are likely to be meant: a slip of the finger puts an invoice into another decade."""

from datetime import date, timedelta

YEARS_BACK_MAX, YEARS_AHEAD_MAX = 20, 10
"""Beyond these no record of ours is entered."""
UNUSUAL_AFTER = timedelta(days=366)
"""What is as far from today is asked about."""


def written(day: date) -> str:
    """A date as a person writes it."""
    return f"{day:%b} {day.day}, {day.year}"


def fault(day: date, *, today: date) -> str:
    """Why a day cannot be meant; empty if it can."""
    first, last = date(today.year - YEARS_BACK_MAX, 1, 1), date(today.year + YEARS_AHEAD_MAX, 12, 31)
    if first <= day <= last:
        return ""
    return f"{written(day)} cannot be entered. Choose a day from {written(first)} to {written(last)}."


def unusual(day: date, *, today: date) -> str:
    """What is unusual about a day that can be meant; empty if nothing is."""
    if abs(day - today) <= UNUSUAL_AFTER:
        return ""
    years = max(1, abs(day.year - today.year))
    far = "about a year" if years == 1 else f"{years} years"
    return f"{written(day)} is {far} {'ago' if day < today else 'from now'}."
