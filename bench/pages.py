"""What a page costs beside the plain view of the same rows: same server, session and sign-in.

A plain view reads with ``values()`` and prints an unstyled table. A page of ours (layout, rights,
filters, partials) costs at most twice that.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apmsl.settings.test")
django.setup()

import httpx  # noqa: E402  after the settings
from django.conf import settings  # noqa: E402
from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from apmsl.lib.dates import today  # noqa: E402
from bench import measure  # noqa: E402
from events.models import ActionKind, Event  # noqa: E402
from members.enums import Department, MembershipStatus, PositionRole  # noqa: E402
from members.models import (  # noqa: E402
    Affiliation,
    Membership,
    Person,
    Position,
    Profession,
    Team,
    User,
)
from network.models import Article, Newsletter  # noqa: E402

DATABASE = "bench_pages"
PEOPLE = EVENTS = 2000
TEAMS = 90
GOAL = 2.0
ROUNDS = 60
PAGES = {"home": "/", "directory": "/annuaire/", "events": "/evenements/"}


def fill() -> str:
    """A federation of 2,000 people and 2,000 events; the session of one of its coordinators."""
    nurse = Profession.objects.create(code="infirmier", label="Infirmier")
    teams = Team.objects.bulk_create(_team(rank) for rank in range(TEAMS))
    Membership.objects.bulk_create(
        Membership(team=team, year=today().year, status=MembershipStatus.PAID, paid_on=today())
        for team in teams
    )
    people = Person.objects.bulk_create(
        Person(first_name=f"Prénom {n}", last_name=f"Nom {n:04}", profession=nurse)
        for n in range(PEOPLE)
    )
    Affiliation.objects.bulk_create(
        Affiliation(person=person, team=teams[n % TEAMS]) for n, person in enumerate(people)
    )
    Position.objects.bulk_create(
        Position(
            person=people[n],
            team=team,
            role=PositionRole.COORDINATOR,
            started_on=today() - timedelta(400),
        )
        for n, team in enumerate(teams)
    )
    kind = ActionKind.objects.get(code="thematic_meeting")
    Event.objects.bulk_create(_event(rank, kind) for rank in range(EVENTS))
    Newsletter.objects.bulk_create(
        Newsletter(kind="members", subject=f"Lettre {n}", sent_on=today()) for n in range(12)
    )
    Article.objects.bulk_create(
        Article(kind="talent", title=f"Article {n}", published_on=today()) for n in range(12)
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return session_of(User.objects.create_user("coordination@exemple.test", person=people[0]))


def _team(rank: int) -> Team:
    return Team(
        name=f"Maison de santé {rank:02}",
        department=Department.values[rank % 5],
        insee_code="44109",
        city="Nantes",
        postcode="44000",
        constituted_on=today() - timedelta(900),
    )


def _event(rank: int, kind: ActionKind) -> Event:
    day = today() + timedelta(rank % 300)
    return Event(
        title=f"Rencontre {rank}",
        kind=kind,
        starts_on=day,
        ends_on=day,
        audiences=["members"],
        capacity=30,
    )


def session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.set_expiry(timezone.now() + timedelta(days=1))
    session.create()
    return str(session.session_key)


@contextmanager
def server() -> Iterator[str]:
    """The real server, with the plain views beside the portal's pages."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"BENCH_DATABASE": DATABASE}
    command = [sys.executable, "-m", "granian", "bench.plain:application", "--interface", "wsgi"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("The server did not start.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The server did not answer.")


def compare(address: str, session: str) -> bool:
    cookies = {settings.SESSION_COOKIE_NAME: session}
    with httpx.Client(base_url=address, cookies=cookies, timeout=60) as client:

        def get(path: str) -> None:
            client.get(path).raise_for_status().read()

        return all(
            [
                measure.ratio(
                    f"page « {name} », against a plain view",
                    lambda path=path: get(path),
                    lambda name=name: get(f"/plain/{name}/"),
                    goal=GOAL,
                    n=ROUNDS,
                )
                for name, path in PAGES.items()
            ]
        )


def database(stack: ExitStack, fill: Callable[[], str]) -> str:
    """A database of its own, dropped at the end; the session of one who looks."""
    name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    stack.callback(connection.creation.destroy_test_db, name, verbosity=0)
    return fill()


def main() -> bool:
    with ExitStack() as stack:
        session = database(stack, fill)
        with server() as address:
            return compare(address, session)


if __name__ == "__main__":
    sys.exit(not main())
