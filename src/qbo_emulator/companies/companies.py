"""Making a company: the templates "sample" and "empty", and loading records that carry their own Ids."""

import secrets
from typing import Any

from qbo_emulator.companies.loading import whole
from qbo_emulator.companies.sample import foundation, sample_company
from qbo_emulator.entities import ENTITIES, entity_named, names
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm
from qbo_emulator.storage.store import Store

REALM_ID_PREFIX = "93414"


class WrongRealm(ValueError):  # noqa: N818  the mistake is the caller's
    """A realm that cannot be made; the text says why."""


# Where rows of a company stand; what is shared by all, and tokens, is not here.
TABLES = (
    "objects",
    "history",
    "names",
    "tombstones",
    "sequences",
    "request_ids",
    "mails",
    "standings",
    "codes",
)


def new_realm_id() -> str:
    return f"{REALM_ID_PREFIX}{secrets.randbelow(10**11):011d}"


def new_realm(store: Store, *, template: str, realm_id: str | None, company_name: str | None) -> Json:
    if template not in {"sample", "empty"}:
        raise WrongRealm("'template' is 'sample' or 'empty'.")
    key = realm_id or new_realm_id()
    if not (key.isascii() and key.isdigit()):
        raise WrongRealm("'realm_id' is made of digits.")
    name = company_name or ("Green Valley Landscaping" if template == "sample" else "New Company")
    with store.writing() as connection:
        if connection.execute("SELECT 1 FROM realms WHERE realm = ?", (key,)).fetchone():
            raise WrongRealm(f"There is a realm {key} already.")
        connection.execute(
            "INSERT INTO realms (realm, company_name, created_at) VALUES (?, ?, ?)",
            (key, name, store.clock.seconds()),
        )
        realm = Realm(store=store, connection=connection, realm_id=key)
        times = {"MetaData": realm.new_times}
        load(
            realm,
            {entity: [{**one, **times} for one in bodies] for entity, bodies in foundation(name).items()},
        )
        if template == "sample":
            sample_company(realm)
    return {"realm_id": key, "company_name": name}


def remove_realm(store: Store, key: str) -> None:
    """Take a company out of the world: its records, and every token that opened it."""
    with store.writing() as connection:
        grants = "SELECT id FROM grants WHERE realm = ?"
        connection.execute(f"DELETE FROM tokens WHERE grant_id IN ({grants})", (key,))  # noqa: S608  our own words
        connection.execute("DELETE FROM grants WHERE realm = ?", (key,))
        for table in (*TABLES, "realms"):
            connection.execute(f"DELETE FROM {table} WHERE realm = ?", (key,))  # noqa: S608  our own words
    store.preferences.pop(key, None)
    store.standings.pop(key, None)


def counted(store: Store, key: str) -> dict[str, int]:
    """Return how many records of each entity a company holds, of those it holds any of."""
    rows = store.connection().execute(
        "SELECT entity, count(*) FROM objects WHERE realm = ? GROUP BY entity ORDER BY entity", (key,)
    )
    return dict(rows.fetchall())


def load(realm: Realm, records: dict[str, list[Json]]) -> dict[str, int]:
    """Store objects as they are, Ids and all; what they refer to and is missing becomes a stub.

    What QuickBooks gives every object is filled in; without what only the caller can know, WrongRecord.
    """
    records = {name: [whole(realm, name, body) for body in bodies] for name, bodies in records.items()}
    for name, bodies in records.items():
        entity = entity_named(name)
        sequence = entity.sequence if entity else "transaction"
        for body in bodies:
            put(realm, entity.name if entity else name, sequence, body)
    for bodies in records.values():
        for body in bodies:
            _stub_references(realm, body)
    return {name: len(bodies) for name, bodies in records.items()}


def put(realm: Realm, entity: str, sequence: str, body: Json) -> None:
    single = entity in {"Preferences", "CompanyInfo"}
    realm.put(entity, {"Id": "1", **body} if single and "Id" not in body else body)
    if str(body.get("Id", "")).isdigit():
        realm.number_used(sequence, int(body["Id"]))
    known = entity_named(entity)
    if known is not None and known.name_family:
        realm.hold(known.name_family, names.full_name(body), entity, body["Id"])
    number = str(body.get("DocNumber", ""))
    if number.isascii() and number.isdigit():
        realm.number_used("DocNumber", int(number))


# Which entity a reference points at, and what a stub of it needs beside Id and name.
_REFERENCES: dict[str, tuple[str, Json]] = {
    "IncomeAccountRef": ("Account", {"AccountType": "Income", "Classification": "Revenue"}),
    "ExpenseAccountRef": ("Account", {"AccountType": "Cost of Goods Sold", "Classification": "Expense"}),
    "AssetAccountRef": ("Account", {"AccountType": "Other Current Asset", "Classification": "Asset"}),
    "DepositToAccountRef": ("Account", {"AccountType": "Bank", "Classification": "Asset"}),
    "DiscountAccountRef": ("Account", {"AccountType": "Income", "Classification": "Revenue"}),
    "ItemAccountRef": ("Account", {"AccountType": "Income", "Classification": "Revenue"}),
    "ARAccountRef": ("Account", {"AccountType": "Accounts Receivable", "Classification": "Asset"}),
    "ClassRef": ("Class", {"SubClass": False}),
    "DepartmentRef": ("Department", {"SubDepartment": False}),
    "CustomerTypeRef": ("CustomerType", {}),
    "GroupItemRef": ("Item", {"Type": "Group"}),
    "SalesTermRef": ("Term", {"Type": "STANDARD", "DueDays": 30}),
    "PaymentMethodRef": ("PaymentMethod", {"Type": "NON_CREDIT_CARD"}),
    "DefaultTaxCodeRef": ("TaxCode", {"Taxable": True, "TaxGroup": True}),
    "TxnTaxCodeRef": ("TaxCode", {"Taxable": True, "TaxGroup": True}),
    "ItemRef": ("Item", {"Type": "Service", "Taxable": False, "UnitPrice": 0}),
    "CustomerRef": ("Customer", {"Balance": 0, "BalanceWithJobs": 0, "Job": False, "Taxable": True}),
    "VendorRef": ("Vendor", {"Balance": 0}),
    "EmployeeRef": ("Employee", {}),
}


def _stub_references(realm: Realm, value: Any) -> None:
    if isinstance(value, list):
        for one in value:
            _stub_references(realm, one)
        return
    if not isinstance(value, dict):
        return
    for member, inner in value.items():
        if member in _REFERENCES and isinstance(inner, dict):
            _stub(realm, member, inner)
        else:
            _stub_references(realm, inner)


def _stub(realm: Realm, member: str, ref: Json) -> None:
    name, content = _REFERENCES[member]
    key = str(ref.get("value", ""))
    entity = entity_named(name)
    if entity is None or not (key.isascii() and key.isdigit()) or realm.text(name, key) is not None:
        return
    shown = ref.get("name") or f"{name} {key}"
    last = shown.rpartition(":")[2]
    named = {"DisplayName": last} if entity.name_family == "person" else {"Name": last}
    full = (
        {} if name in {"Term", "PaymentMethod", "TaxCode", "CustomerType"} else {"FullyQualifiedName": shown}
    )
    body = {
        "domain": "QBO",
        "sparse": False,
        "Id": key,
        "SyncToken": "0",
        "MetaData": realm.new_times,
        **named,
        **full,
        "Active": True,
        **content,
    }
    put(realm, name, entity.sequence, body)


def dump(store: Store, realm: str) -> dict[str, list[str]]:
    """Return the stored text of every object, by entity."""
    rows = store.connection().execute(
        "SELECT entity, body FROM objects WHERE realm = ? ORDER BY entity, id", (realm,)
    )
    result: dict[str, list[str]] = {entity.name: [] for entity in ENTITIES}
    for entity, body in rows:
        result.setdefault(entity, []).append(body)
    return {name: bodies for name, bodies in result.items() if bodies}
