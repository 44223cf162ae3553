"""Connect, stay connected, disconnect, connect again: through our pages and QuickBooks' own."""

import json
import logging
import urllib.parse
import urllib.request
from datetime import UTC, datetime
from email.message import Message
from html import unescape
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.contrib.messages import get_messages
from django.core import serializers
from django.urls import reverse

from qbo.errors import Disconnected, QuickBooksError
from quickbooks_sync.access import connection as connections
from quickbooks_sync.access import tokens
from quickbooks_sync.access.tokens import StoredTokens
from quickbooks_sync.access.vault import unseal
from quickbooks_sync.models import Connection, Link, SyncRun
from service_genius.companies.models import User
from service_genius.customers import operations
from tests.emulator import CALL_SECONDS_MAX, Emulator
from tests.pressing import Client
from tests.world import World

HOME = "/settings/quickbooks/"
CALLBACK = "http://127.0.0.1:8000/settings/quickbooks/callback/"


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StayHere())


def _post(url: str, form: dict[str, str]) -> tuple[int, str, Message]:
    request = urllib.request.Request(url, data=urllib.parse.urlencode(form).encode(), method="POST")
    try:
        with _browser.open(request, timeout=CALL_SECONDS_MAX) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.headers


def at_quickbooks(address: str, *, realm: str, consent: bool = True) -> dict[str, str]:
    """A person signs in at QuickBooks, chooses a company and presses Connect (or Cancel).

    Returns what the redirect back carries.
    """
    url, _, query = address.partition("?")
    carried = {name: values[0] for name, values in urllib.parse.parse_qs(query).items()}
    _, page, _ = _post(url, carried | {"step": "company"})
    assert realm in page, "the company can be chosen"
    _, page, _ = _post(url, carried | {"step": "consent", "realm": realm})
    assert "Connect to" in unescape(page)
    step = "connect" if consent else "cancel"
    status, _, headers = _post(url, carried | {"step": step, "realm": realm})
    assert status == 302
    back = headers["Location"]
    assert back.startswith(CALLBACK)
    return dict(urllib.parse.parse_qsl(back.partition("?")[2]))


@pytest.fixture(autouse=True)
def _application(emulator: Emulator, settings: Any) -> None:
    settings.QBO_CLIENT_ID, settings.QBO_CLIENT_SECRET = "connection-tests", "a secret of ours"
    settings.QBO_REDIRECT_URI = CALLBACK
    ours = {
        "client_id": settings.QBO_CLIENT_ID,
        "client_secret": settings.QBO_CLIENT_SECRET,
        "redirect_uris": [CALLBACK],
    }
    emulator.control("POST", "clients", ours)


@pytest.fixture
def browser(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def realm(emulator: Emulator) -> str:
    return emulator.new_realm("empty", company_name="Hartwell Heating LLC")


def press_connect(browser: Client) -> str:
    answer = browser.post(reverse("quickbooks:connect"))
    assert answer.status_code == 302
    return str(answer["Location"])


def come_back(browser: Client, carried: dict[str, str]) -> str:
    """The redirect back to us; returns what the user is told."""
    answer = browser.get(reverse("quickbooks:callback"), carried)
    assert answer.status_code == 302
    assert answer["Location"] == HOME
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def connect(browser: Client, realm: str) -> str:
    return come_back(browser, at_quickbooks(press_connect(browser), realm=realm))


@pytest.fixture
def world(browser: Client, emulator: Emulator, realm: str, alice: User) -> World:
    """Connected as a person does it."""
    connect(browser, realm)
    connection = Connection.objects.get(company=alice.company)
    SyncRun.objects.all().delete()  # the first look
    token = emulator.grant(realm, "another-program")["access_token"]
    return World(emulator=emulator, realm=realm, company=alice.company, connection=connection, token=token)


def tokens_of(connection: Connection) -> tuple[str, str]:
    connection.refresh_from_db()
    return unseal(connection.access_token), unseal(connection.refresh_token)


# --- Connect ----------------------------------------------------------------------------------------


def test_after_connect_the_company_is_named_and_a_first_look_is_queued(
    browser: Client, realm: str, alice: User
) -> None:
    assert connect(browser, realm) == "Connected to QuickBooks."

    connection = Connection.objects.get()
    assert (connection.company, connection.realm_id) == (alice.company, realm)
    assert connection.connected
    assert connection.realm_name == "Hartwell Heating LLC"
    assert [(run.scope, run.state) for run in SyncRun.objects.all()] == [("look", "queued")]
    assert "Hartwell Heating LLC" in browser.get(HOME).content.decode()


@pytest.mark.parametrize("state", ["", "made-up", None])
def test_an_answer_without_our_state_connects_nothing(browser: Client, realm: str, state: str | None) -> None:
    carried = at_quickbooks(press_connect(browser), realm=realm)
    if state is None:
        del carried["state"]
    else:
        carried["state"] = state
    assert "does not belong to a Connect of yours" in come_back(browser, carried)
    assert not Connection.objects.exists()


def test_an_answer_is_good_once(browser: Client, realm: str) -> None:
    carried = at_quickbooks(press_connect(browser), realm=realm)
    come_back(browser, carried)
    before = tokens_of(Connection.objects.get())
    assert "does not belong to a Connect of yours" in come_back(browser, carried)
    assert tokens_of(Connection.objects.get()) == before


def test_an_answer_meant_for_somebody_elses_browser_connects_nothing(
    browser: Client, realm: str, charlie: User
) -> None:
    """Otherwise Charlie could have his books connected to Alice's company, or hers to his."""
    other = Client()
    other.force_login(charlie)
    carried = at_quickbooks(press_connect(other), realm=realm)
    press_connect(browser)
    assert "does not belong to a Connect of yours" in come_back(browser, carried)
    assert not Connection.objects.exists()


def test_an_answer_without_a_connect_before_it_connects_nothing(browser: Client, realm: str) -> None:
    carried = {"code": "made-up", "realmId": realm, "state": ""}
    assert "does not belong to a Connect of yours" in come_back(browser, carried)
    assert not Connection.objects.exists()


def test_whoever_presses_cancel_at_quickbooks_is_told_that_nothing_is_connected(
    browser: Client, realm: str
) -> None:
    carried = at_quickbooks(press_connect(browser), realm=realm, consent=False)
    assert carried["error"] == "access_denied"
    assert "was not connected" in come_back(browser, carried)
    assert not Connection.objects.exists()


@pytest.mark.parametrize("change", [{"code": ""}, {"realmId": ""}, {"realmId": "12/../34"}])
def test_an_incomplete_answer_connects_nothing(browser: Client, realm: str, change: dict[str, str]) -> None:
    carried = at_quickbooks(press_connect(browser), realm=realm) | change
    assert "was not complete" in come_back(browser, carried)
    assert not Connection.objects.exists()


def test_a_made_up_code_connects_nothing(browser: Client, realm: str) -> None:
    carried = at_quickbooks(press_connect(browser), realm=realm) | {"code": "made-up"}
    assert "did not complete the connection" in come_back(browser, carried)
    assert not Connection.objects.exists()


def test_a_code_connects_no_company_but_its_own(browser: Client, realm: str, emulator: Emulator) -> None:
    """The address that names the company comes through a browser, which may write anything there."""
    victim = emulator.new_realm("empty", company_name="Somebody else's books")
    carried = at_quickbooks(press_connect(browser), realm=realm) | {"realmId": victim}
    assert "did not complete the connection" in come_back(browser, carried)
    assert not Connection.objects.exists()


def test_another_quickbooks_company_is_refused_with_both_names(
    browser: Client, world: World, emulator: Emulator
) -> None:
    before = tokens_of(world.connection)
    other = emulator.new_realm("empty", company_name="Hartwell Plumbing Inc")
    told = connect(browser, other)
    assert "Hartwell Heating LLC" in told
    assert "Hartwell Plumbing Inc" in told
    world.connection.refresh_from_db()
    assert world.connection.realm_id == world.realm
    assert world.connection.connected
    assert tokens_of(world.connection) == before


def test_a_quickbooks_company_belongs_to_one_company_of_ours(
    world: World, browser: Client, charlie: User
) -> None:
    other = Client()
    other.force_login(charlie)
    told = connect(other, world.realm)
    assert "already connected to another company" in told
    assert not Connection.objects.filter(company=charlie.company).exists()
    assert world.sync().state == "done", "and the one it belongs to goes on"


def test_quickbooks_out_of_reach_is_told_in_words(browser: Client, realm: str, emulator: Emulator) -> None:
    carried = at_quickbooks(press_connect(browser), realm=realm)
    emulator.fault("error_before", {"path": "/oauth2/v1/tokens/bearer"}, times=10)
    assert "Please press Connect again" in come_back(browser, carried)
    assert not Connection.objects.exists()


# --- Tokens -----------------------------------------------------------------------------------------


def everything_stored() -> str:
    """Every column of every table."""
    rows = [row for model in apps.get_models() for row in model._default_manager.all()]
    return str(serializers.serialize("json", rows))


def test_no_token_stands_in_the_database_as_it_is(world: World) -> None:
    world.sync()
    access, refresh = tokens_of(world.connection)
    stored = everything_stored()
    assert access not in stored
    assert refresh not in stored
    assert json.loads(stored), "there was something to look through"


def test_no_token_is_logged_or_shown(
    browser: Client, realm: str, alice: User, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    connect(browser, realm)
    connection = Connection.objects.get()
    first = tokens_of(connection)
    World(emulator=emulator, realm=realm, company=alice.company, connection=connection, token="").work(
        SyncRun.objects.get()
    )
    Connection.objects.update(access_expires_at=datetime.now(UTC))
    assert StoredTokens(connection_id=connection.pk).current() != first[0]
    pages = [browser.get(reverse(f"quickbooks:{page}")).content.decode() for page in ("home", "history")]
    told = caplog.text + "".join(pages)
    assert "Hartwell Heating LLC" in told
    for token in (*first, *tokens_of(connection)):
        assert token not in told
        assert token not in repr(connection)


def test_quickbooks_says_when_a_person_will_have_to_connect_again(world: World) -> None:
    def days_left() -> int:
        world.connection.refresh_from_db()
        assert world.connection.hard_expires_at is not None
        return (world.connection.hard_expires_at - datetime.now(UTC)).days

    assert 1820 <= days_left() <= 1830
    Connection.objects.update(access_expires_at=datetime.now(UTC), hard_expires_at=None)
    world.run("look")
    assert 1820 <= days_left() <= 1830


def test_a_token_refused_by_quickbooks_is_renewed_and_the_run_goes_on(world: World) -> None:
    world.emulator.fault("unauthorized", {"operation": "query"}, times=1)
    world.emulator.fault("unauthorized", {"operation": "batch"}, times=1)
    before = tokens_of(world.connection)
    run = world.full()
    assert run.state == "done", run.error
    assert tokens_of(world.connection)[0] != before[0]


def test_keys_are_changed_without_connecting_again(world: World, settings: Any) -> None:
    settings.TOKEN_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.TOKEN_ENCRYPTION_KEYS]
    assert world.sync().state == "done"


def test_tokens_that_no_key_opens_any_more_need_a_new_connect(world: World, settings: Any) -> None:
    settings.TOKEN_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    run = world.sync()
    assert run.state == "failed"
    assert "Connect again" in run.error
    assert world.connection.state == "lost"


# --- Lost, disconnected, connected again ------------------------------------------------------------


@pytest.fixture
def ended_there(world: World) -> World:
    """Somebody removed our access in QuickBooks."""
    with_tokens = tokens_of(world.connection)
    tokens.oauth().revoke(with_tokens[1])
    return world


def test_a_lost_connection_keeps_what_waits_and_goes_on_once_connected_again(
    ended_there: World, browser: Client
) -> None:
    world = ended_there
    operations.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    run = world.full()

    assert run.state == "failed"
    assert "Connect again; nothing is lost." in run.error
    assert world.connection.state == "lost"
    page = browser.get(HOME).content.decode()
    assert "connect again" in page

    connect(browser, world.realm)
    world.connection.refresh_from_db()
    assert world.connection.connected
    SyncRun.objects.filter(state="queued").delete()
    assert world.full().state == "done"
    assert world.names_there() == ["Amelia Hartwell"]


def test_a_run_asked_while_the_connection_is_lost_sends_nothing_and_says_why(ended_there: World) -> None:
    world = ended_there
    world.sync()
    world.emulator.reset_counters()
    run = world.sync()
    assert run.state == "failed"
    assert "Connect again" in run.error
    assert world.emulator.counters(world.realm).get("calls", 0) == 0


def test_a_disconnect_gives_the_tokens_back_and_keeps_every_link(world: World, browser: Client) -> None:
    operations.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    world.full()
    access, refresh = tokens_of(world.connection)
    links = list(Link.objects.values_list("local_id", "remote__remote_id", "here_baseline", "there_baseline"))

    answer = browser.post(reverse("quickbooks:disconnect"))

    assert answer.status_code == 302
    world.connection.refresh_from_db()
    assert world.connection.state == "disconnected"
    assert (world.connection.access_token, world.connection.refresh_token) == ("", "")
    assert links == list(
        Link.objects.values_list("local_id", "remote__remote_id", "here_baseline", "there_baseline")
    )
    with pytest.raises(Disconnected):
        tokens.oauth().refresh(refresh)
    with pytest.raises(QuickBooksError):
        connections.name_of(world.realm, access)

    connect(browser, world.realm)
    SyncRun.objects.filter(state="queued").delete()
    again = world.full()
    assert again.state == "done", again.error
    assert world.names_there() == ["Amelia Hartwell"], "connected again, nothing is entered twice"


def test_a_disconnect_works_while_intuit_is_out_of_reach(
    world: World, browser: Client, settings: Any
) -> None:
    settings.QBO_EMULATOR_URL = "http://127.0.0.1:9"  # nobody answers there
    browser.post(reverse("quickbooks:disconnect"))
    world.connection.refresh_from_db()
    assert world.connection.state == "disconnected"
    assert world.connection.refresh_token == ""


def test_what_somebody_disconnected_is_not_called_lost_by_a_run_that_was_on_its_way(world: World) -> None:
    def pull_the_plug(name: str) -> None:
        if name == "page committed":
            connections.disconnect(Connection.objects.get(pk=world.connection.pk))

    world.checkpoint = pull_the_plug
    run = world.full()
    assert run.state == "failed"
    assert world.connection.state == "disconnected"


def test_of_two_tax_rates_with_one_code_the_first_stands_for_it(world: World) -> None:
    """Else a rate that is added would make older invoices look changed in QuickBooks."""
    world.connection.tax_codes = {"7": "4", "9": "4", "12": "5"}
    assert connections.facts_of(world.connection).rate_of_tax_code == {"4": 7, "5": 12}
