"""Text beyond ASCII, compared without case (facts D1).

SQLite tells upper from lower case in ASCII only. A literal with a few other letters is looked up in each of
its spellings, so that an index still finds it; one with many is compared with every row, folded.
"""

from itertools import product

SPELLINGS_MAX = 64


def spellings(literal: str) -> tuple[str, ...]:
    """Return a literal in each case its letters beyond ASCII can have; nothing if there are too many."""
    if literal.isascii():
        return (literal,)
    ways = [_cases(letter) for letter in literal]
    total = 1
    for way in ways:
        total *= len(way)
    return tuple("".join(letters) for letters in product(*ways)) if total <= SPELLINGS_MAX else ()


def _cases(letter: str) -> tuple[str, ...]:
    if letter.isascii():
        return (letter,)
    return tuple(sorted({case for case in (letter, letter.lower(), letter.upper()) if len(case) == 1}))
