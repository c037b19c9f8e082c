"""Five thousand changes, two workers, one call in ten that goes wrong, before or after the write: in
the end the CRM holds what the portal holds, each record made once.
"""

import random
from datetime import timedelta
from functools import partial

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from apmsl.lib.dates import today
from members.builders import crm_values
from members.enums import CrmModule, CrmState, Visibility
from members.models import (
    Affiliation,
    CrmBridge,
    CrmMapping,
    CrmRecord,
    CrmSignal,
    Person,
    PersonEmail,
    Team,
)
from members.services.crm import client, mapping, sending
from tests.members.factories import TeamFactory
from tests.members.fake_zoho import PORTAL_FIELD, FakeZoho, served

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, TEAMS, CHANGES = 1_600, 60, 5_000


@pytest.fixture
def zoho(settings, monkeypatch, transactional_db):
    fake = FakeZoho()
    fake.concurrency, fake.faults, fake.hang = 5, 0.1, 0.5
    monkeypatch.setattr(client, "PATIENCE", 0.25)
    monkeypatch.setattr(sending, "FIRST_PAUSE", timedelta(milliseconds=5))
    monkeypatch.setattr(sending, "LONGEST_PAUSE", timedelta(milliseconds=40))
    monkeypatch.setattr(sending, "MAX_ATTEMPTS", 60)
    monkeypatch.setattr(sending, "FOUND_AFTER", timedelta(milliseconds=20))
    with served(fake):
        settings.ZOHO_ACCOUNTS_URL = fake.url
        settings.ZOHO_CLIENT_ID, settings.ZOHO_CLIENT_SECRET = "id", "secret"
        settings.ZOHO_REFRESH_TOKEN = "refresh"
        mapping.propose(at=timezone.now())
        CrmBridge.objects.create(pk=1, is_on=True)
        yield fake


def populate() -> None:
    teams = [TeamFactory() for _ in range(TEAMS)]
    people = Person.objects.bulk_create(
        Person(first_name=f"Prénom {n}", last_name=f"Nom {n}") for n in range(PEOPLE)
    )
    Affiliation.objects.bulk_create(
        Affiliation(person=person, team=teams[n % TEAMS]) for n, person in enumerate(people)
    )
    PersonEmail.objects.bulk_create(
        PersonEmail(
            person=person,
            address=f"personne{n}@exemple.test",
            visibility=Visibility.MEMBERS if n % 2 else Visibility.FEDERATION,
        )
        for n, person in enumerate(people)
    )


def change(rng: random.Random, times: int) -> None:
    """Names, addresses, consents, erasures, teams: one write each."""
    people = list(Person.objects.values_list("pk", flat=True))
    teams = list(Team.objects.values_list("pk", flat=True))
    for n in range(times):
        pk, kind = rng.choice(people), rng.random()
        if kind < 0.6:
            Person.objects.filter(pk=pk).update(last_name=f"Nom {n}")
        elif kind < 0.75:
            PersonEmail.objects.filter(person=pk).update(visibility=rng.choice(Visibility.values))
        elif kind < 0.9:
            Team.objects.filter(pk=rng.choice(teams)).update(city=f"Ville {n}")
        elif kind < 0.95:
            Affiliation.objects.filter(person=pk).update(team=rng.choice(teams))
        else:
            Person.objects.filter(pk=pk).delete()


def work(stop: list[bool]) -> int:
    """A worker: passage after passage, until the changes are over and nothing waits."""
    passages = 0
    while True:
        over = bool(stop)
        cache.delete("zoho.rest")
        sending.send(at=timezone.now(), budget=1.0)
        passages += 1
        if over and not CrmRecord.objects.waiting().exists():
            return passages


def expected() -> dict[str, dict[str, object]]:
    """What the CRM must hold, by our number."""
    wanted: dict[str, dict[str, object]] = {}
    for module in CrmModule:
        records = {row.object_id: row for row in CrmRecord.objects.filter(module=module)}
        fields = list(CrmMapping.objects.of(module).going_out())
        for object_id, one in crm_values.found(module, list(records), today()).items():
            number = str(records[object_id].portal_id)
            wanted[number] = {row.zoho_field: one.values.get(row.source) for row in fields}
    return wanted


def held(zoho: FakeZoho) -> dict[str, dict[str, object]]:
    names = {module: set() for module in zoho.records}
    for module, name in CrmMapping.objects.values_list("module", "zoho_field"):
        names[module].add(name)
    return {
        str(row[PORTAL_FIELD]): {name: row[name] for name in names[module]}
        for module, rows in zoho.records.items()
        for row in rows.values()
    }


def test_five_thousand_changes_with_faults_end_equal_each_once(crowd, zoho):
    populate()
    stop: list[bool] = []

    def changes() -> None:
        try:
            change(random.Random(3), CHANGES)
        finally:
            stop.append(True)

    crowd([changes, partial(work, stop), partial(work, stop)])

    assert not CrmRecord.objects.exclude(state=CrmState.SENT).exists()
    made = expected()
    assert held(zoho) == made
    assert len(made) == Person.objects.count() + Team.objects.count()
    assert set(zoho.times_made.values()) == {1}
    assert zoho.most_running <= 3
    assert zoho.tokens == 1


def test_those_who_change_many_records_wait_for_each_other_in_turn(crowd, transactional_db):
    """Rows stand here the other way round than objects: taken as they stand, each of the two would
    wait for the other."""
    now, many, rounds = timezone.now(), 1_500, 5
    CrmRecord.objects.bulk_create(
        CrmRecord(module="Contacts", object_id=n, not_before=now) for n in range(many, 0, -1)
    )
    for _ in range(rounds):
        CrmSignal.objects.bulk_create(
            CrmSignal(module="Contacts", object_id=n) for n in range(1, many + 1)
        )
        crowd(
            [
                partial(CrmRecord.objects.gather, at=now),
                partial(CrmRecord.objects.look_again, at=now),
            ]
        )

    assert set(CrmRecord.objects.values_list("version", flat=True)) == {1 + 2 * rounds}


def test_a_record_is_in_one_worker_s_hands(crowd, transactional_db):
    CrmRecord.objects.bulk_create(
        CrmRecord(module="Contacts", object_id=n, not_before=timezone.now()) for n in range(400)
    )
    at = timezone.now()

    def claim() -> list[int]:
        with transaction.atomic():
            return [row.pk for row in CrmRecord.objects.claim("Contacts", at=at, most=100)]

    taken = crowd([claim] * 4)

    everyone = [pk for rows in taken for pk in rows]
    assert len(everyone) == len(set(everyone))


def test_who_writes_never_waits_for_the_bridge(crowd, transactional_db):
    """While a worker is taking the record of the very team that is changed."""
    team = TeamFactory()
    CrmRecord.objects.gather(at=timezone.now())

    def write() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '500ms'")
        return Team.objects.filter(pk=team.pk).update(city="Rezé")

    with transaction.atomic():
        assert CrmRecord.objects.claim("Accounts", at=timezone.now(), most=9)
        assert crowd([write]) == [1]
