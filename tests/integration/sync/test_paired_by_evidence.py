"""Records without a counterpart are paired by all that is known of them, on both sides of a list at once."""

from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.gathering import common
from quickbooks_sync.models import Common, Issue, Link, SyncRun
from quickbooks_sync.resolving import resolve
from quickbooks_sync.runs.queue import ask
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.work_codes import operations as work_codes
from tests.world import World

OAK = {"billing_street": "12 Oak Street", "billing_city": "Bayshore", "billing_postal_code": "94501"}
OAK_THERE = {"BillAddr": {"Line1": "12 Oak St.", "City": "Bayshore", "PostalCode": "94501"}}
PHONE = {"phone": "(520) 521-0143"}
PHONE_THERE = {"PrimaryPhone": {"FreeFormNumber": "+1 520 521 0143"}}
SCOPES = [SyncRun.Scope.FULL, SyncRun.Scope.SYNC]


def here(world: World, name: str, **values: Any) -> Customer:
    return customers.create(company=world.company, values={"display_name": name, **values})


def there(world: World, name: str, **values: Any) -> dict[str, Any]:
    return world.post("customer", {"DisplayName": name, **values})


def pairs(world: World) -> set[tuple[str, str]]:
    """Who is linked with whom, by their names."""
    linked = Link.objects.filter(connection=world.connection, kind="customer", local_id__isnull=False)
    names = dict(Customer.objects.filter(company=world.company).values_list("pk", "display_name"))
    rows = linked.filter(remote__isnull=False).values_list("local_id", "remote__name")
    return {(names[pk], name) for pk, name in rows}


def nothing_more(world: World) -> None:
    """Nothing needs anybody, and another run has nothing to do."""
    assert world.issues() == {}
    counts = world.full().counts
    assert not [name for name in counts if "." in name], counts


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Hartwell, Amelia", "Amelia Hartwell"),
        ("Amelia Hartwell", "Amelia Hartwel"),
        ("Oakdale Property Management", "Oakdale Property Mgmt"),
        ("The Copper Kettle", "Copper Kettle"),
        ("Smith & Sons", "Smith and Sons"),
    ],
)
def test_one_customer_written_otherwise_is_one(world: World, scope: str, ours: str, theirs: str) -> None:
    here(world, ours, **OAK, **PHONE)
    there(world, theirs, **OAK_THERE, **PHONE_THERE)

    world.run(scope)

    assert pairs(world) == {(ours, theirs)}
    nothing_more(world)


def test_a_spouse_at_the_same_phone_is_asked_about_with_all_that_is_known(world: World) -> None:
    here(world, "Amelia Hartwell", given_name="Amelia", family_name="Hartwell", **OAK, **PHONE)
    names = {"GivenName": "Robert", "FamilyName": "Hartwell"}
    there(world, "Robert Hartwell", **names, **OAK_THERE, **PHONE_THERE)

    world.full()

    (issue,) = Issue.objects.filter(connection=world.connection)
    assert (issue.label, issue.reason) == ("Amelia Hartwell", "likely_pair")
    (shown,) = issue.details["candidates"]
    assert "same phone" in shown["told"]
    assert "same street and number" in shown["told"]
    assert world.names_there() == ["Robert Hartwell"]
    assert Customer.objects.filter(company=world.company).count() == 1


def test_the_nearer_of_two_there_is_the_one(world: World) -> None:
    here(world, "Amelia Hartwell", **OAK, **PHONE)
    there(world, "Amelia Hartwel", **OAK_THERE, **PHONE_THERE)
    there(world, "Amelia Harwell", PrimaryPhone={"FreeFormNumber": "(520) 777-9999"})

    world.full()

    assert ("Amelia Hartwell", "Amelia Hartwel") in pairs(world)


def test_sub_customers_are_compared_below_the_parents_that_are_one(world: World) -> None:
    parent = here(world, "Oakdale Property Management", **PHONE)
    child = here(world, "Building A", parent=parent.pk, **OAK, email="a@oakdale.com")
    here(world, "Kitchen", parent=child.pk)
    above = there(world, "Oakdale Property Mgmt", **PHONE_THERE)
    below = {"Job": True, "ParentRef": {"value": above["Id"]}}
    middle = there(world, "Bldg A", **below, **OAK_THERE, PrimaryEmailAddr={"Address": "a@oakdale.com"})
    there(world, "Kitchen", Job=True, ParentRef={"value": middle["Id"]})
    before = len(world.there("Customer"))

    world.full()

    assert world.issues() == {}
    assert len(world.there("Customer")) == before
    assert Customer.objects.filter(company=world.company).count() == before == len(pairs(world))
    nothing_more(world)


def test_one_that_a_person_called_another_is_not_asked_about_again(world: World) -> None:
    ours = here(world, "Amelia Hartwell", given_name="Amelia", family_name="Hartwell", **OAK, **PHONE)
    names = {"GivenName": "Robert", "FamilyName": "Hartwell"}
    there(world, "Robert Hartwell", **names, **OAK_THERE, **PHONE_THERE)
    world.full()

    resolve.carry_out(Issue.objects.get(connection=world.connection), "different", value="")
    world.full()

    assert world.names_there() == ["Amelia Hartwell", "Robert Hartwell"]
    assert sorted(Customer.objects.values_list("display_name", flat=True)) == world.names_there()
    assert Customer.objects.get(pk=ours.pk).display_name == "Amelia Hartwell"
    nothing_more(world)


def test_the_likeliest_question_comes_first(world: World) -> None:
    """Of two questions, that which is nearer to being certain."""
    here(world, "John Smith", email="john@example.com")
    there(world, "John Smith", PrimaryEmailAddr={"Address": "js@example.org"})
    here(world, "Amelia Hartwell", given_name="Amelia", family_name="Hartwell", **OAK, **PHONE)
    names = {"GivenName": "Amy", "FamilyName": "Hartwel"}
    there(world, "Amy Hartwel", **names, **PHONE_THERE, BillAddr={"Line1": "9 Elm", "PostalCode": "94030"})

    world.full()

    issues = Issue.objects.filter(connection=world.connection)
    assert len({issue.likeness for issue in issues}) == issues.count() == 2


def test_preview_and_run_pair_alike(world: World) -> None:
    here(world, "Hartwell, Amelia", **OAK, **PHONE)
    there(world, "Amelia Hartwell", **OAK_THERE, **PHONE_THERE)
    preview = world.work(ask(connection=world.connection, scope=SyncRun.Scope.FULL, preview=True))

    steps = {(step.label, step.action) for step in preview.plannedsteps.filter(kind="customer")}
    assert {action for _, action in steps} & {"create"} == set()
    world.full()
    assert len(world.there("Customer")) == 1


def test_what_was_edited_while_the_lists_were_compared_is_compared_anew(world: World) -> None:
    """A sub-customer waits for its parent, and meanwhile somebody else moves in."""
    parent = here(world, "Oakdale Property Management", **PHONE)
    ours = here(world, "Amelia Hartwell", parent=parent.pk, **OAK)
    above = there(world, "Oakdale Property Mgmt", **PHONE_THERE)
    there(world, "Amelia Hartwel", Job=True, ParentRef={"value": above["Id"]}, **OAK_THERE)

    def move(name: str) -> None:
        linked = Link.objects.filter(local_id=parent.pk, remote__isnull=False)
        if name == "page committed" and not moved and linked.exists():
            moved.append(name)
            values = {**dict.fromkeys(OAK, ""), "display_name": "Zoe Quillfeather"}
            customers.update(company=world.company, id=ours.pk, values=values)

    moved: list[str] = []
    world.checkpoint = move
    world.full()

    assert moved
    assert ("Zoe Quillfeather", "Oakdale Property Mgmt:Amelia Hartwel") not in pairs(world)


def test_services_written_otherwise_are_one_and_other_ones_are_not(world: World) -> None:
    rows = [{"name": "Water heater install", "code": "WH-1", "price": Decimal(900)}]
    rows += [{"name": "Drain cleaning 50 ft", "code": "DC-50", "price": Decimal(150)}]
    work_codes.create_many(company=world.company, rows=rows)
    account = next(row["Id"] for row in world.there("Account") if row["AccountType"] == "Income")
    item = {"Type": "Service", "IncomeAccountRef": {"value": account}}
    world.post("item", {"Name": "Water heater installation", "Sku": "WH-1", "UnitPrice": 900, **item})
    world.post("item", {"Name": "Drain cleaning 100 ft", "UnitPrice": 250, **item})

    run = world.full()

    assert run.counts["work_code.here.linked"] == 1
    assert {"Water heater installation", "Drain cleaning 50 ft"} <= set(world.names_there("Item"))
    assert "Water heater install" not in world.names_there("Item")


def test_what_many_have_is_no_reason_also_if_those_are_linked_long_since(world: World) -> None:
    """The manager's phone stands at every house; two new houses are no one house by it."""
    for house in ("Alder Court", "Birch Court", "Cedar Court", "Dogwood Court"):
        here(world, house, **PHONE)
    world.full()
    assert len(pairs(world)) == 4

    here(world, "Hawthorne Residence", **PHONE)
    there(world, "Hawhtorne Residence", **PHONE_THERE)
    world.sync()

    assert world.issues() == {"Hawthorne Residence": "likely_pair"}


def test_of_a_long_list_what_is_common_is_kept_and_reckoned_anew_when_it_has_grown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "READ_ALWAYS", 1)
    for house in ("Alder Court", "Birch Court", "Cedar Court", "Dogwood Court"):
        here(world, house, **PHONE)
        there(world, house, **PHONE_THERE)
    world.full()
    (kept,) = Common.objects.filter(connection=world.connection, kind="customer")
    assert (kept.rows, kept.here["w:court"]) == (8, 4)

    here(world, "Hawthorne Residence", **PHONE)
    there(world, "Hawhtorne Residence", **PHONE_THERE)
    world.sync()

    kept.refresh_from_db()
    assert kept.rows == 10
    assert world.issues() == {"Hawthorne Residence": "likely_pair"}
