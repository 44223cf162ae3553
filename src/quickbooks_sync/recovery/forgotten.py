"""What a restored backup may have forgotten, and nothing can prove: a person is asked about it.

What was never sent, as far as this copy knows, may have been, and be there renamed, with its marker erased,
or deleted. What there may be it already was created there since the backup was made.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from qbo.payload import parse_time
from quickbooks_sync.access.session import Session
from quickbooks_sync.gathering.pairs import Gathered, gather, record_there, records_there
from quickbooks_sync.kinds import KIND, MONEY, Kind
from quickbooks_sync.kinds.base import Payload
from quickbooks_sync.memory import doubts
from quickbooks_sync.memory.directory import candidates, store
from quickbooks_sync.models import Link, Remote
from quickbooks_sync.observing.here import find_unlinked
from quickbooks_sync.planner.recognition import Candidate
from quickbooks_sync.planner.records import Encoded, is_blank, is_removed

from . import strangers

#: Many have the same in these: they do not tell one record from another.
SHARED_BY_MANY = frozenset(
    {"active", "taxable", "parent", "billing_region", "billing_country", "service_region", "service_country"}
)
NOT_SYNCED = (Link.State.HOLD, Link.State.IGNORED)
New = tuple[Remote, Encoded]
Unmarked = tuple[Candidate, Payload]


def unsent(session: Session, kind: Kind) -> QuerySet[Link]:
    """What was never sent, as far as this copy knows, and nobody is asked about.

    Also what a person has called one of its own: it may have been sent just after that answer.
    """
    links = Link.objects.filter(connection=session.connection, kind=kind.name, state=Link.State.ACTIVE)
    links = links.filter(local_id__isnull=False, remote=None, in_doubt__isnull=True)
    return links.select_related("remote", "issue")


def pages(session: Session, links: QuerySet[Link]) -> Iterator[list[Link]]:
    """These in portions, whatever becomes of them meanwhile."""
    last = 0
    while page := list(links.filter(pk__gt=last).order_by("pk")[: session.page_rows]):
        last = page[-1].pk
        yield page


def ask_about_list(session: Session, kind: Kind, since: datetime, *, gone: int) -> None:
    """What is new on both sides may have been renamed since it was sent: a person says which is which."""
    new_there = list(_new_there(session, kind, since))
    for links in pages(session, unsent(session, kind)) if new_there or gone else ():
        with session.page(rows=len(links)):
            for gathered in gather(session, kind, links):
                if gathered.pair.here is None:
                    continue
                alike = _alike(gathered.here, new_there)
                may_be = alike or [remote for remote, _ in new_there]  # it may have had nothing but its name
                shown = [*gathered.pair.likely, *candidates(may_be)]
                later = not alike and not gathered.here["active"]
                _ask(gathered.link, shown, gone=gone, later=later)


def _new_there(session: Session, kind: Kind, since: datetime) -> Iterator[New]:
    """What was created there since the backup was made, and has nobody here; put away or not."""
    known = Remote.objects.filter(connection=session.connection, entity=kind.entity, deleted=False)
    unlinked = known.exclude(link__local_id__isnull=False).exclude(link__state__in=NOT_SYNCED).order_by("pk")
    last = 0
    while page := list(unlinked.filter(pk__gt=last)[: session.page_rows]):
        last = page[-1].pk
        new = [remote for remote in page if _is_new(kind, remote.payload, since)]
        yield from zip(new, records_there(session, kind, [remote.payload for remote in new]), strict=True)


def _is_new(kind: Kind, payload: Payload, since: datetime) -> bool:
    return kind.may_be_paired(payload) and parse_time(payload["MetaData"]["CreateTime"]) >= since


def _alike(here: Encoded, new_there: Sequence[New]) -> list[Remote]:
    """Those that share something with it."""
    names = [name for name, value in here.items() if name not in SHARED_BY_MANY and not is_blank(value)]
    shared = [(sum(here[name] == there[name] for name in names), remote) for remote, there in new_there]
    return [remote for number, remote in shared if number]


def unmarked(session: Session, since: datetime) -> Mapping[str, Sequence[Unmarked]]:
    """What was created there since, by Kind, and edited, and bears no marker: it may have been erased."""
    rows = strangers.created(session, MONEY, since)
    found: dict[str, list[Unmarked]] = {}
    for kind in MONEY:
        compared = zip(strangers.candidates(session, kind, rows[kind.name]), rows[kind.name], strict=True)
        found[kind.name] = [each for each in compared if each[0].edited and not each[0].marker]
    return found


def originals(
    session: Session, kind: Kind, here: Encoded, payload: Payload, found: Sequence[Unmarked]
) -> list[Payload]:
    """What may be the original of an object with the marker of this record, if that may be a copy.

    A copy has a number and a day of its own, unless somebody has edited it: then the original is one that
    has those of this record.
    """
    there = record_there(session.connection, kind, payload, session.facts)
    is_edited = int(payload.get("SyncToken") or 0) > 0
    may_be = _of_customer(here, found, is_known=here["customer"] == there["customer"])
    if is_edited or _is_proper(kind, here, there):
        may_be = [each for each in may_be if _is_proper(kind, here, each[0].record)]
    return [payload for _, payload in may_be]


def _is_proper(kind: Kind, here: Encoded, there: Encoded) -> bool:
    return all(here[name] == there[name] for name in kind.proper)


def ask_about_money(session: Session, kind: Kind, found: Sequence[Unmarked], *, gone: int) -> None:
    """The marker of an invoice or payment may have been erased, or itself deleted, since it was sent."""
    if found:
        find_unlinked(session, kind, put_away=True)  # what is void here by now is to be voided there, too
    for links in pages(session, unsent(session, kind)) if found or gone else ():
        with session.page(rows=len(links)):
            for gathered in gather(session, kind, links):
                if gathered.pair.here is None or not _may_have_been_sent(session, gathered):
                    continue
                here = gathered.here
                known = ("customer", here["customer"]) in gathered.references.there
                may_be = _of_customer(here, found, is_known=known)
                if is_removed(here):
                    may_be = _counting(kind, here, may_be)
                ask_which(session, gathered.link, [payload for _, payload in may_be], gone=gone)


def ask_which(session: Session, link: Link, may_be: Sequence[Payload], *, gone: int = 0) -> None:
    """Ask whether one of these is it, or one of those that are `gone`. In a transaction."""
    shown = candidates(store(session.connection, KIND[link.kind].entity, may_be))
    _ask(link, shown, gone=gone)


def _of_customer(here: Encoded, found: Sequence[Unmarked], *, is_known: bool) -> list[Unmarked]:
    """Those of its customer: who, unless it `is_known` there, may be any that nobody here has."""
    buyers = {here["customer"]} if is_known else {here["customer"], strangers.NOBODY}
    return [each for each in found if each[0].record["customer"] in buyers]


def _may_have_been_sent(session: Session, gathered: Gathered) -> bool:
    """Whether it moves, or did before it was voided."""
    here = gathered.pair.here
    stays_out = here is not None and here.stays_out
    return not stays_out or gathered.kind.eligible(gathered.local, session.connection, put_away=True)


def _counting(kind: Kind, here: Encoded, found: Sequence[Unmarked]) -> list[Unmarked]:
    """What counts there, and shares something of its own with one that is void here: not used again."""
    own = [name for name in kind.proper if not is_blank(here[name])]
    return [
        (there, payload)
        for there, payload in found
        if not is_removed(there.record) and any(here[name] == there.record[name] for name in own)
    ]


def _ask(link: Link, shown: Sequence[Encoded], *, gone: int, later: bool = False) -> None:
    """Unless a person has said already of each of these that it is another."""
    rejected = link.answers.get("rejected", ())
    left = [each for each in shown if each["remote_id"] not in rejected]
    if left or gone:
        link.in_doubt, link.open = doubts.after_restoring(left, gone=gone, later=later), True
        link.save(update_fields=["in_doubt", "open"])
