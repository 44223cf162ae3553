from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "service_genius.companies"
    label = "companies"
