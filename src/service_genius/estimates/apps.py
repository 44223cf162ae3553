from django.apps import AppConfig


class EstimatesConfig(AppConfig):
    name = "service_genius.estimates"
    label = "estimates"
