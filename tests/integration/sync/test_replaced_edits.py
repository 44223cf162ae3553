"""The same field edited on both sides: ours is sent, theirs is listed, and comes back at one press."""

from typing import Any

import pytest
from django.urls import reverse

from quickbooks_sync.models import Change, Issue, Outcome
from service_genius.companies.models import Company, Role, User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from tests.pressing import Client
from tests.world import World

NAME, THEIRS, OURS = "Amelia Hartwell", "(555) 201-0199", "(555) 201-0100"
LIST = f"{reverse('quickbooks:attention')}?show=replaced"


def somebody(company: Company, email: str = "ann@example.com") -> Client:
    user = User.objects.create_user(
        email=email, password="a long one", name="Ann", role=Role.OFFICE, company=company
    )
    client = Client()
    client.force_login(user)
    return client


def there(world: World) -> dict[str, Any]:
    return next(row for row in world.there("Customer") if row["DisplayName"] == NAME)


def edit_there(world: World, **values: Any) -> None:
    row = there(world)
    world.post("customer", {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True, **values})


def edit_here(world: World, **values: Any) -> None:
    customers.update(company=world.company, id=Customer.objects.get().pk, values=values)


@pytest.fixture
def replaced(world: World) -> Client:
    """The phone edited on both sides, ours sent."""
    customers.create(company=world.company, values={"display_name": NAME, "phone": "(555) 201-0001"})
    world.full()
    edit_there(world, PrimaryPhone={"FreeFormNumber": THEIRS}, Notes="Gate code 12")
    edit_here(world, phone=OURS)
    world.sync()
    assert there(world)["PrimaryPhone"]["FreeFormNumber"] == OURS
    return somebody(world.company)


def press(client: Client, what: str) -> str:
    change = Change.objects.filter(side="there", action="updated").latest("pk")
    answer = client.post(reverse("quickbooks:replaced", args=[change.pk, what]), {"back": LIST}, follow=True)
    return str(answer.content.decode())


def test_what_ours_replaced_is_listed_with_both_values(replaced: Client) -> None:
    page = replaced.get(LIST)
    told = [row.words for row in page.context["shown"].rows]
    assert told == [f"Phone: “{THEIRS}” in QuickBooks was replaced by “{OURS}”."]
    assert "Take it back" in page.content.decode()


def test_one_press_takes_it_back_on_both_sides_and_nothing_else(world: World, replaced: Client) -> None:
    assert "goes there with the next sync" in press(replaced, "take-back")
    assert Customer.objects.get().phone == THEIRS
    world.sync()
    assert there(world)["PrimaryPhone"]["FreeFormNumber"] == THEIRS
    assert there(world)["Notes"] == "Gate code 12"
    assert not replaced.get(LIST).context["shown"].rows
    outcome = Outcome.objects.get(by__isnull=False)
    assert (outcome.words, outcome.label) == ("The phone of QuickBooks was taken back.", NAME)
    assert world.sync().calls["write_batches"] == 0


def test_taken_back_twice_is_taken_back_once(replaced: Client) -> None:
    press(replaced, "take-back")
    assert "This was taken back or left already" in press(replaced, "take-back")
    assert Outcome.objects.count() == 1


def test_let_go_it_stays_as_it_is(world: World, replaced: Client) -> None:
    assert "stays as it is here" in press(replaced, "let-go")
    assert not replaced.get(LIST).context["shown"].rows
    world.sync()
    assert Customer.objects.get().phone == there(world)["PrimaryPhone"]["FreeFormNumber"] == OURS


def test_what_was_edited_here_since_is_not_written_over(world: World, replaced: Client) -> None:
    edit_here(world, phone="(555) 201-0002")
    assert "was edited here since. Nothing was taken back." in press(replaced, "take-back")
    assert Customer.objects.get().phone == "(555) 201-0002"
    assert replaced.get(LIST).context["shown"].rows


def test_what_nobody_edited_there_is_not_listed(world: World) -> None:
    customers.create(company=world.company, values={"display_name": NAME, "phone": "(555) 201-0001"})
    world.full()
    edit_here(world, phone=OURS)
    world.sync()
    assert not Change.objects.filter(overruled__isnull=False).exists()


def test_what_a_first_link_replaced_was_said_before_and_is_not_listed(world: World) -> None:
    customers.create(company=world.company, values={"display_name": NAME, "notes": "Two dogs"})
    world.post("customer", {"DisplayName": NAME, "Notes": "Gate code 12"})
    run = world.full()
    assert run.counts["replaced_values"] == 1
    assert not Change.objects.filter(overruled__isnull=False).exists()


def test_what_a_person_decided_is_not_listed(world: World, replaced: Client) -> None:
    press(replaced, "let-go")
    issue = Issue.objects.get()
    replaced.post(reverse("quickbooks:mend", args=[issue.pk, "send"]))
    world.sync()
    assert there(world).get("Notes", "") == ""
    assert not Change.objects.filter(overruled__isnull=False).exists()


def test_nobody_of_another_company_takes_it_back(replaced: Client) -> None:
    other = somebody(Company.objects.create(name="Other", zone="America/Los_Angeles"), "bo@example.com")
    change = Change.objects.get(overruled__isnull=False)
    for what in ("take-back", "let-go"):
        assert other.post(reverse("quickbooks:replaced", args=[change.pk, what])).status_code == 404
    assert replaced.post(reverse("quickbooks:replaced", args=[change.pk, "burn"])).status_code == 404
    assert Change.objects.filter(overruled__isnull=False).exists()
