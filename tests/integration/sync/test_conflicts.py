"""The same field changed on both sides: Service Genius wins, and nothing is lost without a trace."""

from quickbooks_sync.models import Change
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
