"""Pages of invoices. Deliberately absent: rules and writes, which are in operations."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from service_genius.companies.models import Company
from service_genius.customers import queries as customer_queries
from service_genius.invoices import operations, queries
from service_genius.invoices.forms import InvoiceForm
from service_genius.invoices.models import Invoice
from service_genius.sales.pages import Pages
from service_genius.sales.queries import with_customers
from service_genius.shared.tenancy import Request, company_view
from service_genius.ui.empty import Tab
from service_genius.ui.lists import Query, listing, read_query, without_rows
from service_genius.ui.panels import panels
from service_genius.ui.templatetags.service_genius import money

TABS = [
    Tab(name="all", title="All"),
    Tab(name="open", title="Open", words="is open"),
    Tab(name="overdue", title="Overdue", words="is overdue"),
    Tab(name="voided", title="Voided", words="is voided"),
]
FIRST = "Write the first one for work you have done. It needs a customer and a work code."
ELSEWHERE = "elsewhere"
SORTS = {
    "date": ("-date", "-pk"),
    "number": ("number", "pk"),
    "customer": ("customer__name_key", "-date", "-pk"),
    "due": ("due_date", "pk"),
    "total": ("-total", "-pk"),
    "balance": ("-owed", "-pk"),
}


def _start(company: Company) -> dict[str, Any]:
    today = company.today()
    number = operations.next_number(company=company)
    return {"number": number, "date": today, "due_date": today + operations.DUE_AFTER}


PAGES = Pages(
    model=Invoice,
    form=InvoiceForm,
    namespace="invoices",
    start=_start,
    write_new=operations.create,
    write=operations.update,
)


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
            first=FIRST,
            everything=Invoice.objects.filter(company=company),
            of=str(customer or ""),
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
    return PAGES.create(request, company=company)


@company_view
def edit(request: Request, *, company: Company, pk: int) -> HttpResponse:
    return PAGES.edit(request, company=company, document=_invoice_or_404(company, pk))


@require_POST
@company_view
def draft(request: Request, *, company: Company) -> HttpResponse:
    return PAGES.draft(request, company=company)


@require_POST
@company_view
def void(request: Request, *, company: Company, pk: int) -> HttpResponse:
    invoice = _invoice_or_404(company, pk)
    operations.void(company=company, id=pk)
    paid = money(invoice.paid, company.currency)
    freed = f" The {paid} paid on it is the customer's credit now." if invoice.paid else ""
    messages.success(request, f"{invoice} is voided.{freed}")
    return redirect("invoices:detail", pk=pk)


def _tabs(company: Company) -> list[Tab]:
    """With one for what is paid in other books alone, where there are any."""
    books = panels().elsewhere(company=company)
    *first, voided = TABS
    return [*first, elsewhere(books), voided] if books else TABS


def elsewhere(books: str) -> Tab:
    """The view of invoices that are paid in other books, and have no payment here for it."""
    rest = ", as far as the last sync has seen"
    return Tab(name=ELSEWHERE, title=f"Paid in {books}", words=f"was paid in {books} alone", rest=rest)


def _rows(company: Company, query: Query) -> QuerySet[Any]:
    rows = with_customers(queries.with_owed(Invoice.objects.filter(company=company), company=company))
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
    return get_object_or_404(with_customers(invoices).select_related("tax_rate"), pk=pk)
