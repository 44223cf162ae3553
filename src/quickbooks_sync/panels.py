"""What the sync shows on Service Genius' own pages, through `service_genius.ui.panels`."""

from collections.abc import Collection

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from service_genius.companies.models import Company
from service_genius.ui.panels import Badge, KindName, SettingsEntry

from .kinds import KIND
from .models import Connection, Issue, Link, SyncRun
from .pages import issue_view, record_address
from .planner.actions import Reason


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
                description="Keep customers, work codes, invoices and payments the same in QuickBooks Online.",
                url=reverse("quickbooks:home"),
                badge=badge,
            )
        ]

    def attention(self, *, company: Company) -> int:
        return Issue.objects.filter(connection__company=company).exclude(reason=Reason.CHANGED_THERE).count()

    def status_line(self, *, company: Company) -> str:
        run = (
            SyncRun.objects.filter(connection__company=company, state=SyncRun.State.DONE)
            .exclude(scope=SyncRun.Scope.LOOK)
            .order_by("-pk")
            .first()
        )
        if run is None or run.finished_at is None:
            return ""
        return f"Last synced {timesince(run.finished_at, depth=1)} ago"

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
            .select_related("remote", "issue")
            .first()
        )
        issue = getattr(link, "issue", None) if link is not None else None
        return render_to_string(
            "quickbooks_sync/record_panel.html",
            {
                "link": link,
                "issue": issue_view(issue) if issue is not None else None,
                "kind": KIND[kind],
                "address": record_address(connection, link.remote)
                if link is not None and link.remote
                else "",
                "changes": link.changes.select_related("run").order_by("-pk")[:5] if link is not None else [],
                "connected": connection.connected,
                "environment": connection.environment,
            },
            request,
        )


def _badge(link: Link) -> Badge | None:
    issue = getattr(link, "issue", None)
    if issue is not None and issue.reason != Reason.CHANGED_THERE:
        return Badge(
            label="Needs attention",
            tone="attention",
            url=f"{reverse('quickbooks:attention')}#issue-{issue.pk}",
        )
    if link.remote_id is None:
        return Badge(label="Not sent yet", tone="quiet", url=reverse("quickbooks:home"))
    if link.open:
        return Badge(label="Changed since", tone="quiet", url=reverse("quickbooks:home"))
    return Badge(label="In QuickBooks", tone="ok", url=reverse("quickbooks:home"))
