"""What only one record here may hold passes from one to the next, as it has in QuickBooks already.

A name, the number of an invoice, the place below a parent, what is left to pay of an invoice. Whoever gives
it up goes first; of those who wait for each other each lets go of it for the moment. All of it happens in the
one transaction of the caller, so nobody sees what stands in between, and a crash leaves none of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from quickbooks_sync.kinds import Kind
from quickbooks_sync.planner.records import Encoded
from service_genius.companies.models import Company
from service_genius.shared.revision import Changed


@dataclass(frozen=True, kw_only=True)
class Taking:
    """The fields that one record is to take."""

    local_id: int
    values: Encoded
    revision: int | None = None
    """That of the record as it was read; one that was edited since takes nothing."""


class _NotTogetherError(Exception):
    def __init__(self, left: Sequence[Taking]) -> None:
        super().__init__()
        self.left = left


def scarce(kind: Kind, values: Iterable[str]) -> set[str]:
    """Those of the fields that hold what only one may hold."""
    return kind.let_go(0).keys() & set(values)


def find_order(company: Company, kind: Kind, takings: Sequence[Taking]) -> list[Taking]:
    """In which order these can be written once all have let go; those that cannot be at all are left out."""
    rest = list(takings)
    while rest:
        try:
            with transaction.atomic():
                order = _write(company, kind, rest)
                transaction.set_rollback(True)  # it was only tried
                return order
        except _NotTogetherError as refused:
            rest = [each for each in rest if each not in refused.left]
    return []


def let_go(company: Company, kind: Kind, takings: Iterable[Taking]) -> dict[int, Any]:
    """Let each hold nothing for the moment that another wants; the records by id, as they are then."""
    found: dict[int, Any] = {}
    for each in takings:
        moment = kind.let_go(each.local_id)
        values = {name: moment[name] for name in scarce(kind, each.values)}
        try:
            found[each.local_id] = kind.update_here(
                company=company, local_id=each.local_id, values=values, expected_revision=each.revision
            )
        except (Changed, ValidationError) as error:
            raise _NotTogetherError([each]) from error
    return found


def _write(company: Company, kind: Kind, takings: Sequence[Taking]) -> list[Taking]:
    let_go(company, kind, takings)
    order: list[Taking] = []
    left = list(takings)
    while left:
        refused = []
        for each in left:
            try:
                kind.update_here(
                    company=company, local_id=each.local_id, values=each.values, expected_revision=None
                )
                order.append(each)
            except ValidationError:
                refused.append(each)
        if len(refused) == len(left):
            raise _NotTogetherError(refused)
        left = refused
    return order


def holders(company: Company, kind: Kind, taking: Taking) -> set[int]:
    """Who holds here, if anybody does, what this one is to take."""
    found = kind.in_the_way(company=company, local_id=taking.local_id, values=taking.values)
    return found - {taking.local_id}
