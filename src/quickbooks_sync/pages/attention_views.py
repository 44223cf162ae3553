"""The pages of what needs a person, and its buttons. Views translate HTTP and nothing else."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import Change, Connection, Issue, Link, Outcome, SyncRun
from quickbooks_sync.resolving import following, holds, overruled, resolve
from quickbooks_sync.runs.queue import ahead_of
from service_genius.companies.models import Company
from service_genius.shared.tenancy import Request, company_view

from . import attention as lists
from .history import local_address
from .issues import issue_views
from .presses import press

#: What can be done about an edit in QuickBooks that ours replaced.
REPLACED_ANSWERS = {"take-back": overruled.take_back, "let-go": overruled.let_go}


@company_view
@require_GET
def attention(request: Request, *, company: Company) -> HttpResponse:
    """Needs attention, Changed in QuickBooks, and what waits, is held or was settled."""
    connection = Connection.objects.filter(company=company).select_related("company").first()
    shown = lists.attention(company, connection, request.GET)
    return render(
        request,
        "quickbooks_sync/attention.html",
        {"connection": connection, "shown": shown, "back": request.get_full_path()},
    )


@company_view
@require_GET
def issue(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002 - the address's word
    """One Issue on a page of its own: where a record's badge leads."""
    found = get_object_or_404(lists.issues_of(company), pk=id)
    context = {"issue": issue_views(company, [found])[0], "connection": found.connection}
    return render(request, "quickbooks_sync/issue_page.html", context)


@company_view
@require_POST
def try_again(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002
    """Have one Issue planned again, whatever was refused before, and sync."""
    found = Issue.objects.filter(pk=id, connection__company=company).first()
    if found is None:
        return answered_already(request, company, id)
    resolve.try_again(found)
    if found.connection.connected:
        run = press(request, connection=found.connection, scope=SyncRun.Scope.SYNC)
        if run is not None:
            when = "then" if ahead_of(run) else "now"
            messages.success(request, f"“{found.label}” is tried again {when}.")
    else:
        messages.warning(request, "QuickBooks is not connected. It is tried again once you connect.")
    return back_to_list(request)


@company_view
@require_POST
def resolve_issue(request: Request, *, company: Company, id: int, what: str) -> HttpResponse:  # noqa: A002
    """Carry out one of the answers an Issue offers."""
    found = Issue.objects.filter(pk=id, connection__company=company).first()
    if found is None:
        return answered_already(request, company, id)
    try:
        done = resolve.carry_out(found, what, value=request.POST.get("value", ""), user=request.user)
    except resolve.CannotResolveError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return back_to_list(request)


@company_view
@require_POST
def replaced(request: Request, *, company: Company, id: int, what: str) -> HttpResponse:  # noqa: A002
    """Take back what ours replaced in QuickBooks, or let it go."""
    if what not in REPLACED_ANSWERS:
        raise Http404
    change = get_object_or_404(Change.objects.select_related("run"), pk=id, run__connection__company=company)
    try:
        done = REPLACED_ANSWERS[what](change, by=request.user)
    except resolve.CannotResolveError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return back_to_list(request)


@company_view
@require_POST
def all_different(request: Request, *, company: Company) -> HttpResponse:
    """All others are new: none of the likely pairs that the page counted is the same."""
    connection = get_object_or_404(Connection, company=company)
    text = request.POST.get("up_to", "")
    up_to = int(text) if text.isdecimal() and len(text) < 19 else 0  # noqa: PLR2004 - no key is longer
    number = resolve.all_different(connection, up_to=up_to, user=request.user)
    messages.success(request, f"{number:,} kept as records of their own; the next sync copies them.")
    return back_to_list(request)


@company_view
@require_POST
def stop_record(request: Request, *, company: Company, kind: str, id: int) -> HttpResponse:  # noqa: A002
    """Stop syncing one record."""
    connection = get_object_or_404(Connection, company=company)
    if kind not in KIND or not KIND[kind].all_here(company).filter(pk=id).exists():
        raise Http404
    holds.stop(connection, kind, id, by=request.user)
    messages.success(request, "It is no longer synced. You can start that again at any time.")
    return HttpResponseRedirect(local_address(kind, id))


@company_view
@require_POST
def start_record(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002
    """Sync one record again; what would go to QuickBooks behind it is said first."""
    link = get_object_or_404(
        Link.objects.select_related("connection__company", "remote"), pk=id, connection__company=company
    )
    follows = following.released_by(link) if link.state == Link.State.HOLD else None
    if follows and request.POST.get("seen") != follows.seen:
        context = {"link": link, "label": holds.label_of(link), "follows": follows, "back": _wanted(request)}
        return render(request, "quickbooks_sync/start.html", context)
    label = holds.start(link, by=request.user)
    messages.success(request, f"“{label}” is synced again, with the next sync.")
    return back_to_list(request)


def answered_already(request: Request, company: Company, id: int) -> HttpResponse:  # noqa: A002
    """The page still showed an Issue that is gone: say what became of it."""
    outcomes = Outcome.objects.filter(connection__company=company, issue_id=id)
    outcome = get_object_or_404(outcomes.order_by("-pk")[:1])
    told = "was answered already" if outcome.answer else "needs nobody any more"
    messages.warning(request, f"“{outcome.label}” {told}. {outcome.words}")
    return back_to_list(request)


def back_to_list(request: Request) -> HttpResponse:
    """To the very list the button was pressed in."""
    return HttpResponseRedirect(_wanted(request))


def _wanted(request: Request) -> str:
    wanted = request.POST.get("back", "")
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if own else reverse("quickbooks:attention")
