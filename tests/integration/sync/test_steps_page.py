"""Ten thousand steps of a preview: what needs a person first, then part after part, each at the same cost."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quickbooks_sync.models import Connection, PlannedStep, SyncRun
from quickbooks_sync.pages.steps import APART_SHOWN, ROWS
from service_genius.companies.models import Company, User
from tests.pressing import Client

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
STEPS = 10_000
NEEDING = 40


@pytest.fixture
def preview(company: Company) -> SyncRun:
    connection = Connection.objects.create(
        company=company,
        environment="emulator",
        realm_id="9341",
        connected_at=NOW,
        start_date=NOW.date(),
        access_token="sealed",
    )
    run = SyncRun.objects.create(
        connection=connection,
        scope="full",
        state="done",
        preview=True,
        created_at=NOW,
        due_at=NOW,
        finished_at=NOW,
    )
    PlannedStep.objects.bulk_create(_step(run, number) for number in range(STEPS + NEEDING))
    return run


def _step(run: SyncRun, number: int) -> PlannedStep:
    attention = number >= STEPS  # decided last, and shown first
    kind = "customer" if number % 4 else "work_code"
    return PlannedStep(
        run=run,
        kind=kind,
        side="there",
        action="attention" if attention else "created",
        label=f"Record {number}",
        after={} if attention else {"display_name": f"Record {number}"},
        note="A person is needed." if attention else "",
    )


@pytest.fixture
def browser(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def shown(browser: Client, run: SyncRun, address: str = "") -> str:
    answer = browser.get(reverse("quickbooks:run", kwargs={"id": run.pk}) + address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def labels(page: str) -> list[str]:
    return re.findall(r"<strong>(Record \d+)</strong>", page)


def test_what_needs_a_person_stands_first_and_the_rest_in_parts(browser: Client, preview: SyncRun) -> None:
    page = shown(browser, preview)
    found = labels(page)
    assert found[:APART_SHOWN] == [f"Record {STEPS + number}" for number in range(APART_SHOWN)]
    assert found[APART_SHOWN:] == [f"Record {number}" for number in range(ROWS)]
    assert f"{NEEDING} need you first" in page
    assert "10,000 steps" in page
    assert "1 to 50 of 10,000" in page
    assert len(labels(shown(browser, preview, "?show=apart"))) == NEEDING


def test_every_part_costs_the_same_few_queries_and_loads_no_more_than_it_shows(
    browser: Client, preview: SyncRun
) -> None:
    last = preview.plannedsteps.order_by("-pk")[NEEDING + ROWS].pk
    costs = []
    for address in ("", f"?after={last}", "?kind=customer", f"?kind=customer&after={last - 2 * ROWS}"):
        with CaptureQueriesContext(database) as queries:
            page = shown(browser, preview, address)
        costs.append(len(queries))
        assert len(labels(page)) <= ROWS + APART_SHOWN
    assert max(costs) <= 32
    assert max(costs) - min(costs) <= 4


def test_a_kind_is_jumped_to_and_its_parts_stay_within_it(browser: Client, preview: SyncRun) -> None:
    page = shown(browser, preview, "?kind=work_code")
    assert "Work Codes <span>2,500</span>" in page
    assert labels(page) == [f"Record {number * 4}" for number in range(ROWS)]
    onward = re.search(r'rel="next" href="([^"]+)"', page)
    assert onward is not None
    assert labels(shown(browser, preview, onward[1]))[0] == f"Record {ROWS * 4}"


def test_no_row_of_a_part_is_read_through_the_whole_preview(preview: SyncRun) -> None:
    rows = preview.plannedsteps.filter(kind="customer", pk__gt=500).order_by("pk")[:ROWS]
    assert "steps_of_a_kind" in rows.explain() or "Index" in rows.explain()


def test_a_step_is_looked_for_among_all(browser: Client, preview: SyncRun) -> None:
    page = shown(browser, preview, "?q=Record+9999")
    assert labels(page) == ["Record 9999"]
    assert "1 matches “Record 9999”." in page
    of_kind = shown(browser, preview, "?kind=customer&q=record+99")
    assert len(labels(of_kind)) == ROWS
    assert 'name="kind" value="customer"' in of_kind
    assert "Nothing here matches “nobody”." in shown(browser, preview, "?q=nobody")
