"""Stop syncing a record, and start again: by a person, at the record or in the list of what is held."""

from typing import Any

from django.db import transaction

from quickbooks_sync.agreements import settling
from quickbooks_sync.kinds import KIND, one_of
from quickbooks_sync.memory import directory
from quickbooks_sync.models import Connection, Issue, Link, Outcome
from service_genius.companies.models import User


def stop(connection: Connection, kind: str, local_id: int, *, by: User | None = None) -> None:
    """Hold a record of the company; one that was never looked at gets its half-Link now."""
    with transaction.atomic():
        link, _ = Link.objects.select_for_update().get_or_create(
            connection=connection, kind=kind, local_id=local_id
        )
        issues = list(Issue.objects.filter(link=link).select_related("link"))
        settling.record_outcomes(issues, "It is no longer synced.", by=by)
        Issue.objects.filter(link=link).delete()
        link.state = Link.State.HOLD
        link.answers = without_wishes(link)
        link.save(update_fields=["state", "answers"])


def start(link: Link, *, by: User | None = None) -> str:
    """Give a held record back to the sync; the next one compares both sides. Returns its name."""
    with transaction.atomic():
        Link.objects.filter(pk=link.pk).update(state=Link.State.ACTIVE, open=True, waiting=False, refused="")
        label = label_of(link)
        words = "It is synced again."
        Outcome.objects.create(
            connection_id=link.connection_id,
            kind=link.kind,
            local_id=link.local_id,
            label=label,
            words=words,
            by=by,
        )
    return label


def without_wishes(link: Link) -> dict[str, Any]:
    """What a person answered about it, less what is to be done to the object that it leaves behind."""
    return {name: answer for name, answer in link.answers.items() if name != "void_there"}


def label_of(link: Link) -> str:
    """What the record of a Link is called, here or, if it is only there, there."""
    kind = KIND[link.kind]
    row = kind.all_here(link.connection.company).filter(pk=link.local_id or 0).first()
    if row is not None:
        return kind.label(row)
    return directory.called(link.remote) if link.remote is not None else one_of(link.kind)
