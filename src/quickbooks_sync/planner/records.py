"""Records: the neutral content of one thing, into which both sides translate.

Only synced fields; references are local ids. A Baseline is the encoded form of a Record: a plain
JSON object by field, so that a field added later is simply absent from the Baselines of before.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sized
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from typing import Any

Encoded = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class CustomerRecord:
    """A customer; `parent` is the local id of the customer above it."""

    display_name: str
    company_name: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    billing_street: str = ""
    billing_city: str = ""
    billing_region: str = ""
    billing_postal_code: str = ""
    billing_country: str = ""
    service_street: str = ""
    service_city: str = ""
    service_region: str = ""
    service_postal_code: str = ""
    service_country: str = ""
    notes: str = ""
    taxable: bool = True
    active: bool = True
    parent: int | None = None


@dataclass(frozen=True, kw_only=True)
class WorkCodeRecord:
    """A service sold; the price is per unit, in the company's currency."""

    name: str
    code: str = ""
    description: str = ""
    price: Decimal = Decimal(0)
    taxable: bool = False
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class LineRecord:
    """One line of a sales form; `work_code` is None for one that Service Genius does not know.

    `what` says in words what such a line is.
    """

    work_code: int | None
    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    taxable: bool
    what: str = ""


@dataclass(frozen=True, kw_only=True)
class SalesFormRecord:
    """What every sales form has; `tax_rate` is a local id, amounts are in the company's currency."""

    number: str
    customer: int
    date: dt.date
    lines: tuple[LineRecord, ...]
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None
    tax_rate: int | None = None
    memo: str = ""
    voided: bool = False


@dataclass(frozen=True, kw_only=True)
class InvoiceRecord(SalesFormRecord):
    """An invoice."""

    due_date: dt.date


@dataclass(frozen=True, kw_only=True)
class EstimateRecord(SalesFormRecord):
    """An offer; without an end it has no `expiry_date`. `status`: pending, accepted, declined or closed."""

    expiry_date: dt.date | None = None
    status: str = "pending"


@dataclass(frozen=True, kw_only=True)
class AllocationRecord:
    """What a payment pays of one invoice."""

    invoice: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class PaymentRecord:
    """A payment received, with what it was applied to."""

    customer: int
    date: dt.date
    amount: Decimal
    method: str = ""
    reference: str = ""
    memo: str = ""
    allocations: tuple[AllocationRecord, ...] = ()
    voided: bool = False


#: The fields of a sales form that its tax comes from; sent, QuickBooks reckons it anew.
TAXED_BY = frozenset({"lines", "discount_percent", "discount_amount", "tax_rate"})

Record = CustomerRecord | WorkCodeRecord | SalesFormRecord | PaymentRecord


def encode(record: Record) -> Encoded:
    """The Baseline form of a Record: equal content gives equal objects."""
    return {name: encode_value(getattr(record, name)) for name in _fields(record.__class__)}


#: The names of the fields of a Record, in their order.
_fields: Callable[[type], tuple[str, ...]] = cache(lambda of: tuple(field.name for field in fields(of)))


def encode_value(value: object) -> Any:
    """One value as Baselines hold it: numbers as plain decimal text, dates as ISO."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return _shortest(value) if value else "0"
        case dt.date():
            return value.isoformat()
        case tuple():
            return [encode_value(part) for part in value]
        case LineRecord() | AllocationRecord():
            parts = {name: encode_value(getattr(value, name)) for name in _fields(value.__class__)}
            # Lines that are known are as they were in the Baselines of before.
            return {name: part for name, part in parts.items() if name != "what" or part}
    raise TypeError(f"a Record holds no {type(value).__name__}")


def _shortest(value: Decimal) -> str:
    """Every digit and no closing zeros (`normalize` would round to the precision of the context)."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


#: Beside the fields of a Record there: what really stands in those that choices and lists of QuickBooks
#: translate (the id of a tax code, of a payment method), by field.
STANDS = "stands"


def as_agreed(there: Encoded, baseline: Encoded | None) -> Encoded:
    """A Record there in which what stands there as it did when it was agreed on means what it meant then.

    So another tax code for a rate, or another name for a payment method, is no edit of anything older.
    """
    before = (baseline or {}).get(STANDS, {})
    same = {name for name, what in there.get(STANDS, {}).items() if name in before and before[name] == what}
    return {**there, **{name: (baseline or {})[name] for name in same if name in (baseline or {})}}


def not_agreed(there: Encoded, before: Encoded, names: Iterable[str]) -> Encoded:
    """A Baseline in which these fields stay as they were: what they hold now is still to be settled."""
    left = {name: before[name] for name in names}
    if STANDS not in there:
        return {**there, **left}
    was = before.get(STANDS, {})
    stands = {name: was.get(name) if name in left else what for name, what in there[STANDS].items()}
    return {**there, **left, STANDS: stands}


def as_read_back(sent: Encoded) -> Encoded:
    """What of a Record that was sent is there as it was: a tax code may be one that QuickBooks stamped."""
    return {name: value for name, value in sent.items() if name != "tax_rate"}


def replaced(before: Encoded, after: Encoded, *, counted_as: str = "replaced") -> dict[str, int]:
    """Counts of what is lost when these fields are written over a record; a blank loses nothing."""
    lost = [name for name in after if not is_blank(before.get(name)) and before[name] != after[name]]
    return counted(counted_as, lost)


def counted(what: str, names: Sized) -> dict[str, int]:
    """Counts of these fields of one record, and of the record."""
    return {f"{what}_values": len(names), f"{what}_records": 1} if names else {}


def is_removed(record: Encoded) -> bool:
    """Whether it is put away, or counts for nothing."""
    return record.get("active") is False or record.get("voided") is True


def is_blank(value: object) -> bool:
    """Whether an encoded value says nothing (a blank erases nothing when two records first meet)."""
    return value in (None, "", "0", [])


def with_allocations(allocations: list[Encoded], more: list[Encoded]) -> list[Encoded]:
    """Allocations and some to other invoices, in the order of Records; of one invoice the first counts."""
    known = {each["invoice"] for each in allocations}
    added = [each for each in more if each["invoice"] not in known]
    return sorted([*allocations, *added], key=lambda each: each["invoice"])
