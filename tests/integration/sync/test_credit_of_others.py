"""Credit that is not ours, or cannot be taken back, on an invoice of ours: said, and asked about once."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.models import Issue, Link
from quickbooks_sync.resolving import resolve
from service_genius.companies.models import User
from service_genius.payments.models import Payment
from tests.integration.sync.credit import (
    answer,
    bank,
    bill,
    memo,
    paid_there,
    pay,
    payment_there,
    pays,
    quiet,
    synced,
    there,
)
from tests.pressing import Client
from tests.world import World


@pytest.mark.parametrize("enter", [memo, payment_there])
def test_credit_entered_in_quickbooks_is_said_at_the_invoice(
    selling: World, client: Client, alice: User, enter: Callable[[World, int], Any]
) -> None:
    enter(selling, 30)
    invoice = bill(selling)
    synced(selling)
    assert selling.issues() == {}
    assert not Payment.objects.exists()
    client.force_login(alice)
    page = client.get(f"/invoices/{invoice.pk}/").content.decode()
    assert "$30.00 of a credit entered in QuickBooks was applied to it by QuickBooks itself." in page


def test_what_is_ours_is_not_said_to_be_entered_there(selling: World, client: Client, alice: User) -> None:
    pay(selling, 60)
    synced(selling)
    invoice = bill(selling)
    synced(selling)
    client.force_login(alice)
    assert "entered in QuickBooks" not in client.get(f"/invoices/{invoice.pk}/").content.decode()


@pytest.mark.parametrize("enter", [memo, payment_there])
def test_a_payment_without_room_is_one_question_and_pays_what_is_left(
    selling: World, enter: Callable[[World, int], Any]
) -> None:
    enter(selling, 30)
    invoice = bill(selling)
    payment = pay(selling, 100, (invoice, 100))
    synced(selling)
    assert selling.there("Payment") == [row for row in selling.there("Payment") if row["TotalAmt"] != 100]
    details = Issue.objects.get().details
    assert details == {"number": invoice.number, "open": "70", "applied": "100", "credit": "30"}
    answer(selling, "credit_applied", "apply_left")
    assert pays(payment) == {invoice.number: Decimal(70)}
    synced(selling)
    row = there(selling, "Payment", payment)
    assert (row["Line"][0]["Amount"], row["UnappliedAmt"]) == (70, 30)
    quiet(selling)


@pytest.mark.parametrize("pressed", [False, True])
def test_credit_taken_off_in_quickbooks_lets_the_payment_go(selling: World, *, pressed: bool) -> None:
    memo(selling, 30)
    invoice = bill(selling)
    payment = pay(selling, 100, (invoice, 100))
    synced(selling)
    (zero,) = selling.there("Payment")
    selling.post("payment?operation=delete", {"Id": zero["Id"], "SyncToken": zero["SyncToken"]})
    if pressed:
        resolve.try_again(Issue.objects.get())
    synced(selling)
    assert paid_there(selling, payment) == [100]
    quiet(selling)


def test_a_payment_that_fits_beside_the_credit_goes(selling: World) -> None:
    memo(selling, 30)
    invoice = bill(selling)
    payment = pay(selling, 70, (invoice, 70))
    synced(selling)
    assert paid_there(selling, payment) == [70]
    quiet(selling)


def test_of_two_payments_the_one_that_fits_goes_and_the_other_is_asked_about(selling: World) -> None:
    memo(selling, 30)
    invoice = bill(selling)
    first, second = pay(selling, 60, (invoice, 60)), pay(selling, 40, (invoice, 40))
    synced(selling)
    assert paid_there(selling, first) == [60]
    issue = Issue.objects.get()
    assert (issue.reason, issue.link.local_id) == ("credit_applied", second.pk)
    assert issue.details["open"] == "10"
    answer(selling, "credit_applied", "apply_left")
    synced(selling)
    assert paid_there(selling, second) == [10]
    quiet(selling)


def test_ours_and_theirs_on_one_invoice(selling: World) -> None:
    """What is ours is given back; what is not is asked about."""
    memo(selling, 30)
    earlier = pay(selling, 60)
    synced(selling)
    invoice = bill(selling)
    later = pay(selling, 100, (invoice, 100))
    synced(selling)
    assert (pays(earlier), paid_there(selling, earlier)) == ({}, [])
    answer(selling, "credit_applied", "apply_left")
    synced(selling)
    assert pays(later) == {invoice.number: Decimal(70)}
    assert paid_there(selling, later) == [70]
    quiet(selling)


def test_a_payment_that_is_not_synced_counts_as_theirs(selling: World) -> None:
    held = pay(selling, 60)
    synced(selling)
    Link.objects.filter(kind="payment").update(state=Link.State.HOLD)
    invoice = bill(selling)
    pay(selling, 100, (invoice, 100))
    synced(selling)
    assert pays(held) == {}
    assert [issue.details["credit"] for issue in Issue.objects.all()] == ["60"]


def test_a_payment_that_somebody_stopped_since_it_was_applied_counts_as_theirs(selling: World) -> None:
    stopped = pay(selling, 60)
    synced(selling)
    invoice = bill(selling)
    pay(selling, 100, (invoice, 100))
    selling.checkpoint = lambda _: Link.objects.filter(local_id=stopped.pk, kind="payment").update(
        state=Link.State.HOLD if Link.objects.filter(applied_by__isnull=False).exists() else Link.State.ACTIVE
    )
    synced(selling)
    assert pays(stopped) == {}
    assert [issue.details["credit"] for issue in Issue.objects.all()] == ["60"]


def test_a_payment_in_the_bank_is_taken_here_where_there_is_room(selling: World) -> None:
    payment = pay(selling, 60)
    synced(selling)
    bank(selling, payment)
    invoice = bill(selling)
    synced(selling)
    assert pays(payment) == {invoice.number: Decimal(60)}
    quiet(selling)


def test_a_payment_in_the_bank_cannot_be_taken_back_and_that_is_one_question(selling: World) -> None:
    banked = pay(selling, 60)
    synced(selling)
    bank(selling, banked)
    invoice = bill(selling)
    later = pay(selling, 100, (invoice, 100))
    synced(selling)
    assert list(Issue.objects.values_list("link__local_id", flat=True)) == [later.pk]
    waits = Link.objects.get(kind="payment", local_id=banked.pk)
    assert waits.waits_for == f"room on invoice {invoice.number}, which another payment pays, too"
    answer(selling, "credit_applied", "apply_left")
    synced(selling)
    assert pays(later) == {invoice.number: Decimal(40)}
    assert pays(banked) == {invoice.number: Decimal(60)}
    quiet(selling)


def test_a_payment_of_an_invoice_that_somebody_paid_by_hand_is_asked_about_as_ever(selling: World) -> None:
    memo(selling, 30)
    invoice = bill(selling)
    synced(selling)
    row = there(selling, "Invoice", invoice)
    line = {"Amount": 70, "LinkedTxn": [{"TxnId": row["Id"], "TxnType": "Invoice"}]}
    selling.post("payment", {"CustomerRef": row["CustomerRef"], "TotalAmt": 70, "Line": [line]})
    payment = pay(selling, 50, (invoice, 50))
    synced(selling)
    answer(selling, "already_paid", "apply_left")
    assert pays(payment) == {}
    synced(selling)
    assert there(selling, "Payment", payment)["UnappliedAmt"] == 50
    quiet(selling)
