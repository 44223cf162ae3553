"""What no list has: journal entries on receivables, refunds, lines of deposits, statement charges.

They are told by type and id in the report of a customer's documents, and by nothing else for sure.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from qbo.errors import DoesNotAddUp, NarrowDown, NotAsAsked, Refused
from qbo.reports import ReportRow
from quickbooks_sync.access.session import Session
from quickbooks_sync.memory import entries
from quickbooks_sync.models import Connection, Entry, Remote
from quickbooks_sync.observing.storing import observation

from . import accounts

log = logging.getLogger(__name__)

REPORT = "CustomerBalanceDetail"
#: Customers of one call: an address must not get too long.
CUSTOMERS_PER_CALL = 50
#: Of a company that does not add up at all, so many customers are looked into in one check.
CUSTOMERS_MAX = 500
#: What is dated later counts, too; nothing of ours is dated further ahead.
AHEAD = timedelta(days=3660)
#: The entities that reports call otherwise.
ENTITIES = {"Credit Memo": "CreditMemo", "Journal Entry": "JournalEntry"}
#: The keys of its columns are not known for sure (facts K4): of these sorts the first is meant.
DAY, AMOUNT, NUMBER = "Date", "Money", "doc_num"


def read_unlisted(session: Session, keys: Iterable[str]) -> None:
    """Store every document of these accounts as the report has it, and forget what it does not have."""
    wanted = _customers(session.connection, keys)[:CUSTOMERS_MAX]
    for start in range(0, len(wanted), CUSTOMERS_PER_CALL):
        part = wanted[start : start + CUSTOMERS_PER_CALL]
        rows = _ask(session, part)
        if rows is not None:
            _store(session, part, rows)


def _customers(connection: Connection, keys: Iterable[str]) -> list[str]:
    """All customers of these accounts in QuickBooks: remote ids."""
    wanted = set(keys)
    return sorted(
        remote_id for remote_id, key in accounts.read(connection).of_remote.items() if key in wanted
    )


def _ask(session: Session, customers: Sequence[str]) -> list[ReportRow] | None:
    day = session.clock.utc().date() + AHEAD
    session.assert_no_transaction()
    try:
        report = session.client.report(
            REPORT, customer=",".join(customers), report_date=day.isoformat(), arpaid="All"
        )
    except (Refused, NarrowDown, NotAsAsked, DoesNotAddUp) as error:
        log.warning("run %s: %s: %s", session.run.pk, REPORT, error)
        return None
    return report.rows


def _store(session: Session, customers: Sequence[str], rows: Sequence[ReportRow]) -> None:
    connection = session.connection
    found = _summed(_entry(session, row) for row in rows)
    ours = _linked(connection, found)
    told = [entry for entry in found if (entry.sort, entry.remote_id) not in ours]
    with session.page(rows=len(told)):
        Entry.objects.filter(connection=connection, customer__in=customers).delete()
        entries.store(told)


def _linked(connection: Connection, found: Iterable[Entry]) -> set[tuple[str, str]]:
    """Which of these are a record's counterpart."""
    linked = Remote.objects.filter(
        connection=connection,
        entity__in=entries.SIGNS,
        remote_id__in={entry.remote_id for entry in found},
        link__local_id__isnull=False,
    )
    return set(linked.values_list("entity", "remote_id"))


def _entry(session: Session, row: ReportRow) -> Entry:
    sort = next(cell for cell in row.cells if cell.id)
    numbers = [cell.text for cell in row.cells if cell.key == NUMBER]
    entity = ENTITIES.get(sort.text, sort.text)
    return Entry(
        connection=session.connection,
        sort=entity[:60],
        remote_id=sort.id,
        customer=row.under[-1].id,
        number="".join(numbers)[:60],
        date=date.fromisoformat(row[DAY].text),
        amount=row[AMOUNT].amount,
        reported=entity not in entries.SIGNS,
        seen_by=observation(session),
    )


def _summed(found: Iterable[Entry]) -> list[Entry]:
    """One Entry for each document and customer, however many rows the report has of it."""
    one: dict[tuple[str, str, str], Entry] = {}
    for entry in found:
        key = entry.sort, entry.remote_id, entry.customer
        if key in one:
            one[key].amount += entry.amount
        else:
            one[key] = entry
    return list(one.values())
