"""The rule for two records that meet for the first time."""

from .actions import Adopt
from .records import Encoded, is_blank

#: Fields that stay as they are on each side when two records first meet.
STAY_AT_FIRST_LINK = frozenset({"display_name", "name", "active", "taxable", "parent"})


def first_link(
    here: Encoded,
    there: Encoded,
    *,
    reactivate: bool = False,
    stays_there: frozenset[str] = frozenset(),
) -> Adopt:
    """Names and switches stay, a value present here wins, a blank here is filled from there.

    `reactivate`: a person paired it with one that is inactive there, so that it is used again.
    `stays_there`: fields there that Service Genius cannot hold: not agreed on, and news as soon as it can.
    """
    fill = set()
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
        if is_blank(ours):
            fill.add(name)
        here_baseline[name] = theirs  # so that ours, if it is present, counts as changed and is sent
    return Adopt(fill_here=frozenset(fill), here_baseline=here_baseline, there_baseline=there_baseline)
