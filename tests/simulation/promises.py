"""What docs/guarantees.md promises, row by row, checked once a story has come to rest.

1 to 3: `books.audit`, both systems side by side. 2 (once more) and 5, by what people remember:
`_as_people_left_it`. 4: `_quiet`. 6 and 7: `looks`, all along; links outlive a disconnection: `findings`.
8: `_pace`, and `test_few_calls`. 9: `bystander`. 10 is no matter of chance; tests of the application have it.
That nobody is mailed unasked: `books.find_mails`, in every audit, and `_as_set_there`.
"""

from collections.abc import Mapping
from typing import Any

from quickbooks_sync.books import reading
from quickbooks_sync.models import BooksCheck, Change, Issue, Link, SyncRun
from service_genius.customers.models import Customer
from service_genius.work_codes.models import WorkCode
from tests.simulation.books import ENTITIES, MONEY, Findings, audit, is_live, unrecognisable
from tests.simulation.hands_on_money import BY_LINK, WAYS
from tests.simulation.schedule import Schedule
from tests.simulation.world import VirtualWorld


def findings(story: Schedule) -> Findings:
    """What is wrong after all."""
    found = audit(story.world)
    _as_people_left_it(found, story)
    _as_set_there(found, story)
    _quiet(found, story)
    _books(found, story)
    _pace(found, story)
    found.unrest += story.looks.wrong
    if lost := story.linked - story.people.parted - set(Link.objects.values_list("pk", flat=True)):
        found.losses.append(f"the links {sorted(lost)} are gone since a disconnect")
    if not story.bystander.untouched():
        found.unrest.append("the data of another company has changed")
    return found


def _quiet(found: Findings, story: Schedule) -> None:
    """Nothing is edited any more: runs read once and write nothing; a Full Sync changes nothing."""
    world = story.world
    sync, full = world.press("sync"), world.press("full")
    if sync.calls["write_batches"] or full.calls["write_batches"]:
        found.unrest.append(f"quiet runs wrote: {sync.calls}, {full.calls}")
    if changes := [str(change) for run in (sync, full) for change in run.changes.all()]:
        found.unrest.append(f"quiet runs changed {changes}")
    needs = Issue.objects.filter(connection=world.connection).exists()
    waits = Link.objects.filter(connection=world.connection, waiting=True).exists()
    if sync.calls["total"] != 1 and not needs and not waits:
        found.unrest.append(f"a quiet run made {sync.calls['total']} calls")


def _books(found: Findings, story: Schedule) -> None:
    """Every cent by which the sides differ is explained, and QuickBooks' own report says the same."""
    world = story.world
    run = world.press(SyncRun.Scope.BOOKS)
    if run.state != SyncRun.State.DONE:
        found.unrest.append(f"the books could not be checked: {run.state} {run.error} {run.question}")
        return
    check = BooksCheck.objects.get(run=run)
    stated = reading.comparison(world.connection)
    if not stated.match:
        astray = [(account.key, account.difference, account.explained) for account in stated.astray]
        items = [(item.sort, item.why, item.account, item.difference) for item in stated.items]
        found.unrest.append(f"the books do not match: {astray} of {items}")
    if check.reported is None or check.misreported:
        found.unrest.append(f"QuickBooks' report says {check.reported}, its balances {check.there}")


def _pace(found: Findings, story: Schedule) -> None:
    throttled = story.world.emulator.counters(story.world.realm)["throttled"]
    if throttled > story.throttles:
        found.unrest.append(f"{throttled - story.throttles} calls were throttled by our own pace")


def _as_people_left_it(found: Findings, story: Schedule) -> None:
    """What one side alone may change is as somebody wrote it; what was removed there stays removed."""
    people = story.people
    there = {
        (kind, str(row["Id"])): row for kind, entity in ENTITIES.items() for row in story.world.there(entity)
    }
    for (side, kind, key, member), value in people.written.items():
        if side == "here":
            model = Customer if kind == "customer" else WorkCode
            stored = getattr(model.objects.get(pk=key), member)
            if _was_taken_by_choice(kind, key, member, stored):
                continue
        elif key in people.overruled or (kind, key) not in there:
            continue
        else:
            stored = (there[kind, key].get(member) or {}).get("FreeFormNumber", "")
        if stored != value:
            found.losses.append(f"{member} of {kind} {key} {side}: {stored}, but somebody wrote {value}")
    removed_stay_removed(found, story.world, people.removed)


def _was_taken_by_choice(kind: str, key: str, member: str, stored: object) -> bool:
    """Whether it came from there when two were paired, because somebody chose that QuickBooks wins."""
    paired = Change.objects.filter(kind=kind, local_id=key, side="here", action="linked")
    return any(change.after.get(member) == stored for change in paired)


def _as_set_there(found: Findings, story: Schedule) -> None:
    """How invoices can be paid is as we made them, or as somebody there has set it; mailed is mailed."""
    people, world = story.people, story.world
    plain = dict.fromkeys(WAYS, False)
    for row in world.there("Invoice"):
        stands, allowed = {way: row.get(way, False) for way in WAYS}, [plain]
        if row["Id"] in people.ways:
            allowed = [people.ways[row["Id"]]]
        elif ("Invoice", row["Id"]) in world.may_carry_it:
            allowed.append(plain | dict.fromkeys(BY_LINK, True))
        elif ("Invoice", row["Id"]) not in world.births:
            continue
        if stands not in allowed:
            found.mails.append(f"{row['DocNumber']} can be paid {stands}, not {allowed}")
        if row["Id"] in people.mailed and row["EmailStatus"] != "EmailSent":
            found.losses.append(f"invoice {row['DocNumber']} was mailed, and is {row['EmailStatus']}")


def removed_stay_removed(found: Findings, world: VirtualWorld, removed: set[tuple[str, str]]) -> None:
    """What a person removed in QuickBooks is neither back nor made anew."""
    there = {(kind, str(row["Id"])): row for kind, entity in ENTITIES.items() for row in world.there(entity)}
    for kind, key in removed:
        row = there.get((kind, key))
        if row is not None and is_live(kind, row):
            found.duplicates.append(f"{kind} {key} was removed there, and is back")
        _made_anew(found, world, there, kind, key)


def _made_anew(
    found: Findings, world: VirtualWorld, there: Mapping[tuple[str, str], Any], kind: str, key: str
) -> None:
    """What was removed there is not made again either, unless a person said so."""
    owner = world.births.get((ENTITIES[kind], key))
    if owner is None or (ENTITIES[kind], key) in world.released:
        return
    gone = there.get((kind, key))
    if kind not in MONEY and gone is not None and unrecognisable(world, (ENTITIES[kind], key), gone):
        return  # forgotten, renamed and removed: it shares nothing by which it could be told
    others = [one for one, its_owner in world.births.items() if its_owner == owner]
    for _, other in set(others) - world.released:
        row = there.get((kind, other))
        if row is not None and is_live(kind, row):
            found.duplicates.append(f"{kind} {key} was removed there, and made anew as {other}")
