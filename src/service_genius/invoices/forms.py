"""The form of an invoice."""

from service_genius.sales.forms import DocumentForm
from service_genius.ui.fields import day_field


class InvoiceForm(DocumentForm):
    kind = "invoice"
    until = "due_date"
    due_date = day_field("Due", needed=True)
