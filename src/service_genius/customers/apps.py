from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "service_genius.customers"
    label = "customers"
