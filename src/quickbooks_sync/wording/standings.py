"""What is known of records on both sides, read for `standing`."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import Connection, Issue, Link
from quickbooks_sync.planner.actions import Reason
from service_genius.ui.panels import KindName

from .standing import Standing
from .values import field_title

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Known:
    """How a record stands, with its Link and Issue, if there are any."""

    standing: Standing
    link: Link | None
    issue: Issue | None


def standings(connection: Connection, kind: KindName, ids: Collection[int]) -> dict[int, Known]:
    """How these records stand, but for what is paid or owed; three queries for all of them."""
    wanted = list(ids)
    links = Link.objects.filter(connection=connection, kind=kind, local_id__in=wanted)
    by_id = {link.local_id: link for link in links.select_related("remote", "issue", "connection")}
    records = KIND[kind].all_here(connection.company).filter(pk__in=wanted).prefetch_related(None)
    return {record.pk: _known(connection, kind, record, by_id.get(record.pk)) for record in records}


def standing_of(connection: Connection, kind: KindName, pk: int) -> Known:
    """How one record stands, with what is paid or owed on either side."""
    known = standings(connection, kind, [pk])[pk]
    return replace(known, standing=replace(known.standing, **_owed(connection, kind, pk, known.link)))


def of_link(link: Link) -> Standing:
    """How a record stands by its Link alone: whether it is held, waits, is there."""
    remote, issue = link.remote, getattr(link, "issue", None)
    return Standing(
        kind=link.kind,
        money=KIND[link.kind].money,
        here=link.local_id is not None,
        there=remote is not None,
        gone=remote is not None and remote.deleted,
        held=link.state != Link.State.ACTIVE,
        reason=Reason(issue.reason) if issue is not None else None,
        open=link.open,
        waiting=link.waiting,
        waits_for=link.waits_for,
        left=tuple(sorted(link.left_there or ())),
        apart=tuple(link.apart or ()),
        kept=bool(link.kept),
        other_total=bool(link.answers.get("accepted_totals")),
    )


def _known(connection: Connection, kind: KindName, record: Any, link: Link | None) -> Known:
    money = KIND[kind].money
    standing = of_link(link) if link is not None else Standing(kind=kind, money=money, there=False)
    return Known(
        standing=replace(
            standing,
            connected=connection.connected,
            open=standing.open or (link is not None and edited_since(connection, record, link)),
            wanted=KIND[kind].wanted(connection),
            eligible=KIND[kind].eligible(record, connection),
            removed=record.voided if money else not record.active,
            currency=connection.company.currency,
        ),
        link=link,
        issue=getattr(link, "issue", None),
    )


def edited_since(connection: Connection, record: Any, link: Link) -> bool:
    """Whether a person wrote it after the last run had looked at this side."""
    return bool(record.revision > connection.here_watermark and record.revision != link.here_revision)


def _owed(connection: Connection, kind: KindName, pk: int, link: Link | None) -> dict[str, Any]:
    if link is None or link.remote is None or link.remote.balance is None:
        return {}
    owed = KIND[kind].owed_here(connection.company, pk)
    if owed is None:
        return {}
    return {
        "owed_here": owed,
        "owed_there": link.remote.balance,
        "paid_there": link.paid_there or ZERO,
        "credit": credit_of_others(link),
    }


def credit_of_others(link: Link) -> Decimal:
    """What QuickBooks applied to an invoice by itself that is no payment from here."""
    if link.remote_id is None or link.applied is None or link.applied_by is None:
        return ZERO
    return link.applied - sum(map(Decimal, link.applied_by.values()), ZERO)


@dataclass(frozen=True, kw_only=True)
class AcceptedTotal:
    """A total that differs, and may."""

    title: str
    here: Decimal
    there: Decimal


def accepted_totals(link: Link | None) -> list[AcceptedTotal]:
    accepted = (link.answers.get("accepted_totals") if link is not None else None) or {}
    return [
        AcceptedTotal(
            title=field_title(name), here=Decimal(here), there=Decimal(accepted["stored"][name] or 0)
        )
        for name, here in accepted.get("sent", {}).items()
    ]
