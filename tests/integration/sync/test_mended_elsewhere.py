"""For every reason: its cause is mended where it lies, nobody presses anything, and the next Sync is enough.

What the page itself offers is pressed in the browser tests, reason by reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.models import Connection, Issue
from quickbooks_sync.planner.actions import Reason
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice, TaxRate
from service_genius.payments.models import Payment
from service_genius.work_codes import operations as work_codes
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA
from tests.integration.sync.test_causes import changed_there, refuse
from tests.integration.sync.test_choices_gone import account, put_away
from tests.world import World

Hand = Callable[[World], None]


@dataclass(frozen=True, kw_only=True)
class Story:
    """How a reason is brought about, and every way in which somebody mends it elsewhere."""

    begin: Hand
    mends: Mapping[str, Hand]
    #: How many objects of an entity stand there at the end.
    there: Mapping[str, int] = field(default_factory=dict)


def id_there(world: World, name: str, entity: str = "Customer") -> str:
    [row] = [row for row in world.there(entity) if name in {row.get("DisplayName"), row.get("Name")}]
    return str(row["Id"])


def one(world: World, entity: str) -> dict[str, Any]:
    return world.there(entity)[-1]


def settings(world: World, **wanted: object) -> None:
    world.emulator.preferences(world.realm, **wanted)


def edit_invoice(world: World, **values: object) -> None:
    invoices.update(
        company=world.company, id=Invoice.objects.latest("pk").pk, expected_revision=None, values=values
    )


def sent_invoice(world: World) -> Invoice:
    made = sales.invoice(world, AMELIA)
    world.sync()
    return made


def void_there(world: World, entity: str) -> None:
    row = one(world, entity)
    head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    operation = "operation=update&include=void" if entity == "Payment" else "operation=void"
    world.post(f"{entity.lower()}?{operation}", head)


def delete_there(world: World, entity: str) -> None:
    row = one(world, entity)
    world.post(f"{entity.lower()}?operation=delete", {"Id": row["Id"], "SyncToken": row["SyncToken"]})


# --- How each is brought about ------------------------------------------------------------------


def name_taken(world: World) -> None:
    world.post("vendor", {"DisplayName": "Northside"})
    customers.create(company=world.company, values={"display_name": "Northside"})


def changed_name_here(world: World) -> None:
    row = Customer.objects.get(display_name="Northside")
    customers.update(company=world.company, id=row.pk, values={"display_name": "Northside (customer)"})


def renamed_vendor(world: World) -> None:
    changed_there(world, "Vendor", "Northside", DisplayName="Northside Inc.")


def refused_there(world: World) -> None:
    refuse(world, "Payment")
    sales.paid(world, sent_invoice(world))


def changed_there_only(world: World) -> None:
    sent_invoice(world)
    changed_there(world, "Invoice", DocNumber="A-1")


def on_both(world: World) -> None:
    sent_invoice(world)
    changed_there(world, "Invoice", DocNumber="A-1")
    edit_invoice(world, number="B-1")


def deactivated_there(world: World) -> None:
    changed_there(world, "Customer", AMELIA, Active=False)


def activated_there(world: World) -> None:
    [row] = [row for row in world.there("Customer") if row["DisplayName"].startswith(AMELIA)]
    changed_there(world, "Customer", row["DisplayName"], Active=True, DisplayName=AMELIA)


def deactivated_here(world: World) -> None:
    customers.deactivate(company=world.company, id=sales.customer(AMELIA).pk)


def owes_there(world: World) -> None:
    line = {
        "Amount": 10,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": id_there(world, sales.SERVICE, "Item")}},
    }
    world.post("invoice", {"CustomerRef": {"value": id_there(world, AMELIA)}, "Line": [line]})
    deactivated_here(world)


def tax_rate(world: World) -> None:
    rate = TaxRate.objects.create(company=world.company, name="Phoenix", percent=Decimal("8.6"))
    made = sales.invoice(world, AMELIA)
    line = {"work_code": made.lines.get().work_code_id, "quantity": 1, "unit_price": 100, "taxable": True}
    edit_invoice(world, tax_rate=rate.pk, lines=[line])


def no_tax_here(world: World) -> None:
    edit_invoice(world, tax_rate=None)


def tax_off(world: World) -> None:
    settings(world, TaxPrefs={"UsingSalesTax": False})
    tax_rate(world)


def discounted(world: World) -> None:
    settings(world, SalesFormsPrefs={"AllowDiscount": False})
    sales.invoice(world, AMELIA)
    edit_invoice(world, discount_percent=Decimal(10))


def closed(world: World) -> None:
    settings(world, AccountingInfoPrefs={"BookCloseDate": "2026-03-31"})
    sales.invoice(world, AMELIA)


def no_account(world: World) -> None:
    put_away(world, "income_account")
    work_codes.create(company=world.company, values={"name": "Drain", "price": Decimal(80)})


def account_active(world: World) -> None:
    changed_there(world, "Account", account(world, "income_account"), Active=True)


def another_account(world: World) -> None:
    listed = world.connection.facts["accounts"]
    income = [row["id"] for row in listed if row["type"] == "Income"]
    Connection.objects.update(
        income_account=next(each for each in income if each != world.connection.income_account)
    )


def inactive_on_both(world: World) -> None:
    deactivated_here(world)
    world.sync()
    Customer.objects.filter(display_name=AMELIA).update(active=True)
    sales.invoice(world, AMELIA)
    Customer.objects.filter(display_name=AMELIA).update(active=False)


def activated_here(world: World) -> None:
    customers.reactivate(company=world.company, id=sales.customer(AMELIA).pk)


def never_sent(world: World) -> None:
    customers.create(company=world.company, values={"display_name": "Ben Adams"})
    sales.invoice(world, "Ben Adams")
    customers.deactivate(company=world.company, id=sales.customer("Ben Adams").pk)


def ben_active(world: World) -> None:
    customers.reactivate(company=world.company, id=sales.customer("Ben Adams").pk)


def number_taken(world: World) -> None:
    made = sent_invoice(world)
    line = {
        "Amount": 10,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": id_there(world, sales.SERVICE, "Item")}},
    }
    number = str(int(made.number) + 1)
    customer = {"value": id_there(world, AMELIA)}
    world.post("invoice", {"CustomerRef": customer, "DocNumber": number, "Line": [line]})
    sales.invoice(world, AMELIA)


def renumbered_there(world: World) -> None:
    row = one(world, "Invoice")
    head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    world.post("invoice", head | {"DocNumber": "A-1"})


def paid_there(world: World) -> None:
    made = sent_invoice(world)
    row = one(world, "Invoice")
    line = {"Amount": 100, "LinkedTxn": [{"TxnId": row["Id"], "TxnType": "Invoice"}]}
    paying = {"CustomerRef": row["CustomerRef"], "TotalAmt": 100, "TxnDate": "2026-01-02", "Line": [line]}
    world.post("payment", paying)
    sales.paid(world, made)


def looks_alike(world: World) -> None:
    settings(world, SalesFormsPrefs={"AutoApplyCredit": False})
    customer = {"value": id_there(world, AMELIA)}
    world.post("payment", {"CustomerRef": customer, "TotalAmt": 100, "TxnDate": "2026-03-02"})
    sales.paid(world, sent_invoice(world))


STORIES: Mapping[Reason, Story] = {
    Reason.NAME_TAKEN: Story(
        begin=name_taken,
        mends={"the vendor there": renamed_vendor, "the name here": changed_name_here},
        there={"Customer": 2},
    ),
    Reason.REFUSED_THERE: Story(
        begin=refused_there,
        mends={
            "the customer there": lambda world: changed_there(world, "Customer", AMELIA, Title="Dr."),
            "the invoice there": lambda world: changed_there(world, "Invoice", ShipDate="2026-03-04"),
            "a preference": lambda world: settings(world, SalesFormsPrefs={"AllowDiscount": False}),
            "the period": lambda world: settings(world, AccountingInfoPrefs={"BookCloseDate": "2025-12-31"}),
        },
        there={"Payment": 1},
    ),
    Reason.CHANGED_THERE: Story(
        begin=changed_there_only,
        mends={
            "taken back there": lambda world: changed_there(world, "Invoice", DocNumber="1001"),
            "the same here": lambda world: edit_invoice(world, number="A-1"),
        },
        there={"Invoice": 1},
    ),
    Reason.EDITED_ON_BOTH: Story(
        begin=on_both,
        mends={
            "theirs here": lambda world: edit_invoice(world, number="A-1"),
            "ours there": lambda world: changed_there(world, "Invoice", DocNumber="B-1"),
        },
        there={"Invoice": 1},
    ),
    Reason.REMOVED_THERE: Story(
        begin=deactivated_there,
        mends={"active again there": activated_there, "inactive here, too": deactivated_here},
        there={"Customer": 1},
    ),
    Reason.CANNOT_REMOVE: Story(
        begin=owes_there,
        mends={
            "the invoice is voided there": lambda world: void_there(world, "Invoice"),
            "the invoice is deleted there": lambda world: delete_there(world, "Invoice"),
            "active again here": activated_here,
        },
        there={"Customer": 1},
    ),
    Reason.SALES_TAX_OFF: Story(begin=tax_off, mends={"no tax here": no_tax_here}, there={"Invoice": 1}),
    Reason.DISCOUNTS_OFF: Story(
        begin=discounted,
        mends={
            "the preference": lambda world: settings(world, SalesFormsPrefs={"AllowDiscount": True}),
            "no discount here": lambda world: edit_invoice(world, discount_percent=None),
        },
        there={"Invoice": 1},
    ),
    Reason.BOOKS_CLOSED: Story(
        begin=closed,
        mends={
            "the period": lambda world: settings(world, AccountingInfoPrefs={"BookCloseDate": None}),
        },
        there={"Invoice": 1},
    ),
    Reason.NO_ACCOUNT: Story(
        begin=no_account,
        mends={"active again there": account_active, "another choice": another_account},
    ),
    Reason.INACTIVE_THERE: Story(
        begin=inactive_on_both,
        mends={"active again here": activated_here},
        there={"Invoice": 1},
    ),
    Reason.INACTIVE_HERE: Story(
        begin=never_sent, mends={"active again here": ben_active}, there={"Invoice": 1, "Customer": 2}
    ),
    Reason.NUMBER_TAKEN: Story(
        begin=number_taken,
        mends={
            "renumbered there": renumbered_there,
            "another here": lambda world: edit_invoice(world, number="C-1"),
        },
        there={"Invoice": 3},
    ),
    Reason.ALREADY_PAID: Story(
        begin=paid_there,
        mends={
            "the other is voided there": lambda world: void_there(world, "Payment"),
            "the other is deleted there": lambda world: delete_there(world, "Payment"),
        },
    ),
    Reason.LOOK_ALIKE: Story(
        begin=looks_alike,
        mends={
            "the other is voided there": lambda world: void_there(world, "Payment"),
            "the other is deleted there": lambda world: delete_there(world, "Payment"),
        },
    ),
}
#: Mended by a person's word alone; or, where it says so, brought about and mended in a test of its own.
ELSEWHERE = {
    Reason.LIKELY_PAIR: "test_namesakes",
    Reason.CANNOT_HOLD: "test_foreign_currency",
    Reason.REFUSED_HERE: "test_kept_on_one_side",
    Reason.MERGED_THERE: "test_merged_customers",
    Reason.MERGED_HERE: "test_merged_customers",
    Reason.EDITED_AFTER_PAYMENT: "test_answers",
    Reason.OLDER_INVOICE: "test_answers",
    Reason.TAX_NOT_MAPPED: "test_sales_tax",
    Reason.TAX_RECKONED: "test_sales_tax",
    Reason.AUTOMATED_TAX: "test_automated_tax",
    Reason.STORED_DIFFERENTLY: "test_answers",
    Reason.IN_DOUBT: "test_recovery",
    Reason.ONLY_THERE: "test_restored_backup",
    Reason.CREDIT_APPLIED: "test_credit_of_others",
    Reason.PAY_LINK: "test_online_payment",
}
WAYS = [(reason, how) for reason, story in STORIES.items() for how in story.mends]


def test_every_reason_is_mended_elsewhere_or_said_to_be_a_persons_word() -> None:
    assert STORIES.keys() | ELSEWHERE.keys() == set(Reason)
    assert not STORIES.keys() & ELSEWHERE.keys()


@pytest.mark.parametrize(("reason", "how"), WAYS, ids=[f"{reason}: {how}" for reason, how in WAYS])
def test_what_is_mended_elsewhere_is_gone_with_the_next_sync(
    selling: World, reason: Reason, how: str
) -> None:
    story = STORIES[reason]
    story.begin(selling)
    selling.sync()
    assert list(selling.issues().values()) == [reason]

    story.mends[how](selling)
    selling.sync()

    assert selling.issues() == {}
    for entity, number in story.there.items():
        assert len(selling.there(entity)) == number
    assert selling.sync().calls["write_batches"] == 0, "and it stays so"
    assert not Issue.objects.exists()
    assert Payment.objects.count() <= 1
