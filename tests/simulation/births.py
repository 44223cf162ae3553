"""Whose each object in QuickBooks is, as the network saw it: the truth, whatever the engine has noted.

A person enters things one by one. What stands in a batch was sent by the engine, for the record that the
stored Sending names, whatever became of the answer.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from qbo_emulator.api.batch import _Batch
from quickbooks_sync.models import Connection, Link, Sending

#: A record of Service Genius: (kind, local id).
Owner = tuple[str, int]
#: An object in QuickBooks: (entity, Id).
Object = tuple[str, str]


@contextmanager
def noted(note: Callable[[str, str, str], None]) -> Iterator[None]:
    """Tell of each object that a batch creates: the item's id, its entity, its Id."""
    write = _Batch._write

    def written(batch: _Batch, item: dict[str, Any], name: str, part: Any) -> str:
        text = write(batch, item, name, part)
        if part.operation == "create":
            [(entity, stored)] = json.loads(f"{{{text}}}").items()
            if "Id" in stored:  # a refusal may be what is remembered of it
                note(name, entity, str(stored["Id"]))
        return text

    with mock.patch.object(_Batch, "_write", written):
        yield


def owner_of(connection: Connection, bid: str) -> Owner | None:
    """The record for which this item of a batch was sent."""
    for items in (
        Sending.objects.filter(connection=connection).order_by("-pk").values_list("items", flat=True)
    ):
        for item in items:
            if item["bid"] == bid:
                link = Link.objects.filter(pk=item["link"]).first()
                return (link.kind, link.local_id) if link is not None and link.local_id else None
    return None


def linked(connection: Connection) -> set[Object]:
    """What belongs to a record here."""
    links = Link.objects.filter(connection=connection, local_id__isnull=False, remote__isnull=False)
    return set(links.values_list("remote__entity", "remote__remote_id"))


def take_over(
    known: dict[Object, Owner | None], connection: Connection, loser: Owner, survivor: int | None
) -> None:
    """One that was merged here is used again: what it was in QuickBooks stays with whoever took that over."""
    links = Link.objects.filter(connection=connection, kind=loser[0], local_id=survivor, remote__isnull=False)
    for link in links.select_related("remote") if survivor is not None else ():
        one = (link.remote.entity, link.remote.remote_id)
        if known.get(one) == loser:
            known[one] = (loser[0], survivor)
