"""Reasons at customers and work codes."""

from decimal import Decimal

from quickbooks_sync.models import Connection
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.recovery import restored
from quickbooks_sync.resolving import resolve
from service_genius.work_codes import operations as work_codes
from tests.integration.sync.credit import AMELIA
from tests.integration.sync.restoring import answered, forget
from tests.integration.sync.test_causes import changed_there
from tests.integration.sync.test_choices_gone import account, put_away
from tests.integration.sync.test_foreign_currency import NAME as CAFE
from tests.integration.sync.test_foreign_currency import put_there
from tests.world import World

from .story import (
    Story,
    delete_there,
    edit_customer,
    edit_there,
    invoice_there,
    merge_here,
    merge_there,
    new_customer,
    pays,
    put_away_here,
    sent_invoice,
    shown,
    use_again_here,
    void_there,
)

SMITH, BEN, AMY, TANSY = "John Smith", "Ben Cole", "A. Hartwell", "Tansy Hall"


def namesakes(world: World) -> None:
    new_customer(world, SMITH, email="john@example.com")
    world.post("customer", {"DisplayName": SMITH, "PrimaryEmailAddr": {"Address": "js@example.org"}})


def vendor_of_that_name(world: World) -> None:
    world.post("vendor", {"DisplayName": "Northside"})
    new_customer(world, "Northside")


def two_names_there(world: World) -> None:
    """Two there, which are one here."""
    world.post("customer", {"DisplayName": "Tansy Hall"})
    world.post("customer", {"DisplayName": "Tansy\u00a0Hall"})


def name_of_one_left_there(world: World) -> None:
    """Somebody did not want it to be taken, and enters one of that name here later."""
    two_names_there(world)
    world.sync()
    issue, _ = shown(world, Reason.REFUSED_HERE)
    resolve.carry_out(issue, "stop", value="")
    edit_customer(world, TANSY, display_name="Tansy House")
    world.sync()
    new_customer(world, TANSY)


def name_in_another_currency(world: World) -> None:
    new_customer(world, CAFE)
    put_there(world)


def amelia_again_there(world: World) -> None:
    name = next(
        row["DisplayName"] for row in world.there("Customer") if row["DisplayName"].startswith(AMELIA)
    )
    changed_there(world, "Customer", name, Active=True, DisplayName=AMELIA)


def put_away_there(world: World) -> None:
    edit_there(world, "Customer", AMELIA, Active=False)


def entered_anew(world: World) -> None:
    put_away_there(world)
    world.post("customer", {"DisplayName": AMELIA, "Notes": "Side door"})


def owes_there(world: World) -> None:
    invoice_there(world)
    put_away_here(world)


def merged_there(world: World) -> None:
    new_customer(world, AMY)
    sent_invoice(world, AMY)
    merge_there(world, AMY, AMELIA)


def merged_into_a_stranger(world: World) -> None:
    new_customer(world, AMY)
    sent_invoice(world, AMY)
    world.post("customer", {"DisplayName": "Ms Hartwell", "Notes": "Side door"})
    merge_there(world, AMY, "Ms Hartwell")


def merged_here(world: World) -> None:
    """What is paid cannot move by itself."""
    new_customer(world, AMY)
    sent_invoice(world, AMY)
    pays(world, 100)
    world.sync()
    merge_here(world, AMY, AMELIA)


def no_account(world: World) -> None:
    put_away(world, "income_account")
    work_codes.create(company=world.company, values={"name": "Drain", "price": Decimal(80)})


def account_in_use(world: World) -> None:
    changed_there(world, "Account", account(world, "income_account"), Active=True)


def another_account(world: World) -> None:
    listed = world.connection.facts["accounts"]
    income = [row["id"] for row in listed if row["type"] == "Income"]
    chosen = world.connection.income_account
    Connection.objects.update(income_account=next(each for each in income if each != chosen))


def renamed_after_a_restore(world: World) -> None:
    new_customer(world, BEN)
    forget(world, world.sync)
    restored.begin_new_epoch()
    edit_customer(world, BEN, display_name="Benjamin Cole")
    answered(world)


OF_LISTS = (
    Story(
        reason=Reason.LIKELY_PAIR,
        begin=namesakes,
        mends={
            "renamed there": lambda world: edit_there(world, "Customer", SMITH, DisplayName="Jo Smythe"),
            "renamed here": lambda world: edit_customer(world, SMITH, display_name="Jo Smythe"),
            "the e-mail there": lambda world: edit_there(
                world, "Customer", SMITH, PrimaryEmailAddr={"Address": "john@example.com"}
            ),
            "the e-mail here": lambda world: edit_customer(world, SMITH, email="js@example.org"),
        },
        then={"stop": {Reason.REFUSED_HERE}},  # the other one is somebody else's
    ),
    Story(
        reason=Reason.NAME_TAKEN,
        about="by a vendor",
        begin=vendor_of_that_name,
        without=frozenset({"same"}),
        mends={
            "renamed there": lambda world: edit_there(
                world, "Vendor", "Northside", DisplayName="Northside Inc."
            ),
            "renamed here": lambda world: edit_customer(
                world, "Northside", display_name="Northside (customer)"
            ),
            "put away here": lambda world: put_away_here(world, "Northside"),
        },
    ),
    Story(
        reason=Reason.NAME_TAKEN,
        about="by one that was not to be taken",
        begin=name_of_one_left_there,
        mends={
            "renamed there": lambda world: edit_there(world, "Customer", DisplayName="Tansy Hall East"),
            "renamed here": lambda world: edit_customer(world, TANSY, display_name="Tansy Inn"),
        },
    ),
    Story(
        reason=Reason.NAME_TAKEN,
        about="by a customer in another currency",
        begin=name_in_another_currency,
        without=frozenset({"same"}),
        beside=frozenset({Reason.REFUSED_HERE}),
        then={"stop": {Reason.REFUSED_HERE}},
        mends={"renamed here": lambda world: edit_customer(world, CAFE, display_name="Café")},
    ),
    Story(
        reason=Reason.REFUSED_HERE,
        begin=two_names_there,
        mends={
            "renamed there": lambda world: edit_there(world, "Customer", DisplayName="Tansy Hall East"),
            "put away there": lambda world: edit_there(world, "Customer", Active=False),
            "renamed here": lambda world: edit_customer(world, "Tansy Hall", display_name="Tansy House"),
        },
    ),
    Story(
        reason=Reason.REMOVED_THERE,
        about="put away",
        begin=put_away_there,
        without=frozenset({"recreate", "relink"}),
        mends={"in use again there": amelia_again_there, "put away here, too": put_away_here},
        there={"Customer": 1},
    ),
    Story(
        reason=Reason.REMOVED_THERE,
        about="entered anew",
        begin=entered_anew,
        without=frozenset({"recreate", "reactivate"}),
        mends={
            "put away here, too": put_away_here,
            "renamed there": lambda world: edit_there(world, "Customer", DisplayName="Amy H."),
        },
        then={"renamed there": {Reason.REMOVED_THERE}, "stop": {Reason.REFUSED_HERE}},
        there={"Customer": 2},
    ),
    Story(
        reason=Reason.MERGED_THERE,
        begin=merged_there,
        without=frozenset({"relink"}),
        mends={"merged here, too": lambda world: merge_here(world, AMY, AMELIA)},
        then={"recreate": {Reason.CHANGED_THERE}, "stop": {Reason.CHANGED_THERE}},
    ),
    Story(
        reason=Reason.MERGED_THERE,
        about="with one that is not here",
        begin=merged_into_a_stranger,
        without=frozenset({"merge"}),
        then={"recreate": {Reason.CHANGED_THERE}, "stop": {Reason.CHANGED_THERE}},
    ),
    Story(
        reason=Reason.MERGED_HERE,
        begin=merged_here,
        mends={"merged there, too": lambda world: merge_there(world, AMY, AMELIA)},
    ),
    Story(
        reason=Reason.CANNOT_REMOVE,
        begin=owes_there,
        mends={
            "the invoice is voided there": lambda world: void_there(world, "Invoice"),
            "the invoice is deleted there": lambda world: delete_there(world, "Invoice"),
            "in use again here": use_again_here,
        },
        there={"Customer": 1},
    ),
    Story(
        reason=Reason.NO_ACCOUNT,
        begin=no_account,
        mends={"in use again there": account_in_use, "another choice": another_account},
    ),
    Story(
        reason=Reason.IN_DOUBT,
        begin=renamed_after_a_restore,
    ),
)
