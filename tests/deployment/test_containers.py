"""No container engine runs here: what the files say is tried on the machine itself."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deployment.conftest import HOME

DOCKERFILE = (HOME / "Dockerfile").read_text().replace("\\\n", "")
in_ci = pytest.mark.skipif(not os.environ.get("CI"), reason="installs everything anew: in CI")


@pytest.fixture
def services() -> dict[str, Any]:
    return yaml.safe_load((HOME / "docker-compose.yml").read_text())["services"]


def test_every_service_that_stays_up_has_a_health_check(services: dict[str, Any]) -> None:
    staying = {name for name, service in services.items() if service["restart"] != "no"}

    assert staying == {"web", "worker", "beat", "postgres", "valkey", "proxy"}
    assert {name for name in staying if "healthcheck" not in services[name]} == set()


def test_services_wait_for_services_that_exist(services: dict[str, Any]) -> None:
    awaited = {name for service in services.values() for name in service.get("depends_on", {})}

    assert awaited <= set(services)


def test_files_that_the_compose_file_mounts_exist(services: dict[str, Any]) -> None:
    mounted = [volume.split(":")[0] for s in services.values() for volume in s.get("volumes", [])]
    ours = {path for path in mounted if path.startswith("./")} - {"./deploy/tls"}  # the owner's

    assert ours == {"./deploy/nginx.conf.template"}
    assert all((HOME / path).exists() for path in ours)


def test_the_proxy_and_the_portal_agree_on_private_files(services: dict[str, Any]) -> None:
    nginx = (HOME / "deploy" / "nginx.conf.template").read_text()
    web = services["web"]["environment"]

    location = re.search(r"location (\S+) \{\s+internal;\s+alias (\S+);", nginx)
    assert location
    assert location.groups() == (web["PRIVATE_FILES_URL"], f"{web['PORTAL_VAR']}/private/")


def test_the_portal_does_not_run_as_root() -> None:
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)

    assert users == ["portal"]
    assert DOCKERFILE.index("USER portal") < DOCKERFILE.index("CMD")


@in_ci
def test_the_steps_of_the_image_run_on_debian(tmp_path: Path) -> None:
    """Every RUN of the Dockerfile, in its order, with the image's folders below a temporary one."""
    (tmp_path / "srv" / "portal").mkdir(parents=True)
    shutil.copy(HOME / "requirements.txt", tmp_path)
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=HOME, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, tracked):
        target = tmp_path / "srv" / "portal" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HOME / name, target)

    for step in _steps(tmp_path):
        folder = tmp_path / "srv" / "portal" if "manage.py" in step else tmp_path
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", step],
            cwd=folder,
            env={"PATH": f"{tmp_path}/opt/portal/bin:{os.environ['PATH']}", "HOME": str(tmp_path)}
            | {"DJANGO_SETTINGS_MODULE": "apmsl.settings.prod", "PORTAL_VAR": f"{tmp_path}/var"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{step}\n{done.stdout}\n{done.stderr}"

    assert (tmp_path / "srv/portal/staticfiles/staticfiles.json").exists()


def _steps(tmp_path: Path) -> list[str]:
    steps = re.findall(r"^RUN (.*)$", DOCKERFILE, re.MULTILINE)
    # This machine keeps its lists of packages and its accounts.
    steps = [step.replace("&& rm -rf /var/lib/apt/lists/*", "") for step in steps]
    steps = [step for step in steps if not step.startswith("useradd")]
    assert len(steps) == 3
    return [step.replace("/opt/portal", f"{tmp_path}/opt/portal") for step in steps]
