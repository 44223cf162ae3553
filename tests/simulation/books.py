"""Both systems side by side, read without the engine's own translations: what is twice, lost or unequal.

What is allowed to differ is what a person can see: a record with an Issue, on Hold, or waiting; or has agreed
to. Of what docs/guarantees.md promises these are 1 (`_twice`), 2 (`_lost`, `_compare`) and 3
(`_compare_invoice`, `_compare_payment`, and `_sums` for each customer).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from quickbooks_sync.kinds import KIND, KINDS
from quickbooks_sync.kinds.money import marker_of
from quickbooks_sync.models import Issue, Link, Sending
from quickbooks_sync.planner.first_link import GROUP_OF, Wins
from service_genius.customers.models import Customer
from service_genius.estimates.models import Estimate
from service_genius.invoices.models import Invoice
from service_genius.payments.models import Payment
from service_genius.work_codes.models import WorkCode
from tests.simulation.births import Object, Owner
from tests.simulation.world import VirtualWorld

ENTITIES = {kind.name: kind.entity for kind in KINDS}
MODELS: Mapping[str, Any] = {kind.name: kind.model for kind in KINDS}
MONEY = {kind.name for kind in KINDS if kind.money}
#: The answer of a customer to an estimate, as each side writes it.
ANSWERS = {"pending": "Pending", "accepted": "Accepted", "declined": "Rejected", "closed": "Closed"}
CENT = Decimal("0.01")
NOTHING = Decimal(0)


@dataclass(kw_only=True)
class Findings:
    """What is wrong, a sentence each."""

    duplicates: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    cents: list[str] = field(default_factory=list)
    cents_off: Decimal = Decimal(0)
    unrest: list[str] = field(default_factory=list)
    #: Sent to customers, though nobody had asked for it.
    mails: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return "; ".join([*self.duplicates, *self.losses, *self.cents, *self.unrest, *self.mails])

    @property
    def nothing(self) -> bool:
        return not str(self)

    def differ(self, what: str, here: Decimal, there: Decimal) -> None:
        if here != there:
            self.cents.append(f"{what}: {here:.2f} here, {there:.2f} there")
            self.cents_off += abs(here - there)


@dataclass(kw_only=True)
class Tally:
    """What many runs came to."""

    boundaries: int
    runs: int = 0
    duplicates: int = 0
    losses: int = 0
    cents_off: int = 0
    unrest: int = 0
    mails: int = 0

    def add(self, found: Findings) -> None:
        self.runs += 1
        self.duplicates += len(found.duplicates)
        self.losses += len(found.losses)
        self.cents_off += int(found.cents_off / CENT)
        self.unrest += len(found.unrest)
        self.mails += len(found.mails)


def audit(world: VirtualWorld) -> Findings:
    """Compare all of both sides."""
    found = Findings()
    links = list(Link.objects.filter(connection=world.connection).select_related("remote"))
    excused = set(Issue.objects.filter(connection=world.connection).values_list("link_id", flat=True))
    excused |= {link.pk for link in links if link.state != Link.State.ACTIVE or link.waiting}
    dump = world.emulator.dump(world.realm)
    moot = _paid_by(links, excused, dump)
    others = _paid_by_others(links, dump)
    named = _named_by_questions(world, [link for link in links if link.pk in excused])
    for name, entity in ENTITIES.items():
        rows = {str(row["Id"]): row for row in dump.get(entity, [])}
        of_kind = [link for link in links if link.kind == name]
        of_entity = {remote_id for one, remote_id in named if one == entity}
        of = Shelf(world=world, name=name, rows=rows, links=of_kind, named=of_entity)
        _twice(found, of)
        _lost(found, of, excused)
        for link in of_kind:
            if link.paired and link.pk not in excused and link.remote is not None:
                here = MODELS[name].objects.get(pk=link.local_id)
                there = rows.get(link.remote.remote_id)
                if _is_accepted(link):
                    continue
                if there is None and _is_live_here(here):
                    found.losses.append(f"{here} is gone in QuickBooks, and nobody is told")
                elif there is not None:
                    _compare(found, name, here, there, _agreed_apart(link), moot=moot, others=others)
    _sums(found, world, links, excused, dump)
    find_mails(found, world)
    if Sending.objects.filter(connection=world.connection, state=Sending.State.OPEN).exists():
        found.losses.append("a Sending is still open")
    return found


def find_mails(found: Findings, world: VirtualWorld) -> None:
    """QuickBooks mails what can be paid online by itself: only what we made so because somebody said so."""
    for mail in world.emulator.mails(world.realm):
        if not (mail["asked"] or ("Invoice", mail["id"]) in world.may_carry_it):
            found.mails.append(
                f"invoice {mail['id']} was mailed to {mail['address']}, and nobody asked for it"
            )


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """All of one Kind, on both sides."""

    world: VirtualWorld
    name: str
    #: What is there, by Id.
    rows: Mapping[str, Mapping[str, Any]]
    links: list[Link]
    #: What a person is shown, or has put aside: Ids.
    named: set[str]


def _twice(found: Findings, of: Shelf) -> None:
    """What we made is linked once, or asked about; and of each record here it is one, whoever forgot it."""
    linked = Counter(link.remote.remote_id for link in of.links if link.remote is not None and link.paired)
    made: dict[Owner, list[str]] = {}
    for key, row in of.rows.items():
        one, what = (ENTITIES[of.name], key), f"{label(of.name, row)} ({key})"
        if one not in of.world.births or one in of.world.released or not is_live(of.name, row):
            continue
        owner = of.world.births[one]
        if of.name in MONEY and not marker_of(row) and (owner is None or unrecognisable(of.world, one, row)):
            continue  # lost with a backup, and its word erased: as if somebody had entered it there
        if linked[key] != 1 and key not in of.named:
            found.duplicates.append(f"{what} has {linked[key]} links")
        if owner is not None:
            made.setdefault(owner, []).append(what)
    of_each = [(owner, each) for owner, each in made.items() if len(each) > 1]
    found.duplicates += [f"{owner} was made {' and '.join(each)}" for owner, each in of_each]
    local = Counter(link.local_id for link in of.links if link.local_id is not None)
    found.duplicates += [f"{of.name} {pk} has {n} links" for pk, n in local.items() if n > 1]


def unrecognisable(world: VirtualWorld, one: Object, row: Mapping[str, Any]) -> bool:
    """Whether a backup forgot it, and it does not say any more what its record here says."""
    owner = world.births.get(one)
    if owner is None or one not in world.forgotten:
        return False
    kind, here = owner[0], MODELS[owner[0]].objects.get(pk=owner[1])
    if hasattr(here, "number"):
        return bool(here.number != row.get("DocNumber"))
    if kind == "payment":
        return bool(here.amount != money(row["TotalAmt"]) or str(here.date) != row["TxnDate"])
    ours, theirs = next(iter(_customer(here, row) if kind == "customer" else _work_code(here, row)))[1]
    return bool(ours != theirs)


def _named_by_questions(world: VirtualWorld, excused: list[Link]) -> set[Object]:
    """What a person is shown, or has put aside."""
    named = {(link.remote.entity, link.remote.remote_id) for link in excused if link.remote is not None}
    for issue in Issue.objects.filter(connection=world.connection).select_related("link"):
        entity, details = ENTITIES[issue.link.kind], issue.details
        shown = [each.get("remote_id") for each in details.get("candidates", ())]
        named |= {(entity, remote_id) for remote_id in (*shown, details.get("holder_id")) if remote_id}
    return named


def _lost(found: Findings, of: Shelf, excused: set[int]) -> None:
    """Whatever is live on one side is linked, or a person is told."""
    accounted = [link for link in of.links if link.paired or link.pk in excused]
    here = {link.local_id for link in accounted}
    there = {link.remote.remote_id for link in accounted if link.remote is not None} | of.named
    live = {"voided": False} if of.name in MONEY else {"active": True}
    if not KIND[of.name].wanted(of.world.connection):
        return  # by choice it stays where it is
    for record in MODELS[of.name].objects.filter(company=of.world.company, **live):
        if record.pk not in here:
            found.losses.append(f"{record} is not in QuickBooks")
    if of.name not in MONEY:
        for key, row in of.rows.items():
            if is_live(of.name, row) and is_taken(of.name, row) and key not in there:
                found.losses.append(f"{label(of.name, row)} is not in Service Genius")


def is_live(name: str, row: Mapping[str, Any]) -> bool:
    if name in {"customer", "work_code"}:
        return row.get("Active", True) is True
    return not str(row.get("PrivateNote", "")).startswith("Voided")


def _is_live_here(record: Any) -> bool:
    return bool(record.active) if hasattr(record, "active") else not record.voided


def is_taken(name: str, row: Mapping[str, Any]) -> bool:
    return name != "work_code" or row.get("Type") == "Service"


def label(name: str, row: Mapping[str, Any]) -> str:
    member = {"customer": "DisplayName", "work_code": "Name", "payment": "TotalAmt"}.get(name, "DocNumber")
    return f"{name} {row.get(member)}"


def _sums(
    found: Findings, world: VirtualWorld, links: list[Link], excused: set[int], dump: Mapping[str, Any]
) -> None:
    """Per customer: what is invoiced and what is paid, whoever has it on either side."""
    of_customer = {link.remote.remote_id: link for link in links if link.kind == "customer" and link.remote}
    for name, member in (("invoice", "total"), ("payment", "amount")):
        rows = {str(row["Id"]): row for row in dump.get(ENTITIES[name], [])}
        here: Counter[int] = Counter()
        there: Counter[int] = Counter()
        for link in links:
            if link.kind != name or not link.paired or link.pk in excused or link.remote is None:
                continue
            row, local = rows.get(link.remote.remote_id), MODELS[name].objects.get(pk=link.local_id)
            holder = of_customer.get(row["CustomerRef"]["value"]) if row else None
            if row is None or holder is None or link.answers or link.left_there or local.voided:
                continue  # gone, or agreed to be different: told of elsewhere
            if link.pk in world.left_under:
                continue  # a person was shown that it stays there with the other one
            here[local.customer_id] += getattr(local, member)
            there[_whose(holder, row)] += money(row["TotalAmt"])
        for pk in here.keys() | there.keys():
            found.differ(f"{name}s of customer {pk}", here[pk] + NOTHING, there[pk] + NOTHING)


def _whose(holder: Link, row: Mapping[str, Any]) -> int:
    """Whose it is here: where two were left unmerged there, what is tied together stays with the one."""
    if holder.local_id is None:
        return 0
    customer = Customer.objects.get(pk=holder.local_id)
    tied = row.get("LinkedTxn") or any(line.get("LinkedTxn") for line in row.get("Line", ()))
    while holder.state == Link.State.HOLD and tied and customer.merged_into is not None:
        customer = customer.merged_into
    return customer.pk


def _agreed_apart(link: Link) -> set[str]:
    """Fields whose values differ by agreement: left so there, or names that met at a first link, or what was
    to stay as it is on each side."""
    here, there = link.here_baseline or {}, link.there_baseline or {}
    names = {name for name in ("display_name", "name") if here.get(name) != there.get(name)}
    wins = link.connection.winners
    kept = {name for name in link.apart or () if wins[GROUP_OF[name]] == Wins.NEITHER}
    return names | kept | set(link.left_there or {})


def _is_accepted(link: Link) -> bool:
    """Whether a person has agreed to a difference."""
    return bool(link.answers.get("accepted_totals") or link.answers.get("on_account"))


def _paid_by_others(links: list[Link], dump: Mapping[str, Any]) -> dict[str, Decimal]:
    """What payments that are only in QuickBooks pay of each invoice there: a restored backup forgot them."""
    linked = {link.remote.remote_id for link in links if link.kind == "payment" and link.remote is not None}
    paid: dict[str, Decimal] = {}
    for row in dump.get("Payment", []):
        if row["Id"] in linked:
            continue
        for line in row.get("Line", []):
            for form in line.get("LinkedTxn", []):
                paid[form["TxnId"]] = paid.get(form["TxnId"], NOTHING) + money(line["Amount"])
    return paid


def _paid_by(links: list[Link], excused: set[int], dump: Mapping[str, Any]) -> set[int]:
    """Customers of whom a payment is not settled, or left different: what is open of theirs may differ."""
    apart = [link for link in links if link.pk in excused or link.left_there or _is_accepted(link)]
    unsettled = [link for link in apart if link.kind == "payment"]
    payments = {row["Id"]: row for row in dump.get("Payment", [])}
    paid = {
        form["TxnId"]
        for link in unsettled
        if link.remote is not None
        for line in payments.get(link.remote.remote_id, {}).get("Line", [])
        for form in line.get("LinkedTxn", [])
    }
    invoices = [
        link.local_id
        for link in links
        if link.kind == "invoice" and link.remote and link.remote.remote_id in paid
    ]
    held = Payment.objects.filter(pk__in=[link.local_id for link in unsettled])
    customers = {*held.values_list("customer_id", flat=True)}
    return customers | {*Invoice.objects.filter(pk__in=invoices).values_list("customer_id", flat=True)}


def _compare(
    found: Findings,
    name: str,
    here: Any,
    there: Mapping[str, Any],
    apart: set[str],
    *,
    moot: set[int],
    others: Mapping[str, Decimal],
) -> None:
    if name in MONEY and apart:
        return  # what a person left as it is in QuickBooks is told at the record
    if name == "payment":
        _compare_payment(found, here, there)
    elif name == "invoice":
        _compare_invoice(found, here, there, moot, others)
    elif name == "estimate":
        _compare_estimate(found, here, there)
    else:
        pairs = dict(_customer(here, there) if name == "customer" else _work_code(here, there))
        for member, (ours, theirs) in pairs.items():
            if ours != theirs and member not in apart and (here.active or is_live(name, there)):
                found.losses.append(f"{member} of {here}: {ours!r} here, {theirs!r} there")


def _named(there: Mapping[str, Any], member: str) -> str:
    """Its name, without what QuickBooks puts behind that of an inactive one."""
    name = str(there[member])
    return name if there.get("Active", True) else re.sub(r" \(deleted\)( \(\d+\))?$", "", name)


def _customer(here: Customer, there: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    yield "display_name", (here.display_name, _named(there, "DisplayName"))
    yield "notes", (here.notes, there.get("Notes", ""))
    yield "phone", (here.phone, (there.get("PrimaryPhone") or {}).get("FreeFormNumber", ""))
    yield "mobile", (here.mobile, (there.get("Mobile") or {}).get("FreeFormNumber", ""))
    yield "email", (here.email, (there.get("PrimaryEmailAddr") or {}).get("Address", ""))
    yield "billing_city", (here.billing_city, (there.get("BillAddr") or {}).get("City", ""))


def _work_code(here: WorkCode, there: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    yield "name", (here.name, _named(there, "Name"))
    yield "description", (here.description, there.get("Description", ""))
    yield "price", (here.price or Decimal(0), money(there.get("UnitPrice")))


def _compare_payment(found: Findings, here: Payment, there: Mapping[str, Any]) -> None:
    if here.voided:
        found.differ(f"voided {here}", NOTHING, money(there["TotalAmt"]))
        return
    applied = here.allocations.aggregate(sum=Sum("amount"))["sum"] or NOTHING
    lines = sum((money(line["Amount"]) for line in there.get("Line", []) if line.get("LinkedTxn")), NOTHING)
    found.differ(f"{here}", here.amount, money(there["TotalAmt"]))
    found.differ(f"applied of {here}", applied, lines)
    found.differ(f"rest of {here}", here.amount - applied, money(there.get("UnappliedAmt")))


def _compare_estimate(found: Findings, here: Estimate, there: Mapping[str, Any]) -> None:
    if here.voided:
        found.losses.append(f"{here} is voided here, and stands in QuickBooks")
        return
    found.differ(f"{here}", here.total, money(there["TotalAmt"]))
    for what, ours, theirs in (
        ("number", here.number, there["DocNumber"]),
        ("answer", ANSWERS[here.status], there["TxnStatus"]),
    ):
        if ours != theirs:
            found.losses.append(f"the {what} of {here} is {ours} here and {theirs} there")


def _compare_invoice(
    found: Findings, here: Invoice, there: Mapping[str, Any], moot: set[int], others: Mapping[str, Decimal]
) -> None:
    if here.voided:
        found.differ(f"voided {here}", NOTHING, money(there["TotalAmt"]))
        return
    paid = here.allocations.aggregate(sum=Sum("amount"))["sum"] or NOTHING
    if here.number != there["DocNumber"]:
        found.losses.append(f"{here} has the number {there['DocNumber']} there")
    found.differ(f"{here}", here.total, money(there["TotalAmt"]))
    found.differ(f"tax of {here}", here.tax, money((there.get("TxnTaxDetail") or {}).get("TotalTax")))
    if here.customer_id not in moot:
        left = here.total - paid - others.get(there["Id"], NOTHING)
        found.differ(f"open of {here}", left, money(there["Balance"]))


def money(value: Any) -> Decimal:
    return Decimal(str(value or 0)).quantize(CENT)
