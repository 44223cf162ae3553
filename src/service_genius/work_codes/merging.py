"""Merging two work codes that are the same: every line that names one names the other then.

It cannot be undone: afterwards nothing tells which line was whose. No price, text or amount moves.
"""

from typing import Any

from django.core.exceptions import ValidationError

from service_genius.companies.models import Company
from service_genius.sales.models import SalesLine
from service_genius.shared import writing
from service_genius.shared.relations import keys_to
from service_genius.shared.revision import next_revision
from service_genius.work_codes.models import WorkCode


def refuse_merge(*, gone: WorkCode, stays: WorkCode) -> None:
    """What the two by themselves show to be impossible."""
    if gone.pk == stays.pk:
        raise ValidationError("This is the same work code. Choose the other one, which stays.")
    if not stays.active:
        raise ValidationError(f"{stays} is inactive. Reactivate that work code first, or choose another one.")
    if gone.merged_into_id is not None:
        raise ValidationError(f"{gone} is merged already.")


def carry_out(
    *, company: Company, loser: int, survivor: int, expected_revision: int | None = None
) -> WorkCode:
    """Put the survivor, which is returned, on every line of the loser; inside the caller's transaction.

    The survivor itself stays as it is. The loser is inactive afterwards.
    """
    revision = next_revision(company.pk)
    gone = writing.current(WorkCode, company=company, pk=loser, expected_revision=expected_revision)
    stays = writing.current(WorkCode, company=company, pk=survivor, expected_revision=None)
    refuse_merge(gone=gone, stays=stays)
    for key in keys_to(WorkCode):
        if issubclass(key.model, SalesLine):
            _move_lines(key.model, company=company, gone=gone, stays=stays)
    gone.active, gone.merged_into = False, stays
    writing.save(gone, revision=revision)
    return stays


def _move_lines(model: type[Any], *, company: Company, gone: WorkCode, stays: WorkCode) -> None:
    """Put the survivor on the lines of one sort of sales form; each of the forms takes a revision."""
    lines = model.objects.filter(document__company=company, work_code=gone)
    forms = model.document.field.related_model.objects.filter(pk__in=lines.values("document"))
    writing.save_all(company, list(forms))
    lines.update(work_code=stays)
