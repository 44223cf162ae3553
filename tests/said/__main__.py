"""Write docs/what-is-said.md."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service_genius_site.settings")
django.setup()

from tests.said.table import PAGE, page  # noqa: E402 - models need the settings

PAGE.write_text(page())
