"""The changes of a run, or the steps of a preview: in parts, by Kind, what needs a person apart and first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from quickbooks_sync.kinds import KIND, KINDS
from quickbooks_sync.models import SyncRun
from quickbooks_sync.models.log import ATTENTION
from quickbooks_sync.sending.as_shown import SINCE

from . import searching
from .attention import Choice
from .history import ChangeView, change_views
from .parts import Part, address, part

APART = "apart"
#: Of what needs a person, so much stands above the rest.
APART_SHOWN = 5
ROWS = 50


@dataclass(frozen=True, kw_only=True)
class Steps:
    """One part of what a run did, or would do."""

    show: str
    kinds: Sequence[Choice]
    part: Part
    changes: Sequence[ChangeView]
    apart: Sequence[ChangeView]
    apart_count: int
    apart_address: str
    all_address: str
    search: str
    kept: Mapping[str, str]
    unsought: str


def steps(run: SyncRun, asked: Mapping[str, str]) -> Steps:
    """The part that an address asks for; what it should not say becomes the default."""
    show = APART if asked.get("show") == APART else ""
    kind = asked.get("kind", "") if asked.get("kind", "") in KIND else ""
    apart = run.plannedsteps.filter(action__in=[ATTENTION, SINCE])
    rows: QuerySet[Any] = run.plannedsteps.exclude(action=ATTENTION) if run.preview else run.changes.all()
    rows = apart if show else rows
    kept = {name: value for name, value in (("show", show), ("kind", kind)) if value}
    narrowed = rows.filter(kind=kind) if kind else rows
    search = searching.typed(asked)
    if search:
        narrowed = narrowed.filter(searching.labelled(run.connection.company, search))
    shown = part(narrowed, asked, kept={**kept, "q": search}, size=ROWS)
    above = [] if show or kind or search else list(apart.order_by("pk")[:APART_SHOWN])
    return Steps(
        show=show,
        kinds=by_kind(rows, kind, show=show),
        part=shown,
        changes=change_views(run.connection, shown.rows),
        apart=change_views(run.connection, above),
        apart_count=apart.count(),
        apart_address=address({"show": APART}),
        all_address="?",
        search=search,
        kept=kept,
        unsought=address(kept),
    )


def by_kind(rows: QuerySet[Any], kind: str, **kept: str) -> list[Choice]:
    """The Kinds of which there are some, to choose from. `kept`: what else stands in the addresses."""
    counts = dict(rows.order_by().values_list("kind").annotate(Count("pk")))
    titles = [("", "All records"), *((each.name, each.title) for each in KINDS if counts.get(each.name))]
    if len(counts) < 2 and not kind:  # noqa: PLR2004 - nothing to choose from
        return []
    return [
        Choice(
            title=title,
            count=counts.get(name, 0) if name else sum(counts.values()),
            address=address({**kept, "kind": name}),
            current=name == kind,
        )
        for name, title in titles
    ]
