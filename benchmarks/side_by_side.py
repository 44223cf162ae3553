"""The same books brought to the same emulator in virtual time: calls, minutes, 429s, duplicates."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.simulation.world import InProcessEmulator, VirtualWorld, new_emulator

from .contest import Cost, Size, change_fifty, cost_of, duplicates, filled_world, missing
from .engine import Engine
from .results import Figure
from .rivals import BatchScript, Script
from .virtual import Losses, OneAtATime

#: From one working day to the next.
NIGHT_SECONDS = 16 * 3600
#: No socket is opened: the adapter of the session answers.
ADDRESS = "https://127.0.0.1:1/v3"
#: A loss says the same of fewer books.
LOSS_SHARE = 10
LOSS_CUSTOMERS_MIN = 300
ENGINE = "Service Genius"
#: What a good developer may write with python-quickbooks.
SCRIPTS: dict[str, tuple[type[Script], bool]] = {
    "one by one": (Script, False),
    "with request ids": (Script, True),
    "its batches": (BatchScript, False),
}


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What QuickBooks does where the company decides, or where nobody knows for certain."""

    name: str
    numbers_checked: bool = True
    batch_request_ids: str = "honoured"


RULES = (
    Rules(name="invoice numbers are checked"),
    Rules(name="numbers not checked", numbers_checked=False),
    Rules(
        name="numbers not checked, nor request ids of batches",
        numbers_checked=False,
        batch_request_ids="ignored",
    ),
)


def measure(size: Size) -> Iterator[Figure]:
    emulator = new_emulator()
    push = f"Push of {size.records:,} records, in virtual time with QuickBooks' limits"
    yield Figure(group=push, who="fewest possible", name="calls", value=size.fewest_calls, unit="")
    yield Figure(group=push, who="fewest possible", name="minutes", value=size.fewest_minutes, unit="")
    for who in (ENGINE, *SCRIPTS):
        yield from _days(emulator, size, push, who)
    fewer = Size(customers=max(size.customers // LOSS_SHARE, LOSS_CUSTOMERS_MIN))
    for rules in RULES:
        for who in (ENGINE, *SCRIPTS):
            yield from _losses(emulator, fewer, rules, who)
    emulator.application.extensions["gateway"].store.close()


def _days(emulator: InProcessEmulator, size: Size, push: str, who: str) -> Iterator[Figure]:
    with filled_world(emulator, size) as world:
        contender: Any = Engine(world) if who == ENGINE else _script(world, who)
        yield from _figures(push, who, cost_of(world, contender.push))
        if who == ENGINE:
            most = contender.road.most_in_flight
            yield Figure(group=push, who=who, name="most in flight", value=most, unit="")
        yield Figure(group=push, who=who, name="missing", value=missing(world), unit="")
        yield Figure(group=push, who=who, name="twice", value=sum(duplicates(world).values()), unit="")
        for group in ("The next day, nothing new", "A quiet day after that"):
            world.clock.sleep(NIGHT_SECONDS)
            yield from _figures(group, who, cost_of(world, contender.daily))
        world.clock.sleep(NIGHT_SECONDS)
        change_fifty(world)
        yield from _figures("A day with 50 changes", who, cost_of(world, contender.daily))
        if wrong := missing(world) + sum(duplicates(world).values()):
            raise RuntimeError(f"{who}: {wrong} records are missing or twice after the changes")


def _losses(emulator: InProcessEmulator, size: Size, rules: Rules, who: str) -> Iterator[Figure]:
    """The answers to three calls are lost after QuickBooks has committed them, one in each wave."""
    group = f"Push of {size.records:,} records, three answers lost; {rules.name}"
    mode = rules.batch_request_ids
    with filled_world(emulator, size, request_ids=mode, check_numbers=rules.numbers_checked) as world:
        losses = Losses(Customer=size.customers, Invoice=size.invoices, Payment=size.payments)
        if who == ENGINE:
            engine = Engine(world)
            engine.lose_answers(size)
            cost, lost = cost_of(world, engine.push), engine.answers_lost
        else:
            cost, lost = cost_of(world, _script(world, who, losses).push), losses.met
        if lost != len(size.batches):
            raise RuntimeError(f"{who}: {lost} answers were lost")
        for entity, number in duplicates(world).items():
            yield Figure(group=group, who=who, name=f"{entity}s twice", value=number, unit="")
        yield Figure(group=group, who=who, name="missing", value=missing(world), unit="")
        yield Figure(group=group, who=who, name="calls", value=cost.calls, unit="")
        yield Figure(group=group, who=who, name="minutes", value=cost.minutes, unit="")


def _script(
    world: VirtualWorld, who: str, is_lost: Callable[[str, bytes], bool] = lambda _url, _body: False
) -> Script:
    script, request_ids = SCRIPTS[who]
    return script(
        company=world.company,
        url=ADDRESS,
        realm=world.realm,
        grant=lambda: str(world.emulator.grant(world.realm)["access_token"]),
        adapter=OneAtATime(client=world.emulator.client, clock=world.clock, is_lost=is_lost),
        sleep=world.clock.sleep,
        now=world.clock.utc,
        request_ids=request_ids,
    )


def _figures(group: str, who: str, cost: Cost) -> Iterator[Figure]:
    yield Figure(group=group, who=who, name="calls", value=cost.calls, unit="")
    yield Figure(group=group, who=who, name="minutes", value=cost.minutes, unit="")
    yield Figure(group=group, who=who, name="metered reads", value=cost.metered_reads, unit="")
    yield Figure(group=group, who=who, name="429s", value=cost.throttled, unit="")
