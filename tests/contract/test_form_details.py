"""Deposits, due dates, references and links of sales forms, by raw requests (facts E1, E5, E7)."""

from typing import Any

import pytest

from tests.contract.books import Books, sale


@pytest.fixture
def buyer(books: Books) -> dict[str, Any]:
    return books.customer("Buyer")


def _form(buyer: dict[str, Any], *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"CustomerRef": {"value": buyer["Id"]}, "Line": list(lines), **more}


def test_a_deposit_on_an_invoice_lowers_what_is_open(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5: needs SalesFormsPrefs.AllowDeposit."""
    body = _form(buyer, sale(100), Deposit=30)
    assert books.refused("Invoice", body)["code"] == "6000"
    books.emulator.preferences(books.realm, SalesFormsPrefs={"AllowDeposit": True})
    made = books.post("Invoice", body)
    assert (made["TotalAmt"], made["Deposit"], made["Balance"]) == (100, 30, 70)
    assert made["DepositToAccountRef"] == {"value": "4"}
    assert books.get("Customer", buyer["Id"])["Balance"] == 70
    books.payment(buyer, 50, (made, 50))
    paid = books.get("Invoice", made["Id"])
    assert paid["Balance"] == 20
    assert books.post("Invoice", paid) == paid
    change = {"Id": made["Id"], "SyncToken": "1", "sparse": True, "CustomerRef": made["CustomerRef"]}
    after = books.post("Invoice", {**change, "Deposit": 45})
    assert (after["Balance"], after["TotalAmt"]) == (5, 100)
    change["SyncToken"] = "2"
    assert books.refused("Invoice", {**change, "Deposit": 51})["code"] == "6000"
    assert books.refused("Invoice", {**change, "Deposit": 101})["code"] == "6000"
    assert books.refused("Invoice", {**change, "Deposit": -1})["code"] == "2240"
    void = books.post("Invoice", {"Id": made["Id"], "SyncToken": "2"}, operation="void")
    assert (void["Balance"], void["Deposit"]) == (0, 0)
    assert books.get("Customer", buyer["Id"])["Balance"] == -50


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-03-02", "2026-03-15"),
        ("2026-03-11", "2026-04-15"),  # fewer than five days before the 15th
        ("2026-03-10", "2026-03-15"),
        ("2026-03-20", "2026-04-15"),
        ("2026-12-31", "2027-01-15"),
    ],
)
def test_a_date_driven_term_is_due_on_its_day(
    books: Books, buyer: dict[str, Any], day: str, due: str
) -> None:
    """Facts E7: DATE_DRIVEN{DayOfMonthDue, DueNextMonthDays}; facts E5: DueDate from terms."""
    term = books.post("Term", {"Name": "The 15th", "DayOfMonthDue": 15, "DueNextMonthDays": 5})
    made = books.invoice(buyer, 10, TxnDate=day, SalesTermRef={"value": term["Id"]})
    assert made["DueDate"] == due
    assert books.invoice(buyer, 10, TxnDate=day, DueDate="2027-02-02")["DueDate"] == "2027-02-02"


def test_a_day_that_a_month_does_not_have_is_its_last(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E7."""
    term = books.post("Term", {"Name": "The 31st", "DayOfMonthDue": 31})
    ref = {"SalesTermRef": {"value": term["Id"]}}
    assert books.invoice(buyer, 10, TxnDate="2026-02-10", **ref)["DueDate"] == "2026-02-28"
    assert books.invoice(buyer, 10, TxnDate="2026-01-31", **ref)["DueDate"] == "2026-01-31"


@pytest.mark.parametrize("member", ["ClassRef", "DepartmentRef", "SalesTermRef"])
@pytest.mark.parametrize("entity", ["Invoice", "SalesReceipt", "CreditMemo", "Estimate"])
def test_a_form_refers_to_what_is_there_and_shows_its_name(
    books: Books, buyer: dict[str, Any], entity: str, member: str
) -> None:
    """Facts E1: name is ignored on input, filled on output; facts B6: 2500, and 610 for what is inactive."""
    kind = member.removesuffix("Ref").removeprefix("Sales")
    target = books.post(kind, {"Name": "North", **({"DueDays": 1} if kind == "Term" else {})})
    body = _form(buyer, sale(1))
    assert books.refused(entity, {**body, member: {"value": "999"}})["code"] == "2500"
    made = books.post(entity, {**body, member: {"value": target["Id"], "name": "whatever"}})
    assert made[member] == {"value": target["Id"], "name": "North"}
    books.post(kind, {**target, "Active": False})
    assert books.refused(entity, {**body, member: {"value": target["Id"]}})["code"] == "610"
    kept = books.post(entity, {**made, "PrivateNote": "later"})
    assert kept[member]["value"] == target["Id"]


@pytest.mark.parametrize("member", ["ClassRef", "ItemAccountRef"])
def test_a_line_refers_to_what_is_there(books: Books, buyer: dict[str, Any], member: str) -> None:
    """Facts B6: 2500."""
    error = books.refused("Invoice", _form(buyer, sale(1, **{member: {"value": "999"}})))
    assert (error["code"], error["element"]) == ("2500", f"Line.SalesItemLineDetail.{member}")


def test_a_customer_refers_to_what_is_there(books: Books) -> None:
    """Facts B6: 2500; facts E3: DefaultTaxCodeRef 2 by itself where the tax is manual."""
    made = books.customer("Plain")
    assert made["DefaultTaxCodeRef"] == {"value": "2"}
    assert "DefaultTaxCodeRef" not in books.customer("Exempt", Taxable=False)
    for member in (
        "DefaultTaxCodeRef",
        "CustomerTypeRef",
        "ARAccountRef",
        "SalesTermRef",
        "PaymentMethodRef",
    ):
        body = {"DisplayName": "Odd", member: {"value": "999"}}
        assert books.refused("Customer", body)["code"] == "2500", member
    books.emulator.preferences(books.realm, TaxPrefs={"PartnerTaxEnabled": True})
    assert "DefaultTaxCodeRef" not in books.customer("Automated")


def test_an_invoice_collects_charges_that_are_there(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5: LinkedTxn may name StatementCharge and ReimburseCharge; facts B6: 620."""
    charge = {"Id": "900", "SyncToken": "0", "CustomerRef": {"value": buyer["Id"]}, "Amount": 5}
    books.emulator.load(books.realm, {"ReimburseCharge": [charge]})
    link = {"TxnId": "900", "TxnType": "ReimburseCharge"}
    made = books.post("Invoice", _form(buyer, sale(5), LinkedTxn=[link]))
    assert made["LinkedTxn"] == [link]
    assert books.post("Invoice", made) == made
    for kind in ("StatementCharge", "ReimburseCharge"):
        body = _form(buyer, sale(5), LinkedTxn=[{"TxnId": "901", "TxnType": kind}])
        assert books.refused("Invoice", body)["code"] == "620"


def test_a_form_needs_an_amount_somewhere(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5: description lines may do without; facts B6: the recorded sub-text of 6000."""
    text = {"DetailType": "DescriptionOnly", "Description": "Thank you"}
    error = books.refused("Invoice", _form(buyer, text))
    assert (error["code"], error["Detail"]) == (
        "6000",
        "Business Validation Error: You must set a transaction amount.",
    )
    made = books.post("Invoice", _form(buyer, text, sale(0)))
    assert (made["TotalAmt"], made["Line"][0]["Description"]) == (0, "Thank you")
    assert "Amount" not in made["Line"][0]


def test_an_amount_has_a_most(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E1: 99,999,999,999; facts B6: 2240."""
    most = 99_999_999_999
    assert books.invoice(buyer, most)["TotalAmt"] == most
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(most), sale(1)]}
    assert books.refused("Invoice", body)["code"] == "2240"
    paid = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": most + 1}
    assert books.refused("Payment", paid)["code"] == "2240"


def test_a_number_can_be_asked_for(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5: AUTO_GENERATE forces the sequence, with the company's own numbers, too."""
    assert books.invoice(buyer, 1, DocNumber="1500")["DocNumber"] == "1500"
    assert books.invoice(buyer, 1, DocNumber="AUTO_GENERATE")["DocNumber"] == "1501"


def test_a_clients_total_is_ignored(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5."""
    assert books.invoice(buyer, 10, TotalAmt=99, Balance=98)["Balance"] == 10


# Entity, path, the most characters it can have (facts E2).
LENGTHS: tuple[tuple[str, str, int], ...] = (
    ("Customer", "DisplayName", 500),
    *(("Customer", name, 16) for name in ("Title", "Suffix", "ResaleNum")),
    *(("Customer", name, 100) for name in ("GivenName", "MiddleName", "FamilyName", "CompanyName")),
    ("Customer", "PrintOnCheckName", 110),
    *(("Customer", f"{phone}.FreeFormNumber", 30) for phone in ("PrimaryPhone", "Mobile", "Fax")),
    ("Customer", "AlternatePhone.FreeFormNumber", 30),
    ("Customer", "WebAddr.URI", 1000),
    ("Customer", "Notes", 2000),
    *(("Customer", f"BillAddr.Line{line}", 500) for line in range(1, 6)),
    *(("Customer", f"ShipAddr.{part}", 255) for part in ("City", "CountrySubDivisionCode", "Country")),
    ("Customer", "BillAddr.PostalCode", 30),
    *(("Item", name, 100) for name in ("Name", "Sku")),
    ("Item", "Description", 4000),
    ("Item", "PurchaseDesc", 1000),
    *(
        (form, "DocNumber", 21)
        for form in ("Invoice", "CreditMemo", "SalesReceipt", "Estimate", "RefundReceipt")
    ),
    ("Payment", "PaymentRefNum", 21),
    ("Payment", "PrivateNote", 4000),
    ("Invoice", "PrivateNote", 4000),
    ("Invoice", "CustomerMemo.value", 1000),
    ("Term", "Name", 31),
    ("PaymentMethod", "Name", 31),
    ("Account", "Name", 100),
)


@pytest.mark.parametrize(("entity", "path", "most"), LENGTHS)
def test_a_text_has_at_most_so_many_characters(
    books: Books, buyer: dict[str, Any], entity: str, path: str, most: int
) -> None:
    """Facts E2: over it 2050, with the limit."""
    bodies: dict[str, dict[str, Any]] = {
        "Customer": {"DisplayName": "Long"},
        "Item": {"Name": "Long", "IncomeAccountRef": {"value": "1"}},
        "Payment": {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 1},
        "Term": {"DueDays": 1},
        "PaymentMethod": {},
        "Account": {"AccountType": "Bank"},
        "RefundReceipt": {**_form(buyer, sale(1)), "DepositToAccountRef": {"value": "35"}},
    }
    body = bodies.get(entity, _form(buyer, sale(1)))
    first, _, inner = path.partition(".")

    def at(length: int) -> dict[str, Any]:
        return {**body, first: {inner: "x" * length} if inner else "x" * length}

    error = books.refused(entity, at(most + 1))
    assert (error["code"], f"Max:{most:,} supported" in error["Detail"]) == ("2050", True)
    books.post(entity, at(most))


def test_custom_fields_and_descriptions_of_lines_are_limited(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E2: CustomField.StringValue 31, Line.Description 4000, e-mail 100."""
    field = {"DefinitionId": "1", "Name": "Crew #", "Type": "StringType"}
    custom = [{**field, "StringValue": "x" * 31}]
    assert books.post("Invoice", _form(buyer, sale(1), CustomField=custom))["CustomField"] == custom
    custom = [{**field, "StringValue": "x" * 32}]
    assert books.refused("Invoice", _form(buyer, sale(1), CustomField=custom))["code"] == "2050"
    line = {**sale(1), "Description": "x" * 4001}
    assert books.refused("Invoice", _form(buyer, line))["code"] == "2050"
    mail = {"PrimaryEmailAddr": {"Address": f"{'x' * 90}@example.com"}}
    assert books.refused("Customer", {"DisplayName": "Mail", **mail})["code"] == "2050"
