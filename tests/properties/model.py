"""A simple model of a company's books: who is below whom, who owes what, what pays what. Amounts in cents.

It knows nothing of how the emulator keeps them. It says what must be accepted, and what is so afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

Target = tuple[str, str]  # entity and Id of a form

SUFFIX = " (deleted)"
LEVELS_MAX = 5
# What a form is worth to what its customer owes; the others change hands at once, or are offers.
SIGNS = {"Invoice": 1, "CreditMemo": -1}
NUMBERED_TOGETHER = {"Invoice", "CreditMemo", "SalesReceipt"}


@dataclass
class Customer:
    name: str
    parent: str | None = None
    active: bool = True


@dataclass
class Form:
    customer: str
    total: int
    date: str
    number: str | None = None
    estimate: str | None = None
    void: bool = False


@dataclass
class Payment:
    customer: str
    total: int
    lines: dict[Target, int]
    date: str

    @property
    def applied(self) -> int:
        return sum(SIGNS[kind] * value for (kind, _), value in self.lines.items())


@dataclass
class Posting:
    """What is owed by a journal entry, a cheque, a deposit or a charge."""

    customer: str
    value: int
    date: str


@dataclass
class Model:
    customers: dict[str, Customer] = field(default_factory=dict)
    forms: dict[Target, Form] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    deposits: dict[str, set[Target]] = field(default_factory=dict)
    postings: dict[Target, Posting] = field(default_factory=dict)
    closed: str = ""
    # Whether new invoices are paid with what their customer has to the good.
    applies_credit: bool = False

    # Customers

    def full_name(self, key: str | None) -> str:
        if key is None:
            return ""
        customer = self.customers[key]
        above = self.full_name(customer.parent)
        return f"{above}:{customer.name}" if above else customer.name

    def ancestors(self, key: str | None) -> Iterator[str]:
        while key is not None:
            yield key
            key = self.customers[key].parent

    def top(self, key: str) -> str:
        return list(self.ancestors(key))[-1]

    def below(self, key: str) -> list[str]:
        return [one for one, customer in self.customers.items() if customer.parent == key]

    def height(self, key: str) -> int:
        return 1 + max((self.height(one) for one in self.below(key)), default=0)

    def may_be_named(self, name: str, parent: str | None, *, key: str | None = None) -> bool:
        """Tell whether a customer may have this name there: unique by its full name, without case."""
        wanted = f"{self.full_name(parent)}:{name.strip()}" if parent else name.strip()
        taken = {self.full_name(one).casefold() for one in self.customers if one != key}
        return wanted.casefold() not in taken

    def may_stand_below(self, parent: str | None, *, key: str | None = None) -> bool:
        if parent is None:
            return True
        depth = len(list(self.ancestors(parent))) + (self.height(key) if key else 1)
        circle = key is not None and key in self.ancestors(parent)
        return self.customers[parent].active and depth <= LEVELS_MAX and not circle

    def may_leave(self, key: str) -> bool:
        if not self.customers[key].active:
            return True
        return self.balance_with_jobs(key) == 0 and not any(
            self.customers[one].active for one in self.below(key)
        )

    # Money

    def is_open_on(self, *dates: str) -> bool:
        return all(date > self.closed for date in dates)

    def open(self, target: Target) -> int:
        return self.forms[target].total - sum(one.lines.get(target, 0) for one in self.payments.values())

    def balance(self, customer: str) -> int:
        owed = sum(
            SIGNS[target[0]] * self.open(target)
            for target, form in self.forms.items()
            if form.customer == customer and target[0] in SIGNS
        )
        mine = [one for one in self.payments.values() if one.customer == customer]
        posted = sum(one.value for one in self.postings.values() if one.customer == customer)
        return owed + posted - sum(one.total - one.applied for one in mine)

    def balance_on(self, customer: str, day: str) -> int:
        """Return what was owed at the end of a day: all that is dated until then, with its whole amount."""
        forms = [
            SIGNS[target[0]] * form.total
            for target, form in self.forms.items()
            if target[0] in SIGNS and form.customer == customer and form.date <= day
        ]
        paid = [
            SIGNS[target[0]] * value
            for one in self.payments.values()
            for target, value in one.lines.items()
            if one.date <= day and self.forms[target].customer == customer
        ]
        left = [
            one.total - one.applied
            for one in self.payments.values()
            if one.date <= day and one.customer == customer
        ]
        posted = [one.value for one in self.postings.values() if one.customer == customer and one.date <= day]
        return sum(forms) - sum(paid) - sum(left) + sum(posted)

    def balance_with_jobs(self, customer: str) -> int:
        return self.balance(customer) + sum(self.balance_with_jobs(one) for one in self.below(customer))

    def number_is_free(self, entity: str, number: str | None, *, key: str | None = None) -> bool:
        together = NUMBERED_TOGETHER if entity in NUMBERED_TOGETHER else {entity}
        return number is None or not any(
            form.number == number and kind in together and (kind, other) != (entity, key)
            for (kind, other), form in self.forms.items()
        )

    def use_credit(self, new: Target) -> list[dict[Target, int]]:
        """Pay a new invoice with what its customer has to the good, or what is open with a new credit memo.

        Return the lines of the payments of zero that this needs.
        """
        mine = [one for one, form in self.forms.items() if form.customer == self.forms[new].customer]
        others = {"Invoice": "CreditMemo", "CreditMemo": "Invoice"}.get(new[0])
        found = [(self.forms[one].date, one, self.open(one)) for one in mine if one[0] == others]
        if others == "CreditMemo":
            found += [
                (one.date, ("Payment", key), one.total - one.applied)
                for key, one in self.payments.items()
                if one.customer == self.forms[new].customer and self.is_open_on(one.date)
            ]
        left, zeros = self.forms[new].total if self.applies_credit and others else 0, []
        for _, other, value in sorted(found, key=lambda one: (one[0], int(one[1][1]))):
            part = min(left, value)
            left -= part
            if part and other[0] == "Payment":
                self.payments[other[1]].lines[new] = part
            elif part:
                zeros.append({new: part, other: part})
        return zeros

    def paid(self, target: Target) -> bool:
        return any(target in one.lines for one in self.payments.values())

    def is_deposited(self, target: Target) -> bool:
        return any(target in held for held in self.deposits.values())

    def may_pay(self, payment: Payment, *, instead_of: str | None = None) -> bool:
        rest = {key: one for key, one in self.payments.items() if key != instead_of}
        others = Model(forms=self.forms, payments=rest)
        dates = [payment.date, *([self.payments[instead_of].date] if instead_of else [])]
        return (
            self.customers[payment.customer].active
            and self.is_open_on(*dates)
            and 0 <= payment.applied <= payment.total
            and not (instead_of and self.is_deposited(("Payment", instead_of)))
            and all(
                not self.forms[target].void
                and self.top(self.forms[target].customer) == self.top(payment.customer)
                and value <= others.open(target)
                for target, value in payment.lines.items()
            )
        )
