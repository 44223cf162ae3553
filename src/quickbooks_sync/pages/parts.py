"""A part of a long list, read by key.

Every part costs the same, however far down it is, and none is skipped while rows are mended away.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

ROWS = 25
#: No number of a key has more digits.
DIGITS_MAX = 18


@dataclass(frozen=True, kw_only=True)
class Part:
    """What is shown of a list, where it stands in it, and the addresses of its neighbours."""

    rows: Sequence[Any]
    count: int
    first: int
    previous_address: str
    next_address: str

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def complete(self) -> bool:
        return len(self.rows) == self.count


@dataclass(frozen=True)
class Order:
    """The order of a list: its fields, as Django has them; the last tells any two rows apart."""

    fields: tuple[str, ...] = ("pk",)

    @property
    def reverse(self) -> "Order":
        return Order(tuple(each[1:] if each[0] == "-" else f"-{each}" for each in self.fields))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.removeprefix("-") for each in self.fields)

    def key(self, row: Any) -> str:
        """Where a row stands, as an address says it."""
        return ",".join(str(getattr(row, name)) for name in self.names)

    def read(self, model: type[Model], key: str) -> tuple[Any, ...] | None:
        """What a key says; nothing if it says nothing."""
        texts = key.split(",")
        if len(texts) != len(self.fields) or any(len(each) > DIGITS_MAX for each in texts):
            return None
        try:
            found = tuple(
                _field(model, name).to_python(text) for name, text in zip(self.names, texts, strict=True)
            )
        except ValidationError:
            return None
        return found if all(map(math.isfinite, found)) else None

    def after(self, place: Sequence[Any]) -> Q:
        """What comes after this place."""
        found, equal = Q(), Q()
        for field, name, value in zip(self.fields, self.names, place, strict=True):
            found |= equal & Q(**{f"{name}__{'lt' if field[0] == '-' else 'gt'}": value})
            equal &= Q(**{name: value})
        return found


def _field(model: type[Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)  # noqa: SLF001


OLDEST_FIRST, NEWEST_FIRST = Order(), Order(("-pk",))


def part(
    rows: QuerySet[Any],
    asked: Mapping[str, str],
    *,
    kept: Mapping[str, str],
    order: Order = OLDEST_FIRST,
    size: int = ROWS,
) -> Part:
    """The part that an address asks for by `after` or `before` a key.

    `kept`: what else stands in the addresses of the neighbours.
    """
    before, after = (order.read(rows.model, asked.get(name, "")) for name in ("before", "after"))
    back = order.reverse
    if before is not None:
        found = list(rows.filter(back.after(before)).order_by(*back.fields)[:size])[::-1]
    elif after is not None:
        found = list(rows.filter(order.after(after)).order_by(*order.fields)[:size])
    else:
        found = []
    if not found:  # nothing is asked for, or nothing is left there: the beginning
        found = list(rows.order_by(*order.fields)[:size])
    count = rows.count()
    first = order.read(rows.model, order.key(found[0])) if found else None
    passed = rows.filter(back.after(first)).count() if first is not None else 0
    more = passed + len(found) < count
    return Part(
        rows=found,
        count=count,
        first=passed + 1 if found else 0,
        previous_address=address(kept, before=order.key(found[0])) if passed else "",
        next_address=address(kept, after=order.key(found[-1])) if more else "",
    )


def address(kept: Mapping[str, str], **changes: object) -> str:
    """The same page with something changed; what is empty stands in no address."""
    wanted = {**kept, **changes}
    return "?" + urlencode({name: value for name, value in wanted.items() if value})
