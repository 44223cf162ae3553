"""What goes to QuickBooks behind a record once that is let go: how many, and what they come to.

Counted before a person lets it go, as a Sync would find it. Deliberately absent: what QuickBooks may refuse,
and what may look like something there; that is asked about when it is its turn.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from quickbooks_sync.kinds import KIND, KINDS, MONEY, Kind
from quickbooks_sync.models import Connection, Issue, Link
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.sending.choices import CHOICES
from quickbooks_sync.wording.counting import Documents, documents, enumerated
from service_genius.customers.models import Customer
from service_genius.customers.tree import LEVELS_MAX

#: Asked at one record, and answered for all that wait for the same.
FOR_ALL = {Reason.PAY_LINK, Reason.AUTOMATED_TAX, Reason.TAX_RECKONED, *CHOICES}


@dataclass(frozen=True, kw_only=True)
class Following:
    """How many go, by what they are, and what documents come to."""

    customers: int
    told: tuple[Documents, ...]

    def __bool__(self) -> bool:
        return bool(self.customers or self.documents)

    @property
    def documents(self) -> int:
        return sum(each.number for each in self.told)

    @property
    def number(self) -> int:
        return self.customers + self.documents

    @property
    def seen(self) -> str:
        """Comes back with the answer, and tells whether it was given to just this."""
        return " ".join([str(self.customers), *(each.seen for each in self.told)])

    @property
    def words(self) -> str:
        below = f"{self.customers:,} sub-customer{'' if self.customers == 1 else 's'}"
        first = [below] if self.customers else []
        return enumerated([*first, *(each.words for each in self.told if each.number)])


def released_by(link: Link) -> Following | None:
    """What goes once this one is synced, or its question answered; it is not counted itself."""
    if link.remote_id is not None or link.local_id is None:
        return None  # what refers to it goes already
    return released_by_all(link.connection, Link.objects.filter(pk=link.pk))


def released_by_answers(issues: Iterable[Issue]) -> dict[int, Following]:
    """What goes once each Issue is answered, by its id, where anything does."""
    issues = list(issues)
    unsent = [each.link for each in issues if each.link.remote_id is None]
    named = _named({(link.kind, link.local_id) for link in unsent if link.local_id is not None})
    found = {
        issue.pk: _released_by_answer(issue)
        for issue in issues
        if issue.reason in FOR_ALL or (issue.link.kind, issue.link.local_id) in named
    }
    return {pk: following for pk, following in found.items() if following is not None}


def _named(keys: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of the records that any other one names: few queries for all of them."""
    found: set[tuple[str, int]] = set()
    for named in sorted({name for name, _ in keys}):
        ids = [pk for name, pk in keys if name == named]
        for kind, way in [(kind, kind.ways[named]) for kind in KINDS if named in kind.ways]:
            model = way.through or kind.model
            rows = model._default_manager.filter(**{f"{way.field}__in": ids}).order_by()  # noqa: SLF001
            found |= {(named, pk) for pk in rows.values_list(way.field, flat=True).distinct()}
    return found


def _released_by_answer(issue: Issue) -> Following | None:
    """With all that wait for the same answer."""
    link = issue.link
    if issue.reason not in FOR_ALL:
        return released_by(link)
    waiting = Q(waiting=True, state=Link.State.ACTIVE, issue=None, waits_for__endswith=f" {issue.label}")
    same = Link.objects.filter(waiting | Q(pk=link.pk), connection=link.connection_id, kind=link.kind)
    return released_by_all(link.connection, same, counted=True)


def released_by_choice(connection: Connection, of: Q) -> Following | None:
    """What goes once a choice is made that such sales forms wait for."""
    links = Link.objects.filter(Q(waiting=True) | Q(issue__reason__in=FOR_ALL), state=Link.State.ACTIVE)
    such = Q()
    for kind in MONEY:
        if kind.taxed:
            rows = kind.rows_here(connection.company).filter(of)
            such |= Q(kind=kind.name, local_id__in=rows.values("pk"))
    return released_by_all(connection, links.filter(such, connection=connection), counted=True)


def released_by_all(
    connection: Connection, links: QuerySet[Link], *, counted: bool = False
) -> Following | None:
    """What goes once all of these are let go, as far as they are not there; `counted`: with themselves."""
    freed = _Freed(connection, links.filter(remote=None, local_id__isnull=False))
    told = []
    for kind in MONEY:
        own = Q(pk__in=freed.of(kind.name))
        rows = freed.documents(kind).filter(freed.released_by(kind) | own)
        rows = rows if counted else rows.exclude(own)
        told.append(documents(kind, rows, connection.company))
    found = Following(
        customers=freed.below().filter(active=True).exclude(freed.stuck_customers("")).count(),
        told=tuple(told),
    )
    return found or None


class _Freed:
    """What can go once these Links are let go, and what stays all the same. Nothing is read by it."""

    def __init__(self, connection: Connection, links: QuerySet[Link]) -> None:
        self._connection, self._links = connection, links

    def of(self, kind: str) -> QuerySet[Any]:
        """The records of that Kind that are let go."""
        return self._links.filter(kind=kind).values("local_id")

    def below(self) -> QuerySet[Customer]:
        """Sub-customers of these that are not there either, on every level."""
        rows = Customer.objects.filter(
            _below("parent", self.of("customer")), company=self._connection.company
        )
        return rows.exclude(pk__in=self._sent("customer")).exclude(pk__in=self.of("customer"))

    def released_by(self, kind: Kind) -> Q:
        """Documents of a Kind that name what is let go, or what goes behind that."""
        found = Q(pk__in=())
        for name, way in kind.ways.items():
            found |= way.where(partial(self._goes, KIND[name]))
        return found

    def _goes(self, named: Kind, key: str) -> Q:
        found = Q(**{f"{key}__in": self.of(named.name)})
        if named.levels:
            found |= Q(**{f"{key}__in": self.below().values("pk")})
        elif named.money:
            rows = self.documents(named).filter(self.released_by(named))
            found |= Q(**{f"{key}__in": rows.values("pk")})
        return found

    def documents(self, kind: Kind) -> QuerySet[Any]:
        """Documents of a Kind that have all they need there, or get it; payments go whole or not at all."""
        rows = kind.rows_here(self._connection.company).filter(self._moves(kind.name))
        for name, way in kind.ways.items():
            rows = rows.exclude(way.where(partial(self._stuck, KIND[name])))
        return rows

    def _stuck(self, named: Kind, key: str) -> Q:
        """It is not there and does not go either."""
        if named.levels:
            return self.stuck_customers(f"{key}__")
        there = Q(**{f"{key}__in": self._sent(named.name)})
        if named.money:
            return ~there & ~Q(**{f"{key}__in": self.documents(named).values("pk")})
        put_away = Q(**{f"{key}__active": False}) & ~there
        return Q(**{f"{key}__in": self._parked(named.name)}) | put_away

    def stuck_customers(self, path: str) -> Q:
        """Not there, and not to go: stopped, asked about or put away, or below one that is stopped."""
        there, parked = Q(**{f"{path}pk__in": self._sent("customer")}), self._parked("customer")
        stopped = Q(**{f"{path}pk__in": parked}) | Q(**{f"{path}active": False})
        return ~there & (stopped | _below(f"{path}parent", parked))

    def _rows(self, kind: str) -> QuerySet[Link]:
        return Link.objects.filter(connection=self._connection, kind=kind, local_id__isnull=False)

    def _sent(self, kind: str) -> QuerySet[Any]:
        return self._rows(kind).filter(remote__isnull=False).values("local_id")

    def _parked(self, kind: str) -> QuerySet[Any]:
        """Those that are not synced, or have a question of their own."""
        apart = ~Q(state=Link.State.ACTIVE) | Q(issue__isnull=False)
        rows = self._rows(kind).filter(apart, remote__isnull=True).exclude(pk__in=self._links.values("pk"))
        return rows.values("local_id")

    def _moves(self, kind: str) -> Q:
        """Documents that are not there, that are to go, and that nobody has stopped or is asked about."""
        if not KIND[kind].wanted(self._connection):
            return Q(pk__in=())
        dated = Q(created_at__gte=self._connection.connected_at)
        if self._connection.start_date is not None:
            dated |= Q(date__gte=self._connection.start_date)
        apart = Q(pk__in=self._sent(kind)) | Q(pk__in=self._parked(kind))
        return dated & Q(company=self._connection.company, voided=False) & ~apart


def _below(parent: str, customers: QuerySet[Any]) -> Q:
    """Whether one of these stands above, on any level; `parent` is the way to the one right above."""
    found = Q()
    for _ in range(LEVELS_MAX - 1):
        found |= Q(**{f"{parent}__in": customers})
        parent = f"{parent}__parent"
    return found
