"""The pages under Settings, Sync with QuickBooks. Views translate HTTP and nothing else."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from qbo.errors import QuickBooksError
from service_genius.companies.models import Company
from service_genius.invoices.models import TaxRate
from service_genius.shared.tenancy import Request, company_view, owner_view

from . import connection as connections
from . import mend, tokens
from .forms import ChoicesForm
from .models import Connection, Issue, SyncRun
from .pages import found, run_view
from .parts import part
from .planner.actions import Reason
from .preview import ATTENTION
from .report import progress, sums
from .run import answer, ask, ask_to_stop
from .status import renewal
from .steps import steps
from .values import moment
from .words import TROUBLES

STATE_KEY = "quickbooks_oauth_state"
TIPS_KEY = "quickbooks_tips_hidden"
RUNS_SHOWN = 50


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
            "older": mend.older_counts(company, connection),
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


def _now(company: Company, connection: Connection) -> dict[str, object]:
    """What changes while a run is live, and how the last one ended."""
    runs = connection.runs.select_related("asked_by").order_by("-pk")
    run = runs.filter(state=SyncRun.State.RUNNING).first() or runs.first()
    shown = run
    if (
        run is not None
        and not run.live
        and run.scope == SyncRun.Scope.LOOK
        and run.state == SyncRun.State.DONE
    ):
        # A look's result is what was found; the last result is that of the last Sync.
        shown = runs.exclude(scope=SyncRun.Scope.LOOK).first()
    issues = Issue.objects.filter(connection=connection)
    return {
        "connection": connection,
        "live": run is not None and run.live,
        "result": run_view(company, shown) if shown is not None else None,
        "progress": progress(run) if run is not None and run.live else [],
        "first_time": connection.full_synced_at is None,
        "begun": connection.runs.filter(preview=False).exclude(scope=SyncRun.Scope.LOOK).exists(),
        "first": _need_you_first(shown),
        "trouble": _trouble(connection),
        "found": found(connection),
        "attention_count": issues.exclude(reason=Reason.CHANGED_THERE).count(),
        "changed_there_count": issues.filter(reason=Reason.CHANGED_THERE).count(),
    }


def _need_you_first(run: SyncRun | None) -> int:
    """How much of a preview needs a person before it can go."""
    return run.plannedsteps.filter(action=ATTENTION).count() if run is not None and run.preview else 0


def _trouble(connection: Connection) -> dict[str, str] | None:
    """Why the last run could not finish, with what mends it; nothing once one did."""
    run = connection.runs.exclude(state=SyncRun.State.CANCELLED).order_by("-pk").first()
    if run is None or run.state != SyncRun.State.FAILED or run.trouble not in TROUBLES:
        return None
    title, words = TROUBLES[run.trouble]
    return {"title": title, "words": words, "sort": run.trouble, "told": run.error}


@owner_view
@require_POST
def connect(request: Request, *, company: Company) -> HttpResponse:  # noqa: ARG001 - every view has a company
    """Send the user to QuickBooks' own sign-in page."""
    state = secrets.token_urlsafe(32)
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
    if not expected or not secrets.compare_digest(expected, given):
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
    if not realm_id.isdigit() or not code:
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
        ask(connection=connection, scope=SyncRun.Scope.LOOK, user=request.user)
        messages.success(request, "Connected to QuickBooks.")


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
    if form.is_valid():
        form.save()
        messages.success(request, "Your choices are kept.")
        return redirect("quickbooks:home")
    context = _home_context(request, company, connection) | {"choices": form}
    return render(request, "quickbooks_sync/home.html", context, status=422)


@company_view
@require_POST
def sync(request: Request, *, company: Company) -> HttpResponse:
    """Press Sync. A second press joins the run of the first."""
    connection = get_object_or_404(Connection, company=company)
    if not connection.connected:
        messages.error(request, "QuickBooks is not connected. Connect first; then press Sync.")
        return redirect("quickbooks:home")
    if "look" in request.POST:  # the first look failed, and is tried again
        ask(connection=connection, scope=SyncRun.Scope.LOOK, user=request.user)
        return redirect("quickbooks:home")
    full = request.POST.get("full") == "on"
    unasked = not full and "preview" not in request.POST
    if unasked and connection.full_synced_at is None and request.POST.get("without_full") != "yes":
        return redirect(f"{reverse('quickbooks:home')}?ask=full")
    scope = SyncRun.Scope.FULL if full else SyncRun.Scope.SYNC
    ask(connection=connection, scope=scope, user=request.user, preview="preview" in request.POST)
    return redirect("quickbooks:home")


@company_view
@require_POST
def stop(request: Request, *, company: Company) -> HttpResponse:
    """Stop a run after the page it is at; what was done is kept."""
    connection = get_object_or_404(Connection, company=company)
    if ask_to_stop(connection):
        messages.success(request, "It stops now. What was done is kept; press Sync to go on.")
    return redirect("quickbooks:home")


@company_view
@require_POST
def sync_as_shown(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002 - the address's word
    """Do what a preview showed, and nothing else."""
    shown = get_object_or_404(SyncRun, pk=id, connection__company=company)
    if not shown.preview:
        messages.error(request, "This run is no preview. Press Preview to see what a Sync would do.")
        return redirect("quickbooks:home")
    if not shown.connection.connected:
        messages.error(request, "QuickBooks is not connected. Connect first; then press Sync.")
        return redirect("quickbooks:home")
    scope = SyncRun.Scope(shown.scope)
    ask(connection=shown.connection, scope=scope, user=request.user, from_preview=shown)
    return redirect("quickbooks:home")


@company_view
@require_POST
def answer_question(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002 - the address's word
    """Answer what a run asks: go on, or leave it."""
    run = get_object_or_404(SyncRun, pk=id, connection__company=company)
    go_on = request.POST.get("answer") == "go_on"
    if answer(run, go_on=go_on, user=request.user) is None and go_on:
        messages.warning(request, "This question was answered already, perhaps in another tab.")
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
    shown = part(runs, request.GET, kept={}, newest_first=True, size=RUNS_SHOWN)
    context = {"part": shown, "runs": [run_view(company, run) for run in shown.rows]}
    return render(request, "quickbooks_sync/history.html", context)


@company_view
@require_GET
def run_page(request: Request, *, company: Company, id: int) -> HttpResponse:  # noqa: A002
    """One run with every change it made, or would make, linked to both sides."""
    runs = SyncRun.objects.select_related("connection__company", "asked_by")
    run = get_object_or_404(runs, pk=id, connection__company=company)
    result = run_view(company, run)
    done = run.preview and run.state == SyncRun.State.DONE
    return render(
        request,
        "quickbooks_sync/run.html",
        {
            "result": result,
            "can_sync": done and result.shows and run.connection.connected,
            "steps": steps(run, request.GET),
            "sums": sums(run) if run.preview else [],
        },
    )


def _connection(company: Company) -> Connection | None:
    return Connection.objects.filter(company=company).select_related("company").first()
