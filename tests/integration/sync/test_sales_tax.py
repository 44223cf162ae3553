"""Sales tax is equal to the cent on both sides, or is asked about once, whatever QuickBooks makes of it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.test import Client

from quickbooks_sync import connection as connections
from quickbooks_sync import mend, taxes
from quickbooks_sync.models import Connection, Issue, Link, SyncRun
from quickbooks_sync.run import ask
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice, TaxRate
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import Killed, World

TODAY = date(2026, 3, 2)
#: 5.5 % and 1.5 % of 89.00 are 4.90 and 1.34; 7 % of it is 6.23.
PRICE = Decimal(89)


@pytest.fixture
def sells(world: World) -> World:
    """A company with a customer, a work code and a rate of 7 %, before its first Full Sync."""
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=world.company, values={"name": "Service Call", "price": PRICE, "taxable": True})
    invoices.add_tax_rate(company=world.company, values={"name": "Phoenix", "percent": Decimal(7)})
    return world


def two_rates(world: World, state: str = "5.5", city: str = "1.5") -> None:
    """QuickBooks has a tax code of a state's and a city's rate."""
    rates = {"21": ("State", state), "22": ("City", city)}
    listed = [
        {"Id": key, "Name": name, "RateValue": float(percent), "Active": True, "SyncToken": "0"}
        for key, (name, percent) in rates.items()
    ]
    details = [{"TaxRateRef": {"value": key}} for key in rates]
    code = {
        "Id": "20",
        "SyncToken": "0",
        "Name": "Phoenix",
        "Active": True,
        "SalesTaxRateList": {"TaxRateDetail": details},
    }
    world.emulator.load(world.realm, {"TaxRate": listed, "TaxCode": [code]})


@pytest.fixture
def manual(sells: World) -> World:
    """The rate is a code of two rates there, and that is known."""
    two_rates(sells)
    sells.full()
    return sells


def automated(world: World, override: str) -> World:
    world.emulator.preferences(world.realm, TaxPrefs={"PartnerTaxEnabled": True})
    world.emulator.settings(tax_override=override)
    world.full()
    return world


@pytest.fixture
def ignoring(sells: World) -> Iterator[World]:
    """QuickBooks reckons 8 % itself, whatever it is sent."""
    yield automated(sells, "ignored")
    sells.emulator.settings(tax_override="honoured")


@pytest.fixture
def keeping(sells: World) -> Iterator[World]:
    """QuickBooks reckons 8 % itself, and keeps what it is sent."""
    yield automated(sells, "honoured")
    sells.emulator.settings(tax_override="honoured")


def bill(world: World, price: Decimal = PRICE, *, taxable: bool = True, **values: Any) -> Invoice:
    code, buyer = WorkCode.objects.get(name="Service Call"), Customer.objects.get()
    given = {
        "number": invoices.next_number(company=world.company),
        "customer": buyer.pk,
        "date": TODAY,
        "due_date": TODAY,
        "tax_rate": TaxRate.objects.get(company=world.company).pk,
        "lines": [{"work_code": code.pk, "unit_price": price, "taxable": taxable}],
    }
    return invoices.create(company=world.company, values={**given, **values})


def pay(invoice: Invoice, amount: Decimal | None = None) -> Payment:
    paid = amount or invoice.total
    allocation = {"invoice": invoice.pk, "amount": paid}
    values = {"customer": invoice.customer_id, "date": TODAY, "amount": paid, "allocations": [allocation]}
    return payments.create(company=invoice.company, values=values)


def line(world: World, price: str) -> dict[str, Any]:
    code = WorkCode.objects.get(company=world.company, name="Service Call")
    return {"work_code": code.pk, "unit_price": Decimal(price), "taxable": True}


def pressed(what: str) -> str:
    return mend.carry_out(Issue.objects.get(), what, value="")


def there(world: World) -> dict[str, tuple[Decimal, Decimal]]:
    """Tax and total of each invoice in QuickBooks, by number."""
    return {
        row["DocNumber"]: (_money(row["TxnTaxDetail"]["TotalTax"]), _money(row["TotalAmt"]))
        for row in world.there("Invoice")
    }


def here(world: World) -> dict[str, tuple[Decimal, Decimal]]:
    rows = Invoice.objects.filter(company=world.company, voided=False)
    return {one.number: (one.tax, one.total) for one in rows}


def _money(value: object) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


def differing(world: World) -> list[str]:
    """Numbers of the invoices in QuickBooks that are not equal to the cent."""
    ours = here(world)
    return [number for number, figures in there(world).items() if ours[number] != figures]


def equal_and_quiet(world: World) -> None:
    assert world.issues() == {}
    assert there(world) == here(world)
    for _ in range(2):
        run = world.sync()
        assert (run.state, run.calls["write_batches"]) == ("done", 0), run.error
    assert world.issues() == {}
    assert not Link.objects.filter(waiting=True).exists()


# --- Manual: the rates of a code are known --------------------------------------------------------


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
    invoices.set_tax_rate_active(company=manual.company, id=rate.pk, active=False)
    client.force_login(alice)
    chosen = {"income_account": "1", "deposit_account": "4", "start_date": "2026-01-01"}
    client.post("/settings/quickbooks/choices/", chosen)
    manual.connection.refresh_from_db()
    assert manual.connection.tax_codes == {str(rate.pk): "20"}


# --- Automated: only an answer tells --------------------------------------------------------------


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
    assert keeping.connection.automated_tax == Connection.AutomatedTax.OURS
    bill(keeping)
    bill(keeping)
    assert keeping.sync().calls["write_batches"] == 1


def test_a_tax_that_is_the_same_by_chance_proves_nothing_until_it_was_so_again_and_again(
    ignoring: World,
) -> None:
    """8 % and 7.25 % + 0.75 % of 100 are the same, and of 89.10 they are not."""
    TaxRate.objects.update(percent=Decimal(8))
    for price in ("100", "100", "100", "88.7", "89.10", "3.30", "89.10", "100"):
        bill(ignoring, Decimal(price))
    ignoring.sync()
    assert len(differing(ignoring)) <= 1
    assert sum(reason == "automated_tax" for reason in ignoring.issues().values()) <= 1


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
        if name == "answer received":
            raise Killed

    ignoring.checkpoint = die
    with pytest.raises(Killed):
        ignoring.sync()
    ignoring.checkpoint = lambda _name: None
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
