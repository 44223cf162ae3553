"""Reasons at invoices and payments, their tax apart."""

from datetime import date, timedelta
from decimal import Decimal

from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import Connection
from quickbooks_sync.planner.actions import Reason
from service_genius.customers.models import Customer
from service_genius.estimates import operations as estimates
from service_genius.estimates.models import Estimate
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA, memo
from tests.integration.sync.restoring import answered, forget
from tests.integration.sync.test_causes import refuse
from tests.integration.sync.test_online_payment import takes_payments_online
from tests.records_here import create
from tests.world import World

from .story import (
    Story,
    close_books,
    delete_there,
    edit_invoice,
    edit_payment,
    edit_there,
    id_there,
    invoice_there,
    new_customer,
    now,
    payment_there,
    pays,
    put_away_here,
    sent_invoice,
    settings,
    use_again_here,
    void_invoice,
    void_payment,
    void_there,
)

BEN = "Ben Adams"


def refused_there(world: World) -> None:
    refuse(world, "Payment")
    sales.paid(world, sent_invoice(world))


def too_large(world: World) -> None:
    customer = sales.customer(AMELIA).pk
    values = {"customer": customer, "date": sales.DAY, "amount": Decimal(10_000_000_000), "allocations": []}
    payments.create(company=world.company, values=values)


def changed_there(world: World) -> None:
    sent_invoice(world)
    edit_there(world, "Invoice", DocNumber="A-1")


def on_both(world: World) -> None:
    changed_there(world)
    edit_invoice(world, number="B-1")


def deleted_there(world: World) -> None:
    sent_invoice(world)
    delete_there(world, "Invoice")


def after_payment(world: World) -> None:
    sent_invoice(world)
    payment_there(world, 40)
    world.sync()
    edit_invoice(world, memo="Thank you")


def estimates_off(world: World) -> None:
    settings(world, SalesFormsPrefs={"AllowEstimates": False})
    Connection.objects.update(send_estimates=True)
    world.connection.refresh_from_db()
    create(
        KIND["estimate"], world.company, customer=sales.customer(AMELIA).pk, date=sales.DAY, expiry_date=None
    )


def void_estimate(world: World) -> None:
    estimates.void(company=world.company, id=Estimate.objects.get().pk)


def discounted(world: World) -> None:
    settings(world, SalesFormsPrefs={"AllowDiscount": False})
    sales.invoice(world, AMELIA)
    edit_invoice(world, discount_percent=Decimal(10))


def closed(world: World) -> None:
    close_books(world)
    sales.invoice(world, AMELIA)


def inactive_on_both(world: World) -> None:
    put_away_here(world)
    world.sync()
    Customer.objects.filter(display_name=AMELIA).update(active=True)
    sales.invoice(world, AMELIA)
    Customer.objects.filter(display_name=AMELIA).update(active=False)


def never_sent(world: World) -> None:
    new_customer(world, BEN)
    sales.invoice(world, BEN)
    put_away_here(world, BEN)


def number_taken(world: World) -> None:
    made = sent_invoice(world)
    invoice_there(world, DocNumber=str(int(made.number) + 1))
    sales.invoice(world, AMELIA)


def paid_there(world: World) -> None:
    sent_invoice(world)
    payment_there(world, 100, TxnDate="2026-01-02")
    pays(world, 100)


def looks_alike(world: World) -> None:
    settings(world, SalesFormsPrefs={"AutoApplyCredit": False})
    customer = {"value": id_there(world, AMELIA)}
    world.post("payment", {"CustomerRef": customer, "TotalAmt": 100, "TxnDate": "2026-03-02"})
    sales.paid(world, sent_invoice(world))


def older_invoice(world: World) -> None:
    """It was entered and is dated before the connection, and stays out; one there may be it."""
    invoice_there(world, 100, DocNumber="QB-77")
    made = sales.invoice(world, AMELIA)
    Connection.objects.update(connected_at=now(), start_date=date(2027, 1, 1))
    world.connection.refresh_from_db()
    Invoice.objects.filter(pk=made.pk).update(created_at=now() - timedelta(days=400))
    pays(world, 100)


def start_earlier(world: World) -> None:
    Connection.objects.update(start_date=date(2026, 1, 1), here_watermark=0)
    world.connection.refresh_from_db()


def entered_there(world: World) -> None:
    """Our number and total, on an invoice that is entered there."""
    invoice_there(world, 100, DocNumber=Invoice.objects.latest("pk").number)


def renumber(world: World, number: str) -> None:
    edit_invoice(world, number=number)


def credit_applied(world: World) -> None:
    memo(world, 30)
    sales.invoice(world, AMELIA)
    pays(world, 100)


def pay_link(world: World) -> None:
    takes_payments_online(world)
    sales.invoice(world, AMELIA)


def pays_less(world: World) -> None:
    edit_payment(world, allocations=[{"invoice": Invoice.objects.latest("pk").pk, "amount": Decimal(70)}])


def only_there(world: World) -> None:
    """Lost with a backup, and entered here again under another number."""
    forget(world, lambda: sent_invoice(world))
    Invoice.objects.all().delete()
    sales.invoice(world, AMELIA)
    edit_invoice(world, number="1001-A")
    answered(world)


OF_MONEY = (
    Story(
        reason=Reason.REFUSED_THERE,
        begin=refused_there,
        mends={
            "the customer there": lambda world: edit_there(world, "Customer", AMELIA, Title="Dr."),
            "the invoice there": lambda world: edit_there(world, "Invoice", ShipDate="2026-03-04"),
            "the payment here": lambda world: edit_payment(world, reference="1"),
            "a preference": lambda world: settings(world, SalesFormsPrefs={"AllowDiscount": False}),
            "the period": lambda world: close_books(world, "2025-12-31"),
            "void here": void_payment,
        },
        ends={"try_again": "settled"},
    ),
    Story(
        reason=Reason.CANNOT_HOLD,
        begin=too_large,
        mends={"another amount": lambda world: edit_payment(world, amount=Decimal(10)), "void": void_payment},
    ),
    Story(
        reason=Reason.CHANGED_THERE,
        begin=changed_there,
        mends={
            "taken back there": lambda world: edit_there(world, "Invoice", DocNumber="1001"),
            "the same here": lambda world: edit_invoice(world, number="A-1"),
        },
        there={"Invoice": 1},
    ),
    Story(
        reason=Reason.EDITED_ON_BOTH,
        begin=on_both,
        mends={
            "theirs here": lambda world: edit_invoice(world, number="A-1"),
            "ours there": lambda world: edit_there(world, "Invoice", DocNumber="B-1"),
        },
        there={"Invoice": 1},
    ),
    Story(
        reason=Reason.REMOVED_THERE,
        about="deleted",
        begin=deleted_there,
        without=frozenset({"reactivate", "relink"}),
        mends={"void here, too": void_invoice},
    ),
    Story(
        reason=Reason.EDITED_AFTER_PAYMENT,
        begin=after_payment,
        mends={
            "the payment is deleted there": lambda world: delete_there(world, "Payment"),
            "the payment is voided there": lambda world: void_there(world, "Payment"),
            "taken back here": lambda world: edit_invoice(world, memo=""),
            "the same there": lambda world: edit_there(world, "Invoice", CustomerMemo={"value": "Thank you"}),
        },
    ),
    Story(
        reason=Reason.DISCOUNTS_OFF,
        begin=discounted,
        mends={
            "the preference": lambda world: settings(world, SalesFormsPrefs={"AllowDiscount": True}),
            "no discount here": lambda world: edit_invoice(world, discount_percent=None),
            "void here": void_invoice,
        },
    ),
    Story(
        reason=Reason.ESTIMATES_OFF,
        begin=estimates_off,
        mends={
            "the preference": lambda world: settings(world, SalesFormsPrefs={"AllowEstimates": True}),
            "void here": void_estimate,
        },
    ),
    Story(
        reason=Reason.BOOKS_CLOSED,
        begin=closed,
        without=frozenset({"keep_there"}),
        mends={
            "the period": lambda world: close_books(world, None),
            "another date": lambda world: edit_invoice(
                world, date=date(2026, 4, 2), due_date=date(2026, 4, 2)
            ),
            "void here": void_invoice,
        },
    ),
    Story(
        reason=Reason.INACTIVE_THERE,
        begin=inactive_on_both,
        mends={"in use again here": use_again_here, "void here": void_invoice},
    ),
    Story(
        reason=Reason.INACTIVE_HERE,
        begin=never_sent,
        mends={"in use again here": lambda world: use_again_here(world, BEN), "void here": void_invoice},
    ),
    Story(
        reason=Reason.NUMBER_TAKEN,
        begin=number_taken,
        mends={
            "renumbered there": lambda world: edit_there(world, "Invoice", DocNumber="A-1"),
            "deleted there": lambda world: delete_there(world, "Invoice"),
            "another here": lambda world: edit_invoice(world, number="C-1"),
            "void here": void_invoice,
        },
    ),
    Story(
        reason=Reason.ALREADY_PAID,
        begin=paid_there,
        mends={
            "the other is voided there": lambda world: void_there(world, "Payment"),
            "the other is deleted there": lambda world: delete_there(world, "Payment"),
            "void here": void_payment,
            "pays nothing here": lambda world: edit_payment(world, allocations=[]),
        },
    ),
    Story(
        reason=Reason.LOOK_ALIKE,
        begin=looks_alike,
        mends={
            "the other is voided there": lambda world: void_there(world, "Payment"),
            "the other is deleted there": lambda world: delete_there(world, "Payment"),
            "void here": void_payment,
        },
    ),
    Story(
        reason=Reason.OLDER_INVOICE,
        begin=older_invoice,
        mends={
            "entered there": entered_there,
            "its number here": lambda world: renumber(world, "QB-77"),
            "an earlier start": start_earlier,
            "pays nothing here": lambda world: edit_payment(world, allocations=[]),
            "void here": void_payment,
        },
    ),
    Story(
        reason=Reason.CREDIT_APPLIED,
        begin=credit_applied,
        mends={
            "the credit is taken off there": lambda world: delete_there(world, "Payment"),
            "pays less here": pays_less,
            "void here": void_payment,
        },
    ),
    Story(
        reason=Reason.PAY_LINK,
        begin=pay_link,
        mends={
            "off there": lambda world: takes_payments_online(world, on=False),
            "void here": void_invoice,
        },
    ),
    Story(
        reason=Reason.ONLY_THERE,
        begin=only_there,
        mends={
            "void there": lambda world: void_there(world, "Invoice"),
            "deleted there": lambda world: delete_there(world, "Invoice"),
        },
        then={"give": {Reason.EDITED_ON_BOTH}},
    ),
)
