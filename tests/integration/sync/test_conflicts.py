"""The same field changed on both sides: Service Genius wins, and nothing is lost without a trace."""

import pytest

from qbo.client import Client
from qbo.retry import Answered, WriteOutcome
from quickbooks_sync.models import Change, Issue
from service_genius.customers import operations
from tests.world import World


def test_of_two_values_for_one_field_ours_stays_and_theirs_is_in_the_log(world: World) -> None:
    amelia = operations.create(
        company=world.company, values={"display_name": "Amelia Hartwell", "phone": "555 0143"}
    )
    world.full()
    (row,) = world.there("Customer")
    operations.update(company=world.company, id=amelia.pk, values={"phone": "555 1111"})
    edit = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    world.post("customer", edit | {"PrimaryPhone": {"FreeFormNumber": "555 9999"}})

    assert world.sync().state == "done"

    (row,) = world.there("Customer")
    amelia.refresh_from_db()
    assert row["PrimaryPhone"]["FreeFormNumber"] == amelia.phone == "555 1111"
    change = Change.objects.get(action="updated", side="there")
    assert change.before["phone"] == "555 9999"
    assert change.after["phone"] == "555 1111"


def test_what_quickbooks_stored_otherwise_than_it_was_sent_is_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for a QuickBooks that cuts notes: the emulator stores what it is given."""
    world.full()
    operations.create(
        company=world.company, values={"display_name": "Amelia Hartwell", "notes": "Gate code 12"}
    )
    told = Client.next_write

    def cut(client: Client, timeout: float) -> WriteOutcome | None:
        outcome = told(client, timeout)
        if isinstance(outcome, Answered):
            for answer in outcome.items.values():
                if isinstance(answer, dict):
                    answer["Notes"] = "Gate"
        return outcome

    monkeypatch.setattr(Client, "next_write", cut)
    run = world.sync()

    assert run.state == "done", run.error
    assert world.issues() == {"Amelia Hartwell": "changed_there"}
    issue = Issue.objects.get(connection=world.connection)
    assert issue.details == {"fields": ["notes"]}
