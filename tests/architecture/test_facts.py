"""Whatever cites what is known of QuickBooks leads to docs/quickbooks-facts.md, and is found there.

One form only: the word "facts" and the ids of sections, as in `(facts B6)` or `Facts E1 to E3, G: ...`.
"""

import re
from pathlib import Path

from qbo_emulator.ground.claims import ENTITIES_SAID, RULES, SWITCHES_SAID
from tests.architecture.test_repository import ROOT, lines_with, tracked

DOCUMENT = ROOT / "docs" / "quickbooks-facts.md"
COVERAGE = ROOT / "src" / "qbo_emulator" / "COVERAGE.md"
HEADING = re.compile(r"^#{2,3} (([A-K]\d{0,2})\. .+)$", re.MULTILINE)
SECTIONS = r"[A-K]\d{0,2}\b(?:(?:, | to )[A-K]\d{0,2}\b)*"
CITATION = re.compile(rf"\b[Ff]acts ({SECTIONS})")
# Sections without the word, where a docstring, a part of a sentence or a bracket begins.
BARE = re.compile(rf'("""|# |[;:.] |\()({SECTIONS})(?<=\d)[:;.,)]|"""([A-K]|\d(\.\d)?)[:;,](?!\d)')
# In pieces, so that this file does not hold what it looks for.
ELSEWHERE = ["qbo-" + "facts", "acts" + "-2", "2" + r"nd \d", r"\(?des" + r"ign, \d", "faults" + "-2"]
ELSEWHERE += [r"\brules" + r"-2\b", "reci" + "pes", "house" + "-style"]
# Switches that say how the emulator is used, or stand for something known.
NO_QUESTION = {"latency", "limits", "seed", "clients", "fault_language", "answers_without_accept"}
NO_QUESTION |= {"monthly_reads", "time_out_seconds", "closed_books", "discovery_hosts", "premium_scopes"}


def sections() -> list[str]:
    return [found[2] for found in HEADING.finditer(DOCUMENT.read_text())]


def cited(text: str) -> set[str]:
    return {each for found in CITATION.finditer(text) for each in re.split(r", | to ", found[1])}


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_section_has_an_id_of_its_own_and_stands_in_the_contents() -> None:
    text = DOCUMENT.read_text()
    headings = {found[1] for found in HEADING.finditer(text)}
    links = set(re.findall(r"\[([^]]+)\]\(#([^)]+)\)", text))
    assert len(sections()) == len(set(sections()))
    assert {(each, anchor(each)) for each in headings} <= links
    assert {there for _, there in links} == {anchor(each) for each in headings}


def test_every_citation_leads_to_a_section() -> None:
    known, found = set(sections()), set()
    for path in _texts():
        here = cited(path.read_text())
        assert here <= known, f"{path.relative_to(ROOT)}: no section of quickbooks-facts.md"
        found |= here
    assert {"B6", "E10", "G"} <= found, "citations are not recognised any more"


def test_every_source_of_the_emulators_coverage_is_a_section() -> None:
    sources = [rule.source for rules in RULES.values() for rule in rules]
    sources += [source for source, _ in ENTITIES_SAID.values()]
    sources += [source for _, source in SWITCHES_SAID.values()]
    assert {each for source in sources for each in source.split(", ")} <= {*sections(), "-"}


def test_there_is_one_form_of_citations() -> None:
    code = [path for path in _texts() if path.suffix in {".py", ".lark"}]
    assert lines_with(BARE, code) == [], "Write `(facts B6)`, or `Facts B6: ...` at the beginning."


def test_nothing_is_cited_that_is_not_in_the_repository() -> None:
    pattern = re.compile("|".join(ELSEWHERE))
    assert lines_with(pattern, tracked()) == [], "Cite quickbooks-facts.md, guarantees.md, a decision record."


def test_every_open_question_has_its_switch_with_the_values_it_has() -> None:
    has = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", COVERAGE.read_text(), re.MULTILINE))
    said = dict(re.findall(r"\| `(\w+)`: ([^|]+) \|$", DOCUMENT.read_text(), re.MULTILINE))
    assert said == {name: has[name] for name in SWITCHES_SAID if name not in NO_QUESTION}


def _texts() -> list[Path]:
    return [path for path in tracked(".py", ".md", ".lark", ".html", ".js", ".mjs") if path != DOCUMENT]
