from django.urls import path

from service_genius.sales import tax_rate_views

app_name = "tax_rates"
urlpatterns = [
    path("", tax_rate_views.index, name="list"),
    path("<int:pk>/", tax_rate_views.set_active, name="set_active"),
    path("<int:pk>/settle/", tax_rate_views.settle, name="settle"),
]
