"""What is told while a record is typed: who it may be already, and who has its name in QuickBooks."""

from typing import Any

import pytest
from django.urls import reverse

from service_genius.companies.models import Company, User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.work_codes import operations as work_codes
from tests.pressing import Client
from tests.world import World


@pytest.fixture
def office(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def told(office: Client, kind: str = "customer", **typed: Any) -> str:
    answer = office.get(reverse("quickbooks:entering"), {"kind": kind, **typed})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_whoever_may_be_here_already_is_named_with_what_agrees(office: Client, company: Company) -> None:
    known = customers.create(
        company=company, values={"display_name": "Amelia Hartwell", "phone": "(520) 521-0143"}
    )
    page = told(office, display_name="Hartwell, Amelia", phone="520.521.0143")
    assert "This may be here already" in page
    assert reverse("customers:detail", kwargs={"pk": known.pk}) in page
    assert "same phone" in page


@pytest.mark.parametrize("typed", [{"display_name": "Zoe Quillfeather"}, {"display_name": " "}, {}])
def test_nothing_is_told_of_somebody_new(office: Client, company: Company, typed: dict[str, str]) -> None:
    customers.create(company=company, values={"display_name": "Amelia Hartwell"})
    assert told(office, **typed) == ""


def test_one_that_is_edited_is_not_itself(office: Client, company: Company) -> None:
    known = customers.create(company=company, values={"display_name": "Amelia Hartwell"})
    assert told(office, display_name="Amelia Hartwell", id=known.pk) == ""


def test_somebody_of_another_company_is_nobody(office: Client, charlie: User) -> None:
    customers.create(company=charlie.company, values={"display_name": "Amelia Hartwell"})
    assert told(office, display_name="Amelia Hartwell") == ""


@pytest.mark.parametrize(("entity", "who"), [("vendor", "A vendor"), ("employee", "An employee")])
def test_a_name_that_is_held_in_quickbooks_is_told_with_a_free_one(
    world: World, office: Client, entity: str, who: str
) -> None:
    body = {"DisplayName": "Northside Supply", "GivenName": "Northside", "FamilyName": "Supply"}
    world.post(entity, body)
    world.full()
    page = told(office, display_name="NORTHSIDE supply ")
    assert f"{who} in QuickBooks already has the name" in page
    assert 'data-value="NORTHSIDE supply (customer)"' in page


def test_a_customer_who_is_only_there_is_told_and_nothing_has_to_be_renamed(
    world: World, office: Client
) -> None:
    world.run("look")
    world.post("customer", {"DisplayName": "Rose Diner"})
    world.run("look")
    page = told(office, display_name="Rose Diner")
    assert "QuickBooks has “Rose Diner” as well" in page
    assert "data-fill" not in page


def test_its_own_name_there_is_no_clash(world: World, office: Client) -> None:
    known = customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    world.full()
    assert told(office, display_name="Amelia Hartwell", id=known.pk) == ""


def test_a_work_code_of_the_same_code_is_told(office: Client, company: Company) -> None:
    work_codes.create(company=company, values={"name": "Spring tune-up", "code": "TU-1"})
    assert "same code" in told(office, "work_code", name="AC maintenance", code="TU-1")


def test_what_is_typed_below_another_is_compared_below_it(office: Client, company: Company) -> None:
    parent = customers.create(company=company, values={"display_name": "Oakdale"})
    customers.create(company=company, values={"display_name": "Unit 1", "parent": parent.pk})
    other = customers.create(company=company, values={"display_name": "Larkspur"})
    assert "Unit 1" in told(office, display_name="Unit 1", parent="Oakdale")
    assert told(office, display_name="Unit 1", parent=other.display_name) == ""


def test_telling_changes_nothing(office: Client, company: Company) -> None:
    told(office, display_name="Amelia Hartwell")
    assert not Customer.objects.filter(company=company).exists()
