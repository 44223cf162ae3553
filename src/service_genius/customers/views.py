"""Pages of customers. Deliberately absent: rules and writes, which are in operations."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, Q, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from service_genius.companies.models import Company
from service_genius.customers import balances, merging, operations, queries, tree
from service_genius.customers.forms import CustomerForm, MergeForm, initial
from service_genius.customers.models import Customer
from service_genius.invoices import queries as invoice_queries
from service_genius.shared.money import amount_meant
from service_genius.shared.tenancy import Request, company_view
from service_genius.ui import choices as choices_answer
from service_genius.ui.empty import Tab, inactive
from service_genius.ui.forms import as_new, attempt, like, saved
from service_genius.ui.lists import listing, read_query, without_rows
from service_genius.ui.panels import panels

TABS = [Tab(name="active", title="Active", words="is active"), inactive("customer")]
FIRST = "Enter the people and companies you work for; then write them invoices."
SORTS = {
    "name": ("name_key", "pk"),
    "city": ("billing_city", "name_key", "pk"),
    "balance": ("-balance", "name_key", "pk"),
    "new": ("-pk",),
}
LATEST_MAX = 20


@require_safe
@company_view
def index(request: Request, *, company: Company) -> HttpResponse:
    query = read_query(request, tabs=TABS, sorts=SORTS, default_sort="name")
    rows = Customer.objects.filter(company=company, active=query.tab == "active")
    found = balances.with_balance(queries.with_parents(rows), company=company)
    if query.search:
        sought = queries.meant(query.search)
        if "." in query.search and (amount := amount_meant(query.search)) is not None:
            sought |= Q(balance=amount)
        # A manager of many houses stands before them, not behind: all are found by the manager's name.
        named = Case(When(queries.named(query.search), then=0), default=1)
        found = found.filter(sought).annotate(named=named)
        sorts = SORTS | {"name": ("named", *SORTS["name"])}
    else:
        sorts = SORTS
    page = listing(found, query=query, tabs=TABS, sorts=sorts)
    badges = panels().badges(company=company, kind="customer", ids=[row.pk for row in page.page])
    empty = without_rows("customer", page, first=FIRST, everything=Customer.objects.filter(company=company))
    return render(request, "customers/list.html", {"listing": page, "badges": badges, "empty": empty})


@require_safe
@company_view
def detail(request: Request, *, company: Company, pk: int) -> HttpResponse:
    customer = _customer_or_404(company, pk)
    invoices = invoice_queries.with_owed(customer.invoices.all(), company=company)
    below = list(balances.with_balance(tree.all_below(pk, company=company), company=company))
    context = {
        "customer": customer,
        "today": company.today(),
        "estimates": customer.estimates.order_by("-date", "-pk")[:LATEST_MAX],
        "estimate_count": customer.estimates.count(),
        "invoices": invoices.order_by("-date", "-pk")[:LATEST_MAX],
        "invoice_count": customer.invoices.count(),
        "payments": customer.payments.order_by("-date", "-pk")[:LATEST_MAX],
        "payment_count": customer.payments.count(),
        "sub_customers": [each for each in below if each.active and each.parent_id == pk],
        "with_sub_customers": sum((each.balance for each in below), customer.balance) if below else None,
        "elsewhere": panels().elsewhere(company=company),
        "panel": panels().record_panel(request=request, company=company, kind="customer", id=pk),
    }
    return render(request, "customers/detail.html", context)


@company_view
def create(request: Request, *, company: Company) -> HttpResponse:
    model = like(request, Customer, company=company)
    start = as_new(initial(model)) if model else {"taxable": True}
    form = CustomerForm(request.POST or None, company=company, initial=start)
    if form.is_valid():
        customer = attempt(form, lambda: operations.create(company=company, values=form.values))
        if customer is not None:
            messages.success(request, f"{customer} is saved.")
            return saved(customer, new=True)
    beside = panels().entry_panel(kind="customer", id=None)
    return render(request, "customers/form.html", {"form": form, "beside": beside})


@company_view
def edit(request: Request, *, company: Company, pk: int) -> HttpResponse:
    customer = _customer_or_404(company, pk)
    form = CustomerForm(request.POST or None, company=company, initial=initial(customer))
    if form.is_valid():
        edited = attempt(
            form,
            lambda: operations.update(
                company=company, id=pk, values=form.values, expected_revision=form.expected_revision
            ),
        )
        if edited is not None:
            messages.success(request, f"{edited} is saved.")
            return saved(edited)
    context = {"form": form, "customer": customer, "beside": panels().entry_panel(kind="customer", id=pk)}
    return render(request, "customers/form.html", context)


@company_view
def merge(request: Request, *, company: Company, pk: int) -> HttpResponse:
    """Two steps: who stays, then what moves, with the button that does it."""
    customer = _customer_or_404(company, pk)
    form = MergeForm(request.POST or None, customer=customer, initial={"revision": customer.revision})
    survivor: Customer | None = None
    if form.is_valid():
        survivor = stays = form.cleaned_data["survivor"]
        if "confirmed" in request.POST:
            seen = form.expected_revision
            merged = attempt(
                form,
                lambda: operations.merge_customers(
                    company=company, loser=pk, survivor=stays.pk, expected_revision=seen
                ),
            )
            if merged is not None:
                messages.success(request, f"{customer} is merged into {merged}.")
                return redirect("customers:detail", pk=merged.pk)
            survivor = None
    moving = merging.moving(company=company, loser=pk)
    context = {"customer": customer, "form": form, "survivor": survivor, "moving": moving}
    return render(request, "customers/merge.html", context)


@require_POST
@company_view
def deactivate(request: Request, *, company: Company, pk: int) -> HttpResponse:
    customer = _customer_or_404(company, pk)
    try:
        operations.deactivate(company=company, id=pk)
        messages.success(request, f"{customer} is inactive now. Invoices and payments stay.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("customers:detail", pk=pk)


@require_POST
@company_view
def reactivate(request: Request, *, company: Company, pk: int) -> HttpResponse:
    customer = _customer_or_404(company, pk)
    try:
        operations.reactivate(company=company, id=pk)
        messages.success(request, f"{customer} is active again.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("customers:detail", pk=pk)


@require_safe
@company_view
def choices(request: Request, *, company: Company) -> HttpResponse:
    """Names for a field in which a customer is typed."""
    return choices_answer.proposals(queries.choices(company=company, search=choices_answer.typed(request)))


def _customer_or_404(company: Company, pk: int) -> Any:
    """A customer that knows its balance."""
    customers = queries.with_parents(Customer.objects.filter(company=company))
    customers = balances.with_balance(customers, company=company)
    return get_object_or_404(customers, pk=pk)
