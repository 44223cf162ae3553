"""Who wins is chosen beside the first Full Sync, and what that does is said, counted and listed before."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from quickbooks_sync.models import Change, Connection, Issue, Link, PlannedStep, SyncRun
from quickbooks_sync.models.log import DIFFERS, LOOKED_AT
from quickbooks_sync.pages import report
from quickbooks_sync.planner.first_link import GROUP_OF, Group, Wins
from quickbooks_sync.planner.records import is_blank
from quickbooks_sync.resolving.resolve import carry_out
from quickbooks_sync.runs.queue import ask
from quickbooks_sync.wording.who_wins import rule_words
from service_genius.companies.demo import make_demo
from service_genius.companies.models import Company, Role, User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from tests.emulator import Emulator
from tests.pressing import Client
from tests.world import World, connected_world

HOME, SYNC = reverse("quickbooks:home"), reverse("quickbooks:sync")
DIFFERENCES = reverse("quickbooks:differences")
COUNTS = [f"{what}_{of}" for what in ("replaced", "taken", "apart") for of in ("values", "records")]


@pytest.fixture
def demo(emulator: Emulator, transactional_db: None) -> World:
    """What `make run` has, looked at."""
    company = make_demo(today=date(2026, 3, 2), zone="America/Los_Angeles")
    world = connected_world(emulator, company, template="sample")
    world.run("look")
    return world


def owner(world: World, role: Role = Role.OWNER) -> Client:
    user = User.objects.create_user(
        email="wins@example.com", password="a long one", name="Ann", role=role, company=world.company
    )
    client = Client()
    client.force_login(user)
    return client


def press(client: Client, button: str = "", **chosen: Wins) -> Any:
    """Press a button of the page as it is shown, with other choices; no button is Sync."""
    form = client.get(HOME).context["wins_form"]
    shown = {field.html_name: field.value() for field in form}
    sent = shown | {f"wins-{group}": wins.value for group, wins in chosen.items()}
    return client.post(SYNC, sent | ({button: "yes"} if button else {"full": "on"}), follow=True)


def looked_again(world: World) -> SyncRun:
    runs = list(SyncRun.objects.filter(scope="look", state="queued"))
    assert len(runs) == 1, "both sides are looked at again"
    return world.work(runs[0])


def counted(world: World) -> dict[str, int]:
    looks = world.connection.first_look.values()
    return {name: sum(look.get(name, 0) for look in looks) for name in COUNTS}


@pytest.mark.parametrize("wins", Wins)
def test_look_preview_and_run_agree_on_what_becomes_of_each_value(demo: World, wins: Wins) -> None:
    Connection.objects.update(who_wins={group.value: wins.value for group in Group})
    demo.run("look")
    told = counted(demo)
    preview = demo.work(ask(connection=demo.connection, scope=SyncRun.Scope.FULL, preview=True))
    run = demo.full()

    assert told == {name: preview.counts.get(name, 0) for name in COUNTS}
    assert told == {name: run.counts.get(name, 0) for name in COUNTS}
    field = {Wins.OURS: "replaced", Wins.THEIRS: "taken", Wins.NEITHER: "apart"}[wins]
    assert (told[f"{field}_values"], told[f"{field}_records"]) == (30, 10)
    assert sum(told.values()) == 40


@pytest.mark.parametrize("wins", Wins)
def test_nothing_that_loses_is_written(demo: World, wins: Wins) -> None:
    Connection.objects.update(who_wins={group.value: wins.value for group in Group})
    run = demo.full()
    paired = set(Change.objects.filter(run=run, action="linked").values_list("link", flat=True))
    lost = {
        side: sum(
            name in GROUP_OF and not is_blank(value)
            for change in Change.objects.filter(run=run, side=side, link__in=paired)
            for name, value in change.before.items()
        )
        for side in ("here", "there")
    }
    assert lost == {
        "here": 30 if wins == Wins.THEIRS else 0,
        "there": 30 if wins == Wins.OURS else 0,
    }


def test_the_page_says_how_many_are_on_both_sides_with_different_details(demo: World) -> None:
    page = owner(demo).get(HOME).content.decode()
    assert "9 customers and 1 work code are on both sides with different details" in page
    assert f'href="{DIFFERENCES}"' in page


def test_the_list_has_both_sides_and_who_would_win(demo: World) -> None:
    client = owner(demo)
    rows = client.get(DIFFERENCES).context["rows"]
    assert len(rows) == 10
    cafe = next(row for row in rows if row.label == "Bluebird Cafe")
    phone = next(field for field in cafe.fields if field.title == "Phone")
    assert (phone.here, phone.there, phone.winner) == ("(555) 201-0177", "(555) 201-0144", "ours")

    press(client, "keep", contact=Wins.THEIRS, addresses=Wins.NEITHER)
    looked_again(demo)
    rows = client.get(DIFFERENCES).context["rows"]
    cafe = next(row for row in rows if row.label == "Bluebird Cafe")
    assert {field.title: field.winner for field in cafe.fields} == {
        "Phone": "theirs",
        "Billing street": "neither",
    }


def test_what_is_only_written_otherwise_is_counted_and_listed_apart(world: World) -> None:
    for name, phone in (("Amelia Hartwell", "(520) 521-0143"), ("Oakdale Bakery", "(520) 521-0199")):
        values = {"display_name": name, "phone": phone, "billing_street": "12 Oak Street"}
        customers.create(company=world.company, values=values)
        there = {"PrimaryPhone": {"FreeFormNumber": "520.521.0143"}, "BillAddr": {"Line1": "12 OAK ST."}}
        world.post("customer", {"DisplayName": name, **there})
    world.run("look")
    client = owner(world)

    page = client.get(HOME).content.decode()
    assert "2 customers are on both sides with different details; 1 of them says the same, only" in page
    [bakery] = client.get(DIFFERENCES).context["rows"]
    assert {field.title: field.mark[1] for field in bakery.fields} == {
        "Phone": "differs",
        "Billing street": "same, written otherwise",
    }
    shows = client.get(DIFFERENCES).context["shows"]
    assert [(each.title, each.count, each.current) for each in shows] == [
        ("Different", 1, True),
        ("Only written otherwise", 1, False),
    ]
    [amelia] = client.get(DIFFERENCES + shows[1].address).context["rows"]
    assert {field.mark[1] for field in amelia.fields} == {"same, written otherwise"}
    assert amelia.label == "Amelia Hartwell"
    world.run("look")
    assert PlannedStep.objects.filter(action__in=LOOKED_AT).count() == 2


def test_whoever_needs_somebody_for_another_reason_is_counted_beside_the_questions(world: World) -> None:
    world.post("vendor", {"DisplayName": "Northside Supply"})
    customers.create(company=world.company, values={"display_name": "Northside Supply"})
    world.run("look")
    client = owner(world)
    assert "1 needs you for another reason: Preview says which, and why." in client.get(HOME).content.decode()

    phone = {"phone": "(520) 521-0143"}
    customers.create(company=world.company, values={"display_name": "Oakdale Plumbing", **phone})
    there = {"PrimaryPhone": {"FreeFormNumber": phone["phone"]}}
    world.post("customer", {"DisplayName": "Oakdale Plumbing Supply", **there})
    world.run("look")
    page = client.get(HOME).content.decode()
    assert "1 may be the same" in page
    assert "1 more needs you for another reason" in page


@pytest.mark.parametrize("preview", [True, False])
def test_what_pairing_changes_here_is_counted_as_changed_here(world: World, *, preview: bool) -> None:
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell", "phone": "1"})
    customers.create(company=world.company, values={"display_name": "Oakdale Bakery", "phone": "2"})
    world.post("customer", {"DisplayName": "Amelia Hartwell", "Notes": "Gate code 12"})
    world.post("customer", {"DisplayName": "Oakdale Bakery"})
    run = world.work(ask(connection=world.connection, scope=SyncRun.Scope.FULL, preview=preview))

    [row] = [row for row in report.rows(run) if row.kind == "customer"]
    assert (row.changed_here, row.here["linked"], row.changed_there, row.total) == (1, 2, 2, 4)
    told = report.story(run)
    assert "2 customers changed there" in told
    assert "1 customer changed here, 2 customers paired" in told


def test_the_list_narrows_and_searches(demo: World) -> None:
    client = owner(demo)
    assert [row.label for row in client.get(f"{DIFFERENCES}?kind=work_code").context["rows"]] == [
        "Service call"
    ]
    assert [row.label for row in client.get(f"{DIFFERENCES}?q=bluebird").context["rows"]] == ["Bluebird Cafe"]
    assert "Nothing here matches" in client.get(f"{DIFFERENCES}?q=nobody").content.decode()


def test_the_list_is_that_of_the_last_look_alone(demo: World) -> None:
    for _ in range(2):
        demo.run("look")
    assert PlannedStep.objects.filter(action=DIFFERS).count() == 10


def test_another_choice_has_both_sides_looked_at_anew(demo: World) -> None:
    client = owner(demo)
    answer = press(client, "keep", contact=Wins.THEIRS)
    assert "Your choice of who wins is kept." in answer.content.decode()
    looked_again(demo)
    page = client.get(HOME).content.decode()
    assert rule_words(demo.connection.winners) in page
    assert "3 values in 2 records of Service Genius would be replaced by those of QuickBooks" in page


def test_the_same_choice_starts_nothing(demo: World) -> None:
    press(owner(demo), "keep")
    assert not SyncRun.objects.filter(state="queued").exists()


def test_what_is_chosen_beside_the_button_counts_for_the_run_it_starts(demo: World) -> None:
    press(owner(demo), contact=Wins.THEIRS, addresses=Wins.THEIRS, prices=Wins.THEIRS)
    looked_again(demo)
    [run] = SyncRun.objects.filter(scope="full", state="queued")
    run = demo.work(run)
    assert (run.counts["taken_values"], run.counts.get("replaced_values")) == (30, None)


def test_a_page_that_says_another_winner_starts_nothing(demo: World) -> None:
    client = owner(demo)
    form = client.get(HOME).context["wins_form"]
    shown = {field.html_name: field.value() for field in form}
    press(client, "keep", contact=Wins.NEITHER)
    looked_again(demo)

    answer = client.post(SYNC, shown | {"full": "on"}, follow=True)
    assert "Who wins was changed since you opened this page. Nothing was started" in answer.content.decode()
    assert not SyncRun.objects.filter(state="queued").exists()
    assert Connection.objects.get().winners[Group.CONTACT] == Wins.NEITHER


def test_only_an_owner_chooses(demo: World) -> None:
    client = owner(demo, Role.OFFICE)
    assert "Keep this choice" not in client.get(HOME).content.decode()
    press(client, "keep", contact=Wins.THEIRS)
    assert Connection.objects.get().winners[Group.CONTACT] == Wins.OURS


def test_what_is_no_choice_is_refused(demo: World) -> None:
    client = owner(demo)
    answer = client.post(SYNC, {"wins-contact": "nobody", "full": "on"}, follow=True)
    assert "Choose who wins for each sort of field" in answer.content.decode()
    assert not SyncRun.objects.filter(state="queued").exists()


def test_later_it_is_one_of_the_choices(demo: World) -> None:
    client = owner(demo)
    assert "wins_contact" not in client.get(HOME).context["choices"].fields
    demo.full()
    shown = client.get(HOME)
    assert not shown.context["choose_who_wins"]
    form = shown.context["choices"]
    values = {field.html_name: field.value() for field in form}
    values |= {f"initial-{name}": value for name, value in values.items()}
    sent = {name: "" if value is None else str(value) for name, value in values.items()}
    answer = client.post(reverse("quickbooks:choices"), sent | {"wins_prices": "theirs"})
    assert answer.status_code == 302
    assert Connection.objects.get().winners == {
        Group.CONTACT: Wins.OURS,
        Group.ADDRESSES: Wins.OURS,
        Group.PRICES: Wins.THEIRS,
    }


def test_nothing_is_to_be_chosen_where_nothing_differs(world: World) -> None:
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    world.post("customer", {"DisplayName": "Amelia Hartwell", "Notes": "Gate code 12"})
    world.run("look")
    page = owner(world).get(HOME)
    assert not page.context["choose_who_wins"]
    assert "different details" not in page.content.decode()
    assert "wins_contact" in page.context["choices"].fields


def test_chosen_under_choices_before_the_first_full_sync_it_is_counted_anew(world: World) -> None:
    world.run("look")
    client = owner(world)
    form = client.get(HOME).context["choices"]
    values = {field.html_name: field.value() for field in form}
    values |= {f"initial-{name}": value for name, value in values.items()}
    sent = {name: "" if value is None else str(value) for name, value in values.items()}
    client.post(reverse("quickbooks:choices"), sent | {"wins_contact": "theirs"})
    looked_again(world)
    assert client.get(HOME).context["found"]


def test_the_list_of_another_company_is_not_shown(demo: World) -> None:
    other = Company.objects.create(name="Other", zone="America/Los_Angeles")
    user = User.objects.create_user(
        email="other@example.com", password="a long one", name="Bo", role=Role.OWNER, company=other
    )
    client = Client()
    client.force_login(user)
    assert client.get(DIFFERENCES).status_code == 404


def test_a_record_that_stays_different_does_not_say_that_it_is_the_same(world: World) -> None:
    Connection.objects.update(who_wins={Group.CONTACT.value: Wins.NEITHER.value})
    values = {"display_name": "Amelia Hartwell", "email": "a@example.com", "notes": "Two dogs"}
    made = customers.create(company=world.company, values=values)
    mail = {"PrimaryEmailAddr": {"Address": "a@example.com"}}
    world.post("customer", {"DisplayName": "Amelia Hartwell", "Notes": "Gate code 12", **mail})
    world.full()

    client = owner(world)
    page = client.get(reverse("customers:detail", kwargs={"pk": made.pk})).content.decode()
    assert "The notes in QuickBooks are not as here." in page
    assert "The same on both sides" not in page
    again = world.full()
    page = client.get(reverse("quickbooks:run", kwargs={"id": again.pk})).content.decode()
    assert "Nothing was copied or changed" in page


def test_the_answer_that_they_are_the_same_follows_the_choice_and_says_so(world: World) -> None:
    Connection.objects.update(who_wins={Group.CONTACT.value: Wins.NEITHER.value})
    customers.create(
        company=world.company, values={"display_name": "Hartwell Inc", "notes": "Two dogs", "email": ""}
    )
    mail = {"PrimaryEmailAddr": {"Address": "a@example.com"}}
    world.post("customer", {"DisplayName": "Hartwell", "Notes": "Gate code 12", **mail})
    world.full()
    issue = Issue.objects.get(reason="likely_pair")
    words = carry_out(issue, "same", value=issue.details["candidates"][0]["remote_id"])
    assert "but for their names and what differs and stays so by your choice" in words
    world.sync()
    here = Customer.objects.get()
    assert (here.notes, here.email) == ("Two dogs", "a@example.com")
    assert world.there("Customer")[0]["Notes"] == "Gate code 12"
    assert Link.objects.get(kind="customer").apart == ["notes"]
