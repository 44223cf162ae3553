"""Work codes and Service Items: a name with its numbers as values, a code, a price.

What tells two services apart is mostly a number or one word, so another number or word is another service
unless the code is the same. Deliberately absent: what words mean; "repair" and "replace" are two words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product

from quickbooks_sync.planner.keys import code_key, match_key
from quickbooks_sync.planner.records import WorkCodeRecord

from .evidence import LINK_BITS, Comparison, Evidence
from .keys import Keys, sound_of
from .quantities import words_and_figures
from .rarity import Rarity
from .word_pairs import How, align, word_fact

WORD_BITS_MAX, NAME_SURPLUS = 12.0, 13.0
CODE_BITS, OTHER_CODE_BITS = 16.0, -4.0
PRICE_BITS, NEAR_PRICE_BITS, OTHER_PRICE_BITS = 5.0, -0.5, -4.0
CATEGORY_BITS, OTHER_CATEGORY_BITS = 2.0, -2.0
EXTRA_BITS, ORDER_BITS = -2.5, -0.5
#: Another word or number, with another code or none, and under the same code.
OTHER_SERVICE_BITS, OTHER_WORDS_BITS = -30.0, -5.0
#: A price so many times the other is another service, not a price that has risen.
PRICE_RATIO_MAX = 2
#: Words that are added to the name of a service or left out of it.
SOFT = frozenset(["service", "fee", "charge", "each", "unit", "inch", "job", "item", "work"])
KEY_WORDS_MAX = 6


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
    active: bool = True


def of_work_code(record: WorkCodeRecord, *, category: str = "") -> WorkCodeFeatures:
    """What is compared of a work code. `category`: the name of what it stands below there, if it is known."""
    words, figures = words_and_figures(record.name)
    hard = tuple(word for at, word in enumerate(words) if not at or word not in SOFT)
    return WorkCodeFeatures(
        key=match_key(record.name),
        words=hard,
        soft=tuple(sorted(word for at, word in enumerate(words) if at and word in SOFT)),
        figures=figures,
        code=code_key(record.code) if record.code.strip() else "",
        price=record.price,
        category=match_key(category),
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
    strong = {f"m:{one.key}", f"n:{bag}"} | ({f"c:{one.code}"} if one.code else set())
    sounds = sorted({sound_of(word) for word in one.words if len(word) > 1})[:KEY_WORDS_MAX]
    weak = {f"ww:{a}:{b}" for a, b in combinations(sounds, 2)}
    weak |= {f"wf:{sound}:{figure}" for sound, figure in product(sounds, one.figures)}
    weak |= {f"w$:{sound}:{one.price.normalize()}" for sound in sounds} if one.price else set()
    weak |= {f"w:{sound}" for sound in sounds}
    return Keys(strong=frozenset(strong), weak=frozenset(weak))


def compare(a: WorkCodeFeatures, b: WorkCodeFeatures, rarity: Rarity) -> Evidence:
    """What speaks for the two being one service, what against, and what bars linking them."""
    same_code = bool(a.code) and a.code == b.code
    name, needs, bars = _name(a, b, rarity, same_code=same_code)
    comparisons = [name]
    if a.code and b.code:
        if same_code:
            comparisons.append(Comparison("code", CODE_BITS, "same code", agrees=True))
        else:
            comparisons.append(Comparison("code", OTHER_CODE_BITS, "other code", agrees=False))
            bars.append("other code")
    if a.price and b.price:
        comparisons.append(_price(a.price, b.price, rarity))
    if a.category and b.category:
        same = a.category == b.category
        bits, words = (CATEGORY_BITS, "same category") if same else (OTHER_CATEGORY_BITS, "other category")
        comparisons.append(Comparison("category", bits, words))
    if a.active != b.active:
        bars.append("one is inactive")
    return Evidence(
        prior=rarity.prior,
        comparisons=tuple(comparisons),
        needs=needs,
        bars=tuple(bars),
        written_alike=a.key == b.key,
    )


def _name(
    a: WorkCodeFeatures, b: WorkCodeFeatures, rarity: Rarity, *, same_code: bool
) -> tuple[Comparison, int, list[str]]:
    """What the names say, how much else must agree, and what bars them."""
    limit = NAME_SURPLUS - rarity.prior
    figures = sum(_bits((f"f:{each}",), rarity) for each in a.figures)
    if a.key == b.key:
        bits = figures + sum(_bits((word_fact(word),), rarity) for word in a.words)
        return Comparison("name", max(LINK_BITS + 1 - rarity.prior, min(bits, limit)), "same name"), 0, []
    aligned = align(a.words, b.words, rarity)
    bits = figures if a.figures == b.figures else 0.0
    for one, other, how in aligned.pairs:
        bits += max(0.0, _bits((word_fact(one), word_fact(other)), rarity) + how.bits)
    bits = min(bits, limit)
    if sorted(a.words) == sorted(b.words) and a.figures == b.figures:
        bits = max(bits, LINK_BITS - rarity.prior)  # each side holds a service once
    bars, told = [], [how.words for _, _, how in aligned.pairs if how.words]
    another = OTHER_WORDS_BITS if same_code else OTHER_SERVICE_BITS
    if a.figures != b.figures:
        bits += another
        bars.append("other numbers or signs in the name")
    if aligned.replaced or not aligned.pairs:
        bits += another
        bars.append("another word in the name")
    if aligned.extra:
        bits += EXTRA_BITS * len(aligned.extra)
        bars.append("a word more in one name")
    if a.soft != b.soft:
        bits += EXTRA_BITS / 2
        told.append("a word more in one name")
    if sorted(a.words) == sorted(b.words) and a.words != b.words:
        bits += ORDER_BITS
        told.append("the same words in another order")
    told = [each for each in dict.fromkeys(told) if each not in bars]
    words = ", ".join(told) or ("" if bars else "same name, written otherwise")
    return (
        Comparison("name", bits, words, agrees=not bars),
        max(1, _needs(how for _, _, how in aligned.pairs)),
        bars,
    )


def _needs(found: Iterable[How]) -> int:
    """An abbreviation or a slip of the pen, and the price or the code: two services differ in more."""
    near = [how for how in found if how is not How.SAME]
    return 2 if len(near) > 2 or {How.MAYBE_SHORT, How.INITIAL, How.LOOSE} & {*near} else 1  # noqa: PLR2004


def _bits(facts_: tuple[str, ...], rarity: Rarity) -> float:
    return min(rarity.bits(fact, at_most=WORD_BITS_MAX) for fact in facts_)


def _price_fact(price: Decimal) -> str:
    return f"$:{price.normalize()}"


def _price(a: Decimal, b: Decimal, rarity: Rarity) -> Comparison:
    if a == b:
        bits = rarity.bits(_price_fact(a), at_most=PRICE_BITS)
        return Comparison("price", bits, "same price", agrees=True)
    low, high = sorted((a, b))
    if low > 0 and high <= PRICE_RATIO_MAX * low:
        return Comparison("price", NEAR_PRICE_BITS, "another price")
    return Comparison("price", OTHER_PRICE_BITS, "quite another price", agrees=False)
