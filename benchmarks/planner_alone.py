"""How fast the planner decides: pairs of customers, settled and perturbed, and nothing else."""

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

from quickbooks_sync.planner.actions import AdvanceBaseline, CreateThere, UpdateThere
from quickbooks_sync.planner.decide import Here, Pair, Policy, There, decide
from quickbooks_sync.planner.records import CustomerRecord, Encoded, encode

from .results import Figure

SORTS = 1000


def measure(pairs: int) -> Iterator[Figure]:
    ready = list(islice(_pairs(), SORTS))
    policy = Policy()
    expected = {type(decide(pair, policy)) for pair in ready}
    if not {AdvanceBaseline, CreateThere, UpdateThere} <= expected:
        raise RuntimeError(f"the pairs are of one sort: {expected}")
    started = time.perf_counter()
    for pair in islice(cycle(ready), pairs):
        decide(pair, policy)
    seconds = time.perf_counter() - started
    group = f"The planner alone, {pairs:,} pairs"
    yield Figure(group=group, name="time", value=seconds, unit="s")
    yield Figure(group=group, name="speed", value=pairs / seconds, unit="pairs a second")


def _pairs() -> Iterator[Pair]:
    """Unchanged, edited here, edited there, edited on both sides, new here; in turn."""
    number = 0
    while True:
        record = _record(number)
        settled = Pair(
            money=False,
            linked=True,
            here=Here(record=record),
            there=There(record=record),
            here_baseline=record,
            there_baseline=record,
        )
        mine = Here(record={**record, "notes": "Gate code 4711"})
        theirs = There(record={**record, "phone": "(555) 010-2030"})
        yield settled
        yield replace(settled, here=mine)
        yield replace(settled, there=theirs)
        yield replace(settled, here=mine, there=theirs)
        yield Pair(money=False, linked=False, here=Here(record=record), there=None)
        number += 1


def _record(number: int) -> Encoded:
    values: dict[str, Any] = {
        "display_name": f"Customer {number:06d}",
        "email": f"customer{number}@example.com",
        "phone": f"(555) {number:03d}-0000",
    }
    return encode(CustomerRecord(**values))
