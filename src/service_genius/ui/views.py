"""The first page, and the pages for what went wrong. Deliberately absent: any content of the application."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from service_genius.companies.models import Company
from service_genius.once import kept, keys
from service_genius.shared.limits import FORM_BYTES_MAX, FORM_FIELDS_MAX
from service_genius.shared.tenancy import Request, company_view


@require_safe
@company_view
def home(request: Request, *, company: Company) -> HttpResponse:  # noqa: ARG001 - every view has them
    return redirect("customers:list")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "ui/not_found.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read as a request of ours: above all a form that is larger than any that is allowed."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    context = {"too_large": too_large, "megabytes": FORM_BYTES_MAX // 1_000_000, "fields": FORM_FIELDS_MAX}
    return render(request, "ui/bad_request.html", context, status=400)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    # Without the frame: what failed may be what the frame needs.
    return HttpResponse(render_to_string("ui/server_error.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Somebody logged in anew in another tab, above all: what was typed in this one is brought back.

    Only the key of one's own page does that, which no other site knows; and nothing is saved by it.
    """
    if "HX-Request" in request.headers:  # the page sends all of its form, then
        return HttpResponseClientRedirect(request.headers.get("HX-Current-URL", resolve_url("ui:home")))
    if (address := kept.keep(request)) and not request.user.is_authenticated:
        return redirect_to_login(address)
    if address and keys.holds(request.POST[keys.FIELD], user=request.user):
        return HttpResponseRedirect(address)
    return render(request, "ui/csrf_failure.html", status=403)
