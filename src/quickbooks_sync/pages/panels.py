"""What the sync shows on Service Genius' own pages, through `service_genius.ui.panels`."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from quickbooks_sync.kinds import KIND
from quickbooks_sync.memory.owed_there import balance_with_sub_customers
from quickbooks_sync.models import Connection, Issue, Link
from quickbooks_sync.observing.paid_there import with_paid_there
from quickbooks_sync.planner.records import encode
from quickbooks_sync.resolving import apart
from quickbooks_sync.wording.kept import field_hints, kept_words
from quickbooks_sync.wording.standing import Situation, badge, sentences, situation
from quickbooks_sync.wording.standings import Known, accepted_totals, standing_of, standings
from quickbooks_sync.wording.values import moment
from service_genius.companies.models import Company
from service_genius.ui.panels import Badge, FormName, KindName, SettingsEntry, StatusLine

from .entering import typed_fields
from .history import change_words, record_address
from .issues import issue_views
from .status import SETTINGS_BADGES, needing, status_line

CHANGES_SHOWN = 5


class QuickBooksPanels:
    """The Settings entry, the badges of lists, and the record's QuickBooks panel."""

    def settings_entries(self, *, company: Company) -> list[SettingsEntry]:
        connection = Connection.objects.filter(company=company).first()
        return [
            SettingsEntry(
                title="Sync with QuickBooks",
                description="Keep customers, work codes, invoices and payments the same in QuickBooks.",
                url=reverse("quickbooks:home"),
                badge=SETTINGS_BADGES[connection.state if connection is not None else None],
            )
        ]

    def attention(self, *, company: Company) -> int:
        return needing(company)

    def status_line(self, *, company: Company) -> StatusLine | None:
        return status_line(company)

    def field_hints(self, *, company: Company, kind: FormName) -> dict[str, str]:
        return field_hints(company, kind)

    def entry_panel(self, *, kind: KindName, id: int | None) -> SafeString:  # noqa: A002
        context = {"kind": kind, "id": id or "", "fields": typed_fields(KIND[kind])}
        return render_to_string("quickbooks_sync/entry_panel.html", context)

    def badges(self, *, company: Company, kind: KindName, ids: Collection[int]) -> dict[int, Badge]:
        connection = Connection.objects.filter(company=company).first()
        if connection is None:
            return {}
        found = standings(connection, kind, ids)
        return {
            pk: Badge(label=label, tone=tone, url=_badge_address(each.issue))
            for pk, each in found.items()
            for label, tone in [badge(each.standing)]
            if label
        }

    def elsewhere(self, *, company: Company) -> str:
        return "QuickBooks" if Connection.objects.filter(company=company).exists() else ""

    def with_paid_elsewhere(self, *, company: Company, invoices: QuerySet[Any]) -> QuerySet[Any]:
        return with_paid_there(invoices, Connection.objects.filter(company=company).first())

    def record_panel(self, *, request: HttpRequest, company: Company, kind: KindName, id: int) -> SafeString:  # noqa: A002
        connection = Connection.objects.filter(company=company).first()
        if connection is None:
            return SafeString("")
        known = standing_of(connection, kind, id)
        link, label, tone = known.link, *badge(known.standing)
        remote = link.remote if link is not None else None
        return render_to_string(
            "quickbooks_sync/record_panel.html",
            {
                "link": link,
                "can_be_apart": link is not None and apart.can_be(link),
                "can_be_linked": KIND[kind].matching is not None
                and known.standing.connected
                and _has_nobody(link),
                "badge": Badge(label=label, tone=tone, url="") if label else None,
                "issue": issue_views(company, [known.issue])[0] if known.issue is not None else None,
                "sentences": sentences(known.standing),
                "accepted": accepted_totals(link),
                "kept": kept_words(link),
                "out": situation(known.standing) in STAYS_OUT,
                "held": known.standing.held,
                "facts": _facts_there(known),
                "name_there": _other_name(company, known),
                "kind": kind,
                "id": id,
                "address": record_address(connection, remote) if remote is not None else "",
                "changes": _past_changes(company, link) if link is not None else [],
                "change_count": link.changes.count() if link is not None else 0,
            },
            request,
        )


def _has_nobody(link: Link | None) -> bool:
    """Whether a person may say who it is in QuickBooks: it is not linked, held or in doubt."""
    if link is None:
        return True
    return link.remote_id is None and link.state == Link.State.ACTIVE and link.in_doubt is None


STAYS_OUT = {Situation.INACTIVE, Situation.VOIDED, Situation.OLDER, Situation.NOT_WANTED}


def _badge_address(issue: Issue | None) -> str:
    if issue is None:
        return reverse("quickbooks:home")
    return reverse("quickbooks:issue", kwargs={"id": issue.pk})


def _other_name(company: Company, known: Known) -> str:
    """What its counterpart is called there, if that is another name: names stay as they are on each side."""
    link, kind = known.link, KIND[known.standing.kind]
    remote = link.remote if link is not None else None
    if link is None or remote is None or remote.deleted or kind.money:
        return ""
    name = kind.label_there(remote.payload)
    row = kind.all_here(company).filter(pk=link.local_id).first()
    return name if row is not None and name != kind.called(encode(kind.from_here(row))) else ""


def _facts_there(known: Known) -> list[tuple[str, Decimal]]:
    """The amounts of its counterpart, as last seen."""
    remote = known.link.remote if known.link is not None else None
    if remote is None or remote.deleted:
        return []
    kind = KIND[known.standing.kind]
    told = [(title, getattr(remote, name)) for name, title in kind.amounts_there.items()]
    if kind.levels:
        told.append(("With sub-customers there", balance_with_sub_customers(remote)))
    return [(title, amount) for title, amount in told if amount is not None]


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
