"""Take over what was changed in QuickBooks, with what passes from one record to another by it."""

from dataclasses import dataclass
from typing import Any

from quickbooks_sync.agreements import settling
from quickbooks_sync.gathering.exchanges import Taking, find_order, holders, let_go, scarce
from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.models import Issue, Link
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import changed
from quickbooks_sync.planner.records import Encoded, not_agreed

from .shared import CannotResolveError, both_sides, free, settle, write_here

#: Exchanged among so many at most by one answer: more than an office renames in a day.
TOGETHER_MAX = 200


@dataclass(frozen=True, kw_only=True)
class _Own:
    """A Link, and what it takes of what was changed there."""

    issue: Issue
    link: Link
    here: Encoded
    there: Encoded
    values: Encoded


def take(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001 - the shape of every answer
    """Take over what was changed in QuickBooks.

    What it takes may be held here by another, who has given it up there: then that one takes what is so there
    in its stead, as far as it is about what they pass on; what else was changed of it stays a question.
    """
    first = _own(issue, link)
    try:
        local = write_here(link, first.values)
    except CannotResolveError:
        together = _together(first)
        order = _order(first, together)
        if not order:
            raise
        _write(first, together, order)
        others = [together[each.local_id] for each in order if each.local_id != link.local_id]
        named = " and ".join(f"“{each.issue.label}”" for each in others)
        return f"“{issue.label}” is now here as it is in QuickBooks; so is what passed to it from {named}."
    _agree(first, local)
    return f"“{issue.label}” is now here as it is in QuickBooks."


def _own(issue: Issue, link: Link, *, only_scarce: bool = False) -> _Own:
    kind, here, there = both_sides(link)
    unfit, before = kind.unfit_here(there), link.there_baseline or {}
    fields = set(changed(before, there) - unfit.keys())
    if only_scarce:
        fields = scarce(kind, fields)
    return _Own(
        issue=issue, link=link, here=here, there=there, values={name: there[name] for name in sorted(fields)}
    )


def _together(first: _Own) -> dict[int, _Own]:
    """This one, and whoever has to give something up for it, as QuickBooks has it already. By local id."""
    kind, company = KIND[first.link.kind], first.issue.connection.company
    found = {first.link.local_id or 0: first}
    frontier = [first]
    while frontier and len(found) < TOGETHER_MAX:
        wanted: set[int] = set()
        for each in frontier:
            taking = Taking(local_id=each.link.local_id or 0, values=each.values)
            wanted |= holders(company, kind, taking)
        issues = Issue.objects.filter(
            connection=first.issue.connection,
            reason=Reason.CHANGED_THERE,
            link__kind=kind.name,
            link__local_id__in=wanted - found.keys(),
        )
        rows = issues.select_related("link__remote", "link__connection__company").order_by("pk")
        frontier = [
            own for issue in rows for own in [_own(issue, issue.link, only_scarce=True)] if own.values
        ]
        found |= {each.link.local_id or 0: each for each in frontier}
    return found


def _order(first: _Own, together: dict[int, _Own]) -> list[Taking]:
    """In which order they can be written; nothing if this one cannot even so."""
    kind, company = KIND[first.link.kind], first.issue.connection.company
    takings = [Taking(local_id=pk, values=each.values) for pk, each in together.items()]
    order = find_order(company, kind, takings) if len(takings) > 1 else []
    return order if first.link.local_id in {each.local_id for each in order} else []


def _write(first: _Own, together: dict[int, _Own], order: list[Taking]) -> None:
    kind, company = KIND[first.link.kind], first.issue.connection.company
    let_go(company, kind, order)
    for each in order:
        own = together[each.local_id]
        local = write_here(own.link, own.values)
        _agree(own, local)
        if own is not first:
            _tell(kind, own, first)


def _agree(own: _Own, local: Any) -> None:
    link, before = own.link, own.link.there_baseline or {}
    unfit = KIND[link.kind].unfit_here(own.there).keys()
    left = (changed(before, own.there) | unfit) - own.values.keys()
    link.here_baseline = {**(link.here_baseline or own.here), **own.values}
    link.here_revision = local.revision
    link.there_baseline = not_agreed(own.there, {**own.here, **before}, left)
    if left - unfit:
        free(link)  # the rest is as unsettled as before
    else:
        settle(link)


def _tell(kind: Kind, own: _Own, first: _Own) -> None:
    """Its own Issue is settled by this, or is about the rest."""
    left = sorted(changed(own.link.there_baseline or {}, own.there) - kind.unfit_here(own.there).keys())
    if left:
        own.issue.details = {**own.issue.details, "fields": left}
        own.issue.save(update_fields=["details"])
        return
    words = (
        f"Taken from QuickBooks with “{first.issue.label}”: the two {kind.title.lower()} pass it on there."
    )
    settling.record_outcomes([own.issue], words)
    own.issue.delete()
