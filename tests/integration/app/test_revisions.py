"""The rule of the revisions: every change of a record takes the next number, and nothing else does."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from quickbooks_sync.kinds import KIND, KINDS
from service_genius.companies.models import Company, User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import InvoiceLine
from service_genius.payments import operations as payments
from service_genius.payments.models import Allocation
from service_genius.shared.revision import Changed, next_revision
from service_genius.work_codes import operations as work_codes
from tests.records_here import operations, some

from .conftest import DAY, Books


def counter(company: Company) -> int:
    company.refresh_from_db()
    return company.revision


def write(kind: str, books: Books, company: Company) -> Any:
    """A write of the record that changes nothing, to be extended by the caller."""
    record = some(KIND[kind], books.customer.company)

    def update(values: dict[str, Any], **more: Any) -> Any:
        return operations(KIND[kind]).update(company=company, id=record.pk, values=values, **more)

    return record, update


CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    # kind: (what the record has already, a change)
    "customer": ({"display_name": "Amelia Hartwell", "taxable": True}, {"phone": "(555) 201-0143"}),
    "work_code": ({"name": "Tune-up", "price": Decimal("100.00")}, {"price": Decimal("100.0000001")}),
    "invoice": ({"number": "1001", "date": DAY, "memo": "  "}, {"due_date": DAY + timedelta(days=1)}),
    "payment": ({"amount": Decimal("50.0"), "date": DAY}, {"reference": "2210"}),
    **{
        kind.name: ({"memo": "  "}, {"memo": "To be said"})
        for kind in KINDS
        if kind.name_field == "number" and kind.name != "invoice"
    },
}


def test_every_kind_has_a_change():
    assert CHANGES.keys() == KIND.keys()


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_takes_the_next_revision(kind: str, books: Books, company: Company):
    record, update = write(kind, books, company)
    before = counter(company)
    assert update(CHANGES[kind][1]).revision == before + 1 == counter(company)
    record.refresh_from_db()
    assert record.revision == before + 1


@pytest.mark.parametrize("kind", CHANGES)
def test_an_update_that_changes_nothing_takes_none(kind: str, books: Books, company: Company):
    record, update = write(kind, books, company)
    before = counter(company)
    assert update(CHANGES[kind][0]).revision == record.revision
    assert counter(company) == before


@pytest.mark.parametrize("kind", CHANGES)
def test_an_update_that_expects_an_older_revision_is_refused(kind: str, books: Books, company: Company):
    record, update = write(kind, books, company)
    update(CHANGES[kind][1], expected_revision=record.revision)
    before = counter(company)
    with pytest.raises(Changed):
        update(
            {"notes": "late"} if kind == "customer" else CHANGES[kind][0], expected_revision=record.revision
        )
    assert counter(company) == before


@pytest.mark.parametrize("kind", CHANGES)
def test_a_refused_update_takes_no_revision(kind: str, books: Books, company: Company):
    _, update = write(kind, books, company)
    before = counter(company)
    bad = {"customer": {"email": "x"}, "payment": {"amount": Decimal(-1)}}
    with pytest.raises(ValidationError):
        update(bad.get(kind, {KIND[kind].name_field: ""}))
    assert counter(company) == before


@pytest.mark.parametrize("kind", CHANGES)
def test_no_operation_reaches_into_another_company(kind: str, books: Books, charlie: User):
    _, update = write(kind, books, charlie.company)
    with pytest.raises(ObjectDoesNotExist):
        update(CHANGES[kind][1])


@pytest.mark.parametrize("kind", CHANGES)
def test_a_field_that_does_not_exist_is_a_fault_of_the_program(kind: str, books: Books, company: Company):
    _, update = write(kind, books, company)
    with pytest.raises(TypeError, match="no field to write named revision"):
        update({"revision": 1})


def test_the_revision_is_the_first_statement_of_the_transaction(company: Company):
    with CaptureQueriesContext(connection) as queries:
        customers.create(company=company, values={"display_name": "New"})
    statements = [query["sql"] for query in queries if not query["sql"].startswith("SAVEPOINT")]
    assert statements[0].startswith("UPDATE companies_company SET revision")


def test_lines_bump_their_invoice(books: Books, company: Company):
    before = counter(company)
    lines = [{"work_code": books.work_code.pk, "quantity": Decimal(2)}]
    invoices.update(company=company, id=books.invoice.pk, values={"lines": lines})
    books.invoice.refresh_from_db()
    assert books.invoice.revision == before + 1


def test_the_same_lines_again_change_nothing(books: Books, company: Company):
    before = counter(company)
    ids = set(InvoiceLine.objects.values_list("pk", flat=True))
    lines = [{"work_code": books.work_code.pk, "quantity": Decimal("1.0")}]
    invoices.update(company=company, id=books.invoice.pk, values={"lines": lines})
    assert counter(company) == before
    assert set(InvoiceLine.objects.values_list("pk", flat=True)) == ids


def test_allocations_bump_their_payment_and_not_the_invoice(books: Books, company: Company):
    invoice_before = books.invoice.revision
    before = counter(company)
    payments.update(
        company=company,
        id=books.payment.pk,
        values={"allocations": [{"invoice": books.invoice.pk, "amount": Decimal(50)}]},
    )
    books.invoice.refresh_from_db()
    books.payment.refresh_from_db()
    assert books.payment.revision == before + 1
    assert books.invoice.revision == invoice_before


def test_voiding_an_invoice_bumps_the_payments_it_releases(books: Books, company: Company):
    before = counter(company)
    invoices.void(company=company, id=books.invoice.pk)
    books.invoice.refresh_from_db()
    books.payment.refresh_from_db()
    assert (books.invoice.revision, books.payment.revision) == (before + 1, before + 2)
    assert not Allocation.objects.exists()


@pytest.mark.parametrize(
    "again",
    [
        lambda company, books: customers.reactivate(company=company, id=books.customer.pk),
        lambda company, books: work_codes.reactivate(company=company, id=books.work_code.pk),
        lambda company, books: [invoices.void(company=company, id=books.invoice.pk)] * 2,
        lambda company, books: [payments.void(company=company, id=books.payment.pk)] * 2,
    ],
)
def test_doing_what_is_done_takes_no_revision(
    again: Callable[[Company, Books], Any], books: Books, company: Company
):
    again(company, books)
    before = counter(company)
    again(company, books)
    assert counter(company) == before


def test_many_are_created_in_one_step_each_under_its_own_revision(company: Company):
    before = counter(company)
    rows = [{"display_name": f"Customer {number}"} for number in range(30)]
    with CaptureQueriesContext(connection) as queries:
        made = customers.create_many(company=company, rows=rows)
    assert [one.revision for one in made if isinstance(one, Customer)] == list(range(before + 1, before + 31))
    assert counter(company) == before + 30
    assert len(queries) <= 8


def test_bad_rows_are_told_in_place_and_spoil_nothing(company: Company):
    made = customers.create_many(
        company=company,
        rows=[
            {"display_name": "First"},
            {"display_name": "A:B"},
            {"display_name": "FIRST"},
            {"display_name": "Last"},
        ],
    )
    assert [isinstance(one, ValidationError) for one in made] == [False, True, True, False]
    assert set(Customer.objects.values_list("display_name", flat=True)) == {"First", "Last"}


def test_rows_that_are_all_bad_take_no_revision(company: Company):
    before = counter(company)
    customers.create_many(company=company, rows=[{"display_name": ""}, {"display_name": "A:B"}])
    assert counter(company) == before


@pytest.mark.django_db(transaction=True)
def test_a_revision_is_taken_only_within_the_transaction_it_numbers(company: Company):
    with pytest.raises(transaction.TransactionManagementError):
        next_revision(company.pk)


@pytest.mark.django_db(transaction=True)
def test_a_change_and_no_change_count_alike_outside_any_other_transaction(books: Books, company: Company):
    before = counter(company)
    customers.update(company=company, id=books.customer.pk, values={"phone": ""})
    assert counter(company) == before
    customers.update(company=company, id=books.customer.pk, values={"phone": "1"})
    assert counter(company) == before + 1


def test_a_company_that_does_not_exist_has_no_revision():
    with pytest.raises(LookupError):
        next_revision(0)


def write_quietly(customer: Customer, *, take_revision: bool) -> None:
    with transaction.atomic():
        if take_revision:
            next_revision(customer.company_id)
        Customer.objects.filter(pk=customer.pk).update(notes="quietly")


def test_the_guard_of_these_tests_sees_a_write_behind_the_back_of_the_revisions(books: Books):
    with pytest.raises(AssertionError, match="before a revision was taken"):
        write_quietly(books.customer, take_revision=False)
    with pytest.raises(AssertionError, match="without its revision"):
        write_quietly(books.customer, take_revision=True)


def test_the_database_itself_refuses_a_second_active_customer_of_a_name(books: Books, company: Company):
    twin = Customer(
        company=company, display_name="amelia hartwell", name_key="amelia hartwell", search_text=""
    )
    twin.revision = next_revision(company.pk)
    with pytest.raises(IntegrityError):
        Customer.objects.bulk_create([twin])
