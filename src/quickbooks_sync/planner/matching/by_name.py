"""When two records look like the same one.

Pure. A *match* is certain enough to pair by itself; a *likely* pair is parked for a person. What is
deliberately absent: fuzzy scores that pair anything by themselves.
"""

from quickbooks_sync.planner.evidence import Identity, weigh
from quickbooks_sync.planner.keys import code_key, legal_suffix, loose_key, match_key


def same_name(a: Identity, b: Identity) -> bool:
    """Whether two are written alike but for case, spaces and harmless punctuation."""
    return match_key(a.name) == match_key(b.name)


def is_match(a: Identity, b: Identity) -> bool:
    """Whether two may be paired without asking: one name, and something agrees or nothing speaks against."""
    return same_name(a, b) and not weigh(a, b).contradicts


def is_likely(a: Identity, b: Identity) -> bool:
    """Whether a person should look at the two; different legal suffixes are different firms."""
    if a.code and code_key(a.code) == code_key(b.code):
        return True
    if loose_key(a.name) != loose_key(b.name):
        return False
    suffixes = {legal_suffix(a.name), legal_suffix(b.name)} - {""}
    return len(suffixes) < 2  # noqa: PLR2004 - two different suffixes
