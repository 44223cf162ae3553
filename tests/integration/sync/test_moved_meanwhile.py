"""Hundreds of records are decided together: what people do before their turn comes counts."""

from collections.abc import Callable

import pytest

from quickbooks_sync.models import Link
from quickbooks_sync.resolving import holds
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from tests.world import World

#: More than one batch holds, so that the last ones leave when the first have left.
MANY = 70
LAST = "Customer 69"


def once(world: World, name: str, do: Callable[[], None]) -> None:
    """Let people do something when a run comes by here for the first time."""
    done: list[str] = []

    def checkpoint(passed: str) -> None:
        if passed == name and not done:
            done.append(passed)
            do()

    world.checkpoint = checkpoint


def hold_few(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """Let no page that is written hold more, however fast it is."""
    always = property(lambda _session: rows, lambda _session, _rows: None)
    monkeypatch.setattr("quickbooks_sync.access.session.Session.page_rows", always)


def pk_of(name: str) -> int:
    return Customer.objects.get(display_name=name).pk


@pytest.fixture
def many(world: World) -> World:
    for number in range(MANY):
        customers.create(company=world.company, values={"display_name": f"Customer {number:02}"})
    return world


def test_what_is_edited_before_it_leaves_leaves_as_it_is_then(many: World) -> None:
    def edit() -> None:
        customers.update(company=many.company, id=pk_of(LAST), values={"notes": "Mind the dog"})

    once(many, "sending committed", edit)
    assert many.full().state == "done"
    [row] = [each for each in many.there("Customer") if each["DisplayName"] == LAST]
    assert (row["Notes"], row["SyncToken"]) == ("Mind the dog", "0")  # written once, and right
    assert len(many.there("Customer")) == MANY
    assert not Link.objects.filter(open=True).exists()


def test_what_is_held_before_it_leaves_does_not_leave(many: World) -> None:
    once(many, "sending committed", lambda: holds.stop(many.connection, "customer", pk_of(LAST)))
    assert many.full().state == "done"
    assert LAST not in many.names_there()
    assert len(many.there("Customer")) == MANY - 1


def test_when_nothing_of_a_batch_is_left_nothing_leaves(many: World) -> None:
    def hold_the_rest() -> None:
        for link in Link.objects.filter(kind="customer").order_by("pk")[60:]:
            holds.stop(many.connection, "customer", link.local_id or 0)

    once(many, "sending committed", hold_the_rest)
    run = many.full()
    assert (run.state, run.calls["write_batches"]) == ("done", 2)
    assert len(many.there("Customer")) == 60


def test_what_is_held_before_it_is_written_here_is_not_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.full()
    for number in range(12):
        world.post("customer", {"DisplayName": f"Customer {number:02}"})
    hold_few(monkeypatch, 3)

    def hold_the_last() -> None:
        last = Link.objects.order_by("pk").last()
        if last is not None and Customer.objects.exists():
            Link.objects.filter(pk=last.pk).update(state=Link.State.IGNORED)

    world.checkpoint = lambda _: hold_the_last()
    assert world.sync().state == "done"
    [held] = Link.objects.filter(state=Link.State.IGNORED).select_related("remote")
    assert held.local_id is None
    names = {row["DisplayName"] for row in world.there("Customer") if row["Id"] != held.remote.remote_id}
    assert set(Customer.objects.values_list("display_name", flat=True)) == names


def test_what_is_edited_here_before_the_edit_there_is_taken_is_not_overwritten(
    many: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is edited on both sides is sent as it is here, also if it was decided a moment earlier."""
    many.full()
    many.connection.two_way_edits = True
    many.connection.save(update_fields=["two_way_edits"])
    for row in many.there("Customer"):
        if row["DisplayName"] in {"Customer 00", LAST}:
            many.post("customer", {**row, "Notes": "From there", "sparse": True})
    hold_few(monkeypatch, 1)

    def edit_here() -> None:
        first, last = Customer.objects.get(pk=pk_of("Customer 00")), Customer.objects.get(pk=pk_of(LAST))
        if first.notes and not last.notes:
            customers.update(company=many.company, id=last.pk, values={"notes": "From here"})

    many.checkpoint = lambda _: edit_here()
    assert many.sync().state == "done"
    assert Customer.objects.get(pk=pk_of(LAST)).notes == "From here"
    [row] = [each for each in many.there("Customer") if each["DisplayName"] == LAST]
    assert row["Notes"] == "From here"
