"""One run, step by step: recover, observe, decide and apply, close.

The SyncRun row is the truth about work. A worker claims it under a lease; every page of the run ends by
renewing that lease under its fence, so that a worker which was paused and wakes late writes nothing.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from qbo.client import Client
from qbo.errors import Disconnected, Forbidden, QuickBooksError, Refused, TryAgain
from service_genius.companies.models import User

from . import connection as connections
from . import look_alikes, merges, tokens
from .apply import apply, remove
from .credit_owners import find_owners
from .kinds import KINDS, LISTS, MONEY
from .look import guard_first, look
from .models import Connection, Issue, PlannedStep, Sending, SyncRun
from .observe import observe_there
from .observe_here import observe_here
from .planner.actions import OF_SETTINGS, Reason
from .preview import plan
from .recover import recover
from .session import (
    LEASE_SECONDS,
    Asking,
    Cancelled,
    Clock,
    Coming,
    LeaseLostError,
    Session,
    SystemClock,
    database_time,
    new_id,
    no_checkpoint,
)

log = logging.getLogger(__name__)

EXPIRIES_MAX = 5
WORKER_STOPPED = (
    "The worker stopped five times in the middle of this run. Nothing is lost; press Sync to try again."
)
NOT_ACCEPTED = "QuickBooks no longer accepts the connection. Connect again; nothing is lost."
PROGRAM_ERROR = "An error of the program stopped this run ({}). Nothing is lost; press Sync to try again."
TRY_AGAIN_SECONDS = 30
#: How long the steps of a preview can be looked at; they are a view, and many.
STEPS_KEPT = timedelta(days=7)
AGAIN_SECONDS = 1.0
SCOPE_RANK = {SyncRun.Scope.LOOK: 0, SyncRun.Scope.SYNC: 1, SyncRun.Scope.FULL: 2}


def ask(
    *,
    connection: Connection,
    scope: SyncRun.Scope,
    user: User | None = None,
    preview: bool = False,
    from_preview: SyncRun | None = None,
) -> SyncRun:
    """Queue a run, or join the one that waits; Full asked while Sync is queued upgrades it.

    A preview that waits gives way to the run itself. A run from a preview joins nothing that does more.
    """
    now = database_time()
    # A question nobody answered is asked again, if it still holds.
    SyncRun.objects.filter(connection=connection, state=SyncRun.State.ASKING).update(
        state=SyncRun.State.CANCELLED
    )
    while True:
        running = SyncRun.objects.filter(connection=connection, state=SyncRun.State.RUNNING).first()
        if running is not None and (running.scope, running.preview) == (scope, preview):
            return running
        queued = SyncRun.objects.filter(connection=connection, state=SyncRun.State.QUEUED).first()
        if queued is not None:
            if queued.preview and not preview:
                SyncRun.objects.filter(pk=queued.pk, state=SyncRun.State.QUEUED).update(preview=False)
            if SCOPE_RANK[scope] > SCOPE_RANK[SyncRun.Scope(queued.scope)]:
                SyncRun.objects.filter(pk=queued.pk, state=SyncRun.State.QUEUED).update(scope=scope)
            queued.refresh_from_db()
            return queued
        try:
            with transaction.atomic():
                return SyncRun.objects.create(
                    connection=connection,
                    scope=scope,
                    preview=preview,
                    from_preview=from_preview,
                    asked_by=user,
                    created_at=now,
                    due_at=now,
                )
        except IntegrityError:
            continue  # another click was first: join it


def answer(run: SyncRun, *, go_on: bool, user: User | None = None) -> SyncRun | None:
    """Answer the question of an asking run: queue one that carries the answer, or leave it at that."""
    question = run.question
    closed = SyncRun.objects.filter(pk=run.pk, state=SyncRun.State.ASKING).update(
        state=SyncRun.State.CANCELLED
    )
    if not (closed and go_on):
        return None
    queued = ask(
        connection=run.connection,
        scope=SyncRun.Scope(run.scope),
        user=user,
        preview=run.preview,
        from_preview=run.from_preview,
    )
    SyncRun.objects.filter(pk=queued.pk, state=SyncRun.State.QUEUED).update(answered=question)
    queued.refresh_from_db()
    return queued


def ask_to_stop(connection: Connection) -> bool:
    """Ask what runs to stop, and take back what waits; whether there was any."""
    runs = SyncRun.objects.filter(connection=connection)
    waiting = runs.filter(state=SyncRun.State.QUEUED).update(
        state=SyncRun.State.CANCELLED, finished_at=database_time()
    )
    running = runs.filter(state=SyncRun.State.RUNNING).update(cancel_asked=True)
    return bool(waiting or running)


def claim(*, owner: str, clock: Clock) -> SyncRun | None:
    """Take the next run that is due, by compare-and-set; an expired lease is taken over."""
    now = clock.utc()
    park_hopeless(now)
    due = SyncRun.objects.filter(
        Q(state=SyncRun.State.QUEUED, due_at__lte=now)
        | Q(state=SyncRun.State.RUNNING, lease_expires_at__lt=now)
    ).filter(Q(not_before=None) | Q(not_before__lte=now))
    for run in due.order_by("due_at")[:20]:
        expired = run.state == SyncRun.State.RUNNING
        try:
            with transaction.atomic():
                taken = SyncRun.objects.filter(pk=run.pk, state=run.state, fence=run.fence).update(
                    state=SyncRun.State.RUNNING,
                    fence=F("fence") + 1,
                    expiries=F("expiries") + (1 if expired else 0),
                    lease_owner=owner,
                    lease_expires_at=now + timedelta(seconds=LEASE_SECONDS),
                    started_at=run.started_at or now,
                    waiting_for="",
                )
        except IntegrityError:
            continue  # another run of this connection is running
        if taken == 1:
            run.refresh_from_db()
            return run
    return None


def park_hopeless(now: datetime) -> None:
    """A run whose lease expired again and again stops being tried; its error is shown."""
    before_this_one = EXPIRIES_MAX - 1
    SyncRun.objects.filter(
        state=SyncRun.State.RUNNING, lease_expires_at__lt=now, expiries__gte=before_this_one
    ).update(
        state=SyncRun.State.FAILED,
        finished_at=now,
        error=WORKER_STOPPED,
    )


def hand_back_leases(*, owner: str) -> int:
    """The supervisor has seen this worker die: its runs may be taken at once."""
    return SyncRun.objects.filter(
        state=SyncRun.State.RUNNING, lease_owner=owner, lease_expires_at__gt=database_time()
    ).update(lease_expires_at=database_time() - timedelta(seconds=1))


def carry_out(
    run: SyncRun,
    *,
    client: Client,
    clock: Clock | None = None,
    make_id: Callable[[], str] = new_id,
    checkpoint: Callable[[str], None] = no_checkpoint,
) -> None:
    """Do a claimed run to its end, and write down how it ended."""
    clock = clock or SystemClock()
    connection = Connection.objects.select_related("company").get(pk=run.connection_id)
    session = Session(
        run=run,
        connection=connection,
        client=client,
        facts=connections.facts_of(connection),
        clock=clock,
        late_commit_seconds=tokens.environment().late_commit_seconds,
        new_id=make_id,
        checkpoint=checkpoint,
        counts=Counter(run.counts),
    )
    try:
        wait = _steps(session)
    except LeaseLostError:
        log.warning("run %s: the lease is another worker's now", run.pk)
    except Asking as asking:
        _close(session, SyncRun.State.ASKING, question=asdict(asking.question))
    except Cancelled:
        _close(session, SyncRun.State.CANCELLED)
    except Disconnected as error:
        connections.lose(connection, str(error))
        _close(session, SyncRun.State.FAILED, error=NOT_ACCEPTED, trouble="lost")
    except Forbidden as error:
        _close(session, SyncRun.State.FAILED, error=str(error), trouble=error.why)
    except (TryAgain, Refused) as error:
        _retry_later(session, error)
    except Exception as error:
        log.exception("run %s failed", run.pk)
        _close(
            session,
            SyncRun.State.FAILED,
            error=PROGRAM_ERROR.format(type(error).__name__),
            trouble="program",
        )
        raise
    else:
        if wait:
            _pause(session, wait, "Checking what QuickBooks received")
        else:
            _close(session, SyncRun.State.DONE)


def _steps(session: Session) -> float:
    """The run itself; seconds to wait before it can go on, or 0 when it is finished."""
    if not session.connection.connected:
        raise Disconnected("This company is not connected to QuickBooks.")
    run = session.run
    if not run.preview:
        recover(session)
    _learn(session)
    observe_here(session)
    observe_there(session)
    if run.scope == SyncRun.Scope.SYNC:
        find_owners(session)
    if run.scope == SyncRun.Scope.LOOK:
        look(session)
        return 0.0
    if run.preview:
        _preview(session)
        return 0.0
    if session.connection.full_synced_at is None:
        guard_first(session)
        session.coming = Coming()  # from here on it is done, not foreseen
    merges.hand_on(session)
    apply(session, LISTS)
    if session.run.scope == SyncRun.Scope.SYNC:
        look_alikes.check(session, MONEY)
        apply(session, MONEY)
    remove(session, LISTS if session.run.scope == SyncRun.Scope.FULL else KINDS)
    unknown = Sending.objects.filter(connection=session.connection, state=Sending.State.OPEN).exists()
    # What is found out frees what waited for it: that goes in this run, too.
    return recover(session) or (AGAIN_SECONDS if unknown else 0.0)


def _preview(session: Session) -> None:
    with session.page():
        mine = PlannedStep.objects.filter(run__connection=session.connection)
        mine.filter(run=session.run).delete()  # of an attempt that died
        mine.filter(run__finished_at__lt=session.clock.utc() - STEPS_KEPT).delete()
    session.counts.clear()
    session.coming.handed = merges.to_hand_on(session)
    if session.run.scope == SyncRun.Scope.SYNC:
        look_alikes.check(session, MONEY)
    plan(session, LISTS if session.run.scope == SyncRun.Scope.FULL else KINDS)


def _learn(session: Session) -> None:
    """Ask QuickBooks about itself when it has never been asked, or something waits for its settings."""
    connection = session.connection
    waits = Issue.objects.filter(connection=connection, reason__in=OF_SETTINGS)
    if connection.facts and session.run.scope != SyncRun.Scope.LOOK and not waits.exists():
        return
    session.assert_no_transaction()
    answers = session.client.queries(connections.fact_statements())
    rows = []
    for answer in answers:
        if isinstance(answer, Refused):
            raise answer
        rows.append(answer.rows)
    with session.page():
        connections.learn(connection, rows)
    session.facts = connections.facts_of(connection)
    ours, theirs = connection.company.currency, session.facts.home_currency
    if ours != theirs:
        raise Forbidden(
            f"QuickBooks keeps these books in {theirs}, Service Genius in {ours}. "
            "They cannot be kept the same: disconnect, and connect a company with the same currency.",
            why="currency",
        )


def _close(
    session: Session,
    state: SyncRun.State,
    *,
    error: str = "",
    trouble: str = "",
    question: dict[str, object] | None = None,
) -> None:
    now = session.clock.utc()
    run = session.run
    attention = Issue.objects.filter(connection=session.connection).exclude(reason=Reason.CHANGED_THERE)
    counts = dict(session.counts) | {"attention": attention.count()}
    with transaction.atomic():
        closed = SyncRun.objects.filter(pk=run.pk, fence=run.fence, state=SyncRun.State.RUNNING).update(
            state=state,
            finished_at=now,
            error=error,
            trouble=trouble,
            question=question,
            counts=counts,
            progress={},
            calls=session.calls(),
            lease_owner="",
            expiries=0,
        )
        if closed and state == SyncRun.State.DONE and run.scope == SyncRun.Scope.FULL and not run.preview:
            Connection.objects.filter(pk=run.connection_id).update(full_synced_at=now)
    run.refresh_from_db()


def _pause(session: Session, seconds: float, waiting_for: str) -> None:
    """Hand the lease back; the run goes on by itself when the time has come.

    If another run waits already, that one goes on in its place.
    """
    not_before = session.clock.utc() + timedelta(seconds=seconds)
    run = session.run
    next_run = SyncRun.objects.filter(connection=run.connection_id, state=SyncRun.State.QUEUED).first()
    if next_run is not None:
        if SCOPE_RANK[SyncRun.Scope(run.scope)] > SCOPE_RANK[SyncRun.Scope(next_run.scope)]:
            next_run.scope = run.scope
        next_run.not_before, next_run.waiting_for = not_before, waiting_for
        next_run.save(update_fields=["scope", "not_before", "waiting_for"])
        _close(session, SyncRun.State.CANCELLED)
        return
    SyncRun.objects.filter(pk=run.pk, fence=run.fence, state=SyncRun.State.RUNNING).update(
        state=SyncRun.State.QUEUED,
        not_before=not_before,
        waiting_for=waiting_for,
        lease_owner="",
        counts=dict(session.counts),
        calls=session.calls(),
    )
    run.refresh_from_db()


def _retry_later(session: Session, error: QuickBooksError) -> None:
    log.warning("run %s: %s", session.run.pk, error)
    run = session.run
    if run.expiries >= EXPIRIES_MAX:
        words = f"QuickBooks could not be reached: {error}"
        _close(session, SyncRun.State.FAILED, error=words, trouble="unreachable")
        return
    SyncRun.objects.filter(pk=run.pk).update(expiries=F("expiries") + 1)
    _pause(session, TRY_AGAIN_SECONDS, "QuickBooks cannot be reached just now")
