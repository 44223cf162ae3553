"""What is in QuickBooks under a marker of ours, and belongs to no record here: never passed over in silence.

People copy documents there, bookkeepers erase notes, and a restored backup has forgotten what was sent
since. The table of markers, which is never cleared, tells these apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.kinds.base import Payload
from quickbooks_sync.kinds.money import is_voided
from quickbooks_sync.models import Connection, Link, Marker, Outcome

FIELDS = 3
#: So far may our clock and that of QuickBooks be apart.
CLOCKS_APART = timedelta(days=1)
#: So many records are shown to choose from.
RECORDS_MAX = 20


@dataclass(frozen=True, kw_only=True)
class Word:
    """A marker, taken apart; those of before there were epochs have only a random word."""

    epoch: int = 0
    serial: int = 0
    uid: str = ""


def read(word: str) -> Word:
    """Take a marker apart."""
    parts = word.split(".")
    if len(parts) != FIELDS or not (parts[0].isdigit() and parts[1].isdigit()):
        return Word()
    return Word(epoch=int(parts[0]), serial=int(parts[1]), uid=parts[2])


@dataclass(frozen=True, kw_only=True)
class Marked:
    """What a page of strangers with our markers is."""

    forgotten: Sequence[Payload] = ()
    """Sent by a later life of this database, which nobody here remembers."""
    back: Mapping[str, int] = field(default_factory=dict)
    """Objects that take the place of one that is gone there: remote id -> Link."""
    copies: Sequence[tuple[Marker, Payload]] = ()
    """Copied there by a person from one of ours that lives."""

    def is_ours(self, payload: Payload) -> bool:
        """Whether it is to be kept in mind; a copy is not."""
        return str(payload["Id"]) in self.back or payload in self.forgotten


def notice(connection: Connection, *, epoch: int = 0) -> None:
    """This database is older than what was sent. `epoch`: the highest that is known of."""
    rows = Connection.objects.filter(pk=connection.pk)
    since = connection.there_watermark or connection.connected_at - CLOCKS_APART
    rows.filter(restored="").update(restored=Connection.Restored.NOTICED, forgot_since=since)
    rows.filter(epoch__lt=epoch).update(epoch=epoch)
    connection.refresh_from_db(fields=["restored", "epoch", "forgot_since"])


def sort_out(connection: Connection, kind: Kind, strangers: Sequence[Payload]) -> Marked:
    """Say what each of these is; all of them bear a marker, and none has a Link."""
    words = {kind.marker_there(payload) for payload in strangers}
    known = {one.word: one for one in Marker.objects.filter(connection=connection, word__in=words)}
    links = _links(connection, known.values())
    forgotten: list[Payload] = []
    back: dict[str, int] = {}
    copies: list[tuple[Marker, Payload]] = []
    for payload in strangers:
        marker, remote_id = known.get(kind.marker_there(payload)), str(payload["Id"])
        if marker is None:
            forgotten.append(payload)
            continue
        link = links.get((marker.kind, marker.local_id))
        if link is None or link.marker != marker.word or link.remote is None:
            continue  # settled by a person; or its answer was lost, and `recovery` looks for it
        if not link.remote.deleted:
            if remote_id not in marker.copies:
                copies.append((marker, payload))
        elif not is_voided(payload):
            back[remote_id] = link.pk
    return Marked(forgotten=_live(connection, kind, forgotten), back=back, copies=copies)


def _links(connection: Connection, markers: Iterable[Marker]) -> dict[tuple[str, int], Link]:
    rows = Link.objects.filter(connection=connection, local_id__in=[one.local_id for one in markers])
    return {(link.kind, link.local_id or 0): link for link in rows.select_related("remote")}


def _live(connection: Connection, kind: Kind, payloads: Sequence[Payload]) -> list[Payload]:
    """Those that count there, or whose record is here: what is voided and unknown is nobody's matter."""
    uids = [read(kind.marker_there(payload)).uid for payload in payloads]
    here = set(kind.all_here(connection.company).filter(uid__in=uids).values_list("uid", flat=True))
    return [
        payload for payload, uid in zip(payloads, uids, strict=True) if uid in here or not is_voided(payload)
    ]


def tell_of_copies(connection: Connection, kind: Kind, copies: Sequence[tuple[Marker, Payload]]) -> None:
    """List each once, under Settled: it is not ours. Inside the caller's transaction."""
    for marker, payload in copies:
        remote_id = str(payload["Id"])
        if remote_id in marker.copies:
            continue
        marker.copies = [*marker.copies, remote_id]
        marker.save(update_fields=["copies"])
        local = kind.all_here(connection.company).filter(pk=marker.local_id).first()
        Outcome.objects.create(
            connection=connection,
            kind=marker.kind,
            local_id=marker.local_id,
            label=kind.label(local) if local is not None else kind.label_there(payload),
            words=f"Somebody copied it in QuickBooks. The copy, {kind.label_there(payload)}, is not synced.",
        )


def word_of(link: Link) -> str:
    """The marker that the object of this Link bears."""
    return KIND[link.kind].marker_there(link.remote.payload) if link.remote is not None else ""


def may_be(connection: Connection, kind: Kind) -> list[dict[str, str]]:
    """The records here that were never sent, and may be what is only there; the latest first."""
    unsent = Link.objects.filter(connection=connection, kind=kind.name, remote=None, in_doubt__isnull=True)
    ids = list(unsent.exclude(local_id=None).values_list("local_id", flat=True))
    rows = kind.all_here(connection.company).filter(pk__in=ids, voided=False).order_by("-pk")
    return [{"local_id": str(row.pk), "name": kind.label(row)} for row in rows[:RECORDS_MAX]]
