"""What one decided step does: the local effect with its bookkeeping, and what is to be sent.

Always inside the transaction of a page, except that nothing is sent from here: an `Outgoing` is handed back.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db.models import Q

from quickbooks_sync.access.session import Session
from quickbooks_sync.agreements import settling
from quickbooks_sync.gathering import credit, exchanges, pairs
from quickbooks_sync.gathering.exchanges import Taking
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.kinds.base import LocalKey, Payload
from quickbooks_sync.models import Change, Link
from quickbooks_sync.models.log import FILLED
from quickbooks_sync.planner.actions import (
    Action,
    Adopt,
    AdvanceBaseline,
    CreateThere,
    RaiseIssue,
    Reason,
    RemoveThere,
    TakeApplied,
    TakeTax,
    UpdateHere,
    UpdateThere,
)
from quickbooks_sync.planner.decide import Pair, decide
from quickbooks_sync.planner.first_link import agreed_apart, counts_of
from quickbooks_sync.planner.records import Encoded, encode, not_agreed
from quickbooks_sync.sql import rows
from quickbooks_sync.sql.prepared import Update
from quickbooks_sync.wording.who_wins import stays_apart
from service_genius.shared.revision import Changed

from . import taxes
from .outbox import Outgoing

WAIT = Update(Link, lambda links: Q(pk__in=links), "waits_for", waiting=True)


def wait(session: Session, gathered: Gathered, *, on: str) -> None:
    """It cannot go before something else; `on` says what, in words."""
    WAIT(links=[gathered.link.pk], waits_for=on)
    settling.clear_issues([gathered.link])
    session.progress = {"kind": gathered.kind.name, "label": gathered.label}


def forget(gathered: Gathered) -> None:
    """There is nothing to keep the same any more."""
    settling.clear_issues([gathered.link])
    gathered.link.delete()


def advance(session: Session, gathered: Gathered) -> None:
    """Both sides are as agreed, or agree anew; only the Baselines move."""
    link, pair = gathered.link, gathered.pair
    link.open = link.waiting = False
    if pair.wish_done:
        settling.hold_voided([link])
        settling.clear_issues([link])
        return
    if link.paired and pair.here is not None and pair.there is not None and link.remote is not None:
        here, there = settling.apart(gathered)
        if link.left_there:
            # Left as it is there: still not agreed, so the Baseline keeps the old value.
            before = dict.fromkeys(link.left_there) | (link.there_baseline or {})
            there = not_agreed(there, before, link.left_there)
        settling.agreed(
            link, here=here, here_revision=gathered.local.revision, there=there, remote=link.remote
        )
    elif link.paired and pair.here is not None:
        # Gone on both sides: if it comes back on either, that is news; what else was edited is not agreed.
        switch = {"voided": True} if gathered.kind.money else {"active": False}
        link.here_revision = gathered.local.revision
        link.here_baseline = {**link.here_baseline, **switch} if link.here_baseline is not None else None
        link.there_baseline = {**link.there_baseline, **switch} if link.there_baseline is not None else None
    settling.save([link])
    if link.answers.get("ask_first"):  # both sides are the same: there is nothing to ask
        link.answers = {name: answer for name, answer in link.answers.items() if name != "ask_first"}
        settling.save([link], ["answers"])
    settling.clear_issues([link])
    session.unlocked += 1


def _take_tax(session: Session, gathered: Gathered) -> None:
    """Let the tax count here that QuickBooks reckoned; then both are the same."""
    link, pair, company = gathered.link, gathered.pair, session.connection.company
    assert pair.here is not None  # noqa: S101 - both are there
    assert pair.there is not None  # noqa: S101
    before, after = pair.here.totals, pair.there.totals
    kind = gathered.kind
    paying = list(gathered.local.allocations.values_list("payment", flat=True)) if kind.owed else []
    try:
        gathered.local = kind.take_tax(
            company=company,
            local_id=gathered.local.pk,
            tax=after["tax"],
            expected_revision=gathered.local.revision,
        )
    except Changed:
        return  # edited this moment: it stays open
    # What is paid above the new total is taken off: those payments go in this run, too.
    payments = Link.objects.filter(connection=session.connection, kind="payment", local_id__in=paying)
    payments.update(open=True)
    advance(session, gathered)
    change = settling.log(
        session,
        gathered.kind,
        link,
        side=Change.Side.HERE,
        action="updated",
        label=gathered.label,
        before=before,
        after=after,
        remote_id=link.remote.remote_id if link.remote is not None else "",
    )
    change.save()


def create_here(session: Session, kind: Kind, creations: Sequence[Gathered]) -> None:
    if not creations:
        return
    records = [(gathered.taken, gathered.payload) for gathered in creations]
    made = kind.create_here(company=session.connection.company, records=records)
    settled, changes = [], []
    for gathered, local in zip(creations, made, strict=True):
        link = gathered.link
        if isinstance(local, ValidationError):
            settling.raise_issue(session, gathered, refused_here(local))
            continue
        assert link.remote is not None  # noqa: S101 - half there
        link.local_id = local.pk
        here = encode(kind.from_here(local))
        unfit = gathered.pair.there.unfit if gathered.pair.there is not None else {}
        there = not_agreed(gathered.there, here, unfit)
        settling.agreed(link, here=here, here_revision=local.revision, there=there, remote=link.remote)
        settled.append(link)
        changes.append(
            settling.log(
                session,
                kind,
                link,
                side=Change.Side.HERE,
                action="created",
                label=gathered.label,
                before={},
                after=settling.said(here),
                remote_id=link.remote.remote_id,
            )
        )
    settling.save(settled)
    settling.clear_issues(settled)
    rows.insert(changes)
    session.unlocked += len(settled)


def refused_here(error: ValidationError) -> RaiseIssue:
    """A value of QuickBooks that Service Genius cannot hold."""
    fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return RaiseIssue(reason=Reason.REFUSED_HERE, details={"fields": fields})


#: What is to be taken here, and was refused for now, in words.
Refused = tuple[Gathered, UpdateHere, ValidationError]


def change_here(
    session: Session,
    gathered: Gathered,
    action: Adopt | TakeApplied | TakeTax | UpdateHere,
    later: list[Refused] | None = None,
) -> list[Outgoing]:
    """Fill or take fields here; then send what a value present here replaces there, or what was not taken.

    What is refused because another record here still holds it is put into `later`, if that is given.
    """
    if isinstance(action, TakeTax):
        _take_tax(session, gathered)
        return []
    link, kind = gathered.link, gathered.kind
    values = _taken(gathered, action)
    before = {name: gathered.here[name] for name in values}
    local = gathered.local
    if values:
        try:
            local = kind.update_here(
                company=session.connection.company,
                local_id=local.pk,
                values=values,
                expected_revision=local.revision,
            )
        except Changed:
            return []  # edited this moment: it stays open, and the next run sees both
        except ValidationError as error:
            if later is not None and isinstance(action, UpdateHere) and exchanges.scarce(kind, values):
                later.append((gathered, action, error))
            else:
                settling.raise_issue(session, gathered, refused_here(error))
            return []
    here = encode(kind.from_here(local))
    remote = gathered.match or link.remote
    assert remote is not None  # noqa: S101 - both sides are there
    if isinstance(action, Adopt):
        Link.objects.filter(remote=remote, local_id=None).delete()
    here_baseline, there_baseline = baselines_after(gathered, action, values)
    settling.agreed(
        link, here=here_baseline, here_revision=local.revision, there=there_baseline, remote=remote
    )
    settling.save([link])
    settling.clear_issues([link])
    session.unlocked += 1
    name, note = "updated", credit_note(session, gathered, action)
    if isinstance(action, Adopt):
        name, note = "linked", pairing_note(gathered, action)
        session.counts.update(counts_of(action, gathered.here, gathered.there))
        session.counts[f"{kind.name}.here.{FILLED}"] += bool(values)
    change = settling.log(
        session,
        kind,
        link,
        side=Change.Side.HERE,
        action=name,
        label=gathered.label,
        before=before,
        after=values,
        remote_id=remote.remote_id,
        note=note,
    )
    change.save()
    assert gathered.pair.here is not None  # noqa: S101 - it was written
    now = replace(gathered.pair.here, record=here, totals=kind.totals_here(local))
    pair = pairs.relinked(gathered, here_baseline, there_baseline, now)
    return _then_send(session, gathered, pair, note="" if isinstance(action, Adopt) else note)


def baselines_after(
    gathered: Gathered, action: Adopt | TakeApplied | UpdateHere, taken: Encoded
) -> tuple[Encoded, Encoded]:
    """The Baselines, here and there, once these values are taken here."""
    if not isinstance(action, UpdateHere):
        return action.here_baseline, action.there_baseline
    pair = gathered.pair
    here = {**(pair.here_baseline or {}), **taken}
    if action.fields <= gathered.kind.yields:  # what else was edited there is still to be decided
        return here, {**(pair.there_baseline or {}), **taken}
    return here, settling.apart(gathered)[1]


def take_by_turns(session: Session, kind: Kind, later: Sequence[Refused]) -> list[Outgoing]:
    """Take what others of these held, in an order that exists only once all have let go of it.

    What does not go even so is refused.
    """
    company = session.connection.company
    waiting = {gathered.local.pk: (gathered, action) for gathered, action, _ in later}
    takings = [
        Taking(local_id=pk, values=_taken(gathered, action), revision=gathered.local.revision)
        for pk, (gathered, action) in waiting.items()
    ]
    order = exchanges.find_order(company, kind, takings)
    outgoing: list[Outgoing] = []
    aside = exchanges.let_go(company, kind, order)
    for each in order:
        gathered, action = waiting.pop(each.local_id)
        gathered.local = aside[each.local_id]
        outgoing += change_here(session, gathered, action)
    now = dict(kind.all_here(company).filter(pk__in=waiting).values_list("pk", "revision"))
    for gathered, _, error in later:
        if now.get(gathered.local.pk) == gathered.local.revision:  # or it was edited this moment
            settling.raise_issue(session, gathered, refused_here(error))
    return outgoing


def _taken(gathered: Gathered, action: Adopt | TakeApplied | UpdateHere) -> Encoded:
    """The values that are written here."""
    if isinstance(action, TakeApplied):
        return {"allocations": action.allocations}
    fields = action.take if isinstance(action, Adopt) else action.fields
    return {name: gathered.there[name] for name in sorted(fields)}


def pairing_note(gathered: Gathered, action: Adopt) -> str:
    """What the log says of two that are paired: with whom, if the names differ, and what stays different."""
    kind = gathered.kind
    ours, theirs = kind.called(gathered.here), kind.called(gathered.there)
    named = f"With “{theirs}” in QuickBooks." if not kind.money and theirs != ours else ""
    apart = stays_apart(agreed_apart(action.here_baseline, action.there_baseline))
    return " ".join(filter(None, [named, apart]))


def credit_note(session: Session, gathered: Gathered, action: Action) -> str:
    """What the log says of a payment with which QuickBooks paid something by itself."""
    applied = gathered.pair.applied
    if applied is None:
        return ""
    words = credit.applied_words(applied, session.facts.home_currency)
    match action:
        case TakeApplied():
            return words
        case UpdateThere(fields=fields) if "allocations" in fields:
            return f"{words} What another payment pays of that is taken back."
    return ""


def _then_send(session: Session, gathered: Gathered, pair: Pair, *, note: str) -> list[Outgoing]:
    gathered.pair = pair
    follow = taxes.in_turn(session, gathered, decide(pair, session.policy))
    match follow:
        case UpdateThere():
            # Open until it is answered, so that a run that dies here is taken up by the next.
            Link.objects.filter(pk=gathered.link.pk).update(open=True)
            gathered.link.open = True
            return [replace(outgoing(session, gathered, follow), note=note)]
        case RaiseIssue():
            Link.objects.filter(pk=gathered.link.pk).update(open=True)
            settling.raise_issue(session, gathered, follow)
        case AdvanceBaseline():
            pass
        case _:  # removed since it was paired, or it waits: its turn comes in a later pass
            Link.objects.filter(pk=gathered.link.pk).update(open=True, waiting=True, waits_for="")
    return []


def removed_by(kind: Kind) -> frozenset[str]:
    """The field that a removal agrees on; other edits of the record are left over."""
    return frozenset({"voided" if kind.money else "active"})


def outgoing(
    session: Session, gathered: Gathered, action: CreateThere | UpdateThere | RemoveThere
) -> Outgoing:
    kind, link = gathered.kind, gathered.link
    if kind.money and not link.marker:
        link.marker = session.new_marker(gathered.local.uid)
    if isinstance(action, RemoveThere):
        fields = removed_by(kind)
        return Outgoing(
            gathered=gathered,
            operation="remove",
            payload=kind.removal_there(gathered.payload),
            fields=fields,
            leave=action.leave,
        )
    if isinstance(action, UpdateThere) and action.aside is not None:
        return _for_the_moment(session, gathered, action)
    only = None if isinstance(action, CreateThere) else action.fields
    assert gathered.pair.here is not None  # noqa: S101 - it is sent
    totals = gathered.pair.here.totals
    gathered = replace(
        gathered, pair=replace(gathered.pair, here=replace(gathered.pair.here, record=gathered.sent))
    )
    payload = kind.to_there(
        gathered.here | totals,
        only=only,
        base=gathered.payload,
        references=gathered.references,
        facts=session.facts,
        marker=link.marker,
    )
    if only is None:
        payload |= _linked_with(session, kind.made_of(gathered.local))
        return Outgoing(gathered=gathered, operation="create", payload=payload)
    head: Payload = {"Id": gathered.payload["Id"], "SyncToken": gathered.payload["SyncToken"], "sparse": True}
    return Outgoing(
        gathered=gathered,
        operation="update",
        payload=head | payload,
        fields=action.fields if isinstance(action, UpdateThere) else frozenset(),
        leave=action.leave if isinstance(action, UpdateThere) else frozenset(),
        note=credit_note(session, gathered, action),
    )


def _linked_with(session: Session, keys: set[LocalKey]) -> Payload:
    """The links to what one was made of, as far as that is there, and nothing else was made of it there."""
    found = []
    for name, local_id in sorted(keys):
        links = Link.objects.filter(connection=session.connection, kind=name, local_id=local_id)
        link = links.filter(remote__deleted=False).select_related("remote").first()
        if link is not None and link.remote is not None and not link.remote.payload.get("LinkedTxn"):
            found.append({"TxnId": link.remote.remote_id, "TxnType": KIND[name].entity})
    return {"LinkedTxn": found} if found else {}


def _for_the_moment(session: Session, gathered: Gathered, action: UpdateThere) -> Outgoing:
    """Step aside first, and nothing else; as that is not what is here, the right values are sent after it."""
    pair, aside = gathered.pair, action.aside or {}
    assert pair.here is not None  # noqa: S101 - it is edited here
    record = {**gathered.here, **aside}
    renamed = replace(gathered, pair=replace(pair, here=replace(pair.here, record=record)))
    step = UpdateThere(fields=frozenset(aside), leave=action.leave)
    return replace(outgoing(session, renamed, step), temporary=True, hangs_on=gathered.hangs_on)
