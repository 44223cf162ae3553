"""Pages of payments. Deliberately absent: rules and writes, which are in operations."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from service_genius.companies.models import Company
from service_genius.customers import queries as customer_queries
from service_genius.customers.models import Customer
from service_genius.customers.queries import with_parents
from service_genius.invoices.models import Invoice
from service_genius.invoices.queries import with_owed
from service_genius.once import keys
from service_genius.payments import operations, queries
from service_genius.payments.allocating import Allocations, mark, oldest_first, paid_now, read, sought
from service_genius.payments.forms import PaymentForm, initial
from service_genius.payments.models import Payment
from service_genius.shared.money import ZERO, cents
from service_genius.shared.tenancy import Request, company_view
from service_genius.ui.empty import Tab
from service_genius.ui.forms import as_new, attempt, like, saved
from service_genius.ui.lists import Query, listing, read_query, without_rows
from service_genius.ui.panels import panels
from service_genius.ui.templatetags.service_genius import money

TABS = [
    Tab(name="all", title="All"),
    Tab(name="credit", title="With credit", words="has credit left"),
    Tab(name="voided", title="Voided", words="is voided"),
]
FIRST = "Enter what customers pay you; it is put on their oldest invoices first."
#: The part of the page that is no field.
PAYS = "pays"
SORTS = {
    "date": ("-date", "-pk"),
    "customer": ("customer__name_key", "-date", "-pk"),
    "amount": ("-amount", "-pk"),
    "credit": ("-unapplied", "-pk"),
}


@require_safe
@company_view
def index(request: Request, *, company: Company) -> HttpResponse:
    query = read_query(request, tabs=TABS, sorts=SORTS, default_sort="date", of_customer=True)
    page = listing(_rows(company, query), query=query, tabs=TABS, sorts=SORTS)
    badges = panels().badges(company=company, kind="payment", ids=[row.pk for row in page.page])
    customer = customer_queries.one(company=company, pk=query.customer)
    empty = without_rows(
        "payment",
        page,
        first=FIRST,
        everything=Payment.objects.filter(company=company),
        of=str(customer or ""),
    )
    context = {"listing": page, "badges": badges, "customer": customer, "empty": empty}
    return render(request, "payments/list.html", context)


@require_safe
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
    start, amounts = _start(request, company)
    form = PaymentForm(request.POST or None, company=company, initial=start)
    pays = _allocations(request, company, form, payment=None, standing=amounts)
    if _saves(request) and form.is_valid() and pays.is_valid():
        values = {**form.values, "paid_on": pays.paid_on}
        payment = attempt(form, lambda: operations.create(company=company, values=values))
        if payment is not None:
            return _saved(request, company, payment, new=True)
    return _form_page(request, form, pays, payment=None)


@company_view
def edit(request: Request, *, company: Company, pk: int) -> HttpResponse:
    payment = _payment_or_404(company, pk)
    stands = paid_now(payment)
    form = PaymentForm(
        request.POST or None, company=company, initial=initial(payment), parts={PAYS: mark(stands)}
    )
    pays = _allocations(request, company, form, payment=payment, standing=stands)
    if _saves(request) and form.is_valid() and pays.is_valid():
        values = {**form.values, "paid_on": pays.paid_on}
        edited = attempt(
            form,
            lambda: operations.update(
                company=company, id=pk, values=values, expected_revision=form.expected_revision
            ),
        )
        if edited is not None:
            return _saved(request, company, edited)
    if form.met(PAYS, mark(pays.typed)):
        pays = pays.retyped(stands)
    return _form_page(request, form, pays, payment=payment)


@require_POST
@company_view
def draft(request: Request, *, company: Company) -> HttpResponse:
    """What a payment would pay while it is being entered; saves nothing."""
    chosen = request.POST.get("payment", "")
    payment = _payment_or_404(company, int(chosen[:18])) if chosen.isdecimal() else None
    form = PaymentForm(request.POST, company=company, initial=initial(payment) if payment else None)
    pays = _allocations(request, company, form, payment=payment, standing={})
    only_sums = request.htmx.trigger == "allocations"  # an amount was typed, and the rows stay as they are
    template = "payments/rest.html" if only_sums else "payments/allocations.html"
    return render(request, template, _context(form, pays, payment=payment))


@require_POST
@company_view
def void(request: Request, *, company: Company, pk: int) -> HttpResponse:
    payment = _payment_or_404(company, pk)
    operations.void(company=company, id=pk)
    freed = " What it paid is open again." if payment.allocated else ""
    messages.success(request, f"The payment is voided.{freed}")
    return redirect("payments:detail", pk=pk)


def _saves(request: Request) -> bool:
    """Whether Save was pressed. A search that was typed and not carried out yet comes first."""
    asked = request.POST
    return not asked.keys() & {"part", "propose", keys.LOOK} and sought(asked) == asked.get("found", "")


def _saved(request: Request, company: Company, payment: Payment, *, new: bool = False) -> HttpResponse:
    """Say what became of the money: it is easily more, or less, than was meant for the invoices."""
    paid = payment.allocations.count()
    rest = payment.amount - sum((each.amount for each in payment.allocations.all()), ZERO)
    invoices = f"It pays {paid:,} invoice{'s' if paid > 1 else ''}" if paid else "It pays no invoice"
    credit = (
        f"; {money(rest, company.currency)} stays as the customer's credit" if rest else " and is used up"
    )
    messages.success(request, f"The payment is saved. {invoices}{credit}.")
    return saved(payment, named=_name(payment), new=new)


def _form_page(
    request: Request, form: PaymentForm, pays: Allocations, *, payment: Payment | None
) -> HttpResponse:
    looked = request.method == "POST" and not _saves(request)
    return render(request, "payments/form.html", {**_context(form, pays, payment=payment), "looked": looked})


def _context(form: PaymentForm, pays: Allocations, *, payment: Payment | None) -> dict[str, Any]:
    rest = form.received - pays.allocated
    return {"form": form, "allocations": pays, "payment": payment, "rest": abs(rest), "too_much": rest < 0}


def _start(request: Request, company: Company) -> tuple[dict[str, Any], dict[int, str]]:
    """A new payment as the page before has asked for it: for an invoice, for a customer, or empty."""
    start: dict[str, Any] = {"date": company.today()}
    model = like(request, Payment, company=company)
    if model is not None:
        found = oldest_first(
            company=company, customer_id=model.customer_id, payment=None, amount=model.amount
        )
        return {**as_new(initial(model)), **start}, found
    amounts: dict[int, str] = {}
    invoice_pk, customer_pk = request.GET.get("invoice", ""), request.GET.get("customer", "")
    if invoice_pk.isdecimal():
        invoices = with_owed(Invoice.objects.filter(company=company), company=company).select_related(
            "customer__parent__parent__parent__parent"
        )
        invoice: Any = get_object_or_404(invoices, pk=invoice_pk[:18])
        customer = invoice.customer
        if invoice.owed > ZERO:
            start["amount"] = amounts[invoice.pk] = f"{cents(invoice.owed)}"
    elif customer_pk.isdecimal():
        customers = with_parents(Customer.objects.filter(company=company))
        customer = get_object_or_404(customers, pk=customer_pk[:18])
    else:
        return start, amounts
    return start | {"customer": customer.full_name, "customer_id": customer.pk}, amounts


def _name(payment: Payment) -> str:
    return f"the payment of {payment.customer} of {money(payment.amount, payment.company.currency)}"


def _allocations(
    request: Request,
    company: Company,
    form: PaymentForm,
    *,
    payment: Payment | None,
    standing: dict[int, str],
) -> Allocations:
    """The amounts as they were typed, or as they are proposed; before anything was sent, as they stand."""
    asked = request.POST
    typed = read(asked) if asked else standing
    proposed = asked.get("proposed", "") if asked or payment is not None else mark(standing)
    # As long as nobody has touched what was proposed, it follows the payment's customer and amount.
    follows = "follow" in asked and proposed == mark(typed)
    if ("propose" in asked or follows) and form.customer_id is not None:
        found = oldest_first(
            company=company,
            customer_id=form.customer_id,
            payment=payment,
            amount=form.received,
            first=asked.get("first", ""),
        )
        typed = {**dict.fromkeys(typed, ""), **found}  # nothing is paid any more on the others of the page
        proposed = mark(typed)
    start = asked.get("part", "")
    return Allocations(
        company=company,
        payment=payment,
        customer_id=form.customer_id,
        typed=typed,
        proposed=proposed,
        search=sought(asked),
        start=int(start) if start.isdecimal() and len(start) < 7 else 0,  # noqa: PLR2004 - no list is as long
    )


def _rows(company: Company, query: Query) -> QuerySet[Any]:
    rows = queries.with_unapplied(Payment.objects.filter(company=company)).select_related(
        "customer__parent__parent__parent__parent"
    )
    if query.customer is not None:
        rows = rows.filter(customer=query.customer)
    if query.tab == "credit":
        rows = rows.filter(unapplied__gt=0)
    elif query.tab == "voided":
        rows = rows.filter(voided=True)
    sought = queries.meant(query.search, amounts=("amount", "unapplied"))
    return rows.filter(sought) if query.search else rows


def _payment_or_404(company: Company, pk: int) -> Any:
    """A payment that knows its unapplied rest."""
    payments = queries.with_unapplied(Payment.objects.filter(company=company))
    return get_object_or_404(payments.select_related("customer__parent__parent__parent__parent"), pk=pk)
