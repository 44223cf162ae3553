"""The first page. Deliberately absent: any content of the application; what went wrong is in `errors`."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from service_genius.companies.models import Company
from service_genius.shared.tenancy import Request, company_view


@require_safe
@company_view
def home(request: Request, *, company: Company) -> HttpResponse:  # noqa: ARG001 - every view has them
    return redirect("customers:list")
