"""What a push of books costs, counted by QuickBooks; `make bench` does the same with many more records."""

import pytest

from benchmarks.contest import Size, cost_of, duplicates, filled_world, missing
from benchmarks.engine import Engine
from tests.simulation.world import InProcessEmulator

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = Size(customers=300)
#: QuickBooks itself, and its lists; then what changed, the numbers and days of what is to be sent.
READING_CALLS = 4


def test_a_push_takes_full_batches_and_no_429_and_leaves_nothing_twice(emulator: InProcessEmulator) -> None:
    with filled_world(emulator, SIZE) as world:
        engine = Engine(world)

        cost = cost_of(world, engine.push)

        assert cost.calls == SIZE.fewest_calls + READING_CALLS
        assert cost.throttled == 0
        assert engine.road.most_in_flight <= 10
        assert missing(world) == 0
        assert not any(duplicates(world).values())
