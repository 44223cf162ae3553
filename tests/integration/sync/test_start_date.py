"""Which invoices move: those entered after connecting, or dated on or after the start date."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from quickbooks_sync.models import Connection, Link
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.pressing import Client
from tests.world import World

MARCH, APRIL, MAY = date(2026, 3, 15), date(2026, 4, 15), date(2026, 5, 15)


def invoice(world: World, number: str, day: date) -> Invoice:
    line = {
        "work_code": WorkCode.objects.get(name="Tune-up").pk,
        "description": "Work",
        "quantity": Decimal(1),
        "unit_price": Decimal(100),
        "taxable": False,
    }
    values = {
        "number": number,
        "customer": Customer.objects.get().pk,
        "date": day,
        "due_date": day,
        "lines": [line],
    }
    return invoices.create(company=world.company, values=values)


@pytest.fixture
def world(world: World) -> World:
    """Three invoices that were entered before connecting; the first look has been taken."""
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=world.company, values={"name": "Tune-up", "price": Decimal(89)})
    for number, day in (("3", MARCH), ("4", APRIL), ("5", MAY)):
        invoice(world, number, day)
    Connection.objects.update(
        connected_at=datetime.now(UTC) + timedelta(seconds=1), start_date=APRIL.replace(day=1)
    )
    world.connection.refresh_from_db()
    world.run("look")
    world.full()
    return world


def choose(world: World, user: User, day: date) -> None:
    """Choose it, and say yes if it is asked about what goes with it."""
    answer = asked(world, user, day)
    if answer.status_code == 200:
        answer = asked(world, user, day, seen=answer.context["seen"])
    assert answer.status_code == 302
    world.connection.refresh_from_db()
    assert world.connection.start_date == day


def asked(world: World, user: User, day: date, **more: str) -> Any:
    """What the page says to it."""
    browser = Client()
    browser.force_login(user)
    world.connection.refresh_from_db()
    chosen = {
        "income_account": world.connection.income_account,
        "deposit_account": world.connection.deposit_account,
        "start_date": day.isoformat(),
    }
    return browser.post(reverse("quickbooks:choices"), chosen | more)


def numbers_there(world: World) -> list[str]:
    return sorted(row["DocNumber"] for row in world.there("Invoice"))


def test_a_full_sync_sends_no_invoice_and_a_sync_those_since_the_start_date(world: World) -> None:
    assert numbers_there(world) == []
    run = world.sync()
    assert run.state == "done", run.error
    assert numbers_there(world) == ["4", "5"]


def test_what_is_entered_after_connecting_moves_whatever_its_date(world: World) -> None:
    Connection.objects.update(connected_at=datetime.now(UTC))
    invoice(world, "6", MARCH)
    world.sync()
    assert "6" in numbers_there(world)


def test_an_earlier_start_date_sends_what_stayed_out_before(world: World, alice: User) -> None:
    world.sync()
    choose(world, alice, MARCH)
    world.sync()
    assert numbers_there(world) == ["3", "4", "5"]
    assert world.sync().calls["write_batches"] == 0


def test_an_earlier_start_date_says_what_it_sends_and_asks(world: World, alice: User) -> None:
    payments.create(
        company=world.company,
        values={"customer": Customer.objects.get().pk, "date": MARCH, "amount": Decimal("1250.5")},
    )
    Payment.objects.update(created_at=world.connection.connected_at - timedelta(days=1))
    world.sync()
    before = world.connection.start_date

    answer = asked(world, alice, MARCH)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<strong>1 older invoice of $100.00 and 1 older payment of $1,250.50</strong>" in page
    world.connection.refresh_from_db()
    assert world.connection.start_date == before, "nothing is kept before somebody has said yes"
    assert asked(world, alice, MARCH, seen="something else").status_code == 200
    assert asked(world, alice, MARCH, seen=answer.context["seen"]).status_code == 302
    world.sync()
    assert numbers_there(world) == ["3", "4", "5"]


def test_a_start_date_that_sends_nothing_more_is_kept_at_once(world: World, alice: User) -> None:
    world.sync()
    assert asked(world, alice, date(2026, 3, 16)).status_code == 302


def test_a_later_start_date_keeps_back_what_was_not_sent_yet(world: World, alice: User) -> None:
    choose(world, alice, MAY)
    world.sync()
    assert numbers_there(world) == ["5"]
    assert not Link.objects.filter(kind="invoice", remote=None).exists()


def test_a_later_start_date_lets_go_of_nothing_that_was_sent(world: World, alice: User) -> None:
    world.sync()
    choose(world, alice, MAY)
    world.sync()
    links = Link.objects.filter(kind="invoice").select_related("remote")
    assert sorted(link.remote.name for link in links if link.remote) == ["4", "5"]
    assert world.issues() == {}


def test_an_account_chosen_during_a_run_is_not_lost(world: World) -> None:
    """The run asks QuickBooks for its accounts, and proposes one only where nobody has chosen."""

    chosen = False

    def choose_meanwhile(_name: str) -> None:
        nonlocal chosen
        if not chosen:
            chosen = True
            Connection.objects.update(income_account="4711")

    world.checkpoint = choose_meanwhile
    world.sync()
    world.connection.refresh_from_db()
    assert world.connection.income_account == "4711"


def test_a_start_date_chosen_during_a_run_is_not_lost(world: World, alice: User) -> None:
    world.sync()
    chosen = False

    def change_meanwhile(_name: str) -> None:
        nonlocal chosen
        if not chosen:
            chosen = True
            choose(world, alice, MARCH)

    customers.update(company=world.company, id=Customer.objects.get().pk, values={"notes": "x"})
    world.checkpoint = change_meanwhile
    world.sync()
    world.checkpoint = lambda _name: None
    world.sync()
    assert numbers_there(world) == ["3", "4", "5"]
