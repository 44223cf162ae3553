"""Who asks, and for which company: the only way a view learns its company.

Deliberately absent: any ambient "current company". It is an argument, from here down to every query.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from service_genius.companies.models import User

View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request of somebody who is logged in."""

    user: User
    htmx: HtmxDetails


def company_view(view: View) -> View:
    """For everybody of the company; the view gets it as `company=`."""

    @wraps(view)
    def guarded(request: Any, /, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_log_in(request)
        return view(request, company=request.user.company, **kwargs)

    return guarded


def _to_log_in(request: HttpRequest) -> HttpResponse:
    """To the log-in page and back. A part of a page cannot go there by itself, so the whole page does."""
    if "HX-Request" in request.headers:
        return HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
    return redirect_to_login(request.get_full_path())


def owner_view(view: View) -> View:
    """For owners alone. Others of the company are told so (403): they know that the page exists."""

    @wraps(view)
    def guarded(request: Any, /, **kwargs: Any) -> HttpResponse:
        if not request.user.is_owner:
            raise PermissionDenied("Only an owner of the company can do this.")
        return view(request, **kwargs)

    return company_view(guarded)
