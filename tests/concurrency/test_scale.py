"""A campaign of 4,000 teams: its board in a few queries, its letters in one pass that holds a chunk of
them at a time, each once whoever is killed and however many write at once.

The control takes the chunks away: what is held must then grow with the number of files.
"""

import tracemalloc
from functools import partial

import pytest
from django.db import OperationalError, connection, connections
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members import mails
from members.enums import MembershipStatus, PositionRole, StepKind
from members.models import (
    CampaignStep,
    Membership,
    Person,
    PersonEmail,
    Position,
    Reminder,
    Team,
)
from members.services import reminders
from network.models import LocalGroup, LocalGroupTeam
from tests import roles
from tests.members.campaign import make_campaign

MANY = 4_000
OVERHEAD = 4  # the session, the account, its rights, its second factor
MB = 1_000_000


def make_files(count):
    """Teams with somebody to write to, each with a file to start; in a few statements."""
    teams = Team.objects.bulk_create(
        Team(
            name=f"MSP {n}",
            department="44",
            insee_code="44109",
            city="Nantes",
            postcode="44000",
            constituted_on=today().replace(year=2020, day=1),
        )
        for n in range(count)
    )
    people = Person.objects.bulk_create(
        Person(first_name="Ana", last_name=f"Nom {n}") for n in range(count)
    )
    PersonEmail.objects.bulk_create(
        PersonEmail(person=person, address=f"p{person.pk}@exemple.test") for person in people
    )
    Position.objects.bulk_create(
        Position(
            person=person,
            team=team,
            role=PositionRole.LEADER,
            started_on=today().replace(year=2020, day=1),
        )
        for person, team in zip(people, teams, strict=True)
    )
    Membership.objects.bulk_create(
        Membership(team=team, year=today().year, status=MembershipStatus.EXPECTED) for team in teams
    )
    return teams


def invite(campaign):
    return CampaignStep.objects.create(
        campaign=campaign, kind=StepKind.INVITATION, day=today(), subject="Bonjour", body="Un mot."
    )


# -- the boards ------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("admin:members_membership_changelist", 12),
        ("admin:members_campaign_who_receives_what", 12),
        ("network:renewals", 5),
    ],
)
def test_the_boards_of_4000_teams_take_a_few_queries(client, record_queries, page, most):
    invite(make_campaign())
    group = LocalGroup.objects.create(code="g", name="Groupe", department="44")
    teams = make_files(MANY)
    LocalGroupTeam.objects.bulk_create(
        LocalGroupTeam(group=group, team=team, joined_on=today().replace(year=2021, day=1))
        for team in teams
    )
    client.force_login(roles.staff())
    client.get(reverse(page))  # what is kept between two pages

    with record_queries() as queries:
        response = client.get(reverse(page))

    assert response.status_code == 200
    assert "4\u202f000" in response.text
    assert len(queries) <= most + OVERHEAD


# -- the letters -----------------------------------------------------------------------------------
class _Held:
    """How much memory the pass holds when it begins each chunk, and at its highest."""

    def __init__(self, monkeypatch):
        self.at_chunks = []
        self.highest = 0
        self.write = reminders._write_to
        monkeypatch.setattr(reminders, "_write_to", self)

    def __call__(self, *args):
        current, peak = tracemalloc.get_traced_memory()
        self.at_chunks.append(current)
        self.highest = max(self.highest, peak)
        return self.write(*args)


def _kill_at(number, monkeypatch):
    """The database loses the writer in the middle of a chunk, as when its process is killed."""
    send, sent = mails.campaign_letter, []

    def letter(**facts):
        sent.append(None)
        if len(sent) == number:
            pid = connection.connection.info.backend_pid
            other = connections.create_connection("default")
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            other.close()
        return send(**facts)

    monkeypatch.setattr(mails, "campaign_letter", letter)


@pytest.mark.django_db(transaction=True)
def test_4000_letters_leave_once_each_in_constant_memory_though_the_writer_is_killed(
    crowd, monkeypatch
):
    invite(make_campaign())
    make_files(MANY)
    held = _Held(monkeypatch)
    write = partial(reminders.write, on=today(), at=timezone.now())
    with monkeypatch.context() as patch:
        _kill_at(650, patch)
        tracemalloc.start()
        with pytest.raises(OperationalError):
            write()
        tracemalloc.stop()
    connection.close()

    assert Reminder.objects.count() == Message.objects.count() == 600  # whole chunks
    assert len(held.at_chunks) == 7
    assert held.at_chunks[-1] - held.at_chunks[2] < MB  # 400 letters later
    assert held.highest - held.at_chunks[2] < 10 * MB

    assert sum(crowd([write, write])) == MANY - 600
    assert Message.objects.values("recipient").distinct().count() == MANY
    assert Reminder.objects.count() == Message.objects.count() == MANY
    assert write() == 0


@pytest.mark.django_db(transaction=True)
def test_control_without_chunks_what_is_held_grows_with_the_files(monkeypatch):
    def highest(chunk, files):
        Membership.objects.all().delete()
        make_files(files)
        with monkeypatch.context() as patch:
            patch.setattr(reminders, "CHUNK", chunk)
            tracemalloc.start()
            reminders.write(on=today(), at=timezone.now())
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return peak

    invite(make_campaign())
    highest(10, 20)  # what is loaded once and for all

    in_chunks, at_once = highest(20, 200), highest(100_000, 200)

    assert at_once > 2 * in_chunks
