"""What would go to QuickBooks behind one record is counted and said before it is let go."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from quickbooks_sync.models import Connection, Issue, Link
from quickbooks_sync.resolving import holds
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.invoices.models import Invoice
from service_genius.work_codes.models import WorkCode
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA
from tests.pressing import Client
from tests.world import World

BIRCH, UNIT = "Birch Property", "Unit 7"
BEHIND = "2 invoices of $200.00 and 1 payment of $100.00"


@pytest.fixture
def held(selling: World) -> World:
    """A customer that was never sent and is not synced, with a sub-customer, two invoices and a payment."""
    Connection.objects.update(connected_at=datetime(2026, 1, 1, tzinfo=UTC))
    selling.connection.refresh_from_db()
    birch = customers.create(company=selling.company, values={"display_name": BIRCH})
    customers.create(company=selling.company, values={"display_name": UNIT, "parent": birch.pk})
    holds.stop(selling.connection, "customer", birch.pk)
    sales.invoice(selling, BIRCH)
    sales.paid(selling, sales.invoice(selling, UNIT))
    selling.sync()
    assert selling.there("Invoice") == []
    return selling


@pytest.fixture
def paying_online(selling: World) -> World:
    """Customers can pay online there, and nobody has said yet whether invoices carry the link."""
    selling.emulator.preferences(selling.realm, SalesFormsPrefs={"ETransactionPaymentEnabled": True})
    selling.full()
    return selling


@pytest.fixture
def office(held: World, client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def link_of(kind: str, pk: int) -> Link:
    return Link.objects.get(kind=kind, local_id=pk)


def start(client: Client, link: Link, **more: str) -> Any:
    return client.post(reverse("quickbooks:start_record", args=[link.pk]), more)


def test_starting_a_customer_again_says_what_follows_and_asks(held: World, office: Client) -> None:
    link = link_of("customer", sales.customer(BIRCH).pk)
    answer = start(office, link)
    assert answer.status_code == 200
    page = " ".join(answer.content.decode().split())
    assert f"1 sub-customer, {BEHIND}" in page
    link.refresh_from_db()
    assert link.state == Link.State.HOLD, "nothing is started before somebody has said yes"
    assert start(office, link, seen="something else").status_code == 200
    assert start(office, link, seen=answer.context["follows"].seen).status_code == 302
    held.sync()
    assert len(held.there("Invoice")) == 2
    assert len(held.there("Payment")) == 1


def test_what_is_counted_is_what_a_sync_then_sends_and_no_more(held: World, office: Client) -> None:
    """An invoice that is not synced itself, one that is void, and what pays them, stay out."""
    stopped, void = sales.invoice(held, BIRCH), sales.invoice(held, BIRCH)
    holds.stop(held.connection, "invoice", stopped.pk)
    sales.paid(held, stopped)
    Invoice.objects.filter(pk=void.pk).update(voided=True)
    answer = start(office, link_of("customer", sales.customer(BIRCH).pk))
    assert BEHIND in " ".join(answer.content.decode().split())


def test_what_stays_behind_another_is_not_counted(held: World, office: Client) -> None:
    holds.stop(held.connection, "customer", sales.customer(UNIT).pk)
    answer = start(office, link_of("customer", sales.customer(BIRCH).pk))
    page = " ".join(answer.content.decode().split())
    assert "<strong>1 invoice of $100.00</strong> would go" in page
    assert "sub-customer" not in page


def test_starting_a_work_code_or_an_invoice_again_says_what_follows(
    selling: World, client: Client, alice: User
) -> None:
    client.force_login(alice)
    code = WorkCode.objects.create(
        company=selling.company,
        name="Duct",
        price=Decimal(50),
        revision=1,
        name_key="duct",
        search_text="duct",
    )
    holds.stop(selling.connection, "work_code", code.pk)
    first = sales.invoice(selling, AMELIA)
    first.lines.update(work_code=code)
    second = sales.invoice(selling, AMELIA)
    holds.stop(selling.connection, "invoice", second.pk)
    sales.paid(selling, second)
    told = " ".join(start(client, link_of("work_code", code.pk)).content.decode().split())
    assert "<strong>1 invoice of $100.00</strong> would go" in told
    told = " ".join(start(client, link_of("invoice", second.pk)).content.decode().split())
    assert "<strong>1 payment of $100.00</strong> would go" in told


def test_what_stands_alone_starts_at_one_press(held: World, office: Client) -> None:
    alone = customers.create(company=held.company, values={"display_name": "Alone"})
    holds.stop(held.connection, "customer", alone.pk)
    assert start(office, link_of("customer", alone.pk)).status_code == 302


def test_a_customer_that_is_there_already_keeps_nothing_back(
    selling: World, client: Client, alice: User
) -> None:
    client.force_login(alice)
    amelia = sales.customer(AMELIA)
    holds.stop(selling.connection, "customer", amelia.pk)
    sales.invoice(selling, AMELIA)
    assert start(client, link_of("customer", amelia.pk)).status_code == 302


def test_a_question_says_what_waits_for_its_answer(held: World, office: Client) -> None:
    birch = sales.customer(BIRCH)
    holds.start(link_of("customer", birch.pk))
    held.post("customer", {"DisplayName": f"{BIRCH}, LLC"})
    held.sync()
    issue = Issue.objects.get(link__kind="customer", link__local_id=birch.pk)
    for address in (reverse("quickbooks:issue", args=[issue.pk]), reverse("quickbooks:attention")):
        page = " ".join(office.get(address).content.decode().split())
        assert f"1 sub-customer, {BEHIND}" in page, address


def test_all_others_are_new_says_what_follows(held: World, office: Client) -> None:
    birch = sales.customer(BIRCH)
    holds.start(link_of("customer", birch.pk))
    for name in ("Cedar", "Maple"):
        customers.create(company=held.company, values={"display_name": name})
        held.post("customer", {"DisplayName": f"{name}, LLC"})
    held.post("customer", {"DisplayName": f"{BIRCH}, LLC"})
    held.sync()
    page = " ".join(office.get(reverse("quickbooks:attention")).content.decode().split())
    _, _, all_new = page.partition("All others are new")
    assert f"1 sub-customer, {BEHIND}" in all_new[: all_new.index("</form>")]


def test_the_pay_link_says_how_many_invoices_wait_for_it(
    paying_online: World, client: Client, alice: User
) -> None:
    client.force_login(alice)
    for _ in range(3):
        sales.invoice(paying_online, AMELIA)
    sales.paid(paying_online, sales.invoice(paying_online, AMELIA))
    paying_online.sync()
    assert set(paying_online.issues().values()) == {"pay_link"}
    page = " ".join(client.get(reverse("quickbooks:attention")).content.decode().split())
    assert "4 invoices of $400.00 and 1 payment of $100.00" in page


def test_choosing_the_pay_link_asks_like_an_earlier_start_date(
    paying_online: World, client: Client, alice: User
) -> None:
    client.force_login(alice)
    for _ in range(2):
        sales.invoice(paying_online, AMELIA)
    paying_online.sync()
    paying_online.connection.refresh_from_db()
    connection = paying_online.connection
    chosen = {
        "income_account": connection.income_account,
        "deposit_account": connection.deposit_account,
        "start_date": f"{connection.start_date}",
        "pay_link": "no",
    }
    answer = client.post(reverse("quickbooks:choices"), chosen)
    assert answer.status_code == 200
    assert "2 invoices of $200.00" in " ".join(answer.content.decode().split())
    assert (
        client.post(reverse("quickbooks:choices"), chosen | {"seen": answer.context["seen"]}).status_code
        == 302
    )
