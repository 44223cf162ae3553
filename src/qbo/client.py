"""QuickBooks Online, one realm, as a typed client.

For a single-threaded caller: reads return when answered; writes are handed in by `submit_batch` and come
back, in any order, from `next_write`. Reads may be made while writes are in flight.
Absent on purpose: what to send, in which order, and what to do about a write of unknown outcome.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from .answers import Changes, QueryAnswer, batched_query_answers, changes_answer, query_answer
from .batch import query_body
from .entities import COMPANY_INFO, ENTITIES, PREFERENCES
from .environment import Environment
from .errors import Missing, ReadWindowPassed, Refused, TryAgain
from .limits import Pace
from .payload import Payload
from .reports import BASIS, Report, report_answer
from .retry import WriteOutcome
from .sender import Sender
from .traffic import Call, CallCounts, Clock, TokenSource, Traffic

MINOR_VERSION = "75"
OBJECT_NOT_FOUND = "610"


class Client:
    """One realm of QuickBooks."""

    def __init__(
        self,
        *,
        environment: Environment,
        realm_id: str,
        tokens: TokenSource,
        sender: Sender,
        pace: Pace,
        clock: Clock,
    ) -> None:
        self._environment = environment
        self._realm_id = realm_id
        self._traffic = Traffic(tokens=tokens, sender=sender, pace=pace, clock=clock)

    @property
    def calls(self) -> CallCounts:
        return self._traffic.counts

    @property
    def metered_reads(self) -> int:
        return self.calls.metered_reads

    def read(self, entity: str, id: str) -> Payload:  # noqa: A002 - their word
        """The object as it is now, inactive ones too; raises Missing."""
        try:
            return self._object(f"{ENTITIES[entity].path}/{id}", entity)
        except Refused as refused:
            if any(fault.code == OBJECT_NOT_FOUND for fault in refused.faults):
                raise Missing(f"QuickBooks has no {entity} {id}.", intuit_tid=refused.intuit_tid) from refused
            raise

    def company_info(self) -> Payload:
        return self._object(f"{COMPANY_INFO.path}/{self._realm_id}", COMPANY_INFO.name)

    def preferences(self) -> Payload:
        return self._object(PREFERENCES.path, PREFERENCES.name)

    def query(self, statement: str) -> QueryAnswer:
        """One page of a query; raises Refused for a statement QuickBooks does not take."""
        # By POST: no limit of length, and no names in addresses, which end up in logs.
        call = self._call("POST", "query", body=statement.encode(), content_type="application/text")
        return self._traffic.ask(call, query_answer)

    def queries(self, statements: Sequence[str]) -> list[QueryAnswer | Refused]:
        """Up to 30 queries in one call, answered in the order asked."""
        call = self._call("POST", "batch", body=query_body(statements), queries=len(statements))
        return self._traffic.ask(call, lambda envelope: batched_query_answers(envelope, len(statements)))

    def changes(self, entities: Sequence[str], since: datetime) -> Changes:
        """What changed since then, in one call; raises ReadWindowPassed when that is too long ago."""
        # Whole seconds, rounded down: LastUpdatedTime has no finer ones.
        asked = {"entities": ",".join(entities), "changedSince": since.isoformat(timespec="seconds")}
        try:
            call = self._call("GET", "cdc", parameters=asked)
            return self._traffic.ask(call, lambda envelope: changes_answer(envelope, entities))
        except Refused as refused:
            # Its code is not known for sure; the name of the parameter is the same in every language.
            if any("changedsince" in fault.detail.lower() for fault in refused.faults):
                message = "QuickBooks tells the changes of the last 30 days only."
                raise ReadWindowPassed(message, intuit_tid=refused.intuit_tid) from refused
            raise

    def report(self, name: str, **parameters: str) -> Report:
        """A report on accrual basis, checked; its parameters as QuickBooks spells them. One metered read.

        Name both ends of a period, or the `report_date`: QuickBooks takes others without a word (facts K2).
        Raises NarrowDown, NotAsAsked or DoesNotAddUp for a report nobody may rely on.
        """
        asked = {"accounting_method": BASIS, **parameters}
        call = self._call("GET", f"reports/{name}", parameters=asked)
        return self._traffic.ask(call, lambda envelope: report_answer(envelope, name, asked))

    def await_turn(self) -> None:
        """Wait until the pace lets a batch of writes start, so that the time noted for it is the true one."""
        self._traffic.await_turn()

    def submit_batch(
        self, ticket: int, request_id: str, body: bytes, *, before_again: Callable[[], None] = lambda: None
    ) -> None:
        """Send a batch of writes as soon as the pace allows it.

        It goes again only if it was certainly not executed, within bounds, and `before_again` is called
        just before it does: to note the time, or to raise because it is too late. What this raises, it
        raises before anything is sent.
        """
        call = self._call("POST", "batch", parameters={"requestid": request_id}, body=body, is_write=True)
        self._traffic.submit(ticket, call, before_again)

    def next_write(self, timeout: float) -> WriteOutcome | None:
        """The next outcome of a submitted batch; None if there is none within `timeout` seconds."""
        return self._traffic.next_write(timeout)

    def _object(self, path: str, entity: str) -> Payload:
        def read(envelope: Mapping[str, Payload]) -> Payload:
            if not isinstance(found := envelope.get(entity), dict):
                raise TryAgain(f"The answer of QuickBooks holds no {entity}.")
            return found

        return self._traffic.ask(self._call("GET", path), read)

    def _call(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, str] | None = None,
        body: bytes = b"",
        content_type: str = "application/json",
        queries: int = 0,
        is_write: bool = False,
    ) -> Call:
        here = self._environment
        asked = urlencode({**(parameters or {}), "minorversion": MINOR_VERSION})
        return Call(
            method=method,
            path=path,
            url=f"{here.api_url}/v3/company/{self._realm_id}/{path}?{asked}",
            timeout=here.write_timeout_seconds if is_write else here.read_timeout_seconds,
            body=body,
            content_type=content_type,
            queries=queries,
            is_write=is_write,
        )
