"""What the templates show, prepared: addresses on both sides, and the log with its values in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse

import qbo.environment
from quickbooks_sync.kinds import KIND, KINDS, LISTS, one_of
from quickbooks_sync.models import Change, Connection, PlannedStep, Remote, Side, Step, SyncRun
from quickbooks_sync.runs import queue
from quickbooks_sync.wording.values import Values, field_title, moment
from service_genius.companies.models import Company

from . import report


def local_address(kind: str, local_id: int | None, page: str = "detail") -> str:
    """A page of a record here, or nothing."""
    if local_id is None:
        return ""
    try:
        return reverse(f"{KIND[kind].pages}:{page}", kwargs={"pk": local_id})
    except NoReverseMatch:
        return ""


def record_address(connection: Connection, remote: Remote) -> str:
    """Where a person opens the record in QuickBooks; nothing once it is deleted there."""
    return "" if remote.deleted else object_address(connection, remote.entity, remote.remote_id)


def object_address(connection: Connection, entity: str, remote_id: str) -> str:
    """As `record_address`, of an object that may not have been stored."""
    try:
        return qbo.environment.record_url(
            connection.environment,
            emulator_url=settings.QBO_EMULATOR_URL,
            realm_id=connection.realm_id,
            entity=entity,
            id=remote_id,
        )
    except KeyError:
        return ""  # its page is not ours to know


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a first look found of one list."""

    title: str
    title_there: str
    here: int
    there: int
    same: int
    need_you: int
    new_here: int
    new_there: int


def found(connection: Connection) -> list[Found]:
    """What the first look found, list by list; empty until it has begun."""
    return [
        Found(
            title=_counted(kind.title.lower(), look.get("here", 0)),
            title_there=_counted(
                kind.title_there.lower() if kind.title_there == kind.title else kind.title_there,
                look.get("there", 0),
            ),
            **{
                name: look.get(name, 0)
                for name in ("here", "there", "same", "need_you", "new_here", "new_there")
            },
        )
        for kind in LISTS
        if (look := connection.first_look.get(kind.name)) is not None
    ]


def needed_otherwise(connection: Connection) -> int:
    """How many of those that need somebody are no question whether two are the same: a name is taken, say."""
    looks = connection.first_look.values()
    return sum(look.get("need_you", 0) - look.get("alike", 0) for look in looks)


def _counted(title: str, number: int) -> str:
    return title.removesuffix("s") if number == 1 else title


@dataclass(frozen=True, kw_only=True)
class RunView:
    """A run as a page shows it."""

    run: SyncRun
    name: str
    headline: str
    story: str
    rows: Sequence[report.Row]
    when: str
    by: str
    badge: tuple[str, str]

    @property
    def is_over(self) -> bool:
        """Whether it failed for a cause that is gone."""
        return report.is_over(self.run)

    @property
    def shows(self) -> bool:
        """Whether its table says something: a preview of nothing has none."""
        return not self.run.preview or any(row.total for row in self.rows)

    @property
    def did_something(self) -> bool:
        """Whether it has changed anything on either side by now."""
        return not self.run.preview and any(row.total for row in self.rows)

    @property
    def can_be_done(self) -> bool:
        """Whether it is a preview that can be carried out as it was shown."""
        return self.run.state == SyncRun.State.DONE and shows_steps(self.run)


def shows_steps(preview: SyncRun) -> bool:
    """Whether a preview shows anything to do, and still has it."""
    return preview.preview and preview.plannedsteps.exclude(fingerprint="").exists()


def run_view(company: Company, run: SyncRun) -> RunView:
    ahead = queue.ahead_of(run)
    return RunView(
        run=run,
        name=report.name(run),
        headline=report.headline(run, ahead),
        story=report.story(run, ahead),
        badge=report.BADGES[SyncRun.State(run.state)],
        rows=report.rows(run),
        when=moment(company, run.finished_at or run.created_at),
        by=str(run.asked_by or ""),
    )


PLACES = {
    name: place for place, name in enumerate(dict.fromkeys(name for kind in KINDS for name in kind.blank))
}
DONE_WORDS = {
    "created": "created",
    "updated": "updated",
    "removed": "removed",
    "linked": "paired",
    "renamed": "changed for the moment",
}


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """One field of a change, before and after."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """One line of the log as a page shows it."""

    change: Step
    what: str
    title: str
    here_url: str
    there_url: str
    apart_url: str
    """Where the two of a pair that still is one can be taken apart."""
    fields: tuple[FieldView, ...]


def change_views(connection: Connection, changes: Sequence[Step]) -> list[ChangeView]:
    """Changes with their links to both sides and their fields, before and after."""
    company, gone = connection.company, _gone(connection, changes)
    paired = _still_paired(connection, changes)
    values = Values(
        company=company, records=[record for change in changes for record in (change.before, change.after)]
    )
    return [
        ChangeView(
            change=change,
            what=change_words(change),
            title=one_of(change.kind),
            here_url=local_address(change.kind, change.local_id),
            there_url=object_address(connection, KIND[change.kind].entity, change.remote_id)
            if change.remote_id and (KIND[change.kind].entity, change.remote_id) not in gone
            else "",
            apart_url=reverse("quickbooks:apart", args=[change.link_id]) if change.link_id in paired else "",
            fields=tuple(
                FieldView(
                    title=field_title(name),
                    before=values.text(name, change.before.get(name)),
                    after=values.text(name, change.after.get(name)),
                )
                for name in sorted({**change.before, **change.after}, key=place)
            ),
        )
        for change in changes
    ]


def _still_paired(connection: Connection, changes: Sequence[Step]) -> set[int]:
    """The Links of these that a run of this log has paired, and that still are of two."""
    linked = [each for each in changes if isinstance(each, Change) and each.action == "linked"]
    ids = {each.link_id for each in linked if each.link_id is not None}
    links = connection.links.filter(pk__in=ids, local_id__isnull=False, remote__deleted=False)
    lists = [kind.name for kind in LISTS]
    return set(links.filter(kind__in=lists).values_list("pk", flat=True)) if ids else set()


def _gone(connection: Connection, changes: Sequence[Step]) -> set[tuple[str, str]]:
    """What of these is deleted in QuickBooks by now: its page there is gone."""
    ids = {change.remote_id for change in changes}
    remotes = Remote.objects.filter(connection=connection, remote_id__in=ids, deleted=True)
    return set(remotes.values_list("entity", "remote_id"))


def place(name: str) -> tuple[int, str]:
    """Fields stand in the order of their Records, as in the forms."""
    return PLACES.get(name, len(PLACES)), name


def change_words(step: Step) -> str:
    """What was done, or would be, and on which side."""
    if step.note and step.action not in DONE_WORDS:
        return ""  # the note says it all
    done = DONE_WORDS.get(step.action, step.action)
    words = f"would be {done}" if isinstance(step, PlannedStep) else done
    if step.action != "linked":
        words += " in QuickBooks" if step.side == Side.THERE else " here"
    return words[:1].upper() + words[1:]
