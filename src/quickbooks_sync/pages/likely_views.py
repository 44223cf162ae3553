"""The page of questions whether two are the same, and its buttons. Views translate HTTP and nothing else."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import Connection, Issue, Outcome
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.resolving import asked_again
from quickbooks_sync.resolving import likely as questions
from quickbooks_sync.resolving.shared import CannotResolveError
from service_genius.companies.models import Company
from service_genius.shared.tenancy import Request, company_view

from . import likely as pages
from .attention_views import answered_already, back_to_list


@company_view
@require_GET
def likely(request: Request, *, company: Company) -> HttpResponse:
    """Every question whether two are the same, the likeliest first."""
    connection = get_object_or_404(Connection.objects.select_related("company"), company=company)
    shown = pages.workbench(company, connection, request.GET)
    context = {"connection": connection, "shown": shown, "keys": pages.KEYS, "back": request.path}
    return render(request, "quickbooks_sync/likely.html", context)


@company_view
@require_GET
def search(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002 - the address's word
    """Search QuickBooks for another one that a record may be."""
    rows = Issue.objects.select_related("link", "connection__company")
    found = get_object_or_404(rows, pk=id, connection__company=company, reason=Reason.LIKELY_PAIR)
    row = get_object_or_404(KIND[found.link.kind].all_here(company), pk=found.link.local_id)
    shown = pages.search(company, found, row, request.GET)
    return render(request, "quickbooks_sync/likely_search.html", {"shown": shown, "question": shown.question})


@company_view
@require_http_methods(["GET", "POST"])
def accept(request: Request, *, company: Company) -> HttpResponse:
    """Accept all above a line: what would be linked is shown first, and then is just what is linked."""
    connection = get_object_or_404(Connection.objects.select_related("company"), company=company)
    asked = request.POST if request.method == "POST" else request.GET
    line, kind = pages.line_of(asked), pages.asked_kind(asked)
    if line is None:
        return redirect("quickbooks:likely")
    if request.method == "POST":
        number = questions.accept(
            connection, line, kind=kind, seen=request.POST.get("seen", ""), user=request.user
        )
        if number is not None:
            messages.success(request, f"{number:,} linked; the next sync makes both sides the same.")
            return redirect("quickbooks:likely")
        messages.warning(request, "Something was answered or changed meanwhile. Please look again.")
        return redirect(f"{reverse('quickbooks:accept')}?{urlencode(_line(asked))}")
    found = questions.above(connection, line, kind=kind)
    context = {
        "found": found,
        "number": len(found.pairs),
        "pairs": pages.pairs_of(found),
        "sent": {**_line(asked), "seen": found.seen},
        "follows": pages.released(connection, questions.questions(connection, kind).filter(line.above())),
    }
    return render(request, "quickbooks_sync/likely_accept.html", context)


def _line(asked: QueryDict) -> dict[str, str]:
    """What an address or a form says of a line."""
    return {name: str(asked[name]) for name in ("line", "kind") if asked.get(name)}


@company_view
@require_POST
def put_off(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002 - the address's word
    """Later: this question goes behind all others."""
    found = Issue.objects.filter(pk=id, connection__company=company, reason=Reason.LIKELY_PAIR).first()
    if found is None:
        return answered_already(request, company, id)
    questions.put_off(found)
    messages.info(request, f"“{found.label}” is asked again at the end of the list.")
    return back_to_list(request)


@company_view
@require_POST
def ask_again(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002 - the address's word
    """Put a question back that was answered, as long as nothing was written for the answer."""
    outcome = get_object_or_404(Outcome, pk=id, connection__company=company)
    try:
        messages.success(request, asked_again.ask_again(outcome, user=request.user))
    except CannotResolveError as error:
        messages.error(request, str(error))
    return back_to_list(request)
