"""Lines and links that somebody added in QuickBooks to what we sent: nothing of ours runs over them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.models import Issue
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import World

DAY = date(2026, 3, 2)


@pytest.fixture
def ready(world: World) -> World:
    world.emulator.preferences(world.realm, SalesFormsPrefs={"AutoApplyCredit": False})  # by hand, here
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=world.company, values={"name": "Service Call", "price": Decimal(100)})
    world.full()
    return world


@pytest.fixture
def sent(ready: World) -> World:
    """An open invoice, and a payment of 60 on account, as they were sent."""
    invoice(ready)
    values = {"customer": Customer.objects.get().pk, "date": DAY, "amount": Decimal(60), "allocations": []}
    payments.create(company=ready.company, values=values)
    run = ready.sync()
    assert (run.state, ready.issues()) == ("done", {})
    return ready


def invoice(world: World) -> Invoice:
    return invoices.create(
        company=world.company,
        values={
            "number": invoices.next_number(company=world.company),
            "customer": Customer.objects.get().pk,
            "date": DAY,
            "due_date": DAY,
            "lines": [{"work_code": WorkCode.objects.get(name="Service Call").pk}],
        },
    )


def the(world: World, entity: str) -> dict[str, Any]:
    (row,) = world.there(entity)
    return row


def sales(world: World, amount: int, entity: str) -> dict[str, Any]:
    """A sale entered there by hand."""
    return _sell(world, the(world, "Invoice"), amount, entity)


def _sell(world: World, like: dict[str, Any], amount: int, entity: str) -> dict[str, Any]:
    item = like["Line"][0]["SalesItemLineDetail"]["ItemRef"]
    line = {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": item}}
    return world.post(entity.lower(), {"CustomerRef": like["CustomerRef"], "Line": [line]})


def a_line_is_added(world: World) -> None:
    row = the(world, "Invoice")
    sold = next(line for line in row["Line"] if line["DetailType"] == "SalesItemLineDetail")
    more = {name: value for name, value in sold.items() if name not in {"Id", "LineNum"}}
    world.post("invoice", {**row, "Line": [*row["Line"], more]})


def a_credit_is_applied(world: World) -> None:
    memo = sales(world, 30, "CreditMemo")
    lines = [
        {"Amount": 30, "LinkedTxn": [{"TxnId": row["Id"], "TxnType": kind}]}
        for kind, row in (("Invoice", the(world, "Invoice")), ("CreditMemo", memo))
    ]
    customer = memo["CustomerRef"]
    world.post("payment", {"CustomerRef": customer, "TotalAmt": 0, "Line": lines})


def its_payment_pays_another_invoice(world: World) -> None:
    other = sales(world, 40, "Invoice")
    row = the(world, "Payment")
    link = {"Amount": 40, "LinkedTxn": [{"TxnId": other["Id"], "TxnType": "Invoice"}]}
    world.post("payment", {**row, "Line": [link], "sparse": False})


def its_payment_uses_a_credit(world: World) -> None:
    row, bill = the(world, "Payment"), the(world, "Invoice")
    memo = sales(world, 30, "CreditMemo")
    lines = [
        {"Amount": amount, "LinkedTxn": [{"TxnId": each["Id"], "TxnType": kind}]}
        for kind, each, amount in (("Invoice", bill, 90), ("CreditMemo", memo, 30))
    ]
    world.post("payment", {**row, "Line": lines, "sparse": False})


def edit_invoice(world: World) -> None:
    invoices.update(company=world.company, id=Invoice.objects.get().pk, values={"memo": "Second visit"})


def void_invoice(world: World) -> None:
    invoices.void(company=world.company, id=Invoice.objects.get().pk)


def edit_payment(world: World) -> None:
    payments.update(company=world.company, id=Payment.objects.get().pk, values={"reference": "CHK 9"})


def void_payment(world: World) -> None:
    payments.void(company=world.company, id=Payment.objects.get().pk)


@pytest.mark.parametrize(
    ("added", "here", "reasons"),
    [
        (a_line_is_added, edit_invoice, {"edited_on_both"}),
        (a_line_is_added, void_invoice, {"edited_on_both"}),
        (a_credit_is_applied, edit_invoice, {"edited_after_payment"}),
        (a_credit_is_applied, void_invoice, {"cannot_remove"}),
        (its_payment_pays_another_invoice, edit_payment, {"edited_on_both"}),
        (its_payment_pays_another_invoice, void_payment, {"edited_on_both"}),
        (its_payment_uses_a_credit, edit_payment, {"edited_on_both"}),
        (its_payment_uses_a_credit, void_payment, {"edited_on_both"}),
    ],
)
def test_an_edit_or_removal_here_of_what_was_linked_there_is_for_a_person(
    sent: World,
    added: Callable[[World], None],
    here: Callable[[World], None],
    reasons: set[str],
) -> None:
    added(sent)
    before = {entity: sent.there(entity) for entity in ("Invoice", "Payment", "CreditMemo")}
    here(sent)
    run = sent.sync()
    assert run.state == "done", run.error
    assert set(sent.issues().values()) == reasons
    assert {entity: sent.there(entity) for entity in before} == before


@pytest.mark.parametrize("here", [edit_payment, void_payment])
def test_a_credit_that_leaves_what_a_payment_pays_as_it_was_is_seen_all_the_same(
    ready: World, here: Callable[[World], None]
) -> None:
    """Its record is as it was sent: only the link tells."""
    bill = invoice(ready)
    payments.create(
        company=ready.company,
        values={
            "customer": bill.customer_id,
            "date": DAY,
            "amount": Decimal(60),
            "allocations": [{"invoice": bill.pk, "amount": Decimal(60)}],
        },
    )
    ready.sync()
    memo, row = sales(ready, 30, "CreditMemo"), the(ready, "Payment")
    credit = {"Amount": 30, "LinkedTxn": [{"TxnId": memo["Id"], "TxnType": "CreditMemo"}]}
    ready.post("payment", {**row, "Line": [*row["Line"], credit], "sparse": False})
    before = the(ready, "Payment")
    here(ready)
    run = ready.sync()
    assert run.state == "done", run.error
    expected = "edited_after_payment" if here is edit_payment else "cannot_remove"
    assert Issue.objects.get(link__kind="payment").reason == expected
    assert the(ready, "Payment") == before


def test_a_link_added_between_looking_and_sending_is_seen_too(sent: World) -> None:
    edit_invoice(sent)

    def somebody_is_quicker(name: str) -> None:
        if name == "sending committed":
            sent.checkpoint = lambda _: None
            a_credit_is_applied(sent)

    sent.checkpoint = somebody_is_quicker
    before = the(sent, "Invoice").get("CustomerMemo")
    run = sent.sync()
    assert run.state == "done", run.error
    assert set(sent.issues().values()) == {"edited_after_payment"}
    assert the(sent, "Invoice").get("CustomerMemo") == before
