"""What an invoice must keep beside what every sales form must."""

from collections.abc import Sequence
from typing import ClassVar

from django.db.models import Sum

from service_genius.companies.models import Company
from service_genius.invoices.models import Invoice, InvoiceLine
from service_genius.sales import rules
from service_genius.shared import checks
from service_genius.shared.money import ZERO


class Rules(rules.Rules[Invoice]):
    model, line = Invoice, InvoiceLine
    editable: ClassVar[tuple[str, ...]] = (*rules.EDITABLE, "due_date")

    def __init__(
        self, *, company: Company, drafts: Sequence[rules.Draft[Invoice]], directory: rules.Directory
    ) -> None:
        super().__init__(company=company, drafts=drafts, directory=directory)
        self._paid = dict(self._existing.annotate(paid=Sum("allocations__amount")).values_list("pk", "paid"))

    def day_errors(self, document: Invoice) -> checks.Errors:
        if document.due_date < document.date:
            return {
                "due_date": ["This is before the date of the invoice. Choose the same day or a later one."]
            }
        return {}

    def keeps_customer(self, document: Invoice) -> str:
        if self._paid.get(document.pk):
            return "Something is paid on this invoice. Take that off before giving it to another customer."
        return ""

    def total_fault(self, document: Invoice) -> str:
        paid = self._paid.get(document.pk) or ZERO
        if ZERO <= document.total < paid:
            return (
                f"The total would be {document.total:,.2f}, but {paid:,.2f} is paid already. "
                "Take the rest off this invoice in its payment first."
            )
        return super().total_fault(document)
