"""What every Kind says of itself, whichever Kinds there are."""

import datetime as dt
from typing import Any

import pytest

from qbo.entities import ENTITIES
from qbo.environment import record_url
from qbo_emulator.entities import ENTITIES as EMULATED
from quickbooks_sync.kinds import KIND, KINDS, MONEY, Kind
from quickbooks_sync.wording.values import field_title
from tests.records_here import DAY, unsaved

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@every_kind
def test_it_has_a_page_in_every_quickbooks(kind: Kind) -> None:
    for name in ("emulator", "sandbox", "production"):
        address = record_url(
            name, emulator_url="http://127.0.0.1:1", realm_id="46", entity=kind.entity, id="7"
        )
        assert address.startswith("http")


@every_kind
def test_its_entity_is_known_to_the_client_and_to_the_emulator(kind: Kind) -> None:
    assert kind.entity in ENTITIES
    assert kind.entity in {each.name for each in EMULATED}


@every_kind
def test_whatever_it_names_comes_before_it(kind: Kind) -> None:
    """What others refer to is sent first."""
    order = [each.name for each in KINDS]
    named = set(kind.holds.values()) - {kind.name}
    assert all(order.index(name) < order.index(kind.name) for name in named)
    assert set(kind.holds.values()) == set(kind.ways), "the database leads to all that a Record names"
    assert named <= KIND.keys()


@every_kind
def test_every_field_of_its_record_has_a_title(kind: Kind) -> None:
    for name in kind.blank:
        title = field_title(name)
        assert title[0].isupper(), name
        assert "_" not in title, name


@pytest.mark.parametrize("kind", MONEY, ids=lambda kind: kind.name)
@pytest.mark.parametrize("days", [-40, 0, 1, 400])
def test_another_date_moves_every_day_of_a_document_alike(kind: Kind, days: int) -> None:
    record, moved = unsaved(kind), dt.timedelta(days=days)
    dates = {field.name for field in kind.model._meta.fields if field.get_internal_type() == "DateField"}
    for name in dates:
        setattr(record, name, DAY + dt.timedelta(days=len(name)))
    record.date = DAY
    values: dict[str, Any] = kind.dated(record, DAY + moved)
    assert values == {name: (getattr(record, name) + moved).isoformat() for name in dates}
