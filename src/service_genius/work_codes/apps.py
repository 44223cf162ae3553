from django.apps import AppConfig


class WorkCodesConfig(AppConfig):
    name = "service_genius.work_codes"
    label = "work_codes"
