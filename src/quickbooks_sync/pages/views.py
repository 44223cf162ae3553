"""The pages under Settings, Sync with QuickBooks. Views translate HTTP and nothing else."""

import re
import secrets
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.http import require_GET, require_POST

from qbo.errors import QuickBooksError
from quickbooks_sync.access import connection as connections
from quickbooks_sync.access import tokens
from quickbooks_sync.models import Connection, Issue, SyncRun
from quickbooks_sync.models.log import ATTENTION
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.resolving import likely, overruled
from quickbooks_sync.runs import queue
from quickbooks_sync.wording import empty
from quickbooks_sync.wording.troubles import TROUBLES
from quickbooks_sync.wording.values import moment
from service_genius.companies.models import Company
from service_genius.once import keys
from service_genius.sales.models import TaxRate
from service_genius.shared.tenancy import Request, company_view, owner_view

from . import older, report
from .forms import ChoicesForm
from .history import found, needed_otherwise, run_view, shows_steps
from .parts import NEWEST_FIRST, part
from .presses import once_more, press
from .report import progress, sums
from .status import renewal
from .steps import steps
from .who_wins import take_choice, who_wins_context

STATE_KEY = "quickbooks_oauth_state"
TIPS_KEY = "quickbooks_tips_hidden"
RUNS_SHOWN = 50
REALM_ID = r"\d{1,30}"


@company_view
@require_GET
def home(request: Request, *, company: Company) -> HttpResponse:
    """Connect, Full Sync, Sync, and how things stand."""
    connection = _connection(company)
    return render(request, "quickbooks_sync/home.html", _home_context(request, company, connection))


def _home_context(request: Request, company: Company, connection: Connection | None) -> dict[str, object]:
    context: dict[str, object] = {"connection": connection, "is_owner": request.user.is_owner}
    if connection is None:
        return context
    emulator = connection.environment == "emulator"
    return (
        context
        | _now(company, connection)
        | {
            "connected_on": moment(company, connection.connected_at),
            "full_synced_on": moment(company, connection.full_synced_at) if connection.full_synced_at else "",
            "choices": ChoicesForm(connection=connection) if connection.facts else None,
            "older": older.kept_out(company, connection),
            "other_rates": _other_rates(company),
            "choices_open": request.GET.get("choices") == "open",
            "renewal": renewal(connection),
            "ask_full": request.GET.get("ask") == "full",
            "quickbooks_url": settings.QBO_EMULATOR_URL if emulator else "",
            "tips": emulator and connection.full_synced_at is not None and not request.session.get(TIPS_KEY),
        }
    )


def _other_rates(company: Company) -> list[TaxRate]:
    """The rates for which QuickBooks charges another percentage than was entered here."""
    rates = TaxRate.objects.filter(company=company, active=True).order_by("name")
    return [rate for rate in rates if rate.is_other_than_entered]


def _looked_at(connection: Connection) -> datetime | None:
    """When the figures of what was found were counted."""
    looks = connection.runs.filter(scope=SyncRun.Scope.LOOK, state=SyncRun.State.DONE)
    return looks.order_by("-pk").values_list("finished_at", flat=True).first()


def _now(company: Company, connection: Connection) -> dict[str, object]:
    """What changes while a run is live, what waits behind it, what is asked, and how the last one ended."""
    standing = queue.line(connection)
    run = standing[0] if standing else queue.ended(connection).first()
    if run is not None and run.scope in SyncRun.LOOKING and run.state == SyncRun.State.DONE:
        # A look's result is what was found, a check's stands on its page: here is that of the last Sync.
        run = queue.ended(connection).exclude(scope__in=SyncRun.LOOKING).first()
    asking = connection.runs.filter(state=SyncRun.State.ASKING).select_related("asked_by").order_by("pk")
    issues = Issue.objects.filter(connection=connection)
    return {
        "connection": connection,
        "live": bool(standing),
        "result": run_view(company, run) if run is not None else None,
        "waiting": [run_view(company, each) for each in standing[1:]],
        "questions": [run_view(company, each) for each in asking],
        "progress": progress(standing[0]) if standing else [],
        "first_time": connection.full_synced_at is None,
        "begun": connection.runs.filter(preview=False).exclude(scope__in=SyncRun.LOOKING).exists(),
        "first": _need_you_first(run),
        "trouble": _trouble(company, connection),
        "found": found(connection),
        "books_to": connections.income_account_name(connection),
        **who_wins_context(connection),
        "attention_count": issues.exclude(reason=Reason.CHANGED_THERE).count(),
        "replaced_count": overruled.waiting(company).count(),
        "likely_count": likely.questions(connection).count(),
        "needed_otherwise": needed_otherwise(connection),
        "answered_since": likely.answered(connection, _looked_at(connection)),
        "changed_there_count": issues.filter(reason=Reason.CHANGED_THERE).count(),
    }


def _need_you_first(run: SyncRun | None) -> int:
    """How much of a preview needs a person before it can go."""
    return run.plannedsteps.filter(action=ATTENTION).count() if run is not None and run.preview else 0


def _trouble(company: Company, connection: Connection) -> dict[str, object] | None:
    """Why the last run could not finish, with what mends it; nothing once one did."""
    taken_back = [SyncRun.State.CANCELLED, SyncRun.State.REPLACED]
    run = queue.ended(connection).exclude(state__in=taken_back).first()
    if run is None or run.state != SyncRun.State.FAILED or run.trouble not in TROUBLES:
        return None
    if report.is_over(run):
        return None
    title, words = TROUBLES[run.trouble]
    return {
        "title": title,
        "words": words,
        "sort": run.trouble,
        "run": run_view(company, run),
        "again": once_more(run),
    }


@owner_view
@require_POST
def connect(request: Request, *, company: Company) -> HttpResponse:  # noqa: ARG001 - every view has a company
    """Send the user to QuickBooks' own sign-in page."""
    # Of the page's key: whichever of two presses is answered last, this is what the session expects.
    state = salted_hmac(STATE_KEY, request.POST.get(keys.FIELD) or secrets.token_urlsafe(32)).hexdigest()
    request.session[STATE_KEY] = state
    try:
        return HttpResponseRedirect(tokens.oauth().authorization_url(state))
    except QuickBooksError as error:
        messages.error(
            request, f"QuickBooks cannot be reached just now ({error}). Please try again in a minute."
        )
        return redirect("quickbooks:home")


@owner_view
@require_GET
def callback(request: Request, *, company: Company) -> HttpResponse:
    """Back from QuickBooks. Answers with a redirect, so that the code stays in no address bar."""
    expected = request.session.pop(STATE_KEY, None)
    given = request.GET.get("state", "")
    if not expected or not constant_time_compare(expected, given):
        messages.error(
            request,
            "This answer of QuickBooks does not belong to a Connect of yours. Please press Connect again.",
        )
        return redirect("quickbooks:home")
    if request.GET.get("error"):
        messages.warning(
            request,
            "QuickBooks was not connected, because access was not given. You can press Connect at any time.",
        )
        return redirect("quickbooks:home")
    realm_id, code = request.GET.get("realmId", ""), request.GET.get("code", "")
    if not re.fullmatch(REALM_ID, realm_id, re.ASCII) or not code:
        messages.error(request, "The answer of QuickBooks was not complete. Please press Connect again.")
        return redirect("quickbooks:home")
    _finish_connecting(request, company, realm_id, code)
    return redirect("quickbooks:home")


def _finish_connecting(request: Request, company: Company, realm_id: str, code: str) -> None:
    try:
        connection = connections.connect(company=company, realm_id=realm_id, code=code)
    except connections.WrongCompanyError as wrong:
        name = wrong.bound_to.realm_name
        messages.error(
            request,
            f"Service Genius is linked with {name} (QuickBooks company {wrong.bound_to.realm_id}); you chose "
            f"{wrong.chosen} ({realm_id}). Nothing was connected. Press Connect again and choose {name}.",
        )
    except connections.RealmTakenError:
        messages.error(
            request, "This QuickBooks company is already connected to another company of Service Genius."
        )
    except QuickBooksError as error:
        messages.error(
            request, f"QuickBooks did not complete the connection ({error}). Please press Connect again."
        )
    else:
        messages.success(request, "Connected to QuickBooks.")
        press(request, connection=connection, scope=SyncRun.Scope.LOOK)


@owner_view
@require_POST
def disconnect(request: Request, *, company: Company) -> HttpResponse:
    """Give back the access; every link stays."""
    connection = get_object_or_404(Connection, company=company)
    connections.disconnect(connection)
    messages.success(
        request,
        "Disconnected from QuickBooks. Everything that was linked stays linked for when you connect again.",
    )
    return redirect("quickbooks:home")


@owner_view
@require_POST
def choices(request: Request, *, company: Company) -> HttpResponse:
    """Keep the accounts, the start date and the tax codes chosen."""
    connection = get_object_or_404(Connection, company=company)
    form = ChoicesForm(request.POST, connection=connection)
    sends = older.sent_with(connection, form.chosen) if form.is_valid() else None
    follows = form.follows() if form.is_valid() else None
    seen = " ".join(each.seen for each in (sends, follows) if each)
    if form.is_valid() and (not seen or request.POST.get("seen") == seen):
        if form.save():
            press(request, connection=connection, scope=SyncRun.Scope.LOOK)
        messages.success(request, "Your choices are kept.")
        return redirect("quickbooks:home")
    context = _home_context(request, company, connection)
    context |= {"choices": form, "choices_open": True, "currency": company.currency}
    context |= {"sends": sends, "follows": follows, "seen": seen}
    return render(request, "quickbooks_sync/home.html", context, status=200 if seen else 422)


@company_view
@require_POST
def sync(request: Request, *, company: Company) -> HttpResponse:
    """Press Sync or Preview. A second press joins the run of the first while that one waits."""
    connection = get_object_or_404(Connection, company=company)
    if not connection.connected:
        messages.error(request, "QuickBooks is not connected. Connect first; then press Sync.")
        return redirect("quickbooks:home")
    if "first_look" in request.POST:  # it failed, and is tried again
        press(request, connection=connection, scope=SyncRun.Scope.LOOK)
        return redirect("quickbooks:home")
    count_anew = take_choice(request, connection)
    if count_anew is None:
        return redirect("quickbooks:home")
    if count_anew:
        press(request, connection=connection, scope=SyncRun.Scope.LOOK)
    if "keep" in request.POST:
        messages.success(request, "Your choice of who wins is kept.")
        return redirect("quickbooks:home")
    full = request.POST.get("full") == "on"
    unasked = not full and "preview" not in request.POST
    if unasked and connection.full_synced_at is None and request.POST.get("without_full") != "yes":
        return redirect(f"{reverse('quickbooks:home')}?ask=full")
    scope = SyncRun.Scope.FULL if full else SyncRun.Scope.SYNC
    press(request, connection=connection, scope=scope, preview="preview" in request.POST)
    return redirect("quickbooks:home")


@company_view
@require_POST
def stop(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002 - the address's word
    """Stop a run after the page it is at, or take it back; what was done is kept, and others go on."""
    run = _run(company, id)
    if not queue.stop(run):
        messages.warning(request, f"{report.name(run)} has ended already. Nothing was stopped.")
    elif run.live:
        kept = "Nothing was changed" if run.preview else "What was done is kept"
        messages.success(request, f"It stops now. {kept}; {report.again(run)} to go on.")
    else:
        messages.success(request, f"{report.headline(run)}. {report.story(run)}")
    return redirect("quickbooks:home")


@company_view
@require_POST
def sync_as_shown(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002 - the address's word
    """Do what a preview showed, and nothing else."""
    shown = get_object_or_404(SyncRun, pk=id, connection__company=company)
    if not shown.preview:
        messages.error(request, "This run is no preview. Press Preview to see what a Sync would do.")
    elif not shown.connection.connected:
        messages.error(request, "QuickBooks is not connected. Connect first; then press Sync.")
    elif shown.state == SyncRun.State.DONE and not shows_steps(shown):
        messages.error(
            request,
            "What this preview showed is not kept any more. Press Preview to see what would be done now.",
        )
    else:
        press(
            request,
            connection=shown.connection,
            scope=SyncRun.Scope(shown.scope),
            from_preview=shown,
        )
    return redirect("quickbooks:home")


@company_view
@require_POST
def answer_question(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002 - the address's word
    """Answer what a run asks: go on, or leave it."""
    run = _run(company, id)
    # The fence tells this question from one that the same run asked before or after it.
    as_seen = request.POST.get("asked") == str(run.fence)
    if not as_seen or not queue.answer(run, go_on=request.POST.get("answer") == "go_on"):
        messages.warning(
            request,
            "This question is not asked any more: it was answered, or asked anew, perhaps in another tab.",
        )
    return redirect("quickbooks:home")


@company_view
@require_GET
def status(request: Request, *, company: Company) -> HttpResponse:
    """The live part of the page, asked for again and again while a run is live."""
    connection = get_object_or_404(Connection, company=company)
    now = _now(company, connection)
    response = render(request, "quickbooks_sync/now.html", now)
    if not now["live"]:
        response["HX-Refresh"] = "true"  # finished: the page as a whole shows the result, and asks no more
    return response


@company_view
@require_POST
def hide_tips(request: Request, *, company: Company) -> HttpResponse:  # noqa: ARG001 - every view has a company
    """Put away what a newcomer may try."""
    request.session[TIPS_KEY] = True
    return redirect("quickbooks:home")


@company_view
@require_GET
def history(request: Request, *, company: Company) -> HttpResponse:
    """Every run, newest first."""
    runs = SyncRun.objects.filter(connection__company=company).select_related("asked_by")
    shown = part(runs, request.GET, kept={}, order=NEWEST_FIRST, size=RUNS_SHOWN)
    context = {
        "part": shown,
        "runs": [run_view(company, run) for run in shown.rows],
        "empty": empty.HISTORY,
    }
    return render(request, "quickbooks_sync/history.html", context)


@company_view
@require_GET
def run_page(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002
    """One run with every change it made, or would make, linked to both sides."""
    runs = SyncRun.objects.select_related("connection__company", "asked_by")
    run = get_object_or_404(runs, pk=id, connection__company=company)
    result = run_view(company, run)
    return render(
        request,
        "quickbooks_sync/run.html",
        {
            "result": result,
            "can_sync": result.can_be_done and run.connection.connected,
            "steps": steps(run, request.GET),
            "sums": sums(run) if run.preview else [],
            "empty": empty.of_run(run, told=any(row.total for row in result.rows)),
        },
    )


def _run(company: Company, id: int) -> SyncRun:  # noqa: A002 - the address's word
    return get_object_or_404(SyncRun, pk=id, connection__company=company)


def _connection(company: Company) -> Connection | None:
    return Connection.objects.filter(company=company).select_related("company").first()
