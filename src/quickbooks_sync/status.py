"""How things stand, in one line: the same on every page of the application and of the sync."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from service_genius.companies.models import Company
from service_genius.ui.panels import StatusLine
from service_genius.ui.templatetags.service_genius import day

from . import left_over, report, turns
from .models import Connection, Issue, SyncRun
from .planner.actions import Reason
from .values import moment

#: From so long before its end a connection's end is foretold.
FORETOLD = timedelta(days=30)
VERBS = {"created", "updated", "removed", "linked"}


def needing(company: Company) -> int:
    """How many things need a person; what was only changed in QuickBooks does not."""
    return Issue.objects.filter(connection__company=company).exclude(reason=Reason.CHANGED_THERE).count()


def status_line(company: Company) -> StatusLine | None:
    """One line on when was synced, what came of it, and whether somebody is needed."""
    connection = Connection.objects.filter(company=company).first()
    if connection is None:
        return None
    if connection.state == Connection.State.LOST:
        return StatusLine(text="QuickBooks asks you to connect again", tone="refused")
    if not connection.connected:
        return StatusLine(text="QuickBooks is not connected", tone="attention")
    end = renewal(connection)
    if end is not None:
        return StatusLine(text=f"Connect QuickBooks again by {end.day}", tone="attention")
    return _at_work(connection) or _last(company, connection)


def _at_work(connection: Connection) -> StatusLine | None:
    """What asks or goes on; previews and first looks change nothing, and are not told of."""
    asking = connection.runs.filter(state=SyncRun.State.ASKING).order_by("pk").first()
    if asking is not None:
        return StatusLine(text=report.headline(asking), tone="attention")
    standing = turns.line(connection)
    syncs = [run for run in standing if not run.preview and run.scope != SyncRun.Scope.LOOK]
    if not syncs:
        return None
    first = syncs[0]
    told = report.headline(first, standing[: standing.index(first)])
    if first == standing[0] and first.state == SyncRun.State.QUEUED and not first.waiting_for:
        told = f"{report.name(first)} is under way"  # a page stands longer than that takes to start
    more = len(syncs) - 1
    return StatusLine(text=f"{told}, {more} more wait{'s' if more == 1 else ''}" if more else told)


def _last(company: Company, connection: Connection) -> StatusLine | None:
    syncs = turns.ended(connection).filter(preview=False).exclude(scope=SyncRun.Scope.LOOK)
    run = syncs.filter(state__in=[SyncRun.State.DONE, SyncRun.State.FAILED]).first()
    if run is None:
        return None
    if report.is_over(run):
        return StatusLine(text="QuickBooks is connected again. Press Sync to go on")
    if run.state == SyncRun.State.FAILED:
        return StatusLine(text=f"The last {report.name(run)} could not finish", tone="refused")
    if run.finished_at is None:
        return None
    need = needing(company)
    changes = sum(number for name, number in run.counts.items() if name.rpartition(".")[2] in VERBS)
    when = moment(company, run.finished_at).removeprefix("Today, ")
    told = [f"Last synced {when}", f"{changes:,} change{'' if changes == 1 else 's'}"]
    waits = left_over.unsettled(connection).filter(waiting=True).count()
    if waits:
        told.append(f"{waits:,} wait{'s' if waits == 1 else ''}")
    if need:
        told.append(f"{need:,} need{'s' if need == 1 else ''} you")
    return StatusLine(text=", ".join(told), tone="attention" if need else "quiet")


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """When a connection ends by itself, if that is soon."""

    at: datetime
    by_syncing: bool
    """Whether any sync before it is enough."""

    @property
    def day(self) -> str:
        return day(self.at.date())


def renewal(connection: Connection) -> Renewal | None:
    """The end of a connection that is near: Intuit's own end of it, or that of its tokens if unused."""
    if not connection.connected:
        return None
    soon = timezone.now() + FORETOLD
    hard, unused = connection.hard_expires_at, connection.refresh_expires_at
    if hard is not None and hard <= soon:
        return Renewal(at=hard, by_syncing=False)
    if unused is not None and unused <= soon:
        return Renewal(at=unused, by_syncing=True)
    return None
