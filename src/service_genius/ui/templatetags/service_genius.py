"""How figures, dates and links are written on every page."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from service_genius.shared import days
from service_genius.shared.figures import MINUS, SIGNS
from service_genius.shared.money import cents
from service_genius.ui.lists import Listing

register = template.Library()


@register.filter
def money(value: Decimal | None, currency: str = "USD") -> str:
    """An amount with its sign, to the cent."""
    if value is None:
        return ""
    amount = cents(value)
    sign = SIGNS.get(currency, f"{currency} ")
    return f"{MINUS}{sign}{-amount:,.2f}" if amount < 0 else f"{sign}{amount:,.2f}"


@register.filter
def price(value: Decimal, currency: str = "USD") -> str:
    """A price: to the cent, or as exact as it is."""
    return money(value, currency) if value == cents(value) else f"{SIGNS.get(currency, '')}{plain(value)}"


@register.filter
def plain(value: Decimal | None) -> str:
    """A number without zeros that say nothing."""
    return "" if value is None else f"{value.normalize():f}"


@register.filter
def day(value: date | None) -> str:
    """A date as a person writes it."""
    return "" if value is None else days.written(value)


@register.filter
def of(values: Mapping[Any, Any], key: Any) -> Any:
    """The value that belongs to a key."""
    return values.get(key)


@register.simple_tag
def sort_head(listing: Listing, name: str, title: str) -> SafeString:
    """A column's title that sorts by it, and the other way round when it already does."""
    current = listing.query.sort.removeprefix("-") == name
    target = f"-{name}" if current and not listing.query.sort.startswith("-") else name
    state = ("descending" if listing.descending else "ascending") if current else "none"
    return format_html(
        '<a class="sort" data-state="{}" href="{}" hx-get="{}">{}<span class="unseen">{}</span></a>',
        state,
        listing.query.address(sort=target),
        listing.query.address(sort=target),
        title,
        f", sorted {state}" if current else "",
    )


@register.inclusion_tag("ui/badge_plain.html")
def invoice_status(invoice: Any, today: date, elsewhere: str) -> dict[str, str]:
    """Show how things stand with an invoice that knows what is owed; only what is overdue needs a person."""
    if invoice.voided:
        label, tone = "Voided", "quiet"
    elif invoice.owed <= 0:
        label, tone = (f"Paid in {elsewhere}" if invoice.covered else "Paid"), "quiet"
    elif invoice.due_date < today:
        label, tone = "Overdue", "attention"
    elif invoice.paid or invoice.covered:
        label, tone = "Partly paid", "quiet"
    else:
        label, tone = "Open", "quiet"
    return {"label": label, "tone": tone}
