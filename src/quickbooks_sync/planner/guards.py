"""Guards: when a run stops with one question before it does something large. Pure.

Each answers with a Question or None. A person's answer is good for the same question with the same counts.
"""

from dataclasses import dataclass

NEW_THERE_MAX = 50
MATCHED_SHARE_MIN = 0.05
REMOVALS_MAX = 10
REMOVALS_SHARE_MAX = 0.05
LINKS_OF_A_LIST_MAX = 20
OLDER_MAX = 10
OLDER_SHARE_MAX = 0.05


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a run asks before it goes on; `guard` names its words, `counts` fill them."""

    guard: str
    counts: dict[str, int]
    kind: str = ""


def wrong_company(*, new: int, matched: int, there: int) -> Question | None:
    """Ask whether a Full Sync that would create much and match next to nothing goes to the right books."""
    if there == 0 or new <= NEW_THERE_MAX or matched >= MATCHED_SHARE_MIN * (new + matched):
        return None
    counts = {"new": new, "matched": matched, "there": there}
    return Question(guard="wrong_company", counts=counts)


def many_removals(*, kind: str, removals: int, linked: int) -> Question | None:
    """Ask before so many are removed that it is rather a mistake."""
    if removals <= REMOVALS_MAX or removals <= REMOVALS_SHARE_MAX * linked:
        return None
    return Question(guard="many_removals", kind=kind, counts={"removals": removals, "linked": linked})


def restored(*, forgotten: int) -> Question:
    """Ask after a backup was restored: another copy of this database may be at work, and must not be."""
    return Question(guard="restored", counts={"forgotten": forgotten})


def went_back(*, kind: str, older: int, linked: int) -> Question | None:
    """Ask before so much is older there, or gone, that the company was put back to an earlier day."""
    if older <= OLDER_MAX or older <= OLDER_SHARE_MAX * linked:
        return None
    return Question(guard="went_back", kind=kind, counts={"older": older, "linked": linked})


def empty_list(*, kind: str, read: int, linked: int) -> Question | None:
    """Ask when a list that was linked reads empty, before all of it is believed to be deleted."""
    if read or linked <= LINKS_OF_A_LIST_MAX:
        return None
    return Question(guard="empty_list", kind=kind, counts={"linked": linked})
