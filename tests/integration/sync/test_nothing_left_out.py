"""A preview leaves out nothing that a Sync of that moment does: the run from it leaves none for the next."""

from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.models import Connection
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from tests.integration.sync.foretelling import Told, foretold
from tests.integration.sync.sales import SERVICE, invoice, paid
from tests.integration.sync.stories.story import edit_there
from tests.world import World


def here(world: World, name: str, **values: Any) -> Customer:
    return customers.create(company=world.company, values={"display_name": name, **values})


def change(world: World, customer: Customer, **values: Any) -> None:
    customers.update(company=world.company, id=customer.pk, values=values)


def there_below_gray(world: World, name: str) -> None:
    """Two that are new in QuickBooks, one below the other."""
    above = world.post("customer", {"DisplayName": "Gray"})
    world.post("customer", {"DisplayName": name, "Job": True, "ParentRef": {"value": above["Id"]}})


GRAY: Told = [("here", "created", "Gray"), ("here", "created", "Ames")]


def test_who_waits_for_a_name_but_is_linked_keeps_no_namesake_there_waiting(world: World) -> None:
    """Ames owes something there and stays; so Cole, who has its name here by now, keeps its own there."""
    ames, cole = here(world, "Ames"), here(world, "Cole")
    work_codes.create(company=world.company, values={"name": SERVICE, "price": Decimal(100)})
    world.full()
    invoice(world, "Ames")
    world.sync()
    change(world, ames, display_name="Ames, moved away")
    change(world, cole, display_name="Ames")
    customers.deactivate(company=world.company, id=ames.pk)
    there_below_gray(world, "Ames")

    assert foretold(world) == GRAY
    assert list(world.issues().values()) == ["cannot_remove"]


def test_whoever_waited_once_and_is_asked_about_now_keeps_no_namesake_there_waiting(world: World) -> None:
    """Ames waited for the customer above it; on the top level its name is a vendor's."""
    world.post("vendor", {"DisplayName": "Carver"})
    world.post("vendor", {"DisplayName": "Ames"})
    above = here(world, "Carver")
    ames = here(world, "Ames", parent=above.pk)
    world.full()
    assert world.issues() == {"Carver": "name_taken"}
    change(world, ames, parent=None)
    there_below_gray(world, "Ames")

    assert foretold(world) == GRAY
    assert world.issues() == {"Carver": "name_taken", "Ames": "name_taken"}


def test_whoever_waits_for_a_name_that_a_removal_frees_frees_its_namesake_there(world: World) -> None:
    before = here(world, "Ames")
    world.full()
    customers.deactivate(company=world.company, id=before.pk)
    here(world, "Ames")
    there_below_gray(world, "Ames")

    assert sorted(foretold(world)) == sorted(
        [*GRAY, ("there", "removed", "Ames"), ("there", "created", "Ames")]
    )
    assert world.issues() == {}


def test_who_takes_over_a_counterpart_keeps_no_namesake_there_waiting(world: World) -> None:
    """Ames is Cole there since the two were merged here; whoever is like Ames there is another one."""
    cole = here(world, "Cole")
    world.full()
    ames = here(world, "Ames", phone="(520) 521-0143")
    customers.merge_customers(company=world.company, loser=cole.pk, survivor=ames.pk)
    world.post("customer", {"DisplayName": "Ames LLC", "PrimaryPhone": {"FreeFormNumber": "520 521 0143"}})

    assert ("here", "created", "Ames LLC") in foretold(world)
    assert world.issues() == {}


@pytest.mark.parametrize(
    ("name", "customers_go", "reason"),
    [
        ("Ames", [("here", "linked", "Ames")], "look_alike"),
        ("Cole", [("here", "created", "Cole"), ("there", "created", "Ames")], "number_taken"),
    ],
)
def test_an_invoice_that_is_asked_about_once_its_customer_is_there_is_not_shown_as_going(
    world: World, name: str, customers_go: Told, reason: str
) -> None:
    """An invoice of this number was entered there: for the same customer, or for another."""
    world.full()
    work_codes.create(company=world.company, values={"name": SERVICE, "price": Decimal(100)})
    here(world, "Ames", email="ames@example.com")
    invoice(world, "Ames")
    body = {"DisplayName": name, "PrimaryEmailAddr": {"Address": f"{name.lower()}@example.com"}}
    theirs = world.post("customer", body)
    line = {"DetailType": "SalesItemLineDetail", "Amount": 100, "SalesItemLineDetail": {"Qty": 1}}
    entered = {"DocNumber": "1001", "CustomerRef": {"value": theirs["Id"]}, "Line": [line]}
    world.post("invoice", entered)

    assert sorted(foretold(world)) == sorted([*customers_go, ("there", "created", SERVICE)])
    assert world.issues() == {"Invoice 1001": reason}


def test_a_payment_that_waits_for_the_room_of_a_voided_one_is_shown_as_going(world: World) -> None:
    here(world, "Ames")
    work_codes.create(company=world.company, values={"name": SERVICE, "price": Decimal(100)})
    world.full()
    owed = invoice(world, "Ames")
    before = paid(world, owed)
    world.sync()
    payments.void(company=world.company, id=before.pk)
    paid(world, owed)

    assert [step[:2] for step in foretold(world)] == [("there", "removed"), ("there", "created")]
    assert world.issues() == {}


def test_a_name_taken_from_one_that_goes_is_shown_as_it_is_read_then(world: World) -> None:
    """It ends like that of an inactive one, as those do which somebody there has made active again."""
    Connection.objects.update(two_way_edits=True)
    world.connection.refresh_from_db()
    ames = here(world, "Ames")
    world.full()
    edit_there(world, "Customer", DisplayName="Cole (deleted)")
    customers.deactivate(company=world.company, id=ames.pk)

    assert [step[:2] for step in foretold(world)] == [("there", "removed"), ("here", "updated")]


def test_an_edit_that_names_what_is_sent_in_the_same_run_is_shown_as_going(world: World) -> None:
    work_codes.create(company=world.company, values={"name": SERVICE, "price": Decimal(100)})
    here(world, "Ames")
    world.full()
    sent = invoice(world, "Ames")
    world.sync()
    new = work_codes.create(company=world.company, values={"name": "Edging", "price": Decimal(40)})
    lines = [{"work_code": new.pk}]
    invoices.update(company=world.company, id=sent.pk, values={"lines": lines})

    assert foretold(world) == [
        ("there", "created", "Edging"),
        ("there", "updated", f"Invoice {sent.number}"),
    ]


@pytest.mark.parametrize("is_new", [False, True])
def test_what_is_taken_of_a_sub_customer_once_its_move_was_sent_is_shown_too(
    world: World,
    is_new: bool,  # noqa: FBT001 - who stands above it
) -> None:
    unit, above = here(world, "Unit 4B"), here(world, "Evergreen")
    world.full()
    Connection.objects.update(two_way_edits=True)
    world.connection.refresh_from_db()
    edit_there(world, "Customer", "Unit 4B", Notes="Gate code 12")
    if is_new:
        above = here(world, "Saguaro")
    change(world, unit, parent=above.pk)

    told = foretold(world)

    assert told[-2:] == [("there", "updated", "Unit 4B"), ("here", "updated", "Unit 4B")]
