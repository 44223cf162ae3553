from django.urls import path

from service_genius.invoices import tax_rates

app_name = "tax_rates"
urlpatterns = [
    path("", tax_rates.index, name="list"),
    path("<int:pk>/", tax_rates.set_active, name="set_active"),
    path("<int:pk>/settle/", tax_rates.settle, name="settle"),
]
