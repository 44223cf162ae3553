"""The values of the log as a person writes them: money with its sign, dates, names in place of ids.

Only for reading. Deliberately absent: any way back from these words to a Record.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from quickbooks_sync.kinds import KIND, KINDS
from service_genius.companies.models import Company
from service_genius.sales.models import TaxRate
from service_genius.ui.templatetags.service_genius import day, money, plain, price

from .reasons import field_words

MONEY_FIELDS = {"amount", "discount_amount"}
PRICE_FIELDS = {"price", "unit_price"}
DAY_FIELDS = {name for kind in KINDS for name in kind.blank if name.endswith("date")}
#: Fields that hold a local id, with the Kind it is of.
REFERENCES = {field: name for kind in KINDS for field, name in kind.holds.items()}
GONE = "removed meanwhile"

Fields = Mapping[str, Any]


class Values:
    """Writes the fields of some Records; the names they refer to are looked up once, for all."""

    def __init__(self, *, company: Company, records: Iterable[Fields]) -> None:
        self._currency = company.currency
        wanted: dict[str, set[int]] = {name: set() for name in REFERENCES.values()}
        for record in records:
            for name, local_id in _referred_to(record):
                wanted[REFERENCES[name]].add(local_id)
        self._names = {
            name: {row.pk: KIND[name].label(row) for row in KIND[name].all_here(company).filter(pk__in=ids)}
            for name, ids in wanted.items()
            if ids
        }
        self._rates = {rate.pk: str(rate) for rate in TaxRate.objects.filter(company=company)}

    def text(self, name: str, value: Any) -> str:
        """One value, in one line or several; nothing for nothing."""
        if value in (None, "", []):
            return ""
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if name in REFERENCES:
            return self._names.get(REFERENCES[name], {}).get(value, GONE)
        if name == "tax_rate":
            return self._rates.get(value, GONE)
        if isinstance(value, list):
            return "\n".join(self._line(part) for part in value)
        write = _WRITERS.get(name)
        return write(value, self._currency) if write is not None else str(value)

    def _line(self, part: Fields) -> str:
        """One line of an invoice, or what a payment pays of one."""
        amount = self.text("amount", part["amount"])
        if "invoice" in part:
            return f"{self.text('invoice', part['invoice'])}: {amount}"
        what = self.text("work_code", part["work_code"]) or part["description"]
        return f"{self.text('quantity', part['quantity'])} \N{MULTIPLICATION SIGN} {what}: {amount}"


def field_title(name: str) -> str:
    """The name of a field as it stands above its value."""
    words = field_words([name])
    return words[:1].upper() + words[1:]


def moment(company: Company, at: datetime) -> str:
    """A time as people of this company would say it: the day, then the time of day."""
    local = at.astimezone(company.tz)
    written = f"{local:%I:%M %p}".removeprefix("0")
    return f"Today, {written}" if local.date() == company.today() else f"{day(local.date())}, {written}"


def _referred_to(record: Fields) -> Iterable[tuple[str, int]]:
    for name, value in record.items():
        if name in REFERENCES and isinstance(value, int):
            yield name, value
        elif isinstance(value, list):
            for part in value:
                yield from _referred_to(part)


_WRITERS: dict[str, Callable[[str, str], str]] = {
    **dict.fromkeys(MONEY_FIELDS, lambda value, currency: money(Decimal(value), currency)),
    **dict.fromkeys(PRICE_FIELDS, lambda value, currency: price(Decimal(value), currency)),
    **dict.fromkeys(DAY_FIELDS, lambda value, _: day(date.fromisoformat(value))),
    "quantity": lambda value, _: plain(Decimal(value)),
    "discount_percent": lambda value, _: f"{plain(Decimal(value))}%",
}
