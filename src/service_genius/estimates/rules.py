"""What an estimate must keep beside what every sales form must."""

from typing import ClassVar

from django.core.exceptions import ValidationError

from service_genius.estimates.models import Estimate, EstimateLine
from service_genius.sales import rules
from service_genius.shared import checks


class Rules(rules.Rules[Estimate]):
    model, line = Estimate, EstimateLine
    editable: ClassVar[tuple[str, ...]] = (*rules.EDITABLE, "expiry_date", "status")

    @staticmethod
    def refuse_content(document: Estimate) -> None:
        """Refuse to change what was offered once it is invoiced; how it stands may still be told."""
        if document.is_invoiced:
            raise ValidationError(
                f"{document} is made into {document.invoice} and stays as it is. Edit the invoice instead."
            )

    @staticmethod
    def refuse_closed(document: Estimate) -> None:
        """Refuse to invoice what other books have invoiced already."""
        if document.is_closed:
            raise ValidationError(f"{document} is closed already. Open it again where it was closed.")

    def day_errors(self, document: Estimate) -> checks.Errors:
        if document.expiry_date is not None and document.expiry_date < document.date:
            return {
                "expiry_date": [
                    "This is before the date of the estimate. Choose the same day or a later one, or none."
                ]
            }
        return {}
