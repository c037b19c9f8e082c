"""Production settings, in a process of their own."""

import os
import subprocess
import sys

import pytest

from tests.deployment.conftest import HOME

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "DJANGO_SETTINGS_MODULE": "apmsl.settings.prod",
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "portail.apmsl.test",
    "DATABASE_URL": "postgres://portail@127.0.0.1:9/portail",
    "REDIS_URL": "redis://127.0.0.1:9/0",
}


def manage(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=HOME,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_deployment_check_finds_nothing() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", environment=ENVIRONMENT)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"])
def test_production_refuses_to_start_without(name: str) -> None:
    without = {key: value for key, value in ENVIRONMENT.items() if key != name}

    done = manage("check", environment=without)

    assert done.returncode != 0
    assert f"ImproperlyConfigured: En production, indiquez {name} : " in done.stderr


def test_production_refuses_a_day_of_its_own() -> None:
    done = manage("check", environment=ENVIRONMENT | {"PORTAL_DATE": "2023-12-12"})

    assert done.returncode != 0
    assert "retirez PORTAL_DATE" in done.stderr


def test_cookies_are_for_this_host_and_https_alone() -> None:
    names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE".split()
    code = f"from django.conf import settings; print(*[getattr(settings, n) for n in {names}])"

    done = manage("shell", "--verbosity", "0", "--command", code, environment=ENVIRONMENT)

    assert done.stdout.split() == ["__Host-session", "__Host-csrf", "True", "True"], done.stderr
