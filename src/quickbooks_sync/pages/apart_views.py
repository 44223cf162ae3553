"""Taking a wrong pair apart, and linking a record with another one: what it would do, and the press.

HTTP and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from quickbooks_sync.gathering import searched
from quickbooks_sync.kinds import one_of
from quickbooks_sync.models import Connection, Link
from quickbooks_sync.planner.keys import folded
from quickbooks_sync.planner.records import Encoded
from quickbooks_sync.resolving import apart, resolve
from quickbooks_sync.resolving.shared import CannotResolveError
from quickbooks_sync.wording.values import Values, field_title
from quickbooks_sync.wording.who_wins import rule_words
from service_genius.companies.models import Company
from service_genius.shared.tenancy import Request, company_view

from . import searching
from .entering import BY_NAME
from .history import local_address, place, record_address

#: So many documents are named; the rest is counted.
NAMED_MAX = 50


@dataclass(frozen=True, kw_only=True)
class Row:
    """A value that goes back."""

    title: str
    now: str
    then: str


@company_view
@require_http_methods(["GET", "POST"])
def take_apart(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002 - the address's word
    """Show what taking a pair apart would do, and do just that."""
    link = get_object_or_404(
        Link.objects.select_related("remote", "connection__company"), pk=id, connection__company=company
    )
    back = local_address(link.kind, link.local_id)
    try:
        if request.method == "POST":
            done = apart.take_apart(link.pk, seen=request.POST.get("seen", ""), by=request.user)
            if done is not None:
                messages.success(request, done)
                return HttpResponseRedirect(back)
            messages.warning(request, "Something of it has changed since. This is how it is now.")
        found = apart.look(link)
    except CannotResolveError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(back)
    return render(request, "quickbooks_sync/apart.html", _context(company, found, back))


@company_view
@require_http_methods(["GET", "POST"])
def another(request: Request, *, company: Company, kind: str, id: int) -> HttpResponse:  # noqa: A002
    """Search QuickBooks for the counterpart of a record that has none, and link the two."""
    connection = get_object_or_404(Connection.objects.select_related("company"), company=company)
    of = BY_NAME.get(kind)
    row = of.all_here(company).filter(pk=id).first() if of is not None else None
    if of is None or row is None:
        raise Http404
    back = local_address(kind, id)
    if request.method == "POST":
        try:
            done = resolve.link_with(connection, of, id, request.POST.get("value", ""), user=request.user)
        except CannotResolveError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
        return HttpResponseRedirect(back)
    if Link.objects.filter(connection=connection, kind=kind, local_id=id, remote__isnull=False).exists():
        messages.info(request, "It is linked already. If the two are not the same, take them apart first.")
        return HttpResponseRedirect(back)
    typed = searching.typed(request.GET)
    sought = searched.seek(connection, of, row, typed)
    context = {
        "label": of.label(row),
        "typed": typed,
        "found": [(each, record_address(connection, each.remote)) for each in sought.found],
        "too_many": sought.too_many,
        "rule": rule_words(connection.winners),
        "back": back,
    }
    return render(request, "quickbooks_sync/another.html", context)


def _context(company: Company, found: apart.Apart, back: str) -> dict[str, object]:
    link = found.link
    ours, theirs = found.names
    moves = [each for each in found.documents if each.moves]
    stays = [each for each in found.documents if not each.moves]
    came = [sub.remote.name for sub, came in found.below if came and sub.remote is not None]
    ours_below = [sub.remote.name for sub, came in found.below if not came and sub.remote is not None]
    return {
        "link": link,
        "apart": found,
        "noun": one_of(link.kind).lower(),
        "one_name": folded(ours) == folded(theirs),
        "theirs": theirs,
        "namesake_url": local_address(link.kind, found.namesake.pk) if found.namesake is not None else "",
        "merges": bool(local_address(link.kind, link.local_id, "merge")),
        "back_here": _rows(company, found.here, found.back_here),
        "back_there": _rows(company, found.there, found.back_there),
        "moves": [each.label for each in moves[:NAMED_MAX]],
        "moves_more": max(0, len(moves) - NAMED_MAX),
        "stays": [
            (each.label, local_address(each.kind.name, each.link.local_id)) for each in stays[:NAMED_MAX]
        ],
        "stays_more": max(0, len(stays) - NAMED_MAX),
        "came": came,
        "ours_below": ours_below,
        "address": record_address(link.connection, link.remote) if link.remote is not None else "",
        "back": back,
    }


def _rows(company: Company, now: Encoded, then: Encoded) -> Sequence[Row]:
    values = Values(company=company, records=[now, then])
    return [
        Row(title=field_title(name), now=values.text(name, now[name]), then=values.text(name, then[name]))
        for name in sorted(then, key=place)
    ]
