"""One run, step by step: recover, observe, decide and apply, close.

The SyncRun row is the truth about work. A worker claims it under a lease (`queue`); every page of the run
ends by renewing that lease under its fence, so that a worker which was paused and wakes late writes nothing.
"""

import gc
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from qbo.client import Client
from qbo.errors import Disconnected, Forbidden, QuickBooksError, Refused, TryAgain
from quickbooks_sync.access import asking, tokens
from quickbooks_sync.access import connection as connections
from quickbooks_sync.access.session import (
    Asking,
    Cancelled,
    Clock,
    Coming,
    LeaseLostError,
    Session,
    SystemClock,
    new_id,
    no_checkpoint,
)
from quickbooks_sync.books.checking import check_books
from quickbooks_sync.foresight.first_look import guard_first, look
from quickbooks_sync.foresight.preview import plan
from quickbooks_sync.gathering import handing_on
from quickbooks_sync.kinds import KINDS, LISTS, MONEY, Kind
from quickbooks_sync.models import Connection, Issue, Link, PlannedStep, SyncRun
from quickbooks_sync.models.log import LOOKED_AT
from quickbooks_sync.observing import paid_there, put_back
from quickbooks_sync.observing.credit_owners import find_owners
from quickbooks_sync.observing.here import observe_here
from quickbooks_sync.observing.there import observe_there
from quickbooks_sync.planner.actions import OF_SETTINGS, Reason
from quickbooks_sync.planner.wishes import Stage
from quickbooks_sync.recovery import restored
from quickbooks_sync.recovery.lost_answers import recover
from quickbooks_sync.sending import look_alikes
from quickbooks_sync.sending.outbox import unanswered
from quickbooks_sync.sending.waves import apply, remove

from . import left_over
from .queue import EXPIRIES_MAX

log = logging.getLogger(__name__)

NOT_ACCEPTED = "QuickBooks no longer accepts the connection. Connect again; nothing is lost."
PROGRAM_ERROR = "An error of the program stopped this run ({}). Nothing is lost."
TRY_AGAIN_SECONDS = 30
#: How long the steps of a preview can be looked at; they are a view, and many.
STEPS_KEPT = timedelta(days=7)
AGAIN_SECONDS = 1.0
#: New objects after which Python looks for cycles among them.
COLLECTED_AT_ONCE = 10_000


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
    run.unread = []  # an earlier attempt may have been refused what is told now
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
        with _fewer_collections():
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
    except (TryAgain, Refused, put_back.WentBack) as error:
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


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """What a run makes dies young; to look for cycles at every turn takes an eighth of its time."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECTED_AT_ONCE, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _steps(session: Session) -> float:
    """All of a run; seconds to wait before it can go on, or 0 when it is finished."""
    wait = _moves(session)
    if not wait:
        paid_there.remember(session)
    return wait


def _moves(session: Session) -> float:
    """Look, decide and apply; seconds to wait, or 0."""
    if not session.connection.connected:
        raise Disconnected("This company is not connected to QuickBooks.")
    run = session.run
    _learn(session)
    observe_here(session)
    observe_there(session)
    if run.scope == SyncRun.Scope.SYNC:
        find_owners(session)
    if run.scope == SyncRun.Scope.LOOK:
        look(session)
        return 0.0
    if run.scope == SyncRun.Scope.BOOKS:
        check_books(session)
        return 0.0
    restored.ask(session)
    wait = 0.0 if run.preview else recover(session)
    if wait and session.connection.restored:
        return wait
    restored.find_again(session)
    if run.preview:
        _preview(session)
        return 0.0
    if session.connection.full_synced_at is None:
        guard_first(session)
        session.coming = Coming()  # from here on it is done, not foreseen
    handing_on.hand_on(session)
    lists = _read(session, LISTS)
    apply(session, lists)
    _learn_from_refusals(session, lists)
    if session.run.scope == SyncRun.Scope.SYNC:
        money = _read(session, MONEY)
        look_alikes.check(session, money)
        apply(session, money)
        _learn_from_refusals(session, money)
    remove(session, _read(session, LISTS if session.run.scope == SyncRun.Scope.FULL else KINDS))
    unknown = unanswered(session.connection)
    # What is found out frees what waited for it: that goes in this run, too.
    return recover(session) or (AGAIN_SECONDS if unknown else 0.0)


def _read(session: Session, kinds: Sequence[Kind]) -> list[Kind]:
    """Those that QuickBooks has not refused to tell of: of the others nobody knows what stands there."""
    return [kind for kind in kinds if asking.can_sync(session, kind.entity)]


def _preview(session: Session) -> None:
    """Foresee it all; once more if settings there turn out to be others while invoices are looked for."""
    before = session.background
    _foresee(session)
    if session.background != before:
        session.coming = Coming()
        _foresee(session)


def _foresee(session: Session) -> None:
    with session.page():
        mine = PlannedStep.objects.filter(run__connection=session.connection)
        mine.filter(run=session.run).delete()  # of an attempt before
        asked_for = SyncRun.objects.filter(connection=session.connection, state__in=list(Stage))
        needed = asked_for.exclude(from_preview=None).values("from_preview")
        old = mine.filter(run__finished_at__lt=session.clock.utc() - STEPS_KEPT)
        if session.connection.full_synced_at is None:
            old = old.exclude(
                action__in=LOOKED_AT
            )  # what is said before the first Full Sync is shown until then
        old.exclude(run__in=needed).delete()
    session.counts.clear()
    session.coming.handed = handing_on.to_hand_on(session)
    plan(session, _read(session, LISTS if session.run.scope == SyncRun.Scope.FULL else KINDS))


def _learn(session: Session) -> None:
    """Ask QuickBooks about itself when it has never been asked, or something waits for its settings."""
    connection = session.connection
    waits = Issue.objects.filter(connection=connection, reason__in=OF_SETTINGS | {Reason.REFUSED_THERE})
    # A payment method that is missing there may have been added.
    kept = connection.links.filter(kind="payment", kept__isnull=False)
    known = connection.facts and session.run.scope != SyncRun.Scope.LOOK
    if known and not waits.exists() and not kept.exists():
        return
    _ask(session)


def _learn_from_refusals(session: Session, kinds: Sequence[Kind]) -> None:
    """If something was refused, ask about the settings: what was refused for one of them is decided anew.

    So an account that was put away there is asked for once, in this run.
    """
    if not session.refusals:
        return
    before, session.refusals = session.background, 0
    _ask(session)
    if session.background != before:
        refused = Link.objects.filter(connection=session.connection, issue__isnull=False).exclude(refused="")
        refused.update(waiting=True)
        apply(session, kinds, waiting_only=True)
    session.refusals = 0


def _ask(session: Session) -> None:
    """Ask QuickBooks about itself: settings, accounts, tax codes."""
    connection = session.connection
    session.assert_no_transaction()
    answers = session.client.queries(connections.fact_statements())
    rows = []
    for answer in answers:
        if isinstance(answer, Refused):
            if not connection.facts:
                raise answer  # nothing can be decided without
            asking.note(session, asking.SETTINGS, answer)
            return
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
    """Write down how the run ended, if it is this worker's to say."""
    now = session.clock.utc()
    run = session.run
    counts = {**session.counts, **left_over.counted(session.connection, run.scope)}
    with transaction.atomic():
        closed = _mine(session, also_stopped=state != SyncRun.State.ASKING).update(
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
    if not closed and state == SyncRun.State.ASKING:
        _close(session, SyncRun.State.CANCELLED)  # whoever stopped it is not asked
    run.refresh_from_db()


def _pause(session: Session, seconds: float, waiting_for: str, *, tries: int = 0) -> None:
    """Hand the lease back; the run keeps its place, and goes on by itself when the time has come."""
    paused = _mine(session, also_stopped=False).update(
        state=SyncRun.State.QUEUED,
        not_before=session.clock.utc() + timedelta(seconds=seconds),
        waiting_for=waiting_for,
        lease_owner="",
        expiries=F("expiries") + tries,
        counts=dict(session.counts),
        calls=session.calls(),
    )
    if not paused:
        _close(session, SyncRun.State.CANCELLED)
    session.run.refresh_from_db()


def _mine(session: Session, *, also_stopped: bool) -> QuerySet[SyncRun]:
    """The run, while this worker has it; or only unless somebody has asked it to stop."""
    mine = SyncRun.objects.filter(pk=session.run.pk, fence=session.run.fence, state=SyncRun.State.RUNNING)
    return mine if also_stopped else mine.filter(cancel_asked=False)


def _retry_later(session: Session, error: QuickBooksError | put_back.WentBack) -> None:
    if isinstance(error, put_back.WentBack):
        _pause(session, AGAIN_SECONDS, "Looking through all of QuickBooks again")
        return
    log.warning("run %s: %s", session.run.pk, error)
    if session.run.expiries >= EXPIRIES_MAX:
        if isinstance(error, Refused):
            words = f"QuickBooks refuses to answer what has to be known first: {error}. Nothing is lost."
            _close(session, SyncRun.State.FAILED, error=words, trouble="unanswered")
        else:
            words = f"QuickBooks could not be reached: {error}"
            _close(session, SyncRun.State.FAILED, error=words, trouble="unreachable")
        return
    refused = isinstance(error, Refused)
    words = "QuickBooks refuses a question" if refused else "QuickBooks cannot be reached just now"
    _pause(session, TRY_AGAIN_SECONDS, words, tries=1)
