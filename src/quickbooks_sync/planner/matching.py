"""When two names, or two people, look like the same one.

Pure. A *match* is certain enough to pair by itself; a *likely* pair is parked for a person. What is
deliberately absent: fuzzy scores that pair anything by themselves.
"""

import re
import unicodedata
from dataclasses import dataclass

LEGAL_SUFFIXES = frozenset(
    {
        "llc",
        "inc",
        "incorporated",
        "ltd",
        "limited",
        "corp",
        "corporation",
        "co",
        "company",
        "llp",
        "pllc",
        "pc",
        "lp",
    }
)
_WORDS = re.compile(r"[^\W_]+", re.UNICODE)
_PHONE_DIGITS_COMPARED = 10


def folded(name: str) -> str:
    """A name as QuickBooks compares it for uniqueness: case and outer blanks do not count."""
    return name.strip().casefold()


def match_key(name: str) -> str:
    """A name without case, spaces and punctuation; two equal keys are the same name."""
    return "".join(_WORDS.findall(unicodedata.normalize("NFC", name).casefold()))


def loose_key(name: str) -> str:
    """As `match_key`, also without accents and legal suffix and with `&` read as "and"."""
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", name.replace("&", " and "))
        if not unicodedata.combining(sign)
    )
    words = _WORDS.findall(plain.casefold())
    while len(words) > 1 and words[-1] in LEGAL_SUFFIXES:
        words.pop()
    return "".join(words)


def legal_suffix(name: str) -> str:
    """The legal form a name ends with, or nothing."""
    words = _WORDS.findall(name.casefold())
    return words[-1] if len(words) > 1 and words[-1] in LEGAL_SUFFIXES else ""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What is compared when two records might be the same."""

    name: str
    email: str = ""
    phone: str = ""
    address: str = ""
    code: str = ""
    """Of a work code: tells two of one name apart, and makes two of different names likely the same."""

    def signals(self) -> tuple[str, str, str]:
        digits = "".join(sign for sign in self.phone if sign.isdigit())
        return (self.email.strip().casefold(), digits[-_PHONE_DIGITS_COMPARED:], match_key(self.address))


def contradict(a: Identity, b: Identity) -> bool:
    """Whether two of e-mail, phone and address speak against each other and none agrees."""
    both = [(x, y) for x, y in zip(a.signals(), b.signals(), strict=True) if x and y]
    against = sum(x != y for x, y in both)
    return against >= 2 and against == len(both)  # noqa: PLR2004 - two of three signals


def is_match(a: Identity, b: Identity) -> bool:
    """Whether two records of one name may be paired without asking."""
    return match_key(a.name) == match_key(b.name) and not contradict(a, b)


def is_likely(a: Identity, b: Identity) -> bool:
    """Whether a person should look at the two; different legal suffixes are different firms."""
    if a.code and match_key(a.code) == match_key(b.code):
        return True
    if loose_key(a.name) != loose_key(b.name):
        return False
    suffixes = {legal_suffix(a.name), legal_suffix(b.name)} - {""}
    return len(suffixes) < 2  # noqa: PLR2004 - two different suffixes


def unique_name(name: str, *, word: str, taken: frozenset[str], length: int) -> str:
    """A free name to propose when another holds it: `Northside Supply (customer)`, then `(customer 2)`."""
    number = 1
    while True:
        suffix = f" ({word})" if number == 1 else f" ({word} {number})"
        proposal = name[: length - len(suffix)] + suffix
        if folded(proposal) not in taken:
            return proposal
        number += 1
