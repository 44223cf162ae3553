"""What a run would do, step by step, without doing it: for the preview and the first look.

The same decisions as a run makes, and in its order. What waits only for something that comes in the same
run is a step of it, too. Writes nothing but `session.coming`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .apply import LEVELS_MAX, decided, pages
from .gather import Gathered
from .kinds import KIND, Kind
from .kinds.base import LocalKey, RemoteKey
from .matches import name_keys
from .merges import foreseen
from .models import Link, Remote, Side
from .planner.actions import (
    Action,
    Adopt,
    CreateHere,
    CreateThere,
    RaiseIssue,
    Reason,
    RemoveThere,
    UpdateThere,
    Wait,
)
from .planner.decide import Pair, Policy, decide, first_link
from .references import ASKED_FIRST
from .session import Coming, Session

Steps = list[tuple[Gathered, Action]]
#: Which field of an invoice or payment says whose balances it has a part in.
SETTLED_BY = {"customer": "customer", "invoice": "allocations"}


def foresee(session: Session, kind: Kind) -> Iterator[Steps]:
    """Page by page, every step of a Kind; what cannot go in this run comes as Wait."""
    for side in Side:
        yield from _in_turn(session, kind, pages(session, kind, sides=[side]))


def foresee_last(session: Session, kind: Kind, ids: Sequence[int]) -> Iterator[Steps]:
    """Page by page, what these Links are in for once everything else is done: removals come last."""
    yield from _in_turn(session, kind, _again(session, ids))


def _in_turn(session: Session, kind: Kind, found: Iterable[list[Link]]) -> Iterator[Steps]:
    waiting: list[int] = []
    for links in found:
        yield _page(session, kind, links, waiting)
    before = 0
    while len(waiting) not in {0, before}:  # fewer each time
        again, before, waiting = waiting, len(waiting), []
        for links in _again(session, again):
            yield _page(session, kind, links, waiting)
    for links in _again(session, waiting):
        steps = decided(session, kind, links)
        for gathered, _ in steps:
            _name_waits(session, gathered)
        yield steps


def _name_waits(session: Session, gathered: Gathered) -> None:
    """Its counterpart there, if it has one, waits for the answer, too."""
    for key in name_keys(gathered.link):
        session.coming.names[gathered.kind.name, key] = gathered.label


def _again(session: Session, ids: Sequence[int]) -> Iterator[list[Link]]:
    for start in range(0, len(ids), session.page_rows):
        part = Link.objects.filter(pk__in=ids[start : start + session.page_rows])
        yield foreseen(session, part.select_related("remote", "issue").order_by("pk"))


def _page(session: Session, kind: Kind, links: list[Link], waiting: list[int]) -> Steps:
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
        match now:
            case Wait():
                waiting.append(link.pk)
                continue
            case CreateThere():
                coming.there.add((kind.name, link.local_id or 0))
            case UpdateThere() | RemoveThere() if not kind.money:
                coming.renaming.add(link.pk)
            case CreateHere():
                coming.here.add((kind.name, remote_id))
            case Adopt():
                coming.pairing[kind.name, link.local_id or 0] = remote_id
            case RaiseIssue(reason=Reason.LIKELY_PAIR):
                _name_waits(session, gathered)
            case RaiseIssue(reason=reason) if reason in ASKED_FIRST:
                coming.asked.add((kind.name, link.local_id or 0))
        _release(session, gathered, now)
        steps.append((gathered, now))
    return steps


def _release(session: Session, gathered: Gathered, action: Action) -> None:
    """What is removed there settles nothing any more; what moves to another customer takes its part along."""
    coming, link_id = session.coming, gathered.link.pk
    match action:
        case RemoveThere():
            fields = frozenset(SETTLED_BY.values())
        case UpdateThere(fields=fields) if gathered.kind.money:
            if "customer" in fields:
                coming.moved.add(link_id)
        case _:
            return
    for key, amount in gathered.kind.settles(gathered.payload).items():
        if SETTLED_BY[key[0]] in fields:
            for each in _and_those_above(session, key):
                coming.released[each][link_id] = amount


def _and_those_above(session: Session, key: RemoteKey) -> Iterator[RemoteKey]:
    """One whose balance changes, and the customers who have it among theirs."""
    name, remote_id = key
    for _ in range(LEVELS_MAX):
        if not remote_id:
            return
        yield name, remote_id
        kin = Remote.objects.filter(
            connection=session.connection, entity=KIND[name].entity, remote_id=remote_id
        )
        remote_id = kin.values_list("parent_id_there", flat=True).first() or ""


def _turn(pair: Pair, coming: Coming) -> Pair:
    """The Pair once its turn has come: the name it takes is given up, those below it are deactivated."""
    here, there = pair.here, pair.there
    if here is not None and here.behind in coming.renaming:
        here = replace(here, behind=None)
    if there is not None and there.below:
        there = replace(there, below=False)
    return replace(pair, here=here, there=there)


def _freed(session: Session, gathered: Gathered, action: Action, pairing: dict[LocalKey, str]) -> Action:
    """A step that waits only for what comes in this run is a step of this run."""
    pair, kind, coming = gathered.pair, gathered.kind, session.coming
    if isinstance(action, Wait) and (turn := _turn(pair, coming)) != pair:
        gathered.pair = pair = turn
        action = decide(pair, Policy(two_way_edits=session.connection.two_way_edits))
    if not isinstance(action, Wait) or gathered.link.whole:
        return action
    here = kind.refers_to(gathered.here) if pair.here is not None else set()
    missing_there = gathered.references.missing(here) | here & coming.asked
    missing_here = kind.refers_to_there(gathered.payload) - gathered.references.here.keys()
    if not (missing_here or missing_there):
        return action
    paired_here = {(name, remote) for (name, _), remote in pairing.items()}
    if missing_there - coming.there - pairing.keys() or missing_here - coming.here - paired_here:
        return action
    if pair.here is not None and pair.there is not None:
        return first_link(pair.here.record, pair.there.record)
    return CreateThere() if pair.here is not None else CreateHere()
