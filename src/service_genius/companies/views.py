"""Settings, and the way into the demo."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from service_genius.companies.demo import OWNER_EMAIL
from service_genius.companies.models import Company, User
from service_genius.shared.tenancy import Request, company_view

PASSWORD_BACKEND = "service_genius.companies.accounts.ByAddress"  # noqa: S105 - a module's name


@require_safe
@company_view
def index(request: Request, *, company: Company) -> HttpResponse:
    users = User.objects.filter(company=company, is_active=True).order_by("name", "email")
    return render(request, "companies/settings.html", {"users": users})


@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Log in as the demo's owner; exists only where the demo was set up."""
    user = User.objects.filter(email=OWNER_EMAIL).first() if settings.DEMO_LOGIN else None
    if user is None:
        raise Http404
    login(request, user, backend=PASSWORD_BACKEND)
    wanted = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return redirect(wanted if own else "ui:home")
