"""What is different on both sides of those that would be paired, side by side, and who would win."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from quickbooks_sync.kinds import KIND, one_of
from quickbooks_sync.models import Connection, PlannedStep, SyncRun
from quickbooks_sync.models.log import DIFFERS, LOOKED_AT, WRITTEN_OTHERWISE
from quickbooks_sync.planner.first_link import GROUP_OF
from quickbooks_sync.planner.matching.side_by_side import FieldStanding, standing
from quickbooks_sync.wording import empty
from quickbooks_sync.wording.values import Values, field_title, moment
from quickbooks_sync.wording.who_wins import rule_words
from service_genius.companies.models import Company
from service_genius.shared.tenancy import Request, company_view

from . import searching
from .attention import Choice
from .history import local_address, object_address, place
from .likely import MARKS
from .parts import address, part
from .steps import by_kind

ROWS = 25
SHOWS = {DIFFERS: "Different", WRITTEN_OTHERWISE: "Only written otherwise"}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field of a record that is on both sides."""

    title: str
    here: str
    there: str
    standing: FieldStanding
    mark: tuple[str, str]
    """How the two compare: a sign, and words."""
    winner: str
    """`ours`, `theirs` or `neither`."""


@dataclass(frozen=True, kw_only=True)
class DifferentView:
    """A record that is on both sides with different details."""

    label: str
    title: str
    here_url: str
    there_url: str
    fields: Sequence[Difference]


@company_view
@require_GET
def differences(request: Request, *, company: Company) -> HttpResponse:
    """Every record that is on both sides with different details, as the last look found them."""
    connection = get_object_or_404(Connection.objects.select_related("company"), company=company)
    looks = connection.runs.filter(scope=SyncRun.Scope.LOOK, state=SyncRun.State.DONE)
    run = looks.order_by("-pk").first()
    listed = PlannedStep.objects.filter(run=run, action__in=LOOKED_AT)
    show = _show(listed, request.GET.get("show", ""))
    found = listed.filter(action=show)
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in KIND else ""
    search = searching.typed(request.GET)
    kept = {"show": show, "kind": kind}
    narrowed = found.filter(kind=kind) if kind else found
    if search:
        narrowed = narrowed.filter(searching.labelled(company, search))
    shown = part(narrowed, request.GET, kept={**kept, "q": search}, size=ROWS)
    return render(
        request,
        "quickbooks_sync/differences.html",
        {
            "connection": connection,
            "first_time": connection.full_synced_at is None,
            "looked_on": moment(company, run.finished_at) if run is not None and run.finished_at else "",
            "part": shown,
            "rows": _views(connection, shown.rows),
            "kinds": by_kind(found, kind, show=show),
            "shows": _shows(listed, show, kind),
            "search": search,
            "kept": kept,
            "unsought": address(kept),
            "empty": empty.DIFFERENCES,
            "who_wins": rule_words(connection.winners),
        },
    )


def _show(listed: QuerySet[PlannedStep], wanted: str) -> str:
    """What is shown: real differences first, where there are any."""
    if wanted in LOOKED_AT:
        return wanted
    return DIFFERS if listed.filter(action=DIFFERS).exists() else WRITTEN_OTHERWISE


def _shows(listed: QuerySet[PlannedStep], show: str, kind: str) -> list[Choice]:
    """What differs, and what is only written otherwise, to choose from if there are both."""
    counts = dict(listed.order_by().values_list("action").annotate(Count("pk")))
    if len(counts) < len(SHOWS):
        return []
    return [
        Choice(
            title=title,
            count=counts[name],
            address=address({"show": name, "kind": kind}),
            current=name == show,
        )
        for name, title in SHOWS.items()
    ]


def _views(connection: Connection, steps: Sequence[PlannedStep]) -> list[DifferentView]:
    values = Values(
        company=connection.company, records=[record for step in steps for record in (step.before, step.after)]
    )
    winners = connection.winners
    return [
        DifferentView(
            label=step.label,
            title=one_of(step.kind),
            here_url=local_address(step.kind, step.local_id),
            there_url=object_address(connection, KIND[step.kind].entity, step.remote_id),
            fields=[
                Difference(
                    title=field_title(name),
                    here=values.text(name, step.after[name]),
                    there=values.text(name, step.before[name]),
                    standing=how,
                    mark=MARKS[how],
                    winner=winners[GROUP_OF[name]].value,
                )
                for name in sorted(step.after, key=place)
                if (how := standing(name, step.after[name], step.before[name]))
            ],
        )
        for step in steps
    ]
