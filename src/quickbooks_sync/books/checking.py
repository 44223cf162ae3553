"""The check of the books: QuickBooks is asked anew, in two ways that do not hang on each other.

The balance of every customer comes by query, what its documents come to from QuickBooks' own report. Where
the documents that are known do not add up to a balance, a report by document tells what else there is.
"""

import logging
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from qbo.errors import DoesNotAddUp, NarrowDown, NotAsAsked, Refused
from qbo.reports import Report
from quickbooks_sync.access.session import Session
from quickbooks_sync.models import BooksCheck, Entry
from quickbooks_sync.observing.there import read_customers, read_entries
from quickbooks_sync.planner.books import ZERO, Comparison
from quickbooks_sync.wording.books import ASTRAY

from . import accounts, reading
from .accounts import Accounts
from .unlisted import read_unlisted

log = logging.getLogger(__name__)


def check_books(session: Session) -> None:
    """Look at both sides anew, and write down how the books stand."""
    connection = session.connection
    if connection.books_known_at is None:
        read_entries(session)
    read_customers(session)
    found = reading.comparison(connection, thorough=True)
    # Of what a report told before no feed says what has become of it.
    known = accounts.read(connection)
    reported = {
        known.there(each.customer) for each in Entry.objects.filter(connection=connection, reported=True)
    }
    if doubtful := reported | {account.key for account in found.astray}:
        read_unlisted(session, doubtful)
        found = reading.comparison(connection, thorough=True)
    day = connection.company.today()
    report = _report(session, "CustomerBalance", report_date=day.isoformat())
    _write_down(session, found, report, day)


def _report(session: Session, name: str, **parameters: str) -> Report | None:
    """The report, or nothing where QuickBooks gives none that can be believed."""
    session.assert_no_transaction()
    try:
        return session.client.report(name, **parameters)
    except (Refused, NarrowDown, NotAsAsked, DoesNotAddUp) as error:
        log.warning("run %s: %s: %s", session.run.pk, name, error)
        return None


def _write_down(session: Session, found: Comparison, report: Report | None, day: date) -> None:
    connection = session.connection
    known = accounts.read(connection)
    later = reading.dated_later(connection, found, day)
    reported = _by_account(report, known) if report is not None else None
    misreported = _misreported(found, reported, later) if reported is not None else set()
    check = BooksCheck(
        run=session.run,
        at=session.clock.utc(),
        here=found.here,
        there=found.there,
        explained=found.explained,
        astray=len(found.astray),
        reported=sum(reported.values(), ZERO) if reported is not None else None,
        reported_for=day if reported is not None else None,
        later=sum(later.values(), ZERO),
        misreported=len(misreported),
    )
    session.counts[ASTRAY] = len({account.key for account in found.astray} | misreported)
    with session.page():
        BooksCheck.objects.filter(run=session.run).delete()  # of an attempt that died
        check.save()


def _by_account(report: Report, known: Accounts) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for row in report.rows:
        key = known.there(row["Customer"].id)
        if key not in known.foreign:
            sums[key] = sums.get(key, ZERO) + row.total
    return sums


def _misreported(
    found: Comparison, reported: Mapping[str, Decimal], later: Mapping[str, Decimal]
) -> set[str]:
    """The accounts of which the report, and what is dated later, come to something else than the balance."""
    return {
        key
        for key in {*found.accounts, *reported}
        if key not in found.accounts
        or reported.get(key, ZERO) + later.get(key, ZERO) != found.accounts[key].there
    }
