"""On one's own machine: embedded PostgreSQL and Valkey unless addresses are given."""

from datetime import date

from apmsl.embedded import services
from apmsl.lib import environment
from apmsl.settings import base
from apmsl.settings.base import *  # noqa: F403  Django's way of layering settings

DEBUG = environment.flag("DEBUG", default=True)
SECRET_KEY = environment.text("SECRET_KEY", "for-one-s-own-machine-only")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]

# The demonstration's records are of 2023 (docs/adr/0008): whoever opens them lives there.
DEMO = base.PORTAL_VAR / "demo"
PORTAL_DATE = base.PORTAL_DATE or (date(2023, 12, 12) if DEMO.is_dir() else None)

DATABASES = {"default": services.database(base.PORTAL_VAR)}
REDIS_URL = services.redis_url(base.PORTAL_VAR)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
    }
}
CELERY_BROKER_URL = services.broker_url(REDIS_URL)
EMAIL_BACKEND = environment.text(
    "EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = base.PORTAL_VAR / "mail"

# Static files from where they lie: nothing to collect, with DEBUG or without.
STORAGES = base.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
