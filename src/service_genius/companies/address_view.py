"""The address one logs in with: asked to change here, changed once its mailbox confirms."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.views import EmailView
from django.http import HttpRequest, HttpResponse

from service_genius.companies.accounts import vouch_for
from service_genius.shared.tenancy import Request, company_view


class AddressView(EmailView):  # type: ignore[misc] # allauth has no types
    """The library's page, for the one address that waits; which one counts only its mailbox decides."""

    template_name = "account/email_change.html"

    def _get_email_address(self, request: HttpRequest) -> EmailAddress | None:
        return EmailAddress.objects.filter(
            user_id=request.user.pk, verified=False, email=request.POST["email"].lower()
        ).first()

    def _action_primary(self, request: HttpRequest, *_args: Any, **_more: Any) -> None:
        """By its mailbox alone."""


@company_view
def address(request: Request, **_company: object) -> HttpResponse:
    """Look at it, ask for another, have the mail sent again, or leave it as it is."""
    vouch_for(request.user)
    response: HttpResponse = AddressView.as_view()(request)
    return response
