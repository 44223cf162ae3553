"""The states a record, a list, a run and the status line can be in, with what is said of each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from types import SimpleNamespace
from typing import Any

from quickbooks_sync.kinds import KINDS
from quickbooks_sync.models import Connection, Issue, SyncRun
from quickbooks_sync.pages.report import headline, story
from quickbooks_sync.pages.status import Status, line
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.wording.reasons import TITLES, issue_sentence
from quickbooks_sync.wording.standing import (
    Settlement,
    Situation,
    Standing,
    badge,
    sentences,
    settlement,
    situation,
)
from quickbooks_sync.wording.troubles import TROUBLES
from service_genius.companies.models import Company
from service_genius.ui.templatetags.service_genius import invoice_status
from tests.issue_details import DETAILS
from tests.sabotage.guard import ROOT
from tests.said import places

PAGE = ROOT / "docs" / "what-is-said.md"
AMOUNTS = (Decimal(0), Decimal(70), Decimal(234))
NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)

HEAD = """\
# What is said

One row for each state that a record, an invoice in a list, a run, the status line, the connection or a list
without rows can be in, with what is said of it. Nothing here is typed: `python -m tests.said` makes it from
the states, by the functions that pages use (`standing`, `reasons`, `report`, `status`, `empty`). The tests
`test_what_is_said.py` and `test_what_is_said_in_places.py` in `tests/unit/sync/` go over all combinations of
states and hold that no sentence is said outside its situation.
"""


def standings() -> Iterator[Standing]:
    """Every combination of what can be known of a record."""
    switches = product((True, False), repeat=9)
    for connected, there, gone, eligible, removed, held, is_open, waiting, other in switches:
        if gone and not there:
            continue
        reasons = (None, Reason.CHANGED_THERE, Reason.LOOK_ALIKE)
        unlike: tuple[dict[str, Any], ...] = ({}, {"left": ("date",)}, {"apart": ("email",)}, {"kept": True})
        for kind, reason, differing in product(KINDS, reasons, unlike):
            if "apart" in differing and kind.money:
                continue  # of what is paired by a person, ours is sent
            if other and (not there or kind.name != "invoice"):
                continue
            for owed in _owed(kind.name) if there else ({},):
                every = Standing(
                    kind=kind.name,
                    money=kind.money,
                    connected=connected,
                    there=there,
                    gone=gone,
                    eligible=eligible,
                    removed=removed,
                    held=held,
                    reason=reason,
                    open=is_open,
                    waiting=waiting,
                    other_total=other,
                    **differing,
                    **owed,
                )
                yield every
                if not eligible and not kind.wanted(Connection()):
                    yield replace(every, wanted=False)
    yield Standing(kind="customer", here=False, held=True)


def _owed(kind: str) -> Iterable[dict[str, Any]]:
    if kind == "customer":
        return [{"owed_here": AMOUNTS[1], "owed_there": there} for there in AMOUNTS[:2]]
    if kind != "invoice":
        return [{}]
    paid = [{"owed_here": AMOUNTS[2], "owed_there": there} for there in AMOUNTS]
    return [
        *paid,
        *({**each, "paid_there": AMOUNTS[2] - each["owed_there"]} for each in paid[:2]),
        *({**each, "credit": AMOUNTS[2] - each["owed_there"]} for each in paid[:2]),
    ]


def runs() -> Iterator[SyncRun]:
    """Every sort of run, in every state, with all that one can leave."""
    connection = Connection(authorized_at=NOW)
    left: list[dict[str, int]] = [
        {},
        {"apart": 0},
        {"apart": 1},
        *({"apart": 0, name: 2} for name in ("waiting", "left", "money", "changed", "attention")),
        {"apart": 0, "customer.there.created": 2, "invoice.there.updated": 1, "waiting": 1, "attention": 1},
    ]
    question = {"guard": "many_removals", "kind": "customer", "counts": {"removals": 30, "linked": 90}}
    for scope, preview, state in product(SyncRun.Scope, (False, True), SyncRun.State):
        done = state == SyncRun.State.DONE
        for counts in left if done else [{}]:
            yield SyncRun(scope=scope, preview=preview, state=state, counts=counts, question=question)
    for trouble, before in product(TROUBLES, (True, False)):
        yield SyncRun(
            connection=connection,
            scope="sync",
            state="failed",
            trouble=trouble,
            error=TROUBLES[trouble][1],
            finished_at=NOW - timedelta(hours=1) if before else NOW + timedelta(hours=1),
        )
    yield SyncRun(scope="sync", state="queued", waiting_for="QuickBooks cannot be reached just now")
    yield SyncRun(scope="sync", state="running", cancel_asked=True)


def statuses() -> Iterator[Status]:
    """All that the line at the foot of the menu can be made of."""
    for state in Connection.State:
        yield Status(state=state)
    connected = Connection.State.CONNECTED
    yield Status(state=connected, ends_on="Mar 30, 2026")
    yield Status(state=connected, at_work="Sync is running")
    yield Status(state=connected, at_work="Sync has a question", asks=True)
    yield Status(state=connected, last="failed", name="Sync")
    yield Status(state=connected, last="over", name="Sync")
    for waits, needs in product((0, 1, 2), (0, 1, 2)):
        yield Status(state=connected, last="done", when="5:05 PM", changes=3, waits=waits, needs=needs)


def invoices() -> Iterator[SimpleNamespace]:
    """Invoices as a list knows them: what is paid here, and in QuickBooks alone."""
    total = AMOUNTS[2]
    for voided, paid, covered, days in product((False, True), AMOUNTS, AMOUNTS, (-1, 1)):
        if paid + covered <= total:
            due = date(2026, 3, 2) + timedelta(days=days)
            owed = Decimal(0) if voided else total - paid - covered
            yield SimpleNamespace(voided=voided, paid=paid, covered=covered, owed=owed, due_date=due)


def status_of(invoice: SimpleNamespace) -> str:
    return invoice_status(invoice, date(2026, 3, 2), "QuickBooks")["label"]


def sentence_of(reason: Reason) -> str:
    connection = Connection(company=Company(currency="USD"))
    return issue_sentence(Issue(connection=connection, reason=reason, details=DETAILS[reason]))


def page() -> str:
    """The whole page."""
    return "\n".join(
        [
            HEAD,
            _table(
                "A record: its panel and its badge",
                ("Content", "Paid or owed", "Badge", "What is said"),
                _records(),
            ),
            _table("What needs somebody", ("Reason", "Title", "What is said"), _reasons()),
            _table("An invoice in a list", ("State", "What is said"), _invoices()),
            _table("A run", ("Run", "State", "Headline", "What is said"), _runs()),
            _table("The status line", ("State", "What is said"), _lines()),
            _table("Beside the sync under Settings", ("State", "Badge"), places.settings_rows()),
            _table(
                "In place of a sync: not connected, or not finished",
                ("State", "Seen by", "What is said"),
                places.card_rows(),
            ),
            _table("A list without rows", ("List", "Heading", "What is said"), places.empty_rows()),
        ]
    )


def _records() -> Iterable[Sequence[str]]:
    found: dict[tuple[Situation, Settlement], Standing] = {}
    for standing in standings():
        found.setdefault((situation(standing), settlement(standing)), standing)
    by_an_issue = {Situation.NEEDS_YOU, Situation.CHANGED_THERE}
    for content, paid in sorted(
        found, key=lambda key: (list(Situation).index(key[0]), list(Settlement).index(key[1]))
    ):
        told = " ".join(sentences(found[content, paid]))
        if content in by_an_issue:
            told = f"(what its reason says, see below) {told}".strip()
        yield content, paid, badge(found[content, paid])[0], told


def _reasons() -> Iterable[Sequence[str]]:
    return ((reason, TITLES[reason], sentence_of(reason)) for reason in Reason)


def _invoices() -> Iterable[Sequence[str]]:
    told: dict[str, list[str]] = {}
    for each in invoices():
        due = "due" if each.due_date > date(2026, 3, 2) else "past due"
        void = "void, " if each.voided else ""
        told.setdefault(status_of(each), []).append(
            f"{void}{each.paid} paid here and {each.covered} there of 234, {due}"
        )
    return (("; ".join(states), label) for label, states in told.items())


def _runs() -> Iterable[Sequence[str]]:
    for run in runs():
        name = f"{'Preview of ' if run.preview else ''}{run.get_scope_display()}"
        counts = ", ".join(f"{name} {number}" for name, number in run.counts.items())
        state = " ".join(filter(None, [run.state, run.trouble, f"({counts})" if counts else ""]))
        yield name, state, headline(run), story(run)


def _lines() -> Iterable[Sequence[str]]:
    for status in statuses():
        told = line(status)
        state = ", ".join(
            f"{name} {value}"
            for name, value in vars(status).items()
            if value and name not in {"when", "name"}
        )
        yield state, told.text if told is not None else "(no line)"


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = dict.fromkeys(f"| {' | '.join(each)} |" for each in rows)
    return "\n".join([f"## {title}\n", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *lines, ""])
