"""What a good developer writes in a day with python-quickbooks, for the same books.

It pages through what is there and takes what has the same name; keeps Ids and SyncTokens in a table of its
own, each as soon as it is known; waits a minute after a 429; renews its token; tries again after a lost
connection, and takes what QuickBooks then calls a duplicate for its own. One call is under way at a time.

The library's `save` takes a request id, under which QuickBooks answers a repeated call as it did the first
time; its batch helper takes none. Both ways of saving are measured.
"""

import sqlite3
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import requests
from quickbooks import QuickBooks
from quickbooks.batch import batch_create, batch_update
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import AuthorizationException, QuickbooksException
from quickbooks.objects import Account, Customer, Invoice, Item, Payment

from service_genius.companies.models import Company
from service_genius.customers.models import Customer as LocalCustomer
from service_genius.invoices.models import Invoice as LocalInvoice
from service_genius.payments.models import Payment as LocalPayment
from service_genius.work_codes.models import WorkCode

from . import rival_objects

PAGE_ROWS = 1000
BATCH_ITEMS = 30
LOST_PAUSES = (1, 2, 4, 8, 16)
THROTTLE_SECONDS = 60
DUPLICATES = {6140, 6240}
STALE = 5010
NAME = {Customer: "DisplayName", Item: "Name", Invoice: "DocNumber"}
ENTITIES = (Customer, Item, Invoice, Payment)

Answer = TypeVar("Answer")


@dataclass(kw_only=True)
class Auth:
    """What the library asks of the sign-in library."""

    access_token: str
    client_id: str = ""
    client_secret: str = ""
    environment: str = ""
    refresh_token: str = "not used"

    def refresh(self, refresh_token: str | None = None) -> None: ...


@dataclass(kw_only=True)
class Script:
    """One by one; with `request_ids` each under an id of its own."""

    company: Company
    url: str
    realm: str
    grant: Callable[[], str]
    adapter: requests.adapters.BaseAdapter | None = None
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    request_ids: bool = False
    client: Any = field(init=False)
    table: sqlite3.Connection = field(init=False)
    last_revision: int = 0
    last_run: datetime | None = None

    def __post_init__(self) -> None:
        self.table = sqlite3.connect(":memory:")
        self.table.execute(
            "CREATE TABLE pairs (entity, local INTEGER, remote, token, PRIMARY KEY (entity, local))"
        )
        self._connect()

    def push(self) -> None:
        """Everything, for the first time."""
        began, revision = self.now(), self._revision()
        income = self._insist(lambda: Account.filter(AccountType="Income", qb=self.client))[0]
        self._keep(Account, 0, income)  # of every item
        self._pair_by_name()
        for entity, local in self._local(after=0):
            self._create(entity, local)
        self.last_run, self.last_revision = began, revision

    def daily(self) -> None:
        """What changed on either side since the last time; the token of yesterday has run out."""
        self._connect()
        began, revision = self.now(), self._revision()
        since = self.last_run
        self._insist(lambda: change_data_capture(list(ENTITIES), since, qb=self.client))
        for entity, local in self._local(after=self.last_revision):
            new = [row for row in local if self._paired(entity, row.pk) is None]
            known = [row for row in local if self._paired(entity, row.pk) is not None]
            self._create(entity, new)
            self._update(entity, known)
        self.last_run, self.last_revision = began, revision

    # --- Writing ---

    def _create(self, entity: type[Any], local: Iterable[Any]) -> None:
        for row in local:
            if self._paired(entity, row.pk) is not None:
                continue
            thing = self._object(entity, row)
            request_id = str(uuid.uuid4()) if self.request_ids else None
            try:
                made = self._insist(lambda: thing.save(qb=self.client, request_id=request_id))  # noqa: B023
            except QuickbooksException as error:
                made = self._already_there(thing, error.error_code)
            self._keep(entity, row.pk, made)

    def _update(self, entity: type[Any], local: Iterable[Any]) -> None:
        for row in local:
            thing = self._changed(entity, row)
            try:
                made = self._insist(lambda: thing.save(qb=self.client))  # noqa: B023
            except QuickbooksException as error:
                if error.error_code != STALE:
                    raise
                thing.SyncToken = self._insist(lambda: entity.get(thing.Id, qb=self.client)).SyncToken  # noqa: B023
                made = self._insist(lambda: thing.save(qb=self.client))  # noqa: B023
            self._keep(entity, row.pk, made)

    def _changed(self, entity: type[Any], row: Any) -> Any:
        thing = self._object(entity, row)
        paired = self._paired(entity, row.pk)
        assert paired is not None
        thing.Id, thing.SyncToken = paired
        thing.sparse = True
        return thing

    def _already_there(self, thing: Any, code: int) -> Any:
        """A duplicate after a lost connection is what was sent."""
        if code not in DUPLICATES:
            raise LookupError(f"{thing}: {code}")
        member = NAME[type(thing)]
        condition = {member: getattr(thing, member)}
        return self._insist(lambda: type(thing).filter(**condition, qb=self.client))[0]

    def _insist(self, action: Callable[[], Answer]) -> Answer:
        """Try again what may work the next time."""
        for pause in LOST_PAUSES:
            try:
                return action()
            except requests.ConnectionError:
                self.sleep(pause)
            except AuthorizationException:
                self._connect()
            except QuickbooksException as error:
                if "ThrottleExceeded" not in str(error):
                    raise
                self.sleep(THROTTLE_SECONDS)
        return action()

    # --- Reading ---

    def _pair_by_name(self) -> None:
        """What is there under the same name already is not sent again."""
        rows = {Customer: LocalCustomer.objects, Item: WorkCode.objects}
        members = {Customer: "display_name", Item: "name"}
        for entity, objects in rows.items():
            found = {getattr(thing, NAME[entity]): thing for thing in self._all(entity)}
            if found:
                named = objects.filter(company=self.company, **{f"{members[entity]}__in": found})
                for pk, name in named.values_list("pk", members[entity]):
                    self._keep(entity, pk, found[name])

    def _all(self, entity: type[Any]) -> Iterator[Any]:
        start = 1
        while True:
            page = self._insist(
                lambda: entity.all(start_position=start, max_results=PAGE_ROWS, qb=self.client)  # noqa: B023
            )
            yield from page
            if len(page) < PAGE_ROWS:
                return
            start += PAGE_ROWS

    def _local(self, *, after: int) -> Iterator[tuple[type[Any], list[Any]]]:
        """What was written in Service Genius after a revision, chunk by chunk in the order of sending."""
        querysets: tuple[tuple[type[Any], Any], ...] = (
            (Customer, LocalCustomer.objects.all()),
            (Item, WorkCode.objects.all()),
            (Invoice, LocalInvoice.objects.prefetch_related("lines")),
            (Payment, LocalPayment.objects.prefetch_related("allocations")),
        )
        for entity, objects in querysets:
            wanted = objects.filter(company=self.company, revision__gt=after).order_by("pk")
            chunk: list[Any] = []
            for row in wanted.iterator(chunk_size=PAGE_ROWS):
                chunk.append(row)
                if len(chunk) == BATCH_ITEMS:
                    yield entity, chunk
                    chunk = []
            if chunk:
                yield entity, chunk

    def _revision(self) -> int:
        return Company.objects.values_list("revision", flat=True).get(pk=self.company.pk)

    def _object(self, entity: type[Any], row: Any) -> Any:
        return rival_objects.MAKE[entity](row, lambda other, pk: (self._paired(other, pk) or ("", ""))[0])

    def _connect(self) -> None:
        self.client = QuickBooks(
            auth_client=Auth(access_token=self.grant()),
            refresh_token="not used",
            company_id=self.realm,
            minorversion=75,
        )
        self.client.api_url_v3 = self.url
        self.client.session.trust_env = False
        if self.adapter is not None:
            self.client.session.mount("https://", self.adapter)

    # --- Its table ---

    def _keep(self, entity: type[Any], local: int, thing: Any) -> None:
        with self.table:
            self.table.execute(
                "INSERT OR REPLACE INTO pairs VALUES (?, ?, ?, ?)",
                (entity.__name__, local, thing.Id, thing.SyncToken),
            )

    def _paired(self, entity: type[Any], local: int) -> tuple[str, str] | None:
        row: tuple[str, str] | None = self.table.execute(
            "SELECT remote, token FROM pairs WHERE entity = ? AND local = ?", (entity.__name__, local)
        ).fetchone()
        return row


class BatchScript(Script):
    """Thirty at a time, with the library's batch helper."""

    def _create(self, entity: type[Any], local: Iterable[Any]) -> None:
        rows = [row for row in local if self._paired(entity, row.pk) is None]
        self._send(batch_create, entity, rows, [self._object(entity, row) for row in rows])

    def _update(self, entity: type[Any], local: Iterable[Any]) -> None:
        rows = list(local)
        self._send(batch_update, entity, rows, [self._changed(entity, row) for row in rows])

    def _send(self, send: Callable[..., Any], entity: type[Any], rows: list[Any], things: list[Any]) -> None:
        if not things:
            return
        answer = self._insist(lambda: send(things, qb=self.client))
        pk_of = {id(thing): row.pk for thing, row in zip(things, rows, strict=True)}
        made = iter(answer.successes)
        for one in answer.batch_responses:
            thing = one.get_object()
            if one.Fault:
                self._keep(entity, pk_of[id(thing)], self._already_there(thing, int(one.Fault.Error[0].code)))
            else:
                self._keep(entity, pk_of[id(thing)], next(made))
