"""What a person can answer about an invoice or a payment."""

from datetime import date
from decimal import Decimal

from quickbooks_sync.access import connection as connections
from quickbooks_sync.gathering import credit
from quickbooks_sync.kinds import KIND
from quickbooks_sync.kinds.money import amount_words
from quickbooks_sync.memory.numbers import Numbers
from quickbooks_sync.models import Issue, Link
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import changed
from quickbooks_sync.planner.records import encode, encode_value
from quickbooks_sync.sending.look_alikes import link_older
from service_genius.invoices.models import Invoice
from service_genius.shared import days

from .shared import CannotResolveError, both_sides, free, unlinked_remote, write_here


def accept(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001 - the shape of every answer
    """Both stay as they are; the difference is remembered, and is no hindrance while it is just this one."""
    if issue.reason != Reason.STORED_DIFFERENTLY or "stored" not in issue.details:
        raise CannotResolveError("There is no difference to accept any more. Please sync and look again.")
    link.answers = {
        **link.answers,
        "accepted_totals": {"sent": issue.details["sent"], "stored": issue.details["stored"]},
    }
    free(link)
    return f"“{issue.label}” stays as it is on both sides. What waited for it goes with the next sync."


def void_there(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Take it out of the books there, and keep it here, not synced."""
    link.answers = {**link.answers, "void_there": True}
    free(link)
    done = "deleted" if KIND[link.kind].removal == "delete" else "voided"
    return f"“{issue.label}” is {done} in QuickBooks with the next sync, and not synced after that."


def keep_there(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """It is not to be voided or deactivated there after all."""
    if not KIND[link.kind].money:
        write_here(link, {"active": True})
        free(link)
        return f"“{issue.label}” is active here again, as it is in QuickBooks."
    link.answers = {name: kept for name, kept in link.answers.items() if name != "void_there"}
    free(link)
    return f"“{issue.label}” stays in QuickBooks."


def allow(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Send this very edit, although it is paid or was touched there."""
    _, here, _ = both_sides(link)
    link.answers = {**link.answers, "allowed": here}
    free(link)
    return f"“{issue.label}” goes to QuickBooks as it is here, with the next sync."


def take_back(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Undo here what was edited after it was paid: it becomes again as it is there."""
    kind, here, there = both_sides(link)
    fields = changed(link.here_baseline or {}, here)
    local = write_here(link, {name: there[name] for name in sorted(fields)})
    link.here_baseline, link.here_revision = encode(kind.from_here(local)), local.revision
    free(link)
    return f"“{issue.label}” is here again as it is in QuickBooks."


def renumber(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Give it, and those that wait with it, the free numbers that were proposed, in their order."""
    of_both = Numbers(issue.connection.company, issue.connection)
    numbers = of_both.proposed(issue) if issue.reason == Reason.NUMBER_TAKEN else []
    if not numbers:
        raise CannotResolveError("There is no other number to give it any more. Please look at it again.")
    waiting = Link.objects.select_related("remote", "connection__company").filter(
        connection=issue.connection, kind=link.kind, pk__in=issue.details.get("others", ()), remote=None
    )
    those = {each.local_id or 0: each for each in [link, *waiting.exclude(pk=link.pk)]}
    kind = KIND[link.kind]
    rows = kind.all_here(issue.connection.company).filter(pk__in=those)
    in_order = sorted(rows, key=lambda document: (len(document.number), document.number))
    given = list(zip(in_order, numbers, strict=False))
    for document, number in given:
        write_here(those[document.pk], {"number": number})
        free(those[document.pk])
    if len(given) == 1:
        return f"“{issue.label}” now has the number {numbers[0]}; the next sync sends it."
    those_given = f"{len(given):,} {kind.plural_there} now have the numbers from {numbers[0]} on"
    return f"The {those_given}; the next sync sends them."


def redate(issue: Issue, link: Link, value: str) -> str:
    """Give it the later date that a person chose."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise CannotResolveError("Please choose a date.") from None
    if fault := days.fault(day, today=issue.connection.company.today()):
        raise CannotResolveError(f"New date: {fault}")
    kind = KIND[link.kind]
    dated = kind.all_here(issue.connection.company).get(pk=link.local_id or 0)
    write_here(link, kind.dated(dated, day))
    free(link)
    return f"“{issue.label}” has its new date; the next sync sends it."


def activate(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Make what it refers to active on both sides again."""
    name, known = issue.details["name"], issue.details
    wanted = (
        Link.objects.select_for_update(of=("self",))
        .select_related("remote", "connection__company")
        .filter(connection=issue.connection, kind=known["kind"], local_id=known["local_id"])
        .first()
    )
    if wanted is None or wanted.state != Link.State.ACTIVE:
        raise CannotResolveError(f"“{name}” is not synced. Make it active in QuickBooks, then sync.")
    local = write_here(wanted, {"active": True})
    _, _, there = both_sides(wanted)
    # Theirs is the old value, so that ours is a change to be sent.
    wanted.here_baseline = {**(wanted.here_baseline or {}), "active": there["active"]}
    wanted.here_revision = local.revision
    free(wanted)
    free(link)
    return f"“{name}” is active here, and in QuickBooks with the next sync; then this goes, too."


def activate_here(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Make active again what was made inactive before it was ever sent."""
    known = issue.details
    write_here(
        Link(connection=issue.connection, kind=known["kind"], local_id=known["local_id"]), {"active": True}
    )
    free(link)
    return f"“{known['name']}” is active again; the next sync sends it, and then this, too."


def pick(issue: Issue, link: Link, value: str) -> str:
    """Say which invoice there is the older one that this payment pays."""
    connection = issue.connection
    wanted = issue.details.get("invoice") or 0
    invoice = Invoice.objects.filter(company=connection.company, pk=wanted).first()
    if (
        invoice is None
        or Link.objects.filter(connection=connection, kind="invoice", local_id=invoice.pk).exists()
    ):
        raise CannotResolveError("That invoice is linked or gone meanwhile. Please sync and look again.")
    remote = unlinked_remote(issue, "Invoice", value)
    older = link_older(connection, connections.facts_of(connection), invoice, remote)
    sent, stored = KIND["invoice"].totals_here(invoice), KIND["invoice"].totals_there(remote.payload)
    different = [name for name in sorted(sent) if sent[name] != stored[name]]
    if different:  # whoever picked it saw its total
        older.answers = {
            "accepted_totals": {
                "sent": {name: sent[name] for name in different},
                "stored": {name: stored[name] for name in different},
            }
        }
        older.save(update_fields=["answers"])
    free(link)
    return f"“{invoice}” is linked with the one in QuickBooks; the next sync sends the payment."


def on_account(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Send it without the invoice that is not there: the customer's credit in QuickBooks."""
    link.answers = {**link.answers, "on_account": True}
    free(link)
    return f"“{issue.label}” goes to QuickBooks as a credit of the customer, with the next sync."


def apply_left(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Let it pay, here too, no more of its invoices than is left to pay there."""
    kind, company = KIND[link.kind], issue.connection.company
    record = encode(kind.from_here(kind.all_here(company).get(pk=link.local_id)))
    left = credit.left_there(issue.connection, link, record)
    lowered = [
        {"invoice": each["invoice"], "amount": encode_value(min(Decimal(each["amount"]), room))}
        for each in record["allocations"]
        for room in [max(left.get(each["invoice"], Decimal(each["amount"])), Decimal(0))]
    ]
    write_here(link, {"allocations": [each for each in lowered if Decimal(each["amount"])]})
    free(link)
    freed = [
        Decimal(before["amount"]) - Decimal(now["amount"])
        for before, now in zip(record["allocations"], lowered, strict=True)
    ]
    amount = amount_words(sum(freed, Decimal(0)), company.currency)
    return f"“{issue.label}” leaves {amount} as the customer's credit; the next sync sends it."
