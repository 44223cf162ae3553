"""The daily run: everything new and edited arrives where it should, equal to the cent."""

from datetime import date
from decimal import Decimal

import pytest

from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.sales.models import TaxRate
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import World

TODAY = date(2026, 3, 2)


@pytest.fixture
def synced(world: World) -> World:
    """A company with a customer and two work codes, after its Full Sync."""
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    for name, price in (("Service Call", "89.00"), ("Filter", "19.95")):
        work_codes.create(
            company=world.company, values={"name": name, "price": Decimal(price), "taxable": True}
        )
    TaxRate.objects.create(company=world.company, name="California", percent=Decimal(8))
    world.full()
    return world


def invoice(world: World, **values: object) -> Invoice:
    work_code = WorkCode.objects.filter(company=world.company).order_by("pk").first()
    assert work_code is not None
    line = {
        "work_code": work_code.pk,
        "description": "Work",
        "quantity": Decimal(1),
        "unit_price": Decimal(100),
        "taxable": False,
    }
    customer = Customer.objects.filter(company=world.company).order_by("pk").first()
    assert customer is not None
    return invoices.create(
        company=world.company,
        values={
            "number": invoices.next_number(company=world.company),
            "customer": customer.pk,
            "date": TODAY,
            "due_date": TODAY,
            "lines": [line],
            **values,
        },
    )


def test_a_full_sync_copies_work_codes_both_ways_but_no_other_sort_of_item(world: World) -> None:
    work_codes.create(
        company=world.company,
        values={"name": "Tune-Up", "code": "TU", "price": Decimal("129.50"), "description": "Spring tune-up"},
    )
    account = next(row for row in world.there("Account") if row["AccountType"] == "Income")
    income = {"IncomeAccountRef": {"value": account["Id"]}}
    world.post("item", {"Name": "Mowing", "Type": "Service", "UnitPrice": 45, **income})
    world.post("item", {"Name": "Pipe", "Type": "NonInventory", **income})

    run = world.full()

    assert run.state == "done", run.error
    names = set(WorkCode.objects.filter(company=world.company).values_list("name", flat=True))
    assert {"Tune-Up", "Mowing"} <= names
    assert "Pipe" not in names
    sent = next(row for row in world.there("Item") if row["Name"] == "Tune-Up")
    assert (sent["Type"], sent["Sku"], sent["UnitPrice"]) == ("Service", "TU", 129.5)


def test_a_full_sync_moves_no_invoice_and_no_payment(synced: World) -> None:
    invoice(synced)
    synced.full()
    assert synced.there("Invoice") == []
    synced.sync()
    assert len(synced.there("Invoice")) == 1


def test_taxable_and_other_lines_a_discount_and_quantities_with_decimals_are_equal_to_the_cent(
    synced: World,
) -> None:
    codes = list(WorkCode.objects.filter(company=synced.company, name__in=["Service Call", "Filter"]))
    lines = [
        {
            "work_code": codes[0].pk,
            "description": "A",
            "quantity": Decimal("1.5"),
            "unit_price": Decimal("33.333"),
            "taxable": True,
        },
        {
            "work_code": codes[1].pk,
            "description": "B",
            "quantity": Decimal("128.35"),
            "unit_price": Decimal("14.5"),
            "taxable": False,
        },
    ]
    rate = TaxRate.objects.get(company=synced.company)
    percent = invoice(
        synced, lines=lines, tax_rate=rate.pk, discount_percent=Decimal("7.5"), memo="Thank you & bye"
    )
    amount = invoice(synced, lines=lines, tax_rate=rate.pk, discount_amount=Decimal("10.01"))

    run = synced.sync()

    assert run.state == "done", run.error
    assert synced.issues() == {}
    there = {row["DocNumber"]: row for row in synced.there("Invoice")}
    for sent in (percent, amount):
        row = there[sent.number]
        assert Decimal(str(row["TotalAmt"])) == sent.total
        assert Decimal(str(row["TxnTaxDetail"]["TotalTax"])) == sent.tax
        assert Decimal(str(row["Balance"])) == sent.total
    assert there[percent.number]["CustomerMemo"]["value"] == "Thank you & bye"


def test_partial_payments_one_over_two_invoices_and_an_overpayment_are_equal_to_the_cent(
    synced: World,
) -> None:
    first, second = invoice(synced), invoice(synced)
    customer = first.customer_id

    def pay(amount: str, *allocations: tuple[Invoice, str]) -> None:
        payments.create(
            company=synced.company,
            values={
                "customer": customer,
                "date": TODAY,
                "amount": Decimal(amount),
                "method": "Check",
                "reference": "55",
                "allocations": [{"invoice": each.pk, "amount": Decimal(part)} for each, part in allocations],
            },
        )

    pay("30.10", (first, "30.10"))
    pay("100.00", (first, "40.00"), (second, "60.00"))
    pay("75.00", (second, "40.00"))

    run = synced.sync()

    assert run.state == "done", run.error
    assert synced.issues() == {}
    there = {row["DocNumber"]: row for row in synced.there("Invoice")}
    assert Decimal(str(there[first.number]["Balance"])) == Decimal("29.90")
    assert Decimal(str(there[second.number]["Balance"])) == 0
    assert sorted(Decimal(str(row["UnappliedAmt"])) for row in synced.there("Payment")) == [0, 0, 35]
    balance = next(
        row["Balance"] for row in synced.there("Customer") if row["DisplayName"] == "Amelia Hartwell"
    )
    assert Decimal(str(balance)) == Decimal("-5.10")


def test_three_runs_without_edits_the_third_writes_nothing(synced: World) -> None:
    sent = invoice(synced)
    payments.create(
        company=synced.company,
        values={
            "customer": sent.customer_id,
            "date": TODAY,
            "amount": Decimal(100),
            "allocations": [{"invoice": sent.pk, "amount": Decimal(100)}],
        },
    )
    synced.sync()
    synced.sync()
    synced.emulator.reset_counters()
    third = synced.sync()
    assert third.state == "done", third.error
    assert synced.emulator.counters(synced.realm)["calls"] == 1
    assert len(synced.there("Payment")) == len(synced.there("Invoice")) == 1


def test_a_new_invoice_for_a_new_customer_and_its_payment_go_in_one_run_of_at_most_six_calls(
    synced: World,
) -> None:
    new = customers.create(company=synced.company, values={"display_name": "Jasmine Patel"})
    sent = invoice(synced, customer=new.pk)
    payments.create(
        company=synced.company,
        values={
            "customer": new.pk,
            "date": TODAY,
            "amount": Decimal(100),
            "allocations": [{"invoice": sent.pk, "amount": Decimal(100)}],
        },
    )
    synced.emulator.reset_counters()

    run = synced.sync()

    assert run.state == "done", run.error
    assert [row["Balance"] for row in synced.there("Invoice")] == [0]
    assert synced.emulator.counters(synced.realm)["calls"] <= 6


def test_an_invoice_voided_here_is_voided_there_after_its_payment_is_released(synced: World) -> None:
    sent = invoice(synced)
    payments.create(
        company=synced.company,
        values={
            "customer": sent.customer_id,
            "date": TODAY,
            "amount": Decimal(100),
            "allocations": [{"invoice": sent.pk, "amount": Decimal(100)}],
        },
    )
    synced.sync()
    invoices.void(company=synced.company, id=sent.pk)

    run = synced.sync()

    assert run.state == "done", run.error
    assert synced.issues() == {}
    row = synced.there("Invoice")[0]
    assert (row["TotalAmt"], row["Balance"]) == (0, 0)
    assert row["PrivateNote"].startswith("Voided")
    assert synced.there("Payment")[0]["UnappliedAmt"] == 100


def test_an_edited_unpaid_invoice_follows_and_an_invoice_edited_there_is_only_told(synced: World) -> None:
    sent = invoice(synced)
    synced.sync()
    invoices.update(company=synced.company, id=sent.pk, values={"memo": "Second visit included"})
    synced.sync()
    row = synced.there("Invoice")[0]
    assert row["CustomerMemo"]["value"] == "Second visit included"

    synced.post(
        "invoice", {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True, "DueDate": "2026-12-24"}
    )
    run = synced.sync()

    assert run.state == "done", run.error
    assert synced.issues() == {f"Invoice {sent.number}": "changed_there"}
    sent.refresh_from_db()
    assert sent.due_date == TODAY
