"""How things stand, in one line: the same on every page of the application and of the sync."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.utils import timezone

from quickbooks_sync.models import BooksCheck, Connection, Issue, SyncRun
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.runs import left_over, queue
from quickbooks_sync.wording.books import in_brief
from quickbooks_sync.wording.values import moment
from service_genius.companies.models import Company
from service_genius.ui.panels import StatusLine
from service_genius.ui.templatetags.service_genius import day

from . import report

#: From so long before its end a connection's end is foretold.
FORETOLD = timedelta(days=30)
VERBS = {"created", "updated", "removed", "linked"}


def needing(company: Company) -> int:
    """How many things need a person; what was only changed in QuickBooks does not."""
    return Issue.objects.filter(connection__company=company).exclude(reason=Reason.CHANGED_THERE).count()


@dataclass(frozen=True, kw_only=True)
class Status:
    """What the line is made of; what stands first is said first."""

    state: Connection.State
    ends_on: str = ""
    """The day on which the connection ends, if that is soon."""
    at_work: str = ""
    """What a run is doing, in words; `asks`: it waits for an answer."""
    asks: bool = False
    last: Literal["", "failed", "over", "done"] = ""
    """How the last sync ended; over: it failed for want of access, which was given since."""
    name: str = ""
    when: str = ""
    changes: int = 0
    waits: int = 0
    needs: int = 0
    books: str = ""
    """How the books stood when they were last checked, and on which day."""
    books_match: bool = True


def status_line(company: Company) -> StatusLine | None:
    """One line on when was synced, what came of it, and whether somebody is needed."""
    connection = Connection.objects.filter(company=company).first()
    return line(_status(company, connection)) if connection is not None else None


UNCONNECTED = {
    Connection.State.LOST: StatusLine(text="QuickBooks asks you to connect again", tone="refused"),
    Connection.State.DISCONNECTED: StatusLine(text="QuickBooks is not connected", tone="attention"),
}


#: What stands beside the sync under Settings; None: never connected.
SETTINGS_BADGES: dict[str | None, str] = {
    None: "Not connected",
    Connection.State.CONNECTED: "Connected",
    Connection.State.LOST: "Connect again",
    Connection.State.DISCONNECTED: "Not connected",
}


def line(status: Status) -> StatusLine | None:
    """What is said; nothing before the first sync."""
    if status.state in UNCONNECTED:
        return UNCONNECTED[status.state]
    if status.ends_on:
        return StatusLine(text=f"Connect QuickBooks again by {status.ends_on}", tone="attention")
    if status.at_work:
        return StatusLine(text=status.at_work, tone="attention" if status.asks else "quiet")
    return _last(status)


def _last(status: Status) -> StatusLine | None:
    match status.last:
        case "over":
            return StatusLine(text="QuickBooks is connected again. Press Sync to go on")
        case "failed":
            return StatusLine(text=f"The last {status.name} could not finish", tone="refused")
        case "done":
            return _done(status)
    return None


def _done(status: Status) -> StatusLine:
    told = [f"Last synced {status.when}", f"{status.changes:,} change{'' if status.changes == 1 else 's'}"]
    if status.waits:
        told.append(f"{status.waits:,} wait{'s' if status.waits == 1 else ''}")
    if status.needs:
        told.append(f"{status.needs:,} need{'s' if status.needs == 1 else ''} you")
    if status.books:
        told.append(status.books)
    needed = status.needs or not status.books_match
    return StatusLine(text=", ".join(told), tone="attention" if needed else "quiet")


def _status(company: Company, connection: Connection) -> Status:
    state, end = Connection.State(connection.state), renewal(connection)
    if not connection.connected or end is not None:
        return Status(state=state, ends_on=end.day if end is not None else "")
    asking = connection.runs.filter(state=SyncRun.State.ASKING).order_by("pk").first()
    at_work = report.headline(asking) if asking is not None else _at_work(connection)
    if at_work:
        return Status(state=state, at_work=at_work, asks=asking is not None)
    syncs = queue.ended(connection).filter(preview=False).exclude(scope__in=SyncRun.LOOKING)
    run = syncs.filter(state__in=[SyncRun.State.DONE, SyncRun.State.FAILED]).first()
    if run is None:
        return Status(state=state)
    if run.state == SyncRun.State.FAILED:
        return Status(state=state, last="over" if report.is_over(run) else "failed", name=report.name(run))
    return Status(
        state=state,
        last="done",
        when=moment(company, run.finished_at or run.created_at).removeprefix("Today, "),
        changes=sum(number for name, number in run.counts.items() if name.rpartition(".")[2] in VERBS),
        waits=left_over.unsettled(connection).filter(waiting=True).count(),
        needs=needing(company),
        **_books(company, connection),
    )


def _books(company: Company, connection: Connection) -> dict[str, Any]:
    checks = BooksCheck.objects.filter(run__connection=connection, run__state=SyncRun.State.DONE)
    last = checks.order_by("-pk").first()
    if last is None:
        return {}
    on = day(last.at.astimezone(company.tz).date())
    return {"books": f"{in_brief(last, company.currency)} ({on})", "books_match": last.match}


def _at_work(connection: Connection) -> str:
    """What goes on; previews and first looks change nothing, and are not told of."""
    standing = queue.line(connection)
    syncs = [run for run in standing if not run.preview and run.scope not in SyncRun.LOOKING]
    if not syncs:
        return ""
    first = syncs[0]
    told = report.headline(first, standing[: standing.index(first)])
    if first == standing[0] and first.state == SyncRun.State.QUEUED and not first.waiting_for:
        told = f"{report.name(first)} is under way"  # a page stands longer than that takes to start
    more = len(syncs) - 1
    return f"{told}, {more} more wait{'s' if more == 1 else ''}" if more else told


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
