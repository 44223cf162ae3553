"""What a person can answer to an Issue.

Every answer only moves what is agreed (Baselines, marks) or a local record; the next run carries out
what follows from it, by the ordinary decisions.
"""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction

from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.invoices.models import Invoice
from service_genius.payments.models import Payment

from .gather import records_of_link
from .kinds import KIND
from .models import Connection, Issue, Link, Remote
from .planner.actions import Reason
from .planner.decide import changed
from .planner.records import encode


class CannotMendError(Exception):
    """The answer does not fit any more; the message says why."""


def try_again(issue: Issue) -> None:
    """Forget that it was refused, so that the next run sends it as it is now."""
    Link.objects.filter(pk=issue.link_id).update(open=True, refused="")


def carry_out(issue: Issue, what: str, *, value: str) -> str:
    """Carry out an answer by its name; says in a sentence what was done or follows.

    Raises CannotMendError.
    """
    answer = ANSWERS.get(what)
    if answer is None:
        raise CannotMendError("This is not an answer to it.")
    with transaction.atomic():
        link = Link.objects.select_for_update(of=("self",)).select_related("remote").get(pk=issue.link_id)
        return answer(issue, link, value)


def _same(issue: Issue, link: Link, value: str) -> str:
    """They are the same: pair them; the first-link rule does the rest."""
    entity = KIND[link.kind].entity
    remote = Remote.objects.filter(
        connection=issue.connection, entity=entity, remote_id=value, deleted=False
    ).first()
    if remote is None or Link.objects.filter(remote=remote, local_id__isnull=False).exists():
        raise CannotMendError(
            "That record of QuickBooks is linked or gone meanwhile. Please sync and look again."
        )
    Link.objects.filter(remote=remote, local_id=None).delete()
    link.remote, link.here_baseline, link.there_baseline = remote, None, None
    _free(link)
    issue.delete()
    return f"“{issue.label}” is linked with “{remote.name}”; the next sync makes both the same."


def _different(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001 - the shape of every answer
    link.known_new = True
    _free(link)
    issue.delete()
    return f"“{issue.label}” is kept as a record of its own; the next sync copies it."


def _take(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Take over what was changed in QuickBooks."""
    kind, here, there = records_of_link(link)
    fields = changed(link.there_baseline or {}, there)
    values = {name: there[name] for name in fields}
    try:
        local = kind.update_here(
            company=issue.connection.company,
            local_id=link.local_id or 0,
            values=values,
            expected_revision=None,
        )
    except ValidationError as error:
        raise CannotMendError(" ".join(error.messages)) from error
    link.here_baseline = {**(link.here_baseline or here), **values}
    link.here_revision = local.revision
    link.there_baseline = there
    _free(link)
    issue.delete()
    return f"“{issue.label}” is now here as it is in QuickBooks."


def _send(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Ours counts: agree on theirs as the old value, so that ours is a change to be sent."""
    _, _, there = records_of_link(link)
    fields = changed(link.there_baseline or {}, there)
    link.here_baseline = {**(link.here_baseline or {}), **{name: there[name] for name in fields}}
    link.there_baseline = there
    _free(link)
    issue.delete()
    return f"“{issue.label}” goes to QuickBooks as it is here, with the next sync."


def _leave(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Leave both as they are, silently, until it changes there again."""
    _, _, there = records_of_link(link)
    fields = changed(link.there_baseline or {}, there)
    link.left_there = {name: there[name] for name in sorted(fields)}
    _free(link)
    issue.delete()
    return f"“{issue.label}” is left as it is on both sides."


def _recreate(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Send it anew: what was deleted there is not brought back, a new one is made."""
    link.remote, link.here_baseline, link.there_baseline = None, None, None
    link.known_new, link.marker = True, ""
    _free(link)
    issue.delete()
    return f"“{issue.label}” is sent to QuickBooks anew with the next sync."


def _stop(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    link.state = Link.State.HOLD
    link.save(update_fields=["state"])
    issue.delete()
    return f"“{issue.label}” is no longer synced."


def _remove(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Do the same here: deactivate or void what was removed there."""
    kind = KIND[link.kind]
    try:
        local = kind.remove_here(company=issue.connection.company, local_id=link.local_id or 0)
    except ValidationError as error:
        raise CannotMendError(" ".join(error.messages)) from error
    link.here_baseline, link.here_revision = encode(kind.from_here(local)), local.revision
    _settle_removed(link)
    issue.delete()
    return f"“{issue.label}” is removed here too."


def _settle_removed(link: Link) -> None:
    if link.remote is not None and not link.remote.deleted:
        _, _, link.there_baseline = records_of_link(link)
    _free(link)


def _merge(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Merge the two here as a person did there; what moved there is the same on both sides then."""
    kind, company = KIND[link.kind], issue.connection.company
    survivor = Link.objects.filter(
        connection=issue.connection,
        kind=link.kind,
        remote__remote_id=issue.details["remote_id"],
        local_id__isnull=False,
    ).first()
    if survivor is None:
        raise CannotMendError("The other customer is not here yet. Link this one with it instead.")
    try:
        merged = customers.merge_customers(
            company=company, loser=link.local_id or 0, survivor=survivor.local_id or 0
        )
    except ValidationError as error:
        raise CannotMendError(" ".join(error.messages)) from error
    local = kind.all_here(company).get(pk=link.local_id)
    link.here_baseline, link.here_revision = encode(kind.from_here(local)), local.revision
    _settle_removed(link)
    issue.delete()
    return f"“{issue.label}” is merged into “{merged}” here too."


def _relink(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """The survivor has nobody here: this one becomes its counterpart."""
    link.created_by_us = False
    return _same(issue, link, issue.details["remote_id"])


def _rename(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Give it here the free name that was proposed; the next sync sends it under that name."""
    proposal = issue.details.get("proposal")
    if issue.reason != Reason.NAME_TAKEN or not proposal:
        raise CannotMendError("There is no other name to give it any more. Please look at it again.")
    kind = KIND[link.kind]
    try:
        kind.update_here(
            company=issue.connection.company,
            local_id=link.local_id or 0,
            values={"display_name" if kind.name == "customer" else "name": proposal},
            expected_revision=None,
        )
    except ValidationError as error:
        raise CannotMendError(" ".join(error.messages)) from error
    _free(link)
    issue.delete()
    return f"“{issue.label}” is now named “{proposal}”; the next sync sends it."


def _free(link: Link) -> None:
    link.open, link.refused = True, ""
    link.save()


ANSWERS: dict[str, Callable[[Issue, Link, str], str]] = {
    "same": _same,
    "different": _different,
    "take": _take,
    "send": _send,
    "leave": _leave,
    "recreate": _recreate,
    "stop": _stop,
    "remove": _remove,
    "rename": _rename,
    "merge": _merge,
    "relink": _relink,
}


def older_counts(company: Company, connection: Connection) -> dict[str, int]:
    """How many invoices and payments stay out: entered before connecting and dated before the start."""
    before = {
        "company": company,
        "created_at__lt": connection.connected_at,
        "date__lt": connection.start_date,
    }
    return {
        "invoices": Invoice.objects.filter(**before, voided=False).count(),
        "payments": Payment.objects.filter(**before, voided=False).count(),
    }
