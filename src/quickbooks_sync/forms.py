"""The choices of a connection: every one is filled in already."""

from django import forms

from service_genius.invoices.models import TaxRate
from service_genius.ui.templatetags.service_genius import plain

from . import connection as connections
from . import mend_tax
from .models import Connection

INCOME_TYPES = ("Income", "Other Income")
DEPOSIT_TYPES = ("Bank", "Other Current Asset")
OURS, THEIRS = Connection.AutomatedTax.OURS, Connection.AutomatedTax.THEIRS


class ChoicesForm(forms.Form):
    """Accounts, start date, tax codes; the options are what QuickBooks said it has."""

    income_account = forms.ChoiceField(
        label="Income account for new work codes",
        help_text="Where QuickBooks books sales of work codes that are new to it. Others keep theirs.",
        error_messages={"required": "Choose an account."},
    )
    deposit_account = forms.ChoiceField(
        label="Payments are deposited to",
        help_text="Undeposited Funds is right for most: QuickBooks keeps payments there until you bank them.",
        error_messages={"required": "Choose an account."},
    )
    start_date = forms.DateField(
        label="Send invoices and payments from",
        help_text="Older ones stay out, unless they were entered after connecting.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    two_way_edits = forms.BooleanField(
        label="Take edits of customers and work codes from QuickBooks, too",
        help_text=(
            "Left unticked, what somebody edits there is listed under Changed in QuickBooks, and you decide. "
            "Ticked, it is taken with the next sync. If the same field was changed on both sides, Service "
            "Genius wins. Invoices and payments are never taken without you."
        ),
        required=False,
    )

    automated_tax = forms.ChoiceField(
        label="Where QuickBooks reckons sales tax itself",
        choices=[(OURS, "Send ours, and ask if QuickBooks keeps another"), (THEIRS, "Take QuickBooks' tax")],
        help_text=(
            "Ours is tried with one invoice first. If you take QuickBooks' tax, an invoice here gets it as "
            "soon as it is sent, and says so."
        ),
    )

    def __init__(self, *args: object, connection: Connection, **kwargs: object) -> None:
        self.connection = connection
        accounts = connection.facts.get("accounts", [])
        kwargs["initial"] = {
            "income_account": connection.income_account,
            "deposit_account": connection.deposit_account,
            "start_date": connection.start_date,
            "two_way_edits": connection.two_way_edits,
            "automated_tax": THEIRS if connection.automated_tax == THEIRS else OURS,
        } | {f"tax_{rate}": code for rate, code in connection.tax_codes.items()}
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._choose("income_account", accounts, INCOME_TYPES)
        self._choose("deposit_account", accounts, DEPOSIT_TYPES)
        if connections.facts_of(connection).sales_tax != "automated":
            del self.fields["automated_tax"]
        codes = [("", "Not chosen: invoices with this rate wait")] + [
            (code["id"], f"{code['name']} ({code['percent']} %)")
            for code in connection.facts.get("tax_codes", [])
        ]
        self.rates = list(TaxRate.objects.filter(company=connection.company, active=True).order_by("name"))
        for rate in self.rates:
            self.fields[f"tax_{rate.pk}"] = forms.ChoiceField(
                label=f"Tax rate “{rate.name}” is in QuickBooks",
                choices=codes,
                required=False,
                help_text=_charged(rate),
            )

    def _choose(self, name: str, accounts: list[dict[str, str]], types: tuple[str, ...]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        found = [(row["id"], row["name"]) for row in accounts if row["type"] in types]
        field.choices = found or [("", "None yet in QuickBooks")]
        if not found:
            field.help_text = "Make an account of this sort in QuickBooks first; the next sync finds it."

    def save(self) -> None:
        """Keep the choices; what waited for one of them is planned again by the next run."""
        connection, chosen = self.connection, self.cleaned_data
        connection.income_account = chosen["income_account"]
        connection.deposit_account = chosen["deposit_account"]
        if connection.start_date != chosen["start_date"]:
            connection.start_date = chosen["start_date"]
            connection.here_watermark = 0  # so that what moves now, or no longer, is looked at again
        connection.two_way_edits = chosen["two_way_edits"]
        # Those of rates that are put away stay: invoices have them.
        connection.tax_codes |= {str(rate.pk): chosen[f"tax_{rate.pk}"] for rate in self.rates}
        connection.save(
            update_fields=[
                "income_account",
                "deposit_account",
                "start_date",
                "two_way_edits",
                "here_watermark",
                "tax_codes",
            ]
        )
        connections.follow_rates(connection)
        if "automated_tax" in chosen:
            mend_tax.choose(connection, theirs=chosen["automated_tax"] == THEIRS)


def _charged(rate: TaxRate) -> str:
    """Said where QuickBooks charges another percentage than was entered here."""
    if not rate.is_other_than_entered:
        return ""
    return (
        f"QuickBooks charges {plain(rate.charged)} % with it, and you entered {plain(rate.percent)} %. New "
        f"and edited invoices are reckoned with {plain(rate.charged)} %."
    )
