"""Whether the books match: the verdict, each difference with its reason, by customer and by month."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from quickbooks_sync.access.asking import QUERY_ROWS
from quickbooks_sync.books import accounts, reading
from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import BooksCheck, Connection, Entry, Remote, SyncRun
from quickbooks_sync.planner.books import Comparison, Item, Sums
from quickbooks_sync.runs import queue
from quickbooks_sync.wording import books, empty
from quickbooks_sync.wording.standing import Situation
from quickbooks_sync.wording.values import moment
from service_genius.companies.models import Company
from service_genius.shared.tenancy import Request, company_view

from .history import local_address, object_address
from .parts import ROWS, Part, address
from .presses import press

#: What is shown, by its name in the address, with the title of its tab.
TABS = {"": "What differs", "customers": "By customer", "months": "By month"}
DIGITS_MAX = 9


@dataclass(frozen=True, kw_only=True)
class GroupView:
    """All that differs for one reason."""

    title: str
    why: str
    words: str
    number: int
    difference: Decimal
    address: str
    mended_at: str
    mended_by: str
    explained: bool


@dataclass(frozen=True, kw_only=True)
class AccountView:
    """A customer with all below it."""

    name: str
    here: Decimal
    there: Decimal
    difference: Decimal
    unexplained: Decimal
    address: str


@dataclass(frozen=True, kw_only=True)
class ItemView:
    """One document that counts otherwise on one side."""

    label: str
    why: str
    customer: str
    day: date
    here: Decimal
    there: Decimal
    difference: Decimal
    here_url: str
    there_url: str


@company_view
@require_GET
def books_page(request: Request, *, company: Company) -> HttpResponse:
    """How the books stand by what is known now, and how they stood when they were checked."""
    connection = Connection.objects.select_related("company").filter(company=company).first()
    context: dict[str, object] = {"connection": connection, "currency": company.currency}
    if connection is None or connection.full_synced_at is None:
        return render(request, "quickbooks_sync/books.html", {**context, "empty": empty.BOOKS})
    found = reading.comparison(connection)
    show = request.GET.get("show", "")
    show = show if show in TABS else ""
    context |= {
        "found": found,
        "headline": books.headline(found),
        "words": books.verdict_words(found, company.currency),
        "groups": [_group(group) for group in found.groups],
        "astray": _accounts(connection, found.astray[:ROWS]),
        "more_astray": max(0, len(found.astray) - ROWS),
        "sorts": [(books.sort_title(sort), sums) for sort, sums in _in_order(found.sorts)],
        "show": show,
        "tabs": [(title, address({"show": name}), name == show) for name, title in TABS.items()],
        **_checked(company, connection),
        **_shown(request, connection, found, show),
    }
    return render(request, "quickbooks_sync/books.html", context)


def _in_order(sorts: Mapping[str, Sums]) -> list[tuple[str, Sums]]:
    """Kinds first, in their order."""
    kinds = list(KIND)
    return sorted(sorts.items(), key=lambda each: kinds.index(each[0]) if each[0] in kinds else len(kinds))


def _checked(company: Company, connection: Connection) -> dict[str, object]:
    """The last check, whether one is under way, and what another costs."""
    checks = BooksCheck.objects.filter(run__connection=connection)
    last = checks.filter(run__state=SyncRun.State.DONE).select_related("run").order_by("-pk").first()
    live = [run for run in queue.line(connection) if run.scope == SyncRun.Scope.BOOKS]
    failed = connection.runs.filter(scope=SyncRun.Scope.BOOKS, state=SyncRun.State.FAILED)
    failed = failed.filter(pk__gt=last.run_id if last is not None else 0)
    customers = Remote.objects.filter(connection=connection, entity=accounts.OWING.entity).count()
    return {
        "check": last,
        "checked_on": moment(company, last.at) if last is not None else "",
        "check_words": books.check_words(last, company.currency) if last is not None else "",
        "live": bool(live),
        "certain": last is not None and not failed.exists(),
        "failed": failed.order_by("-pk").first(),
        "calls": last.run.calls["total"] if last is not None else 4 + max(0, customers - 1) // QUERY_ROWS,
        "first_check": connection.books_known_at is None,
    }


def _group(group: Any) -> GroupView:
    title, words = books.WHY[group.why]
    mended_at, mended_by = _way(group.why)
    return GroupView(
        title=books.sort_title(group.sort),
        why=title,
        words=words,
        number=group.number,
        difference=group.difference,
        address=f"{reverse('quickbooks:books_items')}{address({'sort': group.sort, 'why': group.why})}",
        mended_at=mended_at,
        mended_by=mended_by,
        explained=group.explained,
    )


def _way(why: str) -> tuple[str, str]:
    """Where it is mended, and what that is called; nothing where each record says it by itself."""
    home, attention = reverse("quickbooks:home"), reverse("quickbooks:attention")
    ways: dict[str, tuple[str, str]] = {
        Situation.NEEDS_YOU: (attention, "Needs attention"),
        Situation.CHANGED_THERE: (f"{attention}?show=changed", "Changed in QuickBooks"),
        Situation.WAITS: (f"{attention}?show=waiting", "What waits"),
        Situation.HELD: (f"{attention}?show=held", "Not synced"),
        Situation.HELD_NEVER_SENT: (f"{attention}?show=held", "Not synced"),
        Situation.HELD_GONE: (f"{attention}?show=held", "Not synced"),
        Situation.OLDER: (f"{home}?choices=open", "Change that day"),
        Situation.NEVER_SENT: (home, "Sync"),
        Situation.CHANGED: (home, "Sync"),
        books.NEWS_THERE: (home, "Sync"),
        books.NEWS_ON_BOTH: (home, "Sync"),
        Situation.NOT_CONNECTED: (home, "Connect"),
    }
    return ways.get(why, ("", ""))


def _accounts(connection: Connection, rows: Sequence[Any]) -> list[AccountView]:
    names = accounts.names(connection, [row.key for row in rows])
    return [
        AccountView(
            name=names.get(row.key) or f"Customer {row.key}",
            here=row.here,
            there=row.there,
            difference=row.difference,
            unexplained=row.unexplained,
            address=f"{reverse('quickbooks:books_items')}{address({'account': row.key})}",
        )
        for row in rows
    ]


def _shown(request: Request, connection: Connection, found: Comparison, show: str) -> dict[str, object]:
    """The table of the tab that is chosen."""
    kept = {"show": show}
    if show == "customers":
        ordered = sorted(
            found.accounts.values(),
            key=lambda each: (-abs(each.unexplained), -abs(each.difference), -abs(each.here), each.key),
        )
        those = [each for each in ordered if each.here or each.there or each.difference]
        part = _numbered(those, request.GET, kept)
        return {"part": part, "rows": _accounts(connection, part.rows)}
    if show == "months":
        part = _numbered(list(reading.months(connection, found).items()), request.GET, kept)
        return {"part": part, "rows": [_month(month, sums) for month, sums in part.rows]}
    return {}


def _month(month: str, sums: Mapping[str, Sums]) -> dict[str, object]:
    first = date.fromisoformat(f"{month}-01")
    return {
        "name": f"{first:%B %Y}",
        "sums": [(books.sort_title(sort), each) for sort, each in _in_order(sums)],
        "difference": sum((each.difference for each in sums.values()), Decimal(0)),
    }


def _numbered(rows: Sequence[Any], asked: Mapping[str, str], kept: Mapping[str, str]) -> Part:
    """A part of what was reckoned this moment, by the number of its first row."""
    text = asked.get("after", "")
    first = int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX else 0
    first = first if first < len(rows) else 0
    shown = rows[first : first + ROWS]
    return Part(
        rows=shown,
        count=len(rows),
        first=first + 1 if shown else 0,
        previous_address=address(kept, after=max(0, first - ROWS) or "0") if first else "",
        next_address=address(kept, after=first + ROWS) if first + ROWS < len(rows) else "",
    )


@company_view
@require_GET
def items(request: Request, *, company: Company) -> HttpResponse:
    """Every document that differs: all of them, those of one reason, or those of one customer."""
    connection = get_object_or_404(Connection.objects.select_related("company"), company=company)
    found = reading.comparison(connection)
    kept = {name: request.GET.get(name, "") for name in ("sort", "why", "account")}
    wanted: dict[str, Callable[[Item], str]] = {
        "sort": lambda item: item.sort,
        "why": lambda item: item.why,
        "account": lambda item: item.account,
    }
    rows = [
        item
        for item in found.items
        if all(not value or wanted[name](item) == value for name, value in kept.items())
    ]
    part = _numbered(rows, request.GET, kept)
    account = found.accounts.get(kept["account"])
    title, words = books.WHY.get(kept["why"], ("What differs", ""))
    mended_at, mended_by = _way(kept["why"])
    context = {
        "connection": connection,
        "currency": company.currency,
        "heading": f"{books.sort_title(kept['sort'])}: {books.inside(title)}"
        if rows and kept["sort"]
        else title,
        "words": words,
        "mended_at": mended_at,
        "mended_by": mended_by,
        "account": _accounts(connection, [account])[0] if account is not None else None,
        "part": part,
        "documents": len({item.document for item in rows}),
        "rows": _items(connection, part.rows),
        "difference": sum((item.difference for item in rows), Decimal(0)),
        "empty": empty.BOOKS_ITEMS,
    }
    return render(request, "quickbooks_sync/books_items.html", context)


def _items(connection: Connection, rows: Sequence[Item]) -> list[ItemView]:
    names = accounts.names(connection, {item.account for item in rows})
    labels = _labels(connection, rows)
    return [
        ItemView(
            label=labels[item.sort, item.local_id, item.remote_id],
            why=books.WHY[item.why][0],
            customer=names.get(item.account, ""),
            day=item.day,
            here=item.here,
            there=item.there,
            difference=item.difference,
            here_url=local_address(item.sort, item.local_id) if item.sort in KIND else "",
            there_url=_there(connection, item),
        )
        for item in rows
    ]


def _there(connection: Connection, item: Item) -> str:
    if not item.remote_id:
        return ""
    entity = KIND[item.sort].entity if item.sort in KIND else item.sort
    return object_address(connection, entity, item.remote_id)


def _labels(connection: Connection, rows: Sequence[Item]) -> dict[tuple[str, int | None, str], str]:
    """What each is called: as here, or by its number there."""
    found: dict[tuple[str, int | None, str], str] = {}
    for sort in {item.sort for item in rows}:
        those = [item for item in rows if item.sort == sort]
        ids = [item.local_id for item in those if item.local_id is not None]
        records = KIND[sort].all_here(connection.company).filter(pk__in=ids) if ids else []
        called = {record.pk: KIND[sort].label(record) for record in records}
        entity = KIND[sort].entity if sort in KIND else sort
        entered = Entry.objects.filter(
            connection=connection, sort=entity, remote_id__in=[item.remote_id for item in those]
        )
        numbers = dict(entered.values_list("remote_id", "number"))
        for item in those:
            noun = books.one_of_sort(item.sort)
            named = called.get(item.local_id) if item.local_id is not None else None
            number = numbers.get(item.remote_id) or f"with the Id {item.remote_id}"
            found[item.sort, item.local_id, item.remote_id] = named or f"{noun} {number}"
    return found


@company_view
@require_POST
def check_books(request: Request, *, company: Company) -> HttpResponse:
    """Ask QuickBooks anew. A second press joins the check of the first while that one waits."""
    connection = get_object_or_404(Connection, company=company)
    if not connection.connected:
        messages.error(request, "QuickBooks is not connected. Connect first; then check the books.")
    elif connection.full_synced_at is None:
        messages.error(request, "Nothing can be compared before the first Full Sync. Do that first.")
    else:
        press(request, connection=connection, scope=SyncRun.Scope.BOOKS)
    return redirect("quickbooks:books")


@company_view
@require_GET
def checking(request: Request, *, company: Company) -> HttpResponse:
    """The live part of the page, asked for again and again while a check is under way."""
    connection = get_object_or_404(Connection, company=company)
    context = _checked(company, connection)
    response = render(request, "quickbooks_sync/books_check.html", {"connection": connection, **context})
    if not context["live"]:
        response["HX-Refresh"] = "true"
    return response
