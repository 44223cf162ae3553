"""Every address of the site, by app."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("service_genius.ui.urls")),
    path("", include("service_genius.companies.urls")),
    path("customers/", include("service_genius.customers.urls")),
    path("work-codes/", include("service_genius.work_codes.urls")),
    path("invoices/", include("service_genius.invoices.urls")),
    path("payments/", include("service_genius.payments.urls")),
    path("settings/quickbooks/", include("quickbooks_sync.urls")),
]

handler400 = "service_genius.ui.views.bad_request"
handler404 = "service_genius.ui.views.not_found"
handler500 = "service_genius.ui.views.server_error"
