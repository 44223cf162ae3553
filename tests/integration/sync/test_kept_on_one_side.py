"""A value that one side cannot hold costs that one field: it stays where it is, and all else goes on."""

from decimal import Decimal

import pytest

from quickbooks_sync.models import Issue, Link
from quickbooks_sync.resolving import resolve
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.work_codes import operations as work_codes
from tests.world import World

from .kept import edit, quiet, words_of

TWO = "accounts@hartwell.test, amelia@hartwell.test"
#: More lines than an address here can have; QuickBooks has five members, and lines in them.
LONG_STREET = {
    "Line1": "Gate 3\nBuilding C",
    "Line2": "2nd floor\nRoom 12",
    "Line3": "Left\nBell",
    "Line4": "x",
}
MANY_THERE, MANY_HERE = 60, 40


# --- E-mail ---------------------------------------------------------------------------------------


def test_several_addresses_in_one_field_are_the_same_on_both_sides(world: World) -> None:
    world.post("customer", {"DisplayName": "Amelia Hartwell", "PrimaryEmailAddr": {"Address": TWO}})

    assert world.full().state == "done"

    amelia = Customer.objects.get()
    assert amelia.email == TWO
    assert Link.objects.get(kind="customer").kept is None
    quiet(world)
    customers.update(
        company=world.company, id=amelia.pk, values={"email": "amelia@hartwell.test,office@hartwell.test"}
    )
    world.sync()
    (row,) = world.there("Customer")
    assert row["PrimaryEmailAddr"]["Address"] == "amelia@hartwell.test, office@hartwell.test"
    quiet(world)


def test_sixty_with_two_addresses_there_are_linked_with_the_forty_that_are_here(world: World) -> None:
    for number in range(MANY_THERE):
        address = {"Address": f"a{number}@x.test,b{number}@y.test"}
        world.post("customer", {"DisplayName": f"Customer {number}", "PrimaryEmailAddr": address})
    for number in range(MANY_HERE):
        values = {"display_name": f"Customer {number}", "email": f"a{number}@x.test"}
        customers.create(company=world.company, values=values)

    run = world.full()

    assert run.state == "done", run.error
    assert world.issues() == {}
    links = Link.objects.filter(kind="customer")
    assert links.count() == links.exclude(local_id=None).exclude(remote=None).count() == MANY_THERE
    assert len(world.there("Customer")) == Customer.objects.count() == MANY_THERE


# --- What does not fit here -----------------------------------------------------------------------


def test_a_street_that_does_not_fit_here_stays_there_and_all_else_goes_on(world: World) -> None:
    parent = world.post(
        "customer", {"DisplayName": "Amelia Hartwell", "BillAddr": LONG_STREET, "Notes": "Gate 12"}
    )
    below = {"ParentRef": {"value": parent["Id"]}, "Job": True}
    world.post("customer", {"DisplayName": "Unit 4", **below})

    assert world.full().state == "done"

    amelia = Customer.objects.get(parent=None)
    assert (amelia.notes, amelia.billing_street) == ("Gate 12", "")
    assert Customer.objects.get(display_name="Unit 4").parent == amelia
    assert words_of("customer").startswith("The billing street in QuickBooks stays there as it is")
    assert "up to 5 lines; this has 7" in words_of("customer")
    quiet(world)


def test_an_edit_here_replaces_nothing_that_does_not_fit_here(world: World) -> None:
    one = {"display_name": "Amelia Hartwell", "email": "a@hartwell.test", "billing_street": "12 Main St"}
    customers.create(company=world.company, values=one)
    email = {"Address": "a@hartwell.test"}
    same = {"DisplayName": "Amelia Hartwell", "PrimaryEmailAddr": email, "BillAddr": LONG_STREET}
    world.post("customer", same)
    world.full()
    amelia = Customer.objects.get()

    customers.update(
        company=world.company, id=amelia.pk, values={"billing_street": "14 Main St", "phone": "555 0143"}
    )
    world.sync()

    (row,) = world.there("Customer")
    assert row["BillAddr"]["Line1"] == LONG_STREET["Line1"]
    assert row["PrimaryPhone"]["FreeFormNumber"] == "555 0143"
    quiet(world)


def test_what_does_not_fit_here_is_news_once_it_was_mended_there(world: World) -> None:
    world.post("customer", {"DisplayName": "Amelia Hartwell", "BillAddr": LONG_STREET})
    world.full()
    (row,) = world.there("Customer")
    edit(world, "Customer", row, BillAddr={"Id": row["BillAddr"]["Id"], "Line1": "12 Main St"})

    world.sync()

    issue = Issue.objects.get()
    assert (issue.reason, issue.details) == ("changed_there", {"fields": ["billing_street"]})
    resolve.carry_out(issue, "take", value="")
    world.sync()
    assert Customer.objects.get().billing_street == "12 Main St"
    assert Link.objects.get(kind="customer").kept is None
    quiet(world)


def test_what_fits_is_taken_beside_what_does_not(world: World) -> None:
    world.post("customer", {"DisplayName": "Amelia Hartwell"})
    world.full()
    (row,) = world.there("Customer")
    edit(world, "Customer", row, BillAddr=LONG_STREET, Notes="Gate code 12")

    world.sync()
    resolve.carry_out(Issue.objects.get(), "take", value="")
    world.sync()

    assert (Customer.objects.get().notes, Customer.objects.get().billing_street) == ("Gate code 12", "")
    quiet(world)


# --- One form of texts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "street", ["12 Main St \nApt 4", "12 Main St\t\n\n Apt 4", "12 Main St\u00a0\r\n\u00a0Apt 4"]
)
def test_blanks_at_the_edges_of_lines_are_no_change(world: World, street: str) -> None:
    customers.create(
        company=world.company, values={"display_name": "Amelia Hartwell", "billing_street": street}
    )

    world.full()

    (row,) = world.there("Customer")
    assert (row["BillAddr"]["Line1"], row["BillAddr"]["Line2"]) == ("12 Main St", "Apt 4")
    quiet(world)


def test_blanks_in_quickbooks_are_no_change(world: World) -> None:
    world.post(
        "customer",
        {
            "DisplayName": "Amelia  Hartwell",
            "BillAddr": {"Line1": "12 Main St ", "Line3": "\u00a0Apt 4\t"},
            "Notes": "One \r\nTwo\t",
            "CompanyName": "Hartwell\u00a0Holdings ",
        },
    )

    world.full()

    amelia = Customer.objects.get()
    assert (amelia.billing_street, amelia.notes) == ("12 Main St\nApt 4", "One\nTwo")
    quiet(world)


# --- All fields -----------------------------------------------------------------------------------


def test_a_code_of_two_lines_is_one_line_on_both_sides(world: World) -> None:
    work_codes.create(company=world.company, values={"name": "Tune\tup", "code": "A\nB", "price": Decimal(5)})

    world.full()

    assert ("Tune up", "A B") in {(row["Name"], row.get("Sku")) for row in world.there("Item")}
    quiet(world)
