"""Laws of the planner: it always decides, comes to rest, and loses nothing.

One settled pair is perturbed on both sides; the decision is carried out on a pure model of the two
systems, again and again until nothing moves. The model does what `sending` does to a Link.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from hypothesis import given, settings
from hypothesis import strategies as st

from quickbooks_sync.planner.actions import (
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
    UpdateHere,
    UpdateThere,
    Wait,
)
from quickbooks_sync.planner.decide import Here, Pair, Policy, There, changed, decide
from quickbooks_sync.planner.first_link import GROUP_OF, Group, Wins, agreed_apart
from quickbooks_sync.planner.records import Encoded, is_blank

ROUNDS_MAX = 6
WRITES = (CreateThere, CreateHere, UpdateThere, UpdateHere, RemoveThere, Adopt)


@dataclass(frozen=True, kw_only=True)
class World:
    """One pair in two systems. `taken_back`: the values of theirs that ours replaced, kept in the log."""

    pair: Pair
    policy: Policy
    taken_back: frozenset[str] = frozenset()

    @property
    def here(self) -> Encoded:
        assert self.pair.here is not None
        return self.pair.here.record

    @property
    def there(self) -> Encoded:
        assert self.pair.there is not None
        return self.pair.there.record

    def settled(self, *, here: Encoded, there: Encoded, here_base: Encoded, there_base: Encoded) -> "World":
        pair = self.pair
        return replace(
            self,
            pair=replace(
                pair,
                linked=True,
                here=replace(pair.here, record=here) if pair.here else Here(record=here),
                there=replace(pair.there, record=there) if pair.there else There(record=there),
                here_baseline=here_base,
                there_baseline=there_base,
            ),
        )


def carry_out(world: World, action: Action) -> World:  # noqa: PLR0911 - one return an Action
    pair = world.pair
    match action:
        case CreateThere():
            sent = dict(world.here)
            done = world.settled(here=world.here, there=sent, here_base=sent, there_base=sent)
            return replace(done, pair=replace(done.pair, created_by_us=True))
        case CreateHere():
            taken = dict(world.there)
            return world.settled(here=taken, there=world.there, here_base=taken, there_base=taken)
        case UpdateThere():
            return _send(world, action.fields, action.leave)
        case RemoveThere():
            return _send(
                world, changed(pair.here_baseline or {}, world.here) & {"active", "voided"}, action.leave
            )
        case UpdateHere():
            values = {name: world.there[name] for name in action.fields}
            return world.settled(
                here={**world.here, **values},
                there=world.there,
                here_base={**(pair.here_baseline or {}), **values},
                there_base=world.there,
            )
        case Adopt():
            filled = {name: world.there[name] for name in action.take}
            return world.settled(
                here={**world.here, **filled},
                there=world.there,
                here_base=action.here_baseline,
                there_base=action.there_baseline,
            )
        case AdvanceBaseline():
            return _advance(world)
        case Forget() | Wait() | RaiseIssue():
            return world
        case TakeApplied():
            raise AssertionError("QuickBooks applied nothing of these")
    assert_never(action)


def _send(world: World, fields: frozenset[str], leave: frozenset[str]) -> World:
    here_base, there_base = world.pair.here_baseline or {}, world.pair.there_baseline or {}
    values = {name: world.here[name] for name in fields}
    there = {**world.there, **values}
    replaced = changed(there_base, world.there) & fields
    done = world.settled(
        here=world.here,
        there=there,
        here_base={**here_base, **values},
        there_base={**there, **{name: there_base[name] for name in leave}},
    )
    return replace(done, taken_back=done.taken_back | replaced)


def _advance(world: World) -> World:
    if world.pair.here is None or world.pair.there is None or not world.pair.linked:
        return world
    left = {name: (world.pair.there_baseline or {}).get(name) for name in world.pair.left_there or {}}
    return world.settled(
        here=world.here, there=world.there, here_base=world.here, there_base={**world.there, **left}
    )


def until_quiet(world: World) -> tuple[World, Action, int]:
    """Decide and carry out until an Action moves nothing; with the number of writes."""
    writes = 0
    for _ in range(ROUNDS_MAX):
        action = decide(world.pair, world.policy)
        after = carry_out(world, action)
        writes += isinstance(action, WRITES)
        if after == world:
            return world, action, writes
        world = after
    raise AssertionError(f"no rest after {ROUNDS_MAX} rounds: {world}")


# --- One state, perturbed twice ---------------------------------------------------------------------

LIST_FIELDS = ("display_name", "email", "phone", "notes", "billing_city", "price")
MONEY_FIELDS = ("number", "date", "memo", "lines")
values = st.sampled_from(["", "A", "B", "C"])
choices = st.dictionaries(st.sampled_from(Group), st.sampled_from(Wins))


@st.composite
def records(draw: st.DrawFn, money: bool) -> Encoded:  # noqa: FBT001 - drawn
    record: Encoded = {name: draw(values) for name in (MONEY_FIELDS if money else LIST_FIELDS)}
    return record | ({"voided": False} if money else {"active": draw(st.booleans()), "parent": None})


@st.composite
def edits(draw: st.DrawFn, record: Encoded) -> Encoded:
    """A record after somebody edited, removed or revived it."""
    switch = "voided" if "voided" in record else "active"
    texts = [name for name in record if name not in {switch, "parent"}]
    edited = {**record, **draw(st.dictionaries(st.sampled_from(texts), values, max_size=3))}
    if draw(st.booleans()):
        edited[switch] = switch == "voided" or not record[switch]
    return edited


@st.composite
def linked_worlds(draw: st.DrawFn) -> World:
    money = draw(st.booleans())
    here_base = draw(records(money))
    # The two may rightly differ: a unique name there, a switch that was left.
    there_base = draw(edits(here_base)) if draw(st.booleans()) else dict(here_base)
    here, there = draw(edits(here_base)), draw(edits(there_base))
    theirs = changed(there_base, there)
    left = draw(st.sampled_from([None, None, there, draw(edits(there))]))
    pair = Pair(
        money=money,
        linked=True,
        here=Here(record=here),
        there=There(
            record=there, removable=draw(st.booleans()), settled_elsewhere=money and draw(st.booleans())
        ),
        here_baseline=here_base,
        there_baseline=there_base,
        created_by_us=draw(st.booleans()),
        left_there={name: left[name] for name in sorted(theirs)} if left else None,
    )
    return World(pair=pair, policy=Policy(two_way_edits=draw(st.booleans())))


@st.composite
def newly_met_worlds(draw: st.DrawFn) -> World:
    there = draw(records(money=False))
    pair = Pair(
        money=False,
        linked=True,
        here=Here(record=draw(edits(there))),
        there=There(record=there),
    )
    return World(pair=pair, policy=Policy(two_way_edits=draw(st.booleans()), who_wins=draw(choices)))


@st.composite
def one_sided_worlds(draw: st.DrawFn) -> World:
    money = draw(st.booleans())
    record = draw(records(money))
    is_here = money or draw(st.booleans())
    pair = Pair(
        money=money,
        linked=False,
        here=Here(record=record) if is_here else None,
        there=None if is_here else There(record=record, takeable=draw(st.booleans())),
    )
    return World(pair=pair, policy=Policy(two_way_edits=draw(st.booleans())))


worlds = st.one_of(linked_worlds(), newly_met_worlds(), one_sided_worlds())


@given(worlds)
def test_every_pair_comes_to_rest_within_few_rounds(world: World) -> None:
    until_quiet(world)


@given(worlds)
def test_once_at_rest_nothing_is_written_again(world: World) -> None:
    quiet, _, _ = until_quiet(world)
    again, action, writes = until_quiet(quiet)
    assert writes == 0
    assert again == quiet
    assert not isinstance(action, WRITES)


@given(worlds)
def test_the_same_pair_is_always_decided_the_same(world: World) -> None:
    assert decide(world.pair, world.policy) == decide(world.pair, world.policy)


@given(worlds, st.sampled_from(["Hartwell Holdings"]))
def test_nothing_is_sent_while_what_it_refers_to_is_missing(world: World, on: str) -> None:
    if world.pair.here is not None:
        world = replace(world, pair=replace(world.pair, here=replace(world.pair.here, waits_on=on)))
    action = decide(world.pair, world.policy)
    assert not isinstance(action, CreateThere | UpdateThere | Adopt)


def removed_here(world: World) -> World:
    """The same, but live on both sides when it was settled, and removed here since."""
    live = {"voided": False} if world.pair.money else {"active": True}
    gone = {name: not value for name, value in live.items()}
    pair = world.pair
    pair = replace(
        pair,
        here=Here(record={**world.here, **gone}),
        there=There(record={**world.there, **live}),
        here_baseline={**(pair.here_baseline or {}), **live},
        there_baseline={**(pair.there_baseline or {}), **live},
    )
    return replace(world, pair=pair)


@settings(max_examples=300)
@given(st.one_of(linked_worlds(), linked_worlds().map(removed_here)))
def test_every_edit_is_on_both_sides_or_shown(world: World) -> None:
    pair = world.pair
    ours = changed(pair.here_baseline or {}, world.here)
    theirs = changed(pair.there_baseline or {}, world.there)
    quiet, action, _ = until_quiet(world)
    if isinstance(action, RaiseIssue) and action.reason != Reason.CHANGED_THERE:
        return  # a person sees the whole record
    if quiet.here.get("voided") and quiet.there.get("voided"):
        return  # what a voided one still says counts for nothing
    shown = set(action.details["fields"]) if isinstance(action, RaiseIssue) else set()
    left = pair.left_there or {}
    alone = {name for name in theirs - ours if world.here[name] != world.there[name]}
    if all(name in left and left[name] == world.there[name] for name in alone):
        shown |= alone  # a person has seen it and left it
    here_only = set() if pair.money or pair.created_by_us or world.here.get("active") else {"active"}
    for name in ours - here_only:
        assert quiet.there[name] == quiet.here[name] == world.here[name], f"our {name} is lost"
    for name in theirs - ours - shown:
        assert quiet.here[name] == quiet.there[name] == world.there[name], f"their {name} is lost"
    for name in (theirs & ours) - here_only:
        assert quiet.there[name] == world.there[name] or name in quiet.taken_back


@given(linked_worlds())
def test_what_nobody_edited_stays_as_it_was_on_each_side(world: World) -> None:
    pair = world.pair
    ours = changed(pair.here_baseline or {}, world.here)
    theirs = changed(pair.there_baseline or {}, world.there)
    quiet, _, _ = until_quiet(world)
    for name in set(world.here) - ours - theirs:
        assert quiet.here[name] == world.here[name]
        assert quiet.there[name] == world.there[name]


@given(linked_worlds())
def test_here_nothing_is_ever_changed_without_two_way_edits(world: World) -> None:
    careful = replace(world, policy=Policy(two_way_edits=False))
    quiet, _, _ = until_quiet(careful)
    assert quiet.here == world.here


@given(linked_worlds())
def test_what_was_removed_there_is_never_resurrected(world: World) -> None:
    """Only somebody here who makes an inactive record active again asks for that."""
    switch = "voided" if world.pair.money else "active"
    removed = switch == "voided"
    base = (world.pair.here_baseline or {})[switch]
    quiet, _, _ = until_quiet(world)
    if world.there[switch] is removed and world.here[switch] == base:
        assert quiet.there[switch] is removed
        assert quiet.here[switch] == world.here[switch], "nor removed here without a person"


@given(newly_met_worlds())
def test_when_two_first_meet_nothing_is_erased_by_a_blank(world: World) -> None:
    quiet, action, _ = until_quiet(world)
    assert action == AdvanceBaseline()
    for name in GROUP_OF.keys() & world.here.keys():
        ours, theirs = world.here[name], world.there[name]
        if is_blank(ours) or is_blank(theirs):
            assert quiet.here[name] == quiet.there[name] == (theirs if is_blank(ours) else ours)
    for name in ("display_name", "active"):
        assert quiet.here[name] == world.here[name]
        assert quiet.there[name] == world.there[name]


@given(newly_met_worlds())
def test_when_two_first_meet_what_wins_is_on_both_sides_and_what_loses_is_never_sent(world: World) -> None:
    quiet, _, writes = until_quiet(world)
    assert writes <= len(["pairing", "sending"])
    contested = [
        name
        for name in GROUP_OF
        if name in world.here and not is_blank(world.here[name]) and not is_blank(world.there[name])
    ]
    for name in contested:
        ours, theirs = world.here[name], world.there[name]
        expected = {
            Wins.OURS: (ours, ours),
            Wins.THEIRS: (theirs, theirs),
            Wins.NEITHER: (ours, theirs),
        }[world.policy.who_wins.get(GROUP_OF[name], Wins.OURS)]
        assert (quiet.here[name], quiet.there[name]) == expected
    apart = agreed_apart(quiet.pair.here_baseline or {}, quiet.pair.there_baseline or {})
    assert apart == [name for name in contested if quiet.here[name] != quiet.there[name]]


@given(linked_worlds(), st.booleans())
def test_a_field_that_was_never_agreed_rewrites_nobody(world: World, two_way: bool) -> None:  # noqa: FBT001
    """A synced field added later is in no Baseline of before."""
    agreed = {name: value for name, value in world.here.items() if name != "notes"}
    pair = replace(
        world.pair,
        here=Here(record={**agreed, "notes": "Ours"}),
        there=There(record={**agreed, "notes": "Theirs"}),
        here_baseline=agreed,
        there_baseline=agreed,
        left_there=None,
    )
    quiet, _, writes = until_quiet(replace(world, pair=pair, policy=Policy(two_way_edits=two_way)))
    assert writes == 0
    assert (quiet.here["notes"], quiet.there["notes"]) == ("Ours", "Theirs")
