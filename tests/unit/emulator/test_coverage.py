"""COVERAGE.md says what the code does, of everything that is there, and cites what tests cite."""

import re
from dataclasses import fields
from importlib.resources import files
from pathlib import Path

from qbo_emulator.entities import ENTITIES
from qbo_emulator.entities.others import OTHERS
from qbo_emulator.ground.claims import ENTITIES_SAID, RULES, SWITCHES_SAID
from qbo_emulator.ground.settings import CHOICES, Settings
from qbo_emulator.tools import coverage

TESTS = Path(__file__).resolve().parents[2]
SECTION = re.compile(r"\b([A-HK]\d{0,2})\b")


def test_the_page_is_made_from_the_code() -> None:
    page = files("qbo_emulator").joinpath("COVERAGE.md").read_text()
    assert page == coverage.text(), (
        "Run: python -m qbo_emulator.tools.coverage > src/qbo_emulator/COVERAGE.md"
    )


def test_every_entity_and_every_switch_is_spoken_of() -> None:
    assert ENTITIES_SAID.keys() == {entity.name for entity in ENTITIES} - {one.name for one in OTHERS}
    assert SWITCHES_SAID.keys() == {one.name for one in fields(Settings)}
    assert CHOICES.keys() <= SWITCHES_SAID.keys()


def test_the_manual_names_every_setting_of_the_wire() -> None:
    manual = TESTS.parent.joinpath("docs", "emulator.md").read_text()
    rules_of_the_books = re.compile(r"[DE]\d")
    wire = {name for name, (_, source) in SWITCHES_SAID.items() if not rules_of_the_books.search(source)}
    assert {name for name in wire - {"closed_books"} if f"`{name}`" not in manual} == set()


def test_every_claim_cites_a_section_that_a_test_cites() -> None:
    cited = set()
    for path in [*TESTS.joinpath("contract").glob("*.py"), *TESTS.joinpath("unit", "emulator").glob("*.py")]:
        cited |= set(SECTION.findall(" ".join(re.findall(r'"""(.*?)"""', path.read_text(), re.DOTALL))))
    claimed = {
        section
        for rules in RULES.values()
        for rule in rules
        if rule.state in {"faithful", "approximate"}
        for section in SECTION.findall(rule.source)
    }
    assert claimed - cited == set()
