"""Whatever clients do to a company of the emulator, its books add up (qbo-facts E1, E3, E5, E6).

Random operations run in process beside a model that knows who owes what to whom and nothing of how the
emulator keeps it. After every step the whole company is read and held against the model and itself.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from qbo_emulator.application import create_app

NAMES = ("Ann", "ann ", "Ben", "Ben (deleted)", "Cleo")
FORMS = ("Invoice", "CreditMemo")

Target = tuple[str, str]


@pytest.fixture(scope="module")
def server() -> Iterator[FlaskClient]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(data=Path(folder) / "data.sqlite3")
        app.testing = True
        client = app.test_client()
        client.put("/_emulator/settings", json={"limits": False})
        yield client
        app.extensions["gateway"].store.close()


@dataclass
class Payment:
    customer: str
    total: int
    lines: dict[Target, int]

    @property
    def applied(self) -> int:
        return sum(value if kind == "Invoice" else -value for (kind, _), value in self.lines.items())


@dataclass
class Model:
    """Amounts in cents; a form is its customer and its total."""

    customers: dict[str, str] = field(default_factory=dict)
    inactive: set[str] = field(default_factory=set)
    forms: dict[Target, tuple[str, int]] = field(default_factory=dict)
    void: set[Target] = field(default_factory=set)
    payments: dict[str, Payment] = field(default_factory=dict)

    def open(self, target: Target) -> int:
        return self.forms[target][1] - sum(one.lines.get(target, 0) for one in self.payments.values())

    def balance(self, customer: str) -> int:
        sign = {"Invoice": 1, "CreditMemo": -1}
        owed = sum(
            sign[target[0]] * self.open(target)
            for target, (owner, _) in self.forms.items()
            if owner == customer
        )
        mine = [one for one in self.payments.values() if one.customer == customer]
        return owed - sum(one.total - one.applied for one in mine)

    def may_pay(self, payment: Payment, *, instead_of: str | None = None) -> bool:
        rest = {key: one for key, one in self.payments.items() if key != instead_of}
        others = Model(forms=self.forms, payments=rest)
        return (
            payment.customer not in self.inactive
            and 0 <= payment.applied <= payment.total
            and not self.void & payment.lines.keys()
            and all(
                self.forms[target][0] == payment.customer and value <= others.open(target)
                for target, value in payment.lines.items()
            )
        )


class Books:
    """One company, its model, and the operations that drive both."""

    def __init__(self, server: FlaskClient) -> None:
        self.server = server
        self.realm = server.post("/_emulator/realms", json={"template": "empty"}).get_json()["realm_id"]
        grant = server.post(f"/_emulator/realms/{self.realm}/grants", json={}).get_json()
        self.headers = {"Authorization": f"Bearer {grant['access_token']}", "Accept": "application/json"}
        self.model = Model()
        self.before = self.read()

    def send(self, entity: str, body: Any, accepted: bool | None, **arguments: str) -> Any:  # noqa: FBT001
        """Write; the answer must be what the model expects (None: either)."""
        url = f"/v3/company/{self.realm}/{entity.lower()}"
        answer = self.server.post(url, json=body, headers=self.headers, query_string=arguments)
        assert answer.status_code in {200, 400}, answer.text
        if accepted is not None:
            assert (answer.status_code == 200) == accepted, (body, answer.text)
        return answer.get_json()[entity] if answer.status_code == 200 else None

    def read(self) -> dict[str, dict[str, Any]]:
        dump = self.server.get(f"/_emulator/realms/{self.realm}/dump").get_json()
        kinds = ("Customer", *FORMS, "Payment")
        return {kind: {one["Id"]: one for one in dump.get(kind, [])} for kind in kinds}

    def key(self, entity: str, key: str, *, stale: bool) -> dict[str, Any]:
        token = int(self.before[entity][key]["SyncToken"])
        return {"Id": key, "SyncToken": str(token - 1 if stale else token), "sparse": True}

    # The operations. `pick` chooses among what there is.

    def customer(self, pick: int, _cents: int) -> None:
        name = NAMES[pick % len(NAMES)]
        taken = {held.strip().casefold() for held in self.model.customers.values()}
        made = self.send("Customer", {"DisplayName": name}, name.strip().casefold() not in taken)
        if made:
            self.model.customers[made["Id"]] = name.strip()

    def deactivate(self, pick: int, _cents: int) -> None:
        customer = _picked(self.model.customers, pick)
        if customer is None:
            return
        free = self.model.balance(customer) == 0 or customer in self.model.inactive
        body = {**self.key("Customer", customer, stale=False), "Active": False}
        made = self.send("Customer", body, free)
        if made:
            self.model.inactive.add(customer)
            self.model.customers[customer] = made["DisplayName"]

    def form(self, pick: int, cents: int) -> None:
        customer = _picked(self.model.customers, pick)
        if customer is None:
            return
        entity = FORMS[pick // 8]  # one in three is a credit memo, whoever's it is
        line = {"Amount": cents / 100, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}
        body = {"CustomerRef": {"value": customer}, "Line": [line]}
        made = self.send(entity, body, customer not in self.model.inactive)
        if made:
            self.model.forms[entity, made["Id"]] = (customer, cents)

    def pay(self, pick: int, cents: int) -> None:
        customer = _picked(self.model.customers, pick)
        if customer is None:
            return
        payment = self._payment(customer, pick, cents)
        made = self.send("Payment", _payment_body(payment), self.model.may_pay(payment))
        if made:
            self.model.payments[made["Id"]] = payment

    def change_payment(self, pick: int, cents: int) -> None:
        key = _picked(self.model.payments, pick)
        if key is None:
            return
        payment = self._payment(self.model.payments[key].customer, pick, cents)
        body = {**self.key("Payment", key, stale=False), **_payment_body(payment)}
        if self.send("Payment", body, self.model.may_pay(payment, instead_of=key)):
            self.model.payments[key] = payment

    def _payment(self, customer: str, pick: int, cents: int) -> Payment:
        """Choose a payment over up to three forms: mostly one that fits, sometimes one that does not."""
        careful = bool(pick % 4)
        targets = [one for one, (owner, _) in self.model.forms.items() if owner == customer or not careful]
        payment = Payment(customer, 0, {})
        for target in sorted(targets[-3:], key=lambda one: FORMS.index(one[0])):
            value = cents // (len(payment.lines) + 1)
            if careful:
                room = payment.applied if target[0] == "CreditMemo" else value
                value = min(value, room, self.model.open(target))
            payment.lines[target] = value
        payment.total = max(0, payment.applied) + (pick % 3) * 100
        return payment

    def stale(self, pick: int, _cents: int) -> None:
        key = _picked(self.model.payments, pick)
        if key is not None:
            payment = self.model.payments[key]
            body = {**self.key("Payment", key, stale=True), **_payment_body(payment)}
            self.send("Payment", body, accepted=False)

    def again(self, pick: int, _cents: int) -> None:
        """Send an object back as it was read: nothing may change."""
        target = _picked(self.model.forms, pick)
        if target is not None and self.model.forms[target][0] not in self.model.inactive:
            body = self.before[target[0]][target[1]]
            assert self.send(target[0], body, accepted=True) == body

    def void(self, pick: int, _cents: int) -> None:
        key = _picked([key for kind, key in self.model.forms if kind == "Invoice"], pick)
        if key is not None:
            self.send("Invoice", self.key("Invoice", key, stale=False), accepted=True, operation="void")
            customer, _ = self.model.forms["Invoice", key]
            self._release(("Invoice", key))
            self.model.forms["Invoice", key] = (customer, 0)
            self.model.void.add(("Invoice", key))

    def delete_form(self, pick: int, _cents: int) -> None:
        target = _picked(self.model.forms, pick)
        if target is not None:
            body = self.key(*target, stale=False)
            self.send(target[0], body, accepted=True, operation="delete")
            self._release(target)
            del self.model.forms[target]

    def _release(self, gone: Target) -> None:
        """A form leaves its payments: the money stays theirs, and nothing else is paid more than before."""
        now = self.read()["Payment"]
        for key, payment in self.model.payments.items():
            lines = _lines(now[key])
            assert gone not in lines
            assert all(value <= payment.lines[target] for target, value in lines.items())
            if gone not in payment.lines:
                assert lines == payment.lines
            payment.lines = lines

    def delete_payment(self, pick: int, _cents: int) -> None:
        key = _picked(self.model.payments, pick)
        if key is not None:
            body = self.key("Payment", key, stale=False)
            self.send("Payment", body, accepted=True, operation="delete")
            del self.model.payments[key]

    def merge(self, pick: int, cents: int) -> None:
        loser, survivor = _picked(self.model.customers, pick), _picked(self.model.customers, cents)
        if loser is None or loser == survivor or survivor in self.model.inactive:
            return
        keys = {"loser": loser, "survivor": survivor}
        answer = self.server.post(f"/_emulator/realms/{self.realm}/merge", json=keys)
        assert answer.status_code == 200
        del self.model.customers[loser]
        for target, (owner, total) in self.model.forms.items():
            self.model.forms[target] = (survivor if owner == loser else owner, total)
        for payment in self.model.payments.values():
            payment.customer = survivor if payment.customer == loser else payment.customer

    # What must hold after every one of them.

    def check(self) -> None:
        now = self.read()
        model = self.model
        names = [one["DisplayName"].casefold() for one in now["Customer"].values()]
        assert len(set(names)) == len(names)
        assert {key: _cents(one["Balance"]) for key, one in now["Customer"].items()} == {
            key: model.balance(key) for key in model.customers
        }
        for kind in FORMS:
            assert now[kind].keys() == {key for form, key in model.forms if form == kind}
            for key, one in now[kind].items():
                owner, total = model.forms[kind, key]
                shown = (one["CustomerRef"]["value"], _cents(one["TotalAmt"]), _cents(one["Balance"]))
                assert shown == (owner, total, model.open((kind, key)))
                paid_by = {payment for payment, it in model.payments.items() if (kind, key) in it.lines}
                assert {link["TxnId"] for link in one["LinkedTxn"]} == paid_by
                assert len(one["LinkedTxn"]) == len(paid_by)
        assert now["Payment"].keys() == model.payments.keys()
        for key, one in now["Payment"].items():
            payment = model.payments[key]
            assert 0 <= payment.applied <= payment.total
            shown = (_cents(one["TotalAmt"]), _cents(one["UnappliedAmt"]), _lines(one))
            assert shown == (payment.total, payment.total - payment.applied, payment.lines)
        self._check_tokens(now)
        self.before = now

    def _check_tokens(self, now: dict[str, dict[str, Any]]) -> None:
        """SyncTokens move when, and only when, the content does; a customer's balance is not its content."""
        for kind, objects in now.items():
            for key in objects.keys() & self.before[kind].keys():
                old, new = self.before[kind][key], objects[key]
                moved = int(new["SyncToken"]) - int(old["SyncToken"])
                assert moved >= 0
                assert (moved > 0) == (_content(old) != _content(new)), (old, new)


OPERATIONS = (
    *(Books.form, Books.form, Books.pay, Books.pay),  # more often than the others
    *(Books.customer, Books.deactivate, Books.change_payment, Books.stale, Books.again),
    *(Books.void, Books.delete_form, Books.delete_payment, Books.merge),
)


def _picked(things: Any, pick: int) -> Any:
    found = list(things)
    return found[pick % len(found)] if found else None


def _cents(value: float) -> int:
    return round(value * 100)


def _lines(payment: dict[str, Any]) -> dict[Target, int]:
    links = [(line["LinkedTxn"][0], _cents(line["Amount"])) for line in payment.get("Line", [])]
    return {(link["TxnType"], link["TxnId"]): value for link, value in links}


def _payment_body(payment: Payment) -> dict[str, Any]:
    lines = [
        {"Amount": value / 100, "LinkedTxn": [{"TxnId": key, "TxnType": kind}]}
        for (kind, key), value in payment.lines.items()
    ]
    return {
        "CustomerRef": {"value": payment.customer},
        "TotalAmt": payment.total / 100,
        "Line": lines,
    }


def _content(body: dict[str, Any]) -> dict[str, Any]:
    """What an object says of itself: not its balance, nor the name of its customer."""
    noise = {"SyncToken", "MetaData", "CustomerRef"}
    noise |= {"Balance", "BalanceWithJobs"} if "DisplayName" in body else set()
    lines = [
        {name: value for name, value in line.items() if name != "LineEx"} for line in body.get("Line", [])
    ]
    owner = body.get("CustomerRef", {}).get("value")
    return {name: value for name, value in body.items() if name not in noise} | {"Line": lines, "of": owner}


@settings(max_examples=40)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 11), st.integers(0, 20_000)),
        min_size=5,
        max_size=30,
    )
)
def test_the_books_always_add_up(server: FlaskClient, steps: list[Any]) -> None:
    books = Books(server)
    # Two customers; the first has two invoices, a credit memo, and a payment over two of them.
    beginning = [(Books.customer, 0, 0), (Books.customer, 2, 0), (Books.form, 0, 7_000)]
    beginning += [(Books.form, 0, 5_000), (Books.form, 8, 3_000), (Books.pay, 2, 4_000)]
    for operation, pick, cents in [*beginning, *steps]:
        operation(books, pick, cents)
        books.check()
