"""Local records by their ids. Asked so often that the question of each Kind is compiled once."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.models import Connection
from quickbooks_sync.sql.prepared import Select


def by_ids(connection: Connection, kind: Kind, ids: Iterable[int | None]) -> dict[int, Any]:
    """Those of this Kind that belong to the company, by id."""
    found = _by_ids(kind.name)(company=connection.company_id, ids=[pk for pk in ids if pk is not None])
    return {row.pk: row for row in found}


def revisions(connection: Connection, kind: Kind, ids: Iterable[int | None]) -> dict[int, int]:
    """The revisions that these have by now."""
    wanted = [pk for pk in ids if pk is not None]
    return dict(_revisions(kind.name)(company=connection.company_id, ids=wanted))


@cache
def _by_ids(kind: str) -> Select[Any]:
    return Select(lambda company, ids: KIND[kind].all_here(company).filter(pk__in=ids))


@cache
def _revisions(kind: str) -> Select[Any]:
    return Select(
        lambda company, ids: (
            KIND[kind]
            .all_here(company)
            .filter(pk__in=ids)
            .select_related(None)
            .prefetch_related(None)
            .values_list("pk", "revision")
        )
    )
