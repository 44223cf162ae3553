"""Records of one name on both sides: paired by themselves only if what is known of them lets them be one."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from quickbooks_sync.models import Issue, Link, Outcome, SyncRun
from quickbooks_sync.resolving import resolve
from quickbooks_sync.runs.queue import ask
from service_genius.companies.models import Company, User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.pressing import Client
from tests.world import World

HERE = {
    "email": "john@example.com",
    "mobile": "(555) 201-0143",
    "billing_street": "12 Oak Street",
    "billing_city": "Bayshore",
    "billing_postal_code": "94501",
}
THERE = {
    "PrimaryEmailAddr": {"Address": "js@example.org"},
    "Mobile": {"FreeFormNumber": "(555) 777-9999"},
    "BillAddr": {"Line1": "9 Elm Road", "City": "Millbrook", "PostalCode": "94030"},
}


def here(world: World, name: str = "John Smith", **values: Any) -> Customer:
    return customers.create(company=world.company, values={"display_name": name, **HERE, **values})


def there(world: World, name: str = "John Smith", **values: Any) -> dict[str, Any]:
    return world.post("customer", {"DisplayName": name, **THERE, **values})


def item(world: World, name: str, **values: Any) -> dict[str, Any]:
    account = next(row["Id"] for row in world.there("Account") if row["AccountType"] == "Income")
    body = {"Name": name, "Type": "Service", "IncomeAccountRef": {"value": account}, **values}
    return world.post("item", body)


def same_both(world: World) -> None:
    """Nothing needs anybody, and another run has nothing to do."""
    assert world.issues() == {}
    counts = world.full().counts
    assert not [name for name in counts if "." in name], counts


@pytest.mark.parametrize("scope", ["full", "sync"])
def test_two_people_of_one_name_are_asked_about_and_neither_is_touched(world: World, scope: str) -> None:
    ours, theirs = here(world), there(world)

    world.run(scope)

    assert world.issues() == {"John Smith": "likely_pair"}
    assert world.there("Customer") == [theirs]
    assert Customer.objects.get(company=world.company).revision == ours.revision


@pytest.mark.parametrize(
    "agreeing",
    [
        {"PrimaryEmailAddr": {"Address": "JOHN@example.com"}},
        {"PrimaryPhone": {"FreeFormNumber": "+1 555 201 0143 ext. 2"}},
        {"BillAddr": {"Line1": "12 OAK ST.", "City": "Bayshore", "PostalCode": "94501-0001"}},
    ],
)
def test_one_person_of_whom_as_much_agrees_as_differs_is_paired(
    world: World, agreeing: dict[str, Any]
) -> None:
    here(world)
    differs = {"PrimaryEmailAddr": THERE["PrimaryEmailAddr"]} if "PrimaryPhone" in agreeing else {}
    world.post("customer", {"DisplayName": "John Smith", **differs, **agreeing})

    run = world.full()

    assert world.issues() == {}
    assert run.counts["customer.here.linked"] == 1


def test_one_person_of_whom_more_differs_than_agrees_is_asked_about(world: World) -> None:
    here(world)
    there(world, PrimaryEmailAddr={"Address": "JOHN@example.com"})

    world.full()

    assert world.issues() == {"John Smith": "likely_pair"}


def test_a_name_of_which_nothing_more_is_known_is_paired(world: World) -> None:
    here(world)
    world.post("customer", {"DisplayName": "JOHN SMITH"})

    assert world.full().counts["customer.here.linked"] == 1


def test_the_same_at_one_press_are_paired_and_ours_is_sent(world: World) -> None:
    here(world)
    theirs = there(world)
    world.full()

    resolve.carry_out(Issue.objects.get(), "same", value=theirs["Id"])
    world.sync()

    (row,) = world.there("Customer")
    assert row["PrimaryEmailAddr"] == {"Address": "john@example.com"}
    same_both(world)


def test_different_ones_at_one_press_stand_on_both_sides_under_two_names(world: World) -> None:
    """Neither side holds one name twice: the press itself gives ours a number that is free on both."""
    here(world)
    there(world)
    there(world, "John Smith (2)")
    customers.create(company=world.company, values={"display_name": "John Smith (3)"})
    world.full()
    assert world.issues() == {"John Smith": "likely_pair"}

    told = resolve.carry_out(Issue.objects.get(), "different", value="")
    assert "named “John Smith (4)”" in told
    world.sync()

    names = ["John Smith", "John Smith (2)", "John Smith (3)", "John Smith (4)"]
    assert world.names_there() == names
    assert sorted(Customer.objects.values_list("display_name", flat=True)) == names
    emails = {row["DisplayName"]: row.get("PrimaryEmailAddr") for row in world.there("Customer")}
    assert emails["John Smith"] == {"Address": "js@example.org"}
    assert emails["John Smith (4)"] == {"Address": "john@example.com"}
    same_both(world)


def test_a_hundred_namesakes_are_settled_at_one_press(world: World) -> None:
    people = [f"Person {number}" for number in range(100)]
    rows = [{"display_name": name, "email": f"ours{at}@example.com"} for at, name in enumerate(people)]
    customers.create_many(company=world.company, rows=rows)
    for at, name in enumerate(people):
        there(world, name, PrimaryEmailAddr={"Address": f"theirs{at}@example.org"})
    world.full()
    assert Issue.objects.count() == 100

    newest = Issue.objects.latest("pk").pk
    assert resolve.all_different(world.connection, up_to=newest) == 100
    world.sync()

    assert world.names_there() == sorted([*people, *(f"{name} (2)" for name in people)])
    assert Customer.objects.filter(company=world.company).count() == 200
    assert Outcome.objects.filter(words__contains="named “Person 7 (2)”").count() == 1
    same_both(world)


def test_sub_customers_of_one_that_is_asked_about_wait_on_both_sides(world: World) -> None:
    ours, theirs = here(world), there(world)
    customers.create(company=world.company, values={"display_name": "Unit 1", "parent": ours.pk})
    below = {"Job": True, "ParentRef": {"value": theirs["Id"]}}
    world.post("customer", {"DisplayName": "Unit 1", **below})
    world.post("customer", {"DisplayName": "Unit 2", **below})

    preview = world.work(ask(connection=world.connection, scope=SyncRun.Scope.FULL, preview=True))
    shown = [(step.label, step.action) for step in preview.plannedsteps.filter(kind="customer")]
    world.full()

    assert sorted(shown) == [
        ("John Smith", "attention"),
        ("John Smith", "waits"),
        ("Unit 1", "waits"),
        ("Unit 1", "waits"),
        ("Unit 2", "waits"),
    ]
    assert len(world.there("Customer")) == 3
    assert Customer.objects.filter(company=world.company).count() == 2
    waiting = Link.objects.filter(connection=world.connection, waiting=True)
    assert waiting.count() == 4  # the namesake there, and all below either

    resolve.carry_out(Issue.objects.get(), "same", value=theirs["Id"])
    world.sync()
    assert len(world.there("Customer")) == Customer.objects.filter(company=world.company).count() == 3
    same_both(world)


def test_sub_customers_of_one_name_below_other_parents_are_no_rivals(world: World) -> None:
    for name in ("Evergreen", "Larkspur"):
        parent = customers.create(company=world.company, values={"display_name": name})
        customers.create(company=world.company, values={"display_name": "Unit 1", "parent": parent.pk})
        above = world.post("customer", {"DisplayName": name})
        world.post("customer", {"DisplayName": "Unit 1", "Job": True, "ParentRef": {"value": above["Id"]}})

    run = world.full()

    assert run.counts["customer.here.linked"] == 4
    same_both(world)


def test_a_namesake_entered_after_the_first_full_sync_is_asked_about_too(world: World) -> None:
    world.full()
    here(world)
    there(world)

    world.sync()

    assert world.issues() == {"John Smith": "likely_pair"}
    assert len(world.there("Customer")) == 1


def test_once_something_agrees_they_are_paired_without_an_answer(world: World) -> None:
    ours = here(world)
    there(world)
    world.full()

    customers.update(
        company=world.company, id=ours.pk, values={"email": "JS@example.org", "mobile": "555 777 9999"}
    )
    world.sync()

    same_both(world)
    assert len(world.there("Customer")) == 1


def test_a_work_code_of_another_code_or_price_is_asked_about_and_keeps_its_price(world: World) -> None:
    codes = [
        {"name": "Labor", "code": "L-1", "price": Decimal(55)},
        {"name": "Travel", "price": Decimal(55)},
    ]
    work_codes.create_many(company=world.company, rows=codes)
    item(world, "Labor", Sku="DAY", UnitPrice=60)
    item(world, "Travel", UnitPrice=1200)

    world.full()

    assert world.issues() == {"Labor": "likely_pair", "Travel": "likely_pair"}
    prices = {row["Name"]: row.get("UnitPrice") for row in world.there("Item")}
    assert (prices["Labor"], prices["Travel"]) == (60, 1200)

    resolve.carry_out(Issue.objects.get(label="Labor"), "different", value="")
    world.full()
    assert {"Labor", "Labor (2)"} <= set(world.names_there("Item"))
    assert WorkCode.objects.get(name="Labor (2)").code == "L-1"


def test_what_has_its_own_namesake_here_is_shown_beside_no_other(world: World) -> None:
    for name in ("Motor <5 HP", "Motor >5 HP"):
        work_codes.create(company=world.company, values={"name": name})
    item(world, "Motor >5 HP")

    run = world.full()

    assert run.counts["work_code.here.linked"] == 1
    assert world.issues() == {}
    assert {"Motor <5 HP", "Motor >5 HP"} <= set(world.names_there("Item"))


def test_the_card_says_what_speaks_against_it_and_shows_both(
    world: World, company: Company, client: Client
) -> None:
    here(world, company_name="Acme Plumbing")
    there(world)
    world.full()
    user = User.objects.create_user(
        email="office@example.com", password="correct horse battery", name="Office", company=company
    )
    client.force_login(user)

    page = client.get(reverse("quickbooks:attention")).content.decode()

    assert "(same name; other address; other phone; other e-mail)" in page
    for told in ("(555) 201-0143", "(555) 777-9999", "94501", "94030", "Acme Plumbing", "“John Smith (2)”"):
        assert told in page
