"""Django's settings; what varies comes from `configuration`."""

import os

import django_stubs_ext

from . import configuration as configuration_module

django_stubs_ext.monkeypatch()

CONFIGURATION = configuration_module.read(os.environ)

from service_genius.shared.limits import FORM_BYTES_MAX, FORM_FIELDS_MAX  # noqa: E402 - as above

from .databases import database, files  # noqa: E402 - the monkeypatch above comes first
from .disk import keep_private, make_private  # noqa: E402 - as above

# Here, since every process of the application comes by.
keep_private()
make_private(CONFIGURATION.var_dir, *files(CONFIGURATION.database_url))

DEBUG = False
SECRET_KEY = CONFIGURATION.secret_key
ALLOWED_HOSTS = sorted({CONFIGURATION.public_host, "127.0.0.1", "localhost"})
ROOT_URLCONF = "service_genius_site.urls"
WSGI_APPLICATION = "service_genius_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    # Ours stand above allauth, so that our log-in page is the one found.
    "service_genius.ui",
    "service_genius.once",
    "service_genius.companies",
    "service_genius.customers",
    "service_genius.work_codes",
    "service_genius.sales",
    "service_genius.invoices",
    "service_genius.estimates",
    "service_genius.payments",
    "quickbooks_sync",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "service_genius_site.middleware.who_asks",
    "django.middleware.security.SecurityMiddleware",
    "service_genius_site.middleware.no_nothing",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "service_genius_site.middleware.one_host",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "service_genius_site.middleware.no_nothing_typed",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "service_genius_site.middleware.no_store",
    "service_genius_site.middleware.no_blank",
    "allauth.account.middleware.AccountMiddleware",
    # The last one: what stands below it is one transaction.
    "service_genius.once.middleware.Once",
]

# Addresses that take a POST as often as it is sent, and why; every other one accepts a form once.
ONCE_LEFT_OUT = {
    "account_login": "It lets somebody in, and lets the same person in again.",
    "account_logout": "It lets somebody out, who is out afterwards, however often it was pressed.",
    "mfa_authenticate": "The second step of a log-in.",
    "companies:demo_login": "A log-in.",
    "account_reset_password": "It sends a mail, which has no place in a transaction; two are harmless.",
    "account_email": "As the one before.",
    "estimates:draft": "It is asked at every change of a form, and saves nothing.",
    "invoices:draft": "It is asked at every change of a form, and saves nothing.",
    "payments:draft": "As the one before.",
    "quickbooks:connect": "It leads to QuickBooks, whom it asks for the way first, and saves nothing.",
    "quickbooks:disconnect": "It speaks to QuickBooks, which has no place in a transaction; off stays off.",
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            # A `csrf_token` that brings the key of the form along, also in forms of libraries.
            "builtins": ["service_genius.once.templatetags.once"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "service_genius.ui.context.page",
            ],
        },
    },
]

DATABASES = {"default": database(CONFIGURATION.database_url)}

# The database cache, so that every web process counts the same failed log-ins.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}

STATIC_URL = "static/"
STATIC_ROOT = CONFIGURATION.var_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# Log-in
AUTH_USER_MODEL = "companies.User"
AUTHENTICATION_BACKENDS = ["service_genius.companies.accounts.ByAddress"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "service_genius.companies.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# Another address to log in with: asked for with one's password, and confirmed from its mailbox.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {"reset_password": "service_genius.companies.accounts.ResetForm"}
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/settings/"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Service Genius"
# Addresses are given by the company and never verified: that must not stand in the way.
MFA_ALLOW_UNVERIFIED_EMAIL = True
DEMO_LOGIN = CONFIGURATION.embedded and CONFIGURATION.demo_marker.exists()

# Mail: the demo prints it. Elsewhere a link to choose a password has no place in a log.
MAIL_WORKS = CONFIGURATION.embedded or CONFIGURATION.mail_server is not None
EMAIL_BACKEND = f"django.core.mail.backends.{'console' if CONFIGURATION.embedded else 'dummy'}.EmailBackend"
DEFAULT_FROM_EMAIL = CONFIGURATION.mail_from
if CONFIGURATION.mail_server is not None:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = CONFIGURATION.mail_server.host, CONFIGURATION.mail_server.port
    EMAIL_HOST_USER = CONFIGURATION.mail_server.user
    EMAIL_HOST_PASSWORD = CONFIGURATION.mail_server.password
    EMAIL_USE_SSL = CONFIGURATION.mail_server.from_first_byte
    EMAIL_USE_TLS = not EMAIL_USE_SSL
    EMAIL_TIMEOUT = 20

# Safety of the pages
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIGURATION.https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "service_genius_session"
CSRF_COOKIE_NAME = "service_genius_csrf"
CSRF_FAILURE_VIEW = "service_genius.ui.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if CONFIGURATION.https else 0
# The host may be that of a web server in front, which asks this one under another name.
SECURE_SSL_REDIRECT, SECURE_SSL_HOST = CONFIGURATION.https, CONFIGURATION.public_place
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIGURATION.https else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = FORM_FIELDS_MAX
DATA_UPLOAD_MAX_MEMORY_SIZE = FORM_BYTES_MAX
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        # Browsers apply form-action to the redirect after Connect, too.
        "form-action": [
            "'self'",
            CONFIGURATION.emulator_url if CONFIGURATION.embedded else "https://appcenter.intuit.com",
        ],
    },
}

# Sync with QuickBooks
SERVICE_GENIUS_PANELS = "quickbooks_sync.pages.panels.QuickBooksPanels"
QBO_ENVIRONMENT = CONFIGURATION.qbo_environment
QBO_EMULATOR_URL = CONFIGURATION.emulator_url
QBO_CLIENT_ID = CONFIGURATION.qbo_client_id
QBO_CLIENT_SECRET = CONFIGURATION.qbo_client_secret
QBO_REDIRECT_URI = CONFIGURATION.qbo_redirect_uri
TOKEN_ENCRYPTION_KEYS = CONFIGURATION.token_encryption_keys

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # httpx logs full addresses at INFO: a query may hold names.
    "loggers": {"httpx2": {"level": "WARNING"}, "httpcore2": {"level": "WARNING"}},
}
