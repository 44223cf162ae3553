"""A part of a long list, read by key.

Every part costs the same, however far down it is, and none is skipped while rows are mended away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

ROWS = 25


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


def part(
    rows: QuerySet[Any],
    asked: Mapping[str, str],
    *,
    kept: Mapping[str, str],
    newest_first: bool = False,
    size: int = ROWS,
) -> Part:
    """The part that an address asks for by `after` or `before` a key.

    `kept`: what else stands in the addresses of the neighbours.
    """
    onward, back = ("lt", "gt") if newest_first else ("gt", "lt")
    order, against = ("-pk", "pk") if newest_first else ("pk", "-pk")
    before, after = _key(asked, "before"), _key(asked, "after")
    if before is not None:
        found = list(rows.filter(**{f"pk__{back}": before}).order_by(against)[:size])[::-1]
    elif after is not None:
        found = list(rows.filter(**{f"pk__{onward}": after}).order_by(order)[:size])
    else:
        found = []
    if not found:  # nothing is asked for, or nothing is left there: the beginning
        found = list(rows.order_by(order)[:size])
    count = rows.count()
    passed = rows.filter(**{f"pk__{back}": found[0].pk}).count() if found else 0
    more = passed + len(found) < count
    return Part(
        rows=found,
        count=count,
        first=passed + 1 if found else 0,
        previous_address=address(kept, before=found[0].pk) if passed else "",
        next_address=address(kept, after=found[-1].pk) if more else "",
    )


def address(kept: Mapping[str, str], **changes: object) -> str:
    """The same page with something changed; what is empty stands in no address."""
    wanted = {**kept, **changes}
    return "?" + urlencode({name: value for name, value in wanted.items() if value})


def _key(asked: Mapping[str, str], name: str) -> int | None:
    text = asked.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None  # noqa: PLR2004 - no key has more digits
