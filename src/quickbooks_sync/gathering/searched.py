"""Who in QuickBooks a record here may be, of those that have nobody here: sought by a person.

By name, e-mail address and phone, as the directory has them; what is found is compared as the lists are, and
the likeliest comes first. Reads the database and nothing else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from quickbooks_sync.access import connection as connections
from quickbooks_sync.kinds import Kind
from quickbooks_sync.memory import doubts
from quickbooks_sync.models import Connection, Link, Remote
from quickbooks_sync.planner.keys import words
from quickbooks_sync.planner.matching.rarity import of_lists

from .compared import features_here, features_there
from .references import find_references

#: So many are compared; of more somebody has to say more.
COMPARED_MAX = 500
SHOWN_MAX = 20
#: Of a name that nobody typed, shorter words find too much.
LETTERS_MIN = 3
#: So many digits, and a phone is meant.
DIGITS_MIN = 4
#: The last digits of a phone, without its area code.
PHONE_DIGITS = 7


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What was found, the likeliest first, each with the evidence in words."""

    found: Sequence["Found"]
    too_many: bool


@dataclass(frozen=True, kw_only=True)
class Found:
    """One there that has nobody here."""

    remote: Remote
    told: str
    """The evidence in words."""
    namesake: str
    """Somebody else here who has its very name and nobody there: more likely it."""


def seek(connection: Connection, kind: Kind, row: Any, typed: str) -> Sought:
    """Whoever has all that was typed; of nothing typed, whoever has anything of the record here."""
    matching = kind.matching
    assert matching is not None  # noqa: S101 - the caller asks for a list
    wanted = _typed(typed) if typed.strip() else _own(row)
    rows = list(_free(connection, kind).filter(wanted).order_by("pk")[: COMPARED_MAX + 1])
    facts = connections.facts_of(connection)
    remotes = [
        remote
        for remote in rows[:COMPARED_MAX]
        if kind.may_be_paired(remote.payload) and not kind.foreign_currency(None, remote.payload, facts)
    ]
    above = {(kind.name, remote.parent_id_there) for remote in remotes if remote.parent_id_there}
    references, _ = find_references(connection, (), above)
    here = features_here(kind, matching, row)
    there = [features_there(kind, matching, remote, references.here, facts) for remote in remotes]
    rarity = of_lists([matching.facts(here)], map(matching.facts, there))
    found = [
        (remote, matching.compare(here, features, rarity))
        for remote, features in zip(remotes, there, strict=True)
    ]
    found.sort(key=lambda each: (-each[1].standing, each[0].pk))
    shown = found[:SHOWN_MAX]
    namesakes = _namesakes(connection, kind, [remote for remote, _ in shown], but=row.pk)
    return Sought(
        found=[
            Found(remote=remote, told=evidence.told, namesake=namesakes.get(remote.match_key, ""))
            for remote, evidence in shown
        ],
        too_many=len(rows) > COMPARED_MAX,
    )


def _namesakes(connection: Connection, kind: Kind, remotes: Sequence[Remote], *, but: int) -> dict[str, str]:
    """Who else here has the very name of one of these, and nobody there: by that name."""
    keys = {remote.match_key for remote in remotes}
    half = Link.objects.filter(connection=connection, kind=kind.name, remote=None, match_key__in=keys)
    named = dict(half.exclude(local_id=but).values_list("local_id", "match_key"))
    rows = kind.all_here(connection.company).filter(pk__in=named)
    return {named[row.pk]: kind.label(row) for row in rows}


def _free(connection: Connection, kind: Kind) -> QuerySet[Remote]:
    return (
        Remote.objects.filter(connection=connection, entity=kind.entity, deleted=False)
        .exclude(link__local_id__isnull=False)
        .exclude(link__state__in=[Link.State.HOLD, Link.State.IGNORED])
        .exclude(remote_id__in=doubts.candidates(connection, kind.name))
    )


def _typed(typed: str) -> Q:
    if not re.search(r"[^\W\d_]", typed) and _is_phone(typed):
        return _phone(typed)
    found = Q()
    for word in typed.split():
        named = Q(folded_name__contains=word.casefold()) | Q(email__icontains=word)
        for plain in words(word):  # there it may be written without its accents
            named |= Q(folded_name__contains=plain)
        found &= (named | _phone(word)) if _is_phone(word) else named
    return found


def _own(row: Any) -> Q:
    """By what the record here has itself."""
    found = Q(pk__in=())
    for name in ("display_name", "company_name", "given_name", "family_name", "name", "code"):
        for word in words(getattr(row, name, "")):
            found |= Q(folded_name__contains=word) if len(word) >= LETTERS_MIN else Q()
    if email := getattr(row, "email", "").strip():
        found |= Q(email__icontains=email)
    for phone in filter(_is_phone, (getattr(row, "phone", ""), getattr(row, "mobile", ""))):
        found |= _phone(phone)
    return found


def _is_phone(written: str) -> bool:
    return len(re.sub(r"\D", "", written)) >= DIGITS_MIN


def _phone(written: str) -> Q:
    digits = re.sub(r"[^0-9]", "", written)[-PHONE_DIGITS:]
    return Q(phone__regex=r"[^0-9]*".join(digits)) if digits else Q(pk__in=())
