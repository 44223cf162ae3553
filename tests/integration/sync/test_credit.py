"""Our own payments that QuickBooks applies to a new invoice by itself: taken here, or taken back there."""

from datetime import timedelta
from decimal import Decimal

import pytest

from quickbooks_sync.models import Change, Issue
from service_genius.invoices import operations as invoices
from service_genius.payments import operations as payments
from tests.integration.sync import sales
from tests.integration.sync.credit import bill, paid_there, pay, pays, quiet, synced, there
from tests.world import World


@pytest.mark.parametrize("links", ["told", "untold"])
def test_what_quickbooks_applied_of_our_own_payment_is_taken_here_in_the_same_sync(
    selling: World, links: str
) -> None:
    selling.emulator.settings(auto_applied_links=links)
    payment = pay(selling, 60)
    synced(selling)
    invoice = bill(selling)
    run = synced(selling)
    assert pays(payment) == {invoice.number: Decimal(60)}
    assert there(selling, "Invoice", invoice)["Balance"] == 40
    payment.refresh_from_db()
    selling.company.refresh_from_db()
    assert payment.revision == selling.company.revision
    told = Change.objects.get(run=run, kind="payment")
    assert (told.side, told.action) == ("here", "updated")
    assert told.note == f"QuickBooks itself applied $60.00 of it to invoice {invoice.number}."
    told = Change.objects.get(run=run, kind="invoice")
    assert told.note == "QuickBooks itself applied $60.00 of this customer's credit to it."
    quiet(selling)


def test_one_payment_over_several_new_invoices_is_taken_with_all_of_them(selling: World) -> None:
    payment = pay(selling, 250)
    synced(selling)
    numbers = [bill(selling).number for _ in range(3)]
    synced(selling)
    assert pays(payment) == dict(zip(numbers, map(Decimal, (100, 100, 50)), strict=True))
    quiet(selling)


def test_several_payments_of_one_new_invoice_are_all_taken(selling: World) -> None:
    first, second = pay(selling, 30), pay(selling, 50)
    synced(selling)
    number = bill(selling).number
    synced(selling)
    assert (pays(first), pays(second)) == ({number: Decimal(30)}, {number: Decimal(50)})
    quiet(selling)


def test_a_payment_that_pays_another_invoice_keeps_that(selling: World) -> None:
    first = bill(selling)
    payment = pay(selling, 130, (first, 100))
    synced(selling)
    second = bill(selling)
    synced(selling)
    assert pays(payment) == {first.number: Decimal(100), second.number: Decimal(30)}
    quiet(selling)


def test_a_payment_entered_here_gets_the_room_that_quickbooks_gave_to_another(selling: World) -> None:
    earlier = pay(selling, 60)
    synced(selling)
    invoice = bill(selling)
    later = pay(selling, 100, (invoice, 100))
    run = synced(selling)
    assert pays(earlier) == {}
    assert paid_there(selling, earlier) == []
    assert paid_there(selling, later) == [100]
    back = Change.objects.get(run=run, kind="payment", action="updated")
    applied = f"QuickBooks itself applied $60.00 of it to invoice {invoice.number}."
    back_again = "What another payment pays of that is taken back."
    assert (back.side, back.note) == ("there", f"{applied} {back_again}")
    quiet(selling)


def test_only_as_much_is_taken_back_as_a_payment_here_wants(selling: World) -> None:
    earlier = pay(selling, 60)
    synced(selling)
    invoice = bill(selling)
    later = pay(selling, 70, (invoice, 70))
    synced(selling)
    assert (pays(earlier), pays(later)) == ({invoice.number: Decimal(30)}, {invoice.number: Decimal(70)})
    quiet(selling)


def test_a_payment_with_the_smaller_number_gets_the_room_of_a_later_one(selling: World) -> None:
    """The one that wants it is met first, and waits until the other has given it back."""
    wants = pay(selling, 100)
    older = pay(selling, 60)
    day = sales.DAY - timedelta(days=1)
    payments.update(company=selling.company, id=older.pk, values={"date": day})
    synced(selling)
    invoice = bill(selling)
    values = {"allocations": [{"invoice": invoice.pk, "amount": Decimal(100)}]}
    payments.update(company=selling.company, id=wants.pk, values=values)
    synced(selling)
    assert (paid_there(selling, wants), paid_there(selling, older)) == ([100], [])
    quiet(selling)


def test_what_a_payment_pays_by_somebodys_word_counts_before_what_quickbooks_did(selling: World) -> None:
    payment = pay(selling, 80)
    synced(selling)
    invoice = bill(selling)
    values = {"allocations": [{"invoice": invoice.pk, "amount": Decimal(30)}]}
    payments.update(company=selling.company, id=payment.pk, values=values)
    synced(selling)
    assert pays(payment) == {invoice.number: Decimal(30)}
    quiet(selling)


def test_an_edit_of_a_payment_goes_with_what_quickbooks_applied_of_it(selling: World) -> None:
    payment = pay(selling, 60)
    synced(selling)
    invoice = bill(selling)
    payments.update(company=selling.company, id=payment.pk, values={"reference": "CHK 7"})
    synced(selling)
    assert there(selling, "Payment", payment)["PaymentRefNum"] == "CHK 7"
    assert pays(payment) == {invoice.number: Decimal(60)}
    quiet(selling)


@pytest.mark.parametrize("first", ["payment", "invoice"])
def test_a_void_here_gives_back_what_quickbooks_applied(selling: World, first: str) -> None:
    payment = pay(selling, 60)
    synced(selling)
    invoice = bill(selling)
    synced(selling)
    if first == "payment":
        payments.void(company=selling.company, id=payment.pk)
    else:
        invoices.void(company=selling.company, id=invoice.pk)
    synced(selling)
    row = there(selling, "Payment", payment)
    assert row["Line"] == []
    assert row["TotalAmt"] == (0 if first == "payment" else 60)
    assert there(selling, "Invoice", invoice)["Balance"] == (100 if first == "payment" else 0)
    quiet(selling)


def test_a_payment_voided_here_before_it_was_known_goes_without_a_question_and_its_room_is_used(
    selling: World,
) -> None:
    payment = pay(selling, 60)
    synced(selling)
    invoice = bill(selling)
    payments.void(company=selling.company, id=payment.pk)
    other = pay(selling, 100, (invoice, 100))
    synced(selling)
    assert there(selling, "Payment", payment)["TotalAmt"] == 0
    assert paid_there(selling, other) == [100]
    quiet(selling)


def test_what_somebody_changed_in_quickbooks_besides_is_asked_about_as_ever(selling: World) -> None:
    payment = pay(selling, 60)
    synced(selling)

    def somebody_is_quicker(name: str) -> None:
        if name == "answer received" and selling.there("Invoice"):
            selling.checkpoint = lambda _: None
            row = there(selling, "Payment", payment)
            selling.post("payment", {**row, "PaymentRefNum": "THEIRS", "sparse": False})

    selling.checkpoint = somebody_is_quicker
    invoice = bill(selling)
    synced(selling)
    assert pays(payment) == {invoice.number: Decimal(60)}
    issue = Issue.objects.get()
    assert (issue.reason, issue.details) == ("changed_there", {"fields": ["reference"]})


def test_a_payment_that_somebody_took_off_again_in_quickbooks_is_not_taken(selling: World) -> None:
    payment = pay(selling, 60)
    synced(selling)

    def somebody_is_quicker(name: str) -> None:
        if name == "answer received" and selling.there("Invoice"):
            selling.checkpoint = lambda _: None
            row = there(selling, "Payment", payment)
            selling.post("payment", {**row, "Line": [], "sparse": False})

    selling.checkpoint = somebody_is_quicker
    bill(selling)
    synced(selling)
    synced(selling)
    assert pays(payment) == {}
    quiet(selling)
