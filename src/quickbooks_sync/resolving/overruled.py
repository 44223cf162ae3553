"""What was edited on both sides: ours was sent, and theirs can be taken back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import Change, Outcome
from quickbooks_sync.planner.records import encode
from quickbooks_sync.wording.reasons import are_one, field_words
from service_genius.companies.models import Company, User
from service_genius.shared.revision import Changed

from .shared import CannotResolveError

GONE = "This was taken back or left already, perhaps in another tab."


def waiting(company: Company) -> QuerySet[Change]:
    """The lines of the log that say what was replaced, and nobody has said more yet."""
    found = Change.objects.filter(run__connection__company=company)
    return found.filter(overruled__isnull=False, link__isnull=False)


def take_back(change: Change, *, by: User) -> str:
    """Enter theirs here, as an edit of this person: the next sync sends it. Raises CannotResolveError."""
    values = change.overruled
    link = change.link
    if values is None or link is None or link.local_id is None:
        raise CannotResolveError(GONE)
    kind, company = KIND[change.kind], link.connection.company
    with transaction.atomic():
        local = kind.all_here(company).get(pk=link.local_id)
        here = encode(kind.from_here(local))
        since = [name for name in values if here[name] != change.after.get(name)]
        if since:
            edited = f"{field_words(since)} of “{change.label}” {'was' if are_one(since) else 'were'}"
            raise CannotResolveError(f"The {edited} edited here since. Nothing was taken back.")
        try:
            kind.update_here(
                company=company, local_id=local.pk, values=values, expected_revision=local.revision
            )
        except (Changed, ValidationError) as error:
            words = " ".join(getattr(error, "messages", ["It was edited this moment. Please press again."]))
            raise CannotResolveError(words) from error
        verb = "was" if are_one(list(values)) else "were"
        _close(change, f"The {field_words(list(values))} of QuickBooks {verb} taken back.", by=by)
    return f"“{change.label}” is here as it was in QuickBooks, and goes there with the next sync."


def let_go(change: Change, *, by: User) -> str:
    """Ours stays on both sides."""
    if change.overruled is None:
        raise CannotResolveError(GONE)
    with transaction.atomic():
        _close(change, "What was replaced in QuickBooks was let go.", by=by)
    return f"“{change.label}” stays as it is here."


def _close(change: Change, words: str, *, by: User) -> None:
    if not Change.objects.filter(pk=change.pk, overruled__isnull=False).update(overruled=None):
        raise CannotResolveError(GONE)
    Outcome.objects.create(
        connection_id=change.run.connection_id,
        kind=change.kind,
        local_id=change.local_id,
        reason="",
        label=change.label,
        words=words,
        by=by,
    )
