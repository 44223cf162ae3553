"""No sentence is said outside its situation: over every combination of what can be known.

The conditions stand here by themselves: they are what a person would check, not how the product decides.
"""

from collections.abc import Callable
from decimal import Decimal

import pytest

from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import Issue, Link, SyncRun
from quickbooks_sync.pages.report import story
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.resolving.offers import answers_of
from quickbooks_sync.wording.standing import (
    BADGES,
    SENTENCES,
    SETTLEMENTS,
    Settlement,
    Situation,
    Standing,
    sentences,
    settlement,
    situation,
)
from tests.issue_details import DETAILS
from tests.said.table import PAGE, invoices, page, runs, standings, status_of

ALL = list(standings())


def settled(it: Standing) -> bool:
    return it.there and not it.gone and not it.open and not it.held and it.reason is None


#: What has to be so for a sentence to be true.
TRUE_OF: dict[Situation, Callable[[Standing], bool]] = {
    Situation.NEEDS_YOU: lambda it: it.reason not in {None, Reason.CHANGED_THERE},
    Situation.CHANGED_THERE: lambda it: it.reason == Reason.CHANGED_THERE,
    Situation.NOT_TAKEN: lambda it: not it.here,
    Situation.HELD: lambda it: it.held and it.there and not it.gone,
    Situation.HELD_NEVER_SENT: lambda it: it.held and not it.there,
    Situation.HELD_GONE: lambda it: it.held and it.gone,
    Situation.INACTIVE: lambda it: not it.money and not it.there and not it.eligible,
    Situation.VOIDED: lambda it: it.money and it.removed and not it.there and not it.eligible,
    Situation.NOT_WANTED: lambda it: not it.wanted and not it.there and not it.eligible,
    Situation.OLDER: lambda it: (
        it.wanted and it.money and not it.removed and not it.there and not it.eligible
    ),
    Situation.NOT_CONNECTED: lambda it: not it.connected,
    Situation.NEVER_SENT: lambda it: it.connected and not it.there and it.eligible,
    Situation.WAITS: lambda it: it.connected and it.open and it.waiting,
    Situation.CHANGED: lambda it: it.connected and it.open and it.there,
    Situation.GONE: lambda it: it.gone and not it.open,
    Situation.VOID_ON_BOTH: lambda it: it.money and it.removed and settled(it),
    Situation.INACTIVE_ON_BOTH: lambda it: not it.money and it.removed and settled(it),
    Situation.LEFT: lambda it: bool(it.left) and settled(it),
    Situation.OTHER_TOTAL: lambda it: it.other_total and settled(it),
    Situation.KEPT: lambda it: it.kept and settled(it) and not it.other_total,
    Situation.APART: lambda it: bool(it.apart) and settled(it) and not it.left,
    Situation.SAME: lambda it: settled(it) and not (it.left or it.apart or it.other_total or it.kept),
}
MONEY_TRUE_OF: dict[Settlement, Callable[[Standing], bool]] = {
    Settlement.EQUAL: lambda it: (
        it.owed_here == it.owed_there or not it.there or it.gone or (it.money and it.removed)
    ),
    Settlement.PAID_THERE: lambda it: it.paid_there > 0 and it.owed_there == 0,
    Settlement.PARTLY_PAID_THERE: lambda it: it.paid_there > 0 and (it.owed_there or 0) > 0,
    Settlement.CREDITED_THERE: lambda it: it.credit > 0 and it.owed_there == 0,
    Settlement.PARTLY_CREDITED_THERE: lambda it: it.credit > 0 and (it.owed_there or 0) > 0,
    Settlement.OTHER_PAYMENTS: lambda it: it.kind == "invoice" and it.owed_here != it.owed_there,
    Settlement.OTHER_BALANCE: lambda it: it.kind == "customer" and it.owed_here != it.owed_there,
}
#: Words, wherever they stand, and when alone they may.
WORDS: dict[str, Callable[[Standing], bool]] = {
    "The same on both sides.": lambda it: (
        settled(it)
        and not (it.left or it.other_total or it.kept or it.removed)
        and it.owed_here == it.owed_there
    ),
    "The same on both sides": settled,
    "on both sides": lambda it: it.there and not it.gone,
    "nothing is left to pay there": lambda it: it.there and it.owed_there == 0,
    "is left to pay there": lambda it: it.there and it.owed_there is not None,
    "Not in QuickBooks yet": lambda it: not it.there,
    "goes with the next": lambda it: it.connected and it.open,
    "deleted in QuickBooks": lambda it: it.gone,
    "somebody stopped that": lambda it: it.held,
}


def test_every_situation_has_its_sentence_its_badge_and_its_condition() -> None:
    assert set(SENTENCES) == set(BADGES) == set(TRUE_OF) == set(Situation)
    assert set(SETTLEMENTS) == set(MONEY_TRUE_OF) == set(Settlement)


def test_every_situation_can_be_met() -> None:
    assert {situation(it) for it in ALL} == set(Situation)
    assert {settlement(it) for it in ALL} == set(Settlement)


def test_no_situation_is_told_where_it_does_not_hold() -> None:
    wrong = [it for it in ALL if not TRUE_OF[situation(it)](it)]
    assert not wrong, (situation(wrong[0]), wrong[0])
    wrong = [it for it in ALL if not MONEY_TRUE_OF[settlement(it)](it)]
    assert not wrong, (settlement(wrong[0]), wrong[0])


@pytest.mark.parametrize("words", WORDS)
def test_no_words_are_said_where_they_are_not_so(words: str) -> None:
    said = [it for it in ALL if words in " ".join(sentences(it))]
    assert said
    wrong = [it for it in said if not WORDS[words](it)]
    assert not wrong, (sentences(wrong[0]), wrong[0])


def test_what_is_paid_there_is_said_whatever_else_is() -> None:
    for it in ALL:
        told = " ".join(sentences(it))
        if it.there and not it.gone and not it.removed and (it.paid_there or it.credit):
            assert "left to pay there" in told, it


def test_an_invoice_is_open_in_a_list_only_while_something_is_owed() -> None:
    labels = {status_of(each) for each in invoices()}
    assert labels == {"Voided", "Paid", "Paid in QuickBooks", "Partly paid", "Overdue", "Open"}
    for each in invoices():
        label = status_of(each)
        assert (label == "Voided") == each.voided
        assert (label in {"Open", "Overdue", "Partly paid"}) == (each.owed > 0)
        if label == "Paid in QuickBooks":
            assert each.covered > 0
        if label == "Paid":
            assert each.paid == Decimal(234)


def test_a_run_says_that_both_sides_were_the_same_only_if_nothing_was_left() -> None:
    for run in runs():
        if "both sides were already the same" in story(run).casefold():
            assert run.state == SyncRun.State.DONE
            assert run.counts == {"apart": 0}
        for number, words in ((run.counts.get(name), name) for name in ("waiting", "left", "attention")):
            if number and run.scope not in SyncRun.LOOKING and not run.preview:
                assert f"{number:,} " in story(run), words


def test_a_failure_for_want_of_access_is_over_once_it_was_given() -> None:
    told = [story(run) for run in runs() if run.state == SyncRun.State.FAILED and run.trouble]
    assert any("is connected again since" in words for words in told)
    for run in runs():
        if "is connected again since" in story(run):
            assert run.finished_at is not None
            assert run.finished_at < run.connection.authorized_at


def test_the_page_of_all_sentences_is_the_one_that_is_made() -> None:
    assert PAGE.read_text() == page(), "Run python -m tests.said"


@pytest.mark.parametrize("kind", KIND)
@pytest.mark.parametrize("reason", Reason)
def test_every_answer_that_removes_something_asks_first(kind: str, reason: Reason) -> None:
    details = {"proposal": "", **DETAILS[reason]}
    issue = Issue(link=Link(kind=kind, local_id=1, remote_id=1), reason=reason, details=details, label="A")
    removes = {"remove", "merge", "void_there"}
    for answer in answers_of(issue, free_number="1002", day="2026-03-02"):
        assert bool(answer.asks_first) == (answer.what in removes), answer
        assert bool(answer.confirm) == bool(answer.asks_first)


@pytest.mark.parametrize("field", ["voided", "active"])
@pytest.mark.parametrize("reason", [Reason.CHANGED_THERE, Reason.EDITED_ON_BOTH, Reason.EDITED_AFTER_PAYMENT])
def test_an_answer_that_takes_over_whether_it_counts_asks_first(reason: Reason, field: str) -> None:
    link = Link(kind="invoice", local_id=1, remote_id=1)
    issue = Issue(link=link, reason=reason, details={"fields": ["date", field]}, label="A")
    for answer in answers_of(issue):
        assert bool(answer.asks_first) == (not answer.quiet), answer
