"""A preview, the run from it, and the next one: the first says what the second does, which leaves nothing."""

from quickbooks_sync.models import SyncRun
from quickbooks_sync.runs.queue import ask
from tests.world import World

#: Side, action and label of each step.
Told = list[tuple[str, str, str]]


def foretold(world: World, scope: str = "sync") -> Told:
    """What a preview shows and the run from it does; the next run finds nothing more."""
    asked = SyncRun.Scope(scope)
    shown = world.work(ask(connection=world.connection, scope=asked, preview=True))
    done = world.work(ask(connection=world.connection, scope=asked, from_preview=shown))
    assert done.state == "done", done.error
    assert not done.plannedsteps.exists(), "something was not as shown"
    steps, changes = shown.plannedsteps.exclude(fingerprint=""), done.changes.order_by("pk")
    what = ("side", "action", "link")
    assert sorted(changes.values_list(*what)) == sorted(steps.values_list(*what))
    left = world.run(scope).changes.values_list("side", "action", "label")
    assert not list(left), "left out of the preview"
    return list(changes.values_list("side", "action", "label"))
