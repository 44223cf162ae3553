"""Creations whose outcome nobody can tell but a person: nothing more is created for them meanwhile.

What there may be one of them is not taken for something new either. Reads the database and nothing else.
"""

from collections.abc import Sequence
from typing import Any

from quickbooks_sync.models import Connection, Link
from quickbooks_sync.planner.records import Encoded, as_read_back
from quickbooks_sync.sql.prepared import Select

#: So many are shown to choose from; the likeliest come first.
CANDIDATES_MAX = 20
IN_DOUBT = Select(
    lambda connection, kind: Link.objects.filter(
        connection=connection, kind=kind, in_doubt__isnull=False, state=Link.State.ACTIVE
    ).values_list("in_doubt", flat=True)
)


def of_creation(*, sent: Encoded, revision: int, candidates: Sequence[dict[str, str]], gone: int) -> Encoded:
    """What a Link remembers of a creation whose answer was lost.

    `candidates`: what may be it, as an Issue names them; `gone`: how many of its Kind were removed there
    since it was sent, of which one may have been it.
    """
    shown = list(candidates)[:CANDIDATES_MAX]
    return {
        "candidates": shown,
        "gone": gone,
        "sent": sent,
        "revision": revision,
        "why": "lost",
        "later": False,
    }


def after_restoring(candidates: Sequence[Encoded], *, gone: int, later: bool = False) -> Encoded:
    """The same of a record that may have been sent before a backup was restored.

    `later`: it is put away, and asked about when it is used again; nothing has to wait for that.
    """
    shown = list({each["remote_id"]: each for each in candidates}.values())[:CANDIDATES_MAX]
    return {"candidates": shown, "gone": gone, "why": "restored", "later": later}


def details(link: Link) -> Encoded | None:
    """The question about it, if there is one."""
    doubt: dict[str, Any] | None = link.in_doubt
    if doubt is None:
        return None
    return {name: doubt[name] for name in ("candidates", "gone", "why", "later")}


def candidates(connection: Connection, kind_name: str) -> set[str]:
    """The ids there, of this Kind, that may be one of those in doubt."""
    found: list[Encoded | None] = IN_DOUBT(connection=connection.pk, kind=kind_name)
    asked = [doubt for doubt in found if doubt and not doubt["later"]]
    return {each["remote_id"] for doubt in asked for each in doubt["candidates"]}


def settle(link: Link) -> None:
    """A person says what it is: what was sent is what both sides agreed on, and all else came after that."""
    if link.in_doubt is not None and link.in_doubt["why"] == "lost":
        sent: Encoded = link.in_doubt["sent"]
        link.here_baseline = sent
        link.there_baseline = as_read_back(sent)
        link.here_revision, link.created_by_us = link.in_doubt["revision"], True
    link.in_doubt = None
