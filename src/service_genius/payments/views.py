"""Pages of payments. Deliberately absent: rules and writes, which are in operations."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from service_genius.companies.models import Company
from service_genius.customers.models import Customer
from service_genius.customers.queries import by_full_name, with_parents
from service_genius.invoices.models import Invoice
from service_genius.invoices.queries import with_balance
from service_genius.payments import operations, queries
from service_genius.payments.forms import (
    AllocationsForm,
    PaymentForm,
    allocation_data,
    initial,
    one_invoice,
    proposal,
)
from service_genius.payments.models import Payment
from service_genius.shared import checks
from service_genius.shared.money import cents
from service_genius.shared.tenancy import Request, company_view
from service_genius.ui.forms import attempt
from service_genius.ui.lists import Query, Tab, listing, read_query
from service_genius.ui.panels import panels

TABS = [
    Tab(name="all", title="All"),
    Tab(name="credit", title="With credit"),
    Tab(name="voided", title="Voided"),
]
SORTS = {
    "date": ("-date", "-pk"),
    "customer": ("customer__name_key", "-date", "-pk"),
    "amount": ("-amount", "-pk"),
    "credit": ("-unapplied", "-pk"),
}


@company_view
def index(request: Request, *, company: Company) -> HttpResponse:
    query = read_query(request, tabs=TABS, sorts=SORTS, default_sort="date")
    page = listing(_rows(company, query), query=query, tabs=TABS, sorts=SORTS)
    badges = panels().badges(company=company, kind="payment", ids=[row.pk for row in page.page])
    return render(request, "payments/list.html", {"listing": page, "badges": badges})


@company_view
def detail(request: Request, *, company: Company, pk: int) -> HttpResponse:
    payment = _payment_or_404(company, pk)
    context = {
        "payment": payment,
        "allocations": payment.allocations.select_related("invoice__customer").order_by(
            "invoice__date", "pk"
        ),
        "panel": panels().record_panel(request=request, company=company, kind="payment", id=pk),
    }
    return render(request, "payments/detail.html", context)


@company_view
def create(request: Request, *, company: Company) -> HttpResponse:
    start, allocated = _start(request, company)
    form = PaymentForm(request.POST or None, company=company, initial=start)
    allocations = _allocations(company, form, data=request.POST or allocated, payment=None)
    if form.is_valid() and allocations.is_valid():
        values = {**form.values, "allocations": allocations.values}
        payment = attempt(form, lambda: operations.create(company=company, values=values))
        if payment is not None:
            messages.success(request, "The payment is saved.")
            return redirect("payments:detail", pk=payment.pk)
    return _form_page(request, form, allocations, payment=None)


@company_view
def edit(request: Request, *, company: Company, pk: int) -> HttpResponse:
    payment = _payment_or_404(company, pk)
    form = PaymentForm(request.POST or None, company=company, initial=initial(payment))
    data = request.POST or allocation_data(payment)
    allocations = _allocations(company, form, data=data, payment=payment)
    if form.is_valid() and allocations.is_valid():
        values = {**form.values, "allocations": allocations.values}
        saved = attempt(
            form,
            lambda: operations.update(
                company=company, id=pk, values=values, expected_revision=form.expected_revision
            ),
        )
        if saved is not None:
            messages.success(request, "The payment is saved.")
            return redirect("payments:detail", pk=pk)
    return _form_page(request, form, allocations, payment=payment)


@require_POST
@company_view
def draft(request: Request, *, company: Company) -> HttpResponse:
    """What a payment would pay while it is being entered; saves nothing."""
    chosen = request.POST.get("payment", "")
    payment = Payment.objects.filter(company=company, pk=chosen[:18]).first() if chosen.isdecimal() else None
    form = PaymentForm(request.POST, company=company)
    form.is_valid()
    amount = form.cleaned_data.get("amount")
    if "propose" in request.POST:
        first = request.POST.get("first", "")  # the invoice on whose page New payment was pressed
        invoices = sorted(
            _invoices(company, form, payment=payment), key=lambda invoice: str(invoice.pk) != first
        )
        allocations = AllocationsForm(proposal(invoices=invoices, amount=amount), invoices=invoices)
    else:
        allocations = _allocations(company, form, data=request.POST, payment=payment)
    context = {
        "form": form,
        "allocations": allocations,
        "payment": payment,
        "rest": _rest(amount, allocations),
    }
    return render(request, "payments/allocations.html", context)


@require_POST
@company_view
def void(request: Request, *, company: Company, pk: int) -> HttpResponse:
    _payment_or_404(company, pk)
    operations.void(company=company, id=pk)
    messages.success(request, "The payment is voided. What it paid is open again.")
    return redirect("payments:detail", pk=pk)


def _form_page(
    request: Request, form: PaymentForm, allocations: AllocationsForm, *, payment: Payment | None
) -> HttpResponse:
    typed = form.cleaned_data.get("amount") if form.is_bound else form.initial.get("amount")
    amount = Decimal(typed) if typed else None
    context = {
        "form": form,
        "allocations": allocations,
        "payment": payment,
        "rest": _rest(amount, allocations),
    }
    return render(request, "payments/form.html", context)


def _start(request: Request, company: Company) -> tuple[dict[str, Any], Any]:
    """A new payment as the page before has asked for it: for an invoice, for a customer, or empty."""
    start: dict[str, Any] = {"date": company.today()}
    invoice_pk, customer_pk = request.GET.get("invoice", ""), request.GET.get("customer", "")
    if invoice_pk.isdecimal():
        invoices = with_balance(Invoice.objects.filter(company=company)).select_related(
            "customer__parent__parent__parent__parent"
        )
        invoice: Any = get_object_or_404(invoices, pk=invoice_pk[:18])
        start |= {"customer": invoice.customer.full_name, "amount": f"{cents(invoice.balance)}"}
        return start, one_invoice(invoice.pk, cents(invoice.balance))
    if customer_pk.isdecimal():
        customers = with_parents(Customer.objects.filter(company=company))
        start["customer"] = get_object_or_404(customers, pk=customer_pk[:18]).full_name
    return start, {}


def _invoices(company: Company, form: PaymentForm, *, payment: Payment | None) -> list[Any]:
    """The invoices the customer named on the form may pay."""
    name = form["customer"].value() or ""
    customer = by_full_name(company=company, name=name) if name else None
    if customer is None:
        return []
    return queries.payable(company=company, customer_id=customer.pk, payment=payment)


def _allocations(
    company: Company, form: PaymentForm, *, data: Any, payment: Payment | None
) -> AllocationsForm:
    allocations = AllocationsForm(data, invoices=_invoices(company, form, payment=payment))
    allocations.is_valid()
    return allocations


def _rest(amount: Decimal | None, allocations: AllocationsForm) -> Decimal:
    allocations.is_valid()
    return (amount or Decimal(0)) - allocations.allocated


def _rows(company: Company, query: Query) -> QuerySet[Any]:
    rows = queries.with_unapplied(Payment.objects.filter(company=company)).select_related(
        "customer__parent__parent__parent__parent"
    )
    if query.tab == "credit":
        rows = rows.filter(unapplied__gt=0)
    elif query.tab == "voided":
        rows = rows.filter(voided=True)
    if query.search:
        rows = rows.filter(
            Q(reference__icontains=query.search)
            | Q(method__icontains=query.search)
            | Q(customer__search_text__contains=checks.key(query.search))
        )
    return rows


def _payment_or_404(company: Company, pk: int) -> Any:
    """A payment that knows its unapplied rest."""
    payments = queries.with_unapplied(Payment.objects.filter(company=company))
    return get_object_or_404(payments.select_related("customer__parent__parent__parent__parent"), pk=pk)
