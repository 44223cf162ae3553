"""The pages of the QuickBooks on this machine: without script, by keyboard, on a phone, in the dark."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from qbo_emulator.application import create_app
from tests.browser.conftest import quiet_context
from tests.browser.looks import complaints
from tests.contract.books import Books
from tests.emulator import Emulator, running_emulator

Picture = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running_emulator(tmp_path_factory.mktemp("pages") / "books.sqlite3") as running:
        yield running


@pytest.fixture(scope="module")
def realm(emulator: Emulator) -> str:
    return emulator.realms()[0]["realm_id"]


def addresses(folder: Path, realm: str) -> list[str]:
    """Every address of a page that names nothing but a company: taken from the application itself."""
    app = create_app(data=folder / "rules.sqlite3")
    pages = {"pages", "page_actions", "page_sales", "page_tools"}
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in pages]
    app.extensions["gateway"].store.close()
    plain = {rule.rule.replace("<realm>", realm) for rule in rules if "GET" in (rule.methods or ())}
    return sorted(address for address in plain if "<" not in address)


def test_an_invoice_and_its_payment_are_entered_by_keyboard_without_script(
    chromium: Browser, emulator: Emulator, realm: str
) -> None:
    with quiet_context(chromium, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{emulator.url}/app/{realm}/invoices")
        expect(page.get_by_text("There are no invoices yet.")).to_be_visible()
        page.get_by_role("link", name="New invoice").click()
        page.get_by_role("combobox", name="Customer").fill("Bluebird Cafe")
        page.get_by_label("Number").fill("9001")
        page.get_by_label("Item of line 1", exact=True).fill("Hours")
        page.get_by_label("Price of line 1", exact=True).fill("1,149.50")
        page.get_by_label("Price of line 1", exact=True).press("Enter")
        expect(page.get_by_role("heading", level=1, name="Invoice 9001")).to_be_visible()
        expect(page.get_by_text("$1,149.50").first).to_be_visible()
        page.get_by_role("link", name="Receive payment").click()
        page.get_by_label("Reference").fill("CHK 7")
        page.get_by_label("Reference").press("Enter")
        expect(page.get_by_role("heading", level=1, name="Payment CHK 7")).to_be_visible()
    (invoice,) = emulator.dump(realm)["Invoice"]
    assert (invoice["TotalAmt"], invoice["Balance"]) == (1149.5, 0)


def test_a_company_is_made_and_removed_by_a_person(chromium: Browser, emulator: Emulator) -> None:
    with quiet_context(chromium, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(emulator.url)
        page.get_by_label("Name").fill("Second Company")
        page.get_by_role("button", name="Make the company").click()
        expect(page.get_by_role("heading", level=1, name="Customers")).to_be_visible()
        page.goto(emulator.url)
        page.get_by_role("link", name="Remove Second Company").click()
        page.get_by_role("button", name="Remove the company").click()
        expect(page.get_by_role("heading", level=1, name="Companies")).to_be_visible()
        expect(page.get_by_text("Second Company")).to_have_count(0)


def test_axe_finds_nothing_on_any_page_of_the_emulator(
    chromium: Browser, emulator: Emulator, realm: str, tmp_path: Path, picture: Picture
) -> None:
    emulator.fault("delay", {"path": "nowhere"})
    books = Books(emulator, realm, emulator.grant(realm)["access_token"])
    books.batch({"bId": "1", "Query": "select * from Customer"})
    books.refused("Customer", {"DisplayName": "a:b"})
    found: list[str] = []
    walked = [*addresses(tmp_path, realm), f"/app/{realm}/payment/new?customer=Bluebird+Cafe"]
    walked += [f"/app/{realm}/{many}" for many in ("customers", "items", "invoices", "payments", "estimates")]
    walked += [f"/app/{realm}/customer/1", f"/app/{realm}/customer/1/edit", f"/app/{realm}/item/1"]
    assert {"/", "/settings", "/faults", "/requests", f"/app/{realm}/invoice/new"} <= set(walked)
    with quiet_context(chromium, reduced_motion="reduce") as context:
        page = context.new_page()
        for address in walked:
            page.goto(emulator.url + address)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            found += complaints(page, re.sub(r"\d{9,}", "company", address), picture, scrolling=".table")
    assert not found, "\n".join(found)
