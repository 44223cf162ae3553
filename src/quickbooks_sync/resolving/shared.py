"""What every answer of a person shares: how it is refused, and how a Link is given back to the sync."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError

from quickbooks_sync.access import connection as connections
from quickbooks_sync.gathering.pairs import records_of_link
from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.memory import doubts
from quickbooks_sync.models import Issue, Link, Remote
from quickbooks_sync.planner.keys import folded, unique_name
from quickbooks_sync.planner.records import Encoded, encode

from .offers import namesakes

Done = TypeVar("Done")
#: A hundred of one name are a mistake of somebody else's.
NUMBERS_TRIED_MAX = 100

Answer = Callable[[Issue, Link, str], str]


class CannotResolveError(Exception):
    """The answer does not fit any more; the message says why."""


def free(link: Link) -> None:
    """The next run decides on it anew."""
    link.open, link.refused, link.in_doubt = True, "", None
    link.save()


def settle(link: Link) -> None:
    """The same, once a person has said what counts of all that differs: nothing is to be asked first."""
    link.answers = {name: answer for name, answer in link.answers.items() if name != "ask_first"}
    free(link)


def pair(link: Link, remote: Remote) -> None:
    """Link the two, as a person said; the first-link rule does the rest."""
    link.remote, link.here_baseline, link.there_baseline = remote, None, None
    link.answers = {**link.answers, "reactivate": not remote.active}
    doubts.settle(link)
    settle(link)


def both_sides(link: Link) -> tuple[Kind, Encoded, Encoded]:
    """The Records of a whole Link as they are now; what is gone meanwhile cannot be compared."""
    if link.remote is None or link.remote.deleted or not link.remote.packed:
        raise CannotResolveError("It is not in QuickBooks any more. Please sync and look again.")
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
        raise CannotResolveError(" ".join(error.messages)) from error


def with_number(
    name: str, *, taken: Iterable[str], length: int, attempt: Callable[[str], Done]
) -> tuple[str, Done]:
    """Do something under the first number behind a name that is free; returns the name and what was done.

    `taken`: names, folded, that are held for certain; `attempt` raises CannotResolveError for others.
    """
    held = set(taken)
    for _ in range(NUMBERS_TRIED_MAX):
        proposal = unique_name(name, taken=frozenset(held), length=length)
        try:
            return proposal, attempt(proposal)
        except CannotResolveError as error:  # it is taken here
            refused = error
            held.add(folded(proposal))
    raise refused


def give_number(issue: Issue, link: Link) -> str:
    """Name the record here apart from its namesakes there: with the first number that is free on both sides.

    Returns the new name; nothing if it has another one by now.
    """
    kind = KIND[link.kind]
    record = encode(kind.from_here(kind.all_here(issue.connection.company).get(pk=link.local_id)))
    field = kind.name_field
    if folded(record[field]) != folded(issue.label):
        return ""
    remotes = Remote.objects.filter(connection=issue.connection)
    beside = [remotes.filter(folded_name__startswith=folded(path)) for path in namesakes(issue)]
    taken = {
        full.rpartition(":")[2] for names in beside for full in names.values_list("folded_name", flat=True)
    }
    name, _ = with_number(
        record[field],
        taken=taken,
        length=kind.name_length,
        attempt=lambda proposal: write_here(link, {field: proposal}),
    )
    return name


def unlinked_remote(issue: Issue, entity: str, remote_id: str) -> Remote:
    """An object of QuickBooks that a person chose, if nothing else is linked with it meanwhile."""
    remote = Remote.objects.filter(
        connection=issue.connection, entity=entity, remote_id=remote_id, deleted=False
    ).first()
    if remote is None or Link.objects.filter(remote=remote, local_id__isnull=False).exists():
        raise CannotResolveError(
            "That record of QuickBooks is linked or gone meanwhile. Please sync and look again."
        )
    return remote
