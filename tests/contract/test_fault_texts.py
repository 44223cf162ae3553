"""Every published code these entities can give (facts A8, B6): a request, status, shape, code and text."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from qbo_emulator.ground.published import PUBLISHED
from qbo_emulator.tools.coverage import fault_codes
from tests.contract.books import Books, sale
from tests.contract.fault_texts import IN_XML, KINDS, ON_REQUEST_ONLY, TEXTS

Answer = tuple[int, str]

HOSE = {
    "Name": "Hose",
    "Type": "Inventory",
    "QtyOnHand": 1,
    "InvStartDate": "2026-06-01",
    **{
        f"{name}AccountRef": {"value": key}
        for name, key in (("Income", "79"), ("Expense", "80"), ("Asset", "81"))
    },
}
DISCOUNT = {"DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": False}}
OFF = {**DISCOUNT, "DiscountLineDetail": {"PercentBased": False, "DiscountAccountRef": {"value": "86"}}}
CUSTOM_TAX = {"TxnTaxDetail": {"TxnTaxCodeRef": {"value": "CustomSalesTax"}}}

# Code -> entity, and what is sent of it beside what it needs: one request in a fresh company.
SENT: dict[str, tuple[str, dict[str, Any]]] = {
    "620": ("Payment", {"Line": [{"Amount": 5, "LinkedTxn": [{"TxnId": "1", "TxnType": "JournalEntry"}]}]}),
    "2010": ("Invoice", {"BadJson": 1}),
    "2020": ("Invoice", {"Line": []}),
    "2040": ("Customer", {"DisplayName": "Rob:Barnett:Company"}),
    "2050": ("Invoice", {"CustomerMemo": {"value": "x" * 1016}}),
    "2060": ("Invoice", {"TxnDate": "11/22/2026"}),
    "2070": ("Invoice", {"TxnDate": "2026-02-30"}),
    "2090": ("Payment", {"TotalAmt": "much"}),
    "2170": ("Customer", {"PreferredDeliveryMethod": "Pigeon"}),
    "2210": ("Customer", {"PrimaryEmailAddr": {"Address": "nowhere"}}),
    "2240": ("Payment", {"Line": [{"Amount": -44.94, "LinkedTxn": [{"TxnId": "1", "TxnType": "Invoice"}]}]}),
    "2290": ("Invoice", {"Line": [sale(5), {**OFF, "Amount": -1}]}),
    "2500": ("Invoice", {"Line": [{**sale(5), "SalesItemLineDetail": {"ItemRef": {"value": "999"}}}]}),
    "6000": ("Invoice", {"Line": [{"DetailType": "DescriptionOnly", "Description": "x"}]}),
    "6010": ("Account", {}),
    "6070": ("Invoice", {"Line": [sale(1861.07, Qty=128.35, UnitPrice=14.5)]}),
    "6080": ("Customer", {"DisplayName": ""}),
    "6090": ("Invoice", {"Line": [sale(5), DISCOUNT]}),
    "6100": ("Invoice", {"Line": [sale(1, TaxCodeRef={"value": "7"})]}),
    "6160": ("Invoice", CUSTOM_TAX),
    "6240": ("Customer", {"DisplayName": "buyer "}),
}

# Code -> what leads to it, where one request is not enough; it returns status and text of the last answer.
DONE: dict[str, Callable[[Books], Answer]] = {}


def gives(code: str) -> Callable[[Callable[[Books], Answer]], Callable[[Books], Answer]]:
    def note(act: Callable[[Books], Answer]) -> Callable[[Books], Answer]:
        DONE[code] = act
        return act

    return note


def _post(books: Books, entity: str, body: Any, **arguments: str) -> Answer:
    return books.call("POST", entity.lower(), body, **arguments)[:2]


def _key(made: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Id": made["Id"], "SyncToken": made["SyncToken"], "sparse": True, **more}


def _needed(books: Books, entity: str) -> dict[str, Any]:
    buyer = {"value": books.customer("Buyer")["Id"]}
    return {
        "Customer": {"DisplayName": "Other"},
        "Invoice": {"CustomerRef": buyer, "Line": [sale(5)]},
        "Payment": {"CustomerRef": buyer, "TotalAmt": 5},
        "Account": {"Name": "New"},
    }[entity]


def _standing(books: Books, **wanted: Any) -> None:
    books.emulator.control("PUT", f"realms/{books.realm}/standing", wanted)


def _bill(books: Books, customer: str, **more: Any) -> Answer:
    return _post(books, "Invoice", {"CustomerRef": {"value": customer}, "Line": [sale(5)], **more})


@gives("100")
def _(books: Books) -> Answer:
    _standing(books, state="sign_in_fails")
    return books.call("GET", "item/1")[:2]


@gives("120")
def _(books: Books) -> Answer:
    _standing(books, state="no_access")
    return books.call("GET", "item/1")[:2]


@gives("500")
def _(books: Books) -> Answer:
    return books.call("GET", "nonsense/1")[:2]


@gives("600")
def _(books: Books) -> Answer:
    with books.switched(request_id_seen_again="refuse"):
        books.post("Customer", {"DisplayName": "Once"}, requestid="once")
        return _post(books, "Customer", {"DisplayName": "Twice"}, requestid="once")


@gives("610")
def _(books: Books) -> Answer:
    return books.call("GET", "customer/999")[:2]


@gives("1040")
def _(books: Books) -> Answer:
    items = [{"bId": str(number), "Query": "select * from Item"} for number in range(31)]
    return _post(books, "batch", {"BatchItemRequest": items})


@gives("2030")
def _(books: Books) -> Answer:
    return books.call("GET", "customer/1.5")[:2]


@gives("2130")
def _(books: Books) -> Answer:
    return _post(books, "Customer", {"DisplayName": "x"}, requestid="r" * 51)


@gives("4000")
def _(books: Books) -> Answer:
    return books.call("GET", "query", query="select * frm Customer")[:2]


@gives("4001")
def _(books: Books) -> Answer:
    return books.call("GET", "query", query="select * from Custmoer")[:2]


@gives("4002")
def _(books: Books) -> Answer:
    bad = {"Id": "900", "DisplayName": "Of Long Ago", "PrimaryEmailAddr": {"Address": "none"}}
    books.emulator.load(books.realm, {"Customer": [bad]})
    with books.switched(invalid_stored_email="4002"):
        return books.call("GET", "query", query="select * from Customer")[:2]


@gives("5010")
def _(books: Books) -> Answer:
    made = books.customer("Buyer")
    books.post("Customer", _key(made, Notes="first"))
    return _post(books, "Customer", _key(made, Notes="second"))


@gives("5020")
def _(books: Books) -> Answer:
    _standing(books, without=["Class"])
    return _post(books, "Class", {"Name": "North"})


@gives("6130")
def _(books: Books) -> Answer:
    parent = books.customer("Parent")
    job = books.customer("Job", Job=True, ParentRef={"value": parent["Id"]})
    books.invoice(parent, 5)
    return _post(books, "Customer", _key(job, BillWithParent=True))


@gives("6140")
def _(books: Books) -> Answer:
    buyer = books.customer("Buyer")
    books.invoice(buyer, 5, DocNumber="1001")
    return _bill(books, buyer["Id"], DocNumber="1001")


@gives("6170")
def _(books: Books) -> Answer:
    company = {"Id": "1", "SyncToken": "0", "CompanyName": "There", "Country": "GB"}
    books.emulator.load(books.realm, {"CompanyInfo": [company]})
    tax = {"GlobalTaxCalculation": "NotApplicable", "TxnTaxDetail": {"TotalTax": 1}}
    return _bill(books, books.customer("Buyer")["Id"], **tax)


@gives("6180")
def _(books: Books) -> Answer:
    above = books.customer("Level 0")
    for level in range(1, 5):
        above = books.customer(f"Level {level}", Job=True, ParentRef={"value": above["Id"]})
    return _post(
        books, "Customer", {"DisplayName": "Level 5", "Job": True, "ParentRef": {"value": above["Id"]}}
    )


@gives("6190")
def _(books: Books) -> Answer:
    _standing(books, state="lapsed")
    return _post(books, "Customer", {"DisplayName": "x"})


def _closed(books: Books) -> Answer:
    buyer = books.customer("Buyer")
    books.emulator.preferences(books.realm, AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
    return _bill(books, buyer["Id"], TxnDate="2026-01-31")


@gives("6200")
def _(books: Books) -> Answer:
    with books.switched(closed_books="warning"):
        return _closed(books)


@gives("6210")
def _(books: Books) -> Answer:
    return _closed(books)


@gives("6220")
def _(books: Books) -> Answer:
    buyer = books.customer("Buyer")
    books.invoice(buyer, 5)
    return _post(books, "Customer", _key(buyer, Active=False))


@gives("6230")
def _(books: Books) -> Answer:
    made = books.invoice(books.customer("Buyer"), 5)
    return _post(books, "Invoice", {**made, **CUSTOM_TAX})


@gives("6250")
def _(books: Books) -> Answer:
    gone = books.customer("Gone")
    books.post("Customer", _key(gone, Active=False))
    with books.switched(inactive_customer="6250"):
        return _bill(books, gone["Id"])


@gives("6270")
def _(books: Books) -> Answer:
    hose = {"value": books.post("Item", HOSE)["Id"]}
    line = {**sale(5), "SalesItemLineDetail": {"ItemRef": hose}}
    return _bill(books, books.customer("Buyer")["Id"], TxnDate="2026-05-31", Line=[line])


@gives("6280")
def _(books: Books) -> Answer:
    made = books.customer("Charged")
    charge = {"Id": "900", "SyncToken": "0", "CustomerRef": {"value": made["Id"]}, "Amount": 5}
    books.emulator.load(books.realm, {"StatementCharge": [charge]})
    return _post(books, "Customer", _key(made, Active=False))


@gives("6420")
def _(books: Books) -> Answer:
    made = books.invoice(books.customer("Buyer"), 5)
    return books.call("POST", f"invoice/{made['Id']}/send")[:2]


@gives("6450")
def _(books: Books) -> Answer:
    made = books.payment(books.customer("Buyer"), 5, ProcessPayment=True)
    return _post(books, "Payment", _key(made), operation="update", include="void")


@gives("6540")
def _(books: Books) -> Answer:
    made = books.payment(books.customer("Buyer"), 5)
    link = {"TxnId": made["Id"], "TxnType": "Payment", "TxnLineId": "0"}
    line = {"Amount": 5, "LinkedTxn": [link]}
    books.post("Deposit", {"DepositToAccountRef": {"value": "35"}, "Line": [line]})
    return _post(books, "Payment", _key(books.get("Payment", made["Id"])), operation="delete")


@gives("10000")
def _(books: Books) -> Answer:
    books.emulator.fault("error_before")
    return books.call("GET", "item/1")[:2]


@pytest.mark.parametrize("code", TEXTS)
def test_a_request_gets_the_code_with_its_status_shape_and_text(books: Books, code: str) -> None:
    """Facts A8, B4, B6."""
    if code in SENT:
        entity, sent = SENT[code]
        status, text = _post(books, entity, {**_needed(books, entity), **sent})
    else:
        status, text = DONE[code](books)
    body = json.loads(text)
    assert body.keys() == ({"Fault"} if code == "2030" else {"Fault", "time"})
    assert body["Fault"].keys() == {"Error", "type"}
    assert (body["Fault"]["type"], status) == KINDS.get(code, ("ValidationFault", 400))
    (error,) = body["Fault"]["Error"]
    assert error.keys() - {"element"} == {"Message", "Detail", "code"}
    message, detail = TEXTS[code]
    assert (error["code"], error["Message"]) == (code, message)
    assert re.fullmatch(detail, error["Detail"], re.DOTALL), error["Detail"]


@pytest.mark.parametrize(
    ("statement", "code", "detail"),
    [
        ("select * from Customer startposition 0", "4001", "value 0 is too small. Min allowed value is 1"),
        ("select * from Customer where Nope = 'x'", "4001", "Property Nope not found for Entity Customer"),
        (
            "select * from Customer where Id = '1' or",
            "4000",
            'Encountered " <OR> "or "" at line 1, column 39.',
        ),
        ("select * from Customer where Id ! '1'", "4000", "Lexical error at line 1, column 33."),
    ],
)
def test_a_query_is_refused_in_the_recorded_words(
    books: Books, statement: str, code: str, detail: str
) -> None:
    """Facts B6: 4000, 4001."""
    error = books.query_refused(statement)
    assert error["code"] == code
    assert re.match(r"Query(Parser|Validation)Error: ", error["Detail"])
    assert detail in error["Detail"]


@pytest.mark.parametrize(
    ("ref", "detail"),
    [
        ({"DepositToAccountRef": {"value": "999"}}, "Accounts element id 999 not found"),
        ({"CustomerRef": {"value": "999"}}, "Names element id 999 not found"),
        ({"PaymentMethodRef": {"value": "999"}}, "PaymentMethodRef"),
    ],
)
def test_a_wrong_reference_is_named(books: Books, ref: dict[str, Any], detail: str) -> None:
    """Facts B6: 2500."""
    error = books.refused("Payment", {**_needed(books, "Payment"), **ref})
    assert (error["code"], error["Detail"]) == ("2500", f"Invalid Reference Id : {detail}")


def test_what_was_deleted_is_said_to_be(books: Books) -> None:
    """Facts B6: 610, the other text."""
    made = books.invoice(books.customer("Buyer"), 5)
    books.post("Invoice", _key(made), operation="delete")
    status, text, _ = books.call("GET", f"invoice/{made['Id']}")
    error = json.loads(text)["Fault"]["Error"][0]
    assert (status, error["code"]) == (400, "610")
    assert error["Detail"] == "Object Not Found : Another user has deleted this transaction."


@pytest.mark.parametrize("code", sorted({*TEXTS, *ON_REQUEST_ONLY} - KINDS.keys(), key=int))
def test_a_tool_can_ask_for_each_published_code(books: Books, code: str) -> None:
    """Facts B6, under the name the code has."""
    books.emulator.fault("refuse", code=int(code))
    status, text, _ = books.call("GET", "item/1")
    (error,) = json.loads(text)["Fault"]["Error"]
    assert (status, error["code"], error["Message"]) == (400, code, PUBLISHED[int(code)])
    assert error["Message"] == TEXTS.get(code, (error["Message"], ""))[0]
    assert books.call("GET", "item/1")[0] == 200


def test_no_code_is_without_its_request() -> None:
    assert {str(code) for code in fault_codes()} == TEXTS.keys() | IN_XML
    assert SENT.keys().isdisjoint(DONE)
    assert SENT.keys() | DONE.keys() == TEXTS.keys()
    assert {str(code) for code in PUBLISHED} == (TEXTS.keys() | ON_REQUEST_ONLY) - KINDS.keys()
