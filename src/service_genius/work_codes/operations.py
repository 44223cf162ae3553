"""Every write of work codes, and the rules a work code must keep."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from service_genius.companies.models import Company
from service_genius.shared import checks, writing
from service_genius.shared.revision import next_revision
from service_genius.work_codes import merging
from service_genius.work_codes.models import WorkCode, name_key

EDITABLE = ("name", "code", "category", "description", "price", "taxable")


def create(*, company: Company, values: Mapping[str, Any]) -> WorkCode:
    return writing.only(create_many(company=company, rows=[values]))


def create_many(*, company: Company, rows: Sequence[Mapping[str, Any]]) -> list[WorkCode | ValidationError]:
    """Create what is valid, in one step; in the place of an invalid row stands what is wrong with it."""
    with transaction.atomic():
        last = next_revision(company.pk, count=len(rows))
        drafts = [WorkCode(company=company) for _ in rows]
        for draft, values in zip(drafts, rows, strict=True):
            checks.assign(draft, values, editable=EDITABLE)
            _derive(draft)
        results = writing.checked(drafts, _Rules(company=company, drafts=drafts))
        return writing.insert(WorkCode, results, last_revision=last)


def update(
    *,
    company: Company,
    id: int,  # noqa: A002 - the word for it
    values: Mapping[str, Any],
    expected_revision: int | None = None,
) -> WorkCode:
    """Write the given fields; one that changes nothing takes no revision."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        work_code = writing.current(WorkCode, company=company, pk=id, expected_revision=expected_revision)
        before = checks.content(work_code, editable=EDITABLE)
        checks.assign(work_code, values, editable=EDITABLE)
        _derive(work_code)
        checks.refuse_if(_Rules(company=company, drafts=[work_code]).errors(work_code))
        if checks.content(work_code, editable=EDITABLE) == before:
            return writing.unchanged(work_code)
        return writing.save(work_code, revision=revision)


def deactivate(*, company: Company, id: int, expected_revision: int | None = None) -> WorkCode:  # noqa: A002 - as above
    """Take the work code out of the lists; invoices keep it."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        work_code = writing.current(WorkCode, company=company, pk=id, expected_revision=expected_revision)
        if not work_code.active:
            return writing.unchanged(work_code)
        work_code.active = False
        return writing.save(work_code, revision=revision)


def reactivate(*, company: Company, id: int, expected_revision: int | None = None) -> WorkCode:  # noqa: A002 - as above
    """Bring the work code back, if its name is still free; one that was merged comes back on no line."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        work_code = writing.current(WorkCode, company=company, pk=id, expected_revision=expected_revision)
        if work_code.active:
            return writing.unchanged(work_code)
        work_code.active, work_code.merged_into = True, None
        checks.refuse_if(_Rules(company=company, drafts=[work_code]).errors(work_code))
        return writing.save(work_code, revision=revision)


def merge_work_codes(
    *, company: Company, loser: int, survivor: int, expected_revision: int | None = None
) -> WorkCode:
    """Let the survivor stand on every line the loser stands on; the loser is inactive afterwards."""
    with transaction.atomic():
        return merging.carry_out(
            company=company, loser=loser, survivor=survivor, expected_revision=expected_revision
        )


class _Rules:
    """What a work code must keep."""

    def __init__(self, *, company: Company, drafts: Sequence[WorkCode]) -> None:
        keys = {draft.name_key for draft in drafts}
        self._taken = dict(
            WorkCode.objects.filter(company=company, active=True, name_key__in=keys).values_list(
                "name_key", "pk"
            )
        )

    def errors(self, draft: WorkCode) -> checks.Errors:
        errors = field_faults(draft)
        if draft.active and self._taken.get(draft.name_key, draft.pk) != draft.pk:
            errors.setdefault("name", []).append(
                f"There already is a work code named “{draft.full_name}”. Edit that one, or use another name."
            )
        return errors

    def claim(self, draft: WorkCode) -> None:
        self._taken[draft.name_key] = 0


def field_faults(work_code: WorkCode) -> checks.Errors:
    """What no work code can hold, whatever others there are: every fault of its fields by themselves."""
    errors = checks.field_errors(work_code, only=EDITABLE)
    if ":" in work_code.name:
        errors.setdefault("name", []).append(
            "A name cannot contain a colon. Leave it out, or use the category for what stands before it."
        )
    return errors


def _derive(work_code: WorkCode) -> None:
    """The columns that lists are searched and sorted by."""
    work_code.name_key = name_key(work_code.full_name)
    work_code.search_text = checks.key(f"{work_code.full_name}\n{work_code.code}\n{work_code.description}")
