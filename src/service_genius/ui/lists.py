"""A list page: what is sought, in which order, and which page of it. The same for every Kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from service_genius.ui.empty import Empty, Tab, empty

ROWS_PER_PAGE = 50
SEARCH_LENGTH_MAX = 100


@dataclass(frozen=True, kw_only=True)
class Query:
    """What the address asks for; anything it should not say becomes the default."""

    search: str
    sort: str
    tab: str
    page: int
    #: The id of the one customer whose records are shown; none: of all.
    customer: int | None = None

    def address(self, **changes: object) -> str:
        """The address of the same list with one thing changed; a change begins at the first page."""
        wanted = {"q": self.search, "sort": self.sort, "show": self.tab, "customer": self.customer, **changes}
        return "?" + urlencode({name: value for name, value in wanted.items() if value})


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page of the list, ready to be shown."""

    query: Query
    tabs: list[Tab]
    page: Page[Any]
    descending: bool

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def tab_links(self) -> list[tuple[str, str, bool]]:
        return [
            (tab.title, self.query.address(show=tab.name), tab.name == self.query.tab) for tab in self.tabs
        ]

    @property
    def previous_address(self) -> str:
        return self.query.address(page=self.page.number - 1) if self.page.has_previous() else ""

    @property
    def next_address(self) -> str:
        return self.query.address(page=self.page.number + 1) if self.page.has_next() else ""


def read_query(
    request: HttpRequest,
    *,
    tabs: list[Tab],
    sorts: Mapping[str, tuple[str, ...]],
    default_sort: str,
    of_customer: bool = False,
) -> Query:
    """What the address asks for; `of_customer`: the list can show one customer's records alone."""
    sort = request.GET.get("sort", "")
    tab = request.GET.get("show", "")
    page = request.GET.get("page", "")
    customer = request.GET.get("customer", "") if of_customer else ""
    return Query(
        search=request.GET.get("q", "").replace("\x00", "").strip()[:SEARCH_LENGTH_MAX],
        sort=sort if sort.removeprefix("-") in sorts else default_sort,
        tab=tab if tab in {each.name for each in tabs} else tabs[0].name,
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,  # noqa: PLR2004 - no list is as long
        customer=int(customer) if customer.isdecimal() and len(customer) < 19 else None,  # noqa: PLR2004 - nor a key
    )


def listing(
    rows: QuerySet[Any], *, query: Query, tabs: list[Tab], sorts: Mapping[str, tuple[str, ...]]
) -> Listing:
    columns = sorts[query.sort.removeprefix("-")]
    if query.sort.startswith("-"):
        columns = tuple(name[1:] if name.startswith("-") else f"-{name}" for name in columns)
    paginator = Paginator(rows.order_by(*columns), ROWS_PER_PAGE)
    page = paginator.get_page(query.page)
    return Listing(query=query, tabs=tabs, page=page, descending=columns[0].startswith("-"))


def without_rows(
    noun: str, page: Listing, *, first: str, everything: QuerySet[Any], of: str = ""
) -> Empty | None:
    """What is said in place of the rows, if there are none. `everything`: all the company has of the Kind."""
    if page.count:
        return None
    tab = next(each for each in page.tabs if each.name == page.query.tab)
    return empty(noun, first=first, tab=tab, anything=everything.exists(), search=page.query.search, of=of)
