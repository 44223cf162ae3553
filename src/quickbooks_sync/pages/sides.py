"""What Issues are about, on either side, as a page shows it; few queries for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quickbooks_sync.access import connection as connections
from quickbooks_sync.gathering.references import find_references
from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.kinds.base import Facts
from quickbooks_sync.models import Issue, Remote
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.records import Encoded, encode
from quickbooks_sync.resolving.offers import CHOOSE
from quickbooks_sync.wording.values import Values, field_title
from service_genius.companies.models import Company
from service_genius.ui.templatetags.service_genius import money

#: What is compared when two records may be the same: the fields a person knows them by.
COMPARED = (
    *("company_name", "email", "phone", "mobile"),
    *("billing_street", "billing_city", "billing_postal_code", "code", "description", "price"),
    *("date", "amount", "reference", "memo"),
)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field as it is on either side."""

    title: str
    here: str
    there: str


def candidate_entity(issue: Issue) -> str:
    """A payment that pays an older invoice asks for the invoice."""
    return KIND["invoice" if issue.reason == Reason.OLDER_INVOICE else issue.link.kind].entity


def candidate_ids(issue: Issue) -> list[str]:
    """Ids of what it may be there, in the order in which they are shown."""
    found = [str(each["remote_id"]) for each in issue.details.get("candidates", []) if "remote_id" in each]
    holder = issue.details.get("holder_id")
    if issue.reason == Reason.NAME_TAKEN and issue.link.paired:
        return found  # it has its counterpart already
    if holder and issue.reason in CHOOSE and issue.details.get("holder") == KIND[issue.link.kind].entity:
        found.append(str(holder))
    return found


class Sides:
    """What these Issues are about, on either side; few queries for all of them."""

    def __init__(self, company: Company, issues: Sequence[Issue], *, more: Sequence[Remote] = ()) -> None:
        """`more`: other records of QuickBooks that are shown beside them."""
        self._currency = company.currency
        self._connection = issues[0].connection
        self._facts = connections.facts_of(self._connection)
        self._here: dict[tuple[str, int], Encoded] = {}
        self._totals: dict[tuple[str, int], Encoded] = {}
        self._there: dict[int, Encoded] = {}
        self._remotes: dict[tuple[str, str], Remote] = {}
        for kind in KIND.values():
            self._read_here(company, kind, [issue for issue in issues if issue.link.kind == kind.name])
            self._read_there(kind, issues)
            self._decode(kind, [remote for remote in more if remote.entity == kind.entity])
        self._values = Values(company=company, records=[*self._here.values(), *self._there.values()])

    def _read_here(self, company: Company, kind: Kind, issues: Sequence[Issue]) -> None:
        wanted = [issue.link.local_id for issue in issues if issue.link.local_id is not None]
        for row in kind.all_here(company).filter(pk__in=wanted) if wanted else ():
            self._here[kind.name, row.pk] = encode(kind.from_here(row))
            self._totals[kind.name, row.pk] = kind.totals_here(row)

    def _read_there(self, kind: Kind, issues: Sequence[Issue]) -> None:
        wanted = [
            remote_id
            for issue in issues
            if candidate_entity(issue) == kind.entity
            for remote_id in candidate_ids(issue)
        ]
        # What is linked meanwhile with another record is no candidate any more.
        free = Remote.objects.filter(
            connection=self._connection, entity=kind.entity, remote_id__in=wanted, deleted=False
        ).exclude(link__local_id__isnull=False)
        home = Facts(home_currency=self._connection.company.currency)
        remotes = [
            remote
            for remote in (free if wanted else ())
            if not kind.foreign_currency(None, remote.payload, home)  # never paired with one of ours
        ]
        self._remotes |= {(kind.entity, remote.remote_id): remote for remote in remotes}
        linked = [issue.link.remote for issue in issues if issue.link.kind == kind.name]
        self._decode(kind, [*remotes, *filter(None, linked)])

    def _decode(self, kind: Kind, remotes: Sequence[Remote]) -> None:
        payloads = {remote.pk: remote.payload for remote in remotes if remote.packed and not remote.deleted}
        keys = {key for payload in payloads.values() for key in kind.refers_to_there(payload)}
        references, _ = find_references(self._connection, (), keys)
        for pk, payload in payloads.items():
            self._there[pk] = encode(kind.from_there(payload, references, self._facts))

    def remote(self, entity: str, remote_id: str) -> Remote | None:
        return self._remotes.get((entity, remote_id))

    def record_there(self, remote: Remote) -> Encoded:
        return self._there.get(remote.pk, {})

    def text(self, name: str, value: Any) -> str:
        """A value of a field in words."""
        return self._values.text(name, value)

    def about_here(self, issue: Issue) -> tuple[str, ...]:
        return self._told(self.record_here(issue))

    def facts(self, issue: Issue) -> tuple[str, ...]:
        """By what a person knows the record: here, or there if it is only there."""
        link, remote = issue.link, issue.link.remote
        record = self.record_here(issue)
        total = self._totals.get((link.kind, link.local_id or 0), {}).get("total")
        payload = remote.payload if remote is not None and not record else {}
        if not record and remote is not None:
            record, total = self._there.get(remote.pk, {}), remote.total
        if not KIND[link.kind].money:
            return self._told(record)
        told = (
            self._values.text("customer", record.get("customer"))
            or str((payload.get("CustomerRef") or {}).get("name", "")),
            money(Decimal(total), self._currency) if total is not None else "",
            *(self._values.text(name, record.get(name)) for name in ("date", "method", "reference")),
        )
        return tuple(filter(None, told))

    def about_there(self, remote: Remote) -> tuple[str, ...]:
        total = () if remote.total is None else (money(remote.total, self._currency),)
        record = self._there.get(remote.pk, {})
        return (*total, *self._told({name: value for name, value in record.items() if name != "amount"}))

    def differences(self, issue: Issue) -> tuple[Difference, ...]:
        """The fields that an Issue is about, as they are on both sides."""
        if "stored" in issue.details:
            return tuple(self._total(issue, name) for name in issue.details["fields"])
        if issue.link.remote is None or not issue.link.paired:
            return ()
        here, there = self.record_here(issue), self._there.get(issue.link.remote.pk, {})
        return tuple(
            Difference(
                title=field_title(name),
                here=self._values.text(name, here.get(name)),
                there=self._values.text(name, there.get(name)),
            )
            for name in issue.details.get("fields", ())
            if name in here and name in there and here[name] != there[name]
        )

    def _total(self, issue: Issue, name: str) -> Difference:
        def told(value: Any) -> str:
            return money(Decimal(value), self._currency) if value is not None else ""

        sent, stored = issue.details["sent"], issue.details["stored"]
        return Difference(title=field_title(name), here=told(sent.get(name)), there=told(stored.get(name)))

    def record_here(self, issue: Issue) -> Encoded:
        return self._here.get((issue.link.kind, issue.link.local_id or 0), {})

    def _told(self, record: Encoded) -> tuple[str, ...]:
        # A firm is called by its name already.
        own = record.get("display_name")
        told = {
            name: record.get(name) for name in COMPARED if name != "company_name" or record.get(name) != own
        }
        return tuple(filter(None, (self._values.text(name, value) for name, value in told.items())))
