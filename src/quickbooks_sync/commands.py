"""What the command line does: a sync without the pages, and the state of the connection."""

import json
import os
import sys
import time
from typing import Any

from service_genius.companies.models import Company
from service_genius.shared.money import cents
from service_genius.ui.templatetags.service_genius import money

from .access.session import SystemClock
from .books import accounts, reading
from .kinds import KIND
from .models import BooksCheck, Change, Connection, Issue, PlannedStep, Step, SyncRun
from .pages.history import change_words
from .pages.report import headline, sentence
from .planner.books import Comparison
from .runs.queue import CannotAskError, answer, ask, claim, ended, line
from .runs.worker import carry_out_safely, owner_name
from .wording.books import WHY, check_words, inside, sort_title, verdict_words
from .wording.books import headline as headline_of
from .wording.reasons import issue_sentence

ASKING = 3
WATCH_SECONDS = 0.2


class CommandError(Exception):
    """The command cannot be done; the message says why and what to do."""


def connection_of(company_name: str) -> Connection:
    """The connection of a company, named by its name or its id."""
    companies = Company.objects.filter(name__iexact=company_name)
    if company_name.isdigit():
        companies = companies | Company.objects.filter(pk=int(company_name))
    company = companies.first()
    if company is None:
        names = ", ".join(sorted(Company.objects.values_list("name", flat=True)[:20]))
        raise CommandError(f"There is no company named “{company_name}”. There is: {names}.")
    connection = Connection.objects.filter(company=company).first()
    if connection is None:
        raise CommandError(
            f"{company.name} is not connected to QuickBooks. Connect under Settings, Sync with QuickBooks."
        )
    return connection


def sync(
    company_name: str, *, full: bool = False, as_json: bool = False, yes: bool = False, preview: bool = False
) -> int:
    """Run a sync to its end; the exit code says how it went (3: a question waits; `yes` answers it)."""
    connection = connection_of(company_name)
    scope = SyncRun.Scope.FULL if full else SyncRun.Scope.SYNC
    try:
        run = ask(connection=connection, scope=scope, preview=preview)
    except CannotAskError as error:
        raise CommandError(str(error)) from error
    run = _to_the_end(run)
    if run.state == SyncRun.State.ASKING and yes and answer(run, go_on=True):
        run = _to_the_end(run)
    out = sys.stdout
    if as_json:
        json.dump(describe(run), out, indent=2)
        out.write("\n")
    else:
        out.write(sentence(run) + "\n")
        for step in PlannedStep.objects.filter(run=run).order_by("pk"):
            out.write(f"  {KIND[step.kind].title}: {step.label}: {change_words(step) or step.note}\n")
        # A preview's steps tell of what needs a person already.
        for issue in () if run.preview else Issue.objects.filter(connection=connection).order_by("pk"):
            out.write(f"  {issue.label}: {issue_sentence(issue)}\n")
    if run.state == SyncRun.State.ASKING:
        return ASKING
    return 0 if run.state == SyncRun.State.DONE else 1


def books(company_name: str, *, check: bool = False, as_json: bool = False) -> int:
    """Say whether the books match; 0 when every cent is explained, else 1. `check`: ask QuickBooks first."""
    connection = connection_of(company_name)
    if connection.full_synced_at is None:
        raise CommandError("Nothing can be compared before the first Full Sync. Do that first.")
    if check:
        try:
            run = _to_the_end(ask(connection=connection, scope=SyncRun.Scope.BOOKS))
        except CannotAskError as error:
            raise CommandError(str(error)) from error
        if run.state != SyncRun.State.DONE:
            raise CommandError(sentence(run))
    found = reading.comparison(connection)
    last = BooksCheck.objects.filter(run__connection=connection, run__state=SyncRun.State.DONE)
    checked = last.order_by("-pk").first()
    match = found.match and (checked is None or not checked.misreported)
    if as_json:
        json.dump(_books(connection, found, checked, match=match), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        currency = connection.company.currency
        sys.stdout.write(f"{headline_of(found)}. {verdict_words(found, currency)}\n")
        for group in found.groups:
            title = f"{sort_title(group.sort)}: {inside(WHY[group.why][0])}"
            sys.stdout.write(f"  {title}: {group.number:,}, {money(group.difference, currency)}\n")
        if checked is not None:
            sys.stdout.write(f"Checked {checked.at:%Y-%m-%d %H:%M} UTC. {check_words(checked, currency)}\n")
    return 0 if match else 1


def _books(
    connection: Connection, found: Comparison, checked: BooksCheck | None, *, match: bool
) -> dict[str, Any]:
    """How the books stand, as JSON; amounts are texts with two places, so that no cent is lost."""
    names = accounts.names(connection, [account.key for account in found.astray])
    reported = checked.reported if checked is not None else None
    return {
        "match": match,
        "here": str(cents(found.here)),
        "there": str(cents(found.there)),
        "difference": str(cents(found.difference)),
        "explained": str(cents(found.explained)),
        "unexplained": str(cents(found.unexplained)),
        "checked_at": checked.at.isoformat() if checked is not None else None,
        "reported": str(cents(reported)) if reported is not None else None,
        "groups": [
            {
                "sort": group.sort,
                "why": group.why,
                "explained": group.explained,
                "number": group.number,
                "difference": str(cents(group.difference)),
            }
            for group in found.groups
        ],
        "customers_unexplained": [
            {"name": names.get(account.key, account.key), "unexplained": str(cents(account.unexplained))}
            for account in found.astray
        ],
    }


def _to_the_end(run: SyncRun) -> SyncRun:
    owner = owner_name(os.getpid())
    while run.live:
        # A worker beside us may take it first; then we only watch.
        taken = claim(owner=owner, clock=SystemClock())
        if taken is not None:
            carry_out_safely(taken)
        else:
            time.sleep(WATCH_SECONDS)
        run.refresh_from_db()
    return run


def describe(run: SyncRun) -> dict[str, Any]:
    """A run as JSON: counts per Kind and direction, changes, issues, calls by sort."""
    changes = Change.objects.filter(run=run).order_by("pk")
    issues = Issue.objects.filter(connection=run.connection_id).order_by("pk")
    return {
        "run": run.pk,
        "scope": run.scope,
        "state": run.state,
        "error": run.error,
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "counts": run.counts,
        "calls": run.calls,
        "changes": [_step(change) for change in changes],
        "planned": [_step(step) for step in PlannedStep.objects.filter(run=run).order_by("pk")],
        "issues": [
            {
                "kind": issue.link.kind,
                "label": issue.label,
                "reason": issue.reason,
                "words": issue_sentence(issue),
            }
            for issue in issues.select_related("link")
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "side": step.side,
        "action": step.action,
        "label": step.label,
        "local_id": step.local_id,
        "remote_id": step.remote_id,
        "before": step.before,
        "after": step.after,
        "note": step.note,
    }


def connection_status() -> int:
    """Per company: to what it is connected, when it was last synced, and which runs are not done."""
    for connection in Connection.objects.select_related("company").order_by("pk"):
        syncs = ended(connection).filter(preview=False).exclude(scope__in=SyncRun.LOOKING)
        last = syncs.filter(state=SyncRun.State.DONE).first()
        when = last.finished_at.isoformat(timespec="minutes") if last and last.finished_at else "never"
        sys.stdout.write(
            f"{connection.company.name}: {connection.state}, {connection.realm_name or 'QuickBooks'} "
            f"({connection.realm_id}, {connection.environment}), last synced {when}\n"
        )
        standing = line(connection)
        for place, run in enumerate(standing):
            sys.stdout.write(f"  {headline(run, standing[:place])}\n")
    if not Connection.objects.exists():
        sys.stdout.write("No company is connected to QuickBooks.\n")
    return 0
