"""The pages on which a sales form is written: alike for every sort, each with its own form and writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from service_genius.companies.models import Company
from service_genius.customers import queries as customer_queries
from service_genius.customers.models import Customer
from service_genius.once import keys
from service_genius.sales.forms import DocumentForm, initial, totals
from service_genius.sales.line_forms import LineForms, blank_line, changed_lines, line_data
from service_genius.sales.models import SalesForm, TaxRate
from service_genius.shared.tenancy import Request
from service_genius.ui.forms import as_new, attempt, like, saved

#: The part of the page that is no field.
LINES = "lines"


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Where and how documents of one sort are written; `start` is what a new one begins with."""

    model: type[SalesForm]
    form: type[DocumentForm]
    namespace: str
    """Of the addresses of its pages."""
    start: Callable[[Company], Mapping[str, Any]]
    write_new: Callable[..., SalesForm]
    write: Callable[..., SalesForm]

    def create(self, request: Request, *, company: Company) -> HttpResponse:
        customer = _chosen_customer(company, request.GET.get("customer", ""))
        model = like(request, self.model, company=company)
        rate = TaxRate.objects.filter(company=company, active=True).order_by("pk").first()
        start = {
            "customer": customer.full_name if customer else "",
            "customer_id": customer.pk if customer else None,
            "tax_rate": rate.pk if rate else None,
            **(as_new(initial(model, until=self.form.until)) if model else {}),
            **self.start(company),
        }
        sent = _sent(request, company)
        form = self.form(sent, company=company, initial=start)
        lines = LineForms(sent or (line_data(model) if model else blank_line(0)), company=company)
        if form.is_valid() and lines.is_valid():
            values = {**form.values, "lines": lines.values}
            document = attempt(form, lambda: self.write_new(company=company, values=values))
            if document is not None:
                messages.success(request, f"{document} is saved.")
                return saved(document, new=True)
        return self._page(request, form, lines, {"customer": customer})

    def edit(self, request: Request, *, company: Company, document: SalesForm) -> HttpResponse:
        sent = _sent(request, company)
        stands = LineForms(line_data(document), company=company, document=document)
        start, parts = initial(document, until=self.form.until), {LINES: stands.mark}
        form = self.form(sent, company=company, initial=start, parts=parts)
        lines = LineForms(sent, company=company, document=document) if sent else stands
        if form.is_valid() and lines.is_valid():
            values = {**form.values, "lines": lines.values}
            edited = attempt(
                form,
                lambda: self.write(
                    company=company, id=document.pk, values=values, expected_revision=form.expected_revision
                ),
            )
            if edited is not None:
                messages.success(request, f"{edited} is saved.")
                return saved(edited)
        if form.met(LINES, lines.mark):
            lines = stands
        return self._page(request, form, lines, {"document": document})

    def draft(self, request: Request, *, company: Company) -> HttpResponse:
        """The lines and totals while it is being written; saves nothing."""
        data = changed_lines(request.POST, company=company)
        rate = data.get("tax_rate", "")  # it may be one that is given to new ones no more
        form = self.form(data, company=company, initial={"tax_rate": rate[:18] if rate.isdecimal() else None})
        lines = LineForms(data, company=company)
        context = {"form": form, "lines": lines, "totals": totals(form, lines), "is_draft": True}
        return render(request, "sales/lines.html", {**context, **self._words})

    @property
    def _words(self) -> dict[str, Any]:
        return {
            "noun": self.model.noun(),
            "one": self.model.one(),
            "draft_url": reverse(f"{self.namespace}:draft"),
            "list_url": reverse(f"{self.namespace}:list"),
            "detail": f"{self.namespace}:detail",
        }

    def _page(
        self, request: Request, form: DocumentForm, lines: LineForms, context: Mapping[str, Any]
    ) -> HttpResponse:
        shown = form if form.is_bound else self.form(_as_sent(form), company=request.user.company)
        # A saved one keeps its tax, whatever its rate has become, until what is taxed is edited.
        sums = totals(shown, lines) if form.is_bound or "document" not in context else context["document"]
        page = {"form": form, "lines": lines, "totals": sums, **context, **self._words}
        return render(request, "sales/form.html", page)


def _sent(request: Request, company: Company) -> QueryDict | None:
    """What was sent, after what a button on the way to Save asked for; nothing if the page is just opened."""
    if not request.POST:
        return None
    sent = changed_lines(request.POST, company=company)
    if sent.keys() & {"add", "remove"}:  # without script
        sent[keys.LOOK] = "1"
    return sent


def _as_sent(form: DocumentForm) -> dict[str, Any]:
    """What the form would send as it stands, so that its totals can be shown before anything is typed."""
    return {field.name: field.value() for field in form}


def _chosen_customer(company: Company, pk: str) -> Customer | None:
    """The customer from whose page the new one was begun."""
    if not pk.isdecimal():
        return None
    return customer_queries.one(company=company, pk=int(pk[:18]))
