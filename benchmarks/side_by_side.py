"""The same books brought to the same emulator, in virtual time: calls, minutes, reads, 429s."""

from collections.abc import Iterator

from tests.simulation.world import InProcessEmulator, new_emulator

from .contest import Cost, Size, change_fifty, duplicates, filled_world, missing
from .engine import NAME, Engine
from .results import Figure


def measure(size: Size) -> Iterator[Figure]:
    emulator = new_emulator()
    push = f"Push of {size.records:,} records, in virtual time with QuickBooks' limits"
    yield Figure(group=push, who="fewest", name="calls", value=size.fewest_calls, unit="")
    yield Figure(group=push, who="fewest", name="minutes", value=size.fewest_minutes, unit="")
    yield from _days(emulator, size, push)
    emulator.application.extensions["gateway"].store.close()


def _days(emulator: InProcessEmulator, size: Size, push: str) -> Iterator[Figure]:
    with filled_world(emulator, size) as world:
        engine = Engine(world)
        yield from _figures(push, NAME, engine.push())
        yield Figure(group=push, who=NAME, name="most in flight", value=engine.road.most_in_flight, unit="")
        yield Figure(group=push, who=NAME, name="twice", value=sum(duplicates(world).values()), unit="")
        yield Figure(group=push, who=NAME, name="missing", value=missing(world), unit="")
        engine.sleep()
        yield from _figures("The next day, nothing new", NAME, engine.daily())
        engine.sleep()
        yield from _figures("A quiet day after that", NAME, engine.daily())
        engine.sleep()
        change_fifty(world)
        yield from _figures("A day with 50 changes", NAME, engine.daily())


def _figures(group: str, who: str, cost: Cost) -> Iterator[Figure]:
    yield Figure(group=group, who=who, name="calls", value=cost.calls, unit="")
    yield Figure(group=group, who=who, name="minutes", value=cost.minutes, unit="")
    yield Figure(group=group, who=who, name="metered reads", value=cost.metered_reads, unit="")
    yield Figure(group=group, who=who, name="429s", value=cost.throttled, unit="")
