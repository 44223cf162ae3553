"""Questions whether two are the same: their order, and what is said of many at once.

Deliberately absent: what one answer does, see `resolve`; and how they are found, see `gathering.compared`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from quickbooks_sync.agreements import settling
from quickbooks_sync.kinds import KIND
from quickbooks_sync.kinds.base import Facts
from quickbooks_sync.memory.directory import called
from quickbooks_sync.models import Connection, Issue, Link, Outcome, Remote
from quickbooks_sync.planner.actions import Reason
from service_genius.companies.models import User

from .shared import pair

#: What was put off comes last, else the likeliest first.
ORDER = ("put_off", "-likeness", "pk")
#: So many are read at once.
PORTION = 500


def questions(connection: Connection, kind: str = "") -> QuerySet[Issue]:
    """All that are asked, or those of one Kind; in no order."""
    found = Issue.objects.filter(connection=connection, reason=Reason.LIKELY_PAIR)
    return found.filter(link__kind=kind) if kind else found


def answered(connection: Connection, since: datetime | None) -> int:
    """How many were answered by somebody since then."""
    answers = Outcome.objects.filter(connection=connection, reason=Reason.LIKELY_PAIR).exclude(answer="")
    return answers.filter(at__gte=since).count() if since is not None else 0


def put_off(issue: Issue) -> None:
    """Later: it goes behind all others."""
    with transaction.atomic():
        last = Issue.objects.filter(connection=issue.connection_id).aggregate(last=Max("put_off"))["last"]
        Issue.objects.filter(pk=issue.pk).update(put_off=last + 1)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line below a question, on a page as it was when it was made."""

    put_off: int
    likeness: float
    pk: int
    """Of the question above it."""
    newest: int
    """Of all that stood there."""

    def above(self) -> Q:
        """What stands above it, and stood there when the page was made."""
        alike = Q(put_off=self.put_off, likeness=self.likeness, pk__lte=self.pk)
        likelier = Q(put_off=self.put_off, likeness__gt=self.likeness)
        return (Q(put_off__lt=self.put_off) | likelier | alike) & Q(pk__lte=self.newest)


@dataclass(frozen=True, kw_only=True)
class Above:
    """What stands above a line: the pairs that are linked once all of it is accepted."""

    pairs: Sequence[tuple[Issue, Remote]]
    left: int
    """How many stay questions: several are shown beside them, or another question has claimed the one."""

    @property
    def seen(self) -> str:
        """Comes back with the answer, and tells whether it was given to just these pairs."""
        text = " ".join(f"{issue.pk}={remote.pk}" for issue, remote in self.pairs)
        return sha256(text.encode()).hexdigest()


def above(connection: Connection, line: Line, *, kind: str = "") -> Above:
    """What a line parts from the rest."""
    rows = questions(connection, kind).filter(line.above()).order_by(*ORDER)
    issues = list(rows.select_related("link", "connection__company"))
    alone = [(issue, _only_one(issue)) for issue in issues]
    free = _free(connection, [(KIND[issue.link.kind].entity, remote_id) for issue, remote_id in alone])
    pairs: list[tuple[Issue, Remote]] = []
    claimed: set[int] = set()
    for issue, remote_id in alone:
        remote = free.get((KIND[issue.link.kind].entity, remote_id))
        if remote is not None and remote.pk not in claimed and issue.link.remote_id is None:
            claimed.add(remote.pk)
            pairs.append((issue, remote))
    return Above(pairs=pairs, left=len(issues) - len(pairs))


def _only_one(issue: Issue) -> str:
    """The one there that is shown beside it, by its id; nothing if there are several."""
    shown = issue.details.get("candidates", ())
    return str(shown[0]["remote_id"]) if len(shown) == 1 else ""


def _free(connection: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Remote]:
    """Those that nobody here is linked with yet, in the currency of the books."""
    home = Facts(home_currency=connection.company.currency)
    found: dict[tuple[str, str], Remote] = {}
    for entity in sorted({entity for entity, _ in keys}):
        ids = sorted({remote_id for of, remote_id in keys if of == entity and remote_id})
        (kind,) = (each for each in KIND.values() if each.entity == entity)
        for start in range(0, len(ids), PORTION):
            remotes = Remote.objects.filter(
                connection=connection,
                entity=entity,
                remote_id__in=ids[start : start + PORTION],
                deleted=False,
            ).exclude(link__local_id__isnull=False)
            found |= {
                (entity, remote.remote_id): remote
                for remote in remotes
                if not kind.foreign_currency(None, remote.payload, home)
            }
    return found


def accept(
    connection: Connection, line: Line, *, kind: str = "", seen: str, user: User | None = None
) -> int | None:
    """Link all pairs above a line. All of it or nothing: nothing if they are not those that were seen.

    Returns how many there were, or None if somebody has to look again.
    """
    with transaction.atomic():
        asked = questions(connection, kind).filter(line.above()).values("link")
        # Whoever answers one of them meanwhile comes before this, or after it.
        list(Link.objects.select_for_update().filter(pk__in=asked).order_by("pk").values_list("pk"))
        found = above(connection, line, kind=kind)
        if found.seen != seen:
            return None
        for start in range(0, len(found.pairs), PORTION):
            _link(found.pairs[start : start + PORTION], user)
    return len(found.pairs)


def _link(pairs: Sequence[tuple[Issue, Remote]], user: User | None) -> None:
    Link.objects.filter(remote__in=[remote.pk for _, remote in pairs], local_id=None).delete()
    for issue, remote in pairs:
        pair(issue.link, remote)
        words = f"Linked with “{called(remote)}”, as were all above it in the list."
        settling.record_outcomes([issue], words, by=user, answer="same")
    Issue.objects.filter(pk__in=[issue.pk for issue, _ in pairs]).delete()
