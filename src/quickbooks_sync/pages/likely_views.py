"""The page of questions whether two are the same, and its buttons. Views translate HTTP and nothing else."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from quickbooks_sync.models import Connection, Issue
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.resolving import likely as questions
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
    context = {"connection": connection, "shown": shown, "keys": pages.KEYS}
    return render(request, "quickbooks_sync/likely.html", context)


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
