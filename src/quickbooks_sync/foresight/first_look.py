"""The first look: what a Full Sync would find, counted by the same decisions, with nothing changed.

What may be the same on both sides is asked at once, so that it can be answered before the first Full Sync.
"""

from collections import Counter
from dataclasses import dataclass, field

from quickbooks_sync.access.session import Session
from quickbooks_sync.agreements import settling
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.kinds import KIND, LISTS, Kind
from quickbooks_sync.models import Connection, Link, Remote, Sending
from quickbooks_sync.planner.actions import (
    Action,
    Adopt,
    CreateHere,
    CreateThere,
    RaiseIssue,
    Reason,
    UpdateThere,
)
from quickbooks_sync.planner.first_link import counts_of
from quickbooks_sync.planner.guards import wrong_company
from quickbooks_sync.planner.records import replaced
from quickbooks_sync.sending import unmoved

from .differences import differences, forget_differences, is_only_writing, list_differences
from .forecast import after_pairing, foresee


def guard_first(session: Session) -> None:
    """Ask whether this is the right company, before a first Full Sync sends anything.

    Books are empty that have no customer: every company has an item or two from the start. A first one that
    was interrupted has been asked about, and goes on.
    """
    if _has_begun(session.connection):
        return
    customers = Remote.objects.filter(connection=session.connection, entity=KIND["customer"].entity)
    if not customers.filter(active=True, deleted=False).exists():
        return
    counts = {kind.name: count(session, kind) for kind in LISTS}
    question = wrong_company(
        new=sum(each.get("new_here", 0) for each in counts.values()),
        matched=sum(each.get("same", 0) + each.get("alike", 0) for each in counts.values()),
        there=counts["customer"]["there"],
    )
    session.unless_answered(question)


def _has_begun(connection: Connection) -> bool:
    """Whether a run has paired, taken or sent anything."""
    # What a person has paired is in no run's hands yet.
    paired = Link.objects.filter(connection=connection, local_id__isnull=False, here_baseline__isnull=False)
    return paired.exists() or Sending.objects.filter(connection=connection).exists()


def look(session: Session) -> None:
    """Count, per list, what is on either side, what is the same and what needs a person.

    Whether those that are likely are the same is asked at once.
    """
    found = {}
    forget_differences(session)
    for kind in LISTS:
        questions = _Questions()
        found[kind.name] = count(session, kind, questions)
        questions.ask(session)
        with session.page():
            Connection.objects.filter(pk=session.connection.pk).update(first_look=found)


@dataclass
class _Questions:
    """Who is asked about, and who is no more."""

    asked: list[tuple[Gathered, RaiseIssue]] = field(default_factory=list)
    over: list[Link] = field(default_factory=list)

    def note(self, gathered: Gathered, action: Action) -> None:
        match action:
            case RaiseIssue(reason=Reason.LIKELY_PAIR):
                self.asked.append((gathered, action))
            case _ if _is_asked(gathered.link):
                self.over.append(gathered.link)

    def ask(self, session: Session) -> None:
        """As a run would, page by page."""
        for page in session.parts(self.asked):
            with session.page(rows=len(page)):
                answered = set(unmoved.moved(session, [gathered for gathered, _ in page]))
                for gathered, issue in page:
                    if gathered.link.pk in answered:  # or edited
                        continue
                    settling.raise_issue(session, gathered, issue)
        with session.page():
            settling.clear_issues(self.over)


def _is_asked(link: Link) -> bool:
    issue = getattr(link, "issue", None)
    return issue is not None and issue.reason == Reason.LIKELY_PAIR


def count(session: Session, kind: Kind, questions: _Questions | None = None) -> dict[str, int]:
    """What is here and there of a list, and what a Full Sync would make of it.

    `questions`: of a first look, which notes who is asked about, and stores what is different on both sides.
    """
    counts: Counter[str] = Counter()
    for page in foresee(session, kind):
        for gathered, action in page:
            _count(session, counts, gathered, action)
            if questions is not None:
                questions.note(gathered, action)
        if questions is not None:
            list_differences(session, page)
    counts["here"] = kind.all_here(session.connection.company).filter(active=True).count()
    there = Remote.objects.filter(
        connection=session.connection, entity=kind.entity, active=True, deleted=False
    )
    counts["there"] = there.filter(link__isnull=False).count()
    return dict(counts)


def _count(session: Session, counts: Counter[str], gathered: Gathered, action: Action) -> None:
    match action:
        case Adopt():
            counts["same"] += 1
            if names := differences(gathered):
                counts["different"] += 1
                counts["written_otherwise"] += is_only_writing(gathered, names)
            counts.update(counts_of(action, gathered.here, gathered.there))
            paired, follow = after_pairing(session, gathered, action)
            if not isinstance(follow, Adopt):
                _count(session, counts, paired, follow)
        case UpdateThere(fields=fields):
            counts.update(replaced(gathered.there, {name: gathered.here[name] for name in fields}))
        case CreateThere():
            counts["new_here"] += 1
        case CreateHere():
            counts["new_there"] += 1
        case RaiseIssue(reason=reason):
            counts["need_you"] += 1
            counts["alike"] += reason == Reason.LIKELY_PAIR
