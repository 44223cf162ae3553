"""What is different on both sides of those that would be paired: kept by the first look, to be looked at.

Rows like the steps of a preview: deleting all of them loses nothing.
"""

from collections.abc import Collection

from quickbooks_sync.access.session import Session
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.models import PlannedStep, Side, SyncRun
from quickbooks_sync.models.log import DIFFERS, LOOKED_AT, WRITTEN_OTHERWISE
from quickbooks_sync.planner.actions import Adopt
from quickbooks_sync.planner.first_link import contested
from quickbooks_sync.planner.matching.side_by_side import FieldStanding, standing
from quickbooks_sync.sql import rows

from .forecast import Steps
from .preview import about


def differences(gathered: Gathered) -> list[str]:
    """The fields of two that first meet of which one value wins, or neither."""
    here, there = gathered.pair.here, gathered.pair.there
    if here is None or there is None:
        return []
    return contested(here.record, there.record, stays=here.unfit.keys() | there.unfit.keys())


def is_only_writing(gathered: Gathered, names: Collection[str]) -> bool:
    """Whether all of these say the same on both sides, one phone in two ways, say."""
    return all(
        standing(name, gathered.here[name], gathered.there[name]) is FieldStanding.ALIKE for name in names
    )


def list_differences(session: Session, page: Steps) -> None:
    """Store what is different: `before` as it is in QuickBooks, `after` as it is here."""
    found = [
        PlannedStep(
            run=session.run,
            side=Side.THERE,
            action=WRITTEN_OTHERWISE if is_only_writing(gathered, names) else DIFFERS,
            before={name: gathered.there[name] for name in names},
            after={name: gathered.here[name] for name in names},
            **about(gathered),
        )
        for gathered, action in page
        if isinstance(action, Adopt) and (names := differences(gathered))
    ]
    for part in session.parts(found):
        with session.page(rows=len(part)):
            rows.insert(part)


def forget_differences(session: Session) -> None:
    """Those of earlier looks, and of an attempt that died."""
    with session.page():
        looks = PlannedStep.objects.filter(
            run__connection=session.connection, run__scope=SyncRun.Scope.LOOK, action__in=LOOKED_AT
        )
        looks.delete()
