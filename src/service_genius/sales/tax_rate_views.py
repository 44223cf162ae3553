"""The page of sales taxes, under Settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from service_genius.companies.models import Company
from service_genius.sales import tax_rates
from service_genius.sales.forms import TaxRateForm
from service_genius.sales.models import TaxRate
from service_genius.shared.tenancy import Request, company_view
from service_genius.ui.forms import attempt


@company_view
def index(request: Request, *, company: Company) -> HttpResponse:
    form = TaxRateForm(request.POST or None, company=company)
    if form.is_valid():
        rate = attempt(form, lambda: tax_rates.add(company=company, values=form.values))
        if rate is not None:
            messages.success(request, f"{rate} is saved.")
            return redirect("companies:tax_rates:list")
    rates = TaxRate.objects.filter(company=company).order_by("-active", "name")
    return render(request, "sales/tax_rates.html", {"form": form, "rates": rates})


@require_POST
@company_view
def set_active(request: Request, *, company: Company, pk: int) -> HttpResponse:
    rate = get_object_or_404(TaxRate, company=company, pk=pk)
    tax_rates.set_active(company=company, id=rate.pk, active="active" in request.POST)
    return redirect("companies:tax_rates:list")


@require_POST
@company_view
def settle(request: Request, *, company: Company, pk: int) -> HttpResponse:
    """What is charged is right, whatever was entered once."""
    rate = get_object_or_404(TaxRate, company=company, pk=pk)
    rate = tax_rates.keep_charged_percent(company=company, id=rate.pk)
    messages.success(request, f"{rate} is kept.")
    return redirect("companies:tax_rates:list")
