"""Workers and the broker die; runs do not. No clock process runs unless a test starts one."""

import time

import pytest
from django.urls import reverse
from django.utils import timezone

from apmsl.jobs import services, tasks
from apmsl.jobs.models import Result, Run, RunStatus
from tests.faults.conftest import wait_for
from tests.members.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def status(run: Run) -> str:
    run.refresh_from_db()
    return run.status


def is_done(run: Run) -> bool:
    return status(run) == RunStatus.DONE


def has_begun(run: Run) -> bool:
    run.refresh_from_db()
    return run.done > 0


def send(run: Run) -> None:
    assert tasks.ring(run.pk, at=timezone.now())


def test_a_run_goes_on_with_another_worker_when_its_own_is_killed(workers, slow_run, attempts):
    first = workers.start()
    run = slow_run(600, 1)
    send(run)
    wait_for(lambda: has_begun(run), "the run begins")
    workers.start()

    workers.kill(first)
    seconds = wait_for(lambda: is_done(run), "another worker finishes the run")

    print(f"finished {seconds:.1f} s after the kill")
    assert (run.attempt, attempts(), Result.objects.count()) == (2, 2, 1)


def test_a_run_goes_on_with_the_next_worker_when_the_only_one_is_killed(
    workers, slow_run, attempts
):
    first = workers.start()
    run = slow_run(600, 0.5)
    send(run)
    wait_for(lambda: has_begun(run), "the run begins")

    workers.kill(first)
    workers.start()

    wait_for(lambda: is_done(run), "the next worker finishes the run")
    assert attempts() == 2


def test_a_run_goes_on_when_the_process_that_makes_it_is_killed(workers, slow_run, attempts):
    worker = workers.start()
    run = slow_run(600, 0.5)
    send(run)
    wait_for(lambda: has_begun(run), "the run begins")

    workers.kill_child(worker)

    wait_for(lambda: is_done(run), "the worker makes it again")
    assert (run.attempt, attempts()) == (2, 2)


def test_a_run_longer_than_the_delivery_of_its_message_is_made_once(
    workers, slow_run, attempts, settings
):
    long = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] + 6
    workers.start()
    workers.start()
    run = slow_run(long)
    send(run)

    wait_for(lambda: is_done(run), "the run ends")
    assert (run.attempt, attempts(), Result.objects.count()) == (1, 1, 1)


def test_what_is_asked_while_the_broker_is_down_goes_out_later(
    workers, broker, slow_run, client, tmp_path
):
    workers.start("-B", "-s", str(tmp_path / "beat"))
    user = UserFactory()
    client.force_login(user)
    broker.stop()

    params = {"log": str(tmp_path / "attempts"), "seconds": [0.2]}
    run = services.request(
        kind="slow", key="slow", label="Lent", params=params, user=user, at=timezone.now()
    )
    page = client.get(reverse("jobs:run", args=[run.pk]))
    assert "Elle partira dès que le service sera rétabli" in page.content.decode()

    broker.start()
    wait_for(lambda: is_done(run), "the clock sends it out")
    assert client.get(reverse("jobs:download", args=[run.pk])).getvalue() == b"slow"


def test_a_broker_that_hangs_is_one_that_is_down(broker, slow_run):
    broker.hang()
    start = time.monotonic()

    run = services.request(
        kind="slow", key="slow", label="Lent", params={}, user=UserFactory(), at=timezone.now()
    )

    assert time.monotonic() - start < 15
    run.refresh_from_db()
    assert run.waits_for_service


def test_two_people_who_ask_at_once_share_what_is_made(workers, tmp_path, attempts):
    workers.start()
    workers.start()
    asked = {
        "kind": "slow",
        "key": "slow",
        "label": "Lent",
        "params": {"log": str(tmp_path / "attempts"), "seconds": [1]},
    }
    runs = [services.request(user=UserFactory(), at=timezone.now(), **asked) for _ in range(2)]

    wait_for(lambda: is_done(runs[0]), "the run ends")
    assert runs[0] == runs[1]
    assert attempts() == 1
