"""What a Full Sync replaces in QuickBooks is said, and counted, before it is done; and it does just that."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from quickbooks_sync.kinds.base import cannot_hold
from quickbooks_sync.kinds.customer import CustomerKind
from quickbooks_sync.models import Change, SyncRun
from quickbooks_sync.planner.records import is_blank
from quickbooks_sync.runs.queue import ask
from service_genius.companies.demo import make_demo
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from tests.emulator import Emulator
from tests.pressing import Client
from tests.world import World, connected_world


def previewed(world: World) -> SyncRun:
    return world.work(ask(connection=world.connection, scope=SyncRun.Scope.FULL, preview=True))


def looked(world: World) -> dict[str, dict[str, int]]:
    world.run("look")
    found: dict[str, dict[str, int]] = world.connection.first_look
    return found


def sum_of(found: dict[str, dict[str, int]], name: str) -> int:
    return sum(counts.get(name, 0) for counts in found.values())


def values_lost(run: SyncRun) -> tuple[int, int]:
    """Values, and records, that the log of a run says were replaced in QuickBooks."""
    changes = Change.objects.filter(run=run, side="there", action="updated")
    lost = [sum(not is_blank(value) for value in change.before.values()) for change in changes]
    return sum(lost), sum(map(bool, lost))


@pytest.fixture
def demo(emulator: Emulator, transactional_db: None) -> World:
    """What `make run` has."""
    company = make_demo(today=date(2026, 3, 2), zone="America/Los_Angeles")
    return connected_world(emulator, company, template="sample")


def test_the_first_look_of_the_demo_tells_the_figures_of_its_picture(demo: World) -> None:
    found = looked(demo)

    of_customers = {name: found["customer"][name] for name in ("here", "there", "same", "need_you")}
    assert of_customers == {"here": 60, "there": 38, "same": 11, "need_you": 3}
    assert found["work_code"]["same"] == 1


def test_first_look_preview_and_run_agree_on_what_is_replaced(demo: World) -> None:
    found = looked(demo)
    preview = previewed(demo)
    run = demo.full()

    told = (sum_of(found, "replaced_values"), sum_of(found, "replaced_records"))
    assert told == (preview.counts["replaced_values"], preview.counts["replaced_records"])
    assert told == (run.counts["replaced_values"], run.counts["replaced_records"]) == values_lost(run)
    assert told == (30, 10)  # nine customers and a work code; two apartments only gain


def test_the_pages_say_who_wins_and_how_much_is_replaced(demo: World, client: Client) -> None:
    client.force_login(User.objects.get(email="demo@example.com"))
    found = looked(demo)
    values, records = sum_of(found, "replaced_values"), sum_of(found, "replaced_records")

    page = client.get(reverse("quickbooks:home")).content.decode()
    assert "Service Genius wins: the one in QuickBooks is replaced." in page
    assert f"{values} values in {records} records of QuickBooks would be replaced" in page

    shown = previewed(demo)
    page = client.get(reverse("quickbooks:run", kwargs={"id": shown.pk})).content.decode()
    assert f"{values} values in {records} records of QuickBooks would be replaced" in page

    run = demo.full()
    page = client.get(reverse("quickbooks:run", kwargs={"id": run.pk})).content.decode()
    assert f"{values} values in {records} records of QuickBooks were replaced" in page


def one_on_both_sides(world: World, **there: Any) -> None:
    here = {"display_name": "Amelia Hartwell", "email": "a@example.com", "notes": "Two dogs"}
    customers.create(company=world.company, values=here)
    world.post("customer", {"DisplayName": "Amelia Hartwell", **there})


def test_what_one_side_misses_is_copied_and_nothing_counts_as_replaced(world: World) -> None:
    one_on_both_sides(world, GivenName="Amelia")

    assert sum_of(looked(world), "replaced_values") == 0
    run = world.full()

    assert run.counts["customer.there.updated"] == 1
    assert "replaced_values" not in run.counts
    assert "replaced" not in str(run.counts)


def test_of_what_is_paired_only_what_differs_counts(world: World) -> None:
    one_on_both_sides(world, Notes="Gate code", PrimaryEmailAddr={"Address": "a@example.com"})

    found = looked(world)
    run = world.full()

    assert (found["customer"]["replaced_values"], found["customer"]["replaced_records"]) == (1, 1)
    assert values_lost(run) == (1, 1)


def test_what_a_person_must_mend_first_is_not_counted_as_replaced(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is paired, and nothing of it is sent before it is mended."""
    problem = cannot_hold("Display name", "has a colon in it", "Take it out.")
    monkeypatch.setattr(CustomerKind, "problems", lambda *_: (problem,))
    values = {"display_name": "Amelia Hartwell", "notes": "Two dogs"}
    customers.create(company=world.company, values=values)
    world.post("customer", {"DisplayName": "Amelia Hartwell", "Notes": "Gate code"})

    found = looked(world)["customer"]
    preview = previewed(world)
    run = world.full()

    assert (found["same"], found["need_you"]) == (1, 1)
    assert world.issues() == {"Amelia Hartwell": "cannot_hold"}
    for counts in (found, preview.counts, run.counts):
        assert "replaced_values" not in counts
