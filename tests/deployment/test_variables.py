"""The settings, docker-compose.yml and docs/deployment.md name the same variables."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deployment.conftest import HOME

READ = re.compile(r'environ(?:ment)?\.(?:text|flag|integer|words|links|day|get)\(\s*"([A-Z_]+)"')
REQUIRED = re.compile(r'^    "([A-Z_]+)": "', re.MULTILINE)
SETTINGS = HOME / "apmsl" / "settings"
ADDRESSES = HOME / "apmsl" / "embedded" / "services.py"
# Read before any settings, by manage.py, wsgi.py and celery.py.
EVERYWHERE = {"DJANGO_SETTINGS_MODULE"}
REFUSED_IN_PRODUCTION = {"PORTAL_DATE"}
OF_MAKE = {"PORT"}


def read_by(*files: Path) -> set[str]:
    return {name for file in files for name in READ.findall(file.read_text())}


def in_production() -> set[str]:
    settings = set(SETTINGS.glob("*.py")) - {SETTINGS / "dev.py", SETTINGS / "test.py"}
    return EVERYWHERE | read_by(*settings, ADDRESSES)


@pytest.fixture
def compose() -> dict[str, Any]:
    return yaml.safe_load((HOME / "docker-compose.yml").read_text())


@pytest.mark.parametrize("service", ["migrate", "web", "worker", "beat"])
def test_compose_sets_every_variable_of_production_and_no_other(
    compose: dict[str, Any], service: str
) -> None:
    given = set(compose["services"][service]["environment"])

    assert given == in_production() - REFUSED_IN_PRODUCTION


def test_the_documentation_lists_every_variable_and_no_other() -> None:
    table = (HOME / "docs" / "deployment.md").read_text().partition("## Variables")[2]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    documented = {name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}

    read = in_production() | read_by(SETTINGS / "dev.py") | OF_MAKE
    assert documented == read


def test_the_example_names_what_compose_asks_for(compose: dict[str, Any]) -> None:
    example = (HOME / "deploy" / "portal.env.example").read_text()
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    text = (HOME / "docker-compose.yml").read_text()

    assert set(re.findall(r"\$\{([A-Z_]+):\?", text)) <= named
    assert named <= set(re.findall(r"\$\{([A-Z_]+)", text))


def test_only_settings_read_the_environment() -> None:
    allowed = {SETTINGS, HOME / "apmsl" / "embedded", HOME / "apmsl" / "lib" / "environment.py"}
    entry_points = {"celery.py", "wsgi.py", "asgi.py"}
    apps = ["apmsl", "members", "toolbox", "events", "network", "training", "reports"]
    readers = {
        file.relative_to(HOME)
        for app in apps
        for file in (HOME / app).rglob("*.py")
        if "os.environ" in file.read_text() or "getenv(" in file.read_text()
        if not {file, *file.parents} & allowed
        if file.relative_to(HOME).parts not in {("apmsl", name) for name in entry_points}
    }

    assert readers == set()
