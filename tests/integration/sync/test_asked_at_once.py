"""What may be the same is asked by the first look, and can be answered before the first Full Sync."""

from typing import Any

import pytest
from django.urls import reverse

from quickbooks_sync.foresight import first_look
from quickbooks_sync.models import Issue, Link, Outcome, SyncRun
from quickbooks_sync.resolving import resolve
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from tests.pressing import Client
from tests.world import World

PHONE = {"phone": "(520) 521-0143"}
PHONE_THERE = {"PrimaryPhone": {"FreeFormNumber": "+1 520 521 0143"}}


def here(world: World, name: str, **values: Any) -> Customer:
    return customers.create(company=world.company, values={"display_name": name, **values})


def there(world: World, name: str, **values: Any) -> dict[str, Any]:
    return world.post("customer", {"DisplayName": name, **values})


def in_question(world: World) -> None:
    """A customer that may be the one there, and one that is nobody's."""
    here(world, "Amelia Hartwell", given_name="Amelia", family_name="Hartwell", **PHONE)
    there(world, "Robert Hartwell", GivenName="Robert", FamilyName="Hartwell", **PHONE_THERE)


def test_the_first_look_asks_what_a_full_sync_would_ask_and_changes_nothing(world: World) -> None:
    in_question(world)
    here(world, "Beacon Street Bakery")

    run = world.run(SyncRun.Scope.LOOK)

    assert run.state == SyncRun.State.DONE
    asked = Issue.objects.values("label", "reason", "details", "likeness")
    by_look = list(asked)
    assert [(each["label"], each["reason"]) for each in by_look] == [("Amelia Hartwell", "likely_pair")]
    assert world.names_there() == ["Robert Hartwell"]
    assert not Link.objects.filter(local_id__isnull=False, remote__isnull=False).exists()

    world.full()
    assert list(asked) == by_look
    assert world.names_there() == ["Beacon Street Bakery", "Robert Hartwell"]


def test_a_look_takes_back_what_is_no_question_any_more(world: World) -> None:
    in_question(world)
    world.run(SyncRun.Scope.LOOK)
    customers.update(
        company=world.company,
        id=Customer.objects.get().pk,
        values={
            "display_name": "Zoe Quillfeather",
            "given_name": "Zoe",
            "family_name": "Quillfeather",
            "phone": "",
        },
    )

    world.run(SyncRun.Scope.LOOK)

    assert world.issues() == {}
    assert Outcome.objects.get().answer == ""


def test_two_that_are_the_same_before_the_full_sync_are_one_after_it(world: World) -> None:
    in_question(world)
    world.run(SyncRun.Scope.LOOK)
    issue = Issue.objects.get()
    resolve.carry_out(issue, "same", value=issue.details["candidates"][0]["remote_id"])

    run = world.full()

    assert run.state == SyncRun.State.DONE
    assert world.names_there() == ["Robert Hartwell"]
    assert Customer.objects.count() == 1
    link = Link.objects.get(kind="customer")
    assert (link.paired, link.open, world.issues()) == (True, False, {})


def test_two_that_are_different_before_the_full_sync_are_two_after_it(world: World) -> None:
    in_question(world)
    world.run(SyncRun.Scope.LOOK)
    resolve.carry_out(Issue.objects.get(), "different", value="")

    world.full()

    assert world.names_there() == ["Amelia Hartwell", "Robert Hartwell"]
    assert Customer.objects.count() == 2
    assert world.issues() == {}


def test_an_answer_does_not_keep_a_full_sync_from_asking_whether_it_is_the_right_company(
    world: World,
) -> None:
    in_question(world)
    customers.create_many(
        company=world.company, rows=[{"display_name": f"Ours {number}"} for number in range(60)]
    )
    world.run(SyncRun.Scope.LOOK)
    issue = next(each for each in Issue.objects.all() if each.label == "Amelia Hartwell")
    resolve.carry_out(issue, "same", value=issue.details["candidates"][0]["remote_id"])

    assert world.full().state == SyncRun.State.ASKING


@pytest.mark.parametrize("answer", ["same", "different"])
def test_what_is_answered_while_a_look_is_under_way_is_not_asked_again(
    world: World, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_question(world)
    world.run(SyncRun.Scope.LOOK)
    count, done = first_look.count, list[Issue]()

    def answered_meanwhile(*args: Any) -> dict[str, int]:
        counted = count(*args)
        if (issue := Issue.objects.first()) is not None and not done:
            done.append(issue)
            value = issue.details["candidates"][0]["remote_id"] if answer == "same" else ""
            resolve.carry_out(issue, answer, value=value)
        return counted

    monkeypatch.setattr(first_look, "count", answered_meanwhile)
    world.run(SyncRun.Scope.LOOK)

    assert Outcome.objects.get().answer == answer
    assert world.issues() == {}


def test_what_was_found_says_that_it_was_counted_before_the_answers(
    world: World, client: Client, alice: User
) -> None:
    in_question(world)
    world.run(SyncRun.Scope.LOOK)
    client.force_login(alice)
    home = reverse("quickbooks:home")
    assert "Counted before" not in client.get(home).content.decode()

    resolve.carry_out(Issue.objects.get(), "different", value="")
    assert "Counted before your 1 answer: Preview counts with it." in client.get(home).content.decode()

    world.run(SyncRun.Scope.LOOK)
    assert "Counted before" not in client.get(home).content.decode()
