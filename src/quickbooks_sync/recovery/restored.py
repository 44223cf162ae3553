"""A backup of Service Genius was restored: what it has forgotten is found again, or asked about.

It is noticed by a marker there that this database never wrote, or by a file beside it (`high_water`), or told
by the command that restores. Nothing leaves before a person has said that this copy is the one that
counts. Then everything that was sent since is given back to its record, and nothing is overwritten: where
the two sides differ, a person decides.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from quickbooks_sync.access.session import Session
from quickbooks_sync.agreements import settling
from quickbooks_sync.gathering.pairs import gather, record_there
from quickbooks_sync.kinds import KIND, KINDS, LISTS, MONEY, Kind
from quickbooks_sync.kinds.base import Facts, reference
from quickbooks_sync.kinds.money import is_voided
from quickbooks_sync.memory import marked
from quickbooks_sync.models import Change, Connection, Link, Marker, Remote, Sending
from quickbooks_sync.observing.here import find_unlinked
from quickbooks_sync.planner.decide import changed
from quickbooks_sync.planner.first_link import STAY_AT_FIRST_LINK
from quickbooks_sync.planner.guards import restored
from quickbooks_sync.planner.records import Encoded, encode, not_agreed
from quickbooks_sync.sending import outbox

from . import forgotten, strangers
from .forgotten import Unmarked

NOTICED, ADOPTING = Connection.Restored.NOTICED, Connection.Restored.ADOPTING
FOUND_AGAIN = "Found again: it was sent after the backup was made."


def begin_new_epoch() -> None:
    """A backup has just been put in place: each connection asks before it sends anything."""
    for connection in Connection.objects.all():
        marked.notice(connection)


def ask(session: Session) -> None:
    """Ask whether this copy is the one that counts, once; from the yes on it is another life."""
    connection = session.connection
    connection.refresh_from_db(fields=["restored", "epoch", "forgot_since"])
    if connection.restored == NOTICED:
        known = [link for kind in MONEY for link in _half_there(session, kind)]
        session.unless_answered(restored(forgotten=len(known)))
        epochs = [marked.read(marked.word_of(link)).epoch for link in known]
        _begin(session, max([connection.epoch, *epochs]) + 1)


def find_again(session: Session) -> None:
    """Give back what was forgotten; what became of that which was under way is found out first."""
    if session.connection.restored == ADOPTING and not outbox.unanswered(session.connection):
        _adopt(session)
    for kind in MONEY:
        for link in _half_there(session, kind):
            payload = link.remote.payload if link.remote is not None else {}
            if is_voided(payload):
                continue  # nobody is asked about it
            session.only_there[kind.name, reference(payload, "CustomerRef")] = kind.label_there(payload)


def _begin(session: Session, epoch: int) -> None:
    """A worker of before may hold this very run: from now on its lease is worth nothing."""
    with session.page():
        # When it was looked for says nothing: it may have gone again since the backup was made.
        Sending.objects.filter(connection=session.connection).update(looked_at=None)
        Connection.objects.filter(pk=session.connection.pk).update(restored=ADOPTING, epoch=epoch)
        session.connection.restored, session.connection.epoch = ADOPTING, epoch


def _adopt(session: Session) -> None:
    """Lists first, for invoices and payments refer to them. Begun anew, it goes on where it was."""
    since = session.connection.forgot_since or session.connection.connected_at - marked.CLOCKS_APART
    gone = strangers.removed(session, KINDS, since)
    for kind in LISTS:
        find_unlinked(session, kind, put_away=True)
        for links in forgotten.pages(
            session, _open(session, kind).exclude(local_id=None).exclude(remote=None)
        ):
            _ask_instead(session, kind, links)
        for links in forgotten.pages(session, forgotten.unsent(session, kind)):
            _pair(session, kind, links)
        forgotten.ask_about_list(session, kind, since, gone=gone[kind.name])
    unmarked = forgotten.unmarked(session, since)  # now that their customers are found again
    for kind in MONEY:
        for links in forgotten.pages(session, _half_there(session, kind)):
            _give_back(session, kind, links, unmarked[kind.name])
        forgotten.ask_about_money(session, kind, unmarked[kind.name], gone=gone[kind.name])
    with session.page():
        Connection.objects.filter(pk=session.connection.pk).update(restored="", forgot_since=None)
        session.connection.restored = ""


def _open(session: Session, kind: Kind) -> QuerySet[Link]:
    links = Link.objects.filter(connection=session.connection, kind=kind.name, state=Link.State.ACTIVE)
    return links.filter(open=True).select_related("remote", "issue")


def _half_there(session: Session, kind: Kind) -> QuerySet[Link]:
    return _open(session, kind).filter(local_id=None, remote__deleted=False)


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
        settling.save(moved, ["answers"])


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
    settling.log(
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
            originals = forgotten.originals(session, kind, here, payload, unmarked)
            if originals:
                link, _ = Link.objects.get_or_create(connection=connection, kind=kind.name, local_id=local.pk)
                if link.remote is None:
                    forgotten.ask_which(session, link, [payload, *originals])
            elif (given := give_to(connection, facts, half, local)) is not None:
                _log(session, kind, given, kind.label(local))


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
        different = changed(here, there) - but
        here_baseline |= {name: there[name] for name in different}
        there_baseline = not_agreed(there_baseline, here, different)
    return here_baseline, there_baseline
