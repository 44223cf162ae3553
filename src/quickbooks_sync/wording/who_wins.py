"""Who wins where two that first meet differ, in words: what can be chosen, and what follows from it."""

from collections.abc import Mapping

from quickbooks_sync.planner.first_link import Group, WhoWins, Wins

from .reasons import field_words

GROUPS: Mapping[Group, str] = {
    Group.CONTACT: "Contact details and notes",
    Group.ADDRESSES: "Addresses",
    Group.PRICES: "Prices, codes and descriptions",
}
CHOICES: Mapping[Wins, str] = {
    Wins.OURS: "Service Genius' go to QuickBooks",
    Wins.THEIRS: "QuickBooks' stay and come here",
    Wins.NEITHER: "Only fill what is empty",
}
ALL: Mapping[Wins, str] = {
    Wins.OURS: "Service Genius wins: the one in QuickBooks is replaced",
    Wins.THEIRS: "QuickBooks wins: the one here is replaced",
    Wins.NEITHER: "each side keeps its own",
}
OF_GROUP: Mapping[Wins, str] = {
    Wins.OURS: "{} go to QuickBooks",
    Wins.THEIRS: "{} come from QuickBooks",
    Wins.NEITHER: "{} stay as they are on each side",
}


def rule_words(who_wins: WhoWins) -> str:
    """What becomes of two values that differ, in one sentence."""
    differ = "Where both have a value and they differ"
    if len(set(who_wins.values())) == 1:
        return f"{differ}, {ALL[next(iter(who_wins.values()))]}."
    parts = [OF_GROUP[who_wins[group]].format(title.lower()) for group, title in GROUPS.items()]
    return f"{differ}: {'; '.join(parts)}."


def difference_words(counts: Mapping[str, int], *, done: bool) -> list[str]:
    """How many values a run replaces on either side, or leaves different; nothing of what it does not."""
    told = []
    for what, where, by in (
        ("replaced", "QuickBooks", "Service Genius"),
        ("taken", "Service Genius", "QuickBooks"),
    ):
        values = counts.get(f"{what}_values", 0)
        if values:
            said = ("was" if values == 1 else "were") if done else "would be"
            told.append(f"{_counted(counts, what)} of {where} {said} replaced by those of {by}")
    apart = counts.get("apart_values", 0)
    if apart:
        stay = ("stays" if apart == 1 else "stay") if done else "would stay"
        told.append(f"{_counted(counts, 'apart')} {stay} different on the two sides")
    return told


def stays_apart(names: list[str]) -> str:
    """What is said where two are paired of the fields that stay different."""
    return f"Each side keeps its own {field_words(names)}." if names else ""


def _counted(counts: Mapping[str, int], what: str) -> str:
    values, records = counts[f"{what}_values"], counts[f"{what}_records"]
    return f"{values:,} value{'' if values == 1 else 's'} in {records:,} record{'' if records == 1 else 's'}"
