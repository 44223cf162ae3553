"""How common everything is in a list, kept so that a long one need not be read through for one new record.

A view of both lists, never the truth: reckoned anew once they have grown or shrunk by a twentieth, and
deleting all of it loses nothing. Short lists are always read. Absent on purpose: what stands once on a side.
"""

from collections.abc import Callable, Iterable

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import Kind
from quickbooks_sync.models import Common, Remote
from quickbooks_sync.planner.matching.rarity import Rarity, of_lists

#: Shorter lists than this, both sides together, are read through each time.
READ_ALWAYS = 4_000
#: A list that differs by so great a part from what was reckoned is another one.
DIFFERS_BY = 20

Facts = Callable[[], Iterable[set[str]]]


def rarity_of(session: Session, kind: Kind, here: Facts, there: Facts) -> Rarity:
    """How common everything is in the whole of both lists; read through only where that is not known."""
    known = Remote.objects.filter(connection=session.connection, entity=kind.entity, deleted=False)
    rows = kind.all_here(session.connection.company).count() + known.count()
    if rows < READ_ALWAYS:
        return of_lists(here(), there())
    kept = Common.objects.filter(connection=session.connection, kind=kind.name).first()
    if kept is not None and abs(kept.rows - rows) * DIFFERS_BY <= kept.rows:
        return Rarity(here=kept.here, there=kept.there, records=kept.records)
    rarity = of_lists(here(), there())
    Common.objects.update_or_create(
        connection=session.connection,
        kind=kind.name,
        defaults={
            "rows": rows,
            "records": rarity.records,
            "here": {fact: number for fact, number in rarity.here.items() if number > 1},
            "there": {fact: number for fact, number in rarity.there.items() if number > 1},
        },
    )
    return rarity
