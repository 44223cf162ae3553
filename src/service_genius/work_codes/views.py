"""Pages of work codes. Deliberately absent: rules and writes, which are in operations."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from service_genius.companies.models import Company
from service_genius.shared.tenancy import Request, company_view
from service_genius.ui import choices as choices_answer
from service_genius.ui.empty import Tab, inactive
from service_genius.ui.forms import as_new, attempt, like, saved
from service_genius.ui.lists import listing, read_query, without_rows
from service_genius.ui.panels import panels
from service_genius.work_codes import operations, queries
from service_genius.work_codes.forms import WorkCodeForm, initial
from service_genius.work_codes.models import WorkCode

TABS = [Tab(name="active", title="Active", words="is active"), inactive("work code")]
FIRST = "Enter the services you sell with their prices; invoices are written from them."
SORTS = {
    "name": ("name_key", "pk"),
    "code": ("code", "name_key", "pk"),
    "price": ("price", "name_key", "pk"),
}


@require_safe
@company_view
def index(request: Request, *, company: Company) -> HttpResponse:
    query = read_query(request, tabs=TABS, sorts=SORTS, default_sort="name")
    rows = WorkCode.objects.filter(company=company, active=query.tab == "active")
    if query.search:
        rows = rows.filter(queries.meant(query.search))
    page = listing(rows, query=query, tabs=TABS, sorts=SORTS)
    badges = panels().badges(company=company, kind="work_code", ids=[row.pk for row in page.page])
    empty = without_rows("work code", page, first=FIRST, everything=WorkCode.objects.filter(company=company))
    return render(request, "work_codes/list.html", {"listing": page, "badges": badges, "empty": empty})


@require_safe
@company_view
def detail(request: Request, *, company: Company, pk: int) -> HttpResponse:
    work_code = get_object_or_404(WorkCode, company=company, pk=pk)
    panel = panels().record_panel(request=request, company=company, kind="work_code", id=pk)
    return render(request, "work_codes/detail.html", {"work_code": work_code, "panel": panel})


@company_view
def create(request: Request, *, company: Company) -> HttpResponse:
    model = like(request, WorkCode, company=company)
    start = as_new(initial(model)) if model else {}
    form = WorkCodeForm(request.POST or None, company=company, initial=start)
    if form.is_valid():
        work_code = attempt(form, lambda: operations.create(company=company, values=form.values))
        if work_code is not None:
            messages.success(request, f"{work_code} is saved.")
            return saved(work_code, new=True)
    beside = panels().entry_panel(kind="work_code", id=None)
    return render(request, "work_codes/form.html", {"form": form, "beside": beside})


@company_view
def edit(request: Request, *, company: Company, pk: int) -> HttpResponse:
    work_code = get_object_or_404(WorkCode, company=company, pk=pk)
    form = WorkCodeForm(request.POST or None, company=company, initial=initial(work_code))
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
    context = {"form": form, "work_code": work_code, "beside": panels().entry_panel(kind="work_code", id=pk)}
    return render(request, "work_codes/form.html", context)


@require_POST
@company_view
def deactivate(request: Request, *, company: Company, pk: int) -> HttpResponse:
    work_code = get_object_or_404(WorkCode, company=company, pk=pk)
    operations.deactivate(company=company, id=pk)
    messages.success(request, f"{work_code} is inactive now. Invoices keep it.")
    return redirect("work_codes:detail", pk=pk)


@require_POST
@company_view
def reactivate(request: Request, *, company: Company, pk: int) -> HttpResponse:
    work_code = get_object_or_404(WorkCode, company=company, pk=pk)
    try:
        operations.reactivate(company=company, id=pk)
        messages.success(request, f"{work_code} is active again.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("work_codes:detail", pk=pk)


@require_safe
@company_view
def choices(request: Request, *, company: Company) -> HttpResponse:
    """Names for a field in which a work code is typed."""
    return choices_answer.proposals(queries.choices(company=company, search=choices_answer.typed(request)))
