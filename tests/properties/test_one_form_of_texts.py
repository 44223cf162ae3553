"""One form of a text on both sides: whatever a form accepts reads back from QuickBooks as the same Record.

And whatever QuickBooks holds is the same once it was taken, save in the fields that are said not to fit.
"""

from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo.payload import dumps, loads
from quickbooks_sync.kinds import KINDS, Kind
from quickbooks_sync.kinds.base import Facts, Payload, References
from quickbooks_sync.planner.records import Encoded, encode
from service_genius.shared import checks, texts
from tests.records_here import text_fields, unsaved

REFERENCES = References(
    there={(kind.name, 1): "101" for kind in KINDS},
    here={(kind.name, "101"): 1 for kind in KINDS},
)
FACTS = Facts(
    income_account="79",
    discounts=True,
    estimates=True,
    payment_methods={"check": "1"},
    payment_method_names={"1": "Check"},
)
MARKER = "1.42.9F3A21C07B5D"
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


def faults(kind: Kind, draft: Any) -> checks.Errors:
    """What the application says of the texts of a record."""
    operations = import_module(f"service_genius.{kind.pages}.operations")
    if hasattr(operations, "field_faults"):
        said: checks.Errors = operations.field_faults(draft)
        return said
    return checks.field_errors(draft, only=text_fields(kind))


def stored(kind: Kind, record: Encoded) -> Payload:
    payload = kind.to_there(
        record, only=None, base={}, references=REFERENCES, facts=FACTS, marker=MARKER if kind.money else ""
    )
    return {"Id": "55", "SyncToken": "0", **loads(dumps(payload))}


every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@every_kind
@given(data=st.data())
def test_what_a_form_accepts_reads_back_from_quickbooks_as_the_same(kind: Kind, data: st.DataObject) -> None:
    draft = unsaved(kind)
    name_of_all = data.draw(written)
    wanted = {name: data.draw(written) for name in text_fields(kind)}
    if "work_code" in kind.holds:
        checks.assign(draft.lines.all()[0], {"description": name_of_all}, editable=("description",))
    checks.assign(draft, wanted, editable=tuple(wanted))
    refused = faults(kind, draft)
    for name, sentences in refused.items():
        assert all(sentence.endswith(".") for sentence in sentences), name
        checks.assign(
            draft,
            {name: "A" if kind.model._meta.get_field(name).blank is False else ""},
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
    draft = unsaved(kind)
    values = {name: value for name, value in held.items() if name in text_fields(kind)}
    checks.assign(draft, values, editable=tuple(values))
    assert not faults(kind, draft), "the record goes, whatever one field holds"
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
    assert set(PLACES) == {kind.name for kind in LISTS}
