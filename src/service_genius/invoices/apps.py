from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "service_genius.invoices"
    label = "invoices"
