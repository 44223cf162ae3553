"""Pages of estimates. Deliberately absent: rules and writes, which are in operations."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from service_genius.companies.models import Company
from service_genius.customers import queries as customer_queries
from service_genius.estimates import operations, queries
from service_genius.estimates.forms import EstimateForm
from service_genius.estimates.models import Estimate
from service_genius.sales.pages import Pages
from service_genius.sales.queries import with_customers
from service_genius.shared.tenancy import Request, company_view
from service_genius.ui.empty import Tab
from service_genius.ui.lists import Query, listing, read_query, without_rows
from service_genius.ui.panels import panels

TABS = [
    Tab(name="all", title="All"),
    *(Tab(name=value, title=label, words=f"is {label.lower()}") for value, label in Estimate.Status.choices),
    Tab(name="expired", title="Expired", words="is expired"),
    Tab(name="voided", title="Voided", words="is voided"),
]
FIRST = "Write the first one for work you offer. Once it is accepted, one press makes it an invoice."
SORTS = {
    "date": ("-date", "-pk"),
    "number": ("number", "pk"),
    "customer": ("customer__name_key", "-date", "-pk"),
    "until": ("expiry_date", "pk"),
    "total": ("-total", "-pk"),
}
GOOD_FOR = timedelta(days=30)
ANSWERS = [
    (Estimate.Status.PENDING, "Not answered yet"),
    (Estimate.Status.DECLINED, "Declined"),
    (Estimate.Status.ACCEPTED, "Accepted"),
]
SAID = {
    Estimate.Status.PENDING: "waits for an answer again",
    Estimate.Status.ACCEPTED: "is accepted",
    Estimate.Status.DECLINED: "is declined",
}


def _start(company: Company) -> dict[str, Any]:
    today = company.today()
    number = operations.next_number(company=company)
    return {"number": number, "date": today, "expiry_date": today + GOOD_FOR}


PAGES = Pages(
    model=Estimate,
    form=EstimateForm,
    namespace="estimates",
    start=_start,
    write_new=operations.create,
    write=operations.update,
)


@require_safe
@company_view
def index(request: Request, *, company: Company) -> HttpResponse:
    query = read_query(request, tabs=TABS, sorts=SORTS, default_sort="date", of_customer=True)
    page = listing(_rows(company, query), query=query, tabs=TABS, sorts=SORTS)
    customer = customer_queries.one(company=company, pk=query.customer)
    everything = Estimate.objects.filter(company=company)
    context = {
        "listing": page,
        "badges": panels().badges(company=company, kind="estimate", ids=[row.pk for row in page.page]),
        "today": company.today(),
        "customer": customer,
        "empty": without_rows("estimate", page, first=FIRST, everything=everything, of=str(customer or "")),
    }
    return render(request, "estimates/list.html", context)


@require_safe
@company_view
def detail(request: Request, *, company: Company, pk: int) -> HttpResponse:
    estimate = _estimate_or_404(company, pk)
    context = {
        "estimate": estimate,
        "today": company.today(),
        "elsewhere": panels().elsewhere(company=company),
        "answers": [(status, words) for status, words in ANSWERS if status != estimate.status],
        "lines": estimate.lines.select_related("work_code"),
        "panel": panels().record_panel(request=request, company=company, kind="estimate", id=pk),
    }
    return render(request, "estimates/detail.html", context)


@company_view
def create(request: Request, *, company: Company) -> HttpResponse:
    return PAGES.create(request, company=company)


@company_view
def edit(request: Request, *, company: Company, pk: int) -> HttpResponse:
    return PAGES.edit(request, company=company, document=_estimate_or_404(company, pk))


@require_POST
@company_view
def draft(request: Request, *, company: Company) -> HttpResponse:
    return PAGES.draft(request, company=company)


@require_POST
@company_view
def set_status(request: Request, *, company: Company, pk: int) -> HttpResponse:
    """Write down what the customer has answered."""
    estimate, status = _estimate_or_404(company, pk), request.POST.get("status", "")
    if status in SAID:
        try:
            operations.answer(company=company, id=pk, status=status)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"{estimate} {SAID[Estimate.Status(status)]}.")
    return redirect("estimates:detail", pk=pk)


@require_POST
@company_view
def make_invoice(request: Request, *, company: Company, pk: int) -> HttpResponse:
    estimate = _estimate_or_404(company, pk)
    try:
        invoice = operations.make_invoice(company=company, id=pk)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("estimates:detail", pk=pk)
    messages.success(request, f"{estimate} is made into {invoice}.")
    return redirect("invoices:detail", pk=invoice.pk)


@require_POST
@company_view
def void(request: Request, *, company: Company, pk: int) -> HttpResponse:
    estimate = _estimate_or_404(company, pk)
    operations.void(company=company, id=pk)
    messages.success(request, f"{estimate} is voided.")
    return redirect("estimates:detail", pk=pk)


def _rows(company: Company, query: Query) -> QuerySet[Estimate]:
    rows = with_customers(Estimate.objects.filter(company=company))
    if query.customer is not None:
        rows = rows.filter(customer=query.customer)
    if query.tab in Estimate.Status.values:
        rows = rows.filter(status=query.tab, voided=False)
    elif query.tab == "expired":
        rows = queries.expired(rows, today=company.today())
    elif query.tab == "voided":
        rows = rows.filter(voided=True)
    return rows.filter(queries.meant(query.search)) if query.search else rows


def _estimate_or_404(company: Company, pk: int) -> Estimate:
    rows = with_customers(Estimate.objects.filter(company=company))
    estimate: Estimate = get_object_or_404(rows.select_related("tax_rate", "invoice"), pk=pk)
    return estimate
