"""What the sync shows on Service Genius' own pages, through `service_genius.ui.panels`."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from service_genius.companies.models import Company
from service_genius.ui.panels import Badge, KindName, SettingsEntry, StatusLine

from .attention import wait_words
from .issues import issue_views
from .kept import field_hints, kept_words
from .kinds import KIND
from .models import Connection, Issue, Link
from .pages import change_words, record_address
from .planner.actions import Reason
from .status import needing, status_line
from .values import field_title, moment

CHANGES_SHOWN = 5
SAME = "The same on both sides."
BUT_KEPT = "The same on both sides but for what stays on one of them:"
ACCEPTED = "The same on both sides but for its total, which somebody accepted as it is."
CHANGED = "Changed since the last Sync. The change goes with the next one."
NOT_YET = "Not in QuickBooks yet. It goes there with the next Sync."
VOIDED = "It is void, so it is not sent to QuickBooks."
STAYS_OUT = "It stays out of QuickBooks: it is older than the day from which invoices and payments are sent."


class QuickBooksPanels:
    """The Settings entry, the badges of lists, and the record's QuickBooks panel."""

    def settings_entries(self, *, company: Company) -> list[SettingsEntry]:
        connection = Connection.objects.filter(company=company).first()
        badge = "Not connected"
        if connection is not None:
            badge = "Connected" if connection.connected else "Connect again"
        return [
            SettingsEntry(
                title="Sync with QuickBooks",
                description="Keep customers, work codes, invoices and payments the same in QuickBooks.",
                url=reverse("quickbooks:home"),
                badge=badge,
            )
        ]

    def attention(self, *, company: Company) -> int:
        return needing(company)

    def status_line(self, *, company: Company) -> StatusLine | None:
        return status_line(company)

    def field_hints(self, *, company: Company, kind: KindName) -> dict[str, str]:
        return field_hints(company, kind)

    def badges(self, *, company: Company, kind: KindName, ids: Collection[int]) -> dict[int, Badge]:
        links = Link.objects.filter(
            connection__company=company, kind=kind, local_id__in=list(ids)
        ).select_related("issue")
        return {link.local_id: badge for link in links if link.local_id and (badge := _badge(link))}

    def record_panel(self, *, request: HttpRequest, company: Company, kind: KindName, id: int) -> SafeString:  # noqa: A002
        connection = Connection.objects.filter(company=company).first()
        if connection is None:
            return SafeString("")
        link = (
            Link.objects.filter(connection=connection, kind=kind, local_id=id)
            .select_related("remote", "issue", "connection")
            .first()
        )
        issue = _issue(link)
        words = _words(connection, link, kind, id)
        return render_to_string(
            "quickbooks_sync/record_panel.html",
            {
                "link": link,
                "badge": _badge(link) if link is not None else None,
                "issue": issue_views(company, [issue])[0] if issue is not None else None,
                "words": words,
                "accepted": _accepted(link),
                "credit": _credit_of_others(link),
                "kept": kept_words(link),
                "out": link is None and words in {VOIDED, STAYS_OUT},
                "held": link is not None and link.state != Link.State.ACTIVE,
                "kind": kind,
                "id": id,
                "address": record_address(connection, link.remote) if link and link.remote else "",
                "changes": _past_changes(company, link) if link is not None else [],
                "change_count": link.changes.count() if link is not None else 0,
            },
            request,
        )


@dataclass(frozen=True, kw_only=True)
class AcceptedTotal:
    """A total that differs, and may."""

    title: str
    here: Decimal
    there: Decimal


def _accepted(link: Link | None) -> list[AcceptedTotal]:
    accepted = (link.answers.get("accepted_totals") if link is not None else None) or {}
    return [
        AcceptedTotal(
            title=field_title(name), here=Decimal(here), there=Decimal(accepted["stored"][name] or 0)
        )
        for name, here in accepted.get("sent", {}).items()
    ]


def _credit_of_others(link: Link | None) -> Decimal | None:
    """What QuickBooks applied to an invoice by itself that is no payment from here."""
    if link is None or link.remote_id is None or link.applied is None or link.applied_by is None:
        return None
    return link.applied - sum(map(Decimal, link.applied_by.values()), Decimal(0)) or None


@dataclass(frozen=True, kw_only=True)
class PastChange:
    """What a run did to the record."""

    run_id: int
    when: str
    what: str


def _past_changes(company: Company, link: Link) -> list[PastChange]:
    return [
        PastChange(run_id=change.run_id, when=moment(company, change.at), what=change_words(change))
        for change in link.changes.order_by("-pk")[:CHANGES_SHOWN]
    ]


def _issue(link: Link | None) -> Issue | None:
    return getattr(link, "issue", None)


def _words(connection: Connection, link: Link | None, kind: KindName, local_id: int) -> str:
    """How things stand with a record, in one sentence."""
    if not connection.connected:
        return "QuickBooks is not connected. Nothing is sent until it is connected again."
    if link is None:
        return _words_unlinked(connection, kind, local_id)
    if link.state != Link.State.ACTIVE:
        return "It is not synced any more: somebody stopped that."
    if link.open and link.waiting and _issue(link) is None:
        return wait_words(link)
    if link.remote is None:
        return NOT_YET
    return CHANGED if link.open else _settled_words(link)


def _settled_words(link: Link) -> str:
    if _accepted(link):
        return ACCEPTED
    return BUT_KEPT if link.kept else SAME


def _words_unlinked(connection: Connection, kind: KindName, local_id: int) -> str:
    record = KIND[kind].all_here(connection.company).get(pk=local_id)
    if KIND[kind].eligible(record, connection):
        return NOT_YET
    if not KIND[kind].money:
        return "Inactive records are not sent to QuickBooks."
    return VOIDED if record.voided else STAYS_OUT


def _badge(link: Link) -> Badge | None:
    issue = _issue(link)
    home = reverse("quickbooks:home")
    if issue is not None and issue.reason != Reason.CHANGED_THERE:
        return Badge(
            label="Needs attention",
            tone="attention",
            url=reverse("quickbooks:issue", kwargs={"id": issue.pk}),
        )
    if link.state != Link.State.ACTIVE:
        return Badge(label="Not synced", tone="quiet", url=home)
    if link.remote_id is None:
        return Badge(label="Not sent yet", tone="quiet", url=home)
    if link.open:
        return Badge(label="Changed since", tone="quiet", url=home)
    return Badge(label="In QuickBooks", tone="ok", url=home)
