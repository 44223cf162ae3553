"""The steps the operations of every Kind share, inside their transaction, after the revision is taken."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from service_genius.companies.models import Company
from service_genius.shared.checks import Errors
from service_genius.shared.models import Versioned
from service_genius.shared.revision import Changed, next_revision

Record = TypeVar("Record", bound=Versioned)
Draft = TypeVar("Draft")
Checked_contra = TypeVar("Checked_contra", contravariant=True)


class Rules(Protocol[Checked_contra]):
    """What a Kind's drafts must keep, with all that is needed to check a list of them read beforehand."""

    def errors(self, draft: Checked_contra, /) -> Errors: ...

    def claim(self, draft: Checked_contra, /) -> None:
        """Let the drafts after this one see what it takes: a name, a number, the rest of an invoice."""


def only(results: Sequence[Record | ValidationError]) -> Record:
    """The one record that was made, or what is wrong with it."""
    [result] = results
    if isinstance(result, ValidationError):
        raise result
    return result


def checked(drafts: Sequence[Draft], rules: Rules[Draft]) -> list[Draft | ValidationError]:
    """Each draft, or what is wrong with it; a refused one takes nothing from those after it."""
    results: list[Draft | ValidationError] = []
    for draft in drafts:
        if errors := rules.errors(draft):
            results.append(ValidationError(errors))
        else:
            rules.claim(draft)
            results.append(draft)
    return results


def insert(
    model: type[Record], results: Sequence[Record | ValidationError], *, last_revision: int
) -> list[Record | ValidationError]:
    """Insert the valid ones, each under its own revision; if there are none, give the revisions back."""
    first = last_revision - len(results) + 1
    records = []
    for revision, result in enumerate(results, start=first):
        if not isinstance(result, ValidationError):
            result.revision = revision
            records.append(result)
    if records:
        model._default_manager.bulk_create(records)  # noqa: SLF001 - Django's documented name
    else:
        transaction.set_rollback(True)
    return list(results)


def current(model: type[Record], *, company: Company, pk: int, expected_revision: int | None) -> Record:
    """The record as it is; Changed if the caller had seen another revision of it."""
    record = model._default_manager.get(company=company, pk=pk)  # noqa: SLF001 - as above
    if expected_revision not in {None, record.revision}:
        raise Changed(f"{record} was changed meanwhile.")
    return record


def unchanged(record: Record) -> Record:
    """Give the revision back: a write that changes nothing is none."""
    transaction.set_rollback(True)
    return record


def save(record: Record, *, revision: int) -> Record:
    record.revision = revision
    record.save()
    return record


def save_all(company: Company, records: Sequence[Record], **values: Any) -> None:
    """Write these values into each, under a revision of its own."""
    if not records:
        return
    first = next_revision(company.pk, count=len(records)) - len(records) + 1
    for revision, record in enumerate(records, start=first):
        record.revision = revision
        for name, value in values.items():
            setattr(record, name, value)
    fields = [*(name.removesuffix("_id") for name in values), "revision"]
    type(records[0])._default_manager.bulk_update(records, fields)  # noqa: SLF001 - as above
