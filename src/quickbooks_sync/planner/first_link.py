"""The rule for two records that meet for the first time, and the choices that it follows."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from .actions import Adopt
from .records import Encoded, counted, is_blank, replaced

#: Fields that stay as they are on each side when two records first meet.
STAY_AT_FIRST_LINK = frozenset({"display_name", "name", "active", "taxable", "parent"})


class Wins(StrEnum):
    """Whose value counts where both sides have one, and they differ."""

    OURS = "ours"
    THEIRS = "theirs"
    NEITHER = "neither"
    """Each side keeps its own; only what is empty is filled."""


class Group(StrEnum):
    """The fields for which one choice is made."""

    CONTACT = "contact"
    ADDRESSES = "addresses"
    PRICES = "prices"


PARTS = ("street", "city", "region", "postal_code", "country")
#: In the order of the Records.
GROUPS: Mapping[Group, Sequence[str]] = {
    Group.CONTACT: ("company_name", "given_name", "family_name", "email", "phone", "mobile", "notes"),
    Group.ADDRESSES: tuple(f"{side}_{part}" for side in ("billing", "service") for part in PARTS),
    Group.PRICES: ("code", "description", "price"),
}
GROUP_OF: Mapping[str, Group] = {name: group for group, names in GROUPS.items() for name in names}
#: What was chosen; a group that is not in it is ours.
WhoWins = Mapping[Group, Wins]


def first_link(
    here: Encoded,
    there: Encoded,
    *,
    who_wins: WhoWins,
    reactivate: bool = False,
    stays_here: frozenset[str] = frozenset(),
    stays_there: frozenset[str] = frozenset(),
) -> Adopt:
    """Names and switches stay, a blank is filled from the other side, and of two values one wins, or neither.

    `reactivate`: a person paired it with one that is inactive there, so that it is used again.
    `stays_here`, `stays_there`: fields that the other side cannot hold. They stay; those there are not
    agreed on, and news as soon as Service Genius can hold them.
    """
    take = set()
    here_baseline, there_baseline = dict(here), dict(there)
    if "voided" in here:
        # Both counted when a person paired them: what was voided since is news for the other side.
        here_baseline["voided"] = there_baseline["voided"] = False
    for name, ours in here.items():
        theirs = there[name]
        if (
            name == "voided"
            or ours == theirs
            or (name in STAY_AT_FIRST_LINK and not (reactivate and name == "active"))
        ):
            continue
        if name in stays_there:
            there_baseline[name] = ours
            continue
        wins = _winner(ours, theirs, Wins.OURS if name in stays_here else _chosen(name, who_wins))
        if wins == Wins.NEITHER:
            continue  # each is agreed upon as it is
        if wins == Wins.THEIRS:
            take.add(name)
        here_baseline[name] = theirs  # so that ours, if it wins, counts as changed and is sent
    return Adopt(take=frozenset(take), here_baseline=here_baseline, there_baseline=there_baseline)


def _chosen(name: str, who_wins: WhoWins) -> Wins:
    group = GROUP_OF.get(name)
    return who_wins.get(group, Wins.OURS) if group is not None else Wins.OURS


def _winner(ours: object, theirs: object, chosen: Wins) -> Wins:
    """A blank never wins."""
    if is_blank(ours):
        return Wins.THEIRS
    return Wins.OURS if is_blank(theirs) else chosen


def contested(here: Encoded, there: Encoded, *, stays: Collection[str]) -> list[str]:
    """The fields with a value on both sides that differ, so that a choice decides.

    `stays`: fields that one side cannot hold; of them nothing is decided.
    """
    return [
        name
        for name in GROUP_OF
        if name in here
        and name not in stays
        and here[name] != there[name]
        and not is_blank(here[name])
        and not is_blank(there[name])
    ]


def agreed_apart(here_baseline: Encoded, there_baseline: Encoded) -> list[str]:
    """The fields that are agreed upon as they are on each side, although they differ."""
    return [
        name
        for name in GROUP_OF
        if name in here_baseline and name in there_baseline and here_baseline[name] != there_baseline[name]
    ]


def counts_of(action: Adopt, here: Encoded, there: Encoded) -> dict[str, int]:
    """Counts of the values that are replaced here, and of those that stay different."""
    taken = replaced(here, {name: there[name] for name in action.take}, counted_as="taken")
    return taken | counted("apart", agreed_apart(action.here_baseline, action.there_baseline))
