"""Decide what to do about one Pair.

Each branch is one row of the decision table in docs/sync-rules.md, in its order. There are no
modes: Full Sync and Sync differ only in what was observed and in which Kinds are in scope.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .actions import (
    Action,
    Adopt,
    AdvanceBaseline,
    CreateHere,
    CreateThere,
    Forget,
    RaiseIssue,
    Reason,
    RemoveThere,
    TakeApplied,
    TakeTax,
    UpdateHere,
    UpdateThere,
    Wait,
)
from .first_link import WhoWins, first_link
from .records import STANDS, Encoded, is_removed, with_allocations
from .taxed import bears_on_tax, only_tax_differs


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a Record cannot be sent as it is."""

    reason: Reason
    details: Encoded


@dataclass(frozen=True, kw_only=True)
class Here:
    """The record in Service Genius. `problems`: why QuickBooks could not hold it."""

    record: Encoded
    unfit: Mapping[str, str] = field(default_factory=dict)
    """The fields that QuickBooks cannot hold, each with the reason: they stay here, the rest goes."""
    totals: Encoded = field(default_factory=dict)
    waits_on: str = ""
    waits_for: frozenset[tuple[str, int]] = frozenset()
    """The same as records of this side: what it refers to, and is not there yet as it is to be."""
    no_room: str = ""
    """What is taken back there first, so that it can pay what it pays."""
    turn_after: int | None = None
    """The Link that gives up the name, the number, the place or the invoice that this one takes."""
    turn_after_words: str = ""
    """What it gives up."""
    aside: Encoded | None = None
    """What to hold meanwhile, if they wait for each other: a name, a number, no invoice."""
    problems: tuple[Problem, ...] = ()
    refused: Problem | None = None
    """What QuickBooks said of just this, the last time."""
    stays_out: bool = False
    """Never sent, and by now none of those that move: voided, or dated before the start date."""


@dataclass(frozen=True, kw_only=True)
class There:
    """The object in QuickBooks, as last seen."""

    record: Encoded
    unfit: Mapping[str, str] = field(default_factory=dict)
    """The fields that Service Genius cannot hold, each with the reason: they stay there as they are."""
    totals: Encoded = field(default_factory=dict)
    waits_on: str = ""
    takeable: bool = True
    removable: bool = True
    below: bool = False
    """Sub-customers of it are about to be deactivated, and go first."""
    view_only: bool = False
    """Kept in another currency: shown here, never sent."""
    settled_elsewhere: bool = False
    """Paid, applied or extended there by something that is not ours."""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What QuickBooks paid by itself with a payment of ours: invoices that we had sent a moment before."""

    there: list[Encoded]
    """Its allocations to those."""
    taken: list[Encoded]
    """As far as nothing here wants that room, nor the money."""
    to: str = ""
    """Those invoices, in words."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a person answered about a Pair; good for just what it was about, and no longer."""

    accepted_totals: Encoded | None = None
    """The totals of both sides that may differ: what was sent, and what is stored."""
    allowed: Encoded | None = None
    """The Record that may be sent although the one there is paid or was touched."""
    void_there: bool = False
    """To be voided there, and held here."""
    reactivate: bool = False
    """Paired with one that is inactive there, so that it is used again."""
    ask_first: bool = False
    """Nobody knows which side is newer, since one was put back: of a list, too, a person decides."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """All that is needed to decide. A Baseline is None until the two were first settled."""

    money: bool
    """An invoice or payment: a person decides what both sides changed."""
    linked: bool
    here: Here | None
    there: There | None
    here_baseline: Encoded | None = None
    there_baseline: Encoded | None = None
    created_by_us: bool = False
    likely: tuple[Encoded, ...] = ()
    likeness: float = 0.0
    """Of the first of these, in bits."""
    waits_on: str = ""
    """What a person has to settle before anything of it is decided."""
    merged_there: Encoded | None = None
    """Gone there by being merged: the survivor."""
    entered_anew: tuple[Encoded, ...] = ()
    """Gone there, and entered anew under the same name: what it may be linked with."""
    merged_here: Encoded | None = None
    """Merged here while QuickBooks has both: the survivor, and how much still belongs to this one there."""
    in_doubt: Encoded | None = None
    """What may be there for it already: asked before it is created. `later`: asked once it is used again."""
    only_there: Encoded | None = None
    """Sent from here, and forgotten by a restored backup: the records here that it may be."""
    left_there: Encoded | None = None
    """What a person decided to leave as it is in QuickBooks."""
    answers: Answers = field(default_factory=Answers)
    applied: Applied | None = None
    yields: frozenset[str] = frozenset()
    """Fields that are taken as they are there, whoever else has edited them."""

    @property
    def wish_done(self) -> bool:
        """It was to be voided there and held here, and it is voided or gone there."""
        wished = self.answers.void_there and self.here is not None and not is_removed(self.here.record)
        return wished and (self.there is None or is_removed(self.there.record))


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What the user chose; every choice has a working default."""

    two_way_edits: bool = False
    their_tax: bool = False
    """The tax that QuickBooks reckons counts."""
    who_wins: WhoWins = field(default_factory=dict)
    """Where two that meet for the first time have different values."""


def changed(baseline: Encoded, record: Encoded) -> frozenset[str]:
    """The fields that differ from a Baseline; one that it does not contain was never agreed.

    One that Records no longer have is no change either.
    """
    return frozenset(
        name
        for name, agreed in baseline.items()
        if name in record and record[name] != agreed and name != STANDS
    )


def decide(pair: Pair, policy: Policy) -> Action:  # noqa: PLR0911 - one branch a row of the table
    """The Action for one Pair."""
    here, there = pair.here, pair.there
    if not pair.linked:
        return _decide_unlinked(pair)
    if here is None:
        return Forget() if there is None else AdvanceBaseline()
    if there is None or pair.wish_done:
        settled = pair.wish_done or is_removed(here.record)
        return AdvanceBaseline() if settled else _removed_there(pair, "deleted")
    if pair.answers.void_there and not is_removed(there.record):
        return _removal(here, there, details={"void_there": True})
    if pair.waits_on and not is_removed(here.record):
        return Wait(on=pair.waits_on)
    if pair.here_baseline is None or pair.there_baseline is None:
        if here.waits_on or there.waits_on:
            return Wait(on=here.waits_on or there.waits_on)
        return adopt(here, there, policy, reactivate=pair.answers.reactivate)
    if pair.money and is_removed(here.record) and is_removed(there.record):
        return AdvanceBaseline()  # what a voided one still says counts for nothing
    if pair.merged_here is not None and not is_removed(there.record):
        return _merge_there(pair, pair.merged_here, here, there)
    return _compare(pair, here, there, policy)


def adopt(here: Here, there: There, policy: Policy, *, reactivate: bool = False) -> Adopt:
    """Pair two that meet for the first time."""
    return first_link(
        here.record,
        there.record,
        who_wins=policy.who_wins,
        reactivate=reactivate,
        stays_here=frozenset(here.unfit),
        stays_there=frozenset(there.unfit),
    )


def _compare(pair: Pair, here: Here, there: There, policy: Policy) -> Action:  # noqa: PLR0911 - rows of it
    """What was changed on which side since both were settled."""
    if pair.applied is not None:
        pair = _with_applied(pair, pair.applied, here.record, there.record)
    if pair.applied is not None and pair.applied.taken:
        return _take_applied(pair, pair.applied, here.record)
    ours = changed(pair.here_baseline or {}, here.record)
    theirs = changed(pair.there_baseline or {}, there.record)
    # What both sides hold needs no move, whoever changed it.
    same = frozenset(name for name in ours | theirs if here.record[name] == there.record[name])
    # What one side cannot hold stays on the other, and is no reason to ask or to wait.
    ours, theirs = ours - same - here.unfit.keys() - there.unfit.keys(), theirs - same
    stays, theirs = theirs & there.unfit.keys(), theirs - there.unfit.keys()
    if theirs & pair.yields and not is_removed(here.record) and not is_removed(there.record):
        return UpdateHere(fields=theirs & pair.yields)
    theirs -= pair.yields  # of what counts for nothing any more it is no matter
    on_both = ours | theirs if ours and theirs and pair.answers.ask_first else frozenset()
    if is_removed(here.record) and not pair.money and not pair.created_by_us:
        ours -= {"active"}  # an imported record is deactivated here only
    if there.view_only:
        return _view(here, there, ours - {"active"}, theirs)
    if not ours and not theirs and not on_both:
        return _unless_totals_differ(here, there, pair.answers, policy)
    if is_removed(there.record) and theirs & {"active", "voided"}:
        how = "voided" if "voided" in theirs else "deactivated"
        return _removed_there(pair, how)
    if on_both:
        return RaiseIssue(reason=Reason.EDITED_ON_BOTH, details=_fields(on_both))
    if ours:
        return _leaving(_send_edit(pair, here, there, ours, theirs), stays)
    return _answer_their_edit(pair, there, theirs, policy)


def _leaving(action: Action, stays: frozenset[str]) -> Action:
    """The same, and what is not agreed on stays so."""
    if isinstance(action, UpdateThere | RemoveThere):
        return replace(action, leave=action.leave | stays)
    return action


def _with_applied(pair: Pair, applied: Applied, here: Encoded, there: Encoded) -> Pair:
    """The Pair with what QuickBooks applied by itself as agreed upon; what is not so here is ours to change.

    Unless somebody changed there besides what the payment pays: then a person decides on all of it.
    """
    before_here, before_there = pair.here_baseline or {}, pair.there_baseline or {}
    own = [each for each in there["allocations"] if each not in applied.there]
    agreed = before_here["allocations"]
    if own != before_there["allocations"]:
        if own != here["allocations"]:
            return replace(pair, applied=None)
        agreed = own  # changed to the same on both sides
    return replace(
        pair,
        here_baseline={**before_here, "allocations": with_allocations(agreed, applied.there)},
        there_baseline={**before_there, "allocations": there["allocations"]},
    )


def _take_applied(pair: Pair, applied: Applied, here: Encoded) -> TakeApplied:
    return TakeApplied(
        allocations=with_allocations(here["allocations"], applied.taken),
        here_baseline=pair.here_baseline or {},
        there_baseline=pair.there_baseline or {},
    )


def _view(here: Here, there: There, ours: frozenset[str], theirs: frozenset[str]) -> Action:
    """Whatever is done there is taken; a deactivation, too, for it is nothing but a change of the view."""
    if ours:
        return _unless_held(here, AdvanceBaseline())
    if there.waits_on:
        return Wait(on=there.waits_on)
    return UpdateHere(fields=theirs) if theirs else AdvanceBaseline()


def _decide_unlinked(pair: Pair) -> Action:
    here = pair.here
    if here is None:
        return _take(pair)
    doubt, put_away = pair.in_doubt, _put_away(pair, here)
    if doubt is not None and not (put_away and (doubt["later"] or not doubt["candidates"])):
        return RaiseIssue(reason=Reason.IN_DOUBT, details={**doubt, "put_away": put_away})
    if here.stays_out:
        return Forget()
    if pair.likely:
        shown = {"candidates": list(pair.likely)}
        return RaiseIssue(reason=Reason.LIKELY_PAIR, details=shown, likeness=pair.likeness)
    if is_removed(here.record):
        return AdvanceBaseline()
    return _unless_held(here, CreateThere())


def _put_away(pair: Pair, here: Here) -> str:
    return ("voided" if pair.money else "inactive") if is_removed(here.record) else ""


def _take(pair: Pair) -> Action:
    there = pair.there
    if there is None:
        return Forget()
    if pair.only_there is not None:
        ask = RaiseIssue(reason=Reason.ONLY_THERE, details=pair.only_there)
        return AdvanceBaseline() if is_removed(there.record) else ask  # voided, it is no matter whose it is
    if there.waits_on:
        return Wait(on=there.waits_on)
    return CreateHere() if there.takeable else AdvanceBaseline()


def _removed_there(pair: Pair, how: str) -> Action:
    if pair.merged_there is not None:
        return RaiseIssue(reason=Reason.MERGED_THERE, details=pair.merged_there)
    anew = {"candidates": list(pair.entered_anew)} if pair.entered_anew else {}
    return RaiseIssue(reason=Reason.REMOVED_THERE, details={"how": how, **anew})


def _merge_there(pair: Pair, merged: Encoded, here: Here, there: There) -> Action:
    """QuickBooks lets only people merge; one of ours that is empty by now can go without them."""
    if pair.created_by_us and there.removable and not merged["left"]:
        return _removal(here, there, leave=changed(pair.there_baseline or {}, there.record) - {"active"})
    return RaiseIssue(reason=Reason.MERGED_HERE, details=merged)


def _unless_totals_differ(here: Here, there: There, answers: Answers, policy: Policy) -> Action:
    """To the cent, or a person sees it; and says that it may be so."""
    different = sorted(name for name, total in here.totals.items() if there.totals.get(name) != total)
    if not different:
        return AdvanceBaseline()
    totals = {
        "sent": {name: here.totals[name] for name in different},
        "stored": {name: there.totals.get(name) for name in different},
    }
    if totals == answers.accepted_totals:
        return AdvanceBaseline()
    if policy.their_tax and only_tax_differs(here.totals, there.totals):
        return TakeTax()
    return RaiseIssue(reason=Reason.STORED_DIFFERENTLY, details={"fields": different, **totals})


def _unless_held(here: Here, action: Action) -> Action:
    for problem in here.problems:
        if problem.reason != Reason.TAX_RECKONED or bears_on_tax(action):
            return RaiseIssue(reason=problem.reason, details=problem.details)
    if here.waits_on:
        return Wait(on=here.waits_on)
    if here.no_room:
        return Wait(on=here.no_room)
    return _named_in_turn(here, action)


def _named_in_turn(here: Here, action: Action) -> Action:
    """What another holds is taken when that one has given it up; in a ring, one steps aside first."""
    if here.aside is not None and isinstance(action, UpdateThere):
        return replace(action, aside=here.aside)
    if here.turn_after is not None:
        return Wait(on=here.turn_after_words)
    return action


def _send_edit(pair: Pair, here: Here, there: There, ours: frozenset[str], theirs: frozenset[str]) -> Action:
    if pair.money and theirs:
        return RaiseIssue(reason=Reason.EDITED_ON_BOTH, details=_fields(ours | theirs))
    if ours & {"active", "voided"} and is_removed(here.record):
        return _removal(here, there, leave=theirs - {"active", "voided"})
    if pair.money and there.settled_elsewhere and pair.answers.allowed != here.record:
        if pair.applied is not None and _is_quickbooks_doing(pair, pair.applied, here.record, ours):
            return Wait(on=f"room on {pair.applied.to}, which another payment pays, too")
        return RaiseIssue(reason=Reason.EDITED_AFTER_PAYMENT, details=_fields(ours))
    return _unless_held(here, UpdateThere(fields=ours, leave=theirs - ours))


def _is_quickbooks_doing(pair: Pair, applied: Applied, here: Encoded, ours: frozenset[str]) -> bool:
    """Whether the two differ only by what QuickBooks applied by itself, and nobody edited it here."""
    agreed = (pair.here_baseline or {})["allocations"]
    return ours == {"allocations"} and with_allocations(here["allocations"], applied.there) == agreed


def _removal(
    here: Here, there: There, *, leave: frozenset[str] = frozenset(), details: Encoded | None = None
) -> Action:
    if there.below:
        return Wait(on="its sub-customers, who are deactivated before it")
    if not there.removable:
        return RaiseIssue(reason=Reason.CANNOT_REMOVE, details=details or {})
    closed = [problem for problem in here.problems if problem.reason == Reason.BOOKS_CLOSED]
    if closed:
        return RaiseIssue(reason=closed[0].reason, details=closed[0].details | (details or {}))
    if here.refused is not None:
        return RaiseIssue(reason=here.refused.reason, details=here.refused.details)
    return RemoveThere(leave=leave)


def _answer_their_edit(pair: Pair, there: There, theirs: frozenset[str], policy: Policy) -> Action:
    if there.waits_on:
        return Wait(on=there.waits_on)
    left = pair.left_there or {}
    if all(name in left and left[name] == there.record[name] for name in theirs):
        return AdvanceBaseline()
    over_ours = bool(theirs & pair.here.unfit.keys()) if pair.here is not None else False
    if policy.two_way_edits and not pair.money and not pair.answers.ask_first and not over_ours:
        return UpdateHere(fields=theirs)
    return RaiseIssue(reason=Reason.CHANGED_THERE, details=_fields(theirs))


def _fields(names: frozenset[str]) -> Encoded:
    return {"fields": sorted(names)}
