"""For the federation's own machine: everything that matters comes from the environment."""

import os

import sentry_sdk
from django.core.exceptions import ImproperlyConfigured

from apmsl.embedded import services
from apmsl.lib import environment
from apmsl.settings import base
from apmsl.settings.base import *  # noqa: F403  Django's way of layering settings

REQUIRED = {
    "SECRET_KEY": "une clé secrète d’au moins cinquante caractères",
    "ALLOWED_HOSTS": "le nom du portail, par exemple portail.apmsl.fr",
    "DATABASE_URL": "l’adresse de PostgreSQL ; la base de données embarquée n’est pas faite pour cela",
    "REDIS_URL": "l’adresse de Valkey ou de Redis ; le serveur embarqué n’est pas fait pour cela",
}
for name, meaning in REQUIRED.items():
    if not os.environ.get(name):
        raise ImproperlyConfigured(f"En production, indiquez {name} : {meaning}.")
if base.PORTAL_DATE:
    raise ImproperlyConfigured(
        "En production, le portail vit au jour réel : retirez PORTAL_DATE de l’environnement."
    )

DEBUG = False
SECRET_KEY = environment.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
# 127.0.0.1: the health check of the container; the proxy only lets the portal's own name through.
ALLOWED_HOSTS = [*environment.words("ALLOWED_HOSTS"), "127.0.0.1"]

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

# -- HTTPS everywhere; the proxy ends it and says so ----------------------------------------------
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"

# Beside the code, not under PORTAL_VAR: a new image brings its own files.
STATIC_ROOT = base.BASE_DIR / "staticfiles"

if dsn := environment.text("SENTRY_DSN", ""):
    sentry_sdk.init(dsn=dsn, send_default_pii=False, include_local_variables=False)
