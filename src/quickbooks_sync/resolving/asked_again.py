"""A question whether two are the same is asked again, as long as nothing was written for its answer.

Deliberately absent: taking back what was written. Two that a run has made the same are taken apart instead.
"""

import contextlib
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import Issue, Link, Outcome, Sending
from quickbooks_sync.planner.keys import folded
from quickbooks_sync.planner.records import Encoded, encode
from service_genius.companies.models import User

from .shared import CannotResolveError, write_here

TOO_LATE = "A sync has written for this answer already, or it was changed since. It cannot be asked again."


def can_be(outcomes: Iterable[Outcome]) -> set[int]:
    """Which of these can be asked again, by their ids: few queries for all of them."""
    wanted = [outcome for outcome in outcomes if outcome.before is not None]
    if not wanted:
        return set()
    connection = wanted[0].connection_id
    records = Q()
    for outcome in wanted:
        records |= Q(kind=outcome.kind, local_id=outcome.local_id)
    links = Link.objects.filter(records, connection=connection, state=Link.State.ACTIVE, issue=None)
    found = {(link.kind, link.local_id): link for link in links}
    sent = _in_open_sendings(connection)
    return {
        outcome.pk
        for outcome in wanted
        if (link := found.get((outcome.kind, outcome.local_id))) is not None
        and link.pk not in sent
        and _stands(outcome, link)
    }


def _stands(outcome: Outcome, link: Link) -> bool:
    """Whether the Link is as the answer left it."""
    if link.here_baseline is not None or link.there_baseline is not None:
        return False
    if outcome.answer == "same":
        return link.remote_id is not None and link.remote_id == (outcome.before or {})["remote"]
    return link.remote_id is None and link.known_new


def _in_open_sendings(connection: int) -> set[int]:
    """Links of which something is on its way, or may be."""
    items = Sending.objects.filter(connection=connection, state=Sending.State.OPEN).values_list(
        "items", flat=True
    )
    return {item["link"] for each in items for item in each}


def ask_again(outcome: Outcome, *, user: User) -> str:
    """Put the question back as it was; says so in a sentence. Raises CannotResolveError."""
    with transaction.atomic():
        link = (
            Link.objects.select_for_update(of=("self",))
            .select_related("remote", "connection__company")
            .filter(connection=outcome.connection_id, kind=outcome.kind, local_id=outcome.local_id)
            .first()
        )
        outcome.refresh_from_db()
        if link is None or not can_be([outcome]):
            raise CannotResolveError(TOO_LATE)
        before: Encoded = outcome.before or {}
        details = dict(before["details"])
        _name_back(link, details.pop("named", ""), outcome.label)
        if outcome.answer == "same":
            _part(link)
        else:
            _not_rejected(link, details)
        link.open, link.refused = True, ""
        link.save()
        Issue.objects.create(
            connection=link.connection,
            link=link,
            reason=outcome.reason,
            details=details,
            label=outcome.label,
            likeness=before["likeness"],
            raised_at=timezone.now(),
        )
        outcome.words += f" Asked again by {user}."
        outcome.answer, outcome.before = "", None
        outcome.save(update_fields=["words", "answer", "before"])
    return f"“{outcome.label}” is asked again."


def _part(link: Link) -> None:
    """Each is on its own again: what is there is new there, as before."""
    remote, link.remote = link.remote, None
    link.answers = {name: answer for name, answer in link.answers.items() if name != "reactivate"}
    link.save(update_fields=["remote"])
    Link.objects.create(connection=link.connection, kind=link.kind, remote=remote)


def _not_rejected(link: Link, details: Encoded) -> None:
    shown = {str(each["remote_id"]) for each in details["candidates"]}
    rejected = [each for each in link.answers.get("rejected", ()) if each not in shown]
    link.known_new = False
    link.answers = {**link.answers, "rejected": rejected}


def _name_back(link: Link, named: str, before: str) -> None:
    """The name it had before it was told apart by a number, if it still has that one, and nobody took it."""
    kind = KIND[link.kind]
    field = kind.name_field
    record = encode(kind.from_here(kind.all_here(link.connection.company).get(pk=link.local_id)))
    if named and folded(record[field]) == folded(named):
        with contextlib.suppress(CannotResolveError):
            write_here(link, {field: before})
