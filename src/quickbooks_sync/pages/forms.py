"""The choices of a connection: every one is filled in already."""

from copy import copy
from datetime import date

from django import forms
from django.db import transaction
from django.db.models import Q

from quickbooks_sync.access import connection as connections
from quickbooks_sync.models import Connection
from quickbooks_sync.models.tax_states import AutomatedTax
from quickbooks_sync.planner.first_link import Group, Wins
from quickbooks_sync.resolving import tax
from quickbooks_sync.resolving.following import Following, released_by_choice
from service_genius.sales.models import TaxRate
from service_genius.shared import days
from service_genius.ui.templatetags.service_genius import plain

from .who_wins import HELP, choice_fields, choose, stands_beside

INCOME_TYPES = ("Income", "Other Income")
DEPOSIT_TYPES = ("Bank", "Other Current Asset")
PayLink = Connection.PayLink
OURS, THEIRS = AutomatedTax.OURS, AutomatedTax.THEIRS
GONE = "What was chosen is no longer in use in QuickBooks: choose another, or make it active again there."
#: What decides which records move at all.
RELEASING = {"start_date", "send_estimates"}
#: The choices that are columns of a connection.
PLAIN = {"income_account", "deposit_account", "start_date", "two_way_edits", "send_estimates", "pay_link"}


class ChoicesForm(forms.Form):
    """Accounts, start date, tax codes; the options are what QuickBooks said it has.

    Beside each choice the page carries what it showed, so that only what the person changed is kept.
    """

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

    send_estimates = forms.BooleanField(
        label="Send estimates to QuickBooks, too",
        help_text=(
            "Left unticked, estimates stay here. Ticked, they go by the same rules as invoices, and what a "
            "customer answered is taken from QuickBooks. Those that are there go on, whatever you choose."
        ),
        required=False,
    )

    pay_link = forms.ChoiceField(
        label="Invoices carry QuickBooks' pay link",
        choices=[
            ("", "Not chosen: new invoices wait"),
            (PayLink.NO, "No, and nobody is mailed"),
            (PayLink.YES, "Yes, and QuickBooks mails them"),
        ],
        help_text=(
            "The link to pay online, by card or from a bank, for invoices sent from now on. With it "
            "QuickBooks mails each one to its customer by itself, where the customer has an e-mail address. "
            "What is set at an invoice in QuickBooks stays as it is."
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
        standing: dict[str, object] = {
            "income_account": connection.income_account,
            "deposit_account": connection.deposit_account,
            "start_date": connection.start_date,
            "two_way_edits": connection.two_way_edits,
            "send_estimates": connection.send_estimates,
            "pay_link": connection.pay_link,
            "automated_tax": THEIRS if connection.automated_tax == THEIRS else OURS,
        } | {f"tax_{rate}": code for rate, code in connection.tax_codes.items()}
        # What is no longer in use there is shown empty, and kept unless something else is chosen.
        self.gone = connections.gone(connection)
        kwargs["initial"] = standing | dict.fromkeys(self.gone, "")
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._choose("income_account", accounts, INCOME_TYPES)
        self._choose("deposit_account", accounts, DEPOSIT_TYPES)
        facts = connections.facts_of(connection)
        if facts.sales_tax != "automated":
            del self.fields["automated_tax"]
        if not facts.online_payment:
            del self.fields["pay_link"]
        codes = [
            (code["id"], f"{code['name']} ({code['percent']} %)")
            for code in connection.facts.get("tax_codes", [])
        ]
        self.rates = list(TaxRate.objects.filter(company=connection.company, active=True).order_by("name"))
        for rate in self.rates:
            self.fields[f"tax_{rate.pk}"] = forms.ChoiceField(
                label=f"Tax rate “{rate.name}” is in QuickBooks",
                choices=[
                    ("", "Not chosen: invoices with this rate wait"),
                    *self._with_standing(f"tax_{rate.pk}", codes),
                ],
                required=False,
                help_text=_charged(rate),
            )
        if not stands_beside(connection):
            wins = choice_fields(connection.winners)
            for name, each in wins.items():
                each.label = f"If both sides differ when they are paired: {str(each.label).lower()}"
                each.required = False  # a page of before the first Full Sync has none of them
                self.fields[f"wins_{name}"] = each
            each.help_text = HELP
        for name, field in self.fields.items():
            field.show_hidden_initial = True
            if name in self.gone:
                field.help_text = f"{GONE} {field.help_text}"

    @property
    def asked_for(self) -> list[str]:
        """The labels of what is to be chosen anew."""
        return [str(self.fields[name].label) for name in self.gone if name in self.fields]

    def _choose(self, name: str, accounts: list[dict[str, str]], types: tuple[str, ...]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        found = [(row["id"], row["name"]) for row in accounts if row["type"] in types]
        field.choices = self._with_standing(name, found) or [("", "None yet in QuickBooks")]
        if found and name in self.gone:
            field.choices = [("", "Choose an account"), *field.choices]
        if name in self.gone or self.data.get(self.add_initial_prefix(name)) == "" or not found:
            field.required = False  # shown empty, it may be left so: the other choices can be made
        if not found:
            field.help_text = "Make an account of this sort in QuickBooks first; the next sync finds it."

    def clean_start_date(self) -> date | None:
        day: date | None = self.cleaned_data["start_date"]
        fault = days.fault(day, today=self.connection.company.today()) if day else ""
        if fault and day != self.connection.start_date:
            raise forms.ValidationError(f"{self.fields['start_date'].label}: {fault}")
        return day

    def follows(self) -> Following | None:
        """What waits for what was chosen here for the first time, if that is more than one invoice."""
        new = {name for name in self.changed_data if self.cleaned_data[name] and not self.initial.get(name)}
        rates = [rate.pk for rate in self.rates if f"tax_{rate.pk}" in new]
        if "pay_link" not in new and not rates:
            return None
        of = Q() if "pay_link" in new else Q(tax_rate__in=rates)
        found = released_by_choice(self.connection, of)
        return found if found is not None and found.documents > 1 else None

    @property
    def released_by(self) -> str:
        """What of the choices sends more than before, in words."""
        changed = RELEASING & set(self.changed_data)
        return "this start date" if changed == {"start_date"} else "these choices"

    @property
    def chosen(self) -> Connection:
        """The connection as it would be with what is typed, to be asked what that releases."""
        wanted = copy(self.connection)
        for name in RELEASING & self.cleaned_data.keys():
            setattr(wanted, name, self.cleaned_data[name])
        return wanted

    def save(self) -> bool:
        """Keep what was changed; what waited for one of the choices is planned again by the next run.

        Whether what the first look counted is to be counted anew.
        """
        chosen = {name: self.cleaned_data[name] for name in self.changed_data}
        with transaction.atomic():
            connection = Connection.objects.select_for_update().get(pk=self.connection.pk)
            if RELEASING & chosen.keys():
                connection.here_watermark = 0  # so that what moves now, or no longer, is looked at again
            for name in PLAIN & chosen.keys():
                setattr(connection, name, chosen[name])
            # Those of rates that are put away stay: invoices have them.
            codes = {
                str(rate.pk): chosen[name] for rate in self.rates if (name := f"tax_{rate.pk}") in chosen
            }
            connection.tax_codes = {**connection.tax_codes, **codes}
            connection.save(update_fields=[*PLAIN, "here_watermark", "tax_codes"])
            connections.follow_rates(connection)
            wins = {group: chosen[name] for group in Group if chosen.get(name := f"wins_{group}")}
            count_anew = choose(connection, {group: Wins(each) for group, each in wins.items()})
            if "automated_tax" in chosen:
                tax.choose(connection, theirs=chosen["automated_tax"] == THEIRS)
        return count_anew

    def _with_standing(self, name: str, options: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The options with the one that stands and the one the page showed, also if QuickBooks lacks it now.

        So a page shows what is so, and what was left as it stood is no wrong choice.
        """
        known = {value for value, _ in options}
        standing = {self.initial.get(name, ""), self.data.get(self.add_initial_prefix(name), "")}
        return [
            *options,
            *((each, "One that QuickBooks no longer lists") for each in sorted(standing - known - {""})),
        ]


def _charged(rate: TaxRate) -> str:
    """Said where QuickBooks charges another percentage than was entered here."""
    if not rate.is_other_than_entered:
        return ""
    return (
        f"QuickBooks charges {plain(rate.charged)} % with it, and you entered {plain(rate.percent)} %. New "
        f"and edited invoices are reckoned with {plain(rate.charged)} %."
    )
