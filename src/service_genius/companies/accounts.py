"""How people come to have an account, and who they are: `User.email` alone says it.

That address was given by their company, or changed by themselves, with their password, and confirmed from
its mailbox. The log-in library's own table of addresses only holds what waits for that; nobody logs in with
it, and no link to choose a password is sent to it.
"""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from service_genius.companies.models import User
from service_genius.ui import errors

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's interface
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send it, or end the request with the page that says that it could not be sent."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            # Its text may hold addresses, and what the server was told.
            log.warning("A mail could not be handed to the mail server: %s", type(error).__name__)
            raise ImmediateHttpResponse(errors.answer(self.request, errors.NO_MAIL)) from error

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Let it be the address of its user, unless somebody else logs in with it by now."""
        with transaction.atomic():
            taken = User.objects.filter(email=email_address.email).exclude(pk=email_address.user_id).exists()
            if not taken:
                EmailAddress.objects.filter(email=email_address.email, verified=True).delete()
                return bool(super().confirm_email(request, email_address))
        self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt")
        return False


class ByAddress(AuthenticationBackend):  # type: ignore[misc] # allauth has no types
    """By the address that counts, never by one that waits to be confirmed."""

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        found: User | None = self._check_password(user_of(email), password)
        return found


class ResetForm(ResetPasswordForm):  # type: ignore[misc] # allauth has no types
    """The link goes to the address that counts, never to one that waits to be confirmed."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        user = user_of(email)
        self.users = [user] if user is not None and user.is_active else []
        return email


def user_of(email: str) -> User | None:
    """Who logs in with this address."""
    return User.objects.filter(email=email.lower()).first()


def vouch_for(user: User) -> None:
    """Tell the library which address of theirs counts, so that every other waits to be confirmed."""
    with transaction.atomic():
        EmailAddress.objects.filter(email=user.email).exclude(user_id=user.pk).update(verified=False)
        mine = EmailAddress.objects.filter(user_id=user.pk)
        mine.exclude(email=user.email).update(primary=False, verified=False)
        mine.update_or_create(
            email=user.email, defaults={"user_id": user.pk, "primary": True, "verified": True}
        )
