"""Ask QuickBooks so that what it refuses costs one record, or one list, and never the run.

A refused question is asked again in smaller ones. What is left is noted in `session.unread`: the run goes on
without it and says so in QuickBooks' words, and the next one looks at the same time again. Lost connections
and tokens are no refusals: they are the caller's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from qbo.answers import Changes
from qbo.errors import Missing, Refused
from qbo.payload import escape
from quickbooks_sync.kinds import KIND_OF_ENTITY, KINDS, NAME_ENTITIES
from quickbooks_sync.kinds.base import Payload
from quickbooks_sync.models import SyncRun

from .session import Session

#: Queries of one batch call, and rows of one of them.
QUERIES_PER_CALL = 10
QUERY_ROWS = 1000
#: So many smaller questions find two bad records in a page; a list that refuses more is left for this run.
SMALLER_MAX = 60
SETTINGS = "settings"
#: What QuickBooks' entities are called in a sentence.
PLURAL_THERE = {
    **{kind.entity: kind.plural_there for kind in KINDS},
    **{entity: f"{entity.lower()}s" for entity in NAME_ENTITIES},
}


@dataclass(frozen=True, kw_only=True)
class Unread:
    """What QuickBooks refused to tell in this run."""

    entity: str
    """Its name there, or SETTINGS."""
    words: str
    """QuickBooks' own."""
    remote_id: str = ""
    """Of the one record that is refused; without, it is all of them."""
    label: str = ""


def note(session: Session, entity: str, refused: Refused, *, remote_id: str = "", label: str = "") -> None:
    """Remember for the page of the run that this was refused, once."""
    unread = Unread(entity=entity, words=words_of(refused), remote_id=remote_id, label=label)
    told = asdict(unread)
    if told not in session.run.unread:
        session.run.unread.append(told)
        with session.page():
            session.run.save(update_fields=["unread"])


def words_of(refused: Refused) -> str:
    """QuickBooks' own words for it, in one line."""
    return "; ".join(dict.fromkeys(fault.detail or fault.message for fault in refused.faults)) or str(refused)


def is_read(session: Session, entity: str) -> bool:
    """Whether nothing at all of this entity was refused: only then is it worth asking for what is missing."""
    return all(told["entity"] != entity for told in session.run.unread)


def can_sync(session: Session, entity: str) -> bool:
    """Whether the list could be read, be it but for single records."""
    return all(told["entity"] != entity or told["remote_id"] for told in session.run.unread)


def changes(session: Session, entities: Sequence[str], since: datetime) -> tuple[list[Changes], list[str]]:
    """What changed, in as few answers as QuickBooks allows; and of which entities it refuses to tell it.

    Raises ReadWindowPassed.
    """
    session.assert_no_transaction()
    try:
        return [session.client.changes(entities, since)], []
    except Refused:
        if len(entities) == 1:
            return [], list(entities)
    told: list[Changes] = []
    refused: list[str] = []
    for entity in entities:
        found, not_told = changes(session, [entity], since)
        told += found
        refused += not_told
    return told, refused


def in_parts(
    session: Session, entity: str, statement: str, start: int, refused: Refused
) -> tuple[list[Payload], bool]:
    """The rows of a refused page but for those that QuickBooks cannot show; and whether there may be more.

    Each half that is refused is halved again, down to the record at fault, which is noted. A list that
    refuses too much is noted as a whole.
    """
    rows: list[Payload] = []
    bad: list[int] = []
    ranges, asked = _halves(start, QUERY_ROWS), 0
    while ranges:
        part, ranges = ranges[:QUERIES_PER_CALL], ranges[QUERIES_PER_CALL:]
        asked += len(part)
        if asked > SMALLER_MAX:
            note(session, entity, refused)
            return rows, False
        session.assert_no_transaction()
        answers = session.client.queries([page(statement, first, number) for first, number in part])
        for (first, number), answer in zip(part, answers, strict=True):
            if not isinstance(answer, Refused):
                rows += answer.rows
            elif number > 1:
                ranges += _halves(first, number)
            else:
                bad.append(first)
                refused = answer
    for position in bad:
        _name(session, entity, statement, position, refused)
    return rows, len(rows) + len(bad) >= QUERY_ROWS


def page(statement: str, start: int, number: int = QUERY_ROWS) -> str:
    """One page of a statement, in an order that does not change."""
    return f"{statement} ORDERBY Id STARTPOSITION {start} MAXRESULTS {number}"


def _halves(start: int, number: int) -> list[tuple[int, int]]:
    half = number // 2
    return [(start, half), (start + half, number - half)]


def _name(session: Session, entity: str, statement: str, position: int, refused: Refused) -> None:
    """Which record it is: a list of fields leaves out the one that QuickBooks cannot show."""
    kind = KIND_OF_ENTITY.get(entity)
    member = kind.told_by if kind is not None else "DisplayName" if entity in NAME_ENTITIES else "Name"
    fields = statement.replace("SELECT *", f"SELECT Id, {member}", 1)
    session.assert_no_transaction()
    [answer] = session.client.queries([page(fields, position, 1)])
    if isinstance(answer, Refused) or not answer.rows:
        note(session, entity, refused)
        return
    [row] = answer.rows
    note(session, entity, refused, remote_id=str(row["Id"]), label=str(row.get(member, "")))


def by_number(
    session: Session, form: str, numbers: Sequence[str]
) -> tuple[list[Payload], dict[str, Refused]]:
    """The forms of this sort with these numbers; and the numbers that QuickBooks refuses to look for."""
    rows: list[Payload] = []
    refused: dict[str, Refused] = {}
    groups = [list(numbers)]
    asked = 0
    while groups:
        part, groups = groups[:QUERIES_PER_CALL], groups[QUERIES_PER_CALL:]
        asked += len(part)
        session.assert_no_transaction()
        answers = session.client.queries([select_numbers(form, group) for group in part])
        for group, answer in zip(part, answers, strict=True):
            if not isinstance(answer, Refused):
                rows += answer.rows
            elif len(group) == 1 or asked > SMALLER_MAX:
                refused |= dict.fromkeys(group, answer)
            else:
                middle = len(group) // 2
                groups += [group[:middle], group[middle:]]
    return rows, refused


def select_numbers(form: str, numbers: Iterable[str]) -> str:
    """The statement for all forms of a sort with one of these numbers."""
    listed = ", ".join(f"'{escape(number)}'" for number in numbers)
    return f"SELECT * FROM {form} WHERE DocNumber IN ({listed}) MAXRESULTS {QUERY_ROWS}"  # noqa: S608


def one(session: Session, entity: str, remote_id: str) -> Payload | None:
    """The object as it is now; None where QuickBooks refuses to show it, which is noted. Raises Missing."""
    session.assert_no_transaction()
    try:
        return session.client.read(entity, remote_id)
    except Missing:
        raise
    except Refused as refused:
        note(session, entity, refused, remote_id=remote_id)
        return None


def unread_words(run: SyncRun) -> list[str]:
    """What QuickBooks refused to tell, and what became of it: a sentence each."""
    said = []
    for told in run.unread:
        words = told["words"].rstrip(".")
        plural = PLURAL_THERE.get(told["entity"], told["entity"])
        if told["remote_id"]:
            which = f"“{told['label']}”" if told["label"] else f"with the Id {told['remote_id']}"
            one = plural.removesuffix("s")
            said.append(
                f"QuickBooks cannot show its {one} {which}: {words}. Open it there, correct it and save; "
                "the next sync asks again, and all others were synced."
            )
        elif told["entity"] == SETTINGS:
            said.append(f"QuickBooks did not tell its settings: {words}. Those of before were used.")
        else:
            said.append(
                f"QuickBooks refused to list its {plural}: {words}. They were left out; "
                "the others were synced, and the next sync asks again."
            )
    return said
