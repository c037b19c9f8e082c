"""What every environment shares; the administration has its own file. Each variable read here is listed in docs/deployment.md."""

from pathlib import Path

import bootstrap
import js_lib_leaflet

from apmsl.lib import environment
from apmsl.settings.admin import *  # noqa: F403  Django's way of layering settings

BASE_DIR = Path(__file__).resolve().parents[2]
PORTAL_VAR = Path(environment.text("PORTAL_VAR", str(BASE_DIR / "var"))).resolve()

# -- what the portal is -------------------------------------------------------------------------
FEDERATION_NAME = environment.text("FEDERATION_NAME", "APMSL Pays de la Loire")
# Where else it can be found: the last page of the report says so.
FEDERATION_CHANNELS = environment.links("FEDERATION_CHANNELS")
PORTAL_URL = environment.text("PORTAL_URL", "http://127.0.0.1:8000")
# A demonstration lives on a past day, so that its records are those of « today ».
PORTAL_DATE = environment.day("PORTAL_DATE")
# A membership of the year before still opens the members' area until this month and day.
MEMBERSHIP_GRACE_UNTIL = (6, 30)

# -- money -----------------------------------------------------------------------------------------
# What stands on calls, invoices and receipts; lines of the address are separated by « / ».
FEDERATION_ADDRESS = environment.text("FEDERATION_ADDRESS", "")
FEDERATION_SIRET = environment.text("FEDERATION_SIRET", "")
FEDERATION_IBAN = environment.text("FEDERATION_IBAN", "")
VAT_MENTION = environment.text("VAT_MENTION", "TVA non applicable, art. 293 B du CGI")
# Cards: « helloasso », « stripe », or nothing, which is off.
PAYMENT_PROVIDER = environment.text("PAYMENT_PROVIDER", "")
HELLOASSO_URL = environment.text("HELLOASSO_URL", "https://api.helloasso.com")
HELLOASSO_ORGANISATION = environment.text("HELLOASSO_ORGANISATION", "")
HELLOASSO_CLIENT_ID = environment.text("HELLOASSO_CLIENT_ID", "")
HELLOASSO_CLIENT_SECRET = environment.text("HELLOASSO_CLIENT_SECRET", "")
STRIPE_URL = environment.text("STRIPE_URL", "https://api.stripe.com")
STRIPE_SECRET_KEY = environment.text("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = environment.text("STRIPE_WEBHOOK_SECRET", "")
# Where a form that pays by card leads: browsers follow it only if the policy names the host.
PAYMENT_PAGES = {
    "": [],
    "helloasso": ["https://www.helloasso.com", "https://www.helloasso-sandbox.com"],
    "stripe": ["https://checkout.stripe.com"],
}[PAYMENT_PROVIDER]
# The accounts of the journal, in the associations' plan comptable.
JOURNAL_ACCOUNTS = {
    "members": "411000",  # what members owe
    "fees": "756000",  # cotisations
    "charges": "706000",  # what is paid for events
    "transfer": "512000",
    "cheque": "511200",  # chèques à encaisser, then the bank with their deposit slip
    "card": "517000",  # with the provider, until it pays out
    "costs": "627000",  # what the provider keeps
}

# -- map -------------------------------------------------------------------------------------------
# « https://…/{z}/{x}/{y}.png » of a tile server, and whom it wants named; without it, no street map.
MAP_TILES_URL = environment.text("MAP_TILES_URL", "")
MAP_TILES_ATTRIBUTION = environment.text("MAP_TILES_ATTRIBUTION", "")

# -- CRM -------------------------------------------------------------------------------------------
# Zoho CRM, by a « self client » of its API console; off without all three.
ZOHO_ACCOUNTS_URL = environment.text("ZOHO_ACCOUNTS_URL", "https://accounts.zoho.eu")
ZOHO_CLIENT_ID = environment.text("ZOHO_CLIENT_ID", "")
ZOHO_CLIENT_SECRET = environment.text("ZOHO_CLIENT_SECRET", "")
ZOHO_REFRESH_TOKEN = environment.text("ZOHO_REFRESH_TOKEN", "")

# -- Django ----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # our own admin site, not its own
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.inlines",
    "unfold.contrib.import_export",
    "apmsl.lib.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "import_export",
    "lucide",
    "pgtrigger",
    "pghistory",
    "template_partials",
    "apmsl.lib.apps.LibConfig",
    "apmsl.mail",
    "apmsl.jobs",
    "members",
    "toolbox",
    "events",
    "network",
    "training",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "members.middleware.AddressMiddleware",
    "members.middleware.SignInMiddleware",
    "members.middleware.PrivatePagesMiddleware",
    "members.middleware.PermissionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "members.middleware.SecondFactorMiddleware",
    "members.middleware.WrongMethodMiddleware",
]

ROOT_URLCONF = "apmsl.urls"
WSGI_APPLICATION = "apmsl.wsgi.application"
FORM_RENDERER = "apmsl.lib.forms.PortalRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apmsl.lib.context.portal",
            ],
            "builtins": ["apmsl.lib.templatetags.french", "apmsl.lib.templatetags.portal"],
        },
    }
]

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# -- sign-in ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["members.adapters.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "members:home"
ACCOUNT_ADAPTER = "members.adapters.InvitedOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
# allauth asks for a password at sign-in only if it would at sign-up (which is closed here).
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_ADAPTER = "members.adapters.SealedFactorsAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "members.forms.AddKeyForm",
    "login_webauthn": "members.forms.SignInByKeyForm",
    "reauthenticate_webauthn": "members.forms.ConfirmByKeyForm",
    "authenticate_webauthn": "members.forms.SecondProofByKeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = FEDERATION_NAME
MFA_TOTP_TOLERANCE = 1  # the code of 30 s before or after: telephones' clocks drift
MFA_RECOVERY_CODES_SHOW_ONCE = True
ALLAUTH_TRUSTED_PROXY_COUNT = environment.integer("TRUSTED_PROXY_COUNT", 0)

# -- security --------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'", *PAYMENT_PAGES],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# -- history ---------------------------------------------------------------------------------------
# Who changed what: reading a page changes nothing, and is spared the wrapper of its queries.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# -- files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = PORTAL_VAR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", Path(bootstrap.__path__[0])),
    ("leaflet", Path(js_lib_leaflet.__path__[0]) / "static" / "js_lib_leaflet"),
]
STORAGES = {
    # Private: never under a public address, see apmsl.lib.storage.
    "default": {
        "BACKEND": "apmsl.lib.storage.WholeFiles",
        "OPTIONS": {"location": PORTAL_VAR / "private"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
PRIVATE_FILES_URL = environment.text("PRIVATE_FILES_URL", "")  # set: served by X-Accel-Redirect

# -- mail ------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "portail@apmsl.test")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_HOST = environment.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = environment.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10

# -- jobs ------------------------------------------------------------------------------------------
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(PORTAL_VAR / "beat")
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5.0  # s for what is under way; the rest is redelivered
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Publishing must fail fast when the broker is down: the run goes out later (apmsl.jobs.periodic).
CELERY_TASK_PUBLISH_RETRY = False
# A task of a killed worker is back within 20 s; a run's lease makes the second delivery harmless.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 12,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    # A broker that hangs is one that is down. Workers wait for a message 1 s at a time.
    "socket_timeout": 5,
    # One try, not for ever: a page that asks for a document must not hang on a dead broker.
    "max_retries": 0,
}

# -- logs ------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # A line for each page that is laid out, each font that is read.
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
