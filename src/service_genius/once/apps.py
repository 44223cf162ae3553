from django.apps import AppConfig


class OnceConfig(AppConfig):
    name = "service_genius.once"
    label = "once"
