"""Two work codes that are the same become one: what moves, what stays, and what is refused."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from service_genius.companies.models import Company
from service_genius.invoices.models import InvoiceLine
from service_genius.shared.revision import Changed
from service_genius.work_codes import operations
from service_genius.work_codes.models import WorkCode
from tests.pressing import Client

from .conftest import Books, new_invoice


def create(company: Company, name: str) -> WorkCode:
    return operations.create(company=company, values={"name": name, "price": Decimal(7)})


def merge(company: Company, loser: WorkCode, survivor: WorkCode) -> WorkCode:
    return operations.merge_work_codes(company=company, loser=loser.pk, survivor=survivor.pk)


def lines(company: Company) -> list[tuple[int, Decimal, str]]:
    rows = InvoiceLine.objects.filter(document__company=company).order_by("pk")
    return [(line.work_code_id, line.amount, line.description) for line in rows]


def test_the_survivor_stands_on_every_line_and_nothing_else_of_it_moves(books: Books, company: Company):
    other = new_invoice(company, customer=books.customer, work_code=books.work_code, number="1002")
    survivor = create(company, "Drain Check")
    untouched = new_invoice(company, customer=books.customer, work_code=survivor, number="1003")
    before, revision = lines(company), Company.objects.get(pk=company.pk).revision

    assert merge(company, books.work_code, survivor) == survivor

    assert lines(company) == [(survivor.pk, *rest) for _, *rest in before]
    moved = [books.invoice, other, books.work_code]
    for record in (*moved, untouched):
        record.refresh_from_db()
    assert len({record.revision for record in moved}) == len(moved)
    assert min(record.revision for record in moved) > revision >= untouched.revision
    assert (books.work_code.active, books.work_code.merged_into) == (False, survivor)


def test_what_cannot_be_merged_is_refused_and_nothing_moves(books: Books, company: Company):
    gone, stays = create(company, "Old"), create(company, "Drain Check")
    with pytest.raises(ValidationError, match="the same work code"):
        merge(company, gone, gone)
    operations.deactivate(company=company, id=stays.pk)
    with pytest.raises(ValidationError, match="Drain Check is inactive"):
        merge(company, books.work_code, stays)
    operations.reactivate(company=company, id=stays.pk)
    merge(company, gone, stays)
    with pytest.raises(ValidationError, match="merged already"):
        merge(company, gone, books.work_code)
    with pytest.raises(Changed):
        operations.merge_work_codes(
            company=company, loser=books.work_code.pk, survivor=stays.pk, expected_revision=0
        )
    assert {work_code for work_code, _, _ in lines(company)} == {books.work_code.pk}


def test_one_that_was_merged_says_so_and_comes_back_on_no_line(
    books: Books, company: Company, client: Client
):
    survivor = create(company, "Drain Check")
    merge(company, books.work_code, survivor)
    page = client.get(reverse("work_codes:detail", args=[books.work_code.pk]))
    assert "Merged into" in page.content.decode()
    operations.reactivate(company=company, id=books.work_code.pk)
    books.work_code.refresh_from_db()
    assert (books.work_code.active, books.work_code.merged_into) == (True, None)
    assert {work_code for work_code, _, _ in lines(company)} == {survivor.pk}
