"""The page on which a wrong pair is taken apart: what it would do, and the press. HTTP and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from quickbooks_sync.kinds import one_of
from quickbooks_sync.models import Link
from quickbooks_sync.planner.keys import folded
from quickbooks_sync.planner.records import Encoded
from quickbooks_sync.resolving import apart
from quickbooks_sync.resolving.shared import CannotResolveError
from quickbooks_sync.wording.values import Values, field_title
from service_genius.companies.models import Company
from service_genius.shared.tenancy import Request, company_view

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
