"""On one's own machine: embedded PostgreSQL and Valkey unless addresses are given."""

from apmsl.embedded import services
from apmsl.lib import environment
from apmsl.settings.base import *  # noqa: F403  Django's way of layering settings
from apmsl.settings.base import PORTAL_VAR

DEBUG = environment.flag("DEBUG", default=True)
SECRET_KEY = environment.text("SECRET_KEY", "for-one-s-own-machine-only")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]

DATABASES = {"default": services.database(PORTAL_VAR)}
REDIS_URL = services.redis_url(PORTAL_VAR)
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
EMAIL_FILE_PATH = PORTAL_VAR / "mail"
