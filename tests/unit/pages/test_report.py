"""A run in words: what the page, the history and the command line say of it."""

import pytest

from quickbooks_sync.kinds import KINDS
from quickbooks_sync.models import SyncRun
from quickbooks_sync.pages.report import headline, rows, sentence, story
from quickbooks_sync.planner.guards import empty_list, many_removals, restored, went_back, wrong_company
from quickbooks_sync.wording.questions import QUESTIONS, question_sentence

DONE = SyncRun.State.DONE


def run(scope: str = "sync", state: str = DONE, **fields: object) -> SyncRun:
    return SyncRun(scope=scope, state=state, **fields)


def test_a_run_that_changed_nothing_says_that_both_sides_were_the_same() -> None:
    assert sentence(run(counts={"apart": 0})) == "Sync finished. Both sides were already the same."


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"waiting": 2}, "2 wait for another record"),
        ({"left": 1}, "1 was left for the next Sync"),
        ({"left": 2}, "2 were left for the next Sync"),
        ({"money": 1200}, "1,200 invoices and payments go with a Sync"),
        ({"changed": 1}, "1 changed in QuickBooks waits for your word"),
        ({"attention": 12}, "12 need you"),
    ],
)
def test_what_waits_was_left_or_needs_somebody_is_counted_and_never_the_same(
    counts: dict[str, int], told: str
) -> None:
    assert story(run(counts={"apart": 0, **counts})) == f"Nothing was copied or changed; {told}."


def test_what_differs_and_stays_so_is_not_called_the_same() -> None:
    assert story(run(counts={"apart": 1})) == "Nothing was copied or changed."
    assert story(run(counts={})) == "Nothing was copied or changed."  # of before it was counted


def test_counts_of_one_kind_name_it_and_counts_of_several_do_not() -> None:
    assert story(run(counts={"customer.there.created": 1})) == "1 customer sent to QuickBooks."
    assert story(run(counts={"work_code.here.created": 1200})) == "1,200 work codes taken from QuickBooks."
    several = run(counts={"customer.there.created": 2, "invoice.there.created": 3, "attention": 1})
    assert story(several) == "5 sent to QuickBooks; 1 needs you."


def test_what_needs_a_person_is_told_also_when_nothing_changed() -> None:
    assert story(run(counts={"attention": 12})) == "Nothing was copied or changed; 12 need you."


def test_a_preview_counts_whom_it_shows_as_needing_a_person_not_who_needs_one_now() -> None:
    counts = {"customer.there.attention": 2, "invoice.there.attention": 1, "attention": 1}
    assert story(run(counts=counts, preview=True)).endswith("; 3 need you.")


@pytest.mark.parametrize("state", SyncRun.State)
def test_every_state_has_a_headline_and_a_story(state: SyncRun.State) -> None:
    question = {"guard": "many_removals", "kind": "customer", "counts": {"removals": 30, "linked": 90}}
    told = run(state=state, error="QuickBooks could not be reached.", question=question)
    assert headline(told).startswith("Sync ")
    assert not story(told)[0].islower()
    assert story(told)[-1] in ".?"


def test_a_run_that_waits_says_for_what_and_that_it_goes_on_by_itself() -> None:
    waiting = run(state="queued", waiting_for="Checking what QuickBooks received")
    assert sentence(waiting) == "Sync is waiting. Checking what QuickBooks received; it goes on by itself."


def test_a_full_sync_tells_nothing_of_invoices_and_payments_which_it_does_not_move() -> None:
    assert [row.kind for row in rows(run("full"))] == [kind.name for kind in KINDS if not kind.money]
    assert [row.kind for row in rows(run("sync"))] == [kind.name for kind in KINDS]


def test_every_question_of_a_guard_is_asked_in_words() -> None:
    asked = [
        wrong_company(new=1200, matched=3, there=38),
        many_removals(kind="work_code", removals=30, linked=90),
        empty_list(kind="customer", read=0, linked=60),
        restored(forgotten=2),
        went_back(kind="invoice", older=30, linked=90),
    ]
    questions = [question for question in asked if question is not None]
    assert {question.guard for question in questions} == set(QUESTIONS)
    words = [
        question_sentence({"guard": each.guard, "counts": each.counts, "kind": each.kind})
        for each in questions
    ]
    assert "3 of 1,203 records" in words[0]
    assert "30 of 90 work codes" in words[1]
    assert "no customers any more, though 60 were linked" in words[2]
