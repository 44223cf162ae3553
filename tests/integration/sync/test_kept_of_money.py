"""What of invoices and payments stays on one side, and what is no edit of theirs."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.models import Issue, Link, PlannedStep, SyncRun
from quickbooks_sync.resolving import resolve
from quickbooks_sync.runs.queue import ask
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.sales.models import TaxRate
from service_genius.work_codes import operations as work_codes
from tests.world import World

from . import sales, taxing
from .kept import edit, quiet, words_of

# --- Payments -------------------------------------------------------------------------------------


def pay(world: World, **values: Any) -> Payment:
    amelia = Customer.objects.get()
    wanted = {"customer": amelia.pk, "date": date(2026, 3, 2), "amount": Decimal(40)} | values
    return payments.create(company=world.company, values=wanted)


def test_a_payment_method_that_is_missing_there_stays_here_until_it_is_added(selling: World) -> None:
    payment = pay(selling, method="Zelle", reference="Z-1")

    selling.sync()

    (row,) = selling.there("Payment")
    assert "PaymentMethodRef" not in row
    assert words_of("payment").startswith(
        "The method stays in Service Genius only. QuickBooks has no payment method “Zelle”."
    )
    quiet(selling)
    zelle = selling.post("paymentmethod", {"Name": "Zelle"})
    selling.sync()
    (row,) = selling.there("Payment")
    assert row.get("PaymentMethodRef", {}).get("value") == zelle["Id"]
    assert row["PaymentRefNum"] == "Z-1"
    assert Link.objects.get(kind="payment").kept is None
    payment.refresh_from_db()
    assert payment.method == "Zelle"
    quiet(selling)


def test_nothing_is_said_any_more_of_a_method_that_was_taken_off(selling: World) -> None:
    payment = pay(selling, method="Zelle")
    selling.sync()
    payments.update(company=selling.company, id=payment.pk, values={"method": ""})

    quiet(selling)

    assert Link.objects.get(kind="payment").kept is None


def test_nothing_is_said_any_more_of_a_text_that_was_taken_off_there(selling: World) -> None:
    sales.invoice(selling, "Amelia Hartwell")
    selling.sync()
    row = add_lines(selling, TEXT)
    quiet(selling)
    edit(
        selling,
        "Invoice",
        row,
        Line=[each for each in row["Line"] if each["DetailType"] == "SalesItemLineDetail"],
    )

    quiet(selling)

    assert Link.objects.get(kind="invoice").kept is None


def test_a_preview_says_what_stays(selling: World) -> None:
    pay(selling, method="Zelle", reference="Z-1")

    selling.work(ask(connection=selling.connection, scope=SyncRun.Scope.SYNC, preview=True))

    step = PlannedStep.objects.get(kind="payment")
    assert step.after["reference"] == "Z-1"
    assert "method" not in step.after
    assert step.note.startswith("The method stays in Service Genius only.")


def test_an_edit_to_a_method_that_is_missing_there_clears_nothing_there(selling: World) -> None:
    payment = pay(selling, method="Check")
    selling.sync()
    (before,) = selling.there("Payment")

    payments.update(company=selling.company, id=payment.pk, values={"method": "Zelle", "reference": "77"})
    selling.sync()

    (row,) = selling.there("Payment")
    assert row["PaymentMethodRef"] == before["PaymentMethodRef"]
    assert row["PaymentRefNum"] == "77"
    quiet(selling)
    payments.update(company=selling.company, id=payment.pk, values={"method": ""})
    selling.sync()
    (row,) = selling.there("Payment")
    assert "PaymentMethodRef" not in row
    quiet(selling)


def test_a_method_that_was_edited_before_it_was_added_there_is_sent_then(selling: World) -> None:
    payment = pay(selling, method="Check")
    selling.sync()
    payments.update(company=selling.company, id=payment.pk, values={"method": "Zelle"})
    quiet(selling)

    zelle = selling.post("paymentmethod", {"Name": "Zelle"})
    selling.sync()

    (row,) = selling.there("Payment")
    assert row.get("PaymentMethodRef", {}).get("value") == zelle["Id"]
    quiet(selling)


def test_the_note_of_a_payment_is_sent_and_follows_edits(selling: World) -> None:
    payment = pay(selling, memo="Left under the mat.\nAsk for Amelia")
    selling.sync()
    (row,) = selling.there("Payment")
    assert row["PrivateNote"].startswith("Left under the mat.\nAsk for Amelia [Service Genius ")
    quiet(selling)

    payments.update(company=selling.company, id=payment.pk, values={"memo": "Given to Ben"})
    selling.sync()

    (row,) = selling.there("Payment")
    assert row["PrivateNote"].startswith("Given to Ben [Service Genius ")
    quiet(selling)


# --- What stands there, and not what it was translated to -----------------------------------------


def test_a_payment_method_renamed_there_is_no_edit_of_older_payments(selling: World) -> None:
    payment = pay(selling, method="Check")
    selling.sync()
    (method,) = [row for row in selling.there("PaymentMethod") if row["Name"] == "Check"]
    selling.post("paymentmethod", {"Id": method["Id"], "SyncToken": method["SyncToken"], "Name": "Cheque"})
    selling.post("paymentmethod", {"Name": "Check"})

    payments.update(company=selling.company, id=payment.pk, values={"amount": Decimal(41)})
    selling.sync()

    (row,) = selling.there("Payment")
    assert (row["TotalAmt"], row["PaymentMethodRef"]["value"]) == (41, method["Id"])
    quiet(selling)


def two_codes(world: World) -> None:
    """Two tax codes there that charge the same."""
    rates = [
        {"Id": key, "Name": name, "RateValue": 7.0, "Active": True, "SyncToken": "0"}
        for key, name in (("21", "Phoenix"), ("23", "Tempe"))
    ]
    codes = [
        {
            "Id": str(int(rate["Id"]) - 1),
            "SyncToken": "0",
            "Name": rate["Name"],
            "Active": True,
            "SalesTaxRateList": {"TaxRateDetail": [{"TaxRateRef": {"value": rate["Id"]}}]},
        }
        for rate in rates
    ]
    world.emulator.load(world.realm, {"TaxRate": rates, "TaxCode": codes})


@pytest.mark.parametrize("values", [{"memo": "Thank you"}, {"lines": 2}], ids=["memo", "lines"])
def test_another_tax_code_for_a_rate_is_no_edit_of_older_invoices(
    world: World, values: dict[str, Any]
) -> None:
    taxing.begin(world)
    two_codes(world)
    world.full()
    rate = TaxRate.objects.get()
    world.connection.tax_codes = {str(rate.pk): "20"}
    world.connection.save()
    invoice = taxing.bill(world)
    world.sync()
    (row,) = world.there("Invoice")
    assert row["TxnTaxDetail"]["TxnTaxCodeRef"]["value"] == "20"

    world.connection.tax_codes = {str(rate.pk): "22"}
    world.connection.save()
    if values.get("lines"):
        line = invoice.lines.get()
        values = {"lines": [{"work_code": line.work_code_id, "quantity": Decimal(2)}]}
    invoices.update(company=world.company, id=invoice.pk, values=values)
    world.sync()

    assert world.issues() == {}
    (row,) = world.there("Invoice")
    assert row["TxnTaxDetail"]["TxnTaxCodeRef"]["value"] == "20"
    quiet(world)
    taxing.bill(world)
    world.sync()
    assert {each["TxnTaxDetail"]["TxnTaxCodeRef"]["value"] for each in world.there("Invoice")} == {"20", "22"}


# --- Lines that are no service --------------------------------------------------------------------


def add_lines(world: World, *lines: dict[str, Any]) -> dict[str, Any]:
    (row,) = world.there("Invoice")
    own = [line for line in row["Line"] if line["DetailType"] != "SubTotalLineDetail"]
    edit(world, "Invoice", row, Line=[*own, *lines])
    (row,) = world.there("Invoice")
    return row


TEXT = {"DetailType": "DescriptionOnly", "Description": "Thank you for your business"}


def test_a_line_of_text_stays_there_and_asks_nothing(selling: World) -> None:
    invoice = sales.invoice(selling, "Amelia Hartwell")
    selling.sync()
    add_lines(selling, TEXT)

    quiet(selling)

    assert "text between its lines as well: “Thank you for your business”" in words_of("invoice")
    line = invoice.lines.get()
    values = {"lines": [{"work_code": line.work_code_id, "quantity": Decimal(3)}]}
    invoices.update(company=selling.company, id=invoice.pk, values=values)
    selling.sync()
    (row,) = selling.there("Invoice")
    assert [each.get("Description") for each in row["Line"] if each["DetailType"] == "DescriptionOnly"] == [
        TEXT["Description"]
    ]
    assert row["TotalAmt"] == 300
    quiet(selling)


def goods(world: World) -> dict[str, Any]:
    account = next(row for row in world.there("Account") if row["AccountType"] == "Income")
    return world.post(
        "item", {"Name": "Filter", "Type": "NonInventory", "IncomeAccountRef": {"value": account["Id"]}}
    )


def test_what_a_line_is_that_cannot_be_taken_is_said(selling: World) -> None:
    sales.invoice(selling, "Amelia Hartwell")
    selling.sync()
    detail = {"ItemRef": {"value": goods(selling)["Id"]}, "Qty": 1, "UnitPrice": 20}
    filter_line = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 20,
        "Description": "Fine one",
        "SalesItemLineDetail": detail,
    }
    add_lines(selling, filter_line)
    selling.sync()
    issue = Issue.objects.get()
    assert issue.reason == "changed_there"

    with pytest.raises(resolve.CannotResolveError) as refused:
        resolve.carry_out(issue, "take", value="")

    assert "it has an item that is no work code here (“Fine one”)" in str(refused.value)
    assert "or send yours: that takes it off in QuickBooks." in str(refused.value)
    resolve.carry_out(Issue.objects.get(), "send", value="")
    selling.sync()
    (row,) = selling.there("Invoice")
    assert row["TotalAmt"] == Invoice.objects.get().total == Decimal(100)
    quiet(selling)


# --- Amounts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "reasons"), [("9999999999.99", {}), ("10000000000", {"cannot_hold"})])
def test_an_amount_larger_than_any_there_is_held_with_the_limit(
    selling: World, amount: str, reasons: set[str]
) -> None:
    pay(selling, amount=Decimal(amount))

    assert selling.sync().state == "done"

    assert set(selling.issues().values()) == set(reasons)
    assert len(selling.there("Payment")) == (0 if reasons else 1)


def test_a_price_larger_than_any_there_stays_here_and_the_work_code_goes(selling: World) -> None:
    values = {"name": "Tower crane", "price": Decimal(20000000000)}
    work_codes.create(company=selling.company, values=values)

    selling.sync()

    assert "Tower crane" in selling.names_there("Item")
    assert "stays in Service Genius only. QuickBooks takes less than 10,000,000,000." in words_of("work_code")
    quiet(selling)
