"""Take a pair apart that is none: each side gets its counterpart back, as far as nobody has edited it since.

The one here becomes new in QuickBooks with the next Sync, and the one there gets a record of its own here at
once, with the values that it had before it was paired; what the sync had written over them goes back to
QuickBooks as any edit here does. So nothing is sent by the press, and nothing twice. That these two are not
the same is kept at the pair, and asks about nobody else.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from quickbooks_sync.access import connection as connections
from quickbooks_sync.agreements import settling
from quickbooks_sync.gathering.pairs import records_of_link
from quickbooks_sync.kinds import KIND, MONEY, Kind
from quickbooks_sync.kinds.money import in_closed_books
from quickbooks_sync.kinds.naming import Naming
from quickbooks_sync.memory import directory
from quickbooks_sync.models import Change, Connection, Issue, Link, Outcome, Remote, Sending, SyncRun
from quickbooks_sync.planner.keys import folded, stored_key
from quickbooks_sync.planner.put_back import as_before, named_anew
from quickbooks_sync.planner.records import Encoded, encode
from service_genius.companies.models import User

from .shared import CannotResolveError, with_number, write_here

ROWS = 500


@dataclass(frozen=True, kw_only=True)
class Document:
    """An invoice, estimate or payment here that is under the wrong name there."""

    link: Link
    kind: Kind
    naming: Naming
    label: str
    moves: bool
    """Whether it goes to the new one there; what is paid, closed or void stays where it is."""


@dataclass(frozen=True, kw_only=True)
class Apart:
    """What taking two apart would do."""

    link: Link
    remote: Remote
    kind: Kind
    here: Encoded
    there: Encoded
    label: str
    label_there: str
    back_here: Encoded
    """The values that the record here gets back."""
    back_there: Encoded
    """The values that the one there gets back, with the next Sync."""
    documents: Sequence[Document]
    namesake: Any | None
    """Another one here that has the name of the one there."""
    below: Sequence[tuple[Link, bool]]
    """Sub-customers here that are linked below the one there, and whether they came from there."""

    @property
    def own_there(self) -> Encoded:
        """The one there as it was before."""
        return {**self.there, **self.back_there}

    @property
    def names(self) -> tuple[str, str]:
        """What the two are called once the values went back; one that both have is numbered here."""
        kind = self.kind
        return kind.called({**self.here, **self.back_here}), kind.called(self.own_there)

    @property
    def seen(self) -> str:
        """Comes back with the answer, and tells whether it was given to just this."""
        parts = [
            [self.link.pk, self.link.remote_id, self.here, self.there, self.back_here, self.back_there],
            [[each.link.pk, each.moves] for each in self.documents],
            [[link.pk, came] for link, came in self.below],
            self.namesake.pk if self.namesake is not None else None,
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def can_be(link: Link) -> bool:
    """Whether the two were there before they were paired, so that there is something to take apart."""
    return link.paired and not KIND[link.kind].money and _paired_by(link) is not None


def look(link: Link) -> Apart:
    """What would be done; refused with the reason where it cannot be."""
    kind, remote = KIND[link.kind], link.remote
    paired = _paired_by(link) if link.paired and not kind.money else None
    if remote is None or link.local_id is None:
        raise CannotResolveError("It is linked with nobody in QuickBooks: there is nothing to take apart.")
    if paired is None:
        raise CannotResolveError("These two were not paired: one of them was made for the other.")
    if remote.deleted or not remote.active:
        raise CannotResolveError(
            "It is not in use in QuickBooks. Make it active there, sync, and look again."
        )
    _refuse_while_busy(link.connection)
    facts = connections.facts_of(link.connection)
    _, here, there = records_of_link(link, facts)
    since = link.changes.filter(pk__gte=paired.pk).order_by("pk").values_list("side", "before", "after")
    written = [(side, (before, after)) for side, before, after in since]
    below = list(_below(link)) if kind.levels else []
    back_there = as_before(there, [each for side, each in written if side == Change.Side.THERE])
    return Apart(
        link=link,
        remote=remote,
        kind=kind,
        here=here,
        there=there,
        label=kind.called(here),
        label_there=directory.called(remote),
        back_here=as_before(here, [each for side, each in written if side == Change.Side.HERE]),
        back_there=back_there,
        namesake=_namesake(link, kind, {**there, **back_there}),
        documents=list(_documents(link, remote)),
        below=below,
    )


def take_apart(link_id: int, *, seen: str, by: User | None = None) -> str | None:
    """Take the two apart, if just that was shown; else nothing is done, and nothing returned."""
    with transaction.atomic():
        link = (
            Link.objects.select_for_update(of=("self",))
            .select_related("remote", "connection__company")
            .get(pk=link_id)
        )
        apart = look(link)
        if apart.seen != seen:
            return None
        issues = list(Issue.objects.filter(link=link).select_related("link"))
        settling.record_outcomes(issues, "The two were taken apart.", by=by)
        Issue.objects.filter(link=link).delete()
        name = _names_apart(apart)
        other = _own_record(apart)
        _let_go(apart)
        _give_own_link(apart, other)
        _documents_follow(apart, other.pk)
        _sub_customers_follow(apart, other.pk)
        _log(apart, other, by)
    called = f" The one here is named “{name}” now." if name else ""
    return (
        f"“{apart.label}” and “{apart.label_there}” are two from now on.{called} "
        "The next sync makes each its own on both sides."
    )


def _paired_by(link: Link) -> Change | None:
    """When it was paired with what was there before, the last time."""
    changes = link.changes.filter(side=Change.Side.HERE)
    last = changes.filter(action__in=["linked", "created"]).order_by("-pk").first()
    return last if last is not None and last.action == "linked" and not link.created_by_us else None


def _refuse_while_busy(connection: Connection) -> None:
    runs = SyncRun.objects.filter(connection=connection, state=SyncRun.State.RUNNING)
    sent = Sending.objects.filter(connection=connection, state=Sending.State.OPEN)
    if runs.exists() or sent.exists():
        raise CannotResolveError("A sync is under way. Take them apart when it has ended.")
    if connection.restored:
        raise CannotResolveError("A backup was restored. Sync first, and answer what is asked.")


def _below(link: Link) -> Iterator[tuple[Link, bool]]:
    """Sub-customers here that are linked, and whether each came from there."""
    company = link.connection.company
    children = KIND[link.kind].all_here(company).filter(parent=link.local_id)
    links = Link.objects.filter(
        connection=link.connection, kind=link.kind, local_id__in=children.values("pk"), remote__isnull=False
    )
    for child in links.select_related("remote", "connection__company").order_by("pk"):
        if _paired_by(child) is not None:
            name = directory.called(child.remote) if child.remote is not None else ""
            raise CannotResolveError(
                f"Below it stands “{name}”, which was paired, too. Take that apart first."
            )
        yield child, not child.created_by_us


def _documents(link: Link, remote: Remote) -> Iterator[Document]:
    """What here names this one, and stands under the other one there."""
    connection = link.connection
    facts = connections.facts_of(connection)
    for kind in MONEY:
        naming = kind.naming.get(link.kind)
        if naming is None:
            continue
        rows = kind.all_here(connection.company).filter(naming.rows([link.local_id or 0])).distinct()
        locals_ = {row.pk: row for row in rows}
        links = Link.objects.filter(connection=connection, kind=kind.name, local_id__in=locals_)
        links = links.filter(remote__deleted=False).select_related("remote")
        for each in links.order_by("pk").iterator():
            assert each.remote is not None  # noqa: S101 - it was asked for
            payload = each.remote.payload
            if remote.remote_id not in naming.there(payload):
                continue
            local = locals_[each.local_id or 0]
            record = encode(kind.from_here(local))
            free = naming.as_there is None and not record.get("voided") and _is_free(kind, each.remote)
            yield Document(
                link=each,
                kind=kind,
                naming=naming,
                label=kind.label(local),
                moves=free and not list(in_closed_books(record, payload, facts)),
            )


def _is_free(kind: Kind, remote: Remote) -> bool:
    """Whether it is tied to nothing there: all of it is open. The balance follows our own writes, too."""
    return remote.balance in {None, remote.total} and not kind.is_tied(remote.payload)


def _names_apart(apart: Apart) -> str:
    """Number the one here, if the one there needs its name; the new name, or nothing."""
    field, kind = apart.kind.name_field, apart.kind
    ours, theirs = apart.names
    values = dict(apart.back_here)
    if folded(ours) != folded(theirs):
        if values:
            write_here(apart.link, values)
        return ""
    like = folded(theirs)[:100]
    remotes = Remote.objects.filter(connection=apart.link.connection, folded_name__startswith=like)
    taken = {full.rpartition(":")[2] for full in remotes.values_list("folded_name", flat=True)}
    name, _ = with_number(
        theirs,
        taken=taken,
        length=kind.name_length,
        attempt=lambda proposal: write_here(apart.link, {**values, field: proposal}),
    )
    return name


def _own_record(apart: Apart) -> Any:
    """What is there gets a record of its own here, as it was before; numbered if its name is taken here."""
    kind, own = apart.kind, apart.own_there
    held = kind.held_here(own, kind.unfit_here(own))
    if apart.namesake is None:
        return _create(apart, held)
    field = kind.name_field
    _, made = with_number(
        held[field],
        taken=(),
        length=kind.name_length,
        attempt=lambda proposal: _create(apart, {**held, field: proposal}),
    )
    return made


def _create(apart: Apart, record: Encoded) -> Any:
    company = apart.link.connection.company
    (made,) = apart.kind.create_here(company=company, records=[(record, apart.remote.payload)])
    if isinstance(made, ValidationError):
        raise CannotResolveError(
            f"“{apart.label_there}” cannot have a record of its own here: {' '.join(made.messages)}"
        )
    return made


def _namesake(link: Link, kind: Kind, own: Encoded) -> Any | None:
    """Whoever else here has the name of the one there, at its place."""
    others = kind.all_here(link.connection.company).filter(active=True).exclude(pk=link.local_id)
    if kind.levels:
        others = others.filter(parent=own.get("parent"))
    return others.filter(**{f"{kind.name_field}__iexact": kind.called(own)}).first()


def _let_go(apart: Apart) -> None:
    """The one here is a record without a counterpart; just this one there it is not."""
    link = apart.link
    link.answers = {"rejected": [*link.answers.get("rejected", ()), apart.remote.remote_id]}
    link.remote, link.here_baseline, link.there_baseline = None, None, None
    link.here_revision, link.there_token = 0, -1
    link.created_by_us, link.known_new, link.left_there, link.kept, link.apart = (
        False,
        False,
        None,
        None,
        None,
    )
    link.open, link.waiting, link.refused, link.in_doubt = True, False, "", None
    link.save()


def _give_own_link(apart: Apart, other: Any) -> None:
    """The one there and its record: what goes back to it counts as changed here."""
    kind = apart.kind
    record = encode(kind.from_here(other))
    going = {name: apart.there[name] for name in apart.back_there}
    Link.objects.create(
        connection=apart.link.connection,
        kind=kind.name,
        local_id=other.pk,
        remote=apart.remote,
        here_baseline={**record, **going},
        there_baseline=apart.there,
        here_revision=other.revision,
        there_token=apart.remote.token,
        match_key=stored_key(kind.called(record)),
    )


def _documents_follow(apart: Apart, other: int) -> None:
    """What stands under the one there is agreed upon so; what moves counts as changed here."""
    old = apart.link.local_id or 0
    for start in range(0, len(apart.documents), ROWS):
        moved = []
        for each in apart.documents[start : start + ROWS]:
            link, field = each.link, each.naming.field
            if link.there_baseline is not None:
                link.there_baseline = named_anew(link.there_baseline, field, old=old, new=other)
            if each.moves and link.here_baseline is not None:
                link.here_baseline = named_anew(link.here_baseline, field, old=old, new=other)
            link.open = True
            moved.append(link)
        Link.objects.bulk_update(moved, ["here_baseline", "there_baseline", "open"])


def _sub_customers_follow(apart: Apart, other: int) -> None:
    """Those that came from there stand below that one here, too; the others go below the new one there."""
    for link, came in apart.below:
        if came:
            write_here(link, {"parent": other})
        link.here_baseline = {**(link.here_baseline or {}), "parent": other}
        link.there_baseline = {**(link.there_baseline or {}), "parent": other}
        link.open = True
        link.save(update_fields=["here_baseline", "there_baseline", "open"])


def _log(apart: Apart, other: Any, by: User | None) -> None:
    for local_id, label in ((apart.link.local_id, apart.label), (other.pk, apart.label_there)):
        Outcome.objects.create(
            connection=apart.link.connection,
            kind=apart.kind.name,
            local_id=local_id,
            label=label,
            words=f"“{apart.label}” and “{apart.label_there}” are not the same: taken apart.",
            by=by,
        )
