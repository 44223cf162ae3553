"""What QuickBooks refuses stands at the record it concerns, in plain words; everything else goes on."""

import pytest
from django.core.exceptions import ValidationError

from quickbooks_sync.models import Issue
from quickbooks_sync.resolving import resolve
from quickbooks_sync.wording.reasons import FAULT_WORDS, issue_sentence
from service_genius.customers import operations as customers
from service_genius.invoices import operations as invoices
from tests.world import World

#: Answered by a new try or another look, not by an Issue of their own words.
WITH_WORDS_OF_THEIR_OWN = {"5010", "6240", "6140", "6190"}
CODES = sorted(set(FAULT_WORDS) - WITH_WORDS_OF_THEIR_OWN)


@pytest.mark.parametrize("code", CODES)
def test_a_refusal_becomes_a_sentence_at_its_record_and_stops_nothing_else(world: World, code: str) -> None:
    world.run("look")
    for name in ("First", "Second", "Third"):
        customers.create(company=world.company, values={"display_name": name})
    world.emulator.fault("refuse", {"entity": "Customer", "operation": "create", "nth": 2}, code=int(code))

    run = world.full()

    assert run.state == "done", run.error
    assert world.names_there() == ["First", "Third"]
    issue = Issue.objects.get(connection=world.connection)
    assert issue.label == "Second"
    assert FAULT_WORDS[code] in issue_sentence(issue)
    assert code in issue.raw


def test_what_was_refused_is_not_sent_again_unchanged_and_goes_by_itself_once_mended(world: World) -> None:
    world.run("look")
    second = customers.create(company=world.company, values={"display_name": "Second", "notes": "odd"})
    world.emulator.fault("refuse", {"entity": "Customer", "operation": "create"}, code=6000)
    world.full()
    assert world.issues() == {"Second": "refused_there"}

    idle = world.sync()
    assert idle.calls["write_batches"] == 0
    assert world.issues() == {"Second": "refused_there"}

    customers.update(company=world.company, id=second.pk, values={"notes": "plain"})
    world.sync()
    assert world.issues() == {}
    assert world.names_there() == ["Second"]


def test_try_again_sends_what_was_refused_as_it_is(world: World) -> None:
    world.run("look")
    customers.create(company=world.company, values={"display_name": "Second"})
    world.emulator.fault("refuse", {"entity": "Customer", "operation": "create"}, code=6000)
    world.full()

    resolve.try_again(Issue.objects.get(connection=world.connection))
    world.sync()

    assert world.issues() == {}
    assert world.names_there() == ["Second"]


def test_a_name_that_a_vendor_holds_is_found_before_sending_and_goes_once_it_is_changed(world: World) -> None:
    world.post("vendor", {"DisplayName": "Northside Supply"})
    held = customers.create(company=world.company, values={"display_name": "NORTHSIDE SUPPLY"})
    customers.create(company=world.company, values={"display_name": "Other"})

    run = world.full()

    assert run.state == "done", run.error
    assert world.names_there() == ["Other"]
    issue = Issue.objects.get(connection=world.connection)
    assert issue.reason == "name_taken"
    assert "A vendor in QuickBooks already has the name" in issue_sentence(issue)
    assert issue.details["proposal"] == "NORTHSIDE SUPPLY (customer)"
    assert issue.raw == "", "nothing was sent to learn it"

    customers.update(company=world.company, id=held.pk, values={"display_name": issue.details["proposal"]})
    world.sync()
    assert world.issues() == {}
    assert "NORTHSIDE SUPPLY (customer)" in world.names_there()


def test_a_name_taken_there_a_moment_ago_is_an_issue_with_a_proposal(world: World) -> None:
    world.full()
    customers.create(company=world.company, values={"display_name": "Northside Supply"})

    def somebody_is_quicker(name: str) -> None:
        if name == "sending committed":
            world.post("vendor", {"DisplayName": "Northside Supply"})

    world.checkpoint = somebody_is_quicker
    run = world.sync()

    assert run.state == "done", run.error
    assert world.issues() == {"Northside Supply": "name_taken"}


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"display_name": "Unit: 4"}, "display_name", "colon"),
        ({"display_name": "x" * 501}, "display_name", "500"),
        ({"display_name": "A", "phone": "5" * 31}, "phone", "30"),
    ],
)
def test_what_quickbooks_cannot_hold_is_refused_at_entry(
    world: World, values: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        customers.create(company=world.company, values=values)
    assert words in refused.value.message_dict[field][0]


def test_a_number_of_22_characters_is_refused_at_entry(world: World) -> None:
    with pytest.raises(ValidationError) as refused:
        invoices.create(company=world.company, values={"number": "N" * 22, "lines": []})
    assert "21" in refused.value.message_dict["number"][0]
