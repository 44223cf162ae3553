"""Every Issue and every fault of QuickBooks, in words for a person who never met an accountant."""

import re

import pytest

from quickbooks_sync.models import Connection, Issue
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.wording.reasons import (
    FAULT_WORDS,
    SENTENCES,
    TITLES,
    UNKNOWN_FAULT,
    field_words,
    issue_sentence,
)
from service_genius.companies.models import Company
from tests.issue_details import DETAILS

JARGON = re.compile(
    r"\b(api|json|null|none|payload|sync ?token|entity|field|fault|exception|error code|http|oauth|batch"
    r"|displayname|docnumber|sparse|baseline|remote|txn\w*|ref)\b|[{}\[\]<>_]",
    re.IGNORECASE,
)
CODE = re.compile(r"\b(?<!\d, )\d{3,}\b")  # but the year of a date


def sentence(reason: Reason, details: dict[str, object]) -> str:
    connection = Connection(company=Company(currency="USD"))
    return issue_sentence(Issue(connection=connection, reason=reason, details=details))


def assert_plain(words: str) -> None:
    assert words[0].isupper(), words
    assert words.endswith("."), words
    assert ".." not in words, words
    assert not CODE.search(words), words
    assert not JARGON.search(words), words


def test_every_reason_has_words() -> None:
    assert set(SENTENCES) == set(TITLES) == set(Reason) == set(DETAILS)


@pytest.mark.parametrize("reason", Reason)
def test_every_issue_is_told_in_plain_sentences(reason: Reason) -> None:
    assert_plain(sentence(reason, DETAILS[reason]))


def test_a_likely_pair_is_told_with_what_is_known_of_it() -> None:
    namesake = {"remote_id": "7", "name": "John Smith", "told": "same name; other e-mail"}
    words = sentence(Reason.LIKELY_PAIR, {"candidates": [namesake]})
    assert_plain(words)
    assert words.startswith("This may be the same as “John Smith” in QuickBooks (same name; other e-mail). ")


@pytest.mark.parametrize("code", FAULT_WORDS)
def test_every_fault_is_told_in_plain_sentences_without_its_code(code: str) -> None:
    words = sentence(Reason.REFUSED_THERE, {"faults": [{"code": code}]})
    assert_plain(words)
    assert words.startswith("QuickBooks did not take it: ")
    assert words != sentence(Reason.REFUSED_THERE, {"faults": [{"code": "unheard of"}]})


def test_a_fault_nobody_knows_is_told_as_one_too() -> None:
    words = sentence(Reason.REFUSED_THERE, {"faults": [{"code": "98765"}]})
    assert_plain(words)
    assert UNKNOWN_FAULT in words
    assert sentence(Reason.REFUSED_THERE, {"faults": []}) == words


def test_a_reason_given_twice_is_told_once() -> None:
    twice = sentence(Reason.REFUSED_THERE, {"faults": [{"code": "2060"}, {"code": "2070"}]})
    assert twice.count("Check the dates") == 1


@pytest.mark.parametrize("how", ["deleted", "deactivated", "voided"])
def test_a_removal_there_says_how(how: str) -> None:
    assert how in sentence(Reason.REMOVED_THERE, {"how": how})


@pytest.mark.parametrize(
    ("holder", "words"),
    [
        ("Customer", "Another customer"),
        ("Vendor", "A vendor"),
        ("Employee", "An employee"),
        ("Item", "Another product or service"),
        ("", "Something else"),
    ],
)
def test_a_name_that_is_taken_says_by_whom_and_proposes_a_free_one(holder: str, words: str) -> None:
    told = sentence(Reason.NAME_TAKEN, {"name": "N", "proposal": "N (customer)", "holder": holder})
    assert told.startswith(words)
    assert "“N (customer)”" in told


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["display_name"], "display name"),
        (["price", "billing_city"], "price and billing city"),
        (["a", "b", "tax_rate"], "a, b and tax rate"),
    ],
)
def test_fields_are_named_as_a_person_reads_them(names: list[str], words: str) -> None:
    assert field_words(names) == words
