from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "service_genius.sales"
    label = "sales"
