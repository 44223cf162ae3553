"""Work codes and Service Items: a name with its numbers as values, a code, a price.

What tells two services apart is mostly a number or one word, so another number or word is another service
unless the code is the same. Deliberately absent: what words mean; "repair" and "replace" are two words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product

from quickbooks_sync.planner.keys import code_key, match_key
from quickbooks_sync.planner.records import WorkCodeRecord

from .evidence import LINK_BITS, Comparison, Evidence
from .keys import Keys, sound_of
from .quantities import words_and_figures
from .rarity import Rarity
from .word_pairs import Aligned, How, align, word_fact

WORD_BITS_MAX, NAME_SURPLUS = 12.0, 13.0
CODE_BITS, OTHER_CODE_BITS = 16.0, -4.0
PRICE_BITS, NEAR_PRICE_BITS, OTHER_PRICE_BITS = 5.0, -0.5, -4.0
#: A whole name with one slip in it, of however common words: with the same price it is enough.
WHOLE_NAME_BITS = LINK_BITS - PRICE_BITS + 0.5
CATEGORY_BITS, OTHER_CATEGORY_BITS = 2.0, -2.0
EXTRA_BITS, ORDER_BITS = -2.5, -0.5
#: Another word or number, with another code or none, and under the same code.
OTHER_SERVICE_BITS, OTHER_WORDS_BITS = -30.0, -5.0
#: A price so many times the other is another service, not a price that has risen.
PRICE_RATIO_MAX = 2
#: What is written otherwise is the same service at a price so many times the other.
RISEN_MAX = Decimal("1.25")
#: Words that are added to the name of a service or left out of it; the first of a name is none of them:
#: to service a heater is no heater.
SOFT = frozenset(["service", "fee", "charge", "each", "unit", "job", "item", "work", "model", "taxable"])
#: Units that are written at a number or not, wherever it stands.
MEASURES = frozenset(["inch"])
KEY_WORDS_MAX = 6
OTHER_FIGURES, OTHER_WORD = "other numbers or signs in the name", "another word in the name"
MORE_WORDS, OTHER_GROUP = "a word more in one name", "another group in the name"
OTHER_CODE = "other code"
WRITTEN_OTHERWISE = "same name, written otherwise"
#: What stands before a colon is the group of what stands behind it: Plumbing: Drain cleaning.
_GROUPED = re.compile(r"(.*[^:\d\s])\s*:\s*([^:]*[^:\s])")
#: A code that a name begins or ends with: BT-3819 - Test outlet, Test outlet [BT-3819].
_CODED = re.compile(
    r"(?P<first>[\[(]?(?P<before>[a-z]{1,5}[-. ]?\d[a-z\d-]*)[\])]?(?:\s*[-:|]\s*|\s+)(?P<rest>\S.*))"
    r"|(?P<name>.*\S)(?:\s+-\s+|\s*[\[(])(?P<behind>[a-z]{1,5}[-. ]?\d[a-z\d-]*)[\])]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCodeFeatures:
    """A work code as it is compared."""

    key: str
    """As `match_key`: two equal ones are one name, written alike."""
    words: tuple[str, ...]
    soft: tuple[str, ...]
    figures: tuple[str, ...]
    """Its numbers as values, with the signs that belong to them."""
    code: str = ""
    price: Decimal = Decimal(0)
    category: str = ""
    group: str = ""
    """The group that its name says, before a colon."""
    active: bool = True
    coded: "WorkCodeFeatures | None" = None
    """The same, if what its name begins or ends with is its code."""


def of_work_code(record: WorkCodeRecord, *, category: str = "") -> WorkCodeFeatures:
    """What is compared of a work code. `category`: the name of what it stands below there, if it is known."""
    plain = _features(record, record.name, category, record.code)
    coded = _CODED.fullmatch(record.name.strip())
    if coded is None:
        return plain
    code, name = coded["before"] or coded["behind"], coded["rest"] or coded["name"]
    if record.code.strip() and code_key(record.code) != code_key(code):
        return plain
    return replace(plain, coded=_features(record, name, category, code))


def _features(record: WorkCodeRecord, name: str, category: str, code: str) -> WorkCodeFeatures:
    grouped = _GROUPED.fullmatch(name.strip())
    words, figures = words_and_figures(grouped[2] if grouped else name)
    soft = [word for at, word in enumerate(words) if word in MEASURES or (at and word in SOFT)]
    hard = [word for at, word in enumerate(words) if word not in MEASURES and not (at and word in SOFT)]
    return WorkCodeFeatures(
        key=match_key(record.name),
        words=tuple(hard or soft),
        soft=tuple(sorted(soft)) if hard else (),
        figures=figures,
        code=code_key(code) if code.strip() else "",
        price=record.price,
        category=match_key(category),
        group=match_key(grouped[1]) if grouped else "",
        active=record.active,
    )


def facts(one: WorkCodeFeatures) -> set[str]:
    """What of a work code may be common or rare."""
    found = {word_fact(word) for word in one.words} | {f"f:{each}" for each in one.figures}
    found |= {f"c:{one.code}"} if one.code else set()
    return found | ({_price_fact(one.price)} if one.price else set())


def keys(one: WorkCodeFeatures) -> Keys:
    """Under what a work code is found."""
    bag = " ".join([*sorted(one.words), *one.figures])
    strong = {f"m:{one.key}", f"n:{bag}"} | {
        f"c:{each.code}" for each in (one, one.coded) if each and each.code
    }
    sounds = sorted({sound_of(word) for word in one.words if len(word) > 1})[:KEY_WORDS_MAX]
    weak = {f"ww:{a}:{b}" for a, b in combinations(sounds, 2)}
    weak |= {f"wf:{sound}:{figure}" for sound, figure in product(sounds, one.figures)}
    weak |= {f"w$:{sound}:{one.price.normalize()}" for sound in sounds} if one.price else set()
    weak |= {f"w:{sound}" for sound in sounds}
    return Keys(strong=frozenset(strong), weak=frozenset(weak))


def compare(a: WorkCodeFeatures, b: WorkCodeFeatures, rarity: Rarity) -> Evidence:
    """What speaks for the two being one service, what against, and what bars linking them."""
    a, b = _by_code(a, b)
    same_code = bool(a.code) and a.code == b.code
    name, needs, bars = _name(a, b, rarity, same_code=same_code)
    comparisons = [name]
    if a.code and b.code:
        if same_code:
            comparisons.append(Comparison("code", CODE_BITS, "same code", agrees=True))
        else:
            comparisons.append(Comparison("code", OTHER_CODE_BITS, OTHER_CODE, agrees=False))
            bars.append(OTHER_CODE)
    if a.price and b.price:
        comparisons.append(_price(a.price, b.price, rarity))
    mine, theirs = a.category or a.group, b.category or b.group
    if mine and theirs:
        same = mine == theirs
        bits, words = (CATEGORY_BITS, "same category") if same else (OTHER_CATEGORY_BITS, "other category")
        comparisons.append(Comparison("category", bits, words))
    if a.active != b.active:
        bars.append("one is inactive")
    return Evidence(
        prior=rarity.prior,
        comparisons=tuple(comparisons),
        needs=needs,
        bars=tuple(bars),
        apart=bool({OTHER_FIGURES, OTHER_GROUP, OTHER_CODE} & {*bars}),
        written_alike=a.key == b.key,
    )


def _by_code(a: WorkCodeFeatures, b: WorkCodeFeatures) -> tuple[WorkCodeFeatures, WorkCodeFeatures]:
    """Both without the code in a name, if it is the code of the other."""
    if a.key == b.key:
        return a, b
    one, other = a.coded or a, b.coded or b
    if one.code and one.code == b.code:
        a = one
    if other.code and other.code == a.code:
        b = other
    return a, b


def _name(
    a: WorkCodeFeatures, b: WorkCodeFeatures, rarity: Rarity, *, same_code: bool
) -> tuple[Comparison, int, list[str]]:
    """What the names say, how much else must agree, and what bars them."""
    limit = NAME_SURPLUS - rarity.prior
    figures = sum(_bits((f"f:{each}",), rarity) for each in a.figures)
    if a.key == b.key or _has_same_words(a, b):
        bits = min(limit, figures + sum(_bits((word_fact(word),), rarity) for word in a.words))
        return _same_name(a, b, max(bits, LINK_BITS + 1.5 - rarity.prior))  # each side holds a service once
    aligned = align(a.words, b.words, rarity, inflected=True)
    bits = figures if a.figures == b.figures else 0.0
    for one, other, how in aligned.pairs:
        bits += max(0.0, _bits((word_fact(one), word_fact(other)), rarity) + how.bits)
    bits = min(bits, limit)
    needs = _needs(how for _, _, how in aligned.pairs)
    bars, told = _bars(a, b, aligned), [how.words for _, _, how in aligned.pairs if how.words]
    if sorted(a.words) == sorted(b.words) and not bars:
        bits = max(bits, LINK_BITS - rarity.prior)
    elif not bars and needs == 1:
        bits = max(bits, WHOLE_NAME_BITS - rarity.prior)
    another = OTHER_WORDS_BITS if same_code else OTHER_SERVICE_BITS
    bits += another * sum(each in {OTHER_FIGURES, OTHER_WORD} for each in bars)
    bits += EXTRA_BITS * len(aligned.extra)
    if a.soft != b.soft:
        bits += EXTRA_BITS / 2
        told.append(MORE_WORDS)
    told = [each for each in dict.fromkeys(told) if each not in bars]
    words = ", ".join(told) or ("" if bars else WRITTEN_OTHERWISE)
    return Comparison("name", bits, words, agrees=not bars), needs, bars


def _has_same_words(a: WorkCodeFeatures, b: WorkCodeFeatures) -> bool:
    """Whether both are the same words and numbers, in whatever order; signs alone are no words."""
    return (
        bool(a.words)
        and a.figures == b.figures
        and sorted((*a.words, *a.soft)) == sorted((*b.words, *b.soft))
    )


def _same_name(a: WorkCodeFeatures, b: WorkCodeFeatures, bits: float) -> tuple[Comparison, int, list[str]]:
    if a.key == b.key:
        return Comparison("name", bits, "same name"), 0, []
    if a.group and b.group and a.group != b.group:
        return Comparison("name", bits + OTHER_WORDS_BITS, "", agrees=False), 1, [OTHER_GROUP]
    needs = 0 if a.group == b.group and _has_risen(a.price, b.price) else 1
    if (*a.words, *a.soft) == (*b.words, *b.soft):
        return Comparison("name", bits, WRITTEN_OTHERWISE), needs, []
    return Comparison("name", bits + ORDER_BITS, "the same words in another order"), needs, []


def _bars(a: WorkCodeFeatures, b: WorkCodeFeatures, aligned: Aligned) -> list[str]:
    """What tells two services apart."""
    found = {
        OTHER_FIGURES: a.figures != b.figures,
        OTHER_WORD: bool(aligned.replaced or not aligned.pairs),
        MORE_WORDS: bool(aligned.extra),
        OTHER_GROUP: bool(a.group and b.group and a.group != b.group),
    }
    return [bar for bar, holds in found.items() if holds]


_UNSURE = frozenset({How.MAYBE_SHORT, How.INITIAL, How.LOOSE, How.ABBREVIATED})


def _needs(found: Iterable[How]) -> int:
    """An abbreviation or a slip of the pen, and the price or the code: two services differ in more."""
    near = [how for how in found if how is not How.SAME]
    return 2 if len(near) > 2 or _UNSURE & {*near} else 1  # noqa: PLR2004


def _bits(facts_: tuple[str, ...], rarity: Rarity) -> float:
    return min(rarity.bits(fact, at_most=WORD_BITS_MAX) for fact in facts_)


def _price_fact(price: Decimal) -> str:
    return f"$:{price.normalize()}"


def _has_risen(a: Decimal, b: Decimal) -> bool:
    """Whether the prices are known, and so near that one is what the other was some years ago."""
    return 0 < max(a, b) <= RISEN_MAX * min(a, b)


def _price(a: Decimal, b: Decimal, rarity: Rarity) -> Comparison:
    if a == b:
        bits = rarity.bits(_price_fact(a), at_most=PRICE_BITS)
        return Comparison("price", bits, "same price", agrees=True)
    low, high = sorted((a, b))
    if low > 0 and high <= PRICE_RATIO_MAX * low:
        return Comparison("price", NEAR_PRICE_BITS, "another price")
    return Comparison("price", OTHER_PRICE_BITS, "quite another price", agrees=False)
