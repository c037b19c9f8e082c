"""For pytest: servers of their own that may lose data, so that a portal can run beside the tests."""

import os

from apmsl.embedded import services
from apmsl.lib import environment
from apmsl.settings import base
from apmsl.settings.base import *  # noqa: F403  Django's way of layering settings

DEBUG = False
SECRET_KEY = "for-tests-only"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]

# Each pytest-xdist worker (gw0, gw1, …) has a database, a Valkey number and folders of its own.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
PORTAL_VAR = base.PORTAL_VAR / "test"
DATABASES = {"default": services.database(PORTAL_VAR, durable=False, pool=False)}
REDIS_URL = services.numbered(services.redis_url(PORTAL_VAR, durable=False), WORKER + 1)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
    }
}
CELERY_BROKER_URL = services.broker_url(REDIS_URL)

STORAGES = base.STORAGES | {
    "default": {
        "BACKEND": "apmsl.lib.storage.WholeFiles",
        "OPTIONS": {"location": PORTAL_VAR / "private" / str(WORKER)},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = None  # nothing is collected: the finders answer
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # looks a file up when it is asked for: nothing to scan at each start
# A worker that a test starts in a process of its own is told where the test takes its mail.
EMAIL_BACKEND = environment.text("EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING = base.LOGGING | {"root": {"handlers": ["console"], "level": "WARNING"}}
# Nobody listens there: a test that pays by card serves its own provider.
HELLOASSO_URL = STRIPE_URL = ZOHO_ACCOUNTS_URL = "http://127.0.0.1:9"
