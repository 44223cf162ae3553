"""The contest: FEBRL4, FEBRL4 with spouses, a messy company, its price list, and lists of 10,000.

Weights and thresholds are those of the product. Its rules were developed with these lists in view, so what is
measured here compares, and shows what a change costs; it is no estimate for other lists.
"""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.results import Figure
from quickbooks_sync.planner.matching import lists
from quickbooks_sync.planner.matching.deciding import Verdict
from quickbooks_sync.planner.matching.work_codes import of_work_code

from . import messy, messy_services
from .scores import Score, score

ROOT = Path(__file__).resolve().parents[2]
ROOM = ROOT / ".venv" / "matching"
LOCKED = ROOT / "requirements" / "matching.txt"
SPOUSES, SPOUSES_SEED = 500, 13
LARGE = 10_000
OURS, SPLINK, RATIO = "Service Genius", "Splink", "token ratio"

Lists = dict[str, dict[str, dict[str, str]]]


def measure(*, large: int = LARGE) -> Iterator[Figure]:
    """All of it; the yardsticks are installed at the first time."""
    _install()
    febrl = json.loads(_run(ROOM / "bin" / "python", "yardsticks.py", "data"))
    true = {key: key.replace("-org", "-dup-0") for key in febrl["here"]}
    yield from _compared("FEBRL4, 5,000 people and their damaged copies", febrl, true)
    with_spouses, left = spouses(febrl, true)
    yield from _compared(f"FEBRL4, {SPOUSES} of the copies an invented spouse", with_spouses, left)
    company = messy.company(seed=1)
    yield from _messy("A messy company, 300 customers a side", company)
    yield from _messy(
        f"{large:,} customers a side",
        messy.company(seed=2, customers=large, pairs=large * 7 // 10, trap_rounds=large // 100),
    )
    yield from _services()


def spouses(febrl: Lists, true: Mapping[str, str]) -> tuple[Lists, dict[str, str]]:
    """Copies replaced by somebody who lives there, has that phone and family name, and another given name."""
    random = Random(SPOUSES_SEED)
    here, there, left = febrl["here"], dict(febrl["there"]), dict(true)
    given = sorted({row["given_name"] for row in here.values() if row["given_name"]})
    whole = sorted(key for key, row in here.items() if row["given_name"] and row["surname"])
    for key in random.sample(whole, SPOUSES):
        other = random.choice([name for name in given if name[0] != here[key]["given_name"][0]])
        there[left.pop(key)] = {**here[key], "given_name": other}
    return {"here": here, "there": there}, left


def _compared(group: str, people: Lists, true: Mapping[str, str]) -> Iterator[Figure]:
    records = {side: {key: _customer(row) for key, row in rows.items()} for side, rows in people.items()}
    yield from _figures(group, OURS, json.loads(_ours(records)), true)
    for who, what in ((SPLINK, "splink"), (RATIO, "ratio")):
        found = _run(ROOM / "bin" / "python", "yardsticks.py", what, told=json.dumps(people))
        yield from _figures(group, who, json.loads(found.splitlines()[-1]), true)


def _customer(row: Mapping[str, str]) -> dict[str, str]:
    return {
        "display_name": f"{row['given_name']} {row['surname']}".strip() or "?",
        "given_name": row["given_name"],
        "family_name": row["surname"],
        "phone": row["soc_sec_id"],
        "billing_street": row["street"],
        "billing_city": row["suburb"],
        "billing_postal_code": row["postcode"],
    }


def _messy(group: str, company: messy.Messy) -> Iterator[Figure]:
    records = {
        side: {key: asdict(record) for key, record in rows.items()}
        for side, rows in (("here", company.here), ("there", company.there))
    }
    yield from _figures(group, OURS, json.loads(_ours(records)), company.true, company.traps)


def _services() -> Iterator[Figure]:
    company = messy_services.company(seed=1)
    here, there = (
        {key: of_work_code(record) for key, record in side.items()} for side in (company.here, company.there)
    )
    decided = lists.WORK_CODES.match(here, there)
    pairs = {
        verdict: [(each.here, each.there) for each in decided if each.verdict is verdict]
        for verdict in Verdict
    }
    made = score(linked=pairs[Verdict.LINK], asked=pairs[Verdict.ASK], true=company.true, traps=company.traps)
    yield from _of_score("A messy price list, 300 services a side", OURS, made)


def _figures(
    group: str, who: str, found: Mapping[str, Any], true: Mapping[str, str], traps: Collection[str] = ()
) -> Iterator[Figure]:
    linked, asked = ([tuple(pair) for pair in found.get(name, ())] for name in ("links", "asked"))
    yield from _of_score(group, who, score(linked=linked, asked=asked, true=true, traps=traps))
    yield Figure(group=group, name="processor", value=found["seconds"], unit="s", who=who)
    yield Figure(group=group, name="memory", value=found["mb"], unit="MB", who=who)


def _of_score(group: str, who: str, made: Score) -> Iterator[Figure]:
    for name, value in (
        ("linked, right", made.right),
        ("linked, wrong", len(made.wrong)),
        ("asked", made.asked),
        ("neither", len(made.missed)),
        ("needless questions", len(made.needless)),
    ):
        yield Figure(group=group, name=name, value=value, unit="", who=who)


def _ours(records: Mapping[str, Any]) -> str:
    return _run(Path(sys.executable), "-m", "benchmarks.matching.ours", told=json.dumps(records))


def _run(python: Path, *what: str, told: str = "") -> str:
    program = [str(Path(__file__).parent / part) if part.endswith(".py") else part for part in what]
    ended = subprocess.run(
        (python, *program), input=told, stdout=subprocess.PIPE, check=True, text=True, cwd=ROOT
    )
    return ended.stdout


def _install() -> None:
    """Splink and recordlinkage, apart from what the product needs."""
    if not (ROOM / "bin" / "python").exists():
        subprocess.run((sys.executable, "-m", "venv", ROOM), check=True)
    uv = Path(sys.executable).parent / "uv"
    install = (uv, "pip", "install", "--quiet", "--require-hashes", "-r", LOCKED)
    subprocess.run(install, check=True, env={**os.environ, "VIRTUAL_ENV": str(ROOM)})
