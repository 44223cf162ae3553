"""Every write of payments with their allocations."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from service_genius.companies.models import Company
from service_genius.payments.models import Allocation, Payment
from service_genius.payments.rules import EDITABLE, Draft, Rules
from service_genius.shared import checks, writing
from service_genius.shared.revision import next_revision


def create(*, company: Company, values: Mapping[str, Any]) -> Payment:
    return writing.only(create_many(company=company, rows=[values]))


def create_many(*, company: Company, rows: Sequence[Mapping[str, Any]]) -> list[Payment | ValidationError]:
    """Create what is valid, in one step; in the place of an invalid row stands what is wrong with it."""
    with transaction.atomic():
        last = next_revision(company.pk, count=len(rows))
        drafts = [Draft(payment=Payment(company=company)) for _ in rows]
        for draft, values in zip(drafts, rows, strict=True):
            _assign(draft, values)
        checked = writing.checked(drafts, Rules(company=company, drafts=drafts))
        results = writing.insert(
            Payment,
            [result.payment if isinstance(result, Draft) else result for result in checked],
            last_revision=last,
        )
        _insert_allocations([result for result in checked if isinstance(result, Draft)])
        return results


def update(
    *,
    company: Company,
    id: int,  # noqa: A002 - the word for it
    values: Mapping[str, Any],
    expected_revision: int | None = None,
) -> Payment:
    """Write the given fields; one that changes nothing takes no revision.

    `allocations` are all there shall be; `paid_on` is what is paid on some invoices, and leaves the others.
    """
    with transaction.atomic():
        revision = next_revision(company.pk)
        payment = writing.current(Payment, company=company, pk=id, expected_revision=expected_revision)
        if payment.voided:
            raise ValidationError(
                "This payment is voided and stays as it is. Enter a new payment in its place."
            )
        draft = Draft(payment=payment, allocations=list(payment.allocations.all()))
        before = _content(draft)
        _assign(draft, values)
        checks.refuse_if(Rules(company=company, drafts=[draft]).errors(draft))
        after = _content(draft)
        if after == before:
            return writing.unchanged(payment)
        writing.save(payment, revision=revision)
        if after[1] != before[1]:
            payment.allocations.all().delete()
            _insert_allocations([draft])
        return payment


def void(*, company: Company, id: int, expected_revision: int | None = None) -> Payment:  # noqa: A002 - as above
    """Make the payment count for nothing; what it paid is open again."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        payment = writing.current(Payment, company=company, pk=id, expected_revision=expected_revision)
        if payment.voided:
            return writing.unchanged(payment)
        payment.voided = True
        writing.save(payment, revision=revision)
        payment.allocations.all().delete()
        return payment


def _assign(draft: Draft, values: Mapping[str, Any]) -> None:
    fields = {name: value for name, value in values.items() if name not in {"allocations", "paid_on"}}
    checks.assign(draft.payment, fields, editable=EDITABLE)
    if "allocations" in values:
        draft.allocations = [
            Allocation(invoice_id=allocation["invoice"], amount=allocation["amount"])
            for allocation in values["allocations"]
        ]
    if "paid_on" in values:
        standing = {allocation.invoice_id: allocation.amount for allocation in draft.allocations}
        draft.allocations = [
            Allocation(invoice_id=invoice, amount=amount)
            for invoice, amount in {**standing, **values["paid_on"]}.items()
            if amount
        ]


def _content(draft: Draft) -> tuple[dict[str, Any], dict[int, Any]]:
    return (
        checks.content(draft.payment, editable=EDITABLE),
        {allocation.invoice_id: allocation.amount for allocation in draft.allocations},
    )


def _insert_allocations(drafts: Sequence[Draft]) -> None:
    for draft in drafts:
        for allocation in draft.allocations:
            allocation.payment_id = draft.payment.pk
    Allocation.objects.bulk_create([allocation for draft in drafts for allocation in draft.allocations])
