"""How both sides stand, for tests of what stays on one of them."""

from typing import Any

from quickbooks_sync.models import Link
from quickbooks_sync.wording.kept import kept_words
from tests.world import World


def edit(world: World, entity: str, row: dict[str, Any], **members: Any) -> None:
    head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    world.post(entity.lower(), head | members)


def quiet(world: World) -> None:
    """A further run writes nothing, and nothing is asked."""
    before = [
        (row["Id"], row["SyncToken"])
        for entity in ("Customer", "Item", "Invoice", "Payment")
        for row in world.there(entity)
    ]
    run = world.sync()
    assert run.state == "done", run.error
    assert world.issues() == {}
    after = [
        (row["Id"], row["SyncToken"])
        for entity in ("Customer", "Item", "Invoice", "Payment")
        for row in world.there(entity)
    ]
    assert after == before
    assert not Link.objects.filter(open=True).exists()


def words_of(kind: str) -> str:
    return " ".join(kept_words(Link.objects.exclude(kept=None).get(kind=kind)))
