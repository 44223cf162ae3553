"""Whose turn it is: asking for a run, answering and stopping it, and the lease under which a worker has it.

A run is a row. Those of one connection stand in a line and are carried out one after the other; one that has
to wait for QuickBooks keeps its place. What joins, follows or replaces what is `planner.wishes`.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from quickbooks_sync.access.session import LEASE_SECONDS, Clock, database_time
from quickbooks_sync.memory import high_water
from quickbooks_sync.models import Connection, SyncRun
from quickbooks_sync.planner import wishes
from quickbooks_sync.planner.wishes import Ahead, Place, Stage, Wish
from service_genius.companies.models import User

#: So many runs of one connection may wait; nobody needs more, and a program that asks for ever is told.
WAITING_MAX = 10
#: Clicks of other people that may come first while one is being stored.
CLICKS_MAX = 10
EXPIRIES_MAX = 5
WORKER_STOPPED = "The worker stopped five times in the middle of this run. Nothing is lost."
#: Runs looked at in one search for work.
CLAIMED_FROM = 20
IN_LINE = (SyncRun.State.RUNNING, SyncRun.State.QUEUED)


class CannotAskError(Exception):
    """This cannot be asked for now; the message says why, and the way out."""


def ask(
    *,
    connection: Connection,
    scope: SyncRun.Scope,
    user: User | None = None,
    preview: bool = False,
    from_preview: SyncRun | None = None,
) -> SyncRun:
    """The run that does this: one that waits with the same wish, or a new one at the end of the line.

    A run from a preview has the scope of that preview. Raises CannotAskError.
    """
    if from_preview is not None:
        scope = SyncRun.Scope(from_preview.scope)
        if not (from_preview.preview and from_preview.state == SyncRun.State.DONE):
            raise CannotAskError(
                "There is no finished preview of this. Press Preview to see what would be done."
            )
    wish = Wish(scope=scope, preview=preview, from_preview=from_preview.pk if from_preview else None)
    for _ in range(CLICKS_MAX):
        ahead = list(SyncRun.objects.filter(connection=connection, state__in=list(Stage)).order_by("pk"))
        same = wishes.joined(wish, [_ahead(run) for run in ahead])
        if same is not None:
            return next(run for run in ahead if run.pk == same)
        if sum(run.state == SyncRun.State.QUEUED for run in ahead) >= WAITING_MAX:
            raise CannotAskError(
                f"{WAITING_MAX} runs wait already, and no more can. Wait until one is done, or take one back."
            )
        now = database_time()
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
    raise CannotAskError("Too many asked for the same at this moment. Please try again.")


def wish_of(run: SyncRun) -> Wish:
    return Wish(scope=run.scope, preview=run.preview, from_preview=run.from_preview_id)


def _ahead(run: SyncRun) -> Ahead:
    return Ahead(id=run.pk, wish=wish_of(run), stage=Stage(run.state))


def line(connection: Connection) -> list[SyncRun]:
    """The runs that are not done, in the order in which they are carried out."""
    runs = SyncRun.objects.filter(connection=connection, state__in=IN_LINE).select_related("asked_by")
    return sorted(runs, key=lambda run: (run.state != SyncRun.State.RUNNING, run.due_at, run.pk))


def ahead_of(run: SyncRun) -> list[SyncRun]:
    """The runs for which this one waits."""
    if run.state != SyncRun.State.QUEUED:
        return []
    standing = line(run.connection)
    return standing[: standing.index(run)] if run in standing else []


def ended(connection: Connection) -> QuerySet[SyncRun]:
    """The runs that stand in the line no more, the latest first; those that ask are among them."""
    out = SyncRun.objects.filter(connection=connection).exclude(state__in=IN_LINE)
    return out.select_related("asked_by").order_by(Coalesce("finished_at", "created_at").desc(), "-pk")


def answer(run: SyncRun, *, go_on: bool) -> bool:
    """Answer the question with which this run was read: the run itself goes on, or is left at that.

    Whether it was still asked.
    """
    asking = SyncRun.objects.filter(pk=run.pk, state=SyncRun.State.ASKING, fence=run.fence)
    if go_on:
        answers = [*run.answers, run.question]
        taken = asking.update(state=SyncRun.State.QUEUED, answers=answers, question=None, finished_at=None)
    else:
        taken = asking.update(state=SyncRun.State.CANCELLED)
    run.refresh_from_db()
    return bool(taken)


def stop(run: SyncRun) -> bool:
    """Ask a run to stop after the page it is at, or take it back if it waits; whether it had not ended."""
    # In one transaction: nobody joins what is being taken back, and a worker that pauses it sees the mark.
    with transaction.atomic():
        live = SyncRun.objects.filter(pk=run.pk, state__in=IN_LINE).update(cancel_asked=True)
        SyncRun.objects.filter(pk=run.pk, state=SyncRun.State.QUEUED).update(
            state=SyncRun.State.CANCELLED, finished_at=database_time()
        )
    run.refresh_from_db()
    return bool(live)


def claim(*, owner: str, clock: Clock) -> SyncRun | None:
    """Take the next run whose turn it is, by compare-and-set; an expired lease is taken over."""
    now = clock.utc()
    park_hopeless(now)
    for run in _next_ones(now)[:CLAIMED_FROM]:
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
                if taken:
                    _replace(run)
        except IntegrityError:
            continue  # another run of this connection is running
        if taken == 1:
            high_water.look(run.connection_id)
            run.refresh_from_db()
            return run
    return None


def _next_ones(now: datetime) -> QuerySet[SyncRun]:
    """Of each connection the run whose turn it is, if it may go on now."""
    others = SyncRun.objects.filter(connection=OuterRef("connection"))
    earlier = Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__lt=OuterRef("pk"))
    at_work = Exists(others.filter(state=SyncRun.State.RUNNING))
    in_front = Exists(others.filter(earlier, state=SyncRun.State.QUEUED))
    due = SyncRun.objects.filter(
        Q(~at_work, ~in_front, state=SyncRun.State.QUEUED, due_at__lte=now)
        | Q(state=SyncRun.State.RUNNING, lease_expires_at__lt=now)
    )
    return due.filter(Q(not_before=None) | Q(not_before__lte=now)).order_by("due_at", "pk")


def _replace(run: SyncRun) -> None:
    """What this run begins to look at, an older one need not ask about any more."""
    replaced = [stage for stage, place in wishes.SAME.items() if place == Place.REPLACES]
    older = SyncRun.objects.filter(connection=run.connection_id, state__in=replaced).exclude(pk=run.pk)
    same = [each.pk for each in older if wish_of(each) == wish_of(run)]
    older.filter(pk__in=same).update(state=SyncRun.State.REPLACED)


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
