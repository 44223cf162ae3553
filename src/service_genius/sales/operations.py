"""The writes that all sorts of sales forms share; each sort's own `operations` name them, with its rules."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from service_genius.companies.models import Company
from service_genius.sales.models import SalesForm
from service_genius.sales.rules import LINE_FIELDS, Directory, Draft, Rules, draft_line, set_totals
from service_genius.shared import checks, writing
from service_genius.shared.revision import next_revision

Form = TypeVar("Form", bound=SalesForm)


def create_many(
    sort: type[Rules[Form]], *, company: Company, rows: Sequence[Mapping[str, Any]]
) -> list[Form | ValidationError]:
    """Create what is valid, in one step; in the place of an invalid row stands what is wrong with it."""
    with transaction.atomic():
        last = next_revision(company.pk, count=len(rows))
        directory = Directory.read(
            company=company,
            customers={row.get("customer") or 0 for row in rows},
            work_codes={line.get("work_code") or 0 for row in rows for line in row.get("lines", ())},
        )
        drafts = [Draft(document=sort.model(company=company)) for _ in rows]
        for draft, row in zip(drafts, rows, strict=True):
            _assign(sort, draft, row, directory=directory)
        checked = writing.checked(drafts, sort(company=company, drafts=drafts, directory=directory))
        results = writing.insert(
            sort.model,
            [result.document if isinstance(result, Draft) else result for result in checked],
            last_revision=last,
        )
        _insert_lines(sort, [result for result in checked if isinstance(result, Draft)])
        return results


def update(
    sort: type[Rules[Form]],
    *,
    company: Company,
    id: int,  # noqa: A002 - the word for it
    values: Mapping[str, Any],
    expected_revision: int | None = None,
) -> Form:
    """Write the given fields, `lines` as a whole; one that changes nothing takes no revision."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        document = writing.current(sort.model, company=company, pk=id, expected_revision=expected_revision)
        sort.refuse_edit(document)
        lines_before = list(document.lines.all())
        before = _content(sort, Draft(document=document, lines=lines_before))
        directory = Directory.read(
            company=company,
            customers={values.get("customer") or document.customer_id},
            work_codes={line.work_code_id for line in lines_before}
            | {line.get("work_code") or 0 for line in values.get("lines", ())},
        )
        draft = Draft(document=document, lines=lines_before)
        draft.reckoned_from = draft.amounts()
        _assign(sort, draft, values, directory=directory)
        checks.refuse_if(sort(company=company, drafts=[draft], directory=directory).errors(draft))
        if _content(sort, draft) == before:
            return writing.unchanged(document)
        writing.save(document, revision=revision)
        if "lines" in values:
            document.lines.all().delete()
            _insert_lines(sort, [draft])
        return document


def take_tax(
    sort: type[Rules[Form]],
    *,
    company: Company,
    id: int,  # noqa: A002 - the word for it
    tax: Decimal,
    by: str,
    expected_revision: int | None = None,
) -> Form:
    """Let a tax count that was reckoned by somebody else, `by`, in the company's currency.

    It counts until the lines, the discount or the rate are edited.
    """
    with transaction.atomic():
        revision = next_revision(company.pk)
        document = writing.current(sort.model, company=company, pk=id, expected_revision=expected_revision)
        sort.refuse_edit(document)
        document.tax, document.tax_by = tax, by
        document.total = document.subtotal - document.discount + tax
        return writing.save(document, revision=revision)


def reckon_anew(sort: type[Rules[Form]], *, company: Company, id: int) -> Form:  # noqa: A002 - as above
    """Reckon the tax by the rate as it is made up now."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        document = writing.current(sort.model, company=company, pk=id, expected_revision=None)
        sort.refuse_edit(document)
        draft = Draft(document=document, lines=list(document.lines.all()))
        set_totals(draft, directory=Directory.read(company=company, customers=set(), work_codes=set()))
        return writing.save(document, revision=revision)


def _assign(
    sort: type[Rules[Form]], draft: Draft[Form], values: Mapping[str, Any], *, directory: Directory
) -> None:
    fields = {name: value for name, value in values.items() if name != "lines"}
    checks.assign(draft.document, fields, editable=sort.editable)
    if "lines" in values:
        draft.lines = [
            draft_line(sort.line(position=position), line, directory=directory)
            for position, line in enumerate(values["lines"], start=1)
        ]


def _content(sort: type[Rules[Form]], draft: Draft[Form]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    return (
        checks.content(draft.document, editable=sort.editable),
        [checks.content(line, editable=LINE_FIELDS) for line in draft.lines],
    )


def _insert_lines(sort: type[Rules[Form]], drafts: Sequence[Draft[Form]]) -> None:
    for draft in drafts:
        for line in draft.lines:
            line.document_id = draft.document.pk
    sort.line._default_manager.bulk_create(  # noqa: SLF001 - Django's documented name
        [line for draft in drafts for line in draft.lines]
    )
