"""Every field that a person can enter is sent to QuickBooks, or said not to be, where it is entered."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quickbooks_sync.kinds import KIND, KINDS, Kind
from quickbooks_sync.planner.records import LineRecord, encode_value
from quickbooks_sync.wording.kept import field_hints
from service_genius.companies.models import User
from tests.forms import forms_of
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA
from tests.records_here import forms
from tests.world import World

#: What two fields say together.
AS = {"discount": "discount_percent", "discount_kind": "discount_amount", "invoice": "allocations"}
#: Finds something on the page, and is no part of the record.
NO_CONTENT = {"find"}
#: Its pages are entered for no Kind, and what is entered on them is sent nowhere.
BESIDE = {"tax_rate": "companies:tax_rates:list"}


def record_of(kind: Kind) -> set[str]:
    return set(kind.blank)


def line_fields() -> set[str]:
    record: Any = encode_value(
        LineRecord(work_code=1, description="", quantity=0, unit_price=0, amount=0, taxable=False)  # type: ignore[arg-type]
    )
    return set(record)


def page_of(client: Client, kind: Kind) -> str:
    """Where a new one is entered, with an open invoice to be paid."""
    query = f"?customer={sales.customer(AMELIA).pk}" if kind.pays else ""
    return client.get(reverse(f"{kind.pages}:create") + query).content.decode()


def entered(page: str) -> set[str]:
    """Every field of the page that a person can fill in, by its name on the page."""
    form = max(forms_of(page), key=lambda form: len(form.typed))
    return form.typed - NO_CONTENT


def field_name(name: str) -> str:
    """Without the number of its line or invoice."""
    name = re.sub(r"^lines-\d+-|-\d+$", "", name)
    return AS.get(name, name)


def said_below(page: str, name: str) -> str:
    """The hint that stands below a field."""
    found = re.search(rf'id="id_{name}_helptext">(.*?)</p>', page, re.DOTALL)
    return unescape(found[1]) if found else ""


@pytest.fixture
def office(selling: World, client: Client, alice: User) -> World:
    client.force_login(alice)
    sales.invoice(selling, AMELIA)
    selling.connection.refresh_from_db()
    return selling


def test_no_form_of_records_is_left_out() -> None:
    assert forms().keys() == KIND.keys() | BESIDE.keys()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_field_of_a_page_is_sent_or_said_not_to_be(office: World, client: Client, kind: Kind) -> None:
    page = page_of(client, kind)
    sent = record_of(kind) | (line_fields() if "work_code" in kind.holds else set())
    names = entered(page)
    assert names, "the page has its form"
    for name in names:
        assert field_name(name) in sent or "not sent to QuickBooks" in said_below(page, name), name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_said_not_to_be_sent_is_in_no_record(office: World, client: Client, kind: Kind) -> None:
    page = page_of(client, kind)
    for name in entered(page):
        if "not sent to QuickBooks" in said_below(page, name):
            assert field_name(name) not in record_of(kind)


@pytest.mark.parametrize("address", BESIDE.values())
def test_what_is_entered_beside_the_kinds_says_that_it_is_not_sent(
    office: World, client: Client, address: str
) -> None:
    page = client.get(reverse(address)).content.decode()
    told = {name: said_below(page, name) for name in entered(page)}
    assert told
    assert any("not sent to QuickBooks" in words for words in told.values()), told


def test_what_is_said_of_a_field_stands_below_it(office: World, client: Client) -> None:
    for kind in KINDS:
        page = page_of(client, kind)
        for name, words in field_hints(office.company, kind.name).items():  # type: ignore[arg-type]
            assert said_below(page, name).endswith(words)


def test_the_methods_of_quickbooks_are_named_where_one_is_entered(world: World) -> None:
    world.full()
    words = field_hints(world.company, "payment")["method"]
    assert words.startswith("QuickBooks has ")
    assert "Check" in words
    assert words.endswith("another stays here only until it is added there.")
