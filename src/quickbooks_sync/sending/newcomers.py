"""What a run is about to send for the first time, reduced to what is compared with QuickBooks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from quickbooks_sync.access.session import Session
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.kinds.base import Payload
from quickbooks_sync.kinds.money import marker_of
from quickbooks_sync.models import Link
from quickbooks_sync.planner.actions import OF_SETTINGS, Action, CreateThere, RaiseIssue, Reason, Wait
from quickbooks_sync.sql.prepared import Select
from service_genius.invoices.models import Invoice

from .waves import decided, pages

#: What keeps a record back until something else has changed, which may be so any moment.
FREED_BY_ITSELF = OF_SETTINGS | {Reason.REFUSED_THERE}
#: So many new ones are compared at a time, however many there are; a multiple of what fills batches.
PORTION = 12_000
LINKED = Select(
    lambda connection, invoices: Link.objects.filter(
        connection=connection, kind="invoice", local_id__in=invoices
    ).values_list("local_id", flat=True)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class New:
    """A transaction to be sent for the first time, reduced to what is compared."""

    link_id: int
    customer: str  # its id there; none in a preview, if it is new there
    number: str
    date: date
    total: Decimal
    allocations: tuple[tuple[int, Decimal], ...] = ()  # local id of the invoice, amount
    known_new: bool = False
    """A person has said that it is one of its own, whatever stands there."""
    rejected: frozenset[str] = frozenset()
    """What that person was shown, by Id."""

    def may_be(self, row: Payload) -> bool:
        """Whether a person is to be asked about this one there.

        After that answer only about what we sent ourselves, and forgot in a restored backup.
        """
        return str(row["Id"]) not in self.rejected and (bool(marker_of(row)) or not self.known_new)


@dataclass(kw_only=True)
class Wanted:
    """A portion of what a run is about to send for the first time."""

    numbers: dict[str, dict[str, New]] = field(default_factory=dict)
    """What has a number, by it, of each Kind."""
    payments: list[New] = field(default_factory=list)
    #: Which new payments pay an invoice that is not linked.
    paying: dict[int, list[int]] = field(default_factory=dict)
    older: dict[int, Invoice] = field(default_factory=dict)  # local id of an invoice that stayed out -> it

    #: From portion to portion: what is left to pay there of linked invoices, with their numbers.
    left: dict[int, tuple[str, Decimal]] = field(default_factory=dict)
    #: And the payments there that look like one of ours already.
    met: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return sum(map(len, self.numbers.values())) + len(self.payments)


def portions(session: Session, kinds: Iterable[Kind]) -> Iterator[Wanted]:
    wanted = Wanted()
    for kind in kinds:
        for links in pages(session, kind):
            unlinked: dict[int, list[int]] = {}
            new = [link for link in links if link.remote_id is None]
            for gathered, action in decided(session, kind, new):
                if _may_go(action):
                    _want(session, wanted, gathered, unlinked)
            _want_older(session, wanted, unlinked)
            if len(wanted) >= PORTION:
                yield wanted
                wanted = Wanted(left=wanted.left, met=wanted.met)
    if wanted:
        yield wanted


def _may_go(action: Action) -> bool:
    """Whether it may be sent in this run, also if that is learned only while it goes on."""
    freed = isinstance(action, RaiseIssue) and action.reason in FREED_BY_ITSELF
    return freed or isinstance(action, CreateThere | Wait)


def _want(session: Session, wanted: Wanted, gathered: Gathered, unlinked: dict[int, list[int]]) -> None:
    """Note what is new; in `unlinked` the invoices it pays that are not there yet, with who pays them."""
    here = gathered.here
    key = ("customer", here["customer"])
    customer = gathered.references.there.get(key) or session.coming.pairing.get(key)
    if customer is None and key not in session.coming.there:
        return  # it waits for its customer, who does not come in this run
    new = New(
        link_id=gathered.link.pk,
        customer=customer or "",
        number=here.get("number", ""),
        date=date.fromisoformat(here["date"]),
        total=Decimal(gathered.kind.totals_here(gathered.local)["total"]),
        known_new=gathered.link.known_new,
        rejected=frozenset(gathered.link.answers.get("rejected", ())),
    )
    if not gathered.kind.pays:
        wanted.numbers.setdefault(gathered.kind.name, {})[new.number] = new
        return
    if any(("invoice", each["invoice"]) in gathered.references.asked for each in here["allocations"]):
        return  # it waits for that answer, and may pay another amount then
    allocations = tuple((each["invoice"], Decimal(each["amount"])) for each in here["allocations"])
    wanted.payments.append(replace(new, allocations=allocations))
    for invoice, _ in allocations:
        if ("invoice", invoice) not in gathered.references.there and not new.known_new:
            unlinked.setdefault(invoice, []).append(new.link_id)


def _want_older(session: Session, wanted: Wanted, unlinked: dict[int, list[int]]) -> None:
    """Of the invoices that are paid but not there: those that stayed out; the others are on their way."""
    linked = LINKED(connection=session.connection.pk, invoices=unlinked)
    older = unlinked.keys() - set(linked)
    if not older:
        return
    for invoice in KIND["invoice"].all_here(session.connection.company).filter(pk__in=older):
        wanted.older[invoice.pk] = invoice
        wanted.paying.setdefault(invoice.pk, []).extend(unlinked[invoice.pk])
