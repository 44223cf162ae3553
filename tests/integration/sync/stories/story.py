"""What a story is made of, and what people do in all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from quickbooks_sync.models import Issue
from quickbooks_sync.pages.issues import issue_views
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.resolving.offers import TRIED_AGAIN, Answer, offered
from service_genius.customers import operations as customers
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA
from tests.world import World

Hand = Callable[[World], Any]
TRY_AGAIN = "try_again"


@dataclass(frozen=True, kw_only=True)
class Story:
    """How a reason is brought about, how the page ends it, and every way in which it is mended elsewhere."""

    reason: Reason
    begin: Hand
    about: str = ""
    """What sets it apart from another story of this reason."""
    mends: Mapping[str, Hand] = field(default_factory=dict)
    there: Mapping[str, int] = field(default_factory=dict)
    """How many objects of an entity stand there once it is mended elsewhere."""
    beside: frozenset[str] = frozenset()
    """What else is asked meanwhile."""
    without: frozenset[str] = frozenset()
    """What the product offers for other Issues of this reason, and not for this one."""
    ends: Mapping[str, str] = field(default_factory=dict)
    """How an answer ends here, where it ends otherwise than such an answer does."""
    then: Mapping[str, set[str]] = field(default_factory=dict)
    """The reasons that stand after an answer or a mend, if it raises another question."""

    @property
    def name(self) -> str:
        return f"{self.reason} {self.about}".strip()

    @property
    def answers(self) -> list[str]:
        """What its page offers, by the product's own list."""
        again = {TRY_AGAIN} if self.reason in TRIED_AGAIN else set()
        return sorted((offered(self.reason) | again) - self.without)


def shown(world: World, reason: Reason) -> tuple[Issue, dict[str, Answer]]:
    """The Issue of this reason, and the buttons of its page."""
    issue = Issue.objects.select_related("link__remote", "connection").get(reason=reason)
    [view] = issue_views(world.company, [issue])
    buttons = [*view.answers, *(each.answer for each in view.candidates)]
    found = {button.what: button for button in reversed(buttons)}
    if view.can_try_again:
        found[TRY_AGAIN] = Answer(what=TRY_AGAIN, label="Try again")
    return issue, found


# --- There --------------------------------------------------------------------------------------


def row_there(world: World, entity: str, name: str = "") -> dict[str, Any]:
    """The one of that name, or the latest."""
    rows = world.there(entity)
    named = [row for row in rows if name in {row.get("DisplayName"), row.get("Name"), row.get("DocNumber")}]
    return named[0] if name else rows[-1]


def id_there(world: World, name: str, entity: str = "Customer") -> str:
    return str(row_there(world, entity, name)["Id"])


def settings(world: World, **wanted: object) -> None:
    world.emulator.preferences(world.realm, **wanted)


def edit_there(world: World, entity: str, name: str = "", **values: object) -> None:
    row = row_there(world, entity, name)
    head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    named = {"Name": row["Name"]} if entity == "Item" else {}
    world.post(entity.lower(), head | named | values)


def void_there(world: World, entity: str) -> None:
    row = row_there(world, entity)
    head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    operation = "operation=update&include=void" if entity == "Payment" else "operation=void"
    world.post(f"{entity.lower()}?{operation}", head)


def delete_there(world: World, entity: str) -> None:
    row = row_there(world, entity)
    world.post(f"{entity.lower()}?operation=delete", {"Id": row["Id"], "SyncToken": row["SyncToken"]})


def invoice_there(world: World, amount: int = 10, **members: object) -> None:
    """An invoice of Amelia's that was entered there by hand."""
    line = {
        "Amount": amount,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": id_there(world, sales.SERVICE, "Item")}},
    }
    world.post("invoice", {"CustomerRef": {"value": id_there(world, AMELIA)}, "Line": [line], **members})


def payment_there(world: World, amount: int, **members: object) -> None:
    """A payment entered there, of the latest invoice there."""
    row = row_there(world, "Invoice")
    line = {"Amount": amount, "LinkedTxn": [{"TxnId": row["Id"], "TxnType": "Invoice"}]}
    paying = {"CustomerRef": row["CustomerRef"], "TotalAmt": amount, "Line": [line]}
    world.post("payment", paying | members)


def merge_there(world: World, loser: str, survivor: str) -> None:
    keys = {"loser": id_there(world, loser), "survivor": id_there(world, survivor)}
    world.emulator.control("POST", f"realms/{world.realm}/merge", keys)


def close_books(world: World, until: str | None = "2026-03-31") -> None:
    settings(world, AccountingInfoPrefs={"BookCloseDate": until})


# --- Here ---------------------------------------------------------------------------------------


def new_customer(world: World, name: str, **values: object) -> None:
    customers.create(company=world.company, values={"display_name": name, **values})


def edit_customer(world: World, name: str = AMELIA, **values: object) -> None:
    customers.update(company=world.company, id=sales.customer(name).pk, values=values)


def put_away_here(world: World, name: str = AMELIA) -> None:
    customers.deactivate(company=world.company, id=sales.customer(name).pk)


def use_again_here(world: World, name: str = AMELIA) -> None:
    customers.reactivate(company=world.company, id=sales.customer(name).pk)


def merge_here(world: World, loser: str, survivor: str) -> None:
    pair = {"loser": sales.customer(loser).pk, "survivor": sales.customer(survivor).pk}
    customers.merge_customers(company=world.company, **pair)


def edit_invoice(world: World, **values: object) -> None:
    latest = Invoice.objects.latest("pk").pk
    invoices.update(company=world.company, id=latest, expected_revision=None, values=values)


def void_invoice(world: World) -> None:
    invoices.void(company=world.company, id=Invoice.objects.latest("pk").pk)


def edit_payment(world: World, **values: object) -> None:
    latest = Payment.objects.latest("pk").pk
    payments.update(company=world.company, id=latest, expected_revision=None, values=values)


def void_payment(world: World) -> None:
    payments.void(company=world.company, id=Payment.objects.latest("pk").pk)


def pays(world: World, amount: int, part: int | None = None) -> Payment:
    """A payment of Amelia's, of the latest invoice."""
    made = Invoice.objects.latest("pk")
    values = {
        "customer": made.customer_id,
        "date": sales.DAY,
        "amount": Decimal(amount),
        "allocations": [{"invoice": made.pk, "amount": Decimal(amount if part is None else part)}],
    }
    return payments.create(company=world.company, values=values)


def sent_invoice(world: World, name: str = AMELIA) -> Invoice:
    made = sales.invoice(world, name)
    world.sync()
    return made


def now() -> datetime:
    return datetime.now(UTC)
