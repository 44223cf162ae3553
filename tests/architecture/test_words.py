"""Names that an engineer who knows Django and sync engines would guess: the old metaphors stay out."""

import io
import tokenize
from pathlib import Path

SYNC = Path(__file__).resolve().parents[2] / "src" / "quickbooks_sync"
#: A word that no name of the sync contains, and what is said in its place.
FORBIDDEN = {
    "around": "context",
    "behind": "released_by, turn_after",
    "mend": "resolve",
    "surroundings": "context",
    "whole": "paired, complete",
}


def words(name: str) -> list[str]:
    """The words of an identifier: of `look_around` and of `LookAround` two each."""
    spaced = "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)
    return [word for word in spaced.split("_") if word]


def test_no_name_uses_a_word_that_was_given_up() -> None:
    found = {
        f"{path.relative_to(SYNC)}: {token.string}"
        for path in SYNC.rglob("*.py")
        if "migrations" not in path.parts
        for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
        if token.type == tokenize.NAME and set(words(token.string)) & FORBIDDEN.keys()
    }
    assert found == set(), f"In their place: {FORBIDDEN}"


def test_what_the_words_of_a_name_are() -> None:
    assert words("look_around") == words("LookAround") == ["look", "around"]
