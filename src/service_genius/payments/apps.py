from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "service_genius.payments"
    label = "payments"
