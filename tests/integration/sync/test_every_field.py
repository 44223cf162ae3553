"""Every field that a person can enter is sent to QuickBooks, or said not to be, where it is entered."""

from collections.abc import Callable
from typing import Any

import pytest
from django import forms

from quickbooks_sync.kinds import KIND, KINDS, Kind
from quickbooks_sync.planner.records import LineRecord, encode_value
from quickbooks_sync.wording.kept import field_hints
from service_genius.companies.models import Company
from service_genius.customers.forms import CustomerForm
from service_genius.invoices.forms import InvoiceForm
from service_genius.invoices.line_forms import LineForm
from service_genius.payments.forms import PaymentForm
from service_genius.work_codes.forms import WorkCodeForm
from tests.world import World

FORMS: dict[str, Callable[..., forms.Form]] = {
    "customer": CustomerForm,
    "work_code": WorkCodeForm,
    "invoice": InvoiceForm,
    "payment": PaymentForm,
}
#: Of a form, and of no record: what was on the page.
OF_THE_FORM = {"revision", "stood"}
#: What two fields say together.
AS = {"discount": "discount_percent", "discount_kind": "discount_amount"}


def record_of(kind: Kind) -> set[str]:
    return set(kind.blank)


def form(kind: Kind, company: Company) -> forms.Form:
    return FORMS[kind.name](company=company)


def line_fields() -> set[str]:
    record: Any = encode_value(
        LineRecord(work_code=1, description="", quantity=0, unit_price=0, amount=0, taxable=False)  # type: ignore[arg-type]
    )
    return set(record)


def test_every_kind_has_its_form() -> None:
    assert set(FORMS) == set(KIND)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_field_of_a_form_is_sent_or_said_not_to_be(world: World, kind: Kind) -> None:
    said = set(field_hints(world.company, kind.name))  # type: ignore[arg-type]
    entered = {AS.get(name, name) for name in form(kind, world.company).fields} - OF_THE_FORM
    assert entered - record_of(kind) - said == set()


def test_every_field_of_an_invoice_line_is_sent() -> None:
    assert set(LineForm.base_fields) <= line_fields()


def test_what_is_said_of_a_field_stands_below_it(world: World) -> None:
    world.full()
    world.connection.refresh_from_db()
    for kind in KINDS:
        fields = form(kind, world.company).fields
        for name, words in field_hints(world.company, kind.name).items():  # type: ignore[arg-type]
            assert fields[name].help_text.endswith(words)


def test_the_methods_of_quickbooks_are_named_where_one_is_entered(world: World) -> None:
    world.full()
    words = field_hints(world.company, "payment")["method"]
    assert words.startswith("QuickBooks has ")
    assert "Check" in words
    assert words.endswith("another stays here only until it is added there.")
