"""Every reason is mended by each answer of its page, and in each way elsewhere; the next Sync ends it.

The answers are those of the product: a new one has to be pressed in some story before this is green again.
"""

from typing import Any

import pytest

from quickbooks_sync.models import Issue, Link
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.resolving import resolve
from quickbooks_sync.resolving.offers import TRIED_AGAIN, offered
from tests.integration.sync.stories.cents import cents_off
from tests.integration.sync.stories.of_lists import OF_LISTS
from tests.integration.sync.stories.of_money import OF_MONEY
from tests.integration.sync.stories.of_tax import OF_TAX
from tests.integration.sync.stories.story import TRY_AGAIN, Story, shown
from tests.world import World

STORIES = (*OF_LISTS, *OF_MONEY, *OF_TAX)
#: An answer is pressed in the first story that offers it.
PRESSES = [
    (story, what)
    for at, story in enumerate(STORIES)
    for what in story.answers
    if not any(what in other.answers for other in STORIES[:at] if other.reason == story.reason)
]
MENDS = [(story, how) for story in STORIES for how in story.mends]
#: Whatever is edited meanwhile, nothing tells whether what was sent is there.
A_PERSONS_WORD = {Reason.IN_DOUBT}
#: How an answer ends, where not with both sides the same.
ENDS = {
    "stop": "held",
    "void_there": "held",
    TRY_AGAIN: "asked",  # nothing has been mended
}


def ids(pairs: list[tuple[Story, str]]) -> list[str]:
    return [f"{story.name}: {what}" for story, what in pairs]


def test_every_answer_of_every_reason_is_pressed() -> None:
    pressed: dict[Reason, set[str]] = {reason: set() for reason in Reason}
    for story, what in PRESSES:
        pressed[story.reason].add(what)
    again = {reason: {TRY_AGAIN} if reason in TRIED_AGAIN else set() for reason in Reason}
    assert pressed == {reason: offered(reason) | again[reason] for reason in Reason}
    assert set().union(*pressed.values()) == {*resolve.ANSWERS, TRY_AGAIN}


def test_every_reason_but_a_doubt_is_mended_elsewhere() -> None:
    assert {story.reason for story, _ in MENDS} == set(Reason) - A_PERSONS_WORD


def asked(world: World) -> set[str]:
    return set(world.connection.issues.values_list("reason", flat=True))


def begun(world: World, story: Story) -> tuple[Issue, dict[str, Any]]:
    story.begin(world)
    world.sync()
    assert asked(world) == {story.reason, *story.beside}
    issue, buttons = shown(world, story.reason)
    assert sorted(buttons) == story.answers, "what its page offers"
    return issue, buttons


@pytest.mark.parametrize(("story", "what"), PRESSES, ids=ids(PRESSES))
def test_an_answer_ends_the_question(selling: World, story: Story, what: str) -> None:
    issue, buttons = begun(selling, story)
    link = issue.link_id

    if what == TRY_AGAIN:
        resolve.try_again(issue)
    else:
        resolve.carry_out(issue, what, value=buttons[what].value)

    end = story.ends.get(what, ENDS.get(what, "settled"))
    left = {story.reason, *story.beside} if end == "asked" else story.then.get(what, set())
    stands(selling, left)
    if end != "asked":
        assert not Issue.objects.filter(link=link, reason=story.reason).exists()
        assert end_of(link) == end


@pytest.mark.parametrize(("story", "how"), MENDS, ids=ids(MENDS))
def test_what_is_mended_elsewhere_is_gone_with_the_next_sync(selling: World, story: Story, how: str) -> None:
    begun(selling, story)
    story.mends[how](selling)
    stands(selling, story.then.get(how, set()))
    for entity, number in story.there.items():
        assert len(selling.there(entity)) == number


def stands(world: World, reasons: set[str]) -> None:
    """After the next Sync just this is asked; the one after it has nothing to write."""
    run = world.sync()
    assert run.state == "done", run.error
    assert asked(world) == reasons
    run = world.sync()
    assert (run.state, run.calls["write_batches"]) == ("done", 0), run.error
    assert asked(world) == reasons
    assert cents_off(world) == []
    if not reasons:
        open_still = Link.objects.filter(open=True, state=Link.State.ACTIVE)
        assert [*open_still.values_list("kind", "local_id", "waits_for", "refused")] == []


def end_of(pk: int) -> str:
    link = Link.objects.filter(pk=pk).first()
    if link is None:
        return "settled"
    return "settled" if link.state == Link.State.ACTIVE else "held"
