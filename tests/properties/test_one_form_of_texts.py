"""One form of a text on both sides: whatever a form accepts reads back from QuickBooks as the same Record.

And whatever QuickBooks holds is the same once it was taken, save in the fields that are said not to fit.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import CharField, Model, TextField
from hypothesis import given
from hypothesis import strategies as st

from qbo.payload import dumps, loads
from quickbooks_sync.kinds import KIND, KINDS, Kind
from quickbooks_sync.kinds.base import Facts, Payload, References
from quickbooks_sync.planner.records import Encoded, encode
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices.models import Invoice, InvoiceLine
from service_genius.invoices.rules import EDITABLE as OF_INVOICES
from service_genius.payments.models import Payment
from service_genius.payments.rules import EDITABLE as OF_PAYMENTS
from service_genius.shared import checks, texts
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode

REFERENCES = References(
    there={("customer", 1): "101", ("work_code", 1): "101"},
    here={("customer", "101"): 1, ("work_code", "101"): 1},
)
FACTS = Facts(
    income_account="79", discounts=True, payment_methods={"check": "1"}, payment_method_names={"1": "Check"}
)
MARKER = "1.42.9F3A21C07B5D"
DAY = dt.date(2026, 11, 27)
MODELS: dict[str, type[Model]] = {
    "customer": Customer,
    "work_code": WorkCode,
    "invoice": Invoice,
    "payment": Payment,
}
#: Written by a person, and sent in no text of the object.
NOT_A_TEXT = {"work_code": {"category"}, "payment": {"method"}}

pieces = st.sampled_from(
    [
        *(
            "12 Main St",
            " ",
            "  ",
            "\t",
            "\u00a0",
            "\u202f",
            "\u3000",
            "\n",
            "\r\n",
            "\r",
            " \n",
            "\n ",
            "\n\n",
        ),
        *(
            "\x00",
            "\x07",
            "\x1b",
            "\x85",
            "\u2028",
            "\u200b",
            "\ufeff",
            "é",
            "e\u0301",
            "株式会社",
            "שלום",
            "👷🏽",
        ),
        *("a@x.com", "b@y.org", ", ", ";", ":", "@", "'", '"', "\\", "<b>", "&amp;", "%", "x" * 100),
    ]
)
written = st.one_of(
    st.lists(pieces, max_size=12).map("".join),
    st.text(max_size=40),
    st.text(min_size=500, max_size=500),
    st.sampled_from(["a@x.com, b@y.com", "12 Main St \nApt 4", "a@x.com;b@y.com", "x" * 31, "x" * 101]),
)


def text_fields(name: str) -> list[str]:
    """The texts of a record of this Kind that a person writes."""
    fields = MODELS[name]._meta.fields
    editable = {
        "customer": customers.EDITABLE,
        "work_code": work_codes.EDITABLE,
        "invoice": OF_INVOICES,
        "payment": OF_PAYMENTS,
    }[name]
    return [each.name for each in fields if isinstance(each, CharField | TextField) and each.name in editable]


def faults(name: str, draft: Any) -> checks.Errors:
    if name == "customer":
        return customers.field_faults(draft)
    if name == "work_code":
        return work_codes.field_faults(draft)
    return checks.field_errors(draft, only=text_fields(name))


def new(name: str) -> Any:
    """A record of this Kind without any text, which is in no database."""
    match name:
        case "customer":
            return Customer()
        case "work_code":
            return WorkCode(price=Decimal("89.50"))
        case "invoice":
            invoice = Invoice(pk=1, customer_id=1, date=DAY, due_date=DAY)
            line = InvoiceLine(
                work_code_id=1, quantity=Decimal(2), unit_price=Decimal(5), amount=Decimal(10), taxable=False
            )
            invoice._prefetched_objects_cache = {"lines": [line]}
            return invoice
        case "payment":
            payment = Payment(pk=1, customer_id=1, date=DAY, amount=Decimal(10))
            payment._prefetched_objects_cache = {"allocations": []}
            return payment
    raise AssertionError(f"say how a {name} is written")


def stored(kind: Kind, record: Encoded) -> Payload:
    payload = kind.to_there(
        record, only=None, base={}, references=REFERENCES, facts=FACTS, marker=MARKER if kind.money else ""
    )
    return {"Id": "55", "SyncToken": "0", **loads(dumps(payload))}


every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@every_kind
@given(data=st.data())
def test_what_a_form_accepts_reads_back_from_quickbooks_as_the_same(kind: Kind, data: st.DataObject) -> None:
    draft = new(kind.name)
    name_of_all = data.draw(written)
    wanted = {name: data.draw(written) for name in text_fields(kind.name)}
    if kind.name == "invoice":
        checks.assign(draft.lines.all()[0], {"description": name_of_all}, editable=("description",))
    checks.assign(draft, wanted, editable=tuple(wanted))
    refused = faults(kind.name, draft)
    for name, sentences in refused.items():
        assert all(sentence.endswith(".") for sentence in sentences), name
        checks.assign(
            draft,
            {name: "A" if MODELS[kind.name]._meta.get_field(name).blank is False else ""},
            editable=(name,),
        )
    record = encode(kind.from_here(draft))
    unfit = set(kind.unfit_there(record, FACTS)) - NOT_A_TEXT.get(kind.name, set())
    assert not unfit, "the form says so"
    assert not kind.problems(record, FACTS)
    back = encode(kind.from_there(stored(kind, record), REFERENCES, FACTS))
    left_out = NOT_A_TEXT.get(kind.name, set())
    assert {**back, **dict.fromkeys(left_out)} == {**record, **dict.fromkeys(left_out)}


#: Where the texts of the objects of QuickBooks stand that are taken over.
ADDRESS = ("Line1", "Line2", "Line5", "City", "CountrySubDivisionCode", "PostalCode", "Country")
PLACES = {
    "customer": [
        *(("DisplayName",), ("CompanyName",), ("GivenName",), ("FamilyName",), ("Notes",)),
        *(("PrimaryEmailAddr", "Address"), ("PrimaryPhone", "FreeFormNumber"), ("Mobile", "FreeFormNumber")),
        *((member, line) for member in ("BillAddr", "ShipAddr") for line in ADDRESS),
    ],
    "work_code": [("Name",), ("Sku",), ("Description",)],
}
LISTS = [kind for kind in KINDS if not kind.money]


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: kind.name)
@given(data=st.data())
def test_what_quickbooks_holds_is_the_same_once_it_was_taken(kind: Kind, data: st.DataObject) -> None:
    payload: Payload = {"Id": "55", "SyncToken": "0", "UnitPrice": Decimal("89.50")}
    for first, *rest in PLACES[kind.name]:
        value = data.draw(written)
        if rest:
            payload.setdefault(first, {})[rest[0]] = value
        else:
            payload[first] = value
    there = encode(kind.from_there(payload, REFERENCES, FACTS))
    unfit = kind.unfit_here(there)
    held = kind.held_here(there, unfit)
    draft = new(kind.name)
    values = {name: value for name, value in held.items() if name in text_fields(kind.name)}
    checks.assign(draft, values, editable=tuple(values))
    assert not faults(kind.name, draft), "the record goes, whatever one field holds"
    here = encode(kind.from_here(draft))
    assert {name: here[name] for name in values} == values
    assert {name: here[name] for name in values if name not in unfit} == {
        name: there[name] for name in values if name not in unfit
    }


@pytest.mark.parametrize("form", [texts.lines, texts.one_line, texts.street, texts.addresses])
@given(value=written)
def test_a_form_of_a_text_gives_its_own_result_back(form: Any, value: str) -> None:
    assert form(form(value)) == form(value)


def test_every_kind_is_told_of() -> None:
    assert set(MODELS) == set(KIND)
    assert set(PLACES) == {kind.name for kind in LISTS}
