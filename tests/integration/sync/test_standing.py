"""When QuickBooks lets nobody in: each cause with its own words and way out."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from quickbooks_sync.models import Connection, SyncRun
from quickbooks_sync.pages.forms import ChoicesForm
from quickbooks_sync.runs.queue import ask
from quickbooks_sync.wording.troubles import TROUBLES
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from tests.pressing import Client
from tests.world import World

HOME = reverse("quickbooks:home")


@pytest.fixture
def browser(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def page(browser: Client, address: str = HOME) -> str:
    return unescape(browser.get(address).content.decode())


def standing(world: World, state: str) -> None:
    world.emulator.control("PUT", f"realms/{world.realm}/standing", {"state": state})


@pytest.mark.parametrize("state", ["lapsed", "suspended"])
def test_a_subscription_that_ended_is_told_once_and_blames_no_record(
    world: World, browser: Client, state: str
) -> None:
    world.full()
    for name in ("Amelia Hartwell", "Beacon Bakery"):
        customers.create(company=world.company, values={"display_name": name})
    standing(world, state)

    run = world.sync()

    assert (run.state, run.trouble) == ("failed", "subscription")
    assert world.issues() == {}
    told = page(browser)
    assert TROUBLES["subscription"][0] in told
    assert "Renew it, then try again" in told
    assert "Connect again" not in told

    standing(world, "active")
    browser.post(reverse("quickbooks:sync"), {"without_full": "yes"})
    world.work(SyncRun.objects.get(state="queued"))
    assert world.names_there() == ["Amelia Hartwell", "Beacon Bakery"]
    assert TROUBLES["subscription"][0] not in page(browser)


@pytest.mark.parametrize(
    ("scope", "preview"), [("full", True), ("sync", True), ("full", False), ("sync", False), ("look", False)]
)
def test_try_again_tries_what_failed_and_nothing_else(
    world: World, browser: Client, scope: str, *, preview: bool
) -> None:
    world.full()
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    standing(world, "suspended")
    asked = ask(connection=world.connection, scope=SyncRun.Scope(scope), preview=preview)
    assert world.work(asked).trouble == "subscription"

    (form,) = [each for each in page(browser).split("<form")[1:] if "Try again</button>" in each]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form))
    browser.post(reverse("quickbooks:sync"), fields)

    again = SyncRun.objects.get(state="queued")
    assert (again.scope, again.preview) == (scope, preview)


def test_access_that_a_person_lost_is_mended_by_connecting_as_somebody_else(
    world: World, browser: Client
) -> None:
    world.full()
    standing(world, "no_access")
    run = world.sync()
    assert (run.state, run.trouble) == ("failed", "no_access")
    told = page(browser)
    assert TROUBLES["no_access"][0] in told
    assert "Connect again</button>" in told


def test_the_office_is_told_who_can_connect_again(world: World, bob: User) -> None:
    world.full()
    standing(world, "no_access")
    world.sync()
    office = Client()
    office.force_login(bob)
    told = page(office)
    assert "An owner of your company can connect again" in told
    assert "Connect again</button>" not in told


@pytest.mark.parametrize("sort", TROUBLES)
def test_every_cause_has_a_title_words_and_a_way_out(world: World, browser: Client, sort: str) -> None:
    world.run("look")
    now = datetime.now(UTC)
    SyncRun.objects.create(
        connection=world.connection,
        scope="sync",
        state="failed",
        trouble=sort,
        error="It was so.",
        created_at=now,
        due_at=now,
        finished_at=now,
    )
    if sort == "lost":
        Connection.objects.update(state=Connection.State.LOST)
    told = page(browser)
    assert TROUBLES[sort][0] in told
    ways = ("Try again</button>", "Connect again</button>", "Disconnect from QuickBooks</button>")
    assert any(way in told for way in ways)


def test_the_end_of_a_connection_is_foretold_with_the_button_that_renews_it(
    world: World, browser: Client
) -> None:
    world.run("look")
    assert "The connection ends on" not in page(browser)
    end = datetime.now(UTC) + timedelta(days=20)
    Connection.objects.update(hard_expires_at=end)
    told = page(browser)
    assert "The connection ends on" in told
    assert "Connect again</button>" in told
    assert "Connect QuickBooks again by" in page(browser, reverse("customers:list"))


def choose(world: World, **changes: object) -> None:
    """Press "Keep these choices" with the page as it is but for these."""
    form = ChoicesForm(connection=world.connection)
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    bound = ChoicesForm(values | changes, connection=world.connection)
    assert bound.is_valid(), bound.errors
    bound.save()


def test_edits_there_are_taken_once_somebody_ticked_that_and_not_before(world: World) -> None:
    sent = customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    world.full()
    assert not world.connection.two_way_edits
    (there,) = world.there("Customer")
    change = {"Id": there["Id"], "SyncToken": there["SyncToken"], "sparse": True}
    world.post("customer", change | {"Notes": "Gate code 12"})
    world.sync()
    assert world.issues() == {"Amelia Hartwell": "changed_there"}

    choose(world, two_way_edits=True)
    world.sync()
    assert world.issues() == {}
    assert Customer.objects.get(pk=sent.pk).notes == "Gate code 12"


def test_a_link_to_the_choices_opens_them(world: World, browser: Client) -> None:
    world.run("look")
    assert '<details class="card choices">' in page(browser)
    assert '<details class="card choices" open>' in page(browser, f"{HOME}?choices=open")
