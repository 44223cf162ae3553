"""A pair that is none is taken apart: each side gets its own back, nothing twice, nothing lost."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from quickbooks_sync.models import Issue, Link, SyncRun
from quickbooks_sync.resolving import apart, resolve
from quickbooks_sync.resolving.shared import CannotResolveError
from quickbooks_sync.runs.queue import ask
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.integration.sync import sales
from tests.pressing import Client
from tests.world import World

HERE = {"email": "john@example.com", "phone": "(520) 521-0143", "billing_city": "Bayshore"}
THERE = {
    "PrimaryEmailAddr": {"Address": "js@example.org"},
    "PrimaryPhone": {"FreeFormNumber": "(520) 777-9999"},
    "Mobile": {"FreeFormNumber": "(520) 777-1234"},
}


def john(world: World, **values: Any) -> Customer:
    return customers.create(company=world.company, values={"display_name": "John Smith", **HERE, **values})


def paired(world: World, **there: Any) -> tuple[Customer, dict[str, Any]]:
    """Two people of one name, whom somebody has said to be the same."""
    ours = john(world)
    theirs = world.post("customer", {"DisplayName": "John Smith", **THERE, **there})
    world.full()
    resolve.carry_out(Issue.objects.get(connection=world.connection), "same", value=theirs["Id"])
    world.sync()
    assert world.issues() == {}
    assert emails(world) == {"John Smith": "john@example.com"}
    return ours, theirs


@pytest.fixture
def office(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def link_of(world: World, local: Any, kind: str = "customer") -> Link:
    return Link.objects.select_related("remote", "connection__company").get(
        connection=world.connection, kind=kind, local_id=local.pk
    )


def take(link: Link) -> str:
    told = apart.take_apart(link.pk, seen=apart.look(link).seen)
    assert told is not None
    return told


def emails(world: World) -> dict[str, str]:
    return {
        row["DisplayName"]: (row.get("PrimaryEmailAddr") or {}).get("Address", "")
        for row in world.there("Customer")
    }


def here(world: World, field: str = "email") -> dict[str, Any]:
    return dict(Customer.objects.filter(company=world.company).values_list("display_name", field))


def nothing_more(world: World) -> None:
    assert world.issues() == {}
    for run in (world.sync(), world.full()):
        assert not [name for name in run.counts if "." in name], run.counts


def test_each_side_has_its_own_again_and_nothing_is_sent_by_the_press(world: World) -> None:
    ours, _ = paired(world)

    told = take(link_of(world, ours))

    assert emails(world) == {"John Smith": "john@example.com"}  # as it was
    assert "named “John Smith (2)”" in told
    world.sync()
    own = {"John Smith": "js@example.org", "John Smith (2)": "john@example.com"}
    assert emails(world) == own == here(world)
    assert here(world, "mobile") == {"John Smith": "(520) 777-1234", "John Smith (2)": ""}
    assert Customer.objects.get(pk=ours.pk).display_name == "John Smith (2)"
    nothing_more(world)


def test_two_of_other_names_keep_them(world: World) -> None:
    same = {"phone": "(520) 521-0143", "billing_street": "12 Oak St", "billing_postal_code": "94501"}
    ours = customers.create(company=world.company, values={"display_name": "Amelia Hartwell", **same})
    address = {"Line1": "12 Oak St", "PostalCode": "94501"}
    phone = {"FreeFormNumber": "520 521 0143"}
    world.post("customer", {"DisplayName": "Amelia Hartwel", "BillAddr": address, "PrimaryPhone": phone})
    world.full()

    take(link_of(world, ours))
    world.sync()

    assert world.names_there() == ["Amelia Hartwel", "Amelia Hartwell"] == sorted(here(world))
    nothing_more(world)


def test_what_was_edited_since_stays_as_it_is(world: World) -> None:
    """Only what still is as the sync left it goes back."""
    ours, _ = paired(world)
    (row,) = world.there("Customer")
    phone = {"PrimaryPhone": {"FreeFormNumber": "(520) 333-0000"}}
    world.post("customer", {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True, **phone})
    world.sync()  # asked about, or only seen

    take(link_of(world, ours))
    world.sync()

    phones = {row["DisplayName"]: row["PrimaryPhone"]["FreeFormNumber"] for row in world.there("Customer")}
    assert phones["John Smith"] == "(520) 333-0000"
    assert emails(world)["John Smith"] == "js@example.org"


def test_a_full_sync_does_not_pair_them_again(world: World) -> None:
    ours, theirs = paired(world)
    take(link_of(world, ours))

    for _ in range(2):
        world.full()

    assert link_of(world, ours).remote.remote_id != theirs["Id"]  # type: ignore[union-attr]
    assert len(world.there("Customer")) == 2
    nothing_more(world)


def test_a_full_sync_does_not_pair_them_again_with_the_one_that_is_free(world: World) -> None:
    """Also if the record that the one there has got here is gone by then."""
    ours, theirs = paired(world)
    take(link_of(world, ours))
    Link.objects.filter(remote__remote_id=theirs["Id"], kind="customer").update(local_id=None)
    Customer.objects.filter(display_name="John Smith").delete()
    customers.update(company=world.company, id=ours.pk, values={"display_name": "John Smith"})

    world.full()

    linked = Link.objects.filter(kind="customer", remote__remote_id=theirs["Id"], local_id=ours.pk)
    assert not linked.exists()


def test_unpaid_invoices_move_and_paid_ones_stay_to_the_cent(world: World) -> None:
    ours, _ = paired(world)
    work_codes.create(company=world.company, values={"name": sales.SERVICE, "price": Decimal(89)})
    paid = sales.invoice(world, "John Smith")
    sales.paid(world, paid)
    unpaid = sales.invoice(world, "John Smith")
    world.sync()
    assert world.issues() == {}

    found = apart.look(link_of(world, ours))
    assert {each.label: each.moves for each in found.documents if each.kind.name == "invoice"} == {
        f"Invoice {paid.number}": False,
        f"Invoice {unpaid.number}": True,
    }
    take(link_of(world, ours))
    world.sync()

    names = {row["Id"]: row["DisplayName"] for row in world.there("Customer")}
    rows = {row["DocNumber"]: row for row in world.there("Invoice")}
    assert names[rows[paid.number]["CustomerRef"]["value"]] == "John Smith"
    assert names[rows[unpaid.number]["CustomerRef"]["value"]] == "John Smith (2)"
    assert rows[paid.number]["TotalAmt"] == rows[unpaid.number]["TotalAmt"] == Decimal(str(unpaid.total))
    nothing_more(world)


def test_sub_customers_go_with_whom_they_came_from(world: World) -> None:
    ours, theirs = paired(world)
    customers.create(company=world.company, values={"display_name": "Kitchen", "parent": ours.pk})
    world.post("customer", {"DisplayName": "Cabin", "Job": True, "ParentRef": {"value": theirs["Id"]}})
    world.sync()
    world.sync()

    take(link_of(world, ours))
    world.sync()

    full = sorted(row["FullyQualifiedName"] for row in world.there("Customer"))
    assert full == ["John Smith", "John Smith (2)", "John Smith (2):Kitchen", "John Smith:Cabin"]
    nothing_more(world)


def test_a_work_code_gets_its_price_back_and_invoices_keep_their_lines(world: World) -> None:
    code = work_codes.create(company=world.company, values={"name": "Labor", "price": Decimal(55)})
    account = next(row["Id"] for row in world.there("Account") if row["AccountType"] == "Income")
    item = {"Type": "Service", "IncomeAccountRef": {"value": account}}
    world.post("item", {"Name": "Labor", "UnitPrice": 60, "Description": "By the day", **item})
    world.full()
    assert {row["Name"]: row["UnitPrice"] for row in world.there("Item") if row["Name"] == "Labor"} == {
        "Labor": 55
    }

    take(link_of(world, code, "work_code"))
    world.sync()

    prices = {row["Name"]: row["UnitPrice"] for row in world.there("Item") if "Labor" in row["Name"]}
    assert prices == {"Labor": 60, "Labor (2)": 55}
    assert WorkCode.objects.get(company=world.company, name="Labor").description == "By the day"
    assert WorkCode.objects.get(company=world.company, name="Labor (2)").description == ""
    nothing_more(world)


def test_what_was_made_for_the_other_side_is_no_pair_to_take_apart(world: World) -> None:
    made = john(world)
    world.post("customer", {"DisplayName": "Rose Diner"})
    world.full()

    for local in (made, Customer.objects.get(display_name="Rose Diner")):
        link = link_of(world, local)
        assert not apart.can_be(link)
        with pytest.raises(CannotResolveError):
            apart.look(link)


def test_only_what_was_shown_is_done(world: World) -> None:
    ours, _ = paired(world)
    link = link_of(world, ours)
    seen = apart.look(link).seen
    customers.update(company=world.company, id=ours.pk, values={"notes": "Gate 12"})

    assert apart.take_apart(link.pk, seen=seen) is None
    assert link_of(world, ours).paired


def test_while_a_sync_is_under_way_nothing_is_taken_apart(world: World) -> None:
    ours, _ = paired(world)
    run = SyncRun.objects.filter(connection=world.connection).latest("pk")
    SyncRun.objects.filter(pk=run.pk).update(state=SyncRun.State.RUNNING)

    with pytest.raises(CannotResolveError, match="under way"):
        apart.look(link_of(world, ours))


def test_the_page_shows_it_all_and_a_second_press_does_nothing(world: World, office: Client) -> None:
    ours, _ = paired(world)
    link = link_of(world, ours)
    record = office.get(reverse("customers:detail", kwargs={"pk": ours.pk})).content.decode()
    address = reverse("quickbooks:apart", args=[link.pk])
    assert address in record

    page = office.get(address).content.decode()
    for told in ("js@example.org", "john@example.com", "number behind its name", "Take them apart"):
        assert told in page
    assert link_of(world, ours).paired
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    for _ in range(2):
        assert office.post(address, {"seen": seen}).status_code == 302

    assert Customer.objects.filter(company=world.company).count() == 2
    world.sync()
    nothing_more(world)


def test_whoever_was_taken_apart_is_linked_with_the_one_that_it_is(world: World, office: Client) -> None:
    ours, _ = paired(world)
    take(link_of(world, ours))
    right = world.post("customer", {"DisplayName": "J. Smith Carpentry", "Notes": "Gate 12"})
    world.run("look")
    address = reverse("quickbooks:another", args=["customer", ours.pk])
    assert address in office.get(reverse("customers:detail", kwargs={"pk": ours.pk})).content.decode()

    page = office.get(address, {"q": "carpentry"}).content.decode()
    assert "J. Smith Carpentry" in page
    for _ in range(2):
        office.post(address, {"value": right["Id"]})
    world.sync()

    assert emails(world) == {"John Smith": "js@example.org", "J. Smith Carpentry": "john@example.com"}
    assert here(world, "notes") == {"John Smith": "", "John Smith (2)": "Gate 12"}
    nothing_more(world)


def test_one_that_is_somebody_here_is_linked_with_nobody_else(world: World, office: Client) -> None:
    customers.create(company=world.company, values={"display_name": "Rose Diner"})
    world.full()
    [rose] = world.there("Customer")
    other = customers.create(company=world.company, values={"display_name": "Fern Cafe"})

    office.post(reverse("quickbooks:another", args=["customer", other.pk]), {"value": rose["Id"]})
    world.sync()

    assert world.names_there() == ["Fern Cafe", "Rose Diner"]
    nothing_more(world)


def test_a_product_of_another_sort_is_no_service(world: World, office: Client) -> None:
    code = work_codes.create(company=world.company, values={"name": "Filter"})
    account = next(row["Id"] for row in world.there("Account") if row["AccountType"] == "Income")
    body = {"Name": "Filter 16x25", "Type": "NonInventory", "IncomeAccountRef": {"value": account}}
    product = world.post("item", body)
    world.run("look")

    office.post(reverse("quickbooks:another", args=["work_code", code.pk]), {"value": product["Id"]})

    assert not Link.objects.filter(kind="work_code", local_id=code.pk, remote__isnull=False).exists()


def test_the_one_there_is_numbered_here_if_another_one_has_its_name_and_the_page_says_so(
    world: World, office: Client
) -> None:
    """A wrong answer gave the counterpart of one to another; both are here, and one of them is numbered."""
    wrong = customers.create(company=world.company, values={"display_name": "Kowalski Supply"})
    cafe = customers.create(company=world.company, values={"display_name": "Bluebird Cafe", "phone": "520 1"})
    theirs = world.post("customer", {"DisplayName": "Bluebird Cafe", "Notes": "Gate 12"})
    world.run("look")
    search = office.get(reverse("quickbooks:another", args=["customer", wrong.pk]), {"q": "bluebird"})
    assert "Your “Bluebird Cafe” has this very name" in search.content.decode()
    office.post(reverse("quickbooks:another", args=["customer", wrong.pk]), {"value": theirs["Id"]})
    world.full()
    assert world.issues() == {"Bluebird Cafe": "name_taken"}
    card = office.get(reverse("quickbooks:attention")).content.decode()
    assert "is linked with your “Kowalski Supply”" in card

    link = link_of(world, wrong)
    page = office.get(reverse("quickbooks:apart", args=[link.pk])).content.decode()
    assert reverse("customers:detail", kwargs={"pk": cafe.pk}) in page
    assert "it gets a number behind it" in page
    take(link)
    numbered = Customer.objects.get(display_name="Bluebird Cafe (2)")
    customers.merge_customers(company=world.company, loser=numbered.pk, survivor=cafe.pk)
    world.sync()

    assert world.names_there() == ["Bluebird Cafe", "Kowalski Supply"]
    assert link_of(world, cafe).remote.remote_id == theirs["Id"]  # type: ignore[union-attr]
    nothing_more(world)


def test_the_page_of_one_that_was_taken_apart_says_so(world: World, office: Client) -> None:
    ours, _ = paired(world)
    link = link_of(world, ours)
    take(link)
    page = office.get(reverse("quickbooks:apart", args=[link.pk]), follow=True).content.decode()
    assert "linked with nobody in QuickBooks" in page


def test_a_record_says_what_it_is_called_there_and_so_does_every_step(world: World, office: Client) -> None:
    phone = {"phone": "(520) 521-0143", "billing_street": "12 Oak St", "billing_postal_code": "94501"}
    ours = customers.create(company=world.company, values={"display_name": "Amelia Hartwell", **phone})
    address = {"Line1": "12 Oak St", "PostalCode": "94501"}
    there = {"BillAddr": address, "PrimaryPhone": {"FreeFormNumber": "520 521 0143"}}
    world.post("customer", {"DisplayName": "Amelia Hartwel", **there})
    preview = world.work(ask(connection=world.connection, scope=SyncRun.Scope.FULL, preview=True))
    run = world.full()

    for steps in (preview.plannedsteps, run.changes):
        assert steps.get(action="linked").note == "With “Amelia Hartwel” in QuickBooks."
    page = office.get(reverse("customers:detail", kwargs={"pk": ours.pk})).content.decode()
    assert "In QuickBooks it is called “Amelia Hartwel”." in page


def test_a_search_finds_what_is_written_there_without_its_accents(world: World, office: Client) -> None:
    made = customers.create(company=world.company, values={"display_name": "Zoe Quillfeather"})
    world.post("customer", {"DisplayName": "Jorg Muller"})
    world.run("look")
    page = office.get(reverse("quickbooks:another", args=["customer", made.pk]), {"q": "Müller"})
    assert "Jorg Muller" in page.content.decode()


def test_paired_sub_customers_are_taken_apart_first(world: World) -> None:
    ours, theirs = paired(world)
    kitchen = customers.create(company=world.company, values={"display_name": "Kitchen", "parent": ours.pk})
    world.post("customer", {"DisplayName": "Kitchen", "Job": True, "ParentRef": {"value": theirs["Id"]}})
    world.sync()
    assert apart.can_be(link_of(world, kitchen))

    with pytest.raises(CannotResolveError, match="Kitchen”, which was paired, too"):
        apart.look(link_of(world, ours))

    take(link_of(world, kitchen))
    world.sync()
    take(link_of(world, ours))
    world.sync()
    full = {row["FullyQualifiedName"] for row in world.there("Customer")}
    assert full == {
        *("John Smith", "John Smith (2)"),
        *("John Smith:Kitchen", "John Smith (2):Kitchen (2)"),
    }
    nothing_more(world)


def test_one_that_is_put_away_there_is_not_taken_apart(world: World) -> None:
    ours, _ = paired(world)
    (row,) = world.there("Customer")
    away = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True, "Active": False}
    world.post("customer", away)
    world.sync()

    with pytest.raises(CannotResolveError, match="not in use in QuickBooks"):
        apart.look(link_of(world, ours))


def test_invoices_keep_the_service_item_that_they_were_sent_with(world: World) -> None:
    code = work_codes.create(company=world.company, values={"name": sales.SERVICE, "price": Decimal(89)})
    account = next(row["Id"] for row in world.there("Account") if row["AccountType"] == "Income")
    item = world.post(
        "item", {"Name": sales.SERVICE, "Type": "Service", "IncomeAccountRef": {"value": account}}
    )
    john(world)
    world.full()
    sent = sales.invoice(world, "John Smith")
    world.sync()

    take(link_of(world, code, "work_code"))
    world.sync()

    (row,) = world.there("Invoice")
    assert row["DocNumber"] == sent.number
    assert row["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"] == item["Id"]
    nothing_more(world)
