"""The page of the sync has one green button: the next step."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from quickbooks_sync.kinds import KINDS
from quickbooks_sync.models import Connection, SyncRun
from quickbooks_sync.runs.queue import ask
from quickbooks_sync.wording.troubles import TROUBLES
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from tests.world import World

TEMPLATES = Path(__file__).resolve().parents[3] / "src"
HOME = reverse("quickbooks:home")
GREEN = re.compile(r'<(?:button|a) class="button primary"[^>]*>([^<]*)')


def page(user: User, address: str = HOME) -> str:
    client = Client()
    client.force_login(user)
    text = client.get(address).content.decode()
    return text.split("<main", 1)[1]


def green(user: User) -> list[str]:
    """The green buttons of the page, by their words."""
    return [words.strip() for words in GREEN.findall(page(user))]


@pytest.mark.usefixtures("company")
def test_before_anything_else_it_is_to_connect(alice: User) -> None:
    assert green(alice) == ["Connect to QuickBooks"]


def test_it_is_to_sync_before_the_first_full_sync_and_after_it(world: World, alice: User) -> None:
    assert green(alice) == ["Sync"]
    world.full()
    assert green(alice) == ["Sync"]


def test_after_a_preview_it_is_to_do_what_was_shown(world: World, alice: User) -> None:
    world.full()
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    preview = world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, preview=True))
    assert preview.state == "done", preview.error
    assert green(alice) == ["Sync as shown"]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_after_a_trouble_it_is_the_way_out_if_there_is_one(world: World, alice: User, trouble: str) -> None:
    world.full()
    run = world.sync()
    SyncRun.objects.filter(pk=run.pk).update(state="failed", trouble=trouble, error="No.")
    if trouble == "lost":
        Connection.objects.filter(pk=world.connection.pk).update(state=Connection.State.LOST)
    assert len(green(alice)) == 1


@pytest.mark.usefixtures("company")
def test_the_menu_is_called_main_menu_on_the_page_of_every_kind(alice: User) -> None:
    for name in [f"{kind.pages}:list" for kind in KINDS]:
        client = Client()
        client.force_login(alice)
        text = client.get(reverse(name)).content.decode()
        assert re.search(r'<nav[^>]*aria-labelledby="main-menu"', text), name
        assert '<p class="menu-title" id="main-menu">Main Menu</p>' in text, name


def test_every_button_is_green_or_plain_or_dangerous() -> None:
    """One that says nothing looks as if it could not be pressed."""
    pages = [
        page for app in ("service_genius", "quickbooks_sync") for page in (TEMPLATES / app).rglob("*.html")
    ]
    bare = [str(page.relative_to(TEMPLATES)) for page in pages if 'class="button"' in page.read_text()]
    assert bare == []
