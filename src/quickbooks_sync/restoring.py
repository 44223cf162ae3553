"""A backup of Service Genius was restored: what it has forgotten is found again, or asked about.

It is noticed by a marker there that this database never wrote, by a file beside the database (`beside`), or
told by the command that restores. Nothing leaves before a person has said that this copy is the one that
counts. Then everything that was sent since is given back to its record, and nothing is overwritten: where
the two sides differ, a person decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from qbo.payload import parse_time

from . import doubts, marked, outbox, settle, strangers
from .directory import candidates, store
from .gather import gather, record_there
from .kinds import KIND, KINDS, LISTS, MONEY, Kind
from .kinds.base import Facts, Payload, reference
from .models import Change, Connection, Link, Marker, Remote
from .observe_here import find_unlinked
from .planner.decide import STAY_AT_FIRST_LINK, changed
from .planner.guards import restored
from .planner.recognition import Candidate
from .planner.records import Encoded, encode, is_blank
from .session import Session

NOTICED, ADOPTING = Connection.Restored.NOTICED, Connection.Restored.ADOPTING
FOUND_AGAIN = "Found again: it was sent after the backup was made."
#: Many have the same in these: they do not tell one record from another.
SHARED_BY_MANY = frozenset(
    {"active", "taxable", "parent", "billing_region", "billing_country", "service_region", "service_country"}
)
Unmarked = tuple[Candidate, Payload]


def begin_new_epoch() -> None:
    """A backup has just been put in place: each connection asks before it sends anything."""
    for connection in Connection.objects.all():
        marked.notice(connection)


def ask(session: Session) -> None:
    """Ask whether this copy is the one that counts, once; from the yes on it is another life."""
    connection = session.connection
    connection.refresh_from_db(fields=["restored", "epoch", "forgot_since"])
    if connection.restored == NOTICED:
        forgotten = [link for kind in MONEY for link in _half_there(session, kind)]
        session.unless_answered(restored(forgotten=len(forgotten)))
        epochs = [marked.read(marked.word_of(link)).epoch for link in forgotten]
        _begin(session, max([connection.epoch, *epochs]) + 1)


def find_again(session: Session) -> None:
    """Give back what was forgotten; what became of that which was under way is found out first."""
    if session.connection.restored == ADOPTING and not outbox.unanswered(session.connection):
        _adopt(session)
    for kind in MONEY:
        for link in _half_there(session, kind):
            payload = link.remote.payload if link.remote is not None else {}
            session.only_there[kind.name, reference(payload, "CustomerRef")] = kind.label_there(payload)


def _begin(session: Session, epoch: int) -> None:
    """A worker of before may hold this very run: from now on its lease is worth nothing."""
    with session.page():
        Connection.objects.filter(pk=session.connection.pk).update(restored=ADOPTING, epoch=epoch)
        session.connection.restored, session.connection.epoch = ADOPTING, epoch


def _adopt(session: Session) -> None:
    """Lists first, for invoices and payments refer to them. Begun anew, it goes on where it was."""
    since = session.connection.forgot_since or session.connection.connected_at - marked.CLOCKS_APART
    gone, unmarked = strangers.removed(session, KINDS, since), _unmarked(session, since)
    for kind in LISTS:
        find_unlinked(session, kind, inactive=True)
        with session.page():  # what was put away, and never sent as far as this copy knows
            _active(session, kind).filter(remote=None).update(open=True)
        for links in _pages(session, _open(session, kind).exclude(local_id=None).exclude(remote=None)):
            _ask_instead(session, kind, links)
        for links in _pages(session, _open(session, kind).exclude(local_id=None).filter(remote=None)):
            _pair(session, kind, links)
        _doubt(session, kind, gone=gone[kind.name])
    for kind in MONEY:
        for links in _pages(session, _half_there(session, kind)):
            _give_back(session, kind, links, unmarked[kind.name])
        _doubt_unmarked(session, kind, unmarked[kind.name], gone=gone[kind.name])
    with session.page():
        Connection.objects.filter(pk=session.connection.pk).update(restored="", forgot_since=None)
        session.connection.restored = ""


def _open(session: Session, kind: Kind) -> QuerySet[Link]:
    return _active(session, kind).filter(open=True).select_related("remote", "issue")


def _active(session: Session, kind: Kind) -> QuerySet[Link]:
    links = Link.objects.filter(connection=session.connection, kind=kind.name)
    return links.filter(state=Link.State.ACTIVE)


def _half_there(session: Session, kind: Kind) -> QuerySet[Link]:
    return _open(session, kind).filter(local_id=None)


def _pages(session: Session, links: QuerySet[Link]) -> Iterator[list[Link]]:
    last = 0
    while page := list(links.filter(pk__gt=last).order_by("pk")[: session.page_rows]):
        last = page[-1].pk
        yield page


def _ask_instead(session: Session, kind: Kind, links: Sequence[Link]) -> None:
    """Of a field that was changed on both sides ours would be sent; who knows which of them is newer."""
    moved = []
    for gathered in gather(session, kind, links):
        link, pair = gathered.link, gathered.pair
        if pair.here is None or pair.there is None or not (link.here_baseline and link.there_baseline):
            continue
        if changed(link.here_baseline, gathered.here) and changed(link.there_baseline, gathered.there):
            _ask_first(link)
            moved.append(link)
    with session.page(rows=len(moved)):
        settle.save(moved, ["answers"])


def _ask_first(link: Link) -> None:
    link.answers = {**link.answers, "ask_first": True}


def _pair(session: Session, kind: Kind, links: Sequence[Link]) -> None:
    """What certainly is the same was sent since: a difference is somebody's edit, and is asked about."""
    with session.page(rows=len(links)):
        for gathered in gather(session, kind, links):
            if gathered.match is not None:
                link, stay = gathered.link, STAY_AT_FIRST_LINK - {"active"}
                here, there = _as_if_edited_on_both(gathered.here, gathered.there, but=stay)
                link.here_baseline, link.there_baseline = here, there
                _ask_first(link)
                _join(link, gathered.match, revision=gathered.local.revision)
                _log(session, kind, link, gathered.label)


def _join(link: Link, remote: Remote, *, revision: int) -> None:
    """Make the Link whole; the ordinary decisions follow. Inside a transaction."""
    Link.objects.filter(remote=remote, local_id=None).delete()
    link.remote, link.there_token, link.here_revision = remote, remote.token, revision
    link.open, link.waiting, link.in_doubt, link.refused = True, False, None, ""
    link.save()


def _log(session: Session, kind: Kind, link: Link, label: str) -> None:
    remote_id = link.remote.remote_id if link.remote is not None else ""
    side, note = Change.Side.HERE, FOUND_AGAIN
    settle.log(
        session,
        kind,
        link,
        side=side,
        action="linked",
        label=label,
        before={},
        after={},
        remote_id=remote_id,
        note=note,
    ).save()


def _doubt(session: Session, kind: Kind, *, gone: int) -> None:
    """What is new on both sides may have been renamed since it was sent: a person says which is which."""
    new_there = list(_new_there(session, kind))
    for links in _pages(session, _new_here(session, kind)) if new_there or gone else ():
        with session.page(rows=len(links)):
            for gathered in gather(session, kind, links):
                if gathered.pair.here is None:
                    continue
                alike = _alike(gathered.here, new_there)
                may_be = alike or [remote for remote, _ in new_there]  # it may have had nothing but its name
                shown = [*gathered.pair.likely, *candidates(may_be)]
                later = not alike and not gathered.here["active"]
                gathered.link.in_doubt = doubts.after_restoring(shown, gone=gone, later=later)
                settle.save([gathered.link], ["in_doubt"])


def _unmarked(session: Session, since: datetime) -> Mapping[str, Sequence[Unmarked]]:
    """What was created there since, by Kind, and edited, and bears no marker: it may have been erased."""
    rows = strangers.created(session, MONEY, since)
    found: dict[str, list[Unmarked]] = {}
    for kind in MONEY:
        compared = zip(strangers.candidates(session, kind, rows[kind.name]), rows[kind.name], strict=True)
        found[kind.name] = [each for each in compared if each[0].edited and not each[0].marker]
    return found


def _of_customer(here: Encoded, unmarked: Sequence[Unmarked]) -> list[Payload]:
    buyers = {here["customer"], strangers.NOBODY}
    return [payload for each, payload in unmarked if each.record["customer"] in buyers]


def _doubt_unmarked(session: Session, kind: Kind, unmarked: Sequence[Unmarked], *, gone: int) -> None:
    """The marker of an invoice or payment may have been erased, or itself deleted, since it was sent."""
    for links in _pages(session, _new_here(session, kind)) if unmarked or gone else ():
        with session.page(rows=len(links)):
            for gathered in gather(session, kind, links):
                here = gathered.pair.here
                may_be = _of_customer(here.record, unmarked) if here is not None else []
                if here is not None and not here.stays_out and (may_be or gone):
                    _doubt_one(session, gathered.link, may_be, gone=gone)


def _doubt_one(session: Session, link: Link, may_be: Sequence[Payload], *, gone: int = 0) -> None:
    shown = candidates(store(session.connection, KIND[link.kind].entity, may_be))
    link.in_doubt, link.open = doubts.after_restoring(shown, gone=gone), True
    settle.save([link], ["in_doubt", "open"])


def _new_here(session: Session, kind: Kind) -> QuerySet[Link]:
    """What was never sent, as far as this copy knows, and nobody is asked about."""
    unsent = _open(session, kind).filter(remote=None, known_new=False, in_doubt__isnull=True)
    return unsent.exclude(local_id=None)


def _new_there(session: Session, kind: Kind) -> Iterator[tuple[Remote, Encoded]]:
    """What was created there since the backup was made, and has nobody here."""
    since = session.connection.forgot_since
    for links in _pages(session, _half_there(session, kind)):
        for gathered in gather(session, kind, links):
            remote = gathered.link.remote
            if remote is None or gathered.pair.there is None:
                continue
            if since is None or parse_time(gathered.payload["MetaData"]["CreateTime"]) >= since:
                yield remote, gathered.there


def _alike(here: Encoded, new_there: Sequence[tuple[Remote, Encoded]]) -> list[Remote]:
    """Those that share something with it."""
    names = [name for name, value in here.items() if name not in SHARED_BY_MANY and not is_blank(value)]
    shared = [(sum(here[name] == there[name] for name in names), remote) for remote, there in new_there]
    return [remote for number, remote in shared if number]


def _give_back(session: Session, kind: Kind, links: Sequence[Link], unmarked: Sequence[Unmarked]) -> None:
    """Each to the record that has its word; what has none here is put before a person."""
    connection, facts = session.connection, session.facts
    with session.page(rows=len(links)):
        for half in links:
            uid = marked.read(marked.word_of(half)).uid
            local = kind.all_here(connection.company).filter(uid=uid).first() if uid else None
            if local is None or half.remote is None:
                continue
            here, payload = encode(kind.from_here(local)), half.remote.payload
            originals = _of_customer(here, unmarked)
            if originals and _may_be_copy(connection, kind, here, payload, facts):
                link, _ = Link.objects.get_or_create(connection=connection, kind=kind.name, local_id=local.pk)
                if link.remote is None:
                    _doubt_one(session, link, [payload, *originals])
            elif (given := give_to(connection, facts, half, local)) is not None:
                _log(session, kind, given, kind.label(local))


def _may_be_copy(connection: Connection, kind: Kind, here: Encoded, payload: Payload, facts: Facts) -> bool:
    """A copy has a number and a day of its own, and nobody has edited it to have them."""
    there = record_there(connection, kind, payload, facts)
    return not int(payload.get("SyncToken") or 0) and any(here[name] != there[name] for name in kind.proper)


def give_to(connection: Connection, facts: Facts, half: Link, local: Any) -> Link | None:
    """Join what is only there with its record; nothing if that has a counterpart. In a transaction."""
    remote, word = half.remote, marked.word_of(half)
    link, _ = Link.objects.get_or_create(connection=connection, kind=half.kind, local_id=local.pk)
    if remote is None or (link.remote is not None and not link.remote.deleted):
        return None
    kind = KIND[half.kind]
    Marker.objects.get_or_create(
        connection=connection, word=word, defaults={"kind": kind.name, "local_id": local.pk}
    )
    here = encode(kind.from_here(local))
    there = record_there(connection, kind, remote.payload, facts)
    link.here_baseline, link.there_baseline = _as_if_edited_on_both(here, there)
    link.marker, link.created_by_us = word, True
    _join(link, remote, revision=local.revision)
    return link


def _as_if_edited_on_both(
    here: Encoded, there: Encoded, *, but: frozenset[str] = frozenset()
) -> tuple[Encoded, Encoded]:
    """Baselines of which each side has changed whatever differs; a void is news for the other side.

    `but`: fields that stay as they are on each side.
    """
    here_baseline, there_baseline = dict(here), dict(there)
    if "voided" in here:
        here_baseline["voided"] = there_baseline["voided"] = False
    if here.get("voided") == there.get("voided"):
        for name in changed(here, there) - but:
            here_baseline[name], there_baseline[name] = there[name], here[name]
    return here_baseline, there_baseline
