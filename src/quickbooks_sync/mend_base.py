"""What every answer of a person shares: how it is refused, and how a Link is given back to the sync."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError

from . import connection as connections
from .gather import records_of_link
from .kinds import KIND, Kind
from .models import Issue, Link, Remote
from .planner.records import Encoded

Answer = Callable[[Issue, Link, str], str]


class CannotMendError(Exception):
    """The answer does not fit any more; the message says why."""


def free(link: Link) -> None:
    """The next run decides on it anew."""
    link.open, link.refused, link.in_doubt = True, "", None
    link.answers = {name: answer for name, answer in link.answers.items() if name != "ask_first"}
    link.save()


def both_sides(link: Link) -> tuple[Kind, Encoded, Encoded]:
    """The Records of a whole Link as they are now; what is gone meanwhile cannot be compared."""
    if link.remote is None or link.remote.deleted or not link.remote.packed:
        raise CannotMendError("It is not in QuickBooks any more. Please sync and look again.")
    return records_of_link(link, connections.facts_of(link.connection))


def write_here(link: Link, values: Encoded) -> Any:
    """Write fields of the local record by its operations; what they refuse is told."""
    kind = KIND[link.kind]
    try:
        return kind.update_here(
            company=link.connection.company,
            local_id=link.local_id or 0,
            values=values,
            expected_revision=None,
        )
    except ValidationError as error:
        raise CannotMendError(" ".join(error.messages)) from error


def unlinked_remote(issue: Issue, entity: str, remote_id: str) -> Remote:
    """An object of QuickBooks that a person chose, if nothing else is linked with it meanwhile."""
    remote = Remote.objects.filter(
        connection=issue.connection, entity=entity, remote_id=remote_id, deleted=False
    ).first()
    if remote is None or Link.objects.filter(remote=remote, local_id__isnull=False).exists():
        raise CannotMendError(
            "That record of QuickBooks is linked or gone meanwhile. Please sync and look again."
        )
    return remote
