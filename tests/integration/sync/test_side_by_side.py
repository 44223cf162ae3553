"""Two companies whose books hold the same ids, names, numbers and amounts: neither ever meets the other's."""

from datetime import date
from decimal import Decimal

import pytest

from quickbooks_sync.models import Issue, Link, Remote, Sending
from service_genius.companies.models import Company, User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.emulator import Emulator
from tests.pressing import Client
from tests.world import Killed, World, connected_world

DAY = date(2026, 3, 2)


def enter_lists(world: World) -> None:
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=world.company, values={"name": "Service Call", "price": Decimal(89)})


def enter_money(world: World) -> None:
    """An invoice and its payment, the same in both companies."""
    buyer = Customer.objects.get(company=world.company, display_name="Amelia Hartwell")
    code = WorkCode.objects.get(company=world.company, name="Service Call")
    line = {"work_code": code.pk, "quantity": Decimal(1), "unit_price": Decimal(100), "taxable": False}
    values = {"number": "1001", "customer": buyer.pk, "date": DAY, "due_date": DAY, "lines": [line]}
    invoice = invoices.create(company=world.company, values=values)
    paid = {"customer": buyer.pk, "date": DAY, "amount": invoice.total}
    allocations = [{"invoice": invoice.pk, "amount": invoice.total}]
    payments.create(company=world.company, values=paid | {"allocations": allocations})


def edit_there(world: World, *, name: str = "Amelia Hartwell", **values: str) -> None:
    [row] = [row for row in world.there("Customer") if row["DisplayName"] == name]
    world.post("customer", {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True} | values)


def sync(world: World, scope: str) -> None:
    run = world.run(scope)
    assert run.state == "done", run.error


def assert_alone(world: World) -> None:
    """All that is there is its own, linked to its own records, and needs nobody."""
    assert world.issues() == {}
    for link in Link.objects.filter(connection=world.connection).select_related("remote"):
        assert link.remote is None or link.remote.connection_id == world.connection.pk
    own = set(Customer.objects.filter(company=world.company).values_list("pk", flat=True))
    linked = Link.objects.filter(connection=world.connection, kind="customer")
    assert set(linked.values_list("local_id", flat=True)) == own


@pytest.fixture
def neighbour(world: World, emulator: Emulator) -> World:
    """Another company, with books of its own."""
    company = Company.objects.create(name="Valley Plumbing", zone="America/Los_Angeles")
    return connected_world(emulator, company)


@pytest.fixture
def both(world: World, neighbour: World) -> tuple[World, World]:
    """Both after their Full Sync; what stands in their books has the same ids and names."""
    for one in (neighbour, world):
        enter_lists(one)
        sync(one, "full")
    remotes = [
        list(
            Remote.objects.filter(connection=one.connection)
            .order_by("remote_id", "entity")
            .values_list("remote_id", "name")
        )
        for one in (world, neighbour)
    ]
    assert remotes[0] == remotes[1]
    return world, neighbour


def test_the_lists_of_two_companies_never_meet(both: tuple[World, World]) -> None:
    for one in both:
        assert_alone(one)
        assert one.names_there() == ["Amelia Hartwell"]
        assert one.sync().calls["total"] == 1


def test_the_money_of_two_companies_never_meets(both: tuple[World, World]) -> None:
    for one in both:
        enter_money(one)
    for one in both:
        sync(one, "sync")
        assert_alone(one)
        assert [row["DocNumber"] for row in one.there("Invoice")] == ["1001"]
        assert [row["Balance"] for row in one.there("Invoice")] == [0]
        assert [row["TotalAmt"] for row in one.there("Payment")] == [100]


def test_an_invoice_entered_by_hand_is_asked_about_although_the_neighbours_has_its_id(
    both: tuple[World, World],
) -> None:
    """The neighbour's invoice has this id, and is linked."""
    world, neighbour = both
    enter_money(neighbour)
    sync(neighbour, "sync")
    enter_money(world)
    [row] = neighbour.there("Invoice")
    world.emulator.load(world.realm, {"Invoice": [row | {"PrivateNote": ""}]})

    world.sync()

    assert world.issues() == {"Invoice 1001": "look_alike"}


def test_what_changes_in_the_books_of_one_is_told_to_that_one(both: tuple[World, World]) -> None:
    world, neighbour = both
    edit_there(world, Notes="Gate code 12")

    sync(neighbour, "sync")
    assert neighbour.issues() == {}
    sync(world, "sync")
    assert world.issues() == {"Amelia Hartwell": "changed_there"}
    sync(neighbour, "full")
    assert neighbour.issues() == {}


def test_a_lost_answer_of_one_is_found_out_by_that_one(both: tuple[World, World]) -> None:
    world, neighbour = both
    for one in both:
        customers.create(company=one.company, values={"display_name": "Nora Vance"})

    def die(name: str) -> None:
        if name == "answer received":
            raise Killed

    world.checkpoint = die
    with pytest.raises(Killed):
        world.sync()
    world.checkpoint = lambda _name: None

    sync(neighbour, "sync")
    assert Sending.objects.filter(connection=world.connection, state=Sending.State.OPEN).count() == 1
    assert neighbour.names_there() == ["Amelia Hartwell", "Nora Vance"]
    world.expire_lease()
    world.work(world.connection.runs.latest("pk"))
    for one in both:
        assert_alone(one)
        assert one.names_there() == ["Amelia Hartwell", "Nora Vance"]


def test_what_one_company_has_only_looked_at_is_nothing_to_the_other(world: World, neighbour: World) -> None:
    """Seen and not yet paired: names that could match, or be taken, and Links that are open."""
    for one in (world, neighbour):
        customers.create(company=one.company, values={"display_name": "Nora Vance"})
    world.post("customer", {"DisplayName": "Oakridge Dental"})
    put_away = world.post("customer", {"DisplayName": "Old Mill"})
    head = {name: put_away[name] for name in ("Id", "SyncToken")}
    world.post("customer", {**head, "sparse": True, "Active": False})
    for name in ("Oakridge Dental", "Old Mill"):
        customers.create(company=neighbour.company, values={"display_name": name})
    world.run("look")
    before = list(Link.objects.filter(connection=world.connection).order_by("pk").values())

    sync(neighbour, "full")

    assert_alone(neighbour)
    assert neighbour.names_there() == ["Nora Vance", "Oakridge Dental", "Old Mill"]
    assert list(Link.objects.filter(connection=world.connection).order_by("pk").values()) == before


def test_a_version_of_one_says_nothing_of_the_other(both: tuple[World, World]) -> None:
    """The same id was changed often in one's books, and once in the other's."""
    world, neighbour = both
    for number in range(3):
        edit_there(world, Notes=f"Gate code {number}")
    world.sync()
    edit_there(neighbour, Notes="Ring twice")

    sync(neighbour, "sync")

    assert neighbour.issues() == {"Amelia Hartwell": "changed_there"}


def test_what_one_has_of_an_id_is_not_what_the_other_has(world: World, neighbour: World) -> None:
    """Two customers have the same Id, each in its own books; one was edited more often."""
    for one, edits in ((world, 3), (neighbour, 0)):
        row = one.post("customer", {"DisplayName": f"First of {one.company.name}"})
        for number in range(edits):
            row = one.post("customer", {**row, "Notes": f"Gate code {number}", "sparse": True})
        sync(one, "full")
    for one in (world, neighbour):
        mine = Remote.objects.filter(connection=one.connection, entity="Customer")
        assert sorted(mine.values_list("name", flat=True)) == one.names_there()


def test_what_a_record_refers_to_is_found_in_its_own_books(world: World, neighbour: World) -> None:
    for one in (neighbour, world):
        parent = customers.create(company=one.company, values={"display_name": "Evergreen Homes"})
        customers.create(company=one.company, values={"display_name": "Lot 12", "parent": parent.pk})
        sync(one, "full")
    for one in (neighbour, world):  # the parents have the same Id in both
        edit_there(one, name="Lot 12", Notes="Gate code 12")
        sync(one, "sync")
        assert Issue.objects.get(connection=one.connection).details["fields"] == ["notes"]


def test_needs_attention_lists_ones_own(both: tuple[World, World], alice: User) -> None:
    """Both have something that needs a person."""
    world, neighbour = both
    for one, name in ((world, "Nora Vance"), (neighbour, "Oakridge Dental")):
        customers.create(company=one.company, values={"display_name": name})
        one.post("vendor", {"DisplayName": name})
        one.sync()
        assert one.issues() == {name: "name_taken"}
    browser = Client()
    browser.force_login(alice)

    page = browser.get("/settings/quickbooks/attention/").content.decode()

    assert "Nora Vance" in page
    assert "Oakridge Dental" not in page
