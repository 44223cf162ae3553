"""Before the first transaction of a run is sent, find out what was entered in QuickBooks by hand already.

One batch of queries for the whole run: numbers per sales form, payments in one window of dates, invoices
that stayed out but are now paid, and what QuickBooks says of itself. Nothing is linked here on a guess.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from qbo.batch import BATCH_ITEMS_MAX
from qbo.errors import Refused
from qbo.payload import escape
from quickbooks_sync.access import asking
from quickbooks_sync.access import connection as connections
from quickbooks_sync.access.session import Session
from quickbooks_sync.agreements import settling
from quickbooks_sync.gathering import credit, payable
from quickbooks_sync.gathering.pairs import record_there
from quickbooks_sync.gathering.references import find_references
from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.kinds.base import Facts, Payload, decimal, reference
from quickbooks_sync.memory import directory
from quickbooks_sync.models import Connection, Link, Remote
from quickbooks_sync.planner.actions import RaiseIssue, Reason, Wait
from quickbooks_sync.planner.records import Encoded, encode
from service_genius.invoices.models import Invoice

from . import taken_numbers
from .newcomers import New, Wanted, portions

NUMBERS_PER_QUERY = 200
#: How far apart the dates of one payment may be on the two sides.
NEAR = timedelta(days=5)
#: Of how many invoices of the customer a person chooses the one an older payment pays.
SHORT_LIST = 10
#: Among so many of the latest are those without a Link.
LATEST = 100
ROWS_MAX = 1000
#: What a record waits for that QuickBooks refuses to look for.
UNANSWERED = "QuickBooks, which refuses to say whether it is there already ({words})"


def check(session: Session, kinds: Iterable[Kind]) -> None:
    """Look for look-alikes of everything new; what is found stands in `session.look_alikes`.

    What QuickBooks says of itself is asked in the same call: it decides what can go, edits included.
    """
    money = [kind for kind in kinds if kind.money]
    facts = connections.fact_statements()
    for wanted in portions(session, money):
        forms = list(_form_statements(wanted))
        numbered = [asking.select_numbers(form, numbers) for _, form, numbers in forms]
        window = [_page(statement, 1) for statement in _payment_statements(wanted)]
        older = list(_older_statements(wanted))
        answers = _ask(session, [*facts, *numbered, *window, *(text for _, text in older)])
        if facts:
            _learn(session, answers[: len(facts)])
        _compare_balances(session, wanted)
        rest = answers[len(facts) :]
        _compare_numbers(session, wanted, forms, rest[: len(forms)])
        for first in rest[len(forms) : len(forms) + len(window)]:
            if isinstance(first, Refused):
                _unknown(session, wanted.payments, first)
            else:
                _compare_payments(session, wanted, first)
        _link_older(session, wanted, older, rest[len(forms) + len(window) :])
        facts = []  # once a run
    if facts and _any_edited(session, money):
        _learn(session, _ask(session, facts))


def _learn(session: Session, answers: Sequence[list[Payload] | Refused]) -> None:
    known = [answer for answer in answers if not isinstance(answer, Refused)]
    for answer in answers:
        if isinstance(answer, Refused):
            asking.note(session, asking.SETTINGS, answer)
            return  # what was known before still counts
    with session.page():
        connections.learn(session.connection, known)
    session.facts = connections.facts_of(session.connection)


def _any_edited(session: Session, kinds: Iterable[Kind]) -> bool:
    """Whether one that is there already was edited, and nobody is asked about it yet."""
    names = [kind.name for kind in kinds]
    links = Link.objects.filter(connection=session.connection, kind__in=names, state=Link.State.ACTIVE)
    return links.filter(open=True, issue=None, local_id__isnull=False, remote__isnull=False).exists()


def _ask(session: Session, statements: list[str]) -> list[list[Payload] | Refused]:
    answers: list[list[Payload] | Refused] = []
    for start in range(0, len(statements), BATCH_ITEMS_MAX):
        session.assert_no_transaction()
        some = session.client.queries(statements[start : start + BATCH_ITEMS_MAX])
        answers += [answer if isinstance(answer, Refused) else list(answer.rows) for answer in some]
        session.keep_lease()
    return answers


def _unknown(session: Session, news: Iterable[New], refused: Refused) -> None:
    """Nobody knows whether these stand there already: they wait, and nothing is sent twice."""
    for new in news:
        if not new.known_new:
            session.look_alikes[new.link_id] = Wait(on=UNANSWERED.format(words=asking.words_of(refused)))


def _form_statements(wanted: Wanted) -> Iterator[tuple[Kind, str, list[str]]]:
    """Of each Kind that is numbered: every form that shares its numbers, and which of these are sought."""
    for name, numbered in wanted.numbers.items():
        numbers = sorted(numbered)
        for start in range(0, len(numbers), NUMBERS_PER_QUERY):
            for form in KIND[name].numbered_with:
                yield KIND[name], form, numbers[start : start + NUMBERS_PER_QUERY]


def _payment_statements(wanted: Wanted) -> Iterator[str]:
    days = sorted(new.date for new in wanted.payments)
    if days:
        first, last = days[0] - NEAR, days[-1] + NEAR
        yield f"SELECT * FROM Payment WHERE TxnDate >= '{first}' AND TxnDate <= '{last}'"  # noqa: S608


def _page(statement: str, start: int) -> str:
    return f"{statement} ORDERBY Id STARTPOSITION {start} MAXRESULTS {ROWS_MAX}"


def _older_statements(wanted: Wanted) -> Iterator[tuple[Invoice, str]]:
    for invoice in wanted.older.values():
        yield invoice, f"SELECT * FROM Invoice WHERE DocNumber = '{escape(invoice.number)}'"  # noqa: S608


def _compare_numbers(
    session: Session,
    wanted: Wanted,
    forms: list[tuple[Kind, str, list[str]]],
    answers: Sequence[list[Payload] | Refused],
) -> None:
    taken: dict[str, dict[int, Encoded]] = {name: {} for name in wanted.numbers}
    for (kind, form, numbers), answer in zip(forms, answers, strict=True):
        numbered, of_kind = wanted.numbers[kind.name], taken[kind.name]
        rows = answer if not isinstance(answer, Refused) else []
        if isinstance(answer, Refused):
            rows, refused = asking.by_number(session, form, numbers)
            for number, why in refused.items():
                _unknown(session, [numbered[number]], why)
        for row in directory.unlinked(session.connection, form, rows):
            new = numbered.get(str(row.get("DocNumber", "")))
            if new is None or not new.may_be(row):
                continue
            if form == kind.entity:
                _remember(session, form, row)
            details = _details(form, row) | {"number": new.number}
            if form == kind.entity and _same_customer_and_total(new, row):
                session.look_alikes[new.link_id] = RaiseIssue(reason=Reason.LOOK_ALIKE, details=details)
                of_kind.pop(new.link_id, None)
            elif new.link_id not in session.look_alikes:
                of_kind.setdefault(new.link_id, details)
    for name, those in taken.items():
        taken_numbers.ask(session, KIND[name], those)


def _compare_payments(session: Session, wanted: Wanted, first: list[Payload]) -> None:
    """Same customer and amount within a few days; each look-alike answers for one payment only."""
    alike: dict[tuple[str, Decimal], list[Payload]] = {}
    for row in _payments_there(session, wanted, first):
        if str(row["Id"]) not in wanted.met:
            alike.setdefault((reference(row, "CustomerRef"), decimal(row.get("TotalAmt"))), []).append(row)
    for new in wanted.payments:
        rows = alike.get((new.customer, new.total), [])
        near = [
            row
            for row in rows
            if abs(date.fromisoformat(row["TxnDate"]) - new.date) <= NEAR and new.may_be(row)
        ]
        if near:
            rows.remove(near[0])
            wanted.met.add(str(near[0]["Id"]))
            _remember(session, "Payment", near[0])
            details = _details("Payment", near[0])
            session.look_alikes[new.link_id] = RaiseIssue(reason=Reason.LOOK_ALIKE, details=details)


def _payments_there(session: Session, wanted: Wanted, first: list[Payload]) -> Iterator[Payload]:
    """Those without a Link, page by page: an office that takes much money has more than a page of them."""
    rows, start = first, 1
    yield from directory.unlinked(session.connection, "Payment", rows)
    while len(rows) == ROWS_MAX:
        start += ROWS_MAX
        (answer,) = _ask(session, [_page(statement, start) for statement in _payment_statements(wanted)])
        if isinstance(answer, Refused):
            _unknown(session, wanted.payments, answer)
            return
        rows = answer
        yield from directory.unlinked(session.connection, "Payment", rows)


def _compare_balances(session: Session, wanted: Wanted) -> None:
    """Without a call: what the linked invoices have left to pay there, less what this run sends before."""
    invoices = {pk for new in wanted.payments for pk, _ in new.allocations} - wanted.left.keys()
    remotes = Remote.objects.filter(
        link__connection=session.connection, link__kind="invoice", link__local_id__in=invoices
    ).values_list("link__local_id", "name", "balance", "total")
    # What an edit here adds to an invoice, or its tax there takes off, counts: it goes before its payments,
    # or they wait for it.
    edited = remotes.filter(link__open=True).values("link__local_id")
    totals = Invoice.objects.filter(company=session.connection.company, pk__in=edited)
    here = dict(totals.values_list("pk", "total"))
    moves: dict[int, Decimal] = {}
    for pk, number, balance, total in remotes:
        moves[pk or 0] = here[pk] - total if pk in here and total is not None else Decimal(0)
        wanted.left[pk or 0] = (number, (balance or Decimal(0)) + moves[pk or 0])
    for pk, amount in payable.given_up(session).items() if invoices else ():
        if pk in invoices and pk in wanted.left:
            number, balance = wanted.left[pk]
            wanted.left[pk] = (number, balance + amount)
            moves[pk] += amount
    for pk, room in credit.rooms_of(session.connection, invoices).items():
        # What QuickBooks applied by itself and gives back; what it keeps is told by `credit`.
        wanted.left[pk] = (room.number, room.left + room.given_back + moves.get(pk, Decimal(0)))
    for new in wanted.payments:
        for pk, applied in new.allocations:
            if pk not in wanted.left:
                continue
            number, balance = wanted.left[pk]
            if balance < applied:
                details: Encoded = {"number": number, "open": f"{balance:,.2f}", "applied": f"{applied:,.2f}"}
                session.look_alikes[new.link_id] = RaiseIssue(reason=Reason.ALREADY_PAID, details=details)
                break
            wanted.left[pk] = (number, max(balance - applied, Decimal(0)))


def _same_customer_and_total(new: New, row: Payload) -> bool:
    return reference(row, "CustomerRef") == new.customer and decimal(row.get("TotalAmt")) == new.total


def _remember(session: Session, entity: str, row: Payload) -> None:
    """Into the directory, so that a person can link it."""
    with session.page():
        directory.store(session.connection, entity, [row])


def _details(entity: str, row: Payload) -> Encoded:
    name = (row.get("CustomerRef") or {}).get("name", "somebody")
    what = f"{name}, {decimal(row.get('TotalAmt')):,.2f}, {row.get('TxnDate', '')}"
    return {"holder": entity, "holder_id": str(row["Id"]), "what": what}


def _link_older(
    session: Session,
    wanted: Wanted,
    older: list[tuple[Invoice, str]],
    answers: Sequence[list[Payload] | Refused],
) -> None:
    """An invoice that stayed out is linked, not sent, when number, customer and total are the same."""
    unsure: list[tuple[Invoice, str, list[Payload]]] = []
    for (invoice, _), rows in zip(older, answers, strict=True):
        if isinstance(rows, Refused):
            paying = set(wanted.paying[invoice.pk])
            _unknown(session, [new for new in wanted.payments if new.link_id in paying], rows)
            continue
        key = ("customer", invoice.customer_id)
        references, _ = find_references(session.connection, [key], ())
        customer = references.there.get(key) or session.coming.pairing.get(key)
        same = [
            row
            for row in directory.unlinked(session.connection, "Invoice", rows)
            if reference(row, "CustomerRef") == customer and decimal(row.get("TotalAmt")) == invoice.total
        ]
        if len(same) == 1 and session.run.preview:
            # A preview makes no Link; the run itself will.
            session.coming.pairing["invoice", invoice.pk] = str(same[0]["Id"])
            continue
        if len(same) != 1:
            unsure.append((invoice, customer or "", rows))
            continue
        with session.page():
            remote = directory.store(session.connection, "Invoice", same)[0]
            link_older(session.connection, session.facts, invoice, remote)
    _ask_which_older(session, wanted, unsure)


def _ask_which_older(
    session: Session, wanted: Wanted, unsure: list[tuple[Invoice, str, list[Payload]]]
) -> None:
    """Put those of the same number, the customer's latest, and those of the same total before a person."""
    statements = [
        f"SELECT * FROM Invoice WHERE {member} = '{escape(value)}' ORDERBY TxnDate DESC MAXRESULTS {LATEST}"  # noqa: S608 - escaped
        for invoice, customer, _ in unsure
        for member, value in (("CustomerRef", customer), ("TotalAmt", str(invoice.total)))
    ]
    answers = _ask(session, statements)
    for (invoice, _, rows), *others in zip(unsure, answers[::2], answers[1::2], strict=True):
        # Where one is refused, those of the number can still be chosen.
        latest, same_total = ([] if isinstance(answer, Refused) else answer for answer in others)
        free = [
            *directory.unlinked(session.connection, "Invoice", rows),
            *directory.unlinked(session.connection, "Invoice", latest)[:SHORT_LIST],
            *directory.unlinked(session.connection, "Invoice", same_total)[:SHORT_LIST],
        ]
        found = {str(row["Id"]): row for row in free}
        with session.page():
            remotes = directory.store(session.connection, "Invoice", list(found.values()))
        details: Encoded = {
            "number": invoice.number,
            "invoice": invoice.pk,
            "candidates": directory.candidates(remotes),
        }
        for link_id in wanted.paying.get(invoice.pk, ()):
            session.look_alikes[link_id] = RaiseIssue(reason=Reason.OLDER_INVOICE, details=details)


def link_older(connection: Connection, facts: Facts, invoice: Invoice, remote: Remote) -> Link:
    """Link an invoice that stayed out with the one there: both stay as they are."""
    kind = KIND["invoice"]
    link = Link(connection=connection, kind=kind.name, local_id=invoice.pk)
    here, there = encode(kind.from_here(invoice)), record_there(connection, kind, remote.payload, facts)
    settling.agreed(link, here=here, here_revision=invoice.revision, there=there, remote=remote)
    link.save()
    return link
