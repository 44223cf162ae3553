"""The work code's form."""

from typing import Any

from django import forms

from service_genius.ui.fields import lines_field, money_field, one_line_field
from service_genius.ui.forms import RecordForm
from service_genius.work_codes.models import WorkCode
from service_genius.work_codes.operations import EDITABLE


class WorkCodeForm(RecordForm):
    kind = "work_code"
    name = one_line_field("Name", needed=True)
    code = one_line_field("Short code", hint="What you type to find it fast, such as AC-TUNE.")
    category = one_line_field("Category", hint="Stands before the name; may be left empty.")
    description = lines_field(
        "Description", rows=3, hint="Stands on the invoice line, where it can still be changed."
    )
    price = money_field("Price", needed=True)
    taxable = forms.BooleanField(label="Sales tax is charged on it", required=False)


def initial(work_code: WorkCode) -> dict[str, Any]:
    return {
        **{name: getattr(work_code, name) for name in EDITABLE},
        "price": f"{work_code.price.normalize():f}",
        "revision": work_code.revision,
    }
