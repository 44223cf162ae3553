"""Laws of the translations, for every Kind: both directions agree, and what we do not know survives.

QuickBooks is played by the rule of its sparse update: members that were sent replace those that were
there (a payment, which takes no sparse update, is sent whole).
"""

import copy
import datetime as dt
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo.payload import dumps, loads
from quickbooks_sync.kinds import KIND, KINDS, Kind
from quickbooks_sync.kinds.base import Facts, Payload, References
from quickbooks_sync.kinds.sales_form import SalesFormKind
from quickbooks_sync.planner.records import (
    TAXED_BY,
    AllocationRecord,
    CustomerRecord,
    Encoded,
    LineRecord,
    PaymentRecord,
    Record,
    SalesFormRecord,
    WorkCodeRecord,
    encode,
)

LOCAL_IDS = (1, 2, 3)
SALES_FORMS = [kind for kind in KINDS if isinstance(kind, SalesFormKind)]
REFERENCES = References(
    there={(kind.name, pk): str(100 + pk) for kind in KINDS for pk in LOCAL_IDS},
    here={(kind.name, str(100 + pk)): pk for kind in KINDS for pk in LOCAL_IDS},
)
FACTS = Facts(
    income_account="79",
    deposit_account="4",
    sales_tax="manual",
    discounts=True,
    tax_code_of_rate={1: "2"},
    rate_of_tax_code={"2": 1},
    payment_methods={"check": "1", "cash": "2"},
    payment_method_names={"1": "Check", "2": "Cash"},
)
MARKER = "4F0C9A77E1"

names = st.sampled_from(["a", "O'Malley's Pub & Grill", "Café 7", "株式会社", "Back\\slash", 'Say "hi"'])
words = st.just("") | names
streets = st.lists(names, max_size=5).map("\n".join)
money = st.decimals(min_value=0, max_value=99_999, places=2)
days = st.dates(min_value=dt.date(2024, 1, 1), max_value=dt.date(2027, 12, 31))
local_ids = st.sampled_from(LOCAL_IDS)
live = st.sampled_from([True])

customers = st.builds(
    CustomerRecord,
    display_name=names,
    company_name=words,
    given_name=words,
    family_name=words,
    email=words,
    phone=words,
    mobile=words,
    billing_street=streets,
    billing_city=words,
    billing_region=words,
    billing_postal_code=words,
    billing_country=words,
    service_street=streets,
    service_city=words,
    service_region=words,
    service_postal_code=words,
    service_country=words,
    notes=words,
    taxable=st.booleans(),
    active=live,
    parent=st.none() | local_ids,
)
work_codes = st.builds(
    WorkCodeRecord,
    name=names,
    code=words,
    description=words,
    price=money,
    taxable=st.booleans(),
    active=live,
)
lines = st.builds(
    LineRecord,
    work_code=local_ids,
    description=words,
    quantity=st.decimals(min_value=0, max_value=99, places=2),
    unit_price=money,
    amount=money,
    taxable=st.booleans(),
)


@st.composite
def sales_forms(draw: st.DrawFn, kind: Kind) -> SalesFormRecord:
    """Of any sort: what it has of its own is drawn by the fields of its model."""
    common = {field.name for field in fields(SalesFormRecord)}
    own = {name: draw(own_values(kind, name)) for name in kind.blank if name not in common}
    rate = draw(st.none() | st.just(1))
    sold = draw(st.lists(lines, min_size=1, max_size=4))
    discount = draw(st.sampled_from([None, "percent", "amount"]))
    return kind.record(  # type: ignore[attr-defined,no-any-return] # of a sales form
        number=draw(names),
        customer=draw(local_ids),
        date=draw(days),
        # A line can be taxed only where the invoice has a rate.
        lines=tuple(replace(line, taxable=line.taxable and rate is not None) for line in sold),
        discount_percent=Decimal("7.5") if discount == "percent" else None,
        discount_amount=Decimal("12.30") if discount == "amount" else None,
        tax_rate=rate,
        memo=draw(words),
        **own,
    )


def own_values(kind: Kind, name: str) -> st.SearchStrategy[Any]:
    field: Any = kind.model._meta.get_field(name)
    values = st.sampled_from([value for value, _ in field.choices]) if field.choices else days
    return values | st.none() if field.null else values


@st.composite
def payments(draw: st.DrawFn) -> PaymentRecord:
    paid = draw(st.dictionaries(local_ids, money, max_size=3))
    return PaymentRecord(
        customer=draw(local_ids),
        date=draw(days),
        amount=draw(money),
        method=draw(st.sampled_from(["", "Check", "Cash"])),
        reference=draw(words),
        allocations=tuple(
            AllocationRecord(invoice=invoice, amount=amount) for invoice, amount in sorted(paid.items())
        ),
    )


RECORDS: dict[str, st.SearchStrategy[Any]] = {
    "customer": customers,
    "work_code": work_codes,
    "payment": payments(),
    **{kind.name: sales_forms(kind) for kind in SALES_FORMS},
}


def _put(there: Payload, **members: Any) -> None:
    for member, value in members.items():
        there[member] = {**(there.get(member) or {}), **value} if isinstance(value, dict) else value


def unknown_of_sales_form(there: Payload) -> None:
    _put(there, CustomField=[{"DefinitionId": "1"}], ShipMethodRef={"value": "UPS"})
    for number, line in enumerate(there["Line"], start=1):
        line["Id"] = str(number)
        if "SalesItemLineDetail" in line:
            line["SalesItemLineDetail"] |= {"ClassRef": {"value": f"class {number}"}}


#: Members that Service Genius does not know, also inside what it writes.
UNKNOWN: dict[str, Callable[[Payload], None]] = {
    "customer": lambda there: _put(
        there,
        PreferredDeliveryMethod="Print",
        BillAddr={"Id": "31", "Note": "Back door"},
        PrimaryPhone={"Primary": True},
    ),
    "work_code": lambda there: _put(
        there, PurchaseCost=Decimal("11.50"), TaxClassificationRef={"value": "EUC"}
    ),
    "payment": lambda there: _put(there, ProcessPayment=False, ARAccountRef={"value": "84"}),
    **dict.fromkeys([kind.name for kind in SALES_FORMS], unknown_of_sales_form),
}


def contains(whole: Any, part: Any) -> bool:
    """Whether every member of `part` is in `whole`, with its value."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            name in whole and contains(whole[name], value) for name, value in part.items()
        )
    return bool(whole == part)


def sent(kind: Kind, record: Encoded, *, only: frozenset[str] | None = None, base: Payload) -> Payload:
    payload = kind.to_there(record, only=only, base=base, references=REFERENCES, facts=FACTS, marker=MARKER)
    return dict(loads(dumps(payload)))  # as it goes over the wire


def stored(kind: Kind, record: Record) -> Payload:
    """The object QuickBooks would hold after it was created."""
    return {"Id": "55", "SyncToken": "0", **sent(kind, encode(record), base={})}


def updated(kind: Kind, base: Payload, update: Payload) -> Payload:
    """The object after QuickBooks took an update."""
    if update.get("sparse") is False:
        return {"Id": base["Id"], **update}
    merged = {**base, **update}
    if merged.get("Job") is False:  # how a sub-customer becomes one of the first level
        merged.pop("ParentRef", None)
    return merged


def read(kind: Kind, payload: Payload) -> Encoded:
    return encode(kind.from_there(payload, REFERENCES, FACTS))


every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def test_every_kind_has_its_laws() -> None:
    assert set(RECORDS) == set(UNKNOWN) == set(KIND)


@every_kind
@given(data=st.data())
def test_what_is_created_there_reads_back_as_the_same_record(kind: Kind, data: st.DataObject) -> None:
    record = data.draw(RECORDS[kind.name])
    assert read(kind, stored(kind, record)) == encode(record)


@every_kind
@given(data=st.data())
def test_any_edit_reads_back_as_the_edited_record(kind: Kind, data: st.DataObject) -> None:
    """From any record to any other, clearing what is blank in it."""
    before, after = data.draw(RECORDS[kind.name]), data.draw(RECORDS[kind.name])
    base = stored(kind, before)
    fields = frozenset(name for name, value in encode(after).items() if value != encode(before)[name])
    update = sent(kind, encode(after), only=fields, base=base)
    assert read(kind, updated(kind, base, update)) == encode(after)


@every_kind
@given(data=st.data())
def test_an_edit_leaves_the_other_fields_as_they_are_there(kind: Kind, data: st.DataObject) -> None:
    """They may differ by agreement, as what a person left there does."""
    before, after = data.draw(RECORDS[kind.name]), encode(data.draw(RECORDS[kind.name]))
    base, edited = (
        stored(kind, before),
        {data.draw(st.sampled_from(sorted(after.keys() - {"active", "voided"})))},
    )
    if edited & TAXED_BY:
        edited |= TAXED_BY & after.keys()  # lines, discount and tax are one
    update = sent(kind, after, only=frozenset(edited), base=base)
    assert read(kind, updated(kind, base, update)) == {
        **encode(before),
        **{name: after[name] for name in edited},
    }


@every_kind
@given(data=st.data())
def test_writing_back_what_was_read_changes_nothing(kind: Kind, data: st.DataObject) -> None:
    base = stored(kind, data.draw(RECORDS[kind.name]))
    UNKNOWN[kind.name](base)
    record = read(kind, base)
    update = sent(kind, record, only=frozenset(record) - {"active", "voided"}, base=base)
    assert read(kind, updated(kind, base, update)) == record


@every_kind
@given(data=st.data())
def test_what_we_do_not_know_survives_every_edit(kind: Kind, data: st.DataObject) -> None:
    before, after = data.draw(RECORDS[kind.name]), data.draw(RECORDS[kind.name])
    base = stored(kind, before)
    UNKNOWN[kind.name](base)
    unknown: Payload = {"Line": []} if kind in SALES_FORMS else {}
    UNKNOWN[kind.name](unknown)
    update = sent(kind, encode(after), only=frozenset(encode(after)), base=base)
    merged = updated(kind, base, update)
    unknown.pop("Line", None)
    assert contains(merged, unknown)


@pytest.mark.parametrize("kind", SALES_FORMS, ids=lambda kind: kind.name)
@given(data=st.data())
def test_a_line_that_stays_keeps_what_we_do_not_know_of_it(kind: Kind, data: st.DataObject) -> None:
    """Which line stays is told by what was sold, wherever it stands now."""
    before, after = data.draw(sales_forms(kind)), data.draw(sales_forms(kind))
    base = stored(kind, before)
    unknown_of_sales_form(base)
    was = {line["Id"]: line["SalesItemLineDetail"] for line in _sold(base)}
    update = sent(kind, encode(after), only=frozenset({"lines"}), base=base)
    kept = [(line["Id"], line["SalesItemLineDetail"]) for line in _sold(update) if "Id" in line]
    assert len({line_id for line_id, _ in kept}) == len(kept), "no line stays twice"
    for line_id, detail in kept:
        assert detail["ItemRef"] == was[line_id]["ItemRef"]
        assert detail["ClassRef"] == was[line_id]["ClassRef"]
    sold_before = Counter(line.work_code for line in before.lines)
    sold_after = Counter(line.work_code for line in after.lines)
    assert len(kept) == (sold_before & sold_after).total(), "every line that can stay does"


def _sold(payload: Payload) -> list[Payload]:
    return [line for line in payload["Line"] if "SalesItemLineDetail" in line]


@every_kind
@given(data=st.data())
def test_translating_touches_none_of_what_it_is_given(kind: Kind, data: st.DataObject) -> None:
    base = stored(kind, data.draw(RECORDS[kind.name]))
    record = encode(data.draw(RECORDS[kind.name]))
    before = copy.deepcopy((base, record))
    kind.to_there(
        record, only=frozenset(record), base=base, references=REFERENCES, facts=FACTS, marker=MARKER
    )
    read(kind, base)
    assert (base, record) == before


@every_kind
@given(data=st.data())
def test_a_baseline_survives_being_stored(kind: Kind, data: st.DataObject) -> None:
    record = data.draw(RECORDS[kind.name])
    baseline = encode(record)
    assert json.loads(json.dumps(baseline)) == baseline
    assert set(baseline) == set(asdict(record))


@every_kind
@given(data=st.data())
def test_what_a_record_refers_to_is_the_same_from_both_sides(kind: Kind, data: st.DataObject) -> None:
    record = data.draw(RECORDS[kind.name])
    there = kind.refers_to_there(stored(kind, record))
    assert {REFERENCES.there[key] for key in kind.refers_to(encode(record))} == {key for _, key in there}


@pytest.mark.parametrize("name", [kind.name for kind in KINDS if kind.money])
@given(data=st.data())
def test_what_is_money_is_found_again_by_its_marker(name: str, data: st.DataObject) -> None:
    there = stored(KIND[name], data.draw(RECORDS[name]))
    assert KIND[name].marker_there(there) == MARKER


@pytest.mark.parametrize("name", [kind.name for kind in KINDS if not kind.money])
@given(data=st.data())
def test_the_suffix_of_a_deactivated_name_is_no_content(name: str, data: st.DataObject) -> None:
    kind = KIND[name]
    record = data.draw(RECORDS[name])
    there = stored(kind, record)
    member = "DisplayName" if name == "customer" else "Name"
    deactivated = {**there, "Active": False, member: f"{there[member]} (deleted)"}
    assert read(kind, deactivated) == {**encode(record), "active": False}
