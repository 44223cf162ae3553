from django.urls import include, path

from service_genius.companies import views

app_name = "companies"
urlpatterns = [
    path("settings/", views.index, name="settings"),
    path("settings/sales-tax/", include("service_genius.sales.tax_rate_urls")),
    path("demo/", views.demo_login, name="demo_login"),
]
