"""A run from a preview does what was shown there, and nothing else.

A step is the same when its Action and both sides are; a fingerprint says so without keeping either.
"""

from collections.abc import Sequence
from hashlib import sha256

from qbo.payload import dumps
from quickbooks_sync.access.session import Session
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.models import Change, PlannedStep
from quickbooks_sync.planner.actions import (
    Action,
    Adopt,
    CreateHere,
    CreateThere,
    RemoveThere,
    TakeApplied,
    TakeTax,
    UpdateHere,
    UpdateThere,
)
from quickbooks_sync.planner.decide import changed

#: What changes a record or sends something; the rest is only bookkeeping.
EFFECTS = (
    Adopt,
    CreateHere,
    CreateThere,
    RemoveThere,
    TakeApplied,
    TakeTax,
    UpdateHere,
    UpdateThere,
)
SINCE = "since"


def fingerprint(gathered: Gathered, action: Action) -> str:
    """What this step was decided on."""
    pair = gathered.pair
    fields = action.fields if isinstance(action, UpdateHere | UpdateThere) else ()
    here = pair.here.record if pair.here is not None else None
    # A reference there may be resolved only in the run itself: it counts by its remote id.
    there = {**pair.there.record, "parent": None} if pair.there is not None else None
    referred = sorted(gathered.kind.refers_to_there(gathered.payload))
    if isinstance(action, UpdateHere) and not action.fields & gathered.kind.holds.keys():
        referred = []  # what of ours was sent just before may have moved it there
    decided_on: list[object] = [type(action).__name__, sorted(fields), here, there, referred]
    if isinstance(action, Adopt) and pair.here is not None:
        # Who wins is a choice, which may be another by now.
        agreed = {**pair.here.record, **{name: gathered.there[name] for name in action.take}}
        decided_on += [sorted(action.take), sorted(changed(action.here_baseline, agreed))]
    if isinstance(action, TakeTax) and pair.there is not None:
        decided_on.append(pair.there.totals)
    return sha256(dumps(decided_on).encode()).hexdigest()


def only_shown(session: Session, steps: Sequence[tuple[Gathered, Action]]) -> list[tuple[Gathered, Action]]:
    """The steps this run may do; what changed since its preview is listed and left for the next Sync."""
    preview_id = session.run.from_preview_id
    if preview_id is None:
        return list(steps)
    links = [gathered.link.pk for gathered, _ in steps]
    planned = PlannedStep.objects.filter(run=preview_id, link__in=links).exclude(fingerprint="")
    shown = set(planned.values_list("link_id", "fingerprint"))
    # One that has its name for the moment must not keep it: the rest of its step follows.
    begun = session.run.changes.filter(link__in=links, action=Change.RENAMED)
    half_done = set(begun.values_list("link_id", flat=True))
    allowed, since = [], []
    for gathered, action in steps:
        is_shown = (gathered.link.pk, fingerprint(gathered, action)) in shown
        goes_on = isinstance(action, UpdateThere) and gathered.link.pk in half_done
        if not isinstance(action, EFFECTS) or is_shown or goes_on:
            allowed.append((gathered, action))
        else:
            since.append(_changed_since(session, gathered))
    if since:
        known = PlannedStep.objects.filter(run=session.run, action=SINCE, link__in=links)
        told = set(known.values_list("link_id", flat=True))
        with session.page(rows=len(since)):
            PlannedStep.objects.bulk_create([step for step in since if step.link_id not in told])
    return allowed


def _changed_since(session: Session, gathered: Gathered) -> PlannedStep:
    return PlannedStep(
        run=session.run,
        link=gathered.link,
        kind=gathered.kind.name,
        side=PlannedStep.Side.HERE if gathered.pair.here is not None else PlannedStep.Side.THERE,
        action=SINCE,
        label=gathered.label[:600],
        local_id=gathered.link.local_id,
        remote_id=gathered.link.remote.remote_id if gathered.link.remote is not None else "",
        note="Changed since the preview; it goes with the next Sync.",
    )
