"""Sales tax of whatever bears it: what is answered at one Kind is done to records of that Kind alone."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.kinds import KINDS, Kind
from quickbooks_sync.models import Connection, Issue, Link
from quickbooks_sync.models.tax_states import AutomatedTax
from service_genius.customers.models import Customer
from service_genius.sales.models import TaxRate
from tests.integration.sync.taxing import begin, bill, line, pressed, two_rates
from tests.records_here import create
from tests.world import World

TAXED = [kind for kind in KINDS if kind.taxed]
every_taxed = pytest.mark.parametrize("kind", TAXED, ids=lambda kind: kind.name)


@pytest.fixture
def selling(world: World) -> World:
    begin(world)
    Connection.objects.update(send_estimates=True)
    world.connection.refresh_from_db()
    return world


@pytest.fixture
def ignoring(selling: World) -> Iterator[World]:
    """QuickBooks reckons tax itself, and ignores ours."""
    selling.emulator.preferences(selling.realm, TaxPrefs={"PartnerTaxEnabled": True})
    selling.emulator.settings(tax_override="ignored")
    selling.full()
    yield selling
    selling.emulator.settings(tax_override="honoured")


def taxed(world: World, kind: Kind) -> Any:
    rate, customer = TaxRate.objects.get(), Customer.objects.latest("pk")
    values = {"customer": customer.pk, "tax_rate": rate.pk, "lines": [line(world, "89")]}
    return create(kind, world.company, **values)


def quiet(world: World) -> None:
    world.sync()
    assert world.issues() == {}
    assert world.sync().calls["write_batches"] == 0


@every_taxed
def test_the_tax_of_quickbooks_is_taken_where_it_counts(ignoring: World, kind: Kind) -> None:
    bill(ignoring)
    Connection.objects.update(automated_tax=AutomatedTax.THEIRS)
    ignoring.connection.refresh_from_db()
    one = taxed(ignoring, kind)
    assert ignoring.sync().state == "done"
    one.refresh_from_db()
    there = ignoring.there(kind.entity)[-1]
    assert (one.tax, one.total) == (
        Decimal(str(there["TxnTaxDetail"]["TotalTax"])),
        Decimal(str(there["TotalAmt"])),
    )
    assert one.tax_by == "QuickBooks"
    quiet(ignoring)


@every_taxed
def test_the_answer_at_one_takes_its_tax_and_no_others(ignoring: World, kind: Kind) -> None:
    others = [taxed(ignoring, each) for each in TAXED if each is not kind]
    totals = [each.total for each in others]
    one = taxed(ignoring, kind)
    ignoring.sync()
    link = Link.objects.get(kind=kind.name, local_id=one.pk)
    Issue.objects.filter(link=link).delete()
    details = {"sent": {"tax": "1", "total": "90"}, "stored": {"tax": "7.12", "total": "96.12"}}
    Issue.objects.exclude(link=link).delete()
    Issue.objects.create(
        connection=ignoring.connection,
        link=link,
        reason="stored_differently",
        label="One",
        raised_at=ignoring.connection.connected_at,
        details=details,
    )
    assert "has the tax of QuickBooks now" in pressed("take_tax")
    one.refresh_from_db()
    assert (one.tax, one.tax_by) == (Decimal("7.12"), "QuickBooks")
    for each, total in zip(others, totals, strict=True):
        each.refresh_from_db()
        assert each.total == total


@every_taxed
def test_a_tax_that_quickbooks_would_reckon_otherwise_is_reckoned_anew(selling: World, kind: Kind) -> None:
    two_rates(selling)
    selling.full()
    one = taxed(selling, kind)
    two_rates(selling, "5.5", "2.5")
    selling.full()
    selling.sync()
    assert set(selling.issues().values()) == {"tax_reckoned"}
    assert "is reckoned as QuickBooks does it" in pressed("reckon")
    quiet(selling)
    one.refresh_from_db()
    assert one.total == Decimal(str(selling.there(kind.entity)[-1]["TotalAmt"]))
