"""Merging two customers who are the same: one more write of customers, with all that moves with it.

It cannot be undone: afterwards nothing tells which invoice was whose.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet

from service_genius.companies.models import Company
from service_genius.customers.models import Customer
from service_genius.customers.tree import (
    LEVELS_MAX,
    at_or_below,
    is_at_or_below,
    levels_below,
    parents_upwards,
)
from service_genius.payments.models import Allocation
from service_genius.shared import writing
from service_genius.shared.models import Versioned
from service_genius.shared.relations import keys_to
from service_genius.shared.revision import next_revision


def moving(*, company: Company, loser: int) -> str:
    """What a merge would move, in words, for the page that asks."""
    *most, last = [
        *(_counted(rows.count(), rows.model._meta.verbose_name) for rows in _documents(company, loser)),  # noqa: SLF001 - as below
        _counted(Customer.objects.filter(company=company, parent=loser).count(), "sub-customer"),
    ]
    return f"{', '.join(most)} and {last}"


def _counted(count: int, noun: object) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _documents(company: Company, customer: int) -> list[QuerySet[Any]]:
    """All that is written in a customer's name: whatever model has a key to customers."""
    keys = sorted(keys_to(Customer), key=lambda key: key.model._meta.label)  # noqa: SLF001 - Django's documented name
    return [
        key.model._default_manager.filter(company=company, **{key.name: customer})  # noqa: SLF001 - as above
        for key in keys
        if issubclass(key.model, Versioned)
    ]


def refuse_merge(*, gone: Customer, stays: Customer) -> None:
    """What the two by themselves show to be impossible."""
    if gone.pk == stays.pk:
        raise ValidationError("This is the same customer. Choose the other one, who stays.")
    if not stays.active:
        raise ValidationError(f"{stays} is inactive. Reactivate that customer first, or choose another one.")
    if gone.currency != stays.currency:
        raise ValidationError(f"{gone} and {stays} are kept in different currencies.")
    if gone.merged_into_id is not None:
        raise ValidationError(f"{gone} is merged already.")
    above = parents_upwards(company=gone.company, ids={stays.pk})
    if is_at_or_below(stays.pk, gone.pk, parents=above):
        raise ValidationError(f"{stays} stands below {gone}. Move it out of there first.")


def carry_out(
    *, company: Company, loser: int, survivor: int, expected_revision: int | None = None
) -> Customer:
    """Give all that the loser has to the survivor, who is returned; inside the caller's transaction.

    The survivor's own name, address and notes stay as they are. The loser is inactive afterwards.
    """
    revision = next_revision(company.pk)
    gone = writing.current(Customer, company=company, pk=loser, expected_revision=expected_revision)
    stays = writing.current(Customer, company=company, pk=survivor, expected_revision=None)
    refuse_merge(gone=gone, stays=stays)
    below = list(Customer.objects.filter(company=company, parent=gone))
    _refuse_sub_customers(gone=gone, stays=stays, below=below)
    writing.save_all(company, below, parent_id=stays.pk)
    for documents in _documents(company, gone.pk):
        writing.save_all(company, list(documents), customer_id=stays.pk)
    _refuse_lines_torn(company=company, stays=stays)
    gone.active, gone.merged_into = False, stays
    writing.save(gone, revision=revision)
    return stays


def _refuse_sub_customers(*, gone: Customer, stays: Customer, below: Sequence[Customer]) -> None:
    company = gone.company
    taken = set(
        Customer.objects.filter(company=company, parent=stays, active=True).values_list("name_key", flat=True)
    )
    for each in below:
        if each.active and each.name_key in taken:
            raise ValidationError(
                f"Both have a sub-customer named “{each}”. Merge those two first, or rename one."
            )
    levels = len(parents_upwards(company=company, ids={stays.pk}))
    if levels + levels_below(company=company, ids={gone.pk}) > LEVELS_MAX:
        raise ValidationError(
            f"The sub-customers of {gone} would stand more than {LEVELS_MAX} levels deep. "
            "Move them higher up first."
        )


def _refuse_lines_torn(*, company: Company, stays: Customer) -> None:
    """A payment pays invoices above and below its own customer only; that must still hold."""
    moved = at_or_below(stays.pk, company=company)
    across = (
        Allocation.objects.filter(payment__company=company)
        .filter(Q(invoice__customer__in=moved) | Q(payment__customer__in=moved))
        .exclude(invoice__customer=F("payment__customer"))
        .select_related("invoice__customer", "payment__customer")
    )
    ids = {each.invoice.customer_id for each in across} | {each.payment.customer_id for each in across}
    parents = parents_upwards(company=company, ids=ids)
    for each in across:
        owes, pays = each.invoice.customer, each.payment.customer
        same_line = is_at_or_below(owes.pk, pays.pk, parents=parents) or is_at_or_below(
            pays.pk, owes.pk, parents=parents
        )
        if not same_line:
            raise ValidationError(
                f"A payment of {pays} pays {each.invoice}, which would then belong to {owes}. "
                "Take it off that payment first."
            )
