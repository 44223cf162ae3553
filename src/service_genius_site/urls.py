"""Every address of the site, by app."""

from django.urls import include, path

from service_genius.companies.address_view import address

urlpatterns = [
    # Before that of the library, under its name.
    path("account/email/", address, name="account_email"),
    path("account/", include("allauth.urls")),
    path("", include("service_genius.ui.urls")),
    path("", include("service_genius.companies.urls")),
    path("customers/", include("service_genius.customers.urls")),
    path("work-codes/", include("service_genius.work_codes.urls")),
    path("estimates/", include("service_genius.estimates.urls")),
    path("invoices/", include("service_genius.invoices.urls")),
    path("payments/", include("service_genius.payments.urls")),
    path("settings/quickbooks/", include("quickbooks_sync.urls")),
]

handler400 = "service_genius.ui.errors.bad_request"
handler403 = "service_genius.ui.errors.permission_denied"
handler404 = "service_genius.ui.errors.not_found"
handler429 = "service_genius.ui.errors.too_often"  # the log-in library looks for it here
handler500 = "service_genius.ui.errors.server_error"
