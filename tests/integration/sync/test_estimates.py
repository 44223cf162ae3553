"""Estimates go to QuickBooks if a person has said so; what a customer answered comes from there."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import Connection, Issue, Link
from quickbooks_sync.resolving import resolve
from quickbooks_sync.resolving.offers import answers_of
from service_genius.companies.models import User
from service_genius.estimates import operations
from service_genius.estimates.models import Estimate
from service_genius.invoices.models import Invoice
from tests.pressing import Client
from tests.records_here import create
from tests.world import World

from . import sales
from .foretelling import foretold
from .stories.story import edit_there, invoice_there

AMELIA = "Amelia Hartwell"
DAY = date(2026, 3, 2)


def estimate_of(world: World, **values: Any) -> Estimate:
    made: Estimate = create(
        KIND["estimate"],
        world.company,
        customer=sales.customer(AMELIA).pk,
        date=DAY,
        expiry_date=None,
        **values,
    )
    return made


def there(world: World) -> list[dict[str, Any]]:
    return world.there("Estimate")


def send(world: World, *, on: bool = True) -> None:
    Connection.objects.update(send_estimates=on, here_watermark=0)
    world.connection.refresh_from_db()


@pytest.fixture
def offering(selling: World) -> World:
    send(selling)
    return selling


def test_estimates_stay_here_unless_a_person_says_otherwise(
    selling: World, client: Client, alice: User
) -> None:
    estimate = estimate_of(selling)
    selling.sync()
    assert there(selling) == []
    client.force_login(alice)
    page = client.get(reverse("estimates:detail", kwargs={"pk": estimate.pk})).content.decode()
    assert "Your estimates stay here." in page
    assert not Issue.objects.exists()


def test_whoever_turns_them_on_is_told_how_many_go(selling: World, client: Client, alice: User) -> None:
    estimate_of(selling)
    selling.sync()
    client.force_login(alice)
    address = reverse("quickbooks:choices")
    fields = {
        field.html_name: field.value() or ""
        for field in client.get(f"{reverse('quickbooks:home')}?choices=open").context["choices"]
    }
    answer = client.post(address, fields | {"send_estimates": "on"})
    assert "1 estimate of $10.00" in answer.content.decode()
    kept = client.post(address, fields | {"send_estimates": "on", "seen": answer.context["seen"]})
    assert kept.status_code == 302
    selling.sync()
    assert [one["TotalAmt"] for one in there(selling)] == [10]


def test_a_new_estimate_goes_with_all_that_is_on_it(offering: World) -> None:
    estimate = estimate_of(offering, memo="Good for a month", discount_percent=Decimal(10))
    offering.sync()
    (one,) = there(offering)
    assert (one["DocNumber"], one["TxnStatus"], one["TotalAmt"]) == (estimate.number, "Pending", 9)
    assert one["CustomerMemo"] == {"value": "Good for a month"}
    assert "Balance" not in one or not one["Balance"]
    counts = offering.there("Customer")
    offering.sync()
    assert there(offering) == [one]
    assert offering.there("Customer") == counts, "nobody owes anything for it"


def test_an_edit_here_goes_there(offering: World) -> None:
    estimate = estimate_of(offering)
    offering.sync()
    operations.update(
        company=offering.company, id=estimate.pk, values={"status": "accepted", "expiry_date": DAY}
    )
    offering.sync()
    (one,) = there(offering)
    assert (one["TxnStatus"], one["ExpirationDate"]) == ("Accepted", "2026-03-02")


@pytest.mark.parametrize(
    ("status", "here"), [("Accepted", "accepted"), ("Rejected", "declined"), ("Closed", "closed")]
)
def test_what_a_customer_answered_there_is_taken_without_a_question(
    offering: World, status: str, here: str
) -> None:
    estimate = estimate_of(offering)
    offering.sync()
    edit_there(offering, "Estimate", TxnStatus=status)
    offering.sync()
    estimate.refresh_from_db()
    assert estimate.status == here
    assert not Issue.objects.exists()
    assert not Link.objects.filter(kind="estimate", open=True).exists()


def test_what_else_was_edited_there_meanwhile_is_still_asked_about(offering: World) -> None:
    estimate = estimate_of(offering)
    offering.sync()
    edit_there(offering, "Estimate", TxnStatus="Accepted", ExpirationDate="2026-12-24")
    offering.sync()
    estimate.refresh_from_db()
    assert (estimate.status, estimate.expiry_date) == ("accepted", None)
    issue = Issue.objects.get()
    assert (issue.reason, issue.details["fields"]) == ("changed_there", ["expiry_date"])


def test_an_edit_here_and_an_answer_there_both_count(offering: World) -> None:
    estimate = estimate_of(offering)
    offering.sync()
    operations.update(company=offering.company, id=estimate.pk, values={"memo": "Other"})
    edit_there(offering, "Estimate", TxnStatus="Accepted")
    offering.sync()
    estimate.refresh_from_db()
    (one,) = there(offering)
    assert (estimate.status, one["TxnStatus"], one["CustomerMemo"]["value"]) == (
        "accepted",
        "Accepted",
        "Other",
    )
    assert not Issue.objects.exists()


def test_a_preview_shows_an_edit_here_beside_an_answer_there(offering: World) -> None:
    estimate = estimate_of(offering)
    offering.sync()
    operations.update(company=offering.company, id=estimate.pk, values={"memo": "Other"})
    edit_there(offering, "Estimate", TxnStatus="Accepted")

    assert [step[:2] for step in foretold(offering)] == [("here", "updated"), ("there", "updated")]


def test_a_voided_one_is_deleted_there(offering: World) -> None:
    estimate = estimate_of(offering)
    offering.sync()
    operations.void(company=offering.company, id=estimate.pk)
    offering.sync()
    assert there(offering) == []
    assert not Issue.objects.exists()
    link = Link.objects.get(kind="estimate")
    assert (link.open, link.remote.deleted if link.remote else None) == (False, True)
    again = offering.sync()
    assert again.calls["write_batches"] == 0, "nothing is left to do"


def test_one_that_was_never_sent_and_is_voided_never_goes(offering: World) -> None:
    estimate = estimate_of(offering)
    operations.void(company=offering.company, id=estimate.pk)
    offering.sync()
    assert there(offering) == []


def test_one_that_somebody_invoiced_there_is_not_deleted(offering: World) -> None:
    estimate = estimate_of(offering)
    offering.sync()
    (one,) = there(offering)
    invoice_there(offering, LinkedTxn=[{"TxnId": one["Id"], "TxnType": "Estimate"}])
    operations.void(company=offering.company, id=estimate.pk)
    offering.sync()
    assert [each["Id"] for each in there(offering)] == [one["Id"]]
    assert Issue.objects.get().reason == "cannot_remove"


def test_the_invoice_made_of_it_is_linked_with_it_there(offering: World) -> None:
    estimate = estimate_of(offering)
    invoice = operations.make_invoice(company=offering.company, id=estimate.pk)
    offering.sync()
    (one,), (made,) = there(offering), offering.there("Invoice")
    assert made["DocNumber"] == invoice.number
    assert made["LinkedTxn"] == [{"TxnId": one["Id"], "TxnType": "Estimate"}]
    assert one["TxnStatus"] == "Closed"
    assert not Issue.objects.exists()
    offering.sync()
    estimate.refresh_from_db()
    assert (estimate.status, estimate.invoice) == ("closed", invoice)
    assert Invoice.objects.count() == 1


def test_its_invoice_goes_without_it_where_estimates_stay_here(selling: World) -> None:
    estimate = estimate_of(selling)
    operations.make_invoice(company=selling.company, id=estimate.pk)
    selling.sync()
    (made,) = selling.there("Invoice")
    assert not made.get("LinkedTxn")
    assert there(selling) == []


def test_a_number_that_is_taken_there_is_one_question_with_the_next_free_one(offering: World) -> None:
    first = estimate_of(offering, number="3001")
    offering.sync()
    (one,) = there(offering)
    body = {"CustomerRef": one["CustomerRef"], "Line": one["Line"][:1], "DocNumber": "3002"}
    offering.post("estimate", body)
    estimate_of(offering, number="3002", memo="Another")
    offering.sync()
    issue = Issue.objects.get()
    assert issue.reason in {"number_taken", "look_alike"}
    assert issue.link.kind == "estimate"
    assert first.number == "3001"


def test_to_take_one_out_there_says_that_it_is_deleted(offering: World) -> None:
    estimate_of(offering)
    offering.sync()
    issue = Issue.objects.create(
        connection=offering.connection,
        link=Link.objects.get(kind="estimate"),
        reason="stored_differently",
        label="Estimate 9001",
        raised_at=offering.connection.connected_at,
        details={"fields": ["total"], "sent": {"total": "10"}, "stored": {"total": "9"}},
    )
    labels = {answer.what: answer.label for answer in answers_of(issue)}
    assert labels["void_there"] == "Delete it there and hold it"
    assert "is deleted in QuickBooks with the next sync" in resolve.carry_out(issue, "void_there", value="")
    offering.sync()
    assert there(offering) == []
    assert Link.objects.get(kind="estimate").state == Link.State.HOLD
