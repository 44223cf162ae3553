"""Fixed SQL finds and writes what Django's own would, on both databases."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection as database
from django.db.models import F, Q
from django.test.utils import CaptureQueriesContext

from quickbooks_sync.kinds import KIND
from quickbooks_sync.memory import rows_here
from quickbooks_sync.models import Change, Connection, Link, Marker, Outcome, Remote, SyncRun
from quickbooks_sync.planner.records import encode
from quickbooks_sync.sql import prepared, rows
from quickbooks_sync.sql.prepared import Select, Update
from service_genius.companies.models import Company
from service_genius.customers.models import Customer
from service_genius.invoices.models import Invoice, InvoiceLine
from service_genius.work_codes.models import WorkCode

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 1, 12, 30, 15, 250_000, tzinfo=dt.UTC)


@pytest.fixture
def connection() -> Connection:
    company = Company.objects.create(name="Fixed", zone="America/Denver")
    return Connection.objects.create(
        company=company, environment="emulator", realm_id="1", connected_at=NOW, start_date=NOW.date()
    )


def _remotes(connection: Connection, numbers: range, **more: object) -> list[Remote]:
    return [
        Remote(connection=connection, entity=entity, remote_id=str(number), name=f"{entity} {number}", **more)
        for number in numbers
        for entity in ("Customer", "Item")
    ]


def _content(row: object) -> dict[str, object]:
    return {
        name: bytes(value) if isinstance(value, memoryview) else value
        for name, value in vars(row).items()
        if name not in {"id", "_state"}
    }


def test_rows_are_written_as_bulk_create_writes_them(connection: Connection) -> None:
    full = {
        "token": 2**40,
        "active": False,
        "total": Decimal("1234.50"),
        "balance": Decimal("-0.01"),
        "packed": b"\x00\xff%s",
        "email": "100 %s of ?",
    }
    Remote.objects.bulk_create(_remotes(connection, range(1, 4), **full))
    told = [_content(row) for row in Remote.objects.order_by("pk")]
    Remote.objects.all().delete()
    rows.insert(_remotes(connection, range(1, 4), **full))
    assert [_content(row) for row in Remote.objects.order_by("pk")] == told


def test_json_times_and_nothing_are_written_as_they_are(connection: Connection) -> None:
    run = SyncRun.objects.create(connection=connection, scope="full", created_at=NOW, due_at=NOW)
    link = Link.objects.create(connection=connection, kind="customer", local_id=1)
    after = {"lines": [{"quantity": "1.50", "what": 'a "b" %s ł'}], "active": True, "parent": None}
    rows.insert(
        [
            Change(
                run=run,
                link=link,
                kind="customer",
                side="here",
                action="created",
                label="A",
                before={},
                after=after,
                at=NOW,
            )
        ]
    )
    change = Change.objects.get()
    assert (change.after, change.before, change.at, change.link) == (after, {}, NOW, link)
    link.here_baseline, link.answers, link.open = {"name": "text"}, {"allowed": [1, "2"]}, False
    assert rows.update([link], ["here_baseline", "answers", "open"]) == 1
    link.here_baseline = None
    kept = Link.objects.get()
    assert (kept.here_baseline, kept.answers, kept.open) == ({"name": "text"}, {"allowed": [1, "2"]}, False)
    rows.update([link], ["here_baseline"])
    assert Link.objects.filter(here_baseline__isnull=True).exists()


def test_an_upsert_teaches_each_row_its_own_id(connection: Connection) -> None:
    """Ids overlap between entities: an answer in another order must not mix them up."""
    first = _remotes(connection, range(1, 3))
    rows.upsert(first, unique=["connection", "entity", "remote_id"], fields=["token"])
    again = list(reversed(_remotes(connection, range(4), token=7, phone="not written")))
    rows.upsert(again, unique=["connection", "entity", "remote_id"], fields=["token"])
    stored = {(row.entity, row.remote_id): row for row in Remote.objects.all()}
    assert len(stored) == 8
    for row in again:
        known = stored[row.entity, row.remote_id]
        assert (known.pk, known.token) == (row.pk, 7)
    for row in first:
        assert stored[row.entity, row.remote_id].phone == ""


def test_what_is_there_already_can_be_passed_over(connection: Connection) -> None:
    words = [Marker(connection=connection, word=word, kind="invoice", local_id=1) for word in ("a", "b")]
    rows.insert(words[:1])
    rows.insert(words, unless_there=True)
    assert sorted(Marker.objects.values_list("word", flat=True)) == ["a", "b"]


def test_a_column_that_the_database_fills_in_is_refused() -> None:
    with pytest.raises(TypeError, match="no plain column"):
        rows.insert([Outcome(kind="customer", label="A", words="B")])


def test_an_update_tells_how_many_rows_are_there(connection: Connection) -> None:
    rows.insert(_remotes(connection, range(3)))
    known = list(Remote.objects.order_by("pk"))
    known[0].delete()
    assert rows.update([*known[1:], Remote(pk=known[1].pk + 1000)], ["name"]) == 5
    assert rows.update([], ["name"]) == 0


def test_more_rows_than_one_statement_takes(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "PARAMETERS_MAX", 40)
    written = _remotes(connection, range(10))
    rows.upsert(written, unique=["connection", "entity", "remote_id"], fields=["token"])
    assert {row.pk for row in written} == set(Remote.objects.values_list("pk", flat=True))


NAMED = Select(
    lambda connection, entity, ids: (
        Remote.objects.filter(
            connection=connection, entity=entity, remote_id__in=ids, token__gte=F("seen_by"), deleted=False
        )
        .select_related("link", "link__issue")
        .order_by("pk")
    )
)
LINKS = Select(lambda remotes: Link.objects.filter(remote__in=remotes).values_list("pk", "remote__name"))
OPENED = Update(Link, lambda links: Q(pk__in=links), "waits_for", "left_there", open=False)


@pytest.fixture
def linked(connection: Connection) -> list[Remote]:
    rows.insert(_remotes(connection, range(20)))
    known = list(Remote.objects.order_by("pk"))
    rows.insert(Link(connection=connection, kind="customer", remote=each) for each in known[:5])
    return known


@pytest.mark.parametrize("number", [1, 2, 3, 5, 17])
def test_a_select_finds_what_its_queryset_finds(
    connection: Connection, linked: list[Remote], number: int
) -> None:
    ids = [str(each) for each in range(number)]
    found = NAMED(connection=connection.pk, entity="Item", ids=ids)
    plain = Remote.objects.filter(connection=connection, entity="Item", remote_id__in=ids).order_by("pk")
    assert [_content(row) for row in found] == [_content(row) for row in plain]
    with CaptureQueriesContext(database) as asked:
        assert [hasattr(row, "link") for row in found] == [row in linked[:5] for row in found]
    assert not asked.captured_queries  # it came along


def test_values_are_put_in_anew_each_time(connection: Connection, linked: list[Remote]) -> None:
    for ids in (["1"], ["2"], ["1", "2"], ["2", "3"], ["' OR 1=1 --"], ["%s"]):
        found = NAMED(connection=connection.pk, entity="Customer", ids=ids)
        assert {row.remote_id for row in found} == {each for each in ids if each.isdigit()}
    assert not NAMED(connection=connection.pk + 1, entity="Customer", ids=["1"])
    assert len(LINKS(remotes=[each.pk for each in linked])) == 5


def test_an_empty_list_finds_nothing_and_asks_nothing(connection: Connection) -> None:
    with CaptureQueriesContext(database) as asked:
        assert NAMED(connection=connection.pk, entity="Item", ids=[]) == []
        assert OPENED(links=[], waits_for="", left_there=None) == 0
    assert not asked.captured_queries


def test_a_long_list_is_asked_in_parts(
    connection: Connection, linked: list[Remote], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "LIST_MAX", 8)
    ids = [str(number) for number in (*range(20), *range(20))]
    with CaptureQueriesContext(database) as asked:
        found = NAMED(connection=connection.pk, entity="Item", ids=ids)
    assert len(asked.captured_queries) == 3
    assert sorted(row.pk for row in found) == [row.pk for row in linked if row.entity == "Item"]


def test_what_refers_to_rows_comes_along_in_its_order(connection: Connection) -> None:
    company, day = connection.company, NOW.date()
    customer = Customer.objects.create(company=company, display_name="Aspen", revision=1)
    work_code = WorkCode.objects.create(company=company, name="Mow", price=1, revision=1)
    amounts = dict.fromkeys(("subtotal", "discount", "tax", "total"), 0)
    invoices = [
        Invoice.objects.create(
            company=company,
            customer=customer,
            number=number,
            date=day,
            due_date=day,
            **amounts,
            revision=1,
        )
        for number in "123"
    ]
    for position in (2, 0, 1):
        for invoice in invoices[:2]:
            InvoiceLine.objects.create(
                document=invoice,
                position=position,
                work_code=work_code,
                quantity=1,
                unit_price=1,
                amount=1,
                taxable=False,
            )
    kind = KIND["invoice"]
    found = rows_here.by_ids(connection, kind, [invoice.pk for invoice in invoices])
    assert found.keys() == {invoice.pk for invoice in invoices}
    with CaptureQueriesContext(database) as asked:
        lines = [[line.position for line in found[invoice.pk].lines.all()] for invoice in invoices]
        records = [encode(kind.from_here(found[invoice.pk])) for invoice in invoices]
        assert all(line.document is row for row in found.values() for line in row.lines.all())
    assert lines == [[0, 1, 2], [0, 1, 2], []]
    assert not asked.captured_queries
    plain = kind.all_here(company).filter(pk__in=found).order_by("pk")
    assert records == [encode(kind.from_here(invoice)) for invoice in plain]
    with pytest.raises(AttributeError):  # a list is no QuerySet, and says so
        found[invoices[0].pk].lines.order_by("pk")


def test_an_update_sets_and_counts(linked: list[Remote]) -> None:
    links = list(Link.objects.order_by("pk"))
    left = {"name": "100 %s", "lines": [1]}
    assert OPENED(links=[link.pk for link in links[:3]], waits_for="100 %s", left_there=left) == 3
    assert [link.left_there for link in Link.objects.order_by("pk")] == [left] * 3 + [None] * 2
    assert OPENED(links=[links[0].pk], waits_for="100 %s", left_there=None) == 1
    assert Link.objects.filter(left_there__isnull=True).count() == 3
    assert [link.open for link in Link.objects.order_by("pk")] == [False] * 3 + [True] * 2
    assert Link.objects.filter(waits_for="100 %s").count() == 3


def test_a_value_that_changes_what_is_asked_is_refused(connection: Connection) -> None:
    with pytest.raises(TypeError, match="neither an id nor a text"):
        Select(lambda active: Remote.objects.filter(active=active))(active=True)
    with pytest.raises(TypeError, match="not among the parameters"):
        Select(lambda name: Remote.objects.filter(name__startswith=name))(name="A")
