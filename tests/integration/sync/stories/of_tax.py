"""Reasons about sales tax, and about totals that differ."""

from decimal import Decimal

from quickbooks_sync.models import Connection
from quickbooks_sync.models.tax_states import AutomatedTax
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.resolving import resolve
from service_genius.invoices.models import Invoice
from service_genius.sales import tax_rates
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA
from tests.integration.sync.taxing import two_rates
from tests.world import World

from .story import (
    Story,
    close_books,
    delete_there,
    edit_invoice,
    edit_there,
    payment_there,
    settings,
    shown,
    void_invoice,
    void_there,
)


def taxed(world: World, percent: str = "7", price: str = "100") -> None:
    """An invoice with tax, of a rate that is new."""
    values = {"name": "Phoenix", "percent": Decimal(percent)}
    rate = tax_rates.add(company=world.company, values=values)
    made = sales.invoice(world, AMELIA)
    line = {"work_code": made.lines.get().work_code_id, "quantity": 1, "unit_price": Decimal(price)}
    edit_invoice(world, tax_rate=rate.pk, lines=[line | {"taxable": True}])


def tax_off(world: World) -> None:
    settings(world, TaxPrefs={"UsingSalesTax": False})
    taxed(world, "8")


def not_mapped(world: World) -> None:
    taxed(world, "8.6")


def no_tax_here(world: World) -> None:
    line = {"work_code": Invoice.objects.get().lines.get().work_code_id, "unit_price": Decimal(100)}
    edit_invoice(world, tax_rate=None, lines=[line | {"quantity": 1, "taxable": False}])


def reckoned(world: World) -> None:
    """Saved before the rates of its code are known: 5.5 % and 1.5 % of 89.00 are not 7 % of it."""
    taxed(world, price="89")
    two_rates(world)


def one_rate(world: World) -> None:
    two_rates(world, "7", "0")


def another_price(world: World) -> None:
    line = {"work_code": Invoice.objects.get().lines.get().work_code_id, "quantity": 1}
    edit_invoice(world, lines=[line | {"unit_price": Decimal(100), "taxable": True}])


def automated(world: World) -> None:
    settings(world, TaxPrefs={"PartnerTaxEnabled": True})
    taxed(world)


def their_tax_chosen(world: World) -> None:
    Connection.objects.update(automated_tax=AutomatedTax.THEIRS)
    world.connection.refresh_from_db()


def other_total(world: World) -> None:
    """QuickBooks keeps the tax that is sent; somebody there has changed it since."""
    settings(world, TaxPrefs={"PartnerTaxEnabled": True})
    world.emulator.settings(tax_override="honoured")
    taxed(world)
    world.sync()
    edit_there(world, "Invoice", TxnTaxDetail={"TotalTax": 7.77})


def void_is_wished(world: World) -> None:
    other_total(world)
    world.sync()
    issue, _ = shown(world, Reason.STORED_DIFFERENTLY)
    resolve.carry_out(issue, "void_there", value="")


def paid_meanwhile(world: World) -> None:
    void_is_wished(world)
    payment_there(world, 10)


def closed_meanwhile(world: World) -> None:
    void_is_wished(world)
    close_books(world)


def last_tax(world: World) -> None:
    edit_there(world, "Invoice", TxnTaxDetail={"TotalTax": 7})


OF_TAX = (
    Story(
        reason=Reason.SALES_TAX_OFF,
        begin=tax_off,
        mends={
            "no tax here": no_tax_here,
            "on there": lambda world: settings(world, TaxPrefs={"UsingSalesTax": True}),
            "void here": void_invoice,
        },
    ),
    Story(
        reason=Reason.TAX_NOT_MAPPED,
        begin=not_mapped,
        mends={
            "a code there": lambda world: two_rates(world, "8.6", "0"),
            "no tax here": no_tax_here,
            "void here": void_invoice,
        },
    ),
    Story(
        reason=Reason.TAX_RECKONED,
        begin=reckoned,
        mends={
            "the code there": one_rate,
            "no tax here": no_tax_here,
            "another price here": another_price,
            "void here": void_invoice,
        },
    ),
    Story(
        reason=Reason.AUTOMATED_TAX,
        begin=automated,
        mends={
            "theirs is chosen": their_tax_chosen,
            "no tax here": no_tax_here,
            "void here": void_invoice,
        },
        ends={"try_our_tax": "asked"},  # it is reckoned there as before
    ),
    Story(
        reason=Reason.STORED_DIFFERENTLY,
        begin=other_total,
        mends={
            "the tax there": last_tax,
            "void here": void_invoice,
        },
    ),
    Story(
        reason=Reason.CANNOT_REMOVE,
        about="after a wish to void it there",
        begin=paid_meanwhile,
        mends={
            "void there": lambda world: void_there(world, "Invoice"),
            "deleted there": lambda world: delete_there(world, "Invoice"),
        },
        then={"keep_there": {Reason.STORED_DIFFERENTLY}},
    ),
    Story(
        reason=Reason.BOOKS_CLOSED,
        about="after a wish to void it there",
        begin=closed_meanwhile,
        without=frozenset({"redate"}),
        then={"keep_there": {Reason.STORED_DIFFERENTLY}},
        mends={"the period": lambda world: close_books(world, None)},
    ),
)
