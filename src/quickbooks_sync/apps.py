from django.apps import AppConfig


class QuickBooksSyncConfig(AppConfig):
    name = "quickbooks_sync"
    label = "quickbooks_sync"
    verbose_name = "Sync with QuickBooks"
