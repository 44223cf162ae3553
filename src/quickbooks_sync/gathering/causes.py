"""What a refusal hangs on: as soon as any of it has changed, what was refused is tried again.

QuickBooks refuses a record for reasons that lie elsewhere, too: the customer is inactive, the invoice it pays
belongs to somebody else, the period is closed, the account was put away. Which it was, nobody can tell for
sure; so a refusal hangs on all of it. That is written down with each Sending before it leaves: what changed
while it was under way counts as changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quickbooks_sync.access.background import MOVES_ALONE, hashed
from quickbooks_sync.kinds import KINDS
from quickbooks_sync.kinds.base import LocalKey, Payload
from quickbooks_sync.models import Connection, Issue, Link, Remote
from quickbooks_sync.planner.records import Encoded
from service_genius.companies.models import Company
from service_genius.invoices.models import Invoice

Stamp = list[Any]


@dataclass(frozen=True, kw_only=True)
class Causes:
    """All that a refusal of one record would hang on, but for the record itself."""

    payload: Payload = field(default_factory=dict)
    """The object there that it is laid over."""
    referred: Sequence[Stamp] = ()
    """How that stands there to which it refers, and what stands above that."""
    background: str = ""
    """The facts of the company, and the choices."""

    def of(self, record: Encoded, totals: Encoded) -> str:
        """They and the record, as one text to be compared."""
        own = {name: value for name, value in self.payload.items() if name not in MOVES_ALONE}
        return hashed([record, totals, own, list(self.referred), self.background])


def with_others(cause: str, others: Sequence[Stamp]) -> str:
    """The cause of a refusal that names others, too (see `named`)."""
    return hashed([cause, list(others)]) if cause else ""


def beyond(company: Company, keys: Iterable[LocalKey]) -> dict[LocalKey, set[LocalKey]]:
    """Whom an invoice that is referred to belongs to, and who stands above a customer."""
    found = set(keys)
    further: dict[LocalKey, set[LocalKey]] = {}
    for kind in reversed(KINDS):  # what is beyond one comes before it in their order
        ids = {pk for name, pk in found if name == kind.name}
        those = kind.beyond(company, ids) if ids else {}
        further |= {(kind.name, pk): beyond for pk, beyond in those.items()}
        found |= {key for beyond in those.values() for key in beyond}
    return further


def closure(keys: Iterable[LocalKey], further: Mapping[LocalKey, set[LocalKey]]) -> set[LocalKey]:
    """These with all that is beyond them."""
    found, frontier = set[LocalKey](), set(keys)
    while frontier:
        found |= frontier
        frontier = {each for key in frontier for each in further.get(key, ())} - found
    return found


def named(connection: Connection, details: Iterable[Encoded]) -> list[list[Stamp]]:
    """How those stand that each of these details of an Issue names: who has the name, or may be the same."""
    rows = list(details)
    wanted = [_named_by(row) for row in rows]
    ids = {remote_id for names in wanted for _, remote_id in names}
    stamps: dict[str, list[Stamp]] = {}
    if ids:
        columns = ("entity", "remote_id", "token", "name", "active", "deleted")
        found = Remote.objects.filter(connection=connection, remote_id__in=ids).values_list(*columns)
        for entity, remote_id, *stands in found.order_by("entity"):
            stamps.setdefault(remote_id, []).append([entity, remote_id, *stands])
    here = {row["invoice"] for row in rows if "invoice" in row}
    revisions = dict(
        Invoice.objects.filter(company=connection.company_id, pk__in=here).values_list("pk", "revision")
        if here
        else ()
    )
    return [
        [
            *(
                stamp
                for entity, remote_id in names
                for stamp in stamps.get(remote_id, ())
                if entity in {"", stamp[0]}
            ),
            *([["invoice", revisions.get(row["invoice"])]] if "invoice" in row else []),
        ]
        for row, names in zip(rows, wanted, strict=True)
    ]


def _named_by(details: Encoded) -> list[tuple[str, str]]:
    """Entity, if it is known, and id."""
    candidates = [
        ("", str(each["remote_id"])) for each in details.get("candidates", ()) if "remote_id" in each
    ]
    holder = details.get("holder_id")
    return [*candidates, *([(str(details.get("holder", "")), str(holder))] if holder else [])]


def named_by_issues(connection: Connection, links: Iterable[Link]) -> dict[int, list[Stamp]]:
    """The same by Link, of those that were refused and of which a person is told."""
    issues: dict[int, Issue] = {}
    for link in links:
        issue = getattr(link, "issue", None)
        if issue is not None and link.refused:
            issues[link.pk] = issue
    if not issues:
        return {}
    stamps = named(connection, [issue.details for issue in issues.values()])
    return dict(zip(issues, stamps, strict=True))
