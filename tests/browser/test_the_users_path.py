"""The main job from the first log-in to the second Sync, as the user walks it; both systems are looked at."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.site import Site

Picture = Callable[[Page, str], None]


def test_connect_full_sync_then_sync_brings_every_kind_to_the_other_side(
    page: Page, site: Site, picture: Picture
) -> None:
    page.goto(site.web)
    picture(page, "log in")
    steps.log_in(page, site)
    picture(page, "customers")
    steps.go_to(page, "Settings")
    picture(page, "settings")
    steps.go_to_sync(page)
    picture(page, "connect to quickbooks")
    _connect(page, picture)
    before = site.dump()
    _full_sync(page, picture)
    _both_sides_have_the_lists(page, site, before, picture)
    _enter_new_records_here(page, site, picture)
    _enter_new_records_in_quickbooks(page, site, picture)
    _edit_here(page, site)
    steps.go_to_sync(page)
    steps.press_sync(page)
    picture(page, "sync finished")
    _everything_arrived_there(page, site, picture)
    _everything_arrived_here(page, site, picture)


def _connect(page: Page, picture: Picture) -> None:
    page.get_by_role("button", name="Connect to QuickBooks").click()
    expect(page.get_by_role("heading", name="Sign in to QuickBooks")).to_be_visible()
    picture(page, "quickbooks sign-in")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Green Valley Landscaping").check()
    picture(page, "quickbooks choice of company")
    page.get_by_role("button", name="Next").click()
    picture(page, "quickbooks consent")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("Connected to QuickBooks.")).to_be_visible()
    found = page.get_by_role("region", name="What was found")
    expect(found).to_contain_text("customers here")
    expect(found).to_contain_text("work codes here")
    expect(found).to_contain_text("values in 10 records of QuickBooks would be replaced")
    picture(page, "what was found")


def _full_sync(page: Page, picture: Picture) -> None:
    box = page.get_by_role("checkbox", name="Full Sync")
    expect(box).not_to_be_checked()
    expect(page.get_by_text("First time? Tick this")).to_be_visible()
    box.check()
    page.get_by_role("button", name="Sync", exact=True).click()
    steps.see_result(page, "Full Sync")
    expect(page.get_by_text("First time? Tick this")).to_be_hidden()
    picture(page, "full sync finished")


def _both_sides_have_the_lists(
    page: Page, site: Site, before: dict[str, list[dict[str, Any]]], picture: Picture
) -> None:
    after: dict[str, list[dict[str, Any]]] = site.dump()
    names = {row["DisplayName"] for row in after["Customer"]}
    assert len(names) > len(before["Customer"])
    assert "Beacon Street Bakery" in names  # only here before
    assert _count(after, "Invoice") == _count(before, "Invoice")
    assert _count(after, "Payment") == _count(before, "Payment")
    page.goto(f"{site.web}/customers/?q=Fairview Public Library")  # only there before
    expect(page.get_by_role("main")).to_contain_text("Fairview Public Library")
    steps.open_record(page, site, kind="customers", name="Beacon Street Bakery")
    picture(page, "a customer with its panel")
    with page.expect_popup() as opened:
        page.get_by_role("region", name="QuickBooks").get_by_role("link", name="Open in QuickBooks").click()
    expect(opened.value.get_by_role("heading", name="Beacon Street Bakery")).to_be_visible()
    picture(opened.value, "the same customer in quickbooks")
    opened.value.close()


def _enter_new_records_here(page: Page, site: Site, picture: Picture) -> None:
    page.goto(f"{site.web}/customers/new/")
    page.get_by_label("Name", exact=True).fill("Zephyr Yoga & Co")
    page.get_by_label("E-mail").fill("zephyr@example.com")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1, name="Zephyr Yoga & Co")).to_be_visible()

    page.goto(f"{site.web}/work-codes/new/")
    page.get_by_label("Name", exact=True).fill("Duct cleaning, whole house")
    page.get_by_label("Price").fill("349.50")
    page.get_by_label("Sales tax is charged on it").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1, name="Duct cleaning, whole house")).to_be_visible()

    page.goto(f"{site.web}/invoices/new/")
    page.get_by_label("Customer").fill("Zephyr Yoga & Co")
    page.get_by_label("Number").fill("7001")
    page.get_by_label("Work code of line 1").fill("Duct cleaning, whole house")
    page.get_by_label("Work code of line 1").press("Tab")
    expect(page.get_by_label("Price of line 1")).to_have_value(re.compile(r"^349\.50?$"))
    page.get_by_label("Quantity of line 1").fill("2.5")
    page.get_by_label("Quantity of line 1").press("Tab")
    expect(page.locator("#sums")).to_contain_text("873.75")
    page.get_by_label("Sales tax").select_option(label="California (8 %)")
    expect(page.locator("#sums")).to_contain_text("$943.65")
    page.get_by_role("button", name="Save invoice").click()
    expect(page.get_by_role("heading", level=1, name="7001")).to_be_visible()
    picture(page, "a new invoice")

    page.get_by_role("link", name="New payment").click()
    page.get_by_label("Amount").fill("200.00")
    page.get_by_label("Amount").press("Tab")
    expect(page.get_by_label("Pay on invoice 7001")).to_have_value(re.compile(r"^200(\.00)?$"))
    page.get_by_label("Method").fill("Check")
    page.get_by_label("Reference").fill("5541")
    page.get_by_role("button", name="Save payment").click()
    expect(page.get_by_role("main")).to_contain_text("$200.00")


def _enter_new_records_in_quickbooks(page: Page, site: Site, picture: Picture) -> None:
    page.goto(f"{site.emulator.url}/app/{site.realm}/customers")
    page.get_by_role("link", name="New customer").click()
    page.get_by_label("Display name").fill("Quarry Lane Nursery")
    page.get_by_label("Phone").fill("(555) 301-0999")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Quarry Lane Nursery")).to_be_visible()
    page.get_by_role("link", name="Items", exact=True).click()
    page.get_by_role("link", name="New item").click()
    page.get_by_label("Name").fill("Gutter cleaning")
    page.get_by_label("Sales price").fill("95.25")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Gutter cleaning")).to_be_visible()
    picture(page, "a new item in quickbooks")


def _edit_here(page: Page, site: Site) -> None:
    steps.open_record(page, site, kind="customers", name="Beacon Street Bakery")
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Phone").fill("(555) 777-0123")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("(555) 777-0123")
    page.goto(f"{site.web}/work-codes/?sort=name")
    page.locator("#list a.row").first.click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Price").fill("187.65")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("$187.65")


def _everything_arrived_there(page: Page, site: Site, picture: Picture) -> None:
    books: dict[str, list[dict[str, Any]]] = site.dump()
    customer = _one(books, "Customer", DisplayName="Zephyr Yoga & Co")
    assert customer["PrimaryEmailAddr"] == {"Address": "zephyr@example.com"}
    item = _one(books, "Item", Name="Duct cleaning, whole house")
    assert (item["Type"], item["UnitPrice"]) == ("Service", 349.5)
    invoice = _one(books, "Invoice", DocNumber="7001")
    assert invoice["CustomerRef"]["value"] == customer["Id"]
    assert (invoice["TotalAmt"], invoice["TxnTaxDetail"]["TotalTax"], invoice["Balance"]) == (
        943.65,
        69.9,
        743.65,
    )
    payment = _one(books, "Payment", PaymentRefNum="5541")
    assert (payment["TotalAmt"], payment["UnappliedAmt"]) == (200, 0)
    assert payment["Line"][0]["LinkedTxn"] == [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]
    edited = _one(books, "Customer", DisplayName="Beacon Street Bakery")
    assert edited["PrimaryPhone"] == {"FreeFormNumber": "(555) 777-0123"}
    assert [row.get("UnitPrice") for row in books["Item"]].count(187.65) == 1

    page.goto(f"{site.emulator.url}/app/{site.realm}/invoices")
    page.get_by_role("link", name="7001").click()
    expect(page.get_by_role("main")).to_contain_text("$743.65")
    picture(page, "the invoice in quickbooks")


def _everything_arrived_here(page: Page, site: Site, picture: Picture) -> None:
    steps.open_record(page, site, kind="customers", name="Quarry Lane Nursery")
    expect(page.get_by_role("main")).to_contain_text("(555) 301-0999")
    steps.open_record(page, site, kind="work-codes", name="Gutter cleaning")
    expect(page.get_by_role("main")).to_contain_text("$95.25")
    steps.open_record(page, site, kind="invoices", name="7001")
    expect(page.get_by_role("main")).to_contain_text("$743.65")
    panel = page.get_by_role("region", name="QuickBooks")
    expect(panel).to_contain_text("The same on both sides")
    picture(page, "the invoice with its panel")
    page.goto(f"{site.web}/settings/quickbooks/history/")
    picture(page, "history")
    page.get_by_role("main").get_by_role("link", name="Sync", exact=True).first.click()
    expect(page.get_by_role("main")).to_contain_text("Zephyr Yoga & Co")
    picture(page, "every change of the sync")


def _one(books: dict[str, list[dict[str, Any]]], entity: str, **wanted: object) -> dict[str, Any]:
    found = [row for row in books[entity] if wanted.items() <= row.items()]
    assert len(found) == 1, f"{len(found)} of {entity} {wanted}"
    return found[0]


def _count(books: dict[str, list[dict[str, Any]]], entity: str) -> int:
    return len(books.get(entity, []))
