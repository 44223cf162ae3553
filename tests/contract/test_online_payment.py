"""Invoices that can be paid online, and the e-mails QuickBooks sends by itself (second part, 3.2, 3.3, 8)."""

import json
from typing import Any

import pytest

from tests.contract.books import Books, sale
from tests.emulator import send

CARD, BANK = "AllowOnlineCreditCardPayment", "AllowOnlineACHPayment"
PAYPAL, AFFIRM = "AllowOnlinePayPalPayment", "AllowOnlineAffirmPayment"
WAYS = (CARD, BANK, PAYPAL, AFFIRM)
ADDRESS = {"Address": "buyer@example.com"}


@pytest.fixture
def buyer(books: Books) -> dict[str, Any]:
    return books.customer("Buyer")


@pytest.fixture
def paying_online(books: Books) -> Books:
    """The company takes payments online."""
    books.emulator.preferences(books.realm, SalesFormsPrefs={"ETransactionPaymentEnabled": True})
    return books


def _ways(invoice: dict[str, Any]) -> list[bool | None]:
    return [invoice.get(way) for way in WAYS]


def _sparse(body: dict[str, Any], **change: Any) -> dict[str, Any]:
    return {"Id": body["Id"], "SyncToken": body["SyncToken"], "sparse": True, **change}


def _mails(books: Books) -> list[tuple[str, str, bool]]:
    return [(one["id"], one["address"], one["asked"]) for one in books.emulator.mails(books.realm)]


def test_a_company_that_takes_no_payments_online_has_every_way_off(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E15."""
    assert _ways(books.invoice(buyer, 10)) == [False, False, False, False]


def test_an_invoice_that_names_no_way_gets_those_of_the_company(
    paying_online: Books, buyer: dict[str, Any]
) -> None:
    """Facts E15: since September 2024 what is left out at create is the company's setting."""
    assert _ways(paying_online.invoice(buyer, 10)) == [True, True, True, True]
    named = paying_online.invoice(buyer, 10, **dict.fromkeys(WAYS, False))
    assert _ways(named) == [False, False, False, False]
    some = paying_online.invoice(buyer, 10, **{CARD: False, PAYPAL: False})
    assert _ways(some) == [False, True, False, True]


@pytest.mark.parametrize("in_batch", [False, True])
@pytest.mark.parametrize("sparse", [False, True])
def test_every_update_that_leaves_the_ways_out_sets_them_back(
    paying_online: Books, buyer: dict[str, Any], *, sparse: bool, in_batch: bool
) -> None:
    """Facts E15: recorded of a sparse update of a memo alone; whoever names all four keeps them."""
    made = paying_online.invoice(buyer, 10, **dict.fromkeys(WAYS, False))
    whole = {"CustomerRef": made["CustomerRef"], "Line": [sale(10)]}

    def updated(body: dict[str, Any], **change: Any) -> dict[str, Any]:
        content = _sparse(body, **change) | ({} if sparse else {"sparse": False, **whole})
        if not in_batch:
            return paying_online.post("Invoice", content)
        item = {"bId": "1", "operation": "update", "Invoice": content}
        return dict(paying_online.batch(item)[0]["Invoice"])

    kept = updated(made, PrivateNote="Kept", **dict.fromkeys(WAYS, False))
    assert _ways(kept) == [False, False, False, False]
    some = updated(kept, PrivateNote="Some", **{CARD: False, BANK: False})
    assert _ways(some) == [False, False, True, True]
    assert _ways(updated(some, PrivateNote="None")) == [True, True, True, True]


def test_ways_stay_as_they_were_where_the_switch_says_so(paying_online: Books, buyer: dict[str, Any]) -> None:
    """Facts E15: as before September 2024."""
    with paying_online.switched(online_payment_default="off"):
        made = paying_online.invoice(buyer, 10)
        assert _ways(made) == [False, False, False, False]
        on = paying_online.post("Invoice", _sparse(made, **{CARD: True}))
        assert _ways(paying_online.post("Invoice", _sparse(on, PrivateNote="x"))) == [
            True,
            False,
            False,
            False,
        ]


def test_an_invoice_made_by_a_client_and_payable_by_card_or_bank_is_mailed_unasked(
    paying_online: Books, buyer: dict[str, Any]
) -> None:
    """Facts E15: in the US, if it has a BillEmail. The SyncToken stays (facts E14)."""
    off = dict.fromkeys(WAYS, False)
    by_card = paying_online.invoice(buyer, 10, BillEmail=ADDRESS, **off | {CARD: True})
    by_bank = paying_online.invoice(buyer, 10, BillEmail=ADDRESS, **off | {BANK: True})
    paying_online.invoice(buyer, 10, BillEmail=ADDRESS, **off | {PAYPAL: True, AFFIRM: True})
    paying_online.invoice(buyer, 10, BillEmail=ADDRESS, **off)
    paying_online.invoice(buyer, 10)
    assert _mails(paying_online) == [
        (by_card["Id"], "buyer@example.com", False),
        (by_bank["Id"], "buyer@example.com", False),
    ]
    seen = paying_online.get("Invoice", by_card["Id"])
    assert (seen["EmailStatus"], seen["DeliveryInfo"]["DeliveryType"]) == ("EmailSent", "Email")
    assert seen["SyncToken"] == "0"


def test_the_customers_address_is_enough_for_it(paying_online: Books) -> None:
    """Facts E15, E5: what the request leaves out is copied from the customer."""
    buyer = paying_online.customer("Mailed", PrimaryEmailAddr=ADDRESS)
    made = paying_online.invoice(buyer, 10)
    assert _mails(paying_online) == [(made["Id"], "buyer@example.com", False)]


def test_an_update_that_turns_a_way_on_mails_it_and_one_that_changes_nothing_about_it_does_not(
    paying_online: Books, buyer: dict[str, Any]
) -> None:
    """Facts E15: by leaving the ways out, too; once."""
    made = paying_online.invoice(buyer, 10, BillEmail=ADDRESS, **dict.fromkeys(WAYS, False))
    assert _mails(paying_online) == []
    after = paying_online.post("Invoice", _sparse(made, PrivateNote="Memo"))
    assert _mails(paying_online) == [(made["Id"], "buyer@example.com", False)]
    paying_online.post("Invoice", _sparse(after, PrivateNote="Another"))
    assert len(_mails(paying_online)) == 1


def test_nothing_is_mailed_unasked_where_the_company_is_abroad_or_the_switch_is_off(
    paying_online: Books, buyer: dict[str, Any]
) -> None:
    """Facts E15: of the US alone it is said."""
    with paying_online.switched(auto_mail="off"):
        paying_online.invoice(buyer, 10, BillEmail=ADDRESS)
    company = paying_online.query("SELECT * FROM CompanyInfo")["CompanyInfo"][0]
    paying_online.emulator.load(paying_online.realm, {"CompanyInfo": [{**company, "Country": "CA"}]})
    line = sale(10, TaxCodeRef={"value": "NON"})
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [line], "BillEmail": ADDRESS}
    made = paying_online.post("Invoice", body)
    assert _ways(made) == [True, True, True, True]
    assert _mails(paying_online) == []


def test_what_is_sent_on_request_is_written_down_as_asked_for(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E14: sendTo overwrites the address for good, the SyncToken stays, the time moves."""
    made = books.invoice(buyer, 10, BillEmail=ADDRESS)
    status, text, _ = books.call("POST", f"invoice/{made['Id']}/send", sendTo="other@example.com")
    assert status == 200, text
    sent = json.loads(text)["Invoice"]
    assert (sent["EmailStatus"], sent["BillEmail"]["Address"]) == ("EmailSent", "other@example.com")
    assert sent["SyncToken"] == made["SyncToken"]
    assert _mails(books) == [(made["Id"], "other@example.com", True)]


def test_the_page_of_emails_says_who_was_mailed_and_why(paying_online: Books, buyer: dict[str, Any]) -> None:
    address = f"{paying_online.emulator.url}/app/{paying_online.realm}/mails"
    assert "Nobody was mailed yet" in send("GET", address)[1]
    asked = paying_online.invoice(buyer, 10, **dict.fromkeys(WAYS, False))
    paying_online.call("POST", f"invoice/{asked['Id']}/send", sendTo="other@example.com")
    paying_online.invoice(buyer, 10, BillEmail=ADDRESS)
    page = send("GET", address)[1]
    assert page.index("QuickBooks did it by itself") < page.index("It was asked for")
    assert page.index("buyer@example.com") < page.index("other@example.com")


@pytest.mark.parametrize(("moves", "token"), [("time", "0"), ("token", "1")])
def test_new_members_are_written_into_every_old_invoice(
    books: Books, buyer: dict[str, Any], moves: str, token: str
) -> None:
    """Facts C4: as system user, with a new time; what people entered is the same."""
    made = [books.invoice(buyer, amount) for amount in (10, 20)]
    books.emulator.advance(60)
    members = {"EInvoiceStatus": "NotSent", "NeverHeardOf": {"value": "x"}, "TotalAmt": 0}
    with books.switched(backfill=moves):
        assert books.emulator.backfill(books.realm, **members) == 2
    for former in made:
        now = books.get("Invoice", former["Id"])
        assert now["MetaData"]["LastModifiedByRef"] == {"value": "0"}
        assert now["MetaData"]["LastUpdatedTime"] > former["MetaData"]["LastUpdatedTime"]
        assert (now["EInvoiceStatus"], now["NeverHeardOf"]) == ("NotSent", {"value": "x"})
        assert now["SyncToken"] == token
        assert {name: now[name] for name in former.keys() - {"MetaData", "SyncToken"}} == {
            name: former[name] for name in former.keys() - {"MetaData", "SyncToken"}
        }
    since = made[1]["MetaData"]["LastUpdatedTime"]
    assert len(books.changes("Invoice", since)[0]["Invoice"]) == 2


@pytest.mark.parametrize("sparse", [True, False])
def test_what_intuit_wrote_can_be_sent_back_and_stays_as_it_is(
    books: Books, buyer: dict[str, Any], *, sparse: bool
) -> None:
    """Facts C4: a full update sends back what was read, and that has members nobody ever heard of."""
    made = books.payment(buyer, 10)
    books.emulator.backfill(books.realm, "Payment", NeverHeardOf={"a": [1]})
    read = books.get("Payment", made["Id"])
    after = books.post("Payment", read | {"PaymentRefNum": "4711", "NeverHeardOf": "ours", "sparse": sparse})
    assert (after["PaymentRefNum"], after["NeverHeardOf"]) == ("4711", {"a": [1]})
    full = {name: after[name] for name in ("Id", "SyncToken", "CustomerRef", "TotalAmt")}
    last = books.post("Payment", full)
    assert last["NeverHeardOf"] == {"a": [1]}
    assert books.refused("Payment", last | {"NorOfThis": 1})["code"] == "2010"
