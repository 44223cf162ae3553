"""The first page, and the pages for what went wrong. Deliberately absent: any content of the application."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from service_genius.companies.models import Company
from service_genius.shared.tenancy import Request, company_view


@company_view
def home(request: Request, *, company: Company) -> HttpResponse:  # noqa: ARG001 - every view has them
    return redirect("customers:list")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "ui/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    # Without the frame: what failed may be what the frame needs.
    return HttpResponse(render_to_string("ui/server_error.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "ui/csrf_failure.html", status=403)
