"""Manual sales tax: the rates of a code are known, so both sides come to the same, or it is asked once."""

from decimal import Decimal
from random import Random

import pytest

from quickbooks_sync.models import Link
from service_genius.companies.models import User
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.sales import tax_rates
from service_genius.sales.models import TaxRate
from tests.integration.sync.taxing import (
    begin,
    bill,
    equal_and_quiet,
    here,
    line,
    pay,
    pressed,
    there,
    two_rates,
)
from tests.pressing import Client
from tests.world import World


@pytest.fixture
def sells(world: World) -> World:
    return begin(world)


@pytest.fixture
def manual(sells: World) -> World:
    """The rate is a code of two rates there, and that is known."""
    two_rates(sells)
    sells.full()
    return sells


def test_an_invoice_under_a_code_of_two_rates_is_equal_to_the_cent(manual: World) -> None:
    rate = TaxRate.objects.get()
    assert rate.parts == [{"name": "State", "percent": "5.5"}, {"name": "City", "percent": "1.5"}]
    assert bill(manual).tax == Decimal("6.24")
    manual.sync()
    equal_and_quiet(manual)


def test_a_sample_of_invoices_with_discounts_and_returns_is_sent_edited_and_voided_equal_to_the_cent(
    manual: World,
) -> None:
    chance = Random(7)
    for _ in range(60):
        lines = [
            line(manual, f"{chance.randrange(1, 30000) / 100:.2f}") | {"taxable": chance.random() < 0.7}
            for _ in range(chance.randint(1, 3))
        ]
        lines += [line(manual, "200.00"), line(manual, "-1.17"), line(manual, "5") | {"quantity": Decimal(0)}]
        discount = chance.choice(
            [{}, {"discount_percent": Decimal("7.5")}, {"discount_amount": Decimal("9.99")}]
        )
        bill(manual, lines=lines, **discount)
    manual.sync()
    equal_and_quiet(manual)

    for one in Invoice.objects.order_by("pk")[:20]:
        invoices.update(company=manual.company, id=one.pk, values={"lines": [line(manual, "89.00")]})
    for one in Invoice.objects.order_by("-pk")[:5]:
        invoices.void(company=manual.company, id=one.pk)
    manual.sync()
    assert manual.issues() == {}
    voided = set(Invoice.objects.filter(voided=True).values_list("number", flat=True))
    found = there(manual)
    assert {found.pop(number) for number in voided} == {(Decimal(0), Decimal(0))}
    assert found == here(manual)


def test_invoices_saved_before_the_rates_were_known_are_asked_about_once_and_reckoned_anew_at_one_press(
    sells: World,
) -> None:
    two_rates(sells)
    sent = [bill(sells), bill(sells), bill(sells, Decimal(100))]
    pay(sent[0])
    sells.full()
    sells.sync()
    assert sells.issues() == {"Invoice 1001": "tax_reckoned"}
    assert sorted(there(sells)) == ["1003"]  # which comes out the same
    assert Link.objects.get(kind="invoice", local_id=sent[1].pk).waits_for.endswith("Invoice 1001")

    assert "2 invoices" in pressed("reckon")
    sells.sync()
    equal_and_quiet(sells)
    assert [row["Balance"] for row in sells.there("Invoice") if row["DocNumber"] == "1001"] == [0.01]


def test_what_was_paid_above_the_new_total_becomes_credit_on_both_sides(sells: World) -> None:
    """5.4 % and 1.6 % of 0.25 are 0.0135 and 0.004, 7 % of it is 0.0175: a cent less in QuickBooks."""
    two_rates(sells, "5.4", "1.6")
    sent = bill(sells, Decimal("0.25"))
    assert sent.total == Decimal("0.27")
    pay(sent)
    sells.full()
    sells.sync()
    assert sells.issues() == {"Invoice 1001": "tax_reckoned"}
    pressed("reckon")
    sells.sync()
    equal_and_quiet(sells)
    (paid,) = sells.there("Payment")
    assert (paid["TotalAmt"], paid["UnappliedAmt"]) == (0.27, 0.01)
    assert sells.there("Invoice")[0]["Balance"] == 0


def test_a_rate_that_changes_in_quickbooks_is_followed_by_new_invoices_and_saved_ones_stay(
    manual: World, client: Client, alice: User
) -> None:
    old = bill(manual, Decimal(100))
    manual.sync()
    two_rates(manual, "5.5", "2.5")
    waiting = bill(manual, Decimal(100))
    manual.sync()  # which asks QuickBooks, before anything is sent
    assert manual.issues() == {"Invoice 1002": "tax_reckoned"}
    assert sorted(there(manual)) == ["1001"]
    client.force_login(alice)
    assert b"Phoenix 8 % (7 % entered)" in client.get("/settings/quickbooks/").content

    pressed("reckon")
    assert bill(manual, Decimal(100)).tax == Decimal(8)
    invoices.update(company=manual.company, id=old.pk, values={"memo": "Thank you"})
    manual.sync()
    equal_and_quiet(manual)
    taxes_here = dict(Invoice.objects.values_list("number", "tax"))
    assert taxes_here == {"1001": Decimal(7), waiting.number: Decimal(8), "1003": Decimal(8)}

    invoices.update(company=manual.company, id=old.pk, values={"lines": [line(manual, "200")]})
    manual.sync()
    equal_and_quiet(manual)
    assert here(manual)["1001"] == (Decimal(16), Decimal(216))


def test_a_rate_that_cannot_be_chosen_any_more_is_charged_by_its_code_all_the_same(manual: World) -> None:
    rates = [row | {"Active": False} for row in manual.there("TaxRate") if row["Name"] == "City"]
    manual.emulator.load(manual.realm, {"TaxRate": rates})
    bill(manual)
    manual.sync()
    equal_and_quiet(manual)
    assert here(manual)["1001"] == (Decimal("6.24"), Decimal("95.24"))


def test_a_choice_of_a_code_of_another_percentage_is_told_and_followed(
    manual: World, client: Client, alice: User
) -> None:
    client.force_login(alice)
    rate = TaxRate.objects.get()
    chosen = {
        "income_account": "1",
        "deposit_account": "4",
        "start_date": "2026-01-01",
        f"tax_{rate.pk}": "2",
    }
    page = client.post("/settings/quickbooks/choices/", chosen, follow=True).content.decode()
    assert "QuickBooks charges 8 % with it, and you entered 7 %" in page
    bill(manual)
    manual.sync()
    equal_and_quiet(manual)
    assert here(manual)["1001"] == (Decimal("7.12"), Decimal("96.12"))

    page = client.get("/settings/sales-tax/").content.decode()
    assert "You entered 7 %." in page
    client.post(f"/settings/sales-tax/{rate.pk}/settle/")
    assert TaxRate.objects.get().percent == 8
    assert b"other sales tax" not in client.get("/settings/quickbooks/").content


def test_choices_keep_the_code_of_a_rate_that_is_put_away(manual: World, client: Client, alice: User) -> None:
    rate = TaxRate.objects.get()
    tax_rates.set_active(company=manual.company, id=rate.pk, active=False)
    client.force_login(alice)
    chosen = {"income_account": "1", "deposit_account": "4", "start_date": "2026-01-01"}
    client.post("/settings/quickbooks/choices/", chosen)
    manual.connection.refresh_from_db()
    assert manual.connection.tax_codes == {str(rate.pk): "20"}


def test_an_invoice_under_a_code_that_is_gone_there_waits_for_another_choice(manual: World) -> None:
    [code] = [row for row in manual.there("TaxCode") if row["Id"] == "20"]
    manual.emulator.load(manual.realm, {"TaxCode": [code | {"Active": False}]})
    for _ in range(3):
        bill(manual)
    manual.sync()
    assert manual.issues() == {"Invoice 1001": "tax_not_mapped"}, "one question for all"
    assert Link.objects.filter(kind="invoice", waits_for__contains="asked for at Invoice 1001").count() == 2
    manual.emulator.load(manual.realm, {"TaxCode": [code]})
    manual.sync()
    assert manual.issues() == {}
    assert len(manual.there("Invoice")) == 3


def test_the_form_of_a_saved_invoice_shows_the_tax_it_has(manual: World, client: Client, alice: User) -> None:
    saved = bill(manual)
    two_rates(manual, "5.5", "2.5")
    bill(manual)
    manual.sync()
    client.force_login(alice)
    page = client.get(f"/invoices/{saved.pk}/edit/").content.decode()
    assert "$95.24" in page
    assert "$96.12" not in page
