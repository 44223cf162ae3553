"""What most Kinds answer, and what all lists and all Kinds of money do; a Kind says what is otherwise.

Absent on purpose: what every Kind has to say by itself (`base.Kind` has it all).
"""
# ruff: noqa: ARG002 - the shape of every Kind

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from quickbooks_sync.models import Connection
from quickbooks_sync.planner.matching.lists import Matching
from quickbooks_sync.planner.records import Encoded
from service_genius.companies.models import Company

from . import money
from .base import Facts, LocalKey, MergeWords, Payload, References, RemoteKey, Removal, Unfit
from .naming import Naming, Way


class _Plain:
    """Whatever is true of most."""

    title: str
    model: type[Any]
    proper: frozenset[str] = frozenset()
    yields: frozenset[str] = frozenset()
    naming: Mapping[str, Naming] = {}
    holds: Mapping[str, str] = {}
    ways: Mapping[str, Way] = {}
    matching: Matching[Any] | None = None
    amount_field = ""
    adds_to_balance: Literal[-1, 0, 1] = 0
    name_field = ""
    name_length = 0
    numbered_with: tuple[str, ...] = ()
    noun = "other"
    merge_words = MergeWords()
    freed = ""
    amounts_there: Mapping[str, str] = {}
    owes = False
    owed = False
    taxed = False
    paid_online = False
    pays = False
    levels = False

    def rows_here(self, company: Company) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.filter(company=company)  # noqa: SLF001 - Django's documented name
        return rows

    def called(self, record: Encoded) -> str:
        return str(record[self.name_field])

    def group_here(self, instance: Any) -> str:
        return ""

    def group_there(self, payload: Payload) -> str:
        return ""

    def is_tied(self, payload: Payload) -> bool:
        rows = [payload, *(payload.get("Line") or [])]
        return any(row.get("LinkedTxn") for row in rows)

    def settles(self, payload: Payload) -> Mapping[RemoteKey, Decimal]:
        return {}

    def will_settle(
        self, record: Encoded, totals: Encoded, references: References
    ) -> Mapping[RemoteKey, Decimal]:
        return {}

    def removal_there(self, payload: Payload) -> Payload:
        return {"Id": payload["Id"], "SyncToken": payload["SyncToken"], "sparse": True}

    def foreign_currency(self, instance: Any | None, payload: Payload, facts: Facts) -> str:
        return ""

    def wanted(self, connection: Connection) -> bool:
        return True

    def made_of(self, instance: Any) -> set[LocalKey]:
        return set()

    def only_there(self, payload: Payload) -> Mapping[str, str]:
        return {}

    def let_go(self, local_id: int) -> Encoded:
        return {}

    def beyond(self, company: Company, ids: Collection[int]) -> Mapping[int, set[LocalKey]]:
        return {}

    def in_the_way(self, *, company: Company, local_id: int, values: Encoded) -> set[int]:
        return set()

    def stands(self, payload: Payload) -> Encoded:
        return {}

    def owed_here(self, company: Company, local_id: int) -> Decimal | None:
        return None

    def hints(self, facts: Mapping[str, Any]) -> Mapping[str, str]:
        return {}

    def take_tax(self, *, company: Company, local_id: int, tax: str, expected_revision: int | None) -> Any:
        raise NotImplementedError(f"{self.title.lower()} bear no tax")

    def reckon_anew(self, *, company: Company, local_id: int) -> Any:
        raise NotImplementedError(f"{self.title.lower()} bear no tax")

    def applied_at_once(self, payload: Payload) -> Decimal:
        return Decimal(0)


class ListKind(_Plain):
    """One that others refer to: it goes both ways, has a name and no amounts, and is put away, not voided."""

    money = False
    removal: Removal = "deactivate"
    for_the_moment = "being renamed"

    def let_go(self, local_id: int) -> Encoded:
        return {self.name_field: f"Being renamed {local_id} {local_id}"}

    def refers_to(self, record: Encoded) -> set[LocalKey]:
        return set()

    def refers_to_there(self, payload: Payload) -> set[RemoteKey]:
        return set()

    def totals_here(self, instance: Any) -> Encoded:
        return {}

    def totals_there(self, payload: Payload) -> Encoded:
        return {}

    def removable(self, payload: Payload) -> bool:
        return True

    def removal_there(self, payload: Payload) -> Payload:
        return super().removal_there(payload) | {"Active": False}

    def settled_elsewhere(self, payload: Payload) -> bool:
        return False

    def marker_there(self, payload: Payload) -> str:
        return ""

    def dated(self, instance: Any, day: date) -> Encoded:
        raise NotImplementedError(f"{self.title.lower()} have no date")


class MoneyKind(_Plain):
    """A transaction: it goes to QuickBooks only, bears our marker there, and is voided, not put away."""

    money = True
    removal: Removal = "void"
    for_the_moment = "moves"

    def unfit_here(self, record: Encoded) -> Unfit:
        return {}

    def held_here(self, record: Encoded, unfit: Unfit) -> Encoded:
        return record

    def takeable(self, payload: Payload) -> bool:
        return False

    def may_be_paired(self, payload: Payload) -> bool:
        return not money.is_voided(payload)

    def eligible(self, instance: Any, connection: Connection, *, put_away: bool = False) -> bool:
        return self.wanted(connection) and money.eligible(instance, connection, put_away=put_away)

    def removable(self, payload: Payload) -> bool:
        return not self.settled_elsewhere(payload)

    def settled_elsewhere(self, payload: Payload) -> bool:
        return False

    def marker_there(self, payload: Payload) -> str:
        return money.marker_of(payload)

    def dated(self, instance: Any, day: date) -> Encoded:
        return {"date": day.isoformat()}

    def create_here(
        self, *, company: Company, records: Sequence[tuple[Encoded, Payload]]
    ) -> Sequence[Any | ValidationError]:
        raise NotImplementedError(f"{self.title.lower()} are not taken from QuickBooks")

    def merge_here(self, *, company: Company, loser: int, survivor: int) -> Any:
        raise NotImplementedError(f"{self.title.lower()} are not merged")
