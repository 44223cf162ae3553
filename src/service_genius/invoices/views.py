"""Pages of invoices. Deliberately absent: rules and writes, which are in operations."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from service_genius.companies.models import Company
from service_genius.customers import queries as customer_queries
from service_genius.customers.models import Customer
from service_genius.invoices import operations, queries
from service_genius.invoices.forms import InvoiceForm, initial, totals
from service_genius.invoices.line_forms import LineForms, blank_line, changed_lines, line_data
from service_genius.invoices.models import Invoice, TaxRate
from service_genius.once import keys
from service_genius.shared.tenancy import Request, company_view
from service_genius.ui.forms import as_new, attempt, like, saved
from service_genius.ui.lists import Query, Tab, listing, read_query, without_rows
from service_genius.ui.panels import panels
from service_genius.ui.templatetags.service_genius import money

TABS = [
    Tab(name="all", title="All"),
    Tab(name="open", title="Open"),
    Tab(name="overdue", title="Overdue"),
    Tab(name="voided", title="Voided"),
]
ELSEWHERE = "elsewhere"
SORTS = {
    "date": ("-date", "-pk"),
    "number": ("number", "pk"),
    "customer": ("customer__name_key", "-date", "-pk"),
    "due": ("due_date", "pk"),
    "total": ("-total", "-pk"),
    "balance": ("-owed", "-pk"),
}
#: The part of the page that is no field.
LINES = "lines"
DUE_AFTER = timedelta(days=30)


@require_safe
@company_view
def index(request: Request, *, company: Company) -> HttpResponse:
    tabs = _tabs(company)
    query = read_query(request, tabs=tabs, sorts=SORTS, default_sort="date", of_customer=True)
    page = listing(_rows(company, query), query=query, tabs=tabs, sorts=SORTS)
    badges = panels().badges(company=company, kind="invoice", ids=[row.pk for row in page.page])
    customer = customer_queries.one(company=company, pk=query.customer)
    books = panels().elsewhere(company=company)
    context = {
        "listing": page,
        "badges": badges,
        "today": company.today(),
        "customer": customer,
        "elsewhere": books,
        "empty": without_rows(
            "invoice",
            page,
            everything=Invoice.objects.filter(company=company),
            of=str(customer or ""),
            books=books,
        ),
    }
    return render(request, "invoices/list.html", context)


@require_safe
@company_view
def detail(request: Request, *, company: Company, pk: int) -> HttpResponse:
    invoice = _invoice_or_404(company, pk)
    context = {
        "invoice": invoice,
        "today": company.today(),
        "elsewhere": panels().elsewhere(company=company),
        "lines": invoice.lines.select_related("work_code"),
        "allocations": invoice.allocations.select_related("payment").order_by("payment__date", "pk"),
        "panel": panels().record_panel(request=request, company=company, kind="invoice", id=pk),
    }
    return render(request, "invoices/detail.html", context)


@company_view
def create(request: Request, *, company: Company) -> HttpResponse:
    customer = _chosen_customer(company, request.GET.get("customer", ""))
    model = like(request, Invoice, company=company)
    rate = TaxRate.objects.filter(company=company, active=True).order_by("pk").first()
    start = {
        "customer": customer.full_name if customer else "",
        "customer_id": customer.pk if customer else None,
        "tax_rate": rate.pk if rate else None,
        **(as_new(initial(model)) if model else {}),
        "number": operations.next_number(company=company),
        "date": company.today(),
        "due_date": company.today() + DUE_AFTER,
    }
    sent = _sent(request, company)
    form = InvoiceForm(sent, company=company, initial=start)
    lines = LineForms(sent or (line_data(model) if model else blank_line(0)), company=company)
    if form.is_valid() and lines.is_valid():
        values = {**form.values, "lines": lines.values}
        invoice = attempt(form, lambda: operations.create(company=company, values=values))
        if invoice is not None:
            messages.success(request, f"{invoice} is saved.")
            return saved(invoice, new=True)
    return _form_page(request, form, lines, {"customer": customer})


@company_view
def edit(request: Request, *, company: Company, pk: int) -> HttpResponse:
    invoice = _invoice_or_404(company, pk)
    sent, stands = _sent(request, company), LineForms(line_data(invoice), company=company, invoice=invoice)
    parts = {LINES: stands.mark}
    form = InvoiceForm(sent, company=company, initial=initial(invoice), parts=parts)
    lines = LineForms(sent, company=company, invoice=invoice) if sent else stands
    if form.is_valid() and lines.is_valid():
        values = {**form.values, "lines": lines.values}
        edited = attempt(
            form,
            lambda: operations.update(
                company=company, id=pk, values=values, expected_revision=form.expected_revision
            ),
        )
        if edited is not None:
            messages.success(request, f"{edited} is saved.")
            return saved(edited)
    if form.met(LINES, lines.mark):
        lines = stands
    return _form_page(request, form, lines, {"invoice": invoice})


@require_POST
@company_view
def draft(request: Request, *, company: Company) -> HttpResponse:
    """The lines and totals of an invoice while it is being written; saves nothing."""
    data = changed_lines(request.POST, company=company)
    rate = data.get("tax_rate", "")  # it may be one that is given to new invoices no more
    form = InvoiceForm(data, company=company, initial={"tax_rate": rate[:18] if rate.isdecimal() else None})
    lines = LineForms(data, company=company)
    context = {"form": form, "lines": lines, "totals": totals(form, lines), "is_draft": True}
    return render(request, "invoices/lines.html", context)


@require_POST
@company_view
def void(request: Request, *, company: Company, pk: int) -> HttpResponse:
    invoice = _invoice_or_404(company, pk)
    operations.void(company=company, id=pk)
    paid = money(invoice.paid, company.currency)
    freed = f" The {paid} paid on it is the customer's credit now." if invoice.paid else ""
    messages.success(request, f"{invoice} is voided.{freed}")
    return redirect("invoices:detail", pk=pk)


def _sent(request: Request, company: Company) -> QueryDict | None:
    """What was sent, after what a button on the way to Save asked for; nothing if the page is just opened."""
    if not request.POST:
        return None
    sent = changed_lines(request.POST, company=company)
    if sent.keys() & {"add", "remove"}:  # without script
        sent[keys.LOOK] = "1"
    return sent


def _form_page(
    request: Request, form: InvoiceForm, lines: LineForms, context: Mapping[str, Any]
) -> HttpResponse:
    shown = form if form.is_bound else InvoiceForm(_as_sent(form), company=request.user.company)
    # A saved one keeps its tax, whatever its rate has become, until what is taxed is edited.
    sums = totals(shown, lines) if form.is_bound or "invoice" not in context else context["invoice"]
    return render(request, "invoices/form.html", {"form": form, "lines": lines, "totals": sums, **context})


def _as_sent(form: InvoiceForm) -> dict[str, Any]:
    """What the form would send as it stands, so that its totals can be shown before anything is typed."""
    return {field.name: field.value() for field in form}


def _tabs(company: Company) -> list[Tab]:
    """With one for what is paid in other books alone, where there are any."""
    books = panels().elsewhere(company=company)
    *first, voided = TABS
    return [*first, Tab(name=ELSEWHERE, title=f"Paid in {books}"), voided] if books else TABS


def _rows(company: Company, query: Query) -> QuerySet[Any]:
    rows = queries.with_owed(Invoice.objects.filter(company=company), company=company).select_related(
        "customer__parent__parent__parent__parent"
    )
    if query.customer is not None:
        rows = rows.filter(customer=query.customer)
    if query.tab == "open":
        rows = queries.open_only(rows)
    elif query.tab == "overdue":
        rows = queries.overdue_only(rows, today=company.today())
    elif query.tab == ELSEWHERE:
        rows = queries.covered_only(rows)
    elif query.tab == "voided":
        rows = rows.filter(voided=True)
    return queries.matching(rows, query.search, open_on="owed")


def _invoice_or_404(company: Company, pk: int) -> Any:
    """An invoice that knows its balance, and what the customer still owes of it."""
    invoices = queries.with_owed(Invoice.objects.filter(company=company), company=company)
    return get_object_or_404(
        invoices.select_related("customer__parent__parent__parent__parent", "tax_rate"), pk=pk
    )


def _chosen_customer(company: Company, pk: str) -> Customer | None:
    """The customer from whose page the new invoice was begun."""
    if not pk.isdecimal():
        return None
    return customer_queries.one(company=company, pk=int(pk[:18]))
