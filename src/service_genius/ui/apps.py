from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "service_genius.ui"
    label = "ui"
