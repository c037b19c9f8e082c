"""A run gives one result, whatever happens to its messages and its workers."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from apmsl.jobs import tasks
from apmsl.jobs.models import LEASE, MAX_ATTEMPTS, Refused, Result, Run, RunStatus, Superseded
from apmsl.jobs.models.runs import GIVEN_UP
from tests.reports.factories import ResultFactory, RunFactory

pytestmark = pytest.mark.django_db


def ask(text="bonjour", **fields) -> Run:
    return RunFactory(kind="echo", key="echo", params={"text": text}, **fields)


def abandon(run: Run, **fields) -> None:
    """As left by a worker that was killed."""
    long_ago = timezone.now() - LEASE - timedelta(seconds=1)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, beat_at=long_ago, **fields)


def sent_messages(monkeypatch) -> list[dict]:
    """What would go to the broker."""
    sent: list[dict] = []
    monkeypatch.setattr(tasks.build, "apply_async", lambda **options: sent.append(options))
    return sent


def test_a_run_ends_with_its_file_whole(echo):
    run = ask("bonjour")

    tasks.build(run_id=run.pk)

    run.refresh_from_db()
    assert (run.status, run.attempt, run.done) == (RunStatus.DONE, 1, run.total)
    with run.result.file.open() as file:
        assert file.read() == b"bonjour"
    assert (run.result.filename, run.result.size) == ("écho.txt", 7)


def test_delivered_twice_it_is_made_once(echo):
    run = ask()

    tasks.build(run_id=run.pk)
    tasks.build(run_id=run.pk)

    assert echo.made == ["bonjour"]
    assert Result.objects.count() == 1


def test_delivered_again_while_it_is_being_made_it_is_left_alone(echo):
    run = ask()
    echo.while_making = lambda: tasks.build(run_id=run.pk)

    tasks.build(run_id=run.pk)

    run.refresh_from_db()
    assert (echo.made, run.attempt) == (["bonjour"], 1)


def test_the_same_content_is_not_made_again(echo):
    first, again = ask(), None
    tasks.build(run_id=first.pk)
    again = ask()

    tasks.build(run_id=again.pk)

    first.refresh_from_db()
    again.refresh_from_db()
    assert echo.made == ["bonjour"]
    assert again.result == first.result


def test_another_content_is_made(echo):
    tasks.build(run_id=ask("bonjour").pk)

    tasks.build(run_id=ask("bonsoir").pk)

    assert echo.made == ["bonjour", "bonsoir"]


def test_a_run_left_by_a_dead_worker_is_taken_over(echo):
    run = ask()
    abandon(run, attempt=1)

    tasks.build(run_id=run.pk)

    run.refresh_from_db()
    assert (run.status, run.attempt) == (RunStatus.DONE, 2)


def test_a_worker_that_wakes_after_it_was_replaced_stops_and_changes_nothing(echo):
    run = ask()

    def take_over():
        echo.while_making = lambda: None
        abandon(run)
        tasks.build(run_id=run.pk)

    echo.while_making = take_over
    tasks.build(run_id=run.pk)

    run.refresh_from_db()
    assert (echo.made, run.attempt, run.status) == (["bonjour"], 2, RunStatus.DONE)


def test_progress_of_a_replaced_attempt_is_refused():
    run = ask()
    first = Run.objects.claim(run.pk, at=timezone.now())
    abandon(run)
    second = Run.objects.claim(run.pk, at=timezone.now())

    assert not first.beat(1, 2)
    assert not first.keep_lease()
    assert not first.finish(ResultFactory(), at=timezone.now())
    assert not first.fail("tard", at=timezone.now())
    assert second.beat(1, 2)


def test_a_run_that_downs_every_worker_is_given_up(echo):
    run = ask()
    abandon(run, attempt=MAX_ATTEMPTS)

    tasks.build(run_id=run.pk)

    run.refresh_from_db()
    assert (run.status, run.message, echo.made) == (RunStatus.FAILED, GIVEN_UP, [])


def test_a_refusal_is_told_in_its_own_words(echo):
    def refuse():
        raise Refused("L’équipe n’a pas encore répondu.")

    run = ask()
    echo.while_making = refuse

    tasks.build(run_id=run.pk)

    run.refresh_from_db()
    assert (run.status, run.message) == (RunStatus.FAILED, "L’équipe n’a pas encore répondu.")


def test_an_error_fails_the_run_and_is_not_hidden(echo):
    def break_down():
        raise ZeroDivisionError

    run = ask()
    echo.while_making = break_down

    with pytest.raises(ZeroDivisionError):
        tasks.build(run_id=run.pk)

    run.refresh_from_db()
    assert (run.status, run.message) == (RunStatus.FAILED, tasks.BROKEN)
    assert Result.objects.count() == 0


def test_a_database_that_does_not_answer_fails_nothing_for_good(echo):
    def lose_the_database():
        raise OperationalError

    run = ask()
    echo.while_making = lose_the_database

    with pytest.raises(OperationalError):
        tasks._make(Run.objects.claim(run.pk, at=timezone.now()))

    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING
    assert LEASE.total_seconds() < tasks.TRY_AGAIN_AFTER


def test_a_message_delivered_again_waits_for_the_lease_instead_of_being_dropped(echo, monkeypatch):
    sent = sent_messages(monkeypatch)
    run = ask()
    Run.objects.claim(run.pk, at=timezone.now())

    tasks.build.run(run_id=run.pk, watching=True)

    assert sent == [
        {"kwargs": {"run_id": run.pk, "watching": True}, "countdown": tasks.LOOK_AGAIN_AFTER}
    ]


def test_watching_ends_with_the_run(echo, monkeypatch):
    sent = sent_messages(monkeypatch)
    run = ask()
    tasks.build(run_id=run.pk)

    tasks.build.run(run_id=run.pk, watching=True)

    assert sent == []


def test_the_message_of_an_unknown_kind_fails_its_run(echo):
    run = RunFactory(kind="forgotten")

    tasks.build(run_id=run.pk)

    run.refresh_from_db()
    assert run.status == RunStatus.FAILED


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_one_claims_a_run():
    run = ask()
    start, claimed = threading.Barrier(8), []

    def work():
        start.wait()
        claimed.append(Run.objects.claim(run.pk, at=timezone.now()))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([run for run in claimed if run]) == 1


@pytest.mark.django_db(transaction=True)
def test_a_long_step_without_progress_keeps_its_lease(echo, monkeypatch):
    monkeypatch.setattr("apmsl.jobs.builders.LEASE", timedelta(seconds=0.2))
    run = ask()
    renewed = threading.Event()
    keep = Run.keep_lease

    def keep_and_tell(self):
        kept = keep(self)
        renewed.set()
        return kept

    monkeypatch.setattr(Run, "keep_lease", keep_and_tell)
    echo.while_making = lambda: renewed.wait(10)
    tasks.build(run_id=run.pk)

    assert renewed.is_set()


def test_the_mechanism_is_set_for_twenty_seconds(settings):
    """Worst case: the message comes back while the lease still holds, then every few seconds."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    back = options["visibility_timeout"] + 2 * options["unacked_restore_interval"]
    after_the_lease = LEASE.total_seconds() + tasks.LOOK_AGAIN_AFTER

    assert options["unacked_restore_throttle"] == 1
    assert max(back, after_the_lease) < 20
    assert options["visibility_timeout"] > tasks.LOOK_AGAIN_AFTER
    assert issubclass(Superseded, Exception)
