"""The form of an estimate."""

from service_genius.sales.forms import DocumentForm
from service_genius.ui.fields import day_field


class EstimateForm(DocumentForm):
    kind = "estimate"
    until = "expiry_date"
    expiry_date = day_field("Good until")
