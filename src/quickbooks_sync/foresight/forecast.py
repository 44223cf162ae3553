"""What a run would do, step by step, without doing it: for the preview and the first look.

The same decisions as a run makes, and in its order. What waits only for something that comes in the same
run is a step of it, too. Writes nothing but `session.coming`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from quickbooks_sync.access.session import Coming, Session
from quickbooks_sync.gathering import pairs
from quickbooks_sync.gathering.handing_on import foreseen
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.gathering.references import ASKED_FIRST
from quickbooks_sync.kinds import Kind
from quickbooks_sync.kinds.base import LocalKey, RemoteKey
from quickbooks_sync.models import Link, Remote, Side
from quickbooks_sync.planner.actions import (
    Action,
    Adopt,
    CreateHere,
    CreateThere,
    RaiseIssue,
    RemoveThere,
    TakeApplied,
    UpdateHere,
    UpdateThere,
    Wait,
)
from quickbooks_sync.planner.decide import Pair, adopt, decide
from quickbooks_sync.sending.waves import LEVELS_MAX, decided, in_turn, pages

Steps = list[tuple[Gathered, Action]]


def foresee(session: Session, kind: Kind) -> Iterator[Steps]:
    """Page by page, every step of a Kind; what cannot go in this run comes as Wait."""
    for side in Side:
        yield from _in_turn(session, kind, pages(session, kind, sides=[side]))


def after_pairing(session: Session, gathered: Gathered, action: Adopt) -> tuple[Gathered, Action]:
    """What follows once the two are paired: mostly that values here replace those there."""
    filled = {name: gathered.there[name] for name in action.take}
    here = {**gathered.here, **filled}
    before = gathered.pair.here
    assert before is not None  # noqa: S101 - it is paired
    # Whatever it waited for comes in the same run, or it would not be paired in it.
    now = replace(before, record=here, waits_on="")
    pair = pairs.relinked(gathered, action.here_baseline, action.there_baseline, now)
    follow = decide(pair, session.policy)
    return replace(gathered, pair=pair), follow


def foresee_later(
    session: Session, kind: Kind, ids: Sequence[int], *, removing: bool = False
) -> Iterator[Steps]:
    """Page by page, what these Links are in for once what was foreseen before is done.

    `removing`: it is the turn of removals; none is reckoned with before.
    """
    yield from _in_turn(session, kind, _again(session, ids), removing=removing)


def watch(session: Session, kind: Kind, remote_ids: Iterable[str]) -> None:
    """From here on, reckon what steps do to the balances of these, who may go: theirs, and of those below."""
    level = {remote_id: {(kind.name, remote_id)} for remote_id in remote_ids}
    for _ in range(LEVELS_MAX):
        for remote_id, counted in level.items():
            session.coming.watched[kind.name, remote_id] |= counted
        below = Remote.objects.filter(
            connection=session.connection, entity=kind.entity, parent_id_there__in=level
        )
        level = {
            remote_id: level[above] for remote_id, above in below.values_list("remote_id", "parent_id_there")
        }
        if not level:
            break


def _in_turn(
    session: Session, kind: Kind, found: Iterable[list[Link]], *, removing: bool = False
) -> Iterator[Steps]:
    waiting: list[int] = []
    for links in found:
        yield _page(session, kind, links, waiting, removing=removing)
    before = 0
    while len(waiting) not in {0, before}:  # fewer each time
        again, before, waiting = waiting, len(waiting), []
        for links in _again(session, again):
            yield _page(session, kind, links, waiting, removing=removing)
    for links in _again(session, waiting):
        yield decided(session, kind, links)


def _again(session: Session, ids: Sequence[int]) -> Iterator[list[Link]]:
    for start in range(0, len(ids), session.page_rows):
        part = Link.objects.filter(pk__in=ids[start : start + session.page_rows])
        yield foreseen(session, part.select_related("remote", "issue").order_by("pk"))


def _page(session: Session, kind: Kind, links: list[Link], waiting: list[int], *, removing: bool) -> Steps:
    coming = session.coming
    # Whoever waits for something that is paired on this very page is matched anew on the next one.
    pairing = {key: remote for key, remote in coming.pairing.items() if key[0] == kind.name or kind.money}
    steps: Steps = []
    for gathered, action in decided(session, kind, links):
        link = gathered.link
        remote = gathered.match or link.remote
        remote_id = remote.remote_id if remote is not None else ""
        if link.local_id is None and remote_id in pairing.values():
            continue  # its local counterpart claims it
        now = _freed(session, gathered, action, pairing)
        now = in_turn(session, gathered, now) if now is not action else now
        if isinstance(now, Wait):
            waiting.append(link.pk)
            continue
        if removing or not isinstance(now, RemoveThere):
            if not isinstance(now, RaiseIssue):
                # Upon what is removed nothing is built, also if it stays here.
                coming.done |= set() if isinstance(now, RemoveThere) else {(kind.name, link.local_id or 0)}
                coming.back |= {link.pk} if _makes_active_alike(session, gathered, now) else set()
            _foretell(session, gathered, now, remote_id)
            _reckon(session, gathered, now)
        steps.append((gathered, now))
    return steps


def _foretell(session: Session, gathered: Gathered, action: Action, remote_id: str) -> None:
    """What others that come after this step can build upon."""
    coming, kind, link = session.coming, gathered.kind, gathered.link
    key = (kind.name, link.local_id or 0)
    match action:
        case CreateThere():
            coming.there.add(key)
        case UpdateThere(fields=fields):
            coming.giving_up.add(link.pk)
            if "parent" in fields:
                coming.gone.add(remote_id)
        case RemoveThere():
            coming.giving_up.add(link.pk)
            coming.gone |= {remote_id} if kind.levels else set()
        case CreateHere():
            coming.here.add((kind.name, remote_id))
        case Adopt():
            coming.pairing[key] = remote_id
        case RaiseIssue(reason=reason) if reason in ASKED_FIRST:
            coming.asked.add(key)
            return
    if hasattr(link, "issue") and link.issue.reason in ASKED_FIRST:
        coming.settled.add(key)


def _makes_active_alike(session: Session, gathered: Gathered, action: Action) -> bool:
    """Whether the two are both in use after it, or both put away: nobody is asked about either any more."""
    if isinstance(action, Adopt) and not gathered.there.get("active", True):
        _, action = after_pairing(session, gathered, action)
    return isinstance(action, UpdateThere | UpdateHere) and "active" in action.fields


def _reckon(session: Session, gathered: Gathered, action: Action) -> None:
    """By how much a step makes balances grow there: what it settles now is open after it, and the reverse."""
    kind, here = gathered.kind, gathered.pair.here
    match action:
        case CreateThere() | UpdateThere() if kind.money and here is not None:
            after = kind.will_settle(here.record, here.totals, gathered.references)
        case RemoveThere() if kind.money:
            after = {}
        case TakeApplied(allocations=allocations) if here is not None:
            record = {**here.record, "allocations": allocations}
            after = kind.will_settle(record, here.totals, gathered.references)
        case _:
            return
    before, watched = kind.settles(gathered.payload), session.coming.watched
    for key in before.keys() | after.keys():
        session.coming.room[key] += before.get(key, Decimal(0)) - after.get(key, Decimal(0))
    growth: defaultdict[RemoteKey, Decimal] = defaultdict(Decimal)
    for key in before.keys() | after.keys():
        for each in watched.get(key, ()):
            growth[each] += before.get(key, Decimal(0)) - after.get(key, Decimal(0))
    for each, amount in growth.items():
        session.coming.growth[each][gathered.link.pk] = amount
    if isinstance(action, UpdateThere) and "customer" in action.fields:
        session.coming.moved.add(gathered.link.pk)


def _turn(pair: Pair, coming: Coming) -> Pair:
    """The Pair once its turn has come: the name it takes is given up."""
    here = pair.here
    if here is not None and here.turn_after in coming.giving_up:
        return replace(pair, here=replace(here, turn_after=None))
    return pair


def _freed_edit(session: Session, gathered: Gathered, action: Wait, pairing: dict[LocalKey, str]) -> Action:
    """An edit that waits for nothing but what it names now, and that comes in this run."""
    here, coming = gathered.pair.here, session.coming
    if here is None or not here.waits_for or here.waits_for - coming.there - pairing.keys():
        return action
    gathered.pair = replace(gathered.pair, here=replace(here, waits_on="", waits_for=frozenset()))
    return decide(gathered.pair, session.policy)


def _freed(session: Session, gathered: Gathered, action: Action, pairing: dict[LocalKey, str]) -> Action:
    """A step that waits only for what comes in this run is a step of this run."""
    pair, kind, coming = gathered.pair, gathered.kind, session.coming
    if isinstance(action, Wait) and (turn := _turn(pair, coming)) != pair:
        gathered.pair = pair = turn
        action = decide(pair, session.policy)
    if not isinstance(action, Wait) or action.held:
        return action
    if gathered.link.paired:
        return _freed_edit(session, gathered, action, pairing)
    here = kind.refers_to(gathered.here) if pair.here is not None else set()
    missing_there = gathered.references.missing(here) | here & coming.asked
    missing_here = kind.refers_to_there(gathered.payload) - gathered.references.here.keys()
    if not (missing_here or missing_there) or (pair.here is not None and pair.here.no_room):
        return action
    paired_here = {(name, remote) for (name, _), remote in pairing.items()}
    if missing_there - coming.there - pairing.keys() or missing_here - coming.here - paired_here:
        return action
    if pair.here is not None and pair.there is not None:
        return adopt(pair.here, pair.there, session.policy)
    return CreateThere() if pair.here is not None else CreateHere()
