"""Two customers who are the same become one: what moves, what is refused, and how a person does it."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from service_genius.companies.models import Company, User
from service_genius.customers import balances, operations
from service_genius.customers.models import Customer
from service_genius.payments import operations as payments
from service_genius.shared.revision import Changed
from tests.pressing import Client

from .conftest import DAY, Books, new_invoice


def create(company: Company, name: str, **values: Any) -> Customer:
    return operations.create(company=company, values={"display_name": name, **values})


def merge(company: Company, loser: Customer, survivor: Customer) -> Customer:
    return operations.merge_customers(company=company, loser=loser.pk, survivor=survivor.pk)


def test_everything_of_the_loser_belongs_to_the_survivor_under_revisions_of_its_own(
    books: Books, company: Company
):
    below = create(company, "Rear House", parent=books.customer.pk)
    survivor = create(company, "A. Hartwell", notes="Ring twice")
    company.refresh_from_db()
    before = company.revision

    merge(company, books.customer, survivor)

    moved = [books.invoice, books.payment, below, books.customer]
    for record in moved:
        record.refresh_from_db()
    assert (books.invoice.customer, books.payment.customer, below.parent) == (survivor,) * 3
    revisions = {record.revision for record in moved}
    assert len(revisions) == len(moved)
    assert min(revisions) > before
    assert (books.customer.active, books.customer.merged_into) == (False, survivor)
    [with_balance] = balances.with_balance(Customer.objects.filter(pk=survivor.pk), company=survivor.company)
    assert (with_balance.balance, with_balance.notes) == (Decimal(58), "Ring twice")


def test_the_line_of_what_was_paid_stays_whole(books: Books, company: Company):
    """A parent paid an invoice of its sub-customer: that one cannot go to a stranger."""
    below = create(company, "Rear House", parent=books.customer.pk)
    invoice = new_invoice(company, customer=below, work_code=books.work_code, number="1002")
    payments.create(
        company=company,
        values={
            "customer": books.customer.pk,
            "date": DAY,
            "amount": Decimal(20),
            "allocations": [{"invoice": invoice.pk, "amount": Decimal(20)}],
        },
    )
    stranger = create(company, "Stranger")
    with pytest.raises(ValidationError, match="pays Invoice 1002, which would then belong to Stranger"):
        merge(company, below, stranger)
    below.refresh_from_db()
    invoice.refresh_from_db()
    assert (below.active, invoice.customer) == (True, below)

    merge(company, books.customer, stranger)  # all of them together: that is no harm
    invoice.refresh_from_db()
    assert invoice.customer.parent == stranger


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_what_cannot_be_merged_is_refused_with_the_way_out(number: int, books: Books, company: Company):
    inactive = create(company, "Gone")
    operations.deactivate(company=company, id=inactive.pk)
    below = create(company, "Rear House", parent=books.customer.pk)
    twin = create(company, "Twin")
    create(company, "rear house", parent=twin.pk)
    survivor, words = [
        (books.customer, "the same customer"),
        (inactive, "Gone is inactive"),
        (below, "stands below Amelia Hartwell"),
        (twin, "Both have a sub-customer named “Rear House”"),
    ][number]
    with pytest.raises(ValidationError, match=words):
        merge(company, books.customer, survivor)


def test_sub_customers_never_come_to_stand_too_deep(company: Company):
    loser = create(company, "Loser")
    create(company, "B", parent=create(company, "A", parent=loser.pk).pk)
    survivor = create(company, "Level 1")
    for level in range(2, 5):
        survivor = create(company, f"Level {level}", parent=survivor.pk)
    with pytest.raises(ValidationError, match="more than 5 levels"):
        merge(company, loser, survivor)


def test_who_was_merged_is_not_merged_again_but_can_come_back_empty(books: Books, company: Company):
    survivor = create(company, "A. Hartwell")
    merge(company, books.customer, survivor)
    with pytest.raises(ValidationError, match="merged already"):
        merge(company, books.customer, survivor)
    back = operations.reactivate(company=company, id=books.customer.pk)
    assert (back.active, back.merged_into, back.invoices.count()) == (True, None, 0)


def test_who_was_changed_meanwhile_is_not_merged(books: Books, company: Company):
    survivor = create(company, "A. Hartwell")
    seen = books.customer.revision
    operations.update(company=company, id=books.customer.pk, values={"phone": "555 0100"})
    with pytest.raises(Changed):
        operations.merge_customers(
            company=company, loser=books.customer.pk, survivor=survivor.pk, expected_revision=seen
        )


def test_a_customer_of_another_company_is_no_survivor(books: Books, company: Company, charlie: User):
    stranger = create(charlie.company, "Stranger")
    with pytest.raises(Customer.DoesNotExist):
        merge(company, books.customer, stranger)


def test_a_person_sees_what_moves_before_it_is_done(client: Client, books: Books, company: Company):
    survivor = create(company, "A. Hartwell")
    address = reverse("customers:merge", args=[books.customer.pk])
    assert address in client.get(reverse("customers:detail", args=[books.customer.pk])).content.decode()
    revision = {"revision": books.customer.revision}

    asked = client.post(address, {"survivor": "a. hartwell", **revision}).content.decode()
    assert "1 invoice, 1 payment and 0 sub-customers go to" in asked
    assert "cannot be undone" in asked
    books.customer.refresh_from_db()
    assert books.customer.active

    done = client.post(address, {"survivor": "A. Hartwell", "confirmed": "1", **revision}, follow=True)
    assert "Amelia Hartwell is merged into A. Hartwell." in done.content.decode()
    assert done.redirect_chain[-1][0] == reverse("customers:detail", args=[survivor.pk])
    gone = client.get(reverse("customers:detail", args=[books.customer.pk])).content.decode()
    assert "Merged into" in gone


def test_a_page_that_is_out_of_date_merges_nothing(client: Client, books: Books, company: Company):
    create(company, "A. Hartwell")
    revision = books.customer.revision
    operations.update(company=company, id=books.customer.pk, values={"phone": "555 0100"})
    said = client.post(
        reverse("customers:merge", args=[books.customer.pk]),
        {"survivor": "A. Hartwell", "confirmed": "1", "revision": revision},
    ).content.decode()
    assert "Somebody else changed this" in said
    books.customer.refresh_from_db()
    assert books.customer.active


def test_the_page_refuses_whom_it_does_not_know_and_the_customer_itself(client: Client, books: Books):
    address = reverse("customers:merge", args=[books.customer.pk])
    assert (
        "There is no customer named “Nobody”" in client.post(address, {"survivor": "Nobody"}).content.decode()
    )
    assert (
        "This is the same customer" in client.post(address, {"survivor": "Amelia Hartwell"}).content.decode()
    )
