"""What is known of two records, thing by thing: each weighs so many bits, and is told in words.

A bit for their being the same makes that twice as likely, one against half as likely (Fellegi and Sunter,
1969). Bars are not outweighed: two that differ in what tells names apart are never linked by themselves.
"""

from dataclasses import dataclass

#: So many bits in sum, and two may be linked by themselves.
LINK_BITS = 10.0
#: So many, and a person is asked.
ASK_BITS = 0.0
#: A bar weighs so much when two compete for a third: the true pair is not pushed away by a near one.
BAR_BITS = 8.0
#: What tells two apart by design, a number or a side, puts a question so far behind those that lack it.
APART_BITS = 40.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing that both have."""

    about: str
    """A field, as `wording` names it: name, phone, email, address, parent, code, price."""
    bits: float
    words: str
    """For a person, in the middle of a sentence: "same phone"."""
    agrees: bool | None = None
    """Whether it would be a reason by itself for or against; None: it says little."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of two records."""

    prior: float
    """Bits before anything is compared; below zero."""
    comparisons: tuple[Comparison, ...]
    needs: int = 0
    """How many other things must agree before two with these names are linked by themselves."""
    bars: tuple[str, ...] = ()
    """Hard contradictions, in words."""
    apart: bool = False
    """Whether one of the bars is what names are told apart by: numbers, sides, generations, forms, units."""
    written_alike: bool = False
    """Whether both have one name, written alike, at one place: the other side cannot take it again."""

    @property
    def bits(self) -> float:
        return self.prior + sum(each.bits for each in self.comparisons)

    @property
    def standing(self) -> float:
        """How near the two are when they compete with others."""
        return self.bits - (BAR_BITS if self.bars else 0)

    @property
    def likeness(self) -> float:
        """How likely it is, beside other questions: 1/2 is hardly ever meant for 12, whatever else agrees."""
        return self.standing - (APART_BITS if self.apart else 0)

    @property
    def agreeing(self) -> int:
        """How many things beside the name would be a reason for, each by itself."""
        return sum(each.agrees is True for each in self.comparisons if each.about != "name")

    @property
    def against(self) -> int:
        """How many would be a reason against."""
        return sum(each.agrees is False for each in self.comparisons if each.about != "name")

    @property
    def is_certain(self) -> bool:
        """Whether the two may be linked by themselves, if nothing else comes near."""
        if self.bars or self.bits < LINK_BITS:
            return False
        if self.needs > 1 and self.against:
            return False
        return self.agreeing >= max(self.needs, self.against)

    @property
    def is_plausible(self) -> bool:
        """Whether a person should look at the two: also where one name stops either from being made there."""
        if self.written_alike:
            return True
        if self.bars and not self.agreeing:
            return False  # names alike but for what tells two apart, and nothing else that they share
        return self.bits >= ASK_BITS

    @property
    def told(self) -> str:
        """All of it in words, the weightiest first."""
        ordered = sorted(self.comparisons, key=lambda each: (-abs(each.bits), each.about))
        words = (each.words for each in ordered if each.words and each.words not in self.bars)
        return "; ".join([*self.bars, *words])
