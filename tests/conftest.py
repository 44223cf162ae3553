"""What every test shares: a VAR_DIR of its own, and settings that suit a test.

DATABASE_URL alone decides on the database; nothing here touches it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django
from django.conf import settings

# First of all: the settings are read once, and the conftests of the folders may import models.
if "VAR_DIR" not in os.environ:
    var_dir = tempfile.mkdtemp(prefix="service-genius-tests-")
    atexit.register(shutil.rmtree, var_dir, ignore_errors=True)
    os.environ["VAR_DIR"] = var_dir
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service_genius_site.settings")

# No collectstatic before tests; whitenoise warns of a folder that is not there.
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
# Slow on purpose is right for log-ins, not for a hundred of them.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()
