"""What is so of every Kind, whichever there are: the list, the models and their keys are the product's."""

from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.kinds import KIND, KINDS, LISTS, MONEY, Kind
from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.shared.models import Versioned
from service_genius.shared.relations import keys_to
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.records_here import create, ended, operations, some

NUMBERED = [kind for kind in MONEY if kind.name_field == "number"]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def counter(company: Company) -> int:
    company.refresh_from_db()
    return company.revision


@every_kind
def test_to_end_a_record_takes_a_revision_and_to_end_it_again_none(kind: Kind, company: Company):
    record = create(kind, company)
    before = counter(company)
    after = ended(kind, company, record)
    assert after.revision == before + 1 == counter(company)
    record.refresh_from_db()
    assert record.revision == before + 1
    ended(kind, company, record)
    assert counter(company) == before + 1


@every_kind
def test_many_are_created_each_under_its_own_revision(kind: Kind, company: Company):
    some(KIND["customer"], company)
    some(KIND["work_code"], company)
    before = counter(company)
    one, other = create(kind, company), create(kind, company)
    assert [one.revision, other.revision] == [before + 1, before + 2]


@pytest.mark.parametrize("model", [kind.model for kind in KINDS], ids=lambda model: model.__name__)
def test_every_record_of_the_application_has_a_kind_or_belongs_to_one(model: Any):
    """A new table with revisions is a Kind: else no merge, no sync and no test would know of it."""
    versioned = {each for each in _below(Versioned) if not each._meta.abstract}
    assert versioned == {kind.model for kind in KINDS}
    assert issubclass(model, Versioned)


def test_a_merge_of_customers_leaves_nothing_with_the_one_who_goes(company: Company):
    goes, stays = (create(KIND["customer"], company, display_name=name) for name in ("Goes", "Stays"))
    made = [create(kind, company, customer=goes.pk) for kind in MONEY]
    below = create(KIND["customer"], company, display_name="Below", parent=goes.pk)
    before = counter(company)
    customers.merge_customers(company=company, loser=goes.pk, survivor=stays.pk)
    for key in keys_to(Customer):
        assert not key.model._default_manager.filter(**{key.name: goes.pk}).exists(), key
    for record in (*made, below):
        record.refresh_from_db()
        assert record.revision > before, record
    assert below.parent_id == stays.pk
    assert {record.customer_id for record in made} == {stays.pk}


def test_a_merge_of_work_codes_leaves_no_line_with_the_one_that_goes(company: Company):
    goes, stays = (create(KIND["work_code"], company, name=name) for name in ("Goes", "Stays"))
    lines = [{"work_code": goes.pk, "unit_price": Decimal(10)}]
    made = [create(kind, company, lines=lines) for kind in MONEY if "work_code" in kind.holds]
    before = counter(company)
    work_codes.merge_work_codes(company=company, loser=goes.pk, survivor=stays.pk)
    for key in keys_to(WorkCode):
        assert not key.model._default_manager.filter(**{key.name: goes.pk}).exists(), key
    for record in made:
        record.refresh_from_db()
        assert record.revision > before, record


@pytest.mark.parametrize("kind", NUMBERED, ids=lambda kind: kind.name)
def test_the_next_number_is_that_after_the_last_of_the_same_sort(kind: Kind, company: Company):
    for other in NUMBERED:
        create(other, company, number="7001" if other is kind else "8001")
    assert operations(kind).next_number(company=company) == "7002"
    elsewhere = Company.objects.create(name="Elsewhere", zone="America/New_York")
    assert operations(kind).next_number(company=elsewhere) == "1001"


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: kind.name)
def test_what_is_put_away_comes_back_as_it_was(kind: Kind, company: Company):
    record = create(kind, company)
    ended(kind, company, record)
    assert operations(kind).reactivate(company=company, id=record.pk).active


def _below(model: type[Any]) -> set[type[Any]]:
    return {each for sub in model.__subclasses__() for each in (sub, *_below(sub))}
