import threading

import pytest
from django.db import connection
from django.utils import timezone

from apmsl.jobs import services, tasks
from apmsl.jobs.models import LEASE, Run, RunRequest, RunStatus
from tests.members.factories import UserFactory
from tests.reports.factories import ResultFactory, RunFactory

pytestmark = pytest.mark.django_db


def request(user, **fields) -> Run:
    given = {"kind": "echo", "key": "echo", "label": "Écho", "params": {"text": "bonjour"}}
    return services.request(user=user, at=timezone.now(), **(given | fields))


@pytest.fixture
def rung(monkeypatch) -> list[int]:
    """The runs whose message went out."""
    rung: list[int] = []

    def delay(*, run_id: int) -> None:
        rung.append(run_id)

    monkeypatch.setattr(tasks.build, "delay", delay)
    return rung


def test_two_people_share_one_run(rung):
    anne, karim = UserFactory(), UserFactory()

    run = request(anne)

    assert request(karim) == run
    assert set(run.requests.values_list("user", flat=True)) == {anne.pk, karim.pk}


def test_asking_twice_is_harmless(rung):
    user = UserFactory()

    assert request(user) == request(user)
    assert RunRequest.objects.count() == 1


def test_what_one_asked_for_again_is_what_one_asked_for_last(rung):
    user = UserFactory()
    ResultFactory(key="old", digest="known")
    old, other = request(user, key="old", digest="known"), request(user, key="other")

    assert request(user, key="old", digest="known") == old
    assert list(Run.objects.asked_by(user).order_by("-asked_at")) == [old, other]


def test_a_new_request_after_the_end_is_another_run(rung):
    user = UserFactory()
    first = request(user)
    first.status = RunStatus.FAILED
    first.save(update_fields=["status"])

    assert request(user) != first


def test_a_message_goes_out_after_the_commit(rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run = request(UserFactory())
        assert rung == []

    run.refresh_from_db()
    assert rung == [run.pk]
    assert run.sent_at is not None


def test_a_known_content_is_ready_at_once(rung, django_capture_on_commit_callbacks):
    result = ResultFactory(key="echo", digest="known")

    with django_capture_on_commit_callbacks(execute=True):
        run = request(UserFactory(), digest="known")

    assert (run.status, run.result, rung) == (RunStatus.DONE, result, [])


def test_a_known_content_asked_for_twice_is_one_run(rung):
    ResultFactory(key="echo", digest="known")

    assert request(UserFactory(), digest="known") == request(UserFactory(), digest="known")


def test_another_content_is_prepared(rung):
    ResultFactory(key="echo", digest="known")

    assert request(UserFactory(), digest="changed").status == RunStatus.PENDING


@pytest.mark.django_db(transaction=True)
def test_eight_people_at_once_share_one_run(rung):
    users = UserFactory.create_batch(8)
    start, runs = threading.Barrier(8), []

    def ask(user):
        start.wait()
        runs.append(request(user))
        connection.close()

    threads = [threading.Thread(target=ask, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({run.pk for run in runs}) == 1
    assert len(runs) == RunRequest.objects.count() == 8


def test_the_clock_sends_what_no_message_announces(rung):
    now = timezone.now()
    unsent = RunFactory()
    abandoned = RunFactory(
        status=RunStatus.RUNNING, beat_at=now - 3 * LEASE, sent_at=now - 5 * LEASE
    )
    RunFactory(sent_at=now)
    RunFactory(status=RunStatus.RUNNING, beat_at=now, sent_at=now - 5 * LEASE)
    RunFactory(status=RunStatus.FAILED)

    assert services.send_unheard(at=now) == 2
    assert rung == [unsent.pk, abandoned.pk]
    assert services.send_unheard(at=now) == 0


def test_a_failed_run_is_asked_for_again(rung):
    failed = RunFactory(status=RunStatus.FAILED, params={"text": "bonjour"})

    run = services.again(run=failed, user=UserFactory(), at=timezone.now())

    assert run != failed
    assert (run.kind, run.key, run.params) == (failed.kind, failed.key, failed.params)
