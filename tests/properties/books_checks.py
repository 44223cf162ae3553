"""What must hold of a company's objects, beside the model and among themselves."""

from typing import Any

from tests.properties.model import SIGNS, Model, Target

Objects = dict[str, dict[str, Any]]


def cents(value: float) -> int:
    return round(value * 100)


def lines_of(payment: dict[str, Any]) -> dict[Target, int]:
    links = [(line["LinkedTxn"][0], cents(line["Amount"])) for line in payment.get("Line", [])]
    return {(link["TxnType"], link["TxnId"]): value for link, value in links}


def check_customers(model: Model, found: Objects) -> None:
    """Names are unique and say where one stands; balances are what the model owes."""
    names = [one["FullyQualifiedName"].casefold() for one in found.values()]
    assert len(set(names)) == len(names)
    assert found.keys() == model.customers.keys()
    for key, one in found.items():
        customer = model.customers[key]
        assert (one["DisplayName"], one["Active"]) == (customer.name, customer.active)
        assert one["FullyQualifiedName"] == model.full_name(key)
        assert one.get("ParentRef", {}).get("value") == customer.parent
        assert one.get("Level", 0) == len(list(model.ancestors(key))) - 1
        assert one["Job"] == (customer.parent is not None)
        balances = (cents(one["Balance"]), cents(one["BalanceWithJobs"]))
        assert balances == (model.balance(key), model.balance_with_jobs(key))


def check_money(model: Model, now: dict[str, Objects]) -> None:
    """Totals, open amounts and links are those of the model, seen from both ends."""
    forms = [
        (kind, key) for kind in ("Invoice", "CreditMemo", "SalesReceipt", "Estimate") for key in now[kind]
    ]
    assert set(forms) == model.forms.keys()
    for target in forms:
        one, form = now[target[0]][target[1]], model.forms[target]
        assert (one["CustomerRef"]["value"], cents(one["TotalAmt"])) == (form.customer, form.total)
        assert one.get("DocNumber") == form.number
        if target[0] in SIGNS:
            assert cents(one["Balance"]) == model.open(target)
            assert model.open(target) >= 0
        assert _links(one) == _expected_links(model, target)
    assert now["Payment"].keys() == model.payments.keys()
    for key, one in now["Payment"].items():
        payment = model.payments[key]
        assert 0 <= payment.applied <= payment.total
        shown = (cents(one["TotalAmt"]), cents(one["UnappliedAmt"]), lines_of(one))
        assert shown == (payment.total, payment.total - payment.applied, payment.lines)
        assert _links(one) == _deposits_of(model, ("Payment", key))
    assert now["Deposit"].keys() == model.deposits.keys()
    for key, one in now["Deposit"].items():
        held = {
            (link["TxnType"], link["TxnId"]) for line in one["Line"] for link in line.get("LinkedTxn", [])
        }
        assert held == model.deposits[key]


def check_report(model: Model, rows: dict[str, int], day: str) -> None:
    """A report of balances says what the model owes on a day; by age, nothing may be owed in two parts."""
    owed = {key: model.balance_on(key, day) for key in model.customers}
    assert {key: value for key, value in rows.items() if value} == {
        key: value for key, value in owed.items() if value
    }


def _links(one: dict[str, Any]) -> list[Target]:
    return sorted((link["TxnType"], link["TxnId"]) for link in one.get("LinkedTxn", []))


def _expected_links(model: Model, target: Target) -> list[Target]:
    kind, key = target
    paid_by = [("Payment", payment) for payment, it in model.payments.items() if target in it.lines]
    if kind == "Estimate":
        invoices = [one for one, form in model.forms.items() if form.estimate == key]
        return sorted([*invoices, *paid_by])
    estimate = model.forms[target].estimate
    offers = [("Estimate", estimate)] if estimate else []
    return sorted([*offers, *paid_by, *_deposits_of(model, target)])


def _deposits_of(model: Model, target: Target) -> list[Target]:
    return [("Deposit", key) for key, held in model.deposits.items() if target in held]


def check_tokens(before: dict[str, Objects], now: dict[str, Objects]) -> None:
    """SyncTokens move when, and only when, the content does; what follows from others is not content."""
    for kind, objects in now.items():
        for key in objects.keys() & before[kind].keys():
            old, new = before[kind][key], objects[key]
            moved = int(new["SyncToken"]) - int(old["SyncToken"])
            assert moved >= 0
            assert (moved > 0) == (_content(kind, old) != _content(kind, new)), (old, new)


# A customer's balances, place and full name follow from others; so does what became of an estimate.
NOT_CONTENT = {
    "Customer": {"Balance", "BalanceWithJobs", "FullyQualifiedName", "Level"},
    "Estimate": {"LinkedTxn", "TxnStatus"},
}


def _content(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    noise = {"SyncToken", "MetaData"} | NOT_CONTENT.get(kind, set())
    content: dict[str, Any] = _without_names({name: body[name] for name in body.keys() - noise})
    return content


def _without_names(value: Any) -> Any:
    """Whom it names counts by Id: who is called otherwise is called so everywhere (facts E3)."""
    if isinstance(value, list):
        return [_without_names(one) for one in value]
    if not isinstance(value, dict):
        return value
    left_out = {"LineEx", "name"} if "value" in value else {"LineEx"}
    return {name: _without_names(one) for name, one in value.items() if name not in left_out}


def check_beginning(model: Model) -> None:
    """The story begins with something of everything; else the steps would seldom come to it."""
    assert [len(list(model.ancestors(key))) for key in model.customers] == [1, 1, 2, 3]
    assert sorted(kind for kind, _ in model.forms) == ["CreditMemo", "Estimate", "Invoice", "Invoice"]
    assert [one.estimate is not None for one in model.forms.values()] == [False, True, False, False]
    assert [len(payment.lines) for payment in model.payments.values()] == [3]
