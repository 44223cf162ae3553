"""What the frame of every page needs: the Main Menu, and what stands beside it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from service_genius.companies.models import Company, User
from service_genius.ui.panels import SettingsEntry, StatusLine, panels


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    title: str
    url: str
    icon: str
    current: bool


class Page:
    """The frame around a page of somebody who is logged in; what a page does not show is not asked for."""

    def __init__(self, *, user: User, path: str) -> None:
        self.user = user
        self._path = path

    @property
    def company(self) -> Company:
        return self.user.company

    @property
    def mail_works(self) -> bool:
        return bool(settings.MAIL_WORKS)

    @property
    def menu(self) -> list[MenuEntry]:
        return [
            MenuEntry(title=title, url=url, icon=icon, current=self._path.startswith(url))
            for title, icon, url in (
                ("Customers", "customers", reverse("customers:list")),
                ("Work Codes", "work-codes", reverse("work_codes:list")),
                ("Estimates", "estimates", reverse("estimates:list")),
                ("Invoices", "invoices", reverse("invoices:list")),
                ("Payments", "payments", reverse("payments:list")),
                ("Settings", "settings", reverse("companies:settings")),
            )
        ]

    @cached_property
    def attention(self) -> int:
        return panels().attention(company=self.company)

    @cached_property
    def status_line(self) -> StatusLine | None:
        return panels().status_line(company=self.company)

    @cached_property
    def entries(self) -> list[SettingsEntry]:
        return panels().settings_entries(company=self.company)


def page(request: HttpRequest) -> dict[str, Any]:
    user: Any = getattr(request, "user", None)  # absent when a middleware before log-in has failed
    if user is not None and user.is_authenticated:
        return {"page": Page(user=user, path=request.path)}
    return {"demo_login": settings.DEMO_LOGIN, "mail_works": settings.MAIL_WORKS}
