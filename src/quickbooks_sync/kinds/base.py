"""What every Kind offers: both translations of one thing, side by side.

A Kind translates, and says what is true of it; it reads no clock, opens no transaction and sends nothing.
Adding one means a new module here and one line in `KINDS`; what most answer stands in `defaults`.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from quickbooks_sync.models import Connection
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import Problem
from quickbooks_sync.planner.matching.lists import Matching
from quickbooks_sync.planner.records import Encoded, Record
from service_genius.companies.models import Company
from service_genius.shared import texts
from service_genius.shared.checks import as_kept

from .naming import Naming, Way

#: What QuickBooks writes behind the name of one that is put away; if another is called so already, numbered.
DELETED_SUFFIX = re.compile(r" \(deleted\)( \(\d+\))?$")
Payload = dict[str, Any]
Unfit = Mapping[str, str]
Removal = Literal["deactivate", "void", "delete"]
LocalKey = tuple[str, int]
RemoteKey = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class References:
    """Which local id is which remote id, for the things one page of records refers to."""

    there: Mapping[LocalKey, str] = field(default_factory=dict)
    here: Mapping[RemoteKey, int] = field(default_factory=dict)
    asked: frozenset[LocalKey] = frozenset()
    """Those there about which a person is asked something: nothing is built upon them meanwhile."""
    moving: frozenset[LocalKey] = frozenset()
    """Those there of which something is not settled: see `foundations`."""
    stamps: Mapping[LocalKey, list[Any]] = field(default_factory=dict)
    """How each of them stands there: see `causes`."""
    inactive: frozenset[LocalKey] = frozenset()
    """Those inactive there that no run makes active again: QuickBooks takes nothing new of them."""

    addresses: Mapping[LocalKey, str] = field(default_factory=dict)
    """The e-mail addresses that customers have there."""

    def missing(self, keys: Iterable[LocalKey]) -> set[LocalKey]:
        """What cannot be referred to yet."""
        return {key for key in keys if key not in self.there or key in self.asked}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the translations must know of this QuickBooks company and of the user's choices."""

    income_account: str = ""
    deposit_account: str = ""
    deposit_gone: bool = False
    """The account chosen for payments is no longer in use there."""
    home_currency: str = "USD"
    country: str = "US"
    sales_tax: str = "off"  # off | manual | automated
    percents_of_rate: Mapping[int, tuple[Decimal, ...]] = field(default_factory=dict)
    """What QuickBooks charges for a rate here, tax by tax, in percent; where that is known."""
    their_tax: bool = False
    """Automated, and the tax that QuickBooks reckons counts."""
    discounts: bool = False
    estimates: bool = False
    applies_credit: bool = (
        False  # QuickBooks itself pays new invoices with what their customer has to the good
    )
    online_payment: bool = False  # whether customers can pay online what QuickBooks sends them
    pay_link: bool = False
    """A person has said that invoices carry the link to pay them."""
    closed_until: str = ""  # the last day of closed books, if any are closed
    tax_code_of_rate: Mapping[int, str] = field(default_factory=dict)
    rate_of_tax_code: Mapping[str, int] = field(default_factory=dict)
    rate_names: Mapping[int, str] = field(default_factory=dict)
    payment_methods: Mapping[str, str] = field(default_factory=dict)  # folded name -> id
    payment_method_names: Mapping[str, str] = field(default_factory=dict)  # id -> name
    percents_of_tax_code: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MergeWords:
    """What is said where two of a list were merged on one side."""

    one: str = ""
    has: str = ""
    """What the survivor has of the other."""
    moves: str = ""
    """What a merge here moves."""
    belong: str = ""
    """What QuickBooks leaves with the other."""


class Kind(Protocol):
    """One sort of thing that both sides have."""

    name: str
    model: type[Any]
    """What its records here are."""
    entity: str
    title: str
    title_there: str
    plural_there: str
    """What its entity is called in a sentence."""
    told_by: str
    """The member of its object by which one is told from another where QuickBooks cannot show all of it."""
    pages: str
    """The namespace of the addresses of its pages here."""
    touches: tuple[str, ...]
    """The entities whose rows QuickBooks lists as changed after one write of this Kind."""
    money: bool
    removal: Removal
    """What is done there with one that counts for nothing here any more."""
    blank: Encoded
    """A Record that says nothing."""
    proper: frozenset[str]
    """Fields that only an edit of the object itself changes there: see `planner.recognition`."""
    yields: frozenset[str]
    """Fields that are taken as they are there, whoever else has edited them: there they are decided."""
    naming: Mapping[str, Naming]
    """Which of the lists it names, by Kind, and where. By this a merge is told (`merges`)."""
    holds: Mapping[str, str]
    """The fields of its Records that hold a local id, at any depth, with the Kind it is of."""
    ways: Mapping[str, Way]
    """How its records here lead to those of another Kind, by that Kind."""
    matching: Matching[Any] | None
    """How its records are compared with those of the other side; nothing where no name tells two apart."""
    amount_field: str
    """The field here that says what one comes to; nothing for lists."""
    adds_to_balance: Literal[-1, 0, 1]
    """What one does to what its customer owes: adds its amount, takes it off, or neither."""
    name_field: str
    """The field by which a record is known there: of an invoice its number. Nothing if nothing tells it."""
    name_length: int
    """How long that may be there."""
    numbered_with: tuple[str, ...]
    """The entities that share its numbers there; none where nothing is numbered."""
    noun: str
    """Stands behind a name in QuickBooks, and tells it from another's: a customer's from a vendor's."""
    for_the_moment: str
    """Stands behind a name in QuickBooks while names are exchanged; it is there for seconds."""
    merge_words: MergeWords
    freed: str
    """What is said to come free when one is voided here."""
    amounts_there: Mapping[str, str]
    """The amounts of a Remote that its page shows, by field, and what each is called."""
    owes: bool
    """What its invoices leave to be paid is its balance there; while there is one it is not put away."""
    owed: bool
    """QuickBooks itself may pay it, with what its customer has to the good."""
    taxed: bool
    """It bears sales tax, which both sides reckon."""
    paid_online: bool
    """It can carry the link to pay it."""
    pays: bool
    """It pays invoices: what of them is left to pay is shared among all that do."""
    levels: bool
    """They stand below each other (`parent`), and names are told apart by where they stand."""

    def all_here(self, company: Company) -> QuerySet[Any]:
        """The company's records of this Kind, with what `from_here` reads."""

    def rows_here(self, company: Company) -> QuerySet[Any]:
        """The same without what `from_here` reads beside them."""

    def meant(self, search: str) -> Q:
        """Whether a record here is meant by what somebody typed into a search."""

    def label(self, instance: Any) -> str: ...

    def label_there(self, payload: Payload) -> str: ...

    def from_here(self, instance: Any) -> Record: ...

    def from_there(self, payload: Payload, references: References, facts: Facts) -> Record: ...

    def to_there(
        self,
        record: Encoded,
        *,
        only: frozenset[str] | None,
        base: Payload,
        references: References,
        facts: Facts,
        marker: str,
    ) -> Payload:
        """The object to send: all of it (`only` None), or the named fields laid over `base`."""

    def refers_to(self, record: Encoded) -> set[LocalKey]: ...

    def refers_to_there(self, payload: Payload) -> set[RemoteKey]: ...

    def let_go(self, local_id: int) -> Encoded:
        """What stands for the moment in the fields here that hold what only one record may hold."""

    def in_the_way(self, *, company: Company, local_id: int, values: Encoded) -> set[int]:
        """Who holds here what this one is to take; it may be among them itself."""

    def beyond(self, company: Company, ids: Collection[int]) -> Mapping[int, set[LocalKey]]:
        """What is beyond records that are referred to: whom they belong to, who stands above them."""

    def exclusive(self, record: Encoded) -> frozenset[str]:
        """What no other write in flight may touch: the name it takes, the invoices it pays."""

    def problems(self, record: Encoded, facts: Facts) -> tuple[Problem, ...]:
        """Why QuickBooks could not hold this Record at all; empty if it can."""

    def unfit_there(self, record: Encoded, facts: Facts) -> Unfit:
        """The fields of a Record here that QuickBooks cannot hold, each with the reason and the way out."""

    def unfit_here(self, record: Encoded) -> Unfit:
        """The fields of a Record there that Service Genius cannot hold; of what is never taken: none."""

    def held_here(self, record: Encoded, unfit: Unfit) -> Encoded:
        """A Record there as Service Genius can hold it."""

    def only_there(self, payload: Payload) -> Mapping[str, str]:
        """What stands there and is in no Record: a sentence for whoever looks for it here, by what it is."""

    def stands(self, payload: Payload) -> Encoded:
        """Of fields that choices and lists there translate: what really stands there (`planner.records`)."""

    def totals_here(self, instance: Any) -> Encoded:
        """The amounts that must be equal on both sides, to the cent; empty for lists."""

    def totals_there(self, payload: Payload) -> Encoded: ...

    def owed_here(self, company: Company, local_id: int) -> Decimal | None:
        """What stands against the balance there: what is open of it, or owed by it; None if nothing does."""

    def hints(self, facts: Mapping[str, Any]) -> Mapping[str, str]:
        """What is to be known of QuickBooks where a value is entered, by field of the form."""

    def called(self, record: Encoded) -> str:
        """The name or number of a Record, by which it is told from others of its Kind."""

    def group_here(self, instance: Any) -> str:
        """What of its list it stands in here: nothing, or the name of a category."""

    def group_there(self, payload: Payload) -> str: ...

    def takeable(self, payload: Payload) -> bool:
        """Whether an unlinked remote object is one that Service Genius takes."""

    def foreign_currency(self, instance: Any | None, payload: Payload, facts: Facts) -> str:
        """The currency it is kept in, if not the books' own: then it is shown here and never sent."""

    def may_be_paired(self, payload: Payload) -> bool:
        """Whether a person could link a local record to it: inactive ones too, never another sort."""

    def wanted(self, connection: Connection) -> bool:
        """Whether records of this Kind go to QuickBooks at all, by the choice of a person."""

    def eligible(self, instance: Any, connection: Connection, *, put_away: bool = False) -> bool:
        """Whether a local record without a Link moves at all; `put_away`: or would, if it were in use."""

    def removable(self, payload: Payload) -> bool:
        """Whether it may be removed there without a person."""

    def settled_elsewhere(self, payload: Payload) -> bool:
        """Whether something that is not ours was applied to it there."""

    def is_tied(self, payload: Payload) -> bool:
        """Whether it is tied to others there: paid, applied, banked, invoiced."""

    def settles(self, payload: Payload) -> Mapping[RemoteKey, Decimal]:
        """What it takes off the balances of others there; less than nothing is what it adds to them."""

    def will_settle(
        self, record: Encoded, totals: Encoded, references: References
    ) -> Mapping[RemoteKey, Decimal]:
        """The same of a record here, once it is sent."""

    def applied_at_once(self, payload: Payload) -> Decimal:
        """What QuickBooks has applied by itself to one that was made this moment (facts E10)."""

    def made_of(self, instance: Any) -> set[LocalKey]:
        """What one was made of here: linked with it there when it is made, if that is there by then."""

    def marker_there(self, payload: Payload) -> str:
        """The word under which we sent it, as the object bears it; nothing if it bears none."""

    def removal_there(self, payload: Payload) -> Payload:
        """The body that removes it there, by `removal`."""

    def dated(self, instance: Any, day: date) -> Encoded:
        """What is to be taken here to give it another date."""

    def create_here(
        self, *, company: Company, records: Sequence[tuple[Encoded, Payload]]
    ) -> Sequence[Any | ValidationError]: ...

    def remove_here(self, *, company: Company, local_id: int) -> Any:
        """Deactivate or void it here."""

    def update_here(
        self, *, company: Company, local_id: int, values: Encoded, expected_revision: int | None
    ) -> Any: ...

    def take_tax(self, *, company: Company, local_id: int, tax: str, expected_revision: int | None) -> Any:
        """Let the tax count here that QuickBooks reckoned, of one that is `taxed`."""

    def reckon_anew(self, *, company: Company, local_id: int) -> Any:
        """Reckon its tax as the rate is made up now."""

    def merge_here(self, *, company: Company, loser: int, survivor: int) -> Any:
        """Merge two of a list here; returns the one that stays."""


def plain_fields(record_type: type[Any], instance: Model) -> dict[str, Any]:
    """The fields of a Record that the model calls by the same name, in the form in which it keeps them."""
    values = {}
    for item in fields(record_type):
        value = getattr(instance, f"{item.name}_id" if item.name == "parent" else item.name)
        values[item.name] = as_kept(type(instance), item.name, value)
    return values


def without_active(record: Encoded) -> Encoded:
    """What an operation takes: whether a record is active has operations of its own."""
    return {name: value for name, value in record.items() if name != "active"}


def text(value: object) -> str:
    """A text of one line as Records hold it."""
    return texts.one_line(str(value or ""))


def name_in_use(value: object) -> str:
    """A name without what QuickBooks writes behind that of one that is put away."""
    return DELETED_SUFFIX.sub("", text(value))


def kept(model: type[Model], name: str, value: object) -> str:
    """A text of QuickBooks in the form in which this field here keeps it: so both sides have one form."""
    return str(as_kept(model, name, str(value or "")))


def blanked(record: Encoded, unfit: Unfit, blank: Encoded) -> Encoded:
    """A Record with nothing in the fields that the other side cannot hold."""
    return {**record, **{name: blank[name] for name in unfit if name in blank}}


def fitting_name(name: str, length: int) -> str:
    """A name that Service Genius can hold, as near to this one as can be."""
    return texts.one_line(name.replace(":", " - "))[:length].strip() or "Without a name"


def faults_by_field(faults: Mapping[str, list[str]], record: Encoded) -> dict[str, str]:
    """What an application says of the fields of a Record, one sentence each."""
    return {name: " ".join(sentences) for name, sentences in faults.items() if name in record}


def decimal(value: object) -> Decimal:
    """A number of a payload as Decimal; absent and empty are 0."""
    if value in (None, ""):
        return Decimal(0)
    return value if isinstance(value, Decimal) else Decimal(str(value))


def reference(payload: Payload, member: str) -> str:
    """The id in a reference object of QuickBooks, or nothing."""
    value = payload.get(member)
    return str(value.get("value", "")) if isinstance(value, dict) else ""


#: The longest texts QuickBooks takes (facts E2), by field of our Records.
Limits = Mapping[str, tuple[str, int]]


def too_long(record: Encoded, limits: Limits) -> dict[str, str]:
    """Each text longer than QuickBooks takes, and what to do about it."""
    return {
        name: f"It has {len(record[name]):,} characters; QuickBooks takes up to {limit:,}. Shorten it here."
        for name, (_, limit) in limits.items()
        if len(record[name] or "") > limit
    }


def name_problems(record: Encoded, name: str, limits: Limits, *, signs: str = ":") -> tuple[Problem, ...]:
    """Why QuickBooks could not hold its name: without one it cannot go at all."""
    label, limit = limits[name]
    if len(record[name]) > limit:
        what = f"is {len(record[name])} characters long; QuickBooks takes at most {limit}"
        return (cannot_hold(label, what, f"Shorten the {label.lower()}."),)
    if any(sign in record[name] for sign in signs):
        what = "has a colon in it, which QuickBooks does not allow"
        return (cannot_hold(label, what, "Take it out, for example with a dash in its place."),)
    return ()


def cannot_hold(label: str, what: str, way_out: str) -> Problem:
    """A value QuickBooks cannot store: which field, why, and the way out."""
    return Problem(reason=Reason.CANNOT_HOLD, details={"field": label, "what": what, "way_out": way_out})


def view_only(currency: str) -> Problem:
    """Kept in another currency: none of it is sent."""
    return cannot_hold(
        "Customer", f"is kept in {currency} in QuickBooks and is only shown here", "Change it in QuickBooks."
    )
