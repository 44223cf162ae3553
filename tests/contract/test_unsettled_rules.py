"""What nobody knows for certain of QuickBooks' books: each rule both ways, by its switch (facts E, J)."""

from typing import Any

import pytest

from tests.contract.books import Books, pays, sale, taxed

VOID = {"operation": "update", "include": "void"}


@pytest.fixture
def buyer(books: Books) -> dict[str, Any]:
    return books.customer("Buyer")


def _sparse(body: dict[str, Any], **change: Any) -> dict[str, Any]:
    return {"Id": body["Id"], "SyncToken": body["SyncToken"], "sparse": True, **change}


def _balance(books: Books, customer: dict[str, Any]) -> float:
    return float(books.get("Customer", customer["Id"])["Balance"])


# Customers and items


def test_a_parent_without_job_is_left_out_honoured_or_refused(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E3: a sub-customer has ParentRef and Job."""
    body = {"ParentRef": {"value": buyer["Id"]}}
    plain = books.customer("Plain", **body)
    assert (plain["Job"], plain["FullyQualifiedName"], "ParentRef" in plain) == (False, "Plain", False)
    with books.switched(parent_without_job="honoured"):
        below = books.customer("Below", **body)
        assert (below["Job"], below["FullyQualifiedName"], below["Level"]) == (True, "Buyer:Below", 1)
        moved = books.post("Customer", _sparse(plain, **body))
        assert moved["FullyQualifiedName"] == "Buyer:Plain"
    with books.switched(parent_without_job="refused"):
        error = books.refused("Customer", {"DisplayName": "No", **body})
        assert (error["code"], error["element"]) == ("2020", "Job")
    error = books.refused("Customer", {"DisplayName": "No", "Job": True})
    assert (error["code"], error["element"]) == ("2020", "ParentRef")


@pytest.mark.parametrize("sparse", [True, False])
@pytest.mark.parametrize(
    ("way", "name"), [("allow", "Unit"), ("ignore", "Buyer:Unit"), ("refuse", "Buyer:Unit")]
)
def test_a_sub_customer_that_should_stand_alone(
    books: Books, buyer: dict[str, Any], *, sparse: bool, way: str, name: str
) -> None:
    """Facts E3: nobody says what Job: false, or a full update without ParentRef, does."""
    unit = books.customer("Unit", Job=True, ParentRef={"value": buyer["Id"]}, BillWithParent=True)
    books.invoice(unit, 10)
    full = {"Id": unit["Id"], "SyncToken": "0", "DisplayName": "Unit"}
    body = _sparse(unit, Job=False) if sparse else full
    with books.switched(sub_customer_to_top=way):
        if way == "refuse":
            assert books.refused("Customer", body)["code"] == "6000"
        else:
            after = books.post("Customer", body)
            assert (after["FullyQualifiedName"], after["Job"]) == (name, way == "ignore")
            assert ("ParentRef" in after, "Level" in after) == (way == "ignore", way == "ignore")
    left = 0 if way == "allow" else 10
    assert books.get("Customer", buyer["Id"])["BalanceWithJobs"] == left
    assert books.get("Customer", unit["Id"])["BalanceWithJobs"] == 10


@pytest.mark.parametrize("entity", ["Customer", "Item"])
def test_a_parent_with_active_children_stays_active_unless_told_otherwise(books: Books, entity: str) -> None:
    """Facts E3, E4."""
    service = {"Type": "Service", "IncomeAccountRef": {"value": "1"}}
    member, more, flag = ("DisplayName", {}, "Job") if entity == "Customer" else ("Name", service, "SubItem")
    parent = books.post(entity, {member: "Above", **more})
    child = books.post(entity, {member: "Below", **more, flag: True, "ParentRef": {"value": parent["Id"]}})
    away = _sparse(parent, Active=False)
    assert books.refused(entity, away)["code"] == "6000"
    with books.switched(deactivate_with_children="allow"):
        assert books.post(entity, away)["Active"] is False
    after = books.get(entity, child["Id"])
    assert (after["Active"], after["FullyQualifiedName"]) == (True, "Above (deleted):Below")


@pytest.mark.parametrize(("way", "name"), [("plain", "Back"), ("kept", "Back (deleted)")])
def test_a_reactivated_name_loses_its_suffix_or_keeps_it(books: Books, way: str, name: str) -> None:
    """Facts E1: safest to send the wanted name, too."""
    gone = books.post("Customer", _sparse(books.customer("Back"), Active=False))
    with books.switched(reactivated_name=way):
        after = books.post("Customer", _sparse(gone, Active=True))
        assert (after["DisplayName"], after["Active"]) == (name, True)
        gone = books.post("Customer", _sparse(after, Active=False))
        assert gone["DisplayName"] == "Back (deleted)"
        after = books.post("Customer", _sparse(gone, Active=True, DisplayName="Back"))
        assert after["DisplayName"] == "Back"


def test_a_second_inactive_object_of_a_name_is_numbered(books: Books) -> None:
    """Facts E1: uniqueness of the suffix."""
    for name in ("Twice (deleted)", "Twice (deleted) (1)", "Twice (deleted) (2)"):
        assert books.post("Customer", _sparse(books.customer("Twice"), Active=False))["DisplayName"] == name


def test_the_loser_of_a_merge_is_gone_or_inactive(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E3: GET of the loser is 610, or it is inactive and ` (deleted)`."""
    loser = books.customer("Loser")
    invoice = books.invoice(loser, 10)
    with books.switched(merged_record="inactive"):
        keys = {"loser": loser["Id"], "survivor": buyer["Id"]}
        books.emulator.control("POST", f"realms/{books.realm}/merge", keys)
    after = books.get("Customer", loser["Id"])
    assert (after["DisplayName"], after["Active"], after["SyncToken"]) == ("Loser (deleted)", False, "1")
    assert (after["Balance"], _balance(books, buyer)) == (0, 10)
    assert books.get("Invoice", invoice["Id"])["CustomerRef"]["value"] == buyer["Id"]
    (customers,) = books.changes("Customer", loser["MetaData"]["CreateTime"])
    assert after in customers["Customer"]
    assert books.customer("Loser")["Id"] != loser["Id"]


def test_an_item_that_lost_a_merge_is_gone_or_inactive(books: Books) -> None:
    """Facts C3, E3: as a customer."""
    loser, survivor = books.service("Loser"), books.service("Survivor")
    with books.switched(merged_record="inactive"):
        keys = {"loser": loser["Id"], "survivor": survivor["Id"], "entity": "Item"}
        books.emulator.control("POST", f"realms/{books.realm}/merge", keys)
    after = books.get("Item", loser["Id"])
    assert (after["Name"], after["Active"], after["SyncToken"]) == ("Loser (deleted)", False, "1")
    assert books.service("Loser")["Id"] != loser["Id"]


def test_an_inactive_customer_is_2500_or_6250(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B6, E1."""
    books.post("Customer", _sparse(buyer, Active=False))
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(1)]}
    assert books.refused("Invoice", body)["code"] == "2500"
    with books.switched(inactive_customer="6250"):
        assert books.refused("Invoice", body)["code"] == "6250"


def test_an_items_name_is_the_only_one_within_its_parent_or_everywhere(books: Books) -> None:
    """Facts E4: within parent (?)."""
    service = {"Type": "Service", "IncomeAccountRef": {"value": "1"}}
    category = books.post("Item", {"Name": "Lawn", "Type": "Category"})
    below = {"SubItem": True, "ParentRef": {"value": category["Id"]}, **service}
    first = books.post("Item", {"Name": "Mowing", **service})
    books.post("Item", {"Name": "Mowing", **below})
    other = books.post("Item", {"Name": "Winter", "Type": "Category"})
    elsewhere = {**below, "ParentRef": {"value": other["Id"]}}
    with books.switched(item_names="everywhere"):
        error = books.refused("Item", {"Name": "mowing", **elsewhere})
        assert (error["code"], error["Detail"].rpartition("=")[2]) == ("6240", first["Id"])
        assert books.post("Item", {"Name": "Edging", **below})["FullyQualifiedName"] == "Lawn:Edging"


# Forms and payments


def test_lowering_a_paid_total_is_refused_or_unapplies_the_rest(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5: payment partially unapplied or 6000."""
    invoice = books.invoice(buyer, 100)
    first = books.payment(buyer, 60, (invoice, 60))
    second = books.payment(buyer, 30, (invoice, 30))
    invoice = books.get("Invoice", invoice["Id"])
    lower = _sparse(invoice, CustomerRef=invoice["CustomerRef"], Line=[sale(50)])
    assert books.refused("Invoice", lower)["code"] == "6000"
    with books.switched(total_below_payments="unapply"):
        after = books.post("Invoice", lower)
    assert (after["TotalAmt"], after["Balance"]) == (50, 0)
    assert after["LinkedTxn"] == [{"TxnId": first["Id"], "TxnType": "Payment"}]
    assert books.get("Invoice", invoice["Id"]) == after
    kept, freed = books.get("Payment", first["Id"]), books.get("Payment", second["Id"])
    assert (kept["UnappliedAmt"], kept["Line"][0]["Amount"], kept["SyncToken"]) == (10, 50, "1")
    assert (freed["UnappliedAmt"], freed["Line"], freed["SyncToken"]) == (30, [], "1")
    assert _balance(books, buyer) == -40


def test_a_line_above_the_balance_is_refused_or_leaves_the_rest_unapplied(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E6: 6000-type refusal (?)."""
    invoice = books.invoice(buyer, 100)
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 150, "Line": [pays(invoice, 150)]}
    assert books.refused("Payment", body)["code"] == "6000"
    with books.switched(line_above_balance="unapply"):
        made = books.post("Payment", body)
        assert (made["UnappliedAmt"], made["Line"][0]["Amount"]) == (50, 100)
        assert books.post("Payment", made) == made
    assert books.get("Invoice", invoice["Id"])["Balance"] == 0
    assert _balance(books, buyer) == -50


def test_payments_apply_themselves_only_where_switch_and_company_say_so(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E6, E8: AutoApplyPayments does not act on API payments (?)."""
    chosen = [{"Name": "SalesFormsPrefs.AutoApplyPayments", "Value": "true"}]
    books.emulator.preferences(books.realm, OtherPrefs={"NameValue": chosen})
    later = books.invoice(buyer, 40, TxnDate="2026-03-01")
    early = books.invoice(buyer, 30, TxnDate="2026-02-01")
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 50}
    assert books.post("Payment", body)["UnappliedAmt"] == 50
    with books.switched(auto_apply_payments=True):
        made = books.post("Payment", body)
        assert [(line["LinkedTxn"][0]["TxnId"], line["Amount"]) for line in made["Line"]] == [
            (early["Id"], 30),
            (later["Id"], 20),
        ]
        assert books.post("Payment", {**body, "Line": []})["UnappliedAmt"] == 50
        books.emulator.preferences(books.realm, OtherPrefs={"NameValue": []})
        assert books.post("Payment", body)["UnappliedAmt"] == 50
    assert books.get("Invoice", later["Id"])["Balance"] == 20


def test_a_paid_invoice_can_be_voided_unless_told_otherwise(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5: recorded as allowed; a third party's tool claims that it is refused."""
    invoice = books.invoice(buyer, 100)
    payment = books.payment(buyer, 70, (invoice, 70))
    key = {"Id": invoice["Id"], "SyncToken": "1"}
    with books.switched(void_paid_invoice="refuse"):
        assert books.refused("Invoice", key, operation="void")["code"] == "6000"
    assert books.post("Invoice", key, operation="void")["TotalAmt"] == 0
    assert books.get("Payment", payment["Id"])["UnappliedAmt"] == 70


@pytest.mark.parametrize(
    ("way", "note"), [("dash", "Voided - mine"), ("blank", "Voided mine"), ("line", "Voided\nmine")]
)
@pytest.mark.parametrize("entity", ["Invoice", "Payment"])
def test_the_note_of_what_is_voided_stands_before_an_earlier_one(
    books: Books, buyer: dict[str, Any], entity: str, way: str, note: str
) -> None:
    """Facts E5: put in front of it, separator unknown."""
    if entity == "Invoice":
        made = books.invoice(buyer, 10, PrivateNote="mine")
    else:
        made = books.payment(buyer, 10, PrivateNote="mine")
    arguments = VOID if entity == "Payment" else {"operation": "void"}
    with books.switched(voided_note=way):
        after = books.post(entity, _sparse(made), **arguments)
    assert (after["PrivateNote"], after["TotalAmt"]) == (note, 0)
    assert books.post(entity, _sparse(after), **arguments) == after


def test_a_number_used_before_is_refused_unless_the_company_does_not_mind(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E5: 6140 is a company's warning setting."""
    books.invoice(buyer, 1, DocNumber="N-1")
    with books.switched(duplicate_numbers="allow"):
        assert books.invoice(buyer, 2, DocNumber="N-1")["DocNumber"] == "N-1"
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [taxed(1)], "DocNumber": "N-1"}
    assert books.refused("Invoice", body)["code"] == "6140"
