"""The office at work: what it does here by the pages, what others do in QuickBooks, and how both stand."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.reasons import TITLES
from tests.browser.site import Site

SYNC = "settings/quickbooks/"
TODAY = dt.datetime.now(dt.UTC).date()
#: Who is invoiced where it does not matter.
CUSTOMER = "Beacon Street Bakery"
SERVICE = "Service call"


def day(later: int) -> str:
    """So many days from today on, as forms and QuickBooks write it."""
    return (TODAY + dt.timedelta(days=later)).isoformat()


@dataclass(frozen=True, kw_only=True)
class Office:
    """One window, logged in, of a company that is connected and synced."""

    page: Page
    site: Site

    # --- Here, by the pages -----------------------------------------------------------------------

    def go(self, address: str) -> None:
        self.page.goto(f"{self.site.web}/{address}")

    def sync(self) -> None:
        self.go(SYNC)
        steps.press_sync(self.page)

    def needing(self, name: str, *, reason: str, show: str = "") -> Locator:
        """The one card of a record, in the list; it says why in the words for this reason."""
        self.go(f"{SYNC}attention/?show={show}")
        card = self.cards(name)
        expect(card).to_have_count(1)
        expect(card.get_by_role("heading", level=2)).to_contain_text(TITLES[reason])
        return card

    def cards(self, name: str) -> Locator:
        heading = self.page.get_by_role("heading", level=2, name=name)
        return self.page.get_by_role("article").filter(has=heading)

    def gone(self, name: str) -> None:
        """Nothing is asked about it any more, and what became of it is told."""
        for show in ("", "changed"):
            self.go(f"{SYNC}attention/?show={show}")
            expect(self.page.get_by_role("heading", level=1)).to_be_visible()
            expect(self.cards(name)).to_have_count(0)
        self.go(f"{SYNC}attention/?show=settled")
        expect(self.page.get_by_role("row").filter(has_text=name).first).to_be_visible()

    def asked_first(self, card: Locator, answer: str, confirm: str) -> None:
        """Press an answer that removes something: it is done only by the button of its question."""
        sure = card.get_by_role("button", name=confirm)
        expect(sure).to_be_hidden()
        card.locator("summary", has_text=answer).click()
        sure.click()

    def told(self, words: str | re.Pattern[str]) -> None:
        """What was just done is said."""
        expect(self.page.get_by_role("status").get_by_text(words)).to_be_visible()

    def open(self, kind: str, name: str, *, show: str = "all") -> Locator:
        """The page of a record; its QuickBooks panel."""
        steps.open_record(self.page, self.site, kind=kind, name=name, show=show)
        return self.page.get_by_role("region", name="QuickBooks")

    def edit(self, kind: str, name: str, save: str = "Save", **values: str) -> None:
        """Fill the named fields of a record's form; `memo="..."` is said as the form's own label."""
        self.open(kind, name)
        self.page.get_by_role("link", name="Edit", exact=True).click()
        self._fill(values)
        self.page.get_by_role("button", name=save, exact=True).click()
        expect(self.page.get_by_role("link", name="Edit", exact=True)).to_be_visible()

    def new_customer(self, name: str, **values: str) -> None:
        self.go("customers/new/")
        self._fill({"Name": name, **values})
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.get_by_role("heading", level=1, name=name)).to_be_visible()

    def new_work_code(self, name: str) -> None:
        self.go("work-codes/new/")
        self._fill({"Name": name, "Price": "10"})
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.get_by_role("heading", level=1, name=name)).to_be_visible()

    def new_invoice(self, number: str, *, customer: str = CUSTOMER, tax: str = "", **values: str) -> None:
        self.new_sales_form("invoice", number, customer=customer, tax=tax, **values)

    def new_sales_form(
        self, noun: str, number: str, *, customer: str = CUSTOMER, tax: str = "", **values: str
    ) -> None:
        """One line of 100; with the sales tax of that name, if any."""
        page = self.page
        self.go(f"{noun}s/new/")
        page.get_by_label("Customer").fill(customer)
        page.get_by_label("Number").fill(number)
        page.get_by_label("Work code of line 1").fill(SERVICE)
        page.get_by_label("Work code of line 1").press("Tab")
        expect(page.get_by_label("Price of line 1")).not_to_have_value("")
        page.get_by_label("Price of line 1").fill("100")
        if tax:
            page.get_by_label("Taxed of line 1").check()
            page.get_by_label("Sales tax").select_option(label=tax)
        self._fill(values)
        page.get_by_role("button", name=f"Save {noun}").click()
        expect(page.get_by_role("heading", level=1, name=number)).to_be_visible()

    def pay(self, number: str, amount: str) -> None:
        """Enter a payment of an invoice, on its page."""
        page = self.page
        self.open("invoices", number)
        page.get_by_role("link", name="New payment").click()
        page.get_by_label("Amount").fill(amount)
        page.get_by_label("Amount").press("Tab")
        expect(page.get_by_label(f"Pay on invoice {number}")).to_have_value(amount)
        page.get_by_role("button", name="Save payment").click()
        expect(page.get_by_role("heading", level=1, name=f"${amount}")).to_be_visible()

    def _fill(self, values: dict[str, str]) -> None:
        for label, text in values.items():
            field = self.page.get_by_label(label.replace("_", " "), exact=True)
            field.fill(text)

    # --- There, by others -------------------------------------------------------------------------

    def there(self, entity: str, **wanted: object) -> list[dict[str, Any]]:
        """What QuickBooks holds of a sort, with these values."""
        rows = self.site.dump().get(entity, [])
        return [row for row in rows if wanted.items() <= row.items()]

    def one_there(self, entity: str, **wanted: object) -> dict[str, Any]:
        found = self.there(entity, **wanted)
        assert len(found) == 1, f"{len(found)} of {entity} {wanted}"
        return found[0]

    def customer_there(self, name: str) -> dict[str, Any]:
        return self.one_there("Customer", DisplayName=name)

    def change_there(self, entity: str, row: dict[str, Any], **values: object) -> None:
        key = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
        self.site.post(entity.lower(), {**key, **values})

    def remove_there(self, entity: str, row: dict[str, Any], operation: str) -> None:
        """Void or delete it."""
        key = {"Id": row["Id"], "SyncToken": row["SyncToken"]}
        self.site.post(f"{entity.lower()}?operation={operation}", key)

    def invoice_there(self, number: str, amount: int, *, customer: str = CUSTOMER) -> dict[str, Any]:
        """Somebody enters an invoice in QuickBooks by hand."""
        item = self.there("Item", Type="Service")[0]
        line = {
            "Amount": amount,
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {"ItemRef": {"value": item["Id"]}},
        }
        holder = {"value": self.customer_there(customer)["Id"]}
        return self.site.post("invoice", {"DocNumber": number, "CustomerRef": holder, "Line": [line]})

    def credit_there(self, amount: int, *, customer: str) -> None:
        """Somebody enters a credit memo in QuickBooks by hand."""
        item = self.there("Item", Type="Service")[0]
        line = {
            "Amount": amount,
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {"ItemRef": {"value": item["Id"]}},
        }
        holder = {"value": self.customer_there(customer)["Id"]}
        self.site.post("creditmemo", {"CustomerRef": holder, "Line": [line]})

    def payment_there(self, invoice: dict[str, Any], amount: int) -> dict[str, Any]:
        """Somebody enters a payment of an invoice in QuickBooks by hand."""
        linked = [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]
        body = {"CustomerRef": invoice["CustomerRef"], "TotalAmt": amount}
        return self.site.post("payment", {**body, "Line": [{"Amount": amount, "LinkedTxn": linked}]})
