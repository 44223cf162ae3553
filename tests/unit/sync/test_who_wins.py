"""Who wins when two meet for the first time: one rule, three answers, by group of fields."""

from dataclasses import replace

import pytest

from quickbooks_sync.kinds import LISTS
from quickbooks_sync.planner.actions import Adopt, AdvanceBaseline, UpdateThere
from quickbooks_sync.planner.decide import Here, Pair, Policy, There, decide
from quickbooks_sync.planner.first_link import (
    GROUP_OF,
    GROUPS,
    STAY_AT_FIRST_LINK,
    Group,
    WhoWins,
    Wins,
    agreed_apart,
    first_link,
)
from quickbooks_sync.planner.records import CustomerRecord, Encoded, WorkCodeRecord, encode

AMELIA = encode(CustomerRecord(display_name="Amelia Hartwell", email="amelia@example.com", phone="555 0143"))
TUNE_UP = encode(WorkCodeRecord(name="Furnace tune-up", code="FT-1"))
EVERYWHERE: dict[Wins, WhoWins] = {wins: dict.fromkeys(Group, wins) for wins in Wins}


def met(record: Encoded, here: Encoded, there: Encoded, **of_sides: dict[str, str]) -> Pair:
    return Pair(
        money=False,
        linked=True,
        here=Here(record={**record, **here}, unfit=of_sides.get("unfit_here", {})),
        there=There(record={**record, **there}, unfit=of_sides.get("unfit_there", {})),
    )


def paired(pair: Pair, who_wins: WhoWins) -> tuple[Adopt, Pair]:
    """What is decided of two that first meet, and the Pair once that is done."""
    action = decide(pair, Policy(who_wins=who_wins))
    assert isinstance(action, Adopt)
    assert pair.here is not None
    assert pair.there is not None
    taken = {name: pair.there.record[name] for name in action.take}
    return action, replace(
        pair,
        here=replace(pair.here, record={**pair.here.record, **taken}),
        here_baseline=action.here_baseline,
        there_baseline=action.there_baseline,
    )


def test_every_field_of_a_list_has_a_group_or_stays() -> None:
    fields = {name for kind in LISTS for name in kind.blank}
    assert fields == GROUP_OF.keys() | STAY_AT_FIRST_LINK
    assert not GROUP_OF.keys() & STAY_AT_FIRST_LINK


def test_no_field_has_two_groups() -> None:
    assert sum(map(len, GROUPS.values())) == len(GROUP_OF)


@pytest.mark.parametrize("name", sorted(GROUP_OF))
def test_ours_is_sent_unless_something_else_was_chosen(name: str) -> None:
    here, there = {name: "Ours"}, {name: "Theirs"}
    action = first_link(here, there, who_wins={})
    assert action == first_link(here, there, who_wins=EVERYWHERE[Wins.OURS])
    assert action == Adopt(take=frozenset(), here_baseline=there, there_baseline=there)


@pytest.mark.parametrize("name", sorted(GROUP_OF))
def test_theirs_is_taken_if_quickbooks_wins(name: str) -> None:
    here, there = {name: "Ours"}, {name: "Theirs"}
    action = first_link(here, there, who_wins=EVERYWHERE[Wins.THEIRS])
    assert action == Adopt(take=frozenset({name}), here_baseline=there, there_baseline=there)


@pytest.mark.parametrize("name", sorted(GROUP_OF))
def test_each_is_agreed_upon_as_it_is_if_neither_wins(name: str) -> None:
    here, there = {name: "Ours"}, {name: "Theirs"}
    action = first_link(here, there, who_wins=EVERYWHERE[Wins.NEITHER])
    assert action == Adopt(take=frozenset(), here_baseline=here, there_baseline=there)
    assert agreed_apart(action.here_baseline, action.there_baseline) == [name]


@pytest.mark.parametrize("wins", Wins)
def test_what_is_empty_is_filled_from_the_other_side(wins: Wins) -> None:
    pair = met(AMELIA, {"email": "", "notes": "Two dogs"}, {"mobile": "555 0199"})
    action, after = paired(pair, EVERYWHERE[wins])
    assert action.take == {"email", "mobile"}
    assert decide(after, Policy()) == UpdateThere(fields=frozenset({"notes"}))


def test_each_group_of_fields_has_its_own_winner() -> None:
    pair = met(
        AMELIA,
        {"phone": "555 0000", "billing_street": "12 Oak St", "service_street": "1 Elm St"},
        {"phone": "555 9999", "billing_street": "14 Oak St", "service_street": "2 Elm St"},
    )
    chosen = {Group.CONTACT: Wins.NEITHER, Group.ADDRESSES: Wins.THEIRS}
    action, after = paired(pair, chosen)
    assert action.take == {"billing_street", "service_street"}
    assert decide(after, Policy(two_way_edits=True)) == AdvanceBaseline()

    action, after = paired(pair, {Group.CONTACT: Wins.THEIRS})
    assert action.take == {"phone"}
    assert decide(after, Policy()) == UpdateThere(fields=frozenset({"billing_street", "service_street"}))


def test_a_price_of_zero_is_filled_whoever_wins() -> None:
    for wins in Wins:
        action, _ = paired(met(TUNE_UP, {"price": "0"}, {"price": "95"}), EVERYWHERE[wins])
        assert action.take == {"price"}


@pytest.mark.parametrize("wins", Wins)
def test_names_and_switches_stay_whoever_wins(wins: Wins) -> None:
    there = {"display_name": "AMELIA HARTWELL", "taxable": False, "active": False, "parent": 4}
    action, after = paired(met(AMELIA, {}, there), EVERYWHERE[wins])
    assert action.take == frozenset()
    assert decide(after, Policy(two_way_edits=True)) == AdvanceBaseline()


@pytest.mark.parametrize("wins", Wins)
def test_what_quickbooks_cannot_hold_stays_here_whoever_wins(wins: Wins) -> None:
    pair = met(AMELIA, {"phone": "5" * 31}, {"phone": "555 9999"}, unfit_here={"phone": "It is too long."})
    action, after = paired(pair, EVERYWHERE[wins])
    assert action.take == frozenset()
    assert decide(after, Policy(two_way_edits=True)) == AdvanceBaseline()


@pytest.mark.parametrize("wins", Wins)
def test_what_cannot_be_held_here_stays_there_whoever_wins(wins: Wins) -> None:
    pair = met(AMELIA, {"phone": ""}, {"phone": "5" * 31}, unfit_there={"phone": "It is too long."})
    action, after = paired(pair, EVERYWHERE[wins])
    assert action.take == frozenset()
    assert decide(after, Policy(two_way_edits=True)) == AdvanceBaseline()


@pytest.mark.parametrize("wins", Wins)
def test_of_invoices_paired_by_a_person_ours_is_sent_whatever_was_chosen(wins: Wins) -> None:
    record = {"number": "1042", "memo": "Ours", "voided": False}
    pair = replace(met(record, {}, {"memo": "Theirs"}), money=True)
    action, after = paired(pair, EVERYWHERE[wins])
    assert action.take == frozenset()
    assert decide(after, Policy()) == UpdateThere(fields=frozenset({"memo"}))


def test_what_stays_apart_is_sent_and_taken_once_somebody_edits_it() -> None:
    _, after = paired(met(AMELIA, {}, {"email": "a.h@example.com"}), EVERYWHERE[Wins.NEITHER])
    assert after.here is not None
    assert after.there is not None
    ours = replace(after, here=replace(after.here, record={**after.here.record, "email": "new@example.com"}))
    assert decide(ours, Policy()) == UpdateThere(fields=frozenset({"email"}))
    other = replace(after, here=replace(after.here, record={**after.here.record, "notes": "Two dogs"}))
    assert decide(other, Policy()) == UpdateThere(fields=frozenset({"notes"}))
