"""Two whole lists: what is the same on both sides, what a person is asked about."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from quickbooks_sync.planner.records import CustomerRecord, WorkCodeRecord

from . import candidates, comparing, work_codes
from . import keys as customer_keys
from .deciding import Decided, decide
from .evidence import Evidence
from .features import Features, of_customer
from .keys import Keys
from .rarity import Rarity, of_lists
from .work_codes import WorkCodeFeatures

F = TypeVar("F")
H = TypeVar("H", bound=Hashable)
T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Matching(Generic[F]):
    """How the records of one list are compared with those of the other side."""

    features: Callable[[Any, str], F]
    """What is compared of a record, and of the name of the group that it stands in, if there is one."""
    keys: Callable[[F], Keys]
    """Under what it is found."""
    facts: Callable[[F], set[str]]
    """What of it may be common or rare."""
    compare: Callable[[F, F, Rarity], Evidence]

    def found(self, here: Mapping[H, F], there: Mapping[T, F]) -> list[tuple[H, T]]:
        """Which are worth comparing."""
        return list(
            candidates.pairs(
                {one: self.keys(features) for one, features in here.items()},
                {other: self.keys(features) for other, features in there.items()},
            )
        )

    def decided(
        self, here: Mapping[H, F], there: Mapping[T, F], found: Iterable[tuple[H, T]], rarity: Rarity
    ) -> list[Decided[H, T]]:
        """Links and questions among these."""
        return decide((one, other, self.compare(here[one], there[other], rarity)) for one, other in found)

    def match(self, here: Mapping[H, F], there: Mapping[T, F]) -> list[Decided[H, T]]:
        """Links and questions between two lists of which nothing is linked yet, each by an id of its side."""
        rarity = of_lists(map(self.facts, here.values()), map(self.facts, there.values()))
        return self.decided(here, there, self.found(here, there), rarity)


def _customer(record: CustomerRecord, group: str) -> Features:  # noqa: ARG001 - customers stand in no group
    return of_customer(record)


def _work_code(record: WorkCodeRecord, group: str) -> WorkCodeFeatures:
    return work_codes.of_work_code(record, category=group)


CUSTOMERS = Matching(
    features=_customer, keys=customer_keys.of_customer, facts=comparing.facts, compare=comparing.compare
)
WORK_CODES = Matching(
    features=_work_code, keys=work_codes.keys, facts=work_codes.facts, compare=work_codes.compare
)
