"""What nobody knows of QuickBooks for certain: the sync is right whichever way it is."""

from collections.abc import Iterator

import pytest

from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA
from tests.world import World

FAR_FROM_LATIN = ("Żółw Ogrody", "Joe\u2019s \u2013 Plumbing", "青山 花园", "Zoë 🌱")


@pytest.fixture
def unread(world: World) -> Iterator[World]:
    """QuickBooks reads no query with letters beyond Latin-1, as it did for years."""
    world.emulator.settings(query_non_latin="4000")
    yield world
    world.emulator.settings(query_non_latin="ok")


def test_names_of_all_scripts_are_the_same_on_both_sides_where_queries_cannot_hold_them(
    unread: World,
) -> None:
    unread.run("look")
    for name in FAR_FROM_LATIN:
        customers.create(company=unread.company, values={"display_name": name})
    unread.emulator.fault("reply_lost", {"operation": "batch"})
    unread.full()
    unread.sync()
    assert unread.names_there() == sorted(FAR_FROM_LATIN)
    assert sorted(Customer.objects.values_list("display_name", flat=True)) == sorted(FAR_FROM_LATIN)
    assert unread.issues() == {}
    assert unread.sync().calls["write_batches"] == 0


@pytest.fixture
def unapplied(selling: World) -> Iterator[World]:
    """A payment of another customer's invoice is taken, and pays nothing."""
    selling.emulator.settings(payment_other_customer="unapplied")
    yield selling
    selling.emulator.settings(payment_other_customer="refuse")


def test_a_payment_that_would_pay_nothing_there_waits(unapplied: World) -> None:
    made = sales.invoice(unapplied, AMELIA)
    unapplied.sync()
    other = unapplied.post("customer", {"DisplayName": "Somebody Else"})
    (invoice,) = unapplied.there("Invoice")
    moved = {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"], "sparse": True}
    unapplied.post("invoice", {**moved, "CustomerRef": {"value": other["Id"]}})
    sales.paid(unapplied, made)
    unapplied.sync()
    unapplied.sync()
    assert unapplied.there("Payment") == []
    assert unapplied.issues() == {"Invoice 1001": "changed_there"}


@pytest.fixture
def without_address(selling: World) -> Iterator[World]:
    """A new invoice has no e-mail address but the one it is sent with."""
    selling.emulator.settings(bill_email="absent")
    yield selling
    selling.emulator.settings(bill_email="copied")


def test_an_invoice_without_its_customers_address_is_the_same_on_both_sides(without_address: World) -> None:
    buyer = sales.customer(AMELIA)
    customers.update(company=without_address.company, id=buyer.pk, values={"email": "amelia@example.com"})
    sales.paid(without_address, sales.invoice(without_address, AMELIA))
    without_address.sync()
    assert without_address.issues() == {}
    assert without_address.sync().calls["write_batches"] == 0
