"""A press of a button, and what the page says to it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.urls import reverse

from quickbooks_sync.models import Connection, SyncRun
from quickbooks_sync.runs import queue
from service_genius.shared.tenancy import Request

from . import report


def press(request: Request, *, connection: Connection, scope: SyncRun.Scope, **wish: Any) -> SyncRun | None:
    """Ask for a run (see `queue.ask`). Whoever pressed is told if it has to wait, or cannot be asked for."""
    try:
        run = queue.ask(connection=connection, scope=scope, user=request.user, **wish)
    except queue.CannotAskError as error:
        messages.error(request, str(error))
        return None
    ahead = queue.ahead_of(run)
    if ahead:
        messages.info(request, f"{report.headline(run, ahead)}. {report.story(run, ahead)}")
    return run


@dataclass(frozen=True, kw_only=True)
class Button:
    """Where a press goes, and what it says."""

    address: str
    fields: dict[str, str]


def once_more(run: SyncRun) -> Button:
    """The button that asks for the same as this run did, and for nothing else."""
    if run.from_preview_id is not None:
        return Button(address=reverse("quickbooks:sync_as_shown", args=[run.from_preview_id]), fields={})
    if run.scope == SyncRun.Scope.BOOKS:
        return Button(address=reverse("quickbooks:check_books"), fields={})
    fields = {
        SyncRun.Scope.LOOK: {"first_look": "yes"},
        SyncRun.Scope.FULL: {"full": "on"},
        SyncRun.Scope.SYNC: {"without_full": "yes"},
    }[SyncRun.Scope(run.scope)]
    return Button(
        address=reverse("quickbooks:sync"), fields=fields | ({"preview": "yes"} if run.preview else {})
    )
