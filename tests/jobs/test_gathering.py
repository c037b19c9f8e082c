"""A batch is made of other runs: shared out, taken over, asked for again for what failed alone."""

import errno
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apmsl.jobs import builders, services, tasks
from apmsl.jobs.models import (
    LEASE,
    MAX_ATTEMPTS,
    Kind,
    Refused,
    Result,
    Run,
    RunPart,
    RunStatus,
    kinds,
)
from apmsl.jobs.models.runs import GIVEN_UP, MAX_PART_ATTEMPTS
from apmsl.jobs.services import gathering
from tests.jobs.conftest import Echo, drafted
from tests.members.factories import UserFactory
from tests.reports.factories import ResultFactory, RunFactory, RunRequestFactory

pytestmark = pytest.mark.django_db


class Choir:
    """A kind made of one « echo » for each of its words; it counts its plans."""

    def __init__(self) -> None:
        self.planned: list[list[str]] = []
        self.told: list[tuple[int, int]] = []

    def whole(self, run, beat):
        def tell(done, total):
            self.told.append((done, total))
            beat(done, total)

        services.gather(run=run, plan=lambda: self.plan(run.params["words"]), beat=tell)
        return drafted(" ".join(Result.objects.of_parts(run).values_list("key", flat=True)))

    def plan(self, words):
        self.planned.append(words)
        return [wish(word) for word in words]


def wish(word: str, **fields) -> services.Wish:
    given = {"kind": "echo", "key": word, "label": f"Le mot {word}", "params": {"text": word}}
    return services.Wish(**(given | fields))


@pytest.fixture
def choir(echo) -> Choir:
    choir = Choir()
    kinds.register(Kind("choir", whole=choir.whole))
    return choir


@pytest.fixture(autouse=True)
def rung(monkeypatch) -> list[int]:
    """The runs whose message went out."""
    rung: list[int] = []
    monkeypatch.setattr(tasks.build, "delay", lambda *, run_id: rung.append(run_id))
    return rung


def batch(*words: str, **fields) -> Run:
    return RunFactory(kind="choir", key="choir", params={"words": words}, **fields)


def carry_out(run: Run) -> Run:
    tasks.build(run_id=run.pk)
    run.refresh_from_db()
    return run


def content(run: Run) -> str:
    with run.result.file.open() as file:
        return file.read().decode()


def part(run: Run, word: str) -> Run:
    return Run.objects.parts_of(run).get(key=word)


def refuse(echo: Echo, *words: str, why: Exception | None = None) -> None:
    echo.refused = dict.fromkeys(words, why or Refused("Il n’existe plus."))


# -- shared out ------------------------------------------------------------------------------------
def test_the_parts_come_back_in_their_order(choir, echo, rung):
    run = carry_out(batch("un", "deux", "trois"))

    assert (run.status, content(run), run.done, run.total) == (
        RunStatus.DONE,
        "un deux trois",
        3,
        3,
    )
    assert sorted(echo.made) == ["deux", "trois", "un"]
    assert len(rung) == 3


def test_progress_counts_what_is_over(choir):
    carry_out(batch("un", "deux"))

    assert choir.told[0] == (0, 2)
    assert choir.told[-1] == (2, 2)


def test_known_contents_are_neither_made_nor_rung_for(choir, echo, rung, monkeypatch):
    known = ResultFactory(key="un", digest="known")
    monkeypatch.setattr(choir, "plan", lambda words: [wish("un", digest="known"), wish("deux")])

    run = carry_out(batch("un", "deux"))

    assert echo.made == ["deux"]
    assert part(run, "un").result == known
    assert part(run, "un").pk not in rung


def test_what_another_worker_makes_is_waited_for(choir, echo, monkeypatch):
    flying = RunFactory(kind="echo", key="un", params={"text": "un"})
    other = Run.objects.claim(flying.pk, at=timezone.now())
    result = ResultFactory(key="un")
    monkeypatch.setattr(
        gathering.time, "sleep", lambda seconds: other.finish(result, at=timezone.now())
    )

    run = carry_out(batch("un", "deux"))

    assert echo.made == ["deux"]
    assert part(run, "un") == flying


def test_few_parts_are_announced_at_a_time(choir, rung, monkeypatch):
    monkeypatch.setattr(gathering, "WINDOW", 2)
    monkeypatch.setattr(gathering, "TELL_EVERY", 3600)

    run = carry_out(batch(*"abcdef"))

    first, second, *_ = Run.objects.parts_of(run).order_by("wholes__position")
    assert rung == [first.pk, second.pk]


def test_the_clock_leaves_the_parts_of_a_batch_under_way_to_it(rung):
    held = RunFactory(status=RunStatus.RUNNING, beat_at=timezone.now(), sent_at=timezone.now())
    RunPart.objects.create(run=held, part=RunFactory(), position=0)

    assert services.send_unheard(at=timezone.now()) == 0
    assert rung == []


def test_parts_that_a_batch_left_behind_are_dropped_unless_asked_for(rung):
    over = RunFactory(status=RunStatus.FAILED)
    left, asked = RunFactory(), RunRequestFactory().run
    for position, one in enumerate((left, asked)):
        RunPart.objects.create(run=over, part=one, position=position)

    services.send_unheard(at=timezone.now())

    assert not Run.objects.filter(pk=left.pk).exists()
    assert rung == [asked.pk]


# -- one that fails --------------------------------------------------------------------------------
def test_a_part_that_fails_is_named_and_the_others_are_there(choir, echo):
    refuse(echo, "deux")

    run = carry_out(batch("un", "deux", "trois"))

    assert content(run) == "un trois"
    assert part(run, "deux").message == "Il n’existe plus."


def test_an_error_in_a_part_fails_it_alone_and_is_in_the_log(choir, echo, caplog):
    refuse(echo, "deux", why=ZeroDivisionError())

    run = carry_out(batch("un", "deux", "trois"))

    assert content(run) == "un trois"
    assert part(run, "deux").message == tasks.BROKEN
    assert "a part of a batch, failed" in caplog.text
    caplog.clear()


def test_when_none_can_be_made_the_batch_says_so(choir, echo):
    refuse(echo, "un", "deux")

    run = carry_out(batch("un", "deux"))

    assert (run.status, run.message) == (RunStatus.FAILED, gathering.NONE_MADE)


def test_the_page_of_a_batch_that_failed_counts_what_is_really_made(choir, echo, client, caplog):
    user = UserFactory()
    client.force_login(user)
    refuse(echo, "un", "deux")
    none = carry_out(RunRequestFactory(run=batch("un", "deux"), user=user).run)
    assert "ne sera pas refait" not in client.get(none.get_absolute_url()).text
    assert "ne seront pas refaits" not in client.get(none.get_absolute_url()).text

    refuse(echo, "trois", why=OSError(errno.ENOSPC, "No space left on device"))
    some = carry_out(RunRequestFactory(run=batch(*"abc", "trois", *"de"), user=user).run)

    caplog.clear()
    assert some.message == builders.NO_ROOM
    shown = client.get(some.get_absolute_url()).text
    assert "2 sur 6 sont prêts\u00a0: ils ne seront pas refaits." in shown


def test_only_what_failed_is_made_again(choir, echo, client):
    refuse(echo, "deux")
    user = UserFactory()
    run = carry_out(RunRequestFactory(run=batch("un", "deux", "trois"), user=user).run)
    echo.refused, echo.made[:] = {}, []
    client.force_login(user)

    page = client.get(run.get_absolute_url()).content.decode()
    answer = client.post(reverse("jobs:again", args=[run.pk]))

    assert "Le mot deux" in page
    assert "Il n’existe plus." in page
    assert "Réessayer ce document" in page
    retried = Run.objects.filter(kind="choir").latest("pk")
    assert answer.url == retried.get_absolute_url()
    assert retried != run
    assert content(carry_out(retried)) == "un deux trois"
    assert echo.made == ["deux"]
    assert len(choir.planned) == 1
    assert "Réessayer" not in client.get(retried.get_absolute_url()).content.decode()


def test_a_batch_without_failure_is_not_made_again(choir, client):
    user = UserFactory()
    run = carry_out(RunRequestFactory(run=batch("un"), user=user).run)
    client.force_login(user)

    assert client.post(reverse("jobs:again", args=[run.pk])).status_code == 404


def test_two_who_retry_at_once_share_the_run(choir, echo):
    refuse(echo, "deux")
    run = carry_out(batch("un", "deux"))

    first, second = (
        services.again(run=run, user=UserFactory(), at=timezone.now()) for _ in range(2)
    )

    assert first == second
    assert first.parts.count() == 2


# -- faults ----------------------------------------------------------------------------------------
def abandon(run: Run, **fields) -> None:
    """As left by a worker that was killed."""
    long_ago = timezone.now() - LEASE - timedelta(seconds=1)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, beat_at=long_ago, **fields)


class Killed(BaseException):
    """Nothing of ours catches it, as nothing catches a SIGKILL."""


def test_killed_near_the_end_a_batch_goes_on_from_there(choir, echo):
    words = [f"mot{n:02}" for n in range(20)]
    run = batch(*words)

    def die(text):
        if len(echo.made) == 19:
            raise Killed

    echo.while_making_one = die
    with pytest.raises(Killed):
        tasks.build(run_id=run.pk)
    for left in Run.objects.in_flight().filter(attempt=1):
        abandon(left)
    echo.while_making_one = lambda text: None
    carry_out(run)

    assert (run.status, run.attempt, content(run)) == (RunStatus.DONE, 2, " ".join(words))
    assert sorted(echo.made) == words
    assert len(choir.planned) == 1


def test_killed_while_it_plans_a_batch_has_no_part_yet(choir, monkeypatch):
    def die(*args):
        raise Killed

    run = batch("un", "deux")
    with monkeypatch.context() as patch:
        patch.setattr(Run, "beat", die)
        with pytest.raises(Killed):
            tasks.build(run_id=run.pk)
    assert not Run.objects.filter(kind="echo").exists()
    abandon(run)

    assert content(carry_out(run)) == "un deux"


def test_a_part_that_downs_its_worker_is_given_up_before_its_batch(choir):
    run = batch("un", "deux")
    RunPart.objects.create(
        run=run, part=RunFactory(kind="echo", key="un", params={"text": "un"}), position=0
    )
    RunPart.objects.create(
        run=run, part=RunFactory(kind="echo", key="deux", params={"text": "deux"}), position=1
    )
    Run.objects.filter(pk=run.pk).update(total=2)
    abandon(part(run, "un"), attempt=MAX_PART_ATTEMPTS)

    carry_out(run)

    assert content(run) == "deux"
    assert part(run, "un").status == RunStatus.FAILED


def test_a_full_disk_stops_the_batch_and_keeps_what_is_made(choir, echo, monkeypatch, caplog):
    run = batch("un", "deux", "trois")
    refuse(echo, "deux", why=OSError(errno.ENOSPC, "No space left on device"))

    carry_out(run)

    # « trois » was before it, from the end; « un » was not begun.
    assert (run.status, run.message, echo.made) == (RunStatus.FAILED, builders.NO_ROOM, ["trois"])
    caplog.clear()
    echo.refused = {}
    again = services.again(run=run, user=UserFactory(), at=timezone.now())
    assert content(carry_out(again)) == "un deux trois"
    assert echo.made == ["trois", "deux", "un"]


def test_a_long_batch_gives_way_and_goes_on_in_another_turn(choir, echo, rung, monkeypatch):
    run = batch("un", "deux")
    monkeypatch.setattr(gathering, "TURN", -1)

    carry_out(run)

    assert (run.status, run.total, echo.made) == (RunStatus.PENDING, 2, [])
    assert rung == [run.pk]
    monkeypatch.undo()
    monkeypatch.setattr(tasks.build, "delay", lambda *, run_id: None)


def test_a_batch_of_many_turns_is_not_given_up_for_them(choir, monkeypatch):
    """Ten minutes each: of thousands of parts there are more turns than workers it may down."""
    run = batch("un", "deux")
    with monkeypatch.context() as patch:
        patch.setattr(gathering, "TURN", -1)
        for _ in range(MAX_ATTEMPTS + 1):
            carry_out(run)

    assert (run.status, run.attempt) == (RunStatus.PENDING, MAX_ATTEMPTS + 1)
    assert content(carry_out(run)) == "un deux"


def test_turns_are_no_excuse_for_a_batch_that_downs_its_workers(choir, monkeypatch):
    run = batch("un", "deux")
    with monkeypatch.context() as patch:
        patch.setattr(gathering, "TURN", -1)
        carry_out(run)
    abandon(run, attempt=run.attempt + MAX_ATTEMPTS)

    services.send_unheard(at=timezone.now())

    run.refresh_from_db()
    assert (run.status, run.message) == (RunStatus.FAILED, GIVEN_UP)


def test_what_nobody_may_claim_any_more_is_ended_and_makes_room(rung):
    """Waiting for ever, it would hold its key: whoever asks again would join it."""
    stuck = RunFactory(kind="echo", key="un", attempt=MAX_ATTEMPTS)

    services.send_unheard(at=timezone.now())

    stuck.refresh_from_db()
    assert (stuck.status, stuck.message) == (RunStatus.FAILED, GIVEN_UP)
    told = {"kind": "echo", "key": "un", "label": "", "params": {"text": "un"}}
    assert services.request(**told, user=UserFactory(), at=timezone.now()) != stuck


def test_parts_that_an_erasure_took_away_are_planned_again(choir, echo):
    run = batch("un", "deux")

    def erase(text):
        Run.objects.filter(key="deux", status=RunStatus.DONE).delete()
        Result.objects.filter(key="deux").delete()

    echo.while_making_one = lambda text: erase(text) if text == "un" else None
    carry_out(run)

    assert content(run) == "un deux"
    assert len(choir.planned) == 2
