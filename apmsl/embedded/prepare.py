"""Before the portal opens: tables, and the demonstration's records where there are none."""

import os
import sys

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apmsl.settings.dev")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    if _has_records():
        return
    # This folder makes the portal a demonstration, which lives on another day: settings anew.
    settings.DEMO.mkdir(parents=True, exist_ok=True)
    os.execv(sys.executable, [sys.executable, "manage.py", "demo"])  # noqa: S606


def _has_records() -> bool:
    """Somebody's own: a demonstration that was cut short has its folder, and is completed."""
    if get_user_model()._default_manager.exists():
        return True
    teams = apps.get_model("members", "Team")._default_manager
    return teams.exists() and not settings.DEMO.is_dir()


if __name__ == "__main__":
    main()
