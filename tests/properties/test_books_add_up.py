"""Whatever clients do to a company of the emulator, its books add up (facts E1, E3, E5, E6, E7, E18, K5).

Random operations, valid and invalid ones, run in process beside a model. After every step the whole company
is read and held against the model and itself. BOOKS_EXAMPLES asks for more than `make test` tries.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qbo_emulator.application import create_app
from tests.properties.bodies import POSTED, POSTINGS, below, payment_body, picked, posted, reported, sale
from tests.properties.books_checks import (
    check_beginning,
    check_customers,
    check_money,
    check_report,
    check_tokens,
    lines_of,
)
from tests.properties.model import SIGNS, SUFFIX, Customer, Form, Model, Payment, Posting, Target

EXAMPLES = int(os.environ.get("BOOKS_EXAMPLES", "40"))
NAMES = ("Ann", "ann ", "Ben", "Ben (deleted)", "Cleo")
FORMS = ("Invoice", "Invoice", "Invoice", "CreditMemo", "SalesReceipt", "Estimate")
KINDS = (
    *("Customer", "Invoice", "CreditMemo", "SalesReceipt", "Estimate", "Payment", "Deposit"),
    *("JournalEntry", "Purchase", "StatementCharge"),
)
DATES = ("2026-03-10", "2026-02-10", "2026-01-10")
NUMBERS = (None, None, "7", "8", "9")


@pytest.fixture(scope="module")
def server() -> Iterator[FlaskClient]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(data=Path(folder) / "data.sqlite3")
        app.testing = True
        client = app.test_client()
        client.put("/_emulator/settings", json={"limits": False})
        yield client
        app.extensions["gateway"].store.close()


class Books:
    """One company, its model, and the operations that drive both."""

    def __init__(self, server: FlaskClient) -> None:
        self.server = server
        self.realm = server.post("/_emulator/realms", json={"template": "empty"}).get_json()["realm_id"]
        grant = server.post(f"/_emulator/realms/{self.realm}/grants", json={}).get_json()
        self.headers = {"Authorization": f"Bearer {grant['access_token']}", "Accept": "application/json"}
        self.model = Model()
        self.prefer(SalesFormsPrefs={"AutoApplyCredit": False})
        self.before = self.read()

    def send(self, entity: str, body: Any, accepted: bool, **arguments: str) -> Any:  # noqa: FBT001
        """Write; the answer must be what the model expects."""
        url = f"/v3/company/{self.realm}/{entity.lower()}"
        answer = self.server.post(url, json=body, headers=self.headers, query_string=arguments)
        assert answer.status_code in {200, 400}, answer.text
        assert (answer.status_code == 200) == accepted, (entity, body, answer.text)
        return answer.get_json()[entity] if accepted else None

    def prefer(self, **wanted: Any) -> None:
        answer = self.server.put(f"/_emulator/realms/{self.realm}/preferences", json=wanted)
        assert answer.status_code == 200

    def read(self) -> dict[str, dict[str, Any]]:
        dump = self.server.get(f"/_emulator/realms/{self.realm}/dump").get_json()
        return {kind: {one["Id"]: one for one in dump.get(kind, [])} for kind in KINDS}

    def key(self, entity: str, key: str, *, stale: bool = False) -> dict[str, Any]:
        token = int(self.before[entity][key]["SyncToken"])
        return {"Id": key, "SyncToken": str(token - 1 if stale else token), "sparse": True}

    # Customers. `pick` chooses among what there is, `cents` is a number of any use.

    def customer(self, pick: int, cents: int) -> None:
        """Enter a customer, or a sub-customer."""
        name, parent = NAMES[pick % len(NAMES)], picked([None, None, *self.model.customers], cents)
        accepted = self.model.may_be_named(name, parent) and self.model.may_stand_below(parent)
        made = self.send("Customer", {"DisplayName": name, **below(parent)}, accepted)
        if made:
            self.model.customers[made["Id"]] = Customer(name.strip(), parent)

    def move(self, pick: int, cents: int) -> None:
        """Give an active customer another parent, or none."""
        key = picked([key for key, one in self.model.customers.items() if one.active], pick)
        if key is None:
            return
        customer, parent = self.model.customers[key], picked([None, *self.model.customers], cents)
        same = parent == customer.parent
        fits = self.model.may_be_named(customer.name, parent, key=key)
        accepted = same or (fits and self.model.may_stand_below(parent, key=key))
        if self.send("Customer", {**self.key("Customer", key), "Job": False, **below(parent)}, accepted):
            customer.parent = parent

    def rename(self, pick: int, cents: int) -> None:
        key = picked([key for key, one in self.model.customers.items() if one.active], pick)
        if key is None:
            return
        customer, name = self.model.customers[key], NAMES[cents % len(NAMES)]
        accepted = self.model.may_be_named(name, customer.parent, key=key)
        if self.send("Customer", {**self.key("Customer", key), "DisplayName": name}, accepted):
            customer.name = name.strip()

    def deactivate(self, pick: int, _cents: int) -> None:
        key = picked(self.model.customers, pick)
        if key is None:
            return
        customer = self.model.customers[key]
        body = {**self.key("Customer", key), "Active": False}
        made = self.send("Customer", body, self.model.may_leave(key))
        if made:
            assert SUFFIX in made["DisplayName"]
            assert made["DisplayName"].startswith(customer.name)
            customer.active, customer.name = False, made["DisplayName"]

    def reactivate(self, pick: int, _cents: int) -> None:
        key = picked([key for key, one in self.model.customers.items() if not one.active], pick)
        if key is None:
            return
        customer = self.model.customers[key]
        name = customer.name.partition(SUFFIX)[0]
        accepted = self.model.may_be_named(name, customer.parent, key=key)
        if self.send("Customer", {**self.key("Customer", key), "Active": True}, accepted):
            customer.active, customer.name = True, name

    def merge(self, pick: int, cents: int) -> None:
        loser, survivor = picked(self.model.customers, pick), picked(self.model.customers, cents)
        if loser is None or survivor is None:
            return
        model = self.model
        accepted = loser != survivor and model.customers[survivor].active and not model.below(loser)
        keys = {"loser": loser, "survivor": survivor}
        answer = self.server.post(f"/_emulator/realms/{self.realm}/merge", json=keys)
        assert (answer.status_code == 200) == accepted, answer.text
        if accepted:
            del model.customers[loser]
            for one in [*model.forms.values(), *model.payments.values(), *model.postings.values()]:
                one.customer = survivor if one.customer == loser else one.customer

    # Forms

    def form(self, pick: int, cents: int) -> None:
        customer = picked(self.model.customers, pick)
        if customer is None:
            return
        entity, model = FORMS[cents % len(FORMS)], self.model
        form = Form(customer, cents, DATES[pick % len(DATES)], NUMBERS[(pick + cents) % len(NUMBERS)])
        body = {"CustomerRef": {"value": customer}, "Line": [sale(cents)], "TxnDate": form.date}
        body |= {"DocNumber": form.number} if form.number else {}
        accepted = model.customers[customer].active and model.is_open_on(form.date)
        accepted = accepted and model.number_is_free(entity, form.number)
        estimate = picked([key for kind, key in model.forms if kind == "Estimate"], cents)
        if entity == "Invoice" and estimate and pick % 3 == 0:
            form.estimate = estimate
            body["LinkedTxn"] = [{"TxnId": estimate, "TxnType": "Estimate"}]
            invoiced = any(one.estimate == estimate for one in model.forms.values())
            accepted = accepted and not invoiced and model.forms["Estimate", estimate].customer == customer
        made = self.send(entity, body, accepted)
        if made:
            model.forms[entity, made["Id"]] = form
            for lines in model.use_credit((entity, made["Id"])):
                payments = self.read()["Payment"]
                [key] = [
                    one for one in payments if one not in model.payments and lines_of(payments[one]) == lines
                ]
                model.payments[key] = Payment(customer, 0, lines, form.date)

    def change_form(self, pick: int, cents: int) -> None:
        """Give a form another amount: never less than what is paid of it."""
        target = picked(self.model.forms, pick)
        if target is None or self.model.forms[target].void:
            return
        form, model = self.model.forms[target], self.model
        body = {**self.key(*target), "CustomerRef": {"value": form.customer}, "Line": [sale(cents)]}
        used = form.total - model.open(target)
        accepted = model.customers[form.customer].active and model.is_open_on(form.date) and cents >= used
        if self.send(target[0], body, accepted and not model.is_deposited(target)):
            form.total = cents

    def again(self, pick: int, _cents: int) -> None:
        """Send a form back as it was read: nothing may change."""
        target = picked(self.model.forms, pick)
        if target is None:
            return
        form, model = self.model.forms[target], self.model
        if model.customers[form.customer].active and model.is_open_on(form.date):
            body = self.before[target[0]][target[1]]
            accepted = not model.is_deposited(target)
            assert self.send(target[0], body, accepted) == (body if accepted else None)

    def void(self, pick: int, _cents: int) -> None:
        target = picked([one for one in self.model.forms if one[0] in {"Invoice", "SalesReceipt"}], pick)
        if target is None:
            return
        form, model = self.model.forms[target], self.model
        way = (
            {"operation": "update", "include": "void"}
            if target[0] == "SalesReceipt"
            else {"operation": "void"}
        )
        accepted = model.is_open_on(form.date) and not model.is_deposited(target)
        if self.send(target[0], self.key(*target), accepted, **way):
            self._release(target)
            form.total, form.void, form.estimate = 0, True, None

    def delete_form(self, pick: int, _cents: int) -> None:
        target = picked(self.model.forms, pick)
        if target is None:
            return
        model = self.model
        accepted = model.is_open_on(model.forms[target].date) and not model.is_deposited(target)
        if self.send(target[0], self.key(*target), accepted, operation="delete"):
            self._release(target)
            del model.forms[target]
            for one in model.forms.values():
                one.estimate = None if ("Estimate", one.estimate) == target else one.estimate

    def _release(self, gone: Target) -> None:
        """A form leaves its payments: the money stays theirs, and nothing else is paid more than before."""
        now = self.read()["Payment"]
        for key, payment in self.model.payments.items():
            lines = lines_of(now[key])
            assert gone not in lines
            assert all(value <= payment.lines[target] for target, value in lines.items())
            if gone not in payment.lines:
                assert lines == payment.lines
            payment.lines = lines

    # Payments and deposits

    def pay(self, pick: int, cents: int) -> None:
        customer = picked(self.model.customers, pick)
        if customer is None:
            return
        payment = self._payment(customer, pick, cents)
        made = self.send("Payment", payment_body(payment), self.model.may_pay(payment))
        if made:
            self.model.payments[made["Id"]] = payment

    def change_payment(self, pick: int, cents: int) -> None:
        key = picked(self.model.payments, pick)
        if key is None:
            return
        payment = self._payment(self.model.payments[key].customer, pick, cents)
        body = {**self.key("Payment", key), **payment_body(payment)}
        if self.send("Payment", body, self.model.may_pay(payment, instead_of=key)):
            self.model.payments[key] = payment

    def _payment(self, customer: str, pick: int, cents: int) -> Payment:
        """Choose a payment over up to three forms: mostly one that fits, sometimes one that does not."""
        careful, model = bool(pick % 4), self.model
        family = [one for one in model.forms if one[0] in SIGNS]
        if careful:
            family = [one for one in family if model.top(model.forms[one].customer) == model.top(customer)]
        payment = Payment(customer, 0, {}, DATES[cents % len(DATES)])
        for target in sorted(family[-3:], key=lambda one: list(SIGNS).index(one[0])):
            value = cents // (len(payment.lines) + 1)
            if careful:
                room = payment.applied if target[0] == "CreditMemo" else value
                value = min(value, room, model.open(target))
            payment.lines[target] = value
        payment.total = max(0, payment.applied) + (pick % 3) * 100
        return payment

    def stale(self, pick: int, _cents: int) -> None:
        key = picked(self.model.payments, pick)
        if key is not None:
            body = {**self.key("Payment", key, stale=True), **payment_body(self.model.payments[key])}
            self.send("Payment", body, accepted=False)

    def delete_payment(self, pick: int, cents: int) -> None:
        """Delete a payment, or void it."""
        key = picked(self.model.payments, pick)
        if key is None:
            return
        payment, model = self.model.payments[key], self.model
        accepted = model.is_open_on(payment.date) and not model.is_deposited(("Payment", key))
        voids = cents % 2 == 0
        way = {"operation": "update", "include": "void"} if voids else {"operation": "delete"}
        if self.send("Payment", self.key("Payment", key), accepted, **way):
            if voids:
                payment.total, payment.lines = 0, {}
            else:
                del model.payments[key]

    def deposit(self, pick: int, cents: int) -> None:
        """Carry a payment or a receipt to the bank; each can be carried once, with its whole amount."""
        model = self.model
        found: list[tuple[Target, int]] = [
            (("Payment", key), one.total) for key, one in model.payments.items()
        ]
        found += [(one, form.total) for one, form in model.forms.items() if one[0] == "SalesReceipt"]
        chosen = picked(found, pick)
        if chosen is None:
            return
        (kind, key), total = chosen
        line = {"Amount": total / 100, "LinkedTxn": [{"TxnId": key, "TxnType": kind, "TxnLineId": "0"}]}
        date = DATES[cents % len(DATES)]
        body = {"DepositToAccountRef": {"value": "35"}, "Line": [line], "TxnDate": date}
        made = self.send("Deposit", body, model.is_open_on(date) and not model.is_deposited((kind, key)))
        if made:
            model.deposits[made["Id"]] = {(kind, key)}

    def delete_deposit(self, pick: int, _cents: int) -> None:
        key = picked(self.model.deposits, pick)
        if key is not None:
            accepted = self.model.is_open_on(self.before["Deposit"][key]["TxnDate"])
            if self.send("Deposit", self.key("Deposit", key), accepted, operation="delete"):
                del self.model.deposits[key]
                self.model.postings.pop(("Deposit", key), None)

    def post(self, pick: int, cents: int) -> None:
        """Let a customer owe more or less by a journal entry, a cheque, a deposit, or a statement charge."""
        customer, model = picked(self.model.customers, pick), self.model
        if customer is None or not cents:
            return
        entity, date = POSTED[cents % len(POSTED)], DATES[pick % len(DATES)]
        accepted = model.customers[customer].active and model.is_open_on(date)
        if entity == "StatementCharge":
            made = self._charge(customer, cents, date, accepted=accepted)
        else:
            body = {**POSTINGS[entity](customer, cents), "TxnDate": date}
            made = self.send(entity, body, accepted)
        if made:
            model.postings[entity, made["Id"]] = Posting(customer, posted(entity, cents), date)
            if entity == "Deposit":
                model.deposits[made["Id"]] = set()

    def _charge(self, customer: str, cents: int, date: str, *, accepted: bool) -> Any:
        body = {"customer": customer, "amount": cents / 100, "date": date}
        answer = self.server.post(f"/_emulator/realms/{self.realm}/charges", json=body)
        assert (answer.status_code == 201) == accepted, answer.text
        return answer.get_json() if accepted else None

    def unpost(self, pick: int, _cents: int) -> None:
        """Delete a journal entry or a cheque."""
        found = [one for one in self.model.postings if one[0] in {"JournalEntry", "Purchase"}]
        target = picked(found, pick)
        if target is not None:
            accepted = self.model.is_open_on(self.model.postings[target].date)
            if self.send(target[0], self.key(*target), accepted, operation="delete"):
                del self.model.postings[target]

    def report(self, name: str, day: str) -> dict[str, int]:
        """Return what a report of balances says of a day, by customer."""
        url = f"/v3/company/{self.realm}/reports/{name}"
        asked = {"accounting_method": "Accrual", "report_date": day}
        answer = self.server.get(url, query_string=asked, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return reported(answer.get_json())

    def close_books(self, pick: int, _cents: int) -> None:
        """Close the books up to a day, or open them again."""
        self.model.closed = ("", "", "2026-01-31", "2026-02-28")[pick % 4]
        self.prefer(AccountingInfoPrefs={"BookCloseDate": self.model.closed or None})

    def let_credit_apply(self, pick: int, _cents: int) -> None:
        """Let new invoices be paid with what their customer has to the good, or no more."""
        self.model.applies_credit = bool(pick % 3)
        self.prefer(SalesFormsPrefs={"AutoApplyCredit": self.model.applies_credit})


OPERATIONS = (
    *(Books.form, Books.form, Books.form, Books.pay, Books.pay, Books.pay),  # more often than the others
    *(Books.customer, Books.customer, Books.move, Books.rename),
    *(Books.deactivate, Books.reactivate, Books.merge),
    *(Books.change_form, Books.again, Books.void, Books.delete_form),
    *(Books.change_payment, Books.stale, Books.delete_payment),
    *(Books.deposit, Books.delete_deposit, Books.close_books),
    *(Books.let_credit_apply, Books.let_credit_apply),
    *(Books.post, Books.post, Books.post, Books.unpost),
)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 11), st.integers(0, 20_000)),
        min_size=8,
        max_size=40,
    )
)
def test_the_books_always_add_up(server: FlaskClient, steps: list[Any]) -> None:
    books = Books(server)
    # Two customers, one with two levels below; two invoices, one made from an estimate, a credit memo, and a
    # payment over both sorts.
    beginning = [(Books.customer, 0, 0), (Books.customer, 2, 0), (Books.form, 0, 5_003)]
    beginning += [
        (Books.form, 0, 6_000),
        (Books.form, 4, 4_998),
        (Books.form, 0, 3_015),
        (Books.pay, 2, 4_000),
    ]
    beginning += [(Books.customer, 4, 2), (Books.customer, 0, 4)]
    for number, (operation, pick, cents) in enumerate([*beginning, *steps]):
        operation(books, pick, cents)
        now = books.read()
        check_customers(books.model, now["Customer"])
        check_money(books.model, now)
        check_tokens(books.before, now)
        day = DATES[number % len(DATES)]
        for name in ("CustomerBalance", "AgedReceivables"):
            check_report(books.model, books.report(name, day), day)
        books.before = now
        if number == len(beginning) - 1:
            check_beginning(books.model)
