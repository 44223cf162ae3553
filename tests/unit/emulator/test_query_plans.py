"""Queries must find their rows by an index: with the wrong one a company of 12,000 stops the emulator."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qbo_emulator.application import create_app
from qbo_emulator.entities import ENTITIES
from qbo_emulator.entities.definition import Entity
from qbo_emulator.ground.clock import Clock
from qbo_emulator.ground.refusals import Refusal
from qbo_emulator.ground.settings import Settings
from qbo_emulator.query.compiler import compiled
from qbo_emulator.query.statement import parse
from qbo_emulator.storage.store import Store

if TYPE_CHECKING:
    from qbo_emulator.api.gateway import Gateway


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    app = create_app(data=tmp_path_factory.mktemp("plans") / "data.sqlite3", clock=Clock())
    gateway: Gateway = app.extensions["gateway"]
    yield gateway.store
    gateway.store.close()


def _plan(store: Store, sql: str, parameters: tuple[object, ...]) -> str:
    rows = store.connection().execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()
    return " / ".join(row[3] for row in rows)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (
            "select * from Customer where DisplayName = 'X'",
            "objects_by_name (realm=? AND entity=? AND name=?)",
        ),
        (
            "select * from Customer where FullyQualifiedName IN ('A:B', 'C') and Active in (true, false)",
            "objects_by_folded_name (realm=? AND entity=? AND full_name=?)",
        ),
        (
            "select * from Customer where DisplayName = 'Zoë'",
            "objects_by_name (realm=? AND entity=? AND name=?)",
        ),
        (
            "select * from Invoice where DocNumber IN ('1', '2')",
            "objects_by_number (realm=? AND entity=? AND doc_number=?)",
        ),
        (
            "select * from Payment where TxnDate >= '2026-01-01' and TxnDate <= '2026-02-01'",
            "objects_by_date (realm=? AND entity=? AND txn_date>? AND txn_date<?)",
        ),
        (
            "select * from Item where Id IN ('1', '2') and MetaData.LastUpdatedTime > '2026-01-01'",
            "sqlite_autoindex_objects_1 (realm=? AND entity=? AND id=?)",
        ),
        (
            "select * from Invoice where CustomerRef = '7'",
            "objects_by_customer (realm=? AND entity=? AND customer=?)",
        ),
        ("select * from Customer where PrimaryEmailAddr = 'a@b.example'", "objects_by_email (realm=?"),
        ("select * from Vendor where CompanyName IN ('X', 'Y')", "objects_by_company_name (realm=?"),
        ("select * from Employee where FamilyName = 'X'", "objects_by_family_name (realm=?"),
        ("select * from Customer where GivenName = 'X'", "objects_by_given_name (realm=?"),
        ("select * from Item where Sku = 'X'", "objects_by_sku (realm=?"),
        ("select * from Payment where PaymentRefNum = 'X'", "objects_by_reference (realm=?"),
        ("select * from Invoice where DueDate = '2026-01-01'", "objects_by_due_date (realm=?"),
        ("select * from Invoice where Balance > '0'", "objects_open (realm=? AND entity=?)"),
        (
            "select * from Item where MetaData.LastUpdatedTime > '2026-01-01' and Active in (true, false)",
            "objects_by_change (realm=? AND entity=? AND updated_at>?)",
        ),
    ],
)
def test_a_condition_is_answered_from_its_index(store: Store, statement: str, index: str) -> None:
    query = compiled(parse(statement), realm="1", settings=Settings())
    assert index in _plan(store, query.rows_sql, query.rows_parameters)


@pytest.mark.parametrize(
    "statement",
    [
        "select * from Customer maxresults 1000",
        "select * from Customer where Active in (true, false) orderby Id startposition 1001 maxresults 1000",
        "select * from Invoice maxresults 1000",
        "select * from Invoice orderby MetaData.LastUpdatedTime maxresults 1000",
    ],
)
def test_a_page_comes_in_order_without_sorting(store: Store, statement: str) -> None:
    query = compiled(parse(statement), realm="1", settings=Settings())
    plan = _plan(store, query.rows_sql, query.rows_parameters)
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def test_a_name_is_looked_up_by_its_key(store: Store) -> None:
    sql = "SELECT entity, id FROM names WHERE realm = ? AND family = ? AND folded = ?"
    assert "PRIMARY KEY (realm=? AND family=? AND folded=?)" in _plan(store, sql, ("1", "person", "x"))


def test_a_fresh_file_holds_one_company_and_an_old_one_is_left_alone(tmp_path: Path) -> None:
    for _ in range(2):
        app = create_app(data=tmp_path / "data.sqlite3")
        gateway: Gateway = app.extensions["gateway"]
        rows = gateway.store.connection().execute("SELECT company_name FROM realms").fetchall()
        assert rows == [("Green Valley Landscaping",)]
        gateway.store.close()


@pytest.mark.parametrize("entity", ENTITIES, ids=[entity.name for entity in ENTITIES])
def test_every_property_can_be_compared_and_sorted_by(store: Store, entity: Entity) -> None:
    for name in entity.properties:
        conditions = [f"where {name} {comparison} {{}}" for comparison in ("=", ">=", "<", "LIKE")]
        conditions = [*conditions, f"where {name} IN ({{}}, {{}})", f"orderby {name}"]
        lower = name.lower()
        for condition in conditions:
            sorts = condition.startswith("orderby")
            if (lower in entity.only_filtered and sorts) or (lower in entity.only_sorted and not sorts):
                continue
            if name == "Id" and not sorts and "IN" not in condition and "=" not in condition.split():
                continue
            assert any(_can_be_asked(store, entity, condition, value) for value in VALUES), condition


VALUES = ("'1'", "'true'", "'2026-01-01'")


def _can_be_asked(store: Store, entity: Entity, condition: str, value: str) -> bool:
    statement = f"select * from {entity.name} {condition.replace('{}', value)}"
    try:
        query = compiled(parse(statement), realm="1", settings=Settings())
    except Refusal:
        return False
    store.connection().execute(query.rows_sql, query.rows_parameters).fetchall()
    store.connection().execute(query.count_sql, query.parameters).fetchall()
    return True
