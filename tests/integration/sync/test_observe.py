"""What a run looks at in QuickBooks: the fewest calls that can be sure, and nothing believed too soon."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from qbo.payload import dumps
from quickbooks_sync.gathering.references import find_references
from quickbooks_sync.memory import directory
from quickbooks_sync.models import Connection, Link, Remote, Sending, SyncRun
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.emulator import send
from tests.world import Killed, World


@pytest.fixture
def settled(world: World) -> World:
    """One of each list on both sides, and nothing left to do."""
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=world.company, values={"name": "Tune-up", "price": Decimal(89)})
    world.full()
    first = world.sync()
    assert first.state == "done", first.error
    return world


def amelia(world: World) -> dict[str, Any]:
    return next(row for row in world.there("Customer") if row["DisplayName"] == "Amelia Hartwell")


def edit_there(world: World, **members: Any) -> dict[str, Any]:
    """Somebody edits Amelia in QuickBooks."""
    row = amelia(world)
    return world.post("customer", {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True, **members})


def requests_of(world: World, act: Callable[[], SyncRun]) -> list[str]:
    """The calls of a run as QuickBooks saw them: the path's end, and what a batch held."""
    before = world.emulator.requests()
    since = before[-1]["number"] if before else 0
    run = act()
    assert run.state == "done", run.error
    seen = [row for row in world.emulator.requests(since) if row["realm"] == world.realm]
    return [" ".join([row["operation"], *row["items"]]) for row in seen]


def deleted_there(world: World, entity: str, row: dict[str, Any]) -> None:
    status, text, _ = send(
        "POST",
        f"{world.emulator.url}/v3/company/{world.realm}/{entity}?operation=delete&minorversion=75",
        body=dumps({"Id": row["Id"], "SyncToken": row["SyncToken"]}).encode(),
        headers={
            "Authorization": f"Bearer {world.token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        },
    )
    assert status == 200, text


def sent_invoice(world: World) -> dict[str, Any]:
    """An invoice that was sent; as QuickBooks has it."""
    customer = Customer.objects.get(display_name="Amelia Hartwell")
    line = {
        "work_code": WorkCode.objects.get(name="Tune-up").pk,
        "description": "Work",
        "quantity": Decimal(1),
        "unit_price": Decimal(100),
        "taxable": False,
    }
    day = date.today()  # noqa: DTZ011 - any day will do
    invoices.create(
        company=world.company,
        values={"number": "1", "customer": customer.pk, "date": day, "due_date": day, "lines": [line]},
    )
    run = world.sync()
    assert run.state == "done", run.error
    (row,) = world.there("Invoice")
    return row


def watermarks(world: World) -> tuple[int, datetime]:
    connection = Connection.objects.get(pk=world.connection.pk)
    assert connection.there_watermark is not None
    return connection.here_watermark, connection.there_watermark


def seen_long_ago(world: World, days: int) -> None:
    Connection.objects.update(there_watermark=datetime.now(UTC) - timedelta(days=days))


def wrote(world: World, **counts: int) -> None:
    """So many writes of our own since the watermark."""
    Sending.objects.create(
        connection=world.connection,
        run=SyncRun.objects.latest("pk"),
        request_id="many",
        body=b"",
        items=[],
        counts=counts,
        state=Sending.State.SETTLED,
        sent_at=datetime.now(UTC),
        answered_time=datetime.now(UTC),
    )


# --- How it looks -----------------------------------------------------------------------------------


def test_a_quiet_day_costs_one_look_at_everything_that_changed(settled: World) -> None:
    assert requests_of(settled, settled.sync) == ["cdc"]


def test_what_was_changed_and_added_there_is_seen_in_one_call(settled: World) -> None:
    edit_there(settled, Notes="Gate code 4711")
    settled.post("customer", {"DisplayName": "Desert Rose Dental"})
    assert requests_of(settled, settled.sync) == ["cdc"]
    assert settled.issues() == {"Amelia Hartwell": "changed_there"}
    assert Customer.objects.filter(display_name="Desert Rose Dental").exists()


def test_what_we_wrote_too_often_for_one_look_is_read_by_queries(settled: World) -> None:
    wrote(settled, Customer=801)
    edit_there(settled, Notes="Gate code 4711")
    # One batch call counts and reads the customers; one look serves all others.
    assert requests_of(settled, settled.sync) == ["batch query Customer query Customer", "cdc"]
    assert settled.issues() == {"Amelia Hartwell": "changed_there"}


def test_up_to_800_writes_of_our_own_one_look_serves(settled: World) -> None:
    wrote(settled, Customer=399, Item=399)  # and the two of the Full Sync
    assert requests_of(settled, settled.sync) == ["cdc"]


def test_a_look_that_may_not_hold_everything_is_followed_by_queries(settled: World) -> None:
    vendors = [{"Id": str(5000 + number), "DisplayName": f"Vendor {number}"} for number in range(1000)]
    settled.emulator.load(settled.realm, {"Vendor": vendors})
    settled.post("customer", {"DisplayName": "Desert Rose Dental"})

    calls = requests_of(settled, settled.sync)

    assert calls[0] == "cdc"
    assert any("query Vendor" in call for call in calls[1:])
    assert Remote.objects.filter(entity="Vendor").count() == len(settled.there("Vendor"))
    assert Customer.objects.filter(display_name="Desert Rose Dental").exists()


def test_a_record_that_was_loaded_with_its_name_alone_is_synced_as_any_other(settled: World) -> None:
    settled.emulator.load(settled.realm, {"Customer": [{"Id": "77", "DisplayName": "Bare Branches"}]})
    assert settled.sync().state == "done"
    assert Customer.objects.filter(display_name="Bare Branches").exists()
    found = Customer.objects.get(display_name="Bare Branches")
    customers.update(company=settled.company, id=found.pk, values={"notes": "Gate code 4711"})
    assert settled.sync().state == "done"
    (there,) = [row for row in settled.there("Customer") if row["Id"] == "77"]
    assert (there["Notes"], there["SyncToken"]) == ("Gate code 4711", "1")
    assert settled.issues() == {}


def test_after_29_days_queries_find_what_changed(settled: World) -> None:
    seen_long_ago(settled, 30)
    edit_there(settled, Notes="Gate code 4711")
    settled.post("customer", {"DisplayName": "Desert Rose Dental"})
    calls = requests_of(settled, settled.sync)
    assert "cdc" not in calls
    assert len(calls) == 1, "all of them in one call"
    assert settled.issues() == {"Amelia Hartwell": "changed_there"}
    assert Customer.objects.filter(display_name="Desert Rose Dental").exists()


def test_within_29_days_one_look_suffices(settled: World) -> None:
    seen_long_ago(settled, 28)
    assert requests_of(settled, settled.sync) == ["cdc"]


def test_where_quickbooks_remembers_for_a_shorter_time_queries_take_over(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for what is read beside Kinds that queries read anyway."""
    monkeypatch.setattr("quickbooks_sync.observing.there.WINDOW", timedelta(days=60))
    seen_long_ago(settled, 45)
    wrote(settled, Item=801)
    settled.post("customer", {"DisplayName": "Desert Rose Dental"})
    settled.sync()
    assert Customer.objects.filter(display_name="Desert Rose Dental").exists()


# --- Deletions --------------------------------------------------------------------------------------


def test_what_was_deleted_there_is_for_a_person(settled: World) -> None:
    deleted_there(settled, "invoice", sent_invoice(settled))
    settled.sync()
    assert settled.issues() == {"Invoice 1": "removed_there"}


def test_after_29_days_a_deletion_is_found_by_looking_through_the_ids(settled: World) -> None:
    deleted_there(settled, "invoice", sent_invoice(settled))
    seen_long_ago(settled, 30)
    settled.sync()
    assert settled.issues() == {"Invoice 1": "removed_there"}


def test_ids_that_were_just_read_are_not_looked_through(settled: World) -> None:
    sent_invoice(settled)
    wrote(settled, Invoice=801)
    assert requests_of(settled, settled.sync) == ["batch query Invoice", "cdc"]


def test_what_a_run_saw_before_it_died_may_be_gone_when_it_goes_on(settled: World) -> None:
    row = sent_invoice(settled)
    seen_long_ago(settled, 29)
    before = Remote.objects.get(entity="Invoice").seen_by

    def die(_name: str) -> None:
        if Remote.objects.get(entity="Invoice").seen_by != before:
            raise Killed

    settled.checkpoint = die
    with pytest.raises(Killed):
        settled.sync()
    deleted_there(settled, "invoice", row)

    settled.checkpoint = lambda _name: None
    settled.expire_lease()
    run = settled.work(SyncRun.objects.latest("pk"))
    assert run.state == "done", run.error
    assert settled.issues() == {"Invoice 1": "removed_there"}


def test_a_deletion_is_believed_only_after_a_read_by_id(settled: World) -> None:
    sent_invoice(settled)
    settled.emulator.fault("unconfirmed_delete", {"operation": "cdc"}, times=1)
    calls = requests_of(settled, settled.sync)
    assert calls[:2] == ["cdc", "read"]
    assert settled.issues() == {}
    assert not Remote.objects.filter(deleted=True).exists()


def test_a_list_that_lags_makes_nobody_believe_in_a_deletion(settled: World) -> None:
    settled.emulator.fault("stale_list", {"entity": "Customer"}, times=5, seconds=3600)
    run = settled.full()
    assert run.state == "done", run.error
    assert settled.issues() == {}
    assert settled.names_there() == ["Amelia Hartwell"]


# --- Which row counts -------------------------------------------------------------------------------


def test_a_row_older_than_the_one_last_seen_says_nothing(settled: World) -> None:
    """Lists may lag behind the answer of a write."""
    edit_there(settled, Notes="An older state")
    Remote.objects.filter(entity="Customer").update(token=9)
    settled.sync()
    assert settled.issues() == {}
    assert "An older state" not in dumps(Remote.objects.get(name="Amelia Hartwell").payload)


def test_another_content_under_the_same_token_is_read_by_id_once(settled: World) -> None:
    remote = Remote.objects.get(name="Amelia Hartwell")
    remote.packed = directory.pack({**remote.payload, "Notes": "Never stored there"})
    remote.save()
    assert requests_of(settled, settled.sync) == ["cdc", "read"]
    assert "Notes" not in Remote.objects.get(name="Amelia Hartwell").payload
    assert settled.issues() == {}
    assert requests_of(settled, settled.sync) == ["cdc"]


def test_a_balance_that_moves_under_the_same_token_is_no_change(settled: World) -> None:
    sent_invoice(settled)
    settled.sync()
    remote = Remote.objects.get(entity="Customer", name="Amelia Hartwell")
    assert remote.balance == Decimal(100)
    assert settled.issues() == {}


def test_what_was_inactive_when_it_was_looked_at_is_taken_once_it_is_active(world: World) -> None:
    made = world.post("customer", {"DisplayName": "Desert Rose Dental"})
    off = {"Id": made["Id"], "SyncToken": made["SyncToken"], "sparse": True, "Active": False}
    world.run("look")
    off = world.post("customer", off)
    world.full()
    assert not Customer.objects.exists()

    world.post("customer", {"Id": off["Id"], "SyncToken": off["SyncToken"], "sparse": True, "Active": True})
    world.sync()
    assert [row.display_name for row in Customer.objects.all()] == ["Desert Rose Dental"]


# --- Here -------------------------------------------------------------------------------------------


def test_a_full_sync_finds_what_has_no_link_however_old_it_is(settled: World) -> None:
    """A backup was restored, a Link was lost: the watermark alone would hide it for ever."""
    Link.objects.filter(kind="customer").delete()
    Remote.objects.filter(entity="Customer").delete()
    settled.full()
    link = Link.objects.get(kind="customer")
    assert link.paired
    assert settled.names_there() == ["Amelia Hartwell"], "paired again, not sent again"


# --- Watermarks -------------------------------------------------------------------------------------


def test_the_watermark_goes_to_the_time_of_the_first_answer_less_an_overlap(settled: World) -> None:
    before = datetime.now(UTC)
    settled.sync()
    _, there = watermarks(settled)
    after = datetime.now(UTC)
    overlap = timedelta(seconds=130)
    assert before - overlap - timedelta(seconds=1) <= there <= after - overlap


@pytest.mark.parametrize("nth", range(1, 5))
def test_a_watermark_moves_only_when_everything_before_it_is_stored(settled: World, nth: int) -> None:
    edit_there(settled, Notes="Gate code 4711")
    settled.post("customer", {"DisplayName": "Desert Rose Dental"})
    customers.create(company=settled.company, values={"display_name": "Jasmine Patel"})
    here, there = watermarks(settled)
    left = nth

    def die(name: str) -> None:
        nonlocal left
        left -= name == "page committed"
        if left == 0:
            raise Killed

    settled.checkpoint = die
    with pytest.raises(Killed):
        settled.sync()
    now_here, now_there = watermarks(settled)
    if now_here != here:
        assert Link.objects.filter(match_key="jasminepatel").exists()
    if now_there != there:
        assert Remote.objects.filter(name="Desert Rose Dental").exists()
        assert Link.objects.get(remote__name="Amelia Hartwell").open

    settled.checkpoint = lambda _name: None
    settled.expire_lease()
    run = settled.work(SyncRun.objects.latest("pk"))
    assert run.state == "done", run.error
    assert settled.names_there() == ["Amelia Hartwell", "Desert Rose Dental", "Jasmine Patel"]
    assert settled.issues() == {"Amelia Hartwell": "changed_there"}


def test_a_run_that_could_not_look_leaves_the_watermark_where_it_was(settled: World) -> None:
    before = watermarks(settled)
    for operation in ("cdc", "query"):
        settled.emulator.fault("refuse", {"operation": operation}, times=1000, code=6000)
    try:
        run = settled.sync()
    finally:
        settled.emulator.clear_faults()
    assert run.unread
    assert watermarks(settled)[1] == before[1]


@pytest.mark.skipif(database.vendor != "sqlite", reason="PostgreSQL plans by what the tables hold")
def test_what_a_page_refers_to_is_found_by_indexes_however_many_links_there_are(world: World) -> None:
    with CaptureQueriesContext(database) as asked:
        find_references(world.connection, [("customer", 1), ("customer", 2)], [("customer", "1")])
    assert len(asked) == 2
    with database.cursor() as cursor:
        for query in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = [row[-1] for row in cursor.fetchall()]
            # A range, or the Kind alone, would be every Link of the Kind, for each page.
            assert all("local_id=?" in step or "_id=?)" in step or "rowid=?" in step for step in plan), plan


def test_what_comes_back_as_it_was_stored_is_not_stored_again(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored: list[str] = []
    write = directory.write

    def noted(remotes: Sequence[Remote]) -> list[Remote]:
        stored.extend(remote.name for remote in remotes if remote.entity in {"Customer", "Item"})
        return write(remotes)

    monkeypatch.setattr(directory, "write", noted)
    before = dict(Remote.objects.values_list("pk", "seen_by"))
    assert settled.full().state == "done"
    assert stored == []
    assert all(seen_by > before[pk] for pk, seen_by in Remote.objects.values_list("pk", "seen_by"))


def test_what_was_stored_but_never_compared_is_looked_at_when_it_comes_back(settled: World) -> None:
    """A run that died between may have stored a version that its Link has not seen."""
    edit_there(settled, Notes="Mind the dog")
    directory.store(settled.connection, "Customer", [amelia(settled)])
    assert not Link.objects.filter(open=True).exists()
    settled.sync()
    assert settled.issues() == {"Amelia Hartwell": "changed_there"}


def test_a_balance_that_our_own_writes_moved_is_taken_from_what_comes_back(settled: World) -> None:
    remote = Remote.objects.filter(entity="Customer").first()
    assert remote is not None
    known = remote.balance
    Remote.objects.filter(pk=remote.pk).update(balance=Decimal("12.34"))
    assert settled.full().state == "done"
    remote.refresh_from_db()
    assert remote.balance == known
