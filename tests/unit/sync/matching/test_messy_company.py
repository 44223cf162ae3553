"""Two lists of 300 that were typed by different people: what is linked, asked about, and left apart."""

from collections import Counter
from collections.abc import Iterable

import pytest

from benchmarks.matching import messy, messy_services
from benchmarks.matching.scores import Score, score
from quickbooks_sync.planner.matching import lists
from quickbooks_sync.planner.matching.deciding import Decided, Verdict
from quickbooks_sync.planner.matching.features import of_customer
from quickbooks_sync.planner.matching.work_codes import of_work_code

SEEDS = (1, 2, 3)


def scored(
    decided: Iterable[Decided[str, str]], company: messy.Messy | messy_services.MessyServices
) -> Score:
    found = list(decided)
    pairs = {
        verdict: [(each.here, each.there) for each in found if each.verdict is verdict] for verdict in Verdict
    }
    return score(linked=pairs[Verdict.LINK], asked=pairs[Verdict.ASK], true=company.true, traps=company.traps)


@pytest.mark.parametrize("seed", SEEDS)
def test_customers_are_paired_as_a_careful_bookkeeper_would(seed: int) -> None:
    company = messy.company(seed=seed)
    here, there = (
        {key: of_customer(each) for key, each in side.items()} for side in (company.here, company.there)
    )
    made = scored(lists.CUSTOMERS.match(here, there), company)
    true, listed = len(company.true), len(company.here)
    assert made.wrong == ()
    assert made.right >= 0.90 * true
    assert len(made.missed) <= 0.02 * true
    assert len(made.needless) <= 0.01 * listed
    assert made.asked_twice == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_services_are_paired_as_a_careful_bookkeeper_would(seed: int) -> None:
    company = messy_services.company(seed=seed)
    here, there = (
        {key: of_work_code(each) for key, each in side.items()} for side in (company.here, company.there)
    )
    made = scored(lists.WORK_CODES.match(here, there), company)
    assert made.wrong == ()
    assert made.right >= 0.90 * len(company.true)
    assert len(made.missed) <= 0.02 * len(company.true)
    assert len(made.needless) <= 0.01 * len(company.here)
    assert made.asked_twice == ()


def test_the_company_is_as_messy_as_it_says() -> None:
    company = messy.company(seed=1)
    assert (len(company.here), len(company.there), len(company.true)) == (300, 300, 200)
    assert company.traps >= {f"here-trap-{number}" for number in range(60)}
    sorts = Counter(company.how[key] for key in company.true)
    assert len(sorts) >= 15
    different = [key for key, other in company.true.items() if company.here[key] != company.there[other]]
    assert len(different) >= 0.8 * len(company.true)


def test_a_scorer_that_links_a_trap_is_caught() -> None:
    company = messy.company(seed=1)
    trap = ("here-trap-0", "there-trap-0")
    made = score(linked=[trap], asked=[], true=company.true, traps=company.traps)
    assert made.wrong == (trap,)
    assert len(made.missed) == len(company.true)
