"""Previews and refusals in between: what they must leave alone, and what they foretell."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import connection as database
from django.db.models import QuerySet

from quickbooks_sync.access.connection import WrongCompanyError
from quickbooks_sync.foresight.preview import ATTENTION
from quickbooks_sync.kinds import KINDS
from quickbooks_sync.models import Change, Connection, Issue, Link, PlannedStep, Sending, SyncRun
from quickbooks_sync.recovery.restored import FOUND_AGAIN
from service_genius.invoices.models import Invoice
from service_genius.payments.models import Payment
from tests.simulation.access import connect_again
from tests.simulation.world import VirtualWorld

#: What a preview may not touch; what it has seen (Remotes, half-Links, marks, watermarks) it keeps.
HELD = (
    *(kind.model._meta.db_table for kind in KINDS),
    *{way.through._meta.db_table for kind in KINDS for way in kind.ways.values() if way.through},
    "quickbooks_sync_issue",
    "quickbooks_sync_sending",
    "quickbooks_sync_change",
)
RESTORED = "restored"
LINK_FIELDS = ("pk", "local_id", "remote", "state", "here_baseline", "there_baseline", "left_there", "marker")


class Looks:
    """Looks without doing, and what was wrong with them."""

    def __init__(self, *, world: VirtualWorld) -> None:
        self._world = world
        self.wrong: list[str] = []

    def preview(self, scope: str) -> SyncRun:
        """Show what a run would do; nothing is done."""
        self._world.clock.sleep(200)  # what is late has arrived
        self._world.work_until_quiet()  # a restored backup may have brought a run back
        before, adopting = self._held(), self._is_adopting()
        run = self._world.press(scope, preview=True)
        if adopting or any(answer["guard"] == RESTORED for answer in run.answers):
            return run  # a person said that this copy counts: what it has forgotten is found again
        for name, rows in self._held().items():
            if rows != before[name]:
                self.wrong.append(f"a preview changed {name}")
        if run.calls.get("write_batches"):
            self.wrong.append(f"a preview wrote: {run.calls}")
        return run

    def as_shown(self, preview: SyncRun, *, surprised: bool = False) -> None:
        """Nothing has happened since: just what was shown is done.

        `surprised`: QuickBooks was put back, and only a write finds out.
        """
        if preview.state != SyncRun.State.DONE:
            return
        unknown = {item["link"] for items in self._open().values_list("items", flat=True) for item in items}
        run = self._world.press(preview.scope, from_preview=preview)
        if run.state != SyncRun.State.DONE:
            return  # a question was answered with no
        if surprised:
            return
        # What was under way before is found out first; what is refused is told of.
        told = set(Issue.objects.filter(connection=self._world.connection).values_list("link_id", flat=True))
        foreseen = set(preview.plannedsteps.filter(action=ATTENTION).values_list("link_id", flat=True))
        if told - foreseen:  # refused, which nobody could foresee: what is built upon it waits
            waits = Link.objects.filter(connection=self._world.connection, waiting=True)
            told |= set(waits.values_list("pk", flat=True))
        told |= self._touched_by_credit(run)
        shown = _effects(PlannedStep.objects.filter(run=preview).exclude(fingerprint=""), but=unknown | told)
        # A name for the moment is a step between, which a preview leaves out.
        changes = Change.objects.filter(run__from_preview=preview).exclude(action=Change.RENAMED)
        changes = changes.exclude(note=FOUND_AGAIN)  # a yes to a question of the run itself
        done = _effects(changes, but=unknown | told)
        if shown != done:
            self.wrong.append(f"shown but not done {shown - done}, done but not shown {done - shown}")
        # What waited for an answer goes once it is found out, and what was refused leaves room for others.
        if not unknown and not told - foreseen:
            self._nothing_left(preview.scope, but=told)

    def _touched_by_credit(self, run: SyncRun) -> set[int]:
        """What QuickBooks paid by itself with what it was sent: no preview can know of that."""
        made = Change.objects.filter(run__from_preview=run.from_preview, kind="invoice", action="created")
        links = Link.objects.filter(connection=self._world.connection)
        invoices = links.filter(pk__in=made.values("link"), applied__isnull=False)
        customers = Invoice.objects.filter(pk__in=invoices.values("local_id")).values("customer")
        payments = Payment.objects.filter(customer__in=customers)
        return set(
            links.filter(kind="payment", local_id__in=payments.values("pk")).values_list("pk", flat=True)
        )

    def _nothing_left(self, scope: str, *, but: set[int]) -> None:
        """A preview leaves out nothing that a run could do: the next one finds no more."""
        run = self._world.press(scope)
        left = _effects(Change.objects.filter(run=run).exclude(action=Change.RENAMED), but=but)
        if left:
            self.wrong.append(f"left out of the preview {left}")

    def _is_adopting(self) -> bool:
        """Whether a run that died before its end was told that this copy counts."""
        connection = Connection.objects.get(pk=self._world.connection.pk)
        return connection.restored == Connection.Restored.ADOPTING

    def _open(self) -> QuerySet[Sending]:
        return Sending.objects.filter(connection=self._world.connection, state=Sending.State.OPEN)

    def refused(self, realm: str) -> None:
        """To connect to another company is refused, and changes nothing."""
        before = self._held()
        try:
            connect_again(self._world, realm)
        except WrongCompanyError:
            pass
        else:
            self.wrong.append("another company of QuickBooks was connected")
        if self._held() != before:
            self.wrong.append("a refused connection changed something")

    def _held(self) -> dict[str, Any]:
        held: dict[str, Any] = {}
        with database.cursor() as cursor:
            for table in HELD:
                cursor.execute(f"SELECT * FROM {table} ORDER BY id")
                held[table] = cursor.fetchall()
        whole = Link.objects.filter(local_id__isnull=False, remote__isnull=False)
        held["links"] = list(whole.order_by("pk").values_list(*LINK_FIELDS))
        held["QuickBooks"] = self._world.emulator.dump(self._world.realm)
        return held


def _effects(steps: Iterable[Any], *, but: set[int]) -> Counter[str]:
    return Counter(f"{step.side} {step.action} {step.link}" for step in steps if step.link_id not in but)
