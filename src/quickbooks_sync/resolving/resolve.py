"""What a person can answer to an Issue.

Every answer only moves what is agreed (Baselines, marks) or a local record; the next run carries out
what follows from it, by the ordinary decisions.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import transaction

from quickbooks_sync.access import connection as connections
from quickbooks_sync.agreements import settling
from quickbooks_sync.gathering import said_anew
from quickbooks_sync.kinds import KIND, Kind, one_of
from quickbooks_sync.kinds.base import Facts
from quickbooks_sync.memory import directory
from quickbooks_sync.models import Connection, Issue, Link, Outcome
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import changed
from quickbooks_sync.planner.first_link import Wins
from quickbooks_sync.planner.records import is_removed
from quickbooks_sync.recovery import restored
from service_genius.companies.models import User

from . import exchanged, holds, money, pay_link, tax
from .offers import namesakes, offered, shown_beside
from .shared import (
    CannotResolveError,
    both_sides,
    free,
    give_number,
    pair,
    settle,
    unlinked_remote,
    write_here,
)

__all__ = ["CannotResolveError", "all_different", "carry_out", "try_again"]


def try_again(issue: Issue) -> None:
    """Forget that it was refused, so that the next run sends it as it is now."""
    Link.objects.filter(pk=issue.link_id).update(open=True, refused="")


def carry_out(issue: Issue, what: str, *, value: str, user: User | None = None) -> str:
    """Carry out an answer by its name; says in a sentence what was done or follows.

    Raises CannotMendError.
    """
    answer = ANSWERS.get(what)
    if answer is None or what not in offered(Reason(issue.reason)):
        raise CannotResolveError("This is not an answer to it.")
    with transaction.atomic():
        link = (
            Link.objects.select_for_update(of=("self",))
            .select_related("remote", "connection__company")
            .get(pk=issue.link_id)
        )
        if not Issue.objects.filter(pk=issue.pk, reason=issue.reason).exists():
            raise CannotResolveError(f"“{issue.label}” was answered already, perhaps in another tab.")
        issue.link = link  # an answer may make an end of it
        words = answer(issue, link, value)
        settling.record_outcomes([issue], words, by=user, answer=what)
        issue.delete()
    return words


def all_different(connection: Connection, *, up_to: int, user: User | None = None) -> int:
    """None of the likely pairs raised so far is the same: each is a record of its own.

    Returns how many there were. One that cannot be named apart from its namesake stays a question.
    """
    kept: defaultdict[str, list[Issue]] = defaultdict(list)
    with transaction.atomic():
        issues = Issue.objects.filter(connection=connection, reason=Reason.LIKELY_PAIR, pk__lte=up_to)
        for issue in issues.select_related("link__connection__company", "connection__company").order_by("pk"):
            try:
                name = give_number(issue, issue.link) if namesakes(issue) else ""
            except CannotResolveError:
                continue
            issue.details["named"] = name
            kept[f"Kept as a record of its own{_named(name)}, as were all others."].append(issue)
        for words, those in kept.items():
            settling.record_outcomes(those, words, by=user, answer="different")
        done = list(chain.from_iterable(kept.values()))
        links = Link.objects.filter(pk__in=[issue.link_id for issue in done])
        links.update(known_new=True, open=True, refused="")
        Issue.objects.filter(pk__in=[issue.pk for issue in done]).delete()
    return len(done)


def link_with(connection: Connection, kind: Kind, local_id: int, remote_id: str, *, user: User) -> str:
    """Link a record of a list that has nobody there with one that was found. Raises CannotResolveError."""
    with transaction.atomic():
        found, _ = Link.objects.get_or_create(connection=connection, kind=kind.name, local_id=local_id)
        link = (
            Link.objects.select_for_update(of=("self",))
            .select_related("remote", "connection__company")
            .get(pk=found.pk)
        )
        if link.in_doubt is not None or link.state != Link.State.ACTIVE:
            raise CannotResolveError("It is asked about, or not synced. Answer that first.")
        asked = Issue.objects.filter(link=link).first()
        issue = asked or Issue(connection=connection, link=link, label=holds.label_of(link))
        words = _same(issue, link, remote_id)
        if asked is not None:
            settling.record_outcomes([asked], words, by=user, answer="same")
            asked.delete()
        else:
            told = {"label": issue.label, "words": words, "by": user}
            Outcome.objects.create(connection=connection, kind=kind.name, local_id=local_id, **told)
    return words


def _same(issue: Issue, link: Link, value: str) -> str:
    """They are the same: pair them; the first-link rule does the rest."""
    if link.paired and link.remote is not None and link.remote.active and not link.remote.deleted:
        # Its counterpart would be left without one, and be taken for a new record.
        raise CannotResolveError(f"“{issue.label}” is linked with “{directory.called(link.remote)}” already.")
    kind = KIND[link.kind]
    remote = unlinked_remote(issue, kind.entity, value)
    if not kind.may_be_paired(remote.payload):
        raise CannotResolveError(f"“{directory.called(remote)}” is of another sort in QuickBooks.")
    home = Facts(home_currency=issue.connection.company.currency)
    if currency := kind.foreign_currency(None, remote.payload, home):
        raise CannotResolveError(
            f"“{directory.called(remote)}” is kept in {currency} in QuickBooks, this one is not."
        )
    Link.objects.filter(remote=remote, local_id=None).delete()
    pair(link, remote)
    other = directory.called(remote)
    stays = ["their names"] if not kind.money and other != issue.label else []
    if not kind.money and Wins.NEITHER in issue.connection.winners.values():
        stays.append("what differs and stays so by your choice")
    but = f", but for {' and '.join(stays)}" if stays else ""
    return f"“{issue.label}” is linked with “{other}”; the next sync makes both the same{but}."


def _different(issue: Issue, link: Link, value: str) -> str:
    """They are others: those that stood there when it was said, if the page said which."""
    if issue.reason == Reason.LIKELY_PAIR and value and value != shown_beside(issue):
        raise CannotResolveError(
            f"Another record of QuickBooks stands beside “{issue.label}” by now. Please look again."
        )
    shown = [each["remote_id"] for each in issue.details.get("candidates", ())]
    known = [*shown, *filter(None, [issue.details.get("holder_id")])]
    _reject(link, known, whatever_stands_there=issue.reason != Reason.IN_DOUBT)
    name = give_number(issue, link) if issue.reason == Reason.LIKELY_PAIR and namesakes(issue) else ""
    issue.details["named"] = name
    free(link)
    follows = "" if issue.details.get("put_away") else "; the next sync copies it"
    return f"“{issue.label}” is kept as a record of its own{_named(name)}{follows}."


def _named(name: str) -> str:
    return f" and named “{name}”" if name else ""


def _reject(link: Link, remote_ids: Iterable[str], *, whatever_stands_there: bool) -> None:
    """It is to be created, and these are others for certain.

    `whatever_stands_there`: a person was shown what looks like it, so nothing else is asked. An answer that
    was about something else asks as every creation does: somebody may have entered it by hand meanwhile.
    """
    if link.in_doubt is not None:
        link.marker = ""  # they may bear it
    link.known_new = whatever_stands_there
    link.answers = {**link.answers, "rejected": [*link.answers.get("rejected", ()), *remote_ids]}


def _send(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Ours counts: agree on theirs as the old value, so that ours is a change to be sent."""
    _, _, there = both_sides(link)
    fields = changed(link.there_baseline or {}, there)
    link.here_baseline = {**(link.here_baseline or {}), **{name: there[name] for name in fields}}
    link.there_baseline = there
    settle(link)
    return f"“{issue.label}” goes to QuickBooks as it is here, with the next sync."


def _leave(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Leave both as they are, silently, until it changes there again."""
    _, _, there = both_sides(link)
    fields = changed(link.there_baseline or {}, there)
    link.left_there = {name: there[name] for name in sorted(fields)}
    settle(link)
    return f"“{issue.label}” is left as it is on both sides."


def _recreate(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Send it anew: what was deleted there is not brought back, a new one is made."""
    _unless_back(issue, link)
    if issue.reason == Reason.MERGED_THERE:
        said_anew.kept_apart(link, (link.kind, issue.details["remote_id"]))
    link.answers = holds.without_wishes(link)
    gone = [link.remote.remote_id] if link.remote is not None else []
    _reject(link, gone, whatever_stands_there=False)
    link.remote, link.here_baseline, link.there_baseline, link.marker = None, None, None, ""
    settle(link)
    return f"“{issue.label}” is sent to QuickBooks anew with the next sync."


def _unless_back(issue: Issue, link: Link) -> None:
    """A look that decides nothing of it (a preview, a Full Sync) may have found it there again meanwhile."""
    if link.remote is None or link.remote.deleted:
        return
    _, _, there = both_sides(link)
    if not is_removed(there):
        raise CannotResolveError(f"“{issue.label}” is in QuickBooks again. Please sync and look again.")


def _stop(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Not planned any more until somebody starts it again; what is only there is not taken."""
    link.state = Link.State.HOLD if link.local_id is not None else Link.State.IGNORED
    link.answers = holds.without_wishes(link)
    link.save(update_fields=["state", "answers"])
    return f"“{issue.label}” is no longer synced."


def _reactivate(issue: Issue, link: Link, value: str) -> str:
    """Ours is active, so that is what counts there, too."""
    if issue.details.get("how") != "deactivated":
        raise CannotResolveError("It cannot be made active again there. Please sync and look again.")
    _send(issue, link, value)
    return f"“{issue.label}” is made active again in QuickBooks with the next sync."


def _remove(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Do the same here: deactivate or void what was removed there.

    Only that is agreed by it: what else was edited on either side is as unsettled as before.
    """
    _unless_back(issue, link)
    kind = KIND[link.kind]
    try:
        kind.remove_here(company=issue.connection.company, local_id=link.local_id or 0)
    except ValidationError as error:
        raise CannotResolveError(" ".join(error.messages)) from error
    if link.remote is not None and not link.remote.deleted:
        switch = "voided" if kind.money else "active"
        _, here, there = both_sides(link)
        link.here_baseline = {**(link.here_baseline or here), switch: here[switch]}
        link.there_baseline = {**(link.there_baseline or there), switch: there[switch]}
    free(link)
    return f"“{issue.label}” is removed here too."


def _merge(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Merge the two here as a person did there; what moved there is the same on both sides then."""
    company = issue.connection.company
    survivor = Link.objects.filter(
        connection=issue.connection,
        kind=link.kind,
        remote__remote_id=issue.details["remote_id"],
        local_id__isnull=False,
    ).first()
    if survivor is None:
        other = one_of(link.kind).lower()
        raise CannotResolveError(f"The other {other} is not here yet. Link this one with it instead.")
    try:
        merged = KIND[link.kind].merge_here(
            company=company, loser=link.local_id or 0, survivor=survivor.local_id or 0
        )
    except ValidationError as error:
        raise CannotResolveError(" ".join(error.messages)) from error
    if link.remote is not None and not link.remote.deleted:
        _, link.here_baseline, link.there_baseline = both_sides(link)
    settle(link)
    return f"“{issue.label}” is merged into “{merged}” here too."


def _relink(issue: Issue, link: Link, value: str) -> str:
    """The survivor, or what was entered anew there, has nobody here: this one becomes its counterpart."""
    link.created_by_us = False
    return _same(issue, link, value or issue.details.get("remote_id", ""))


def _rename(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Give it here the free name that was proposed; the next sync sends it under that name."""
    proposal = issue.details.get("proposal")
    if issue.reason != Reason.NAME_TAKEN or not proposal:
        raise CannotResolveError("There is no other name to give it any more. Please look at it again.")
    write_here(link, {KIND[link.kind].name_field: proposal})
    free(link)
    return f"“{issue.label}” is now named “{proposal}”; the next sync sends it."


def _give(issue: Issue, link: Link, value: str) -> str:
    """Say which record here it is that is only there."""
    kind = KIND[link.kind]
    local = kind.all_here(issue.connection.company).filter(pk=int(value) if value.isdigit() else 0).first()
    facts = connections.facts_of(issue.connection)
    if local is None or restored.give_to(issue.connection, facts, link, local) is None:
        raise CannotResolveError("That record is linked or gone meanwhile. Please sync and look again.")
    return f"“{kind.label(local)}” is linked with it; the next sync compares both."


ANSWERS: dict[str, Callable[[Issue, Link, str], str]] = {
    "same": _same,
    "different": _different,
    "take": exchanged.take,
    "send": _send,
    "leave": _leave,
    "recreate": _recreate,
    "stop": _stop,
    "remove": _remove,
    "reactivate": _reactivate,
    "rename": _rename,
    "merge": _merge,
    "relink": _relink,
    "give": _give,
    "renumber": money.renumber,
    "redate": money.redate,
    "activate": money.activate,
    "activate_here": money.activate_here,
    "accept": money.accept,
    "void_there": money.void_there,
    "take_tax": tax.take_tax,
    "take_their_tax": tax.take_their_tax,
    "try_our_tax": tax.try_our_tax,
    "reckon": tax.reckon,
    "with_pay_link": pay_link.with_link,
    "without_pay_link": pay_link.without_link,
    "keep_there": money.keep_there,
    "allow": money.allow,
    "take_back": money.take_back,
    "pick": money.pick,
    "on_account": money.on_account,
    "apply_left": money.apply_left,
}
