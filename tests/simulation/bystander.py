"""Another company of the same installation, connected to books of its own: nothing of it may move."""

from quickbooks_sync.models import Connection, Issue, Link, Remote, Sending, SyncRun
from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from tests.simulation.world import BEGIN, VirtualWorld


class Bystander:
    """Its rows as they were on the first day."""

    def __init__(self, world: VirtualWorld) -> None:
        self._company = Company.objects.create(name="Elsewhere Plumbing", zone="America/Los_Angeles")
        local = customers.create(company=self._company, values={"display_name": "Ames", "phone": "555 0100"})
        connection = Connection.objects.create(
            company=self._company,
            environment="emulator",
            realm_id="9341400000000000009",
            connected_at=BEGIN,
            start_date=BEGIN.date(),
        )
        remote = Remote.objects.create(
            connection=connection,
            entity="Customer",
            remote_id="1",
            name="Cole",
            folded_name="cole",
            match_key="cole",
        )
        Link.objects.create(connection=connection, kind="customer", local_id=local.pk)
        Link.objects.create(connection=connection, kind="customer", remote=remote)
        self._connection = connection
        self._first_day = self._rows()

    def untouched(self) -> bool:
        return self._rows() == self._first_day

    def _rows(self) -> list[object]:
        of_connection = [
            list(model.objects.filter(connection=self._connection).order_by("pk").values())
            for model in (Remote, Link, Issue, Sending, SyncRun)
        ]
        company = Company.objects.filter(pk=self._company.pk).values()
        people = Customer.objects.filter(company=self._company).order_by("pk").values()
        connection = Connection.objects.filter(pk=self._connection.pk).values()
        return [*of_connection, list(company), list(people), list(connection)]
