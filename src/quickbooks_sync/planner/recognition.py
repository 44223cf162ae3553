"""Which object in QuickBooks is the one whose creation was never answered. Pure.

People may have edited, copied or removed it meanwhile, so the very values that were sent prove little.
What counts is the marker, then the time in which it must have been created, then what nobody has edited.
An object that was never edited must be just as it was sent. What is not sure is for a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .records import Encoded, is_blank

#: They say what became of a record, not which one it is.
SWITCHES = frozenset({"active", "taxable", "voided"})
#: So many values must be as they were sent, and so many may differ, for an edited one to be recognised.
ALIKE_MIN, DIFFERENT_MAX = 2, 1


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A creation of unknown outcome."""

    key: str
    record: Encoded
    marker: str
    """The word that it bears, or nothing for a Kind that cannot bear one."""
    since: datetime
    until: datetime | None
    """When it can have been created, by QuickBooks' own time."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An object there that belongs to no record of ours."""

    id: str
    record: Encoded
    marker: str
    created: datetime
    edited: bool
    """Whether anybody has changed it since it was created: it has another SyncToken than its first."""


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """`found`: key -> id. `doubtful`: key -> ids, among which a person finds it, or not."""

    found: Mapping[str, str] = field(default_factory=dict)
    doubtful: Mapping[str, Sequence[str]] = field(default_factory=dict)


def recognise(sent: Sequence[Sent], candidates: Sequence[Candidate], *, proper: frozenset[str]) -> Recognised:
    """Recognise what can be. `proper`: the fields that nothing but an edit of the object itself changes."""
    found: dict[str, str] = {}
    doubtful: dict[str, list[str]] = {}
    for one in sent:
        sure = _sure(one, candidates, proper)
        if len(sure) == 1:
            found[one.key] = sure[0].id
        elif sure:
            doubtful[one.key] = [each.id for each in sure]
    rest = [one for one in sent if one.key not in found and one.key not in doubtful]
    taken = {*found.values(), *(each for ids in doubtful.values() for each in ids)}
    free = [each for each in candidates if each.id not in taken]
    for one in rest:
        alike = [each for each in free if _is_possible(one, each) and _is_alike(one, each)]
        rivals = [other for other in rest for each in alike if _is_possible(other, each)]
        if len(alike) == 1 and not any(_is_alike(other, alike[0]) for other in rivals if other is not one):
            found[one.key] = alike[0].id
    free = [each for each in free if each.id not in found.values()]
    for one in rest:
        possible = [each for each in free if _is_possible(one, each)]
        if one.key not in found and possible:
            possible.sort(key=lambda each: -len(_compared(one, each)[0]))
            doubtful[one.key] = [each.id for each in possible]
    return Recognised(found=found, doubtful=doubtful)


def _sure(one: Sent, candidates: Iterable[Candidate], proper: frozenset[str]) -> list[Candidate]:
    """Those that bear its marker, or else are just as it was sent; several only if none can be told apart."""
    if not one.marker:
        return [each for each in candidates if _in_time(one, each) and _is_equal(one, each)]
    marked = [each for each in candidates if each.marker == one.marker]
    # A copy has a number and a day of its own, and nobody has edited it to have them.
    originals = [each for each in marked if each.edited or _is_proper(one, each, proper)]
    if originals:
        # It may be a copy under the same number all the same, if that of another was taken away.
        erased = [each for each in candidates if _is_possible(one, each) and _is_proper(one, each, proper)]
        return originals + erased
    # Only copies: of one of those whose marker somebody has taken away, perhaps.
    return marked + [each for each in candidates if marked and _is_possible(one, each)]


def _in_time(one: Sent, each: Candidate) -> bool:
    return one.since <= each.created and (one.until is None or each.created <= one.until)


def _is_possible(one: Sent, each: Candidate) -> bool:
    """Created when it must have been, and different because somebody has edited it; marked as nobody's."""
    return _in_time(one, each) and each.edited and not each.marker


def _is_equal(one: Sent, each: Candidate) -> bool:
    return all(each.record.get(name) == value for name, value in one.record.items())


def _is_proper(one: Sent, each: Candidate, proper: frozenset[str]) -> bool:
    return all(each.record.get(name) == one.record.get(name) for name in proper)


def _is_alike(one: Sent, each: Candidate) -> bool:
    alike, different = _compared(one, each)
    return len(alike) >= ALIKE_MIN and len(different) <= DIFFERENT_MAX


def _compared(one: Sent, each: Candidate) -> tuple[set[str], set[str]]:
    """The fields that say something, by whether they are as they were sent."""
    names = {name for name, value in one.record.items() if name not in SWITCHES and not is_blank(value)}
    alike = {name for name in names if each.record.get(name) == one.record[name]}
    return alike, names - alike
