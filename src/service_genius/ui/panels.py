"""The one way by which another part of the site shows something on the pages of the application.

The implementation is named in `settings.SERVICE_GENIUS_PANELS`. Deliberately absent: signals, template
overriding, and any word of what that other part is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Protocol

from django.conf import settings
from django.db.models import DecimalField, QuerySet, Value
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from service_genius.companies.models import Company

#: What a record is: the name of its Kind, and of a form of something else (`tax_rate`).
KindName = str
FormName = str
Tone = Literal["ok", "attention", "refused", "quiet"]


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A word or two beside a row of a list."""

    label: str
    tone: Tone
    url: str


@dataclass(frozen=True, kw_only=True)
class SettingsEntry:
    """A line of the Settings page; the badge says how things stand there, or is empty."""

    title: str
    description: str
    url: str
    badge: str


@dataclass(frozen=True, kw_only=True)
class StatusLine:
    """How things stand, in one line at the foot of every page's menu."""

    text: str
    tone: Tone = "quiet"


class Panels(Protocol):
    """What may be shown, and where."""

    def settings_entries(self, *, company: Company) -> list[SettingsEntry]: ...

    def attention(self, *, company: Company) -> int:
        """How many things wait for a person; stands beside Settings in the Main Menu."""

    def status_line(self, *, company: Company) -> StatusLine | None:
        """Stands on every page, or nothing does; leads to the first Settings entry."""

    def field_hints(self, *, company: Company, kind: FormName) -> dict[str, str]:
        """What stands below a field of a form beside its own hint, by name."""

    def entry_panel(self, *, kind: KindName, id: int | None) -> SafeString:  # noqa: A002 - the word for it
        """What stands in the form of a customer or work code, below its name, and follows what is typed."""

    def badges(self, *, company: Company, kind: KindName, ids: Collection[int]) -> dict[int, Badge]:
        """Badges for rows of a list, by id; asked once per page."""

    def elsewhere(self, *, company: Company) -> str:
        """What the other books are called in which invoices are paid, too; blank if there are none."""

    def with_paid_elsewhere(self, *, company: Company, invoices: QuerySet[Any]) -> QuerySet[Any]:
        """Invoices with `paid_elsewhere`: what is paid on each in other books, as last seen.

        Only what no payment here stands for; never below zero.
        """

    def record_panel(self, *, request: HttpRequest, company: Company, kind: KindName, id: int) -> SafeString:  # noqa: A002 - the word for it
        """A part of a record's page, or nothing."""


class NoPanels:
    """An application with nothing beside it."""

    def settings_entries(self, *, company: Company) -> list[SettingsEntry]:  # noqa: ARG002 - Panels
        return []

    def attention(self, *, company: Company) -> int:  # noqa: ARG002 - Panels
        return 0

    def status_line(self, *, company: Company) -> StatusLine | None:  # noqa: ARG002 - Panels
        return None

    def field_hints(self, *, company: Company, kind: FormName) -> dict[str, str]:  # noqa: ARG002 - Panels
        return {}

    def entry_panel(self, *, kind: KindName, id: int | None) -> SafeString:  # noqa: A002, ARG002 - Panels
        return SafeString("")

    def badges(self, *, company: Company, kind: KindName, ids: Collection[int]) -> dict[int, Badge]:  # noqa: ARG002 - Panels
        return {}

    def elsewhere(self, *, company: Company) -> str:  # noqa: ARG002 - Panels
        return ""

    def with_paid_elsewhere(self, *, company: Company, invoices: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Panels
        nothing: QuerySet[Any] = invoices.annotate(
            paid_elsewhere=Value(Decimal(0), output_field=DecimalField())
        )
        return nothing

    def record_panel(self, *, request: HttpRequest, company: Company, kind: KindName, id: int) -> SafeString:  # noqa: A002, ARG002 - Panels
        return SafeString("")


def panels() -> Panels:
    implementation: type[Panels] = import_string(
        getattr(settings, "SERVICE_GENIUS_PANELS", "service_genius.ui.panels.NoPanels")
    )
    return implementation()
