"""COVERAGE.md, made from the code it speaks of.

`python -m qbo_emulator.tools.coverage > src/qbo_emulator/COVERAGE.md` writes it; a test holds the file to it.
Entities, switches, fault codes, kinds of faults and the tax table are read from where they act; the claims
stand in `ground.claims`.
"""

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields

from qbo_emulator.api.injection import KINDS
from qbo_emulator.entities import ENTITIES
from qbo_emulator.entities.definition import Entity
from qbo_emulator.entities.others import OTHERS
from qbo_emulator.entities.tax_table import BY_STATE, BY_ZIP
from qbo_emulator.ground import refusals
from qbo_emulator.ground.claims import ENTITIES_SAID, RULES, SWITCHES_SAID
from qbo_emulator.ground.settings import CHOICES, Latency, Settings

INTRODUCTION = """\
# What the emulator covers

Made by `python -m qbo_emulator.tools.coverage`; a test holds this page to the code.

**faithful**: behaves as recorded or documented.
**approximate**: the shape is right, a detail is chosen by us.
**absent**: not there; a client that needs it gets a fault, never a made-up success.
**ours**: for development only.
Sources are sections of [quickbooks-facts.md](../../docs/quickbooks-facts.md): A OAuth, B REST, C limits,
D queries, E entities, F batch, G change data capture, H traps, K reports. Tests cite the same.
Where nobody knows for certain, the rule is a switch, and its default asks more of a client.
"""
OTHER_ENTITIES = """\
All of them are read and queried.

Stored by the general rules alone (facts E1: Id, SyncToken, times, sparse updates, no-op, delete; a date, a
total of the lines, closed books): {stored}. Their members and references are not checked, and no balance
moves. A bill payment is voided, a purchase order sent (facts B1); `CreditCardPayment` is
`CreditCardPaymentTxn` in JSON.
A `RecurringTransaction` holds its form inside, with Id and SyncToken; what it would enter, it never does.

Loaded by the control plane, read and queried, never written: {loaded}.
Any other name: only `load` and `dump`.
"""
FAULTS = """\
`error_after`, `reply_lost` and `truncated` do what was asked, `late_commit` drops the connection and does it
after `seconds`; all the others that end a call leave it undone. In process, where there is no connection to
break, a broken one is answered with 504 and an empty body. Faults, counters and the log live in memory.
"""


def text() -> str:
    stored = ", ".join(entity.name for entity in OTHERS if entity.complete is not None)
    loaded = ", ".join(entity.name for entity in OTHERS if entity.complete is None)
    parts = [INTRODUCTION]
    for area, rules in RULES.items():
        rows = ((rule.what, rule.state, rule.source, rule.note) for rule in rules)
        parts += _section(area, ("What", "State", "Source", "Note"), rows)
    parts += _section(
        "Entities", ("Entity", "Writes", "Change data capture", "Source", "What differs"), _entities()
    )
    parts.append(OTHER_ENTITIES.format(stored=stored, loaded=loaded))
    parts += _section("Switches", ("Switch", "Values, the default first", "Decides", "Source"), _switches())
    parts.append("## Fault codes it can give\n")
    parts.append(f"{', '.join(map(str, fault_codes()))}; gateway: 3001, 3100, 3200, 6002.\n")
    parts.append("## Faults on request\n")
    parts.append(f"{', '.join(f'`{kind}`' for kind in KINDS)}.\n")
    parts.append(FAULTS)
    parts += _section("Automated sales tax, percent", ("ZIP code or state", "Rates"), _rates())
    return "\n".join(parts)


def _section(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"## {title}\n"
    yield _row(head)
    yield _row(tuple("---" for _ in head))
    yield from map(_row, rows)
    yield ""


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _entities() -> Iterator[tuple[str, ...]]:
    for entity in ENTITIES:
        if entity not in OTHERS:
            source, differs = ENTITIES_SAID[entity.name]
            yield (
                entity.name,
                _writes(entity),
                "yes" if entity.in_change_data_capture else "no",
                source,
                differs,
            )


def _writes(entity: Entity) -> str:
    if entity.complete is None:
        return "no"
    can = {
        "create": entity.creatable,
        "update": entity.updatable,
        "void": entity.void is not None,
        "delete": entity.deletable,
    }
    return ", ".join(operation for operation, allowed in can.items() if allowed)


def _switches() -> Iterator[tuple[str, ...]]:
    for one in fields(Settings):
        decides, source = SWITCHES_SAID[one.name]
        yield f"`{one.name}`", _values(one.name), decides, source


def _values(name: str) -> str:
    default = getattr(Settings(), name)
    if isinstance(default, Latency):
        return ", ".join(f"`{one.name}`" for one in fields(Latency))
    if isinstance(default, bool):
        return f"{str(default).lower()}, {str(not default).lower()}"
    others = (value for value in CHOICES.get(name, ()) if value != default)
    return ", ".join([str(default), *others])


def fault_codes() -> list[int]:
    source = inspect.getsource(refusals)
    found = re.findall(r'refusal\(\s*(\d+)|code="(\d+)"|else (\d+)', source)
    return sorted({int(code) for codes in found for code in codes if code})


def _rates() -> Iterator[tuple[str, str]]:
    for table in (BY_ZIP, BY_STATE):
        for place, rates in table.items():
            yield place, " + ".join(map(str, rates))


if __name__ == "__main__":
    print(text(), end="")  # noqa: T201  the page is what this is for
