"""What was chosen and is put away there: asked for once, never replaced unasked, freed by choosing."""

from decimal import Decimal

import pytest
from django.urls import reverse

from quickbooks_sync.models import Connection, Issue
from service_genius.companies.models import User
from service_genius.payments.models import Payment
from service_genius.work_codes import operations as work_codes
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA
from tests.integration.sync.foretelling import foretold
from tests.integration.sync.test_causes import changed_there
from tests.pressing import Client
from tests.world import World

HOME = reverse("quickbooks:home")
CHOICES = reverse("quickbooks:choices")


def account(world: World, choice: str) -> str:
    """The name of the account that is chosen."""
    world.connection.refresh_from_db()
    chosen = getattr(world.connection, choice)
    return next(row["Name"] for row in world.there("Account") if row["Id"] == chosen)


def other_account(world: World, choice: str) -> str:
    """The id of another that could be chosen."""
    chosen = next(row for row in world.there("Account") if row["Id"] == getattr(world.connection, choice))
    for row in world.there("Account"):
        if row["Id"] != chosen["Id"] and row["Active"] and row["AccountType"] == chosen["AccountType"]:
            return str(row["Id"])
    raise AssertionError("there is one account only")


def put_away(world: World, choice: str, *, active: bool = False) -> None:
    changed_there(world, "Account", account(world, choice), Active=active)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fields_of(client: Client) -> dict[str, str]:
    """What the form of the choices would post as it is shown."""
    form = client.get(HOME).context["choices"]
    shown = {field.html_name: field.value() for field in form}
    first = {f"initial-{name}": value for name, value in shown.items()}
    return {name: "" if value is None else str(value) for name, value in (shown | first).items()}


def work_code(world: World, name: str) -> None:
    work_codes.create(company=world.company, values={"name": name, "price": Decimal(80)})


@pytest.fixture
def gone(selling: World) -> World:
    """The income account was put away; three work codes are new."""
    put_away(selling, "income_account")
    for name in ("Drain", "Vent", "Fan"):
        work_code(selling, name)
    selling.sync()
    return selling


def test_a_preview_that_learns_of_an_account_which_is_back_shows_what_it_frees(gone: World) -> None:
    Issue.objects.all().delete()  # nothing asks for the settings before the lists are looked at
    put_away(gone, "income_account", active=True)
    sales.invoice(gone, AMELIA)

    created = {label for _, action, label in foretold(gone) if action == "created"}

    assert {"Drain", "Vent", "Fan"} <= created


def test_an_account_that_was_put_away_is_asked_for_once(gone: World) -> None:
    assert list(gone.issues().items()) == [("Drain", "no_account")]
    assert set(gone.names_there("Item")).isdisjoint({"Drain", "Vent", "Fan"})
    first = Issue.objects.get()
    gone.sync()
    assert Issue.objects.get() == first


def test_the_choices_show_it_empty_and_say_so(gone: World, alice: User) -> None:
    client = browser(alice)
    page = client.get(HOME).content.decode()
    assert fields_of(client)["income_account"] == ""
    assert "No longer in use in QuickBooks: “Income account for new work codes”" in page


def test_saving_another_choice_books_nothing_to_another_account(gone: World, alice: User) -> None:
    client = browser(alice)
    before = Connection.objects.get().income_account
    answer = client.post(CHOICES, fields_of(client) | {"two_way_edits": "on"})
    assert answer.status_code == 302
    after = Connection.objects.get()
    assert (after.income_account, after.two_way_edits) == (before, True)
    gone.sync()
    assert gone.issues() == {"Drain": "no_account"}


def test_choosing_another_frees_what_waited(gone: World, alice: User) -> None:
    client = browser(alice)
    chosen = other_account(gone, "income_account")
    assert client.post(CHOICES, fields_of(client) | {"income_account": chosen}).status_code == 302
    gone.sync()
    assert gone.issues() == {}
    new = [row for row in gone.there("Item") if row["Name"] in {"Drain", "Vent", "Fan"}]
    assert [row["IncomeAccountRef"]["value"] for row in new] == [chosen] * 3


def test_making_it_active_again_there_frees_what_waited(gone: World) -> None:
    chosen = gone.connection.income_account
    row = next(row for row in gone.there("Account") if row["Id"] == chosen)
    changed_there(gone, "Account", row["Name"], Active=True)
    gone.sync()
    assert gone.issues() == {}
    assert {"Drain", "Vent", "Fan"} <= set(gone.names_there("Item"))


def test_an_edit_of_what_is_there_needs_no_account(gone: World) -> None:
    held = work_codes.update(
        company=gone.company,
        id=next(row.pk for row in work_codes.WorkCode.objects.filter(name=sales.SERVICE)),
        values={"price": Decimal(120)},
    )
    gone.sync()
    there = next(row for row in gone.there("Item") if row["Name"] == held.name)
    assert there["UnitPrice"] == 120


def test_a_payment_goes_to_no_other_account_than_the_one_chosen(selling: World, alice: User) -> None:
    world = selling
    Connection.objects.update(deposit_account=other_account(world, "deposit_account"))
    world.connection.refresh_from_db()
    put_away(world, "deposit_account")
    for _ in range(2):
        sales.paid(world, sales.invoice(world, AMELIA))
    world.sync()
    assert world.there("Payment") == []
    assert list(world.issues().values()) == ["no_account"]
    client = browser(alice)
    assert fields_of(client)["deposit_account"] == ""
    chosen = other_account(world, "deposit_account")
    client.post(CHOICES, fields_of(client) | {"deposit_account": chosen})
    world.sync()
    assert world.issues() == {}
    assert [row["DepositToAccountRef"]["value"] for row in world.there("Payment")] == [chosen] * 2
    assert Payment.objects.count() == 2
