"""What the names of two customers say: how much in bits, what else must agree, and what bars them."""

from dataclasses import dataclass, replace
from itertools import permutations

from . import more_words
from .evidence import LINK_BITS, Comparison
from .features import Features
from .given_names import COMMON_FAMILY_NAMES
from .names import Name
from .rarity import Rarity
from .vocabulary import VAGUE_FORMS, given_names
from .word_pairs import Aligned, How, align, word_fact

#: No word is worth more, however rare it is.
WORD_BITS_MAX = 12.0
#: All words together are worth so much more than the bits against any two being one.
NAME_SURPLUS = 13.0
EXTRA_BITS, REPLACED_BITS, ORDER_BITS = -1.5, -5.0, -2.0
#: One word or many, the same ones are asked about, also where a legal form is missing or the order another.
SAME_WORDS_BITS = 2.0
ONE_SIDED_FORM_BITS, OTHER_FORM_BITS = -1.0, -14.0
OTHER_FIGURES_BITS, MISSING_FIGURES_BITS, OTHER_MARKS_BITS = -6.0, -3.0, -4.0
SLIPS_MAX = 2
"""In so many words something may be written otherwise; in more, more must agree."""
CROSSED_BITS = -2.0
#: A name that stands by chance in one of so few lists of this length, as a power of two, is a common one.
COMMON_NAME_BITS = 4.0
FIRM_AND_PERSON = "one is named for the firm, the other for the person"
#: What more a name has is known of the customer; so many other things must agree all the same.
EXPLAINED_NEEDS = 2
OTHER_FIRM_BITS, SAME_FIRM_BITS, OTHER_PERSON_BITS = -3.0, 3.0, -3.0
OTHER_WORD, MORE_WORDS = "another word in the name", "a word more in one name"


@dataclass(frozen=True, slots=True)
class Names:
    """What two names say."""

    bits: float
    words: str
    needs: int = 0
    bars: tuple[str, ...] = ()
    apart: bool = False
    """Whether it is numbers, sides, generations or forms that bar them."""
    written_alike: bool = False
    is_common: bool = False
    """Whether somebody else of that name is to be expected in lists of this length."""
    pairs: tuple[tuple[str, str], ...] = ()
    """The words that both have, as each writes them."""


def compare(a: Name, b: Name, rarity: Rarity, *, people: bool = False) -> Names:
    """Compare two names. `people`: both are known to be names of persons."""
    if a.key == b.key:
        bits = sum(rarity.bits(word_fact(word), at_most=WORD_BITS_MAX) for word in a.words)
        # Each side holds a name once: there is hardly another who is written so.
        floor = LINK_BITS + 1 - rarity.prior
        return Names(
            bits=max(floor, _capped(bits, rarity)),
            words="same name",
            written_alike=True,
            is_common=bits + rarity.prior < COMMON_NAME_BITS or _is_of_many(a),
        )
    aligned = align(a.words, b.words, rarity)
    bits = _capped(_worth(aligned, rarity), rarity)
    needs = max([1, *(how.needs for _, _, how in aligned.pairs)])
    told = [how.words for _, _, how in aligned.pairs if how.words]
    bars: list[str] = []
    near = [how for _, _, how in aligned.pairs if how is not How.SAME]
    needs += max(0, len(near) - SLIPS_MAX)
    if aligned.replaced:
        bits += REPLACED_BITS * aligned.replaced
        bars.append(OTHER_WORD if len(aligned.pairs) else "other names")
    if aligned.extra:
        bits += EXTRA_BITS * len(aligned.extra)
        told.append(MORE_WORDS)
        if any(len(word) > 1 for word in aligned.extra):
            complete = min(len(a.words), len(b.words)) > 1
            needs = max(needs, 2)
            bars += [] if people and complete else [MORE_WORDS]
    if not near and not aligned.extra and not aligned.replaced:
        bits = max(bits, SAME_WORDS_BITS - rarity.prior)  # each side holds a name once
        if a.words != b.words:
            bits += ORDER_BITS
            told.append("the same words in another order")
    found = _marks(a, b)
    bits += sum(each.bits for each in found)
    bars += [each.words for each in found if each.agrees is False]
    told = [each for each in [*told, *(each.words for each in found)] if each not in bars]
    return Names(
        bits=bits,
        words=", ".join(dict.fromkeys(told)) or ("" if bars else "same name, written otherwise"),
        needs=needs,
        bars=tuple(dict.fromkeys(bars)),
        apart=any(each.agrees is False for each in found),
        pairs=tuple((one, other) for one, other, _ in aligned.pairs),
    )


def of_customers(a: Features, b: Features, rarity: Rarity) -> Names:
    """The display names; or, where one is named for the firm and the other for the person, those."""
    straight = compare(a.name, b.name, rarity, people=_people(a, b))
    if not straight.bars:
        return _of_two_names(a, b, straight)
    if _people(a, b) and _is_one_of_a_household(a, b, straight):
        return replace(straight, needs=2, bars=())
    return _explained(a, b, rarity) or _crossed(a, b, rarity, straight)


def _of_two_names(a: Features, b: Features, names: Names) -> Names:
    """One of the two names that a customer goes by is no more than a reason."""
    if names.written_alike or (a.other is None) == (b.other is None):
        return names
    return replace(names, needs=max(names.needs, EXPLAINED_NEEDS), words=a.other_words or b.other_words)


def _explained(a: Features, b: Features, rarity: Rarity) -> Names | None:
    """The names without what one has more, if the rest of the two records says why."""
    found = [
        replace(names, needs=max(names.needs, EXPLAINED_NEEDS), words=words)
        for one, other in ((a, b), (b, a))
        for name, words in more_words.shorter(one, other)
        if not (names := compare(name, other.name, rarity)).bars
    ]
    return min(found, key=lambda each: (-each.bits, each.needs, each.words), default=None)


def _crossed(a: Features, b: Features, rarity: Rarity, straight: Names) -> Names:
    """The name of one as the company or the person of the other; only both ways are the two linked by it."""
    others = (
        (a.name, b.firm, "one has the company name of the other"),
        (a.name, b.person, "one has the first and last name of the other"),
        (a.name, b.other, "one has the second name of the other"),
        (b.name, a.firm, "one has the company name of the other"),
        (b.name, a.person, "one has the first and last name of the other"),
        (b.name, a.other, "one has the second name of the other"),
    )
    found = [(compare(one, other, rarity), words) for one, other, words in others if other is not None]
    agreeing = sorted(
        ((names, words) for names, words in found if not names.bars),
        key=lambda each: (-each[0].bits, each[0].needs, each[1]),
    )
    if not agreeing:
        return straight
    both_ways = _agree(a.name, (b.firm, b.person), rarity) and _agree(b.name, (a.firm, a.person), rarity)
    names, words = agreeing[0]
    bits = min(names.bits, NAME_SURPLUS - rarity.prior) + CROSSED_BITS
    if both_ways:
        return Names(bits=bits, words=FIRM_AND_PERSON, needs=1)
    more = tuple(bar for bar in straight.bars if bar == MORE_WORDS)
    return Names(bits=bits, words=words, needs=1, bars=(*more, words)) if bits > straight.bits else straight


def of_firms_and_people(a: Features, b: Features, rarity: Rarity) -> list[Comparison]:
    """Company names, and given and family names, beside display names that are one."""
    found = []
    if a.firm is not None and b.firm is not None:
        firms = compare(a.firm, b.firm, rarity)
        if firms.bars:
            found.append(Comparison("company_name", OTHER_FIRM_BITS, "other company", agrees=False))
        else:
            found.append(Comparison("company_name", SAME_FIRM_BITS, "same company"))
    if a.person is not None and b.person is not None and compare(a.person, b.person, rarity).bars:
        found.append(Comparison("person", OTHER_PERSON_BITS, "other first or last name", agrees=False))
    return found


def _people(a: Features, b: Features) -> bool:
    """Whether both are people; also where only of one it is said, and the other is called so."""
    if a.is_person and b.is_person:
        return True
    known, other = (a, b) if a.is_person else (b, a)
    if not known.is_person or other.person is not None or other.firm is not None:
        return False
    mine, theirs = known.name.words, other.name.words
    part = known.given in theirs and len(theirs) > 1 and {*theirs} <= {*mine}
    return part or (len(theirs) > len(mine) > 1 and (theirs[0], theirs[-1]) == (mine[0], mine[-1]))


def _is_one_of_a_household(a: Features, b: Features, names: Names) -> bool:
    """Somebody who married, or of whom half a name is known: hardly another one of that house.

    The family name may be another one, never the given name.
    """
    if set(names.bars) == {MORE_WORDS} and 1 in {len(a.name.words), len(b.name.words)}:
        return True
    given = any({a.given, b.given} & {*pair} for pair in names.pairs)
    return given and set(names.bars) <= {OTHER_WORD, MORE_WORDS}


def _agree(name: Name, others: tuple[Name | None, ...], rarity: Rarity) -> bool:
    return any(not compare(name, other, rarity).bars for other in others if other is not None)


def _is_of_many(name: Name) -> bool:
    """Whether many people have it, whatever the lists: a given name and one of the commonest family names."""
    ways = permutations(name.words) if len(name.words) == 2 else ()  # noqa: PLR2004 - first and last
    return any(given in given_names() and family in COMMON_FAMILY_NAMES for given, family in ways)


def _capped(bits: float, rarity: Rarity) -> float:
    return min(bits, NAME_SURPLUS - rarity.prior)


def _worth(aligned: Aligned, rarity: Rarity) -> float:
    """The sum of the words that both have."""
    bits = 0.0
    for a, b, how in aligned.pairs:
        if how is How.INITIAL:
            bits += 1.0
            continue
        worth = min(rarity.bits(word_fact(word), at_most=WORD_BITS_MAX) for word in (a, b))
        bits += max(0.0, worth + how.bits)
    return bits


def _marks(a: Name, b: Name) -> list[Comparison]:
    """What tells two apart however alike the words are; those that disagree are bars."""
    found = []
    if a.figures != b.figures:
        bits = OTHER_FIGURES_BITS if a.figures and b.figures else MISSING_FIGURES_BITS
        found.append(Comparison("name", bits, "other numbers or signs in the name", agrees=False))
    if a.marks != b.marks:
        found.append(Comparison("name", OTHER_MARKS_BITS, _mark_words(a, b), agrees=False))
    if a.titles and b.titles and a.titles != b.titles:
        found.append(Comparison("name", OTHER_MARKS_BITS, "one is a man, one a woman", agrees=False))
    mine, theirs = set(a.forms) - VAGUE_FORMS, set(b.forms) - VAGUE_FORMS
    if mine and theirs and mine != theirs:
        found.append(Comparison("name", OTHER_FORM_BITS, "another legal form", agrees=False))
    elif a.forms != b.forms:
        found.append(Comparison("name", ONE_SIDED_FORM_BITS, "the legal form in one name"))
    if a.notes and b.notes and a.notes != b.notes:
        found.append(Comparison("name", OTHER_MARKS_BITS, "another note in the name", agrees=False))
    elif a.notes != b.notes:
        found.append(Comparison("name", 0.0, "a note in one name"))
    if a.soft != b.soft:
        found.append(Comparison("name", EXTRA_BITS, MORE_WORDS))
    return found


def _mark_words(a: Name, b: Name) -> str:
    differing = set(a.marks) ^ set(b.marks)
    return (
        "another generation" if differing & {"jr", "sr", "ii", "iii", "iv", "v"} else "another side or branch"
    )
