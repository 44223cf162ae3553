"""Every write of customers, and the rules a customer must keep.

A write takes the company's next revision first; while it holds that, nothing checked here can change.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from service_genius.companies.models import Company
from service_genius.customers import merging
from service_genius.customers.models import Customer
from service_genius.customers.tree import LEVELS_MAX, is_at_or_below, levels_below, parents_upwards
from service_genius.shared import checks, writing
from service_genius.shared.revision import next_revision

ADDRESS = ("street", "city", "region", "postal_code", "country")
EDITABLE = (
    *("display_name", "company_name", "given_name", "family_name", "email", "phone", "mobile"),
    *(f"billing_{part}" for part in ADDRESS),
    *(f"service_{part}" for part in ADDRESS),
    *("notes", "taxable", "parent"),
)
_COLON = "A name cannot contain a colon. Leave it out, or write a dash."
STREET_LINES_MAX = 5
STREET_LINE_LENGTH_MAX = 500


def create(*, company: Company, values: Mapping[str, Any]) -> Customer:
    return writing.only(create_many(company=company, rows=[values]))


def create_many(*, company: Company, rows: Sequence[Mapping[str, Any]]) -> list[Customer | ValidationError]:
    """Create what is valid, in one step; in the place of an invalid row stands what is wrong with it."""
    with transaction.atomic():
        last = next_revision(company.pk, count=len(rows))
        drafts = [Customer(company=company, revision=last) for _ in rows]
        for draft, values in zip(drafts, rows, strict=True):
            checks.assign(draft, values, editable=(*EDITABLE, "currency"))
            _derive(draft)
        results = writing.checked(drafts, _Rules(company=company, drafts=drafts))
        return writing.insert(Customer, results, last_revision=last)


def update(
    *,
    company: Company,
    id: int,  # noqa: A002 - the word for it
    values: Mapping[str, Any],
    expected_revision: int | None = None,
) -> Customer:
    """Write the given fields; one that changes nothing takes no revision."""
    with transaction.atomic():
        if Customer.objects.filter(company=company, pk=id).exclude(currency="").exists():
            raise ValidationError(
                "This customer is kept in another currency, so it is only shown here. "
                "Change it where its books are kept."
            )
        return take_over(company=company, id=id, values=values, expected_revision=expected_revision)


def take_over(
    *,
    company: Company,
    id: int,  # noqa: A002 - as above
    values: Mapping[str, Any],
    expected_revision: int | None = None,
) -> Customer:
    """Write what other books say of the customer; the only way to change one that is only shown here."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        customer = writing.current(Customer, company=company, pk=id, expected_revision=expected_revision)
        before = checks.content(customer, editable=EDITABLE)
        checks.assign(customer, values, editable=EDITABLE)
        _derive(customer)
        checks.refuse_if(_Rules(company=company, drafts=[customer]).errors(customer))
        if checks.content(customer, editable=EDITABLE) == before:
            return writing.unchanged(customer)
        return writing.save(customer, revision=revision)


def deactivate(*, company: Company, id: int, expected_revision: int | None = None) -> Customer:  # noqa: A002 - as above
    """Take the customer out of the lists; everything it has stays."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        customer = writing.current(Customer, company=company, pk=id, expected_revision=expected_revision)
        if not customer.active:
            return writing.unchanged(customer)
        below = Customer.objects.filter(company=company, parent=customer, active=True).first()
        if below is not None:
            raise ValidationError(
                f"{customer} has the active sub-customer {below}. Deactivate its sub-customers first."
            )
        customer.active = False
        return writing.save(customer, revision=revision)


def reactivate(*, company: Company, id: int, expected_revision: int | None = None) -> Customer:  # noqa: A002 - as above
    """Bring the customer back, if its name is still free; one that was merged comes back with nothing."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        customer = writing.current(Customer, company=company, pk=id, expected_revision=expected_revision)
        if customer.active:
            return writing.unchanged(customer)
        customer.active, customer.merged_into = True, None
        checks.refuse_if(_Rules(company=company, drafts=[customer]).errors(customer))
        return writing.save(customer, revision=revision)


def merge_customers(
    *, company: Company, loser: int, survivor: int, expected_revision: int | None = None
) -> Customer:
    """Move invoices, payments and sub-customers to the survivor; the loser is inactive afterwards."""
    with transaction.atomic():
        return merging.carry_out(
            company=company, loser=loser, survivor=survivor, expected_revision=expected_revision
        )


class _Rules:
    """What a customer must keep, with all it takes to check a whole list of them read at once."""

    def __init__(self, *, company: Company, drafts: Sequence[Customer]) -> None:
        keys = {draft.name_key for draft in drafts}
        self._taken: dict[tuple[int | None, str], int] = {
            (parent, name): pk
            for pk, parent, name in Customer.objects.filter(
                company=company, active=True, name_key__in=keys
            ).values_list("pk", "parent_id", "name_key")
        }
        above = {draft.parent_id for draft in drafts if draft.parent_id is not None}
        self._parents = parents_upwards(company=company, ids=above)
        self._currencies = dict(
            Customer.objects.filter(company=company, pk__in=above).values_list("pk", "currency")
        )
        own = {draft.pk for draft in drafts if draft.pk is not None}
        self._height = levels_below(company=company, ids=own)

    def errors(self, draft: Customer) -> checks.Errors:
        errors = field_faults(draft)
        for name, sentence in (
            ("display_name", self._name_fault(draft)),
            ("parent", self._parent_fault(draft)),
        ):
            if sentence:
                errors.setdefault(name, []).append(sentence)
        return errors

    def claim(self, draft: Customer) -> None:
        self._taken[draft.parent_id, draft.name_key] = 0

    def _name_fault(self, draft: Customer) -> str:
        place = (draft.parent_id, draft.name_key)
        if draft.active and self._taken.get(place, draft.pk) != draft.pk:
            return (
                f"There already is a customer named “{draft.display_name}”. "
                "Add a place or a number to tell them apart."
            )
        return ""

    def _parent_fault(self, draft: Customer) -> str:
        if draft.parent_id is None:
            return ""
        if draft.parent_id not in self._parents:
            return "This customer does not exist. Choose one from the list."
        if self._currencies[draft.parent_id] != draft.currency:
            return "This customer is kept in another currency. Choose another one, or none."
        if draft.pk is not None and is_at_or_below(draft.parent_id, draft.pk, parents=self._parents):
            return "A customer cannot stand below itself. Choose another one, or none."
        levels = 1 + self._height
        above: int | None = draft.parent_id
        while above is not None:
            levels += 1
            above = self._parents.get(above)
        if levels > LEVELS_MAX:
            return f"Customers can stand on up to {LEVELS_MAX} levels. Choose a customer higher up."
        return ""


def field_faults(customer: Customer) -> checks.Errors:
    """What no customer can hold, whatever others there are: every fault of its fields by themselves."""
    errors = checks.field_errors(customer, only=set(EDITABLE) - {"parent"})
    for name, sentence in (
        ("display_name", _COLON if ":" in customer.display_name else ""),
        ("email", _email_fault(customer.email)),
        ("billing_street", _street_fault(customer.billing_street)),
        ("service_street", _street_fault(customer.service_street)),
    ):
        if sentence:
            errors.setdefault(name, []).append(sentence)
    return errors


def _email_fault(written: str) -> str:
    for address in filter(None, written.split(", ")):
        mailbox, _, domain = address.rpartition("@")
        if not mailbox or "." not in domain.strip(".") or any(sign.isspace() for sign in address):
            return (
                f"“{address}” is not an e-mail address. Write it like name@example.com, several with a comma "
                "between them, or leave it empty."
            )
    return ""


def _street_fault(street: str) -> str:
    lines = street.split("\n")
    if len(lines) > STREET_LINES_MAX:
        return (
            f"An address can have up to {STREET_LINES_MAX} lines; this has {len(lines)}. Join some of them."
        )
    longest = max(map(len, lines))
    if longest > STREET_LINE_LENGTH_MAX:
        limit = f"up to {STREET_LINE_LENGTH_MAX} characters"
        return f"A line of an address can have {limit}; this has {longest}. Shorten it."
    return ""


def _derive(customer: Customer) -> None:
    """The columns that lists are searched and sorted by."""
    customer.name_key = checks.key(customer.display_name)
    digits = "".join(filter(str.isdigit, customer.phone)), "".join(filter(str.isdigit, customer.mobile))
    customer.search_text = checks.key(
        "\n".join(
            (
                *(customer.display_name, customer.company_name, customer.given_name, customer.family_name),
                *(customer.email, customer.phone, customer.mobile, *digits),
                *(customer.billing_city, customer.service_city),
            )
        )
    )
