"""Settle what QuickBooks deleted for us: a Kind that cannot be voided there is removed in this way."""

from collections.abc import Mapping, Sequence
from typing import Any

from quickbooks_sync.access.session import Session
from quickbooks_sync.agreements import settling
from quickbooks_sync.kinds import KIND
from quickbooks_sync.memory import directory, owed_there
from quickbooks_sync.models import Change, Link


def settle_deleted(session: Session, links: Mapping[int, Link], items: Sequence[dict[str, Any]]) -> None:
    """Both sides agree that it counts for nothing; inside the transaction in which its Sending is settled."""
    settled = []
    for item in items:
        link, kind = links[item["link"]], KIND[item["kind"]]
        if link.remote is None:
            continue
        label, payload = kind.label_there(link.remote.payload), link.remote.payload
        owed_there.carry_over(session.connection, [(kind, payload, {})])
        link.remote = directory.note_gone(session.connection, kind.entity, link.remote.remote_id)
        rows = kind.rows_here(session.connection.company).filter(pk=link.local_id)
        edited = rows.exclude(revision=item["revision"]).exists()
        link.here_baseline, link.here_revision = item["record"], item["revision"]
        link.there_baseline = {**(link.there_baseline or {}), **_removed(item)}
        link.open = link.waiting = edited
        settled.append(link)
        settling.log(
            session,
            kind,
            link,
            side=Change.Side.THERE,
            action="removed",
            label=label,
            before=item["before"],
            after=_removed(item),
            remote_id=link.remote.remote_id,
            note=str(item.get("note", "")),
        ).save()
    settling.save(settled)
    settling.clear_issues(settled)
    settling.hold_voided(link for link in settled if link.answers.get("void_there"))
    session.unlocked += len(settled)


def _removed(item: dict[str, Any]) -> dict[str, Any]:
    return {name: item["record"][name] for name in item["fields"]}
