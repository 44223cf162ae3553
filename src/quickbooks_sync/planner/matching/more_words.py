"""What one name has more than another, and why that says nothing: a person known to both, the town of both.

Deliberately absent: words that nothing else in the two records explains. Those bar a link.
"""

from collections.abc import Iterator
from dataclasses import replace

from .features import Features
from .names import Name
from .vocabulary import TOWN_WORDS

#: So many words is the name of a town.
TOWN_WORDS_MAX = 3
CONTACT, TOWN = "a contact in one name", "the town in one name"


def shorter(a: Features, b: Features) -> Iterator[tuple[Name, str]]:
    """The name of `a` without what is known of `b` or of itself, and what that is, in words."""
    if a.is_person or b.is_person:
        return  # Ann Lee Plumbing is not Plumbing, and of Ann Lee nothing may be left out
    for contact in {each for each in (a.person, b.person) if each is not None and len(each.words) > 1}:
        left = [word for word in a.name.words if word not in contact.words]
        if left and {*contact.words} <= {*a.name.words} and not {*contact.words} & {*b.name.words}:
            yield replace(a.name, words=tuple(left)), CONTACT
    towns = {place.town for place in a.places} & {place.town for place in b.places} - {""}
    for count in range(1, min(TOWN_WORDS_MAX, len(a.name.words) - 1) + 1):
        last = a.name.words[-count:]
        if "".join(TOWN_WORDS.get(word, word) for word in last) in towns:
            yield replace(a.name, words=a.name.words[:-count]), TOWN
