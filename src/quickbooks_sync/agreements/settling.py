"""Write down what happened to a Link: Baselines, Issues, the log. Always inside the caller's transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from quickbooks_sync.access.session import Session
from quickbooks_sync.gathering.causes import named, with_others
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.gathering.said_anew import MOVED
from quickbooks_sync.kinds import Kind
from quickbooks_sync.models import Change, Issue, Link, Outcome, Remote, Side
from quickbooks_sync.planner.actions import RaiseIssue, Reason
from quickbooks_sync.planner.decide import changed
from quickbooks_sync.planner.first_link import agreed_apart
from quickbooks_sync.planner.records import Encoded, not_agreed
from quickbooks_sync.sql import rows
from quickbooks_sync.sql.prepared import Update
from service_genius.companies.models import User

SETTLED_BY_SYNC = "Settled by a sync: what kept it back is gone."
#: Answers to a likely pair after which it can be asked again: see `resolving.asked_again`.
TAKEN_BACK = {"same", "different"}
LINK_FIELDS = [
    "local_id",
    "remote",
    "open",
    "waiting",
    "waits_for",
    "created_by_us",
    "here_baseline",
    "here_revision",
    "there_baseline",
    "there_token",
    "apart",
    "refused",
    "marker",
    "applied",
    "applied_by",
]
ASK = Update(Link, lambda links: Q(pk__in=links), "refused", open=True, waiting=False)
HOLD_VOIDED = Update(
    Link,
    lambda links: Q(pk__in=links),
    state=Link.State.HOLD,
    remote=None,
    here_baseline=None,
    there_baseline=None,
    created_by_us=False,
    known_new=False,
    marker="",
    answers={},
)


def agreed(link: Link, *, here: Encoded, here_revision: int, there: Encoded, remote: Remote) -> None:
    """Both sides are settled: these are what the next change is measured from."""
    link.remote = remote
    link.here_baseline, link.here_revision = here, here_revision
    link.there_baseline, link.there_token = there, remote.token
    link.apart = agreed_apart(here, there) or None
    link.open = link.waiting = False
    link.refused = link.waits_for = ""


def apart(gathered: Gathered) -> tuple[Encoded, Encoded]:
    """The Records of both sides as they are agreed on: what one side cannot hold is still to be settled.

    Of a pair that was never settled it is as on the other side.
    """
    pair = gathered.pair
    assert pair.here is not None  # noqa: S101 - both are there
    assert pair.there is not None  # noqa: S101
    here, there = pair.here, pair.there
    before = {**there.record, **(pair.here_baseline or {})}
    agreed_here = not_agreed(here.record, before, here.unfit)
    before = {**here.record, **(pair.there_baseline or {})}
    return agreed_here, not_agreed(there.record, before, there.unfit)


def has_moved(gathered: Gathered) -> bool:
    """Whether `keep` or `follow` have something to write down of it."""
    return _is_kept_anew(gathered) or _follows(gathered)


def _is_kept_anew(gathered: Gathered) -> bool:
    return (gathered.link.kept or {}) != gathered.kept


def _follows(gathered: Gathered) -> bool:
    return gathered.link.there_baseline not in (None, gathered.pair.there_baseline)


def keep(page: Iterable[Gathered]) -> None:
    """Write down what stays on one side of these, so that each record says so."""
    moved = [gathered for gathered in page if _is_kept_anew(gathered)]
    for gathered in moved:
        gathered.link.kept = gathered.kept or None
    if moved:
        save((gathered.link for gathered in moved), ["kept"])


def follow(page: Iterable[Gathered]) -> None:
    """Write down the Baselines in which what a merge there moved is said anew."""
    moved = []
    for gathered in filter(_follows, page):
        link = gathered.link
        link.there_baseline = gathered.pair.there_baseline
        link.answers = {name: answer for name, answer in link.answers.items() if name != MOVED}
        moved.append(link)
    if moved:
        save(moved, ["there_baseline", "answers"])


def save(links: Iterable[Link], fields: Sequence[str] = LINK_FIELDS) -> None:
    """Write these fields of these Links; one that somebody has deleted this moment is there again."""
    written = list(links)
    if rows.update(written, fields) < len(written):
        Link.objects.bulk_create(written, update_conflicts=True, unique_fields=["id"], update_fields=fields)


def clear_issues(links: Iterable[Link]) -> None:
    """What is settled needs nobody any more; what became of each Issue is kept."""
    asked_about = [link.pk for link in links if getattr(link, "issue", None) is not None]
    issues = list(Issue.objects.filter(link__in=asked_about).select_related("link")) if asked_about else []
    if issues:
        record_outcomes(issues, SETTLED_BY_SYNC)
        Issue.objects.filter(pk__in=[issue.pk for issue in issues]).delete()


def record_outcomes(issues: Sequence[Issue], words: str, *, by: User | None = None, answer: str = "") -> None:
    """What became of these Issues, and through whom; a sync is nobody, and answers nothing."""
    Outcome.objects.bulk_create(
        Outcome(
            connection_id=issue.connection_id,
            kind=issue.link.kind,
            local_id=issue.link.local_id,
            reason=issue.reason,
            issue_id=issue.pk,
            answer=answer,
            before=_put_back(issue) if answer in TAKEN_BACK else None,
            label=issue.label,
            words=words,
            by=by,
        )
        for issue in issues
    )


def _put_back(issue: Issue) -> Encoded | None:
    """What the question was, if its answer can be taken back."""
    if issue.reason != Reason.LIKELY_PAIR:
        return None
    return {"details": issue.details, "likeness": issue.likeness, "remote": issue.link.remote_id}


def hold_voided(links: Iterable[Link]) -> None:
    """Voided there because a person said so: held here, and linked with nothing any more."""
    HOLD_VOIDED(links=[link.pk for link in links])


def raise_issue(
    session: Session,
    gathered: Gathered,
    issue: RaiseIssue,
    *,
    raw: str = "",
    intuit_tid: str = "",
    cause: str = "",
) -> None:
    """Put a Link before a person; it stays open and is planned again every run.

    `cause`: what the refusal hangs on, if it is one; until that changes it stands.
    """
    link = gathered.link
    if cause:
        link.refused = with_others(cause, named(session.connection, [issue.details])[0])
    elif not _stands(gathered, issue):
        link.refused = ""  # another reason takes its place: once that is gone, it is tried again
    link.open, link.waiting = True, False
    ASK(links=[link.pk], refused=link.refused)
    values = {
        "connection": session.connection,
        "reason": issue.reason,
        "details": issue.details,
        "label": gathered.label,
        "likeness": issue.likeness,
    }
    known = Issue.objects.filter(link=link).first()
    if known is not None and (known.reason, known.details) == (issue.reason, issue.details):
        if known.likeness != issue.likeness:
            Issue.objects.filter(pk=known.pk).update(likeness=issue.likeness)
        return
    Issue.objects.update_or_create(
        link=link,
        defaults=values | {"raw": raw, "intuit_tid": intuit_tid, "raised_at": session.page_at},
    )
    if issue.reason == Reason.CHANGED_THERE:
        session.counts["changed_there"] += 1
    else:
        session.counts["issues"] += 1


def _stands(gathered: Gathered, issue: RaiseIssue) -> bool:
    """Whether a refusal is told once more."""
    refused = gathered.pair.here.refused if gathered.pair.here is not None else None
    return refused is not None and (refused.reason, refused.details) == (issue.reason, issue.details)


def log(
    session: Session,
    kind: Kind,
    link: Link,
    *,
    side: Side,
    action: str,
    label: str,
    before: Encoded,
    after: Encoded,
    remote_id: str,
    note: str = "",
) -> Change:
    """One line of the log, counted; the caller writes it."""
    session.count(kind, side, action)
    session.progress = {"kind": kind.name, "label": label}
    return Change(
        run=session.run,
        link=link,
        kind=kind.name,
        side=side,
        action=action,
        label=label[:600],
        local_id=link.local_id,
        remote_id=remote_id,
        before=before,
        after=after,
        note=note,
        at=session.page_at,
    )


def difference(before: Encoded, after: Encoded) -> tuple[Encoded, Encoded]:
    """Only the fields that differ, from -> to."""
    names = changed(before, after)
    return {name: before.get(name) for name in sorted(names)}, {name: after[name] for name in sorted(names)}


def said(record: Encoded) -> dict[str, Any]:
    """The fields of a new record that say something."""
    return {name: value for name, value in record.items() if value not in (None, "", [])}
