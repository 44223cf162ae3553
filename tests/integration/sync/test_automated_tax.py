"""Automated sales tax: only an answer tells whether QuickBooks keeps our tax, and one invoice finds out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from quickbooks_sync.access import connection as connections
from quickbooks_sync.models import Connection, Issue, Link, Sending, SyncRun
from quickbooks_sync.models.tax_states import AutomatedTax
from quickbooks_sync.runs.queue import ask
from quickbooks_sync.sending import taxes
from service_genius.companies.models import User
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments.models import Payment
from service_genius.sales.models import TaxRate
from tests.integration.sync.taxing import (
    PRICE,
    begin,
    bill,
    differing,
    equal_and_quiet,
    here,
    line,
    pay,
    pressed,
    there,
)
from tests.pressing import Client
from tests.world import Killed, World


@pytest.fixture
def sells(world: World) -> World:
    return begin(world)


def automated(world: World, override: str) -> World:
    world.emulator.preferences(world.realm, TaxPrefs={"PartnerTaxEnabled": True})
    world.emulator.settings(tax_override=override)
    world.full()
    return world


@pytest.fixture
def ignoring(sells: World) -> Iterator[World]:
    """QuickBooks reckons 8 % itself, whatever it is sent."""
    yield automated(sells, "ignored")
    sells.emulator.settings(tax_override="ignored")


@pytest.fixture
def keeping(sells: World) -> Iterator[World]:
    """QuickBooks reckons 8 % itself, and keeps what it is sent."""
    yield automated(sells, "honoured")
    sells.emulator.settings(tax_override="ignored")


def test_where_our_tax_is_ignored_one_invoice_finds_out_and_one_question_is_asked(ignoring: World) -> None:
    for _ in range(12):
        bill(ignoring)
    plain = bill(ignoring, tax_rate=None)
    ignoring.sync()
    assert ignoring.issues() == {"Invoice 1001": "automated_tax"}
    assert sorted(there(ignoring)) == ["1001", plain.number]
    waiting = Link.objects.filter(kind="invoice", waiting=True)
    assert {link.waits_for for link in waiting} == {"the answer about the sales tax of Invoice 1001"}
    for _ in range(2):  # and it stays at that
        bill(ignoring)
        ignoring.sync()
        assert list(ignoring.issues().values()) == ["automated_tax"]
        assert differing(ignoring) == ["1001"]


def test_quickbooks_tax_is_an_answer_that_lasts(ignoring: World, client: Client, alice: User) -> None:
    first = bill(ignoring)
    pay(first)  # 95.23, and QuickBooks has 96.12
    over = bill(ignoring, Decimal(100), taxable=False, tax_rate=None)
    for _ in range(5):
        bill(ignoring, Decimal("33.33"))
    ignoring.sync()
    pressed("take_their_tax")
    ignoring.sync()
    equal_and_quiet(ignoring)
    assert here(ignoring)["1001"] == (Decimal("7.12"), Decimal("96.12"))
    assert here(ignoring)[over.number] == (Decimal(0), Decimal(100))

    later = bill(ignoring, Decimal("12.34"), discount_percent=Decimal(10))
    invoices.update(company=ignoring.company, id=Invoice.objects.get(number="1003").pk, values={"memo": "x"})
    ignoring.sync()
    equal_and_quiet(ignoring)
    invoices.update(company=ignoring.company, id=later.pk, values={"lines": [line(ignoring, "50")]})
    ignoring.sync()
    equal_and_quiet(ignoring)

    client.force_login(alice)
    assert "as QuickBooks reckons it" in client.get(f"/invoices/{later.pk}/").content.decode()
    assert 'value="theirs" selected' in client.get("/settings/quickbooks/").content.decode()


def test_the_later_tax_of_quickbooks_is_taken_without_a_question(ignoring: World) -> None:
    sent = bill(ignoring)
    ignoring.sync()
    pressed("take_their_tax")
    ignoring.sync()
    (row,) = ignoring.there("Invoice")
    head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    ignoring.post("invoice", {**head, "ShipAddr": {"CountrySubDivisionCode": "OR", "PostalCode": "97201"}})
    ignoring.sync()
    equal_and_quiet(ignoring)
    assert Invoice.objects.get(pk=sent.pk).total == PRICE


def test_what_was_paid_above_quickbooks_total_becomes_credit_there_and_here(ignoring: World) -> None:
    TaxRate.objects.update(percent=Decimal(9))
    paid = pay(bill(ignoring, Decimal(100)))
    ignoring.sync()
    assert ignoring.there("Payment") == []
    pressed("take_their_tax")
    ignoring.sync()
    equal_and_quiet(ignoring)
    (row,) = ignoring.there("Payment")
    assert (row["TotalAmt"], row["UnappliedAmt"]) == (109, 1)
    assert Payment.objects.get(pk=paid.pk).allocations.get().amount == 108


def test_nothing_is_paid_on_an_invoice_whose_tax_is_asked_about_and_nobody_is_asked_about_the_payment(
    ignoring: World,
) -> None:
    TaxRate.objects.update(percent=Decimal(9))
    sent = bill(ignoring, Decimal(100))
    ignoring.sync()
    pay(sent)  # more than QuickBooks has left to pay
    ignoring.sync()
    assert ignoring.issues() == {"Invoice 1001": "automated_tax"}
    assert ignoring.there("Payment") == []


def test_where_our_tax_is_kept_the_first_goes_alone_and_the_rest_in_the_same_run(keeping: World) -> None:
    for _ in range(40):
        bill(keeping)
    run = keeping.sync()
    equal_and_quiet(keeping)
    assert run.calls["write_batches"] == 3  # 1, 30 and 9
    assert keeping.connection.automated_tax == AutomatedTax.OURS
    bill(keeping)
    bill(keeping)
    assert keeping.sync().calls["write_batches"] == 1


def test_a_tax_that_is_the_same_by_chance_proves_nothing_until_it_was_so_again_and_again(
    ignoring: World,
) -> None:
    """8 % and 7.25 % + 0.75 % of 100 come to the same, and of 89.70 they do not."""
    TaxRate.objects.update(percent=Decimal(8))
    for price in ("100", "100", "100", "89.70", "89.84", "89.98", "100", "89.70"):
        bill(ignoring, Decimal(price))
    ignoring.sync()
    assert differing(ignoring) == ["1004"]
    assert ignoring.issues() == {"Invoice 1004": "automated_tax"}


def test_after_so_many_that_were_the_same_the_rest_go_at_once(ignoring: World) -> None:
    TaxRate.objects.update(percent=Decimal(8))
    for _ in range(taxes.TRIES + 20):
        bill(ignoring, Decimal(100))
    run = ignoring.sync()
    equal_and_quiet(ignoring)
    assert run.calls["write_batches"] == taxes.TRIES + 1


def test_that_our_tax_is_kept_no_more_is_noticed_and_asked_once(keeping: World) -> None:
    for _ in range(2):
        bill(keeping)
    keeping.sync()
    keeping.emulator.settings(tax_override="ignored")
    late = [bill(keeping) for _ in range(3)]
    pay(late[2])
    keeping.sync()
    assert list(keeping.issues().values()) == ["automated_tax"]
    assert keeping.there("Payment") == []
    bill(keeping)
    keeping.sync()
    assert "1006" not in there(keeping)
    assert list(keeping.issues().values()) == ["automated_tax"]
    pressed("take_their_tax")
    keeping.sync()
    equal_and_quiet(keeping)


def test_with_the_first_one_voided_there_the_question_is_still_asked_and_nothing_else_is_tried(
    ignoring: World,
) -> None:
    for _ in range(3):
        bill(ignoring)
    ignoring.sync()
    pressed("void_there")
    ignoring.sync()
    assert ignoring.issues() == {"Invoice 1002": "automated_tax"}
    assert sorted(there(ignoring)) == ["1001"]
    pressed("take_their_tax")
    ignoring.sync()
    assert ignoring.issues() == {}
    assert differing(ignoring) == ["1001"]  # which is voided there and held


def test_ours_is_tried_once_more_when_a_person_says_so(ignoring: World) -> None:
    for _ in range(3):
        bill(ignoring)
    ignoring.sync()
    pressed("try_our_tax")
    ignoring.sync()
    assert ignoring.issues() == {"Invoice 1001": "automated_tax"}
    assert sorted(there(ignoring)) == ["1001"]
    ignoring.emulator.settings(tax_override="honoured")
    pressed("try_our_tax")
    ignoring.sync()
    equal_and_quiet(ignoring)
    assert here(ignoring)["1001"] == (Decimal("6.23"), Decimal("95.23"))


def test_while_it_is_unknown_what_became_of_the_first_no_other_is_tried(ignoring: World) -> None:
    for _ in range(3):
        bill(ignoring)

    def die(name: str) -> None:
        if name == "sending committed":
            raise Killed

    ignoring.checkpoint = die
    with pytest.raises(Killed):
        ignoring.sync()
    ignoring.checkpoint = lambda _name: None
    ignoring.expire_lease()
    assert ignoring.sync().state == "queued"  # it may have been sent, and may come late
    assert there(ignoring) == {}

    long_ago = datetime.now(UTC) - timedelta(hours=1)
    Sending.objects.update(sent_at=long_ago, looked_at=long_ago)
    ignoring.expire_lease()
    ignoring.sync()
    assert sorted(there(ignoring)) == ["1001"]
    assert ignoring.issues() == {"Invoice 1001": "automated_tax"}


def test_a_preview_shows_the_tax_that_is_taken_and_sync_as_shown_takes_it(ignoring: World) -> None:
    bill(ignoring)
    ignoring.sync()
    pressed("take_their_tax")
    shown = ignoring.work(ask(connection=ignoring.connection, scope=SyncRun.Scope.SYNC, preview=True))
    (step,) = shown.plannedsteps.filter(kind="invoice")
    assert (step.side, step.before["tax"], step.after["tax"]) == ("here", "6.23", "7.12")
    assert here(ignoring)["1001"] == (Decimal("6.23"), Decimal("95.23"))
    ignoring.work(ask(connection=ignoring.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    equal_and_quiet(ignoring)


def test_a_preview_of_the_first_taxed_invoices_shows_all_of_them(ignoring: World) -> None:
    for _ in range(3):
        bill(ignoring)
    shown = ignoring.work(ask(connection=ignoring.connection, scope=SyncRun.Scope.SYNC, preview=True))
    assert [step.action for step in shown.plannedsteps.filter(kind="invoice")] == ["created"] * 3


def test_the_choice_of_whose_tax_counts_is_there_where_quickbooks_reckons_it_and_can_be_changed(
    ignoring: World, client: Client, alice: User
) -> None:
    client.force_login(alice)
    rate = TaxRate.objects.get()
    chosen = {"income_account": "1", "deposit_account": "4", "start_date": "2026-01-01", f"tax_{rate.pk}": ""}
    client.post("/settings/quickbooks/choices/", {**chosen, "automated_tax": "theirs"})
    bill(ignoring)
    ignoring.sync()
    equal_and_quiet(ignoring)
    client.post("/settings/quickbooks/choices/", {**chosen, "automated_tax": "ours"})
    bill(ignoring)
    ignoring.sync()
    assert ignoring.issues() == {"Invoice 1002": "automated_tax"}

    ignoring.emulator.preferences(ignoring.realm, TaxPrefs={"PartnerTaxEnabled": None})
    ignoring.sync()  # an Issue waits for a setting, so it is asked for
    assert connections.facts_of(ignoring.connection).sales_tax == "manual"
    assert "automated_tax" not in client.get("/settings/quickbooks/").content.decode()


def test_quickbooks_tax_counts_also_where_it_would_keep_ours(keeping: World) -> None:
    Connection.objects.update(automated_tax=AutomatedTax.THEIRS)
    keeping.connection.refresh_from_db()
    sent = bill(keeping)
    keeping.sync()
    equal_and_quiet(keeping)
    assert here(keeping)["1001"] == (Decimal("7.12"), Decimal("96.12"))
    invoices.update(company=keeping.company, id=sent.pk, values={"lines": [line(keeping, "100")]})
    keeping.sync()
    equal_and_quiet(keeping)
    assert here(keeping)["1001"] == (Decimal(8), Decimal(108))


def test_after_a_lost_answer_a_code_that_quickbooks_stamped_is_no_edit(keeping: World) -> None:
    """The invoice has a rate, and nothing on it is taxed; somebody there writes on it before it is found."""
    bill(keeping, taxable=False)
    keeping.emulator.fault("reply_lost", {"entity": "Invoice", "operation": "create"})
    keeping.emulator.fault("unauthorized", {"entity": "Invoice", "operation": "query", "nth": 2}, code=120)
    assert keeping.sync().state == "failed"
    (row,) = keeping.there("Invoice")
    head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    keeping.post("invoice", {**head, "CustomerMemo": {"value": "Ring twice"}})
    keeping.sync()
    issue = Issue.objects.get()
    assert (issue.reason, issue.details) == ("changed_there", {"fields": ["memo"]})
