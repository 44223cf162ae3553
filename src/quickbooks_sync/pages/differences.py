"""What is different on both sides of those that would be paired, side by side, and who would win."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from quickbooks_sync.kinds import KIND, one_of
from quickbooks_sync.models import Connection, PlannedStep, SyncRun
from quickbooks_sync.models.log import DIFFERS
from quickbooks_sync.planner.first_link import GROUP_OF
from quickbooks_sync.wording import empty
from quickbooks_sync.wording.values import Values, field_title, moment
from quickbooks_sync.wording.who_wins import rule_words
from service_genius.companies.models import Company
from service_genius.shared.tenancy import Request, company_view

from . import searching
from .history import local_address, object_address, place
from .parts import address, part
from .steps import by_kind

ROWS = 25


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field of a record that is on both sides."""

    title: str
    here: str
    there: str
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
    found = PlannedStep.objects.filter(run=run, action=DIFFERS)
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in KIND else ""
    search = searching.typed(request.GET)
    kept = {"kind": kind} if kind else {}
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
            "kinds": by_kind(found, kind),
            "search": search,
            "kept": kept,
            "unsought": address(kept),
            "empty": empty.DIFFERENCES,
            "who_wins": rule_words(connection.winners),
        },
    )


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
                    winner=winners[GROUP_OF[name]].value,
                )
                for name in sorted(step.after, key=place)
            ],
        )
        for step in steps
    ]
