"""Every Scan'équipe of a year as one run: PostgreSQL, Valkey and Celery's workers, as on a portal.

Two workers beside one on 90 sheets; and, of as many sheets as wished, what the last quarter costs
beside the first: the workers' time, the database's, their memory, the page that follows the run.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apmsl.settings.test")
django.setup()

import psutil  # noqa: E402  after the settings
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from apmsl.jobs.models import Result, Run, RunStatus  # noqa: E402
from bench import measure  # noqa: E402
from bench.federations import federation  # noqa: E402
from members.models import ScanForm  # noqa: E402
from reports.enums import Document  # noqa: E402
from reports.services import request_document  # noqa: E402
from tests import roles  # noqa: E402
from tests.faults.conftest import Broker, Workers, speak_to  # noqa: E402

FEW, ROUNDS = 90, 3
LOOK_EVERY = 1.0  # seconds
PATIENCE = 3 * 3600


@dataclass(frozen=True)
class Look:
    """At a run under way: what is over, and what it has cost so far."""

    at: float
    done: int
    cpu: float  # of the workers, seconds
    asking: float  # of the database, seconds
    memory: float  # of the largest worker, MB
    page: float  # seconds
    queries: int


@contextmanager
def sent_forms(number: int) -> Iterator[None]:
    """A federation of which about so many teams sent their form."""
    with federation("bench_sheets", number):
        try:
            yield
        finally:
            forget()


@contextmanager
def workers(number: int) -> Iterator[Workers]:
    with tempfile.TemporaryDirectory(prefix="broker-") as folder, ExitStack() as stack:
        broker = Broker(Path(folder))
        broker.start()
        stack.callback(broker.stop)
        speak_to(broker.celery_url)
        crew = Workers(broker, Path(folder))
        stack.callback(crew.close)
        for _ in range(number):
            crew.start()
        yield crew


def ask() -> Run:
    year = ScanForm.objects.order_by("-year").values_list("year", flat=True)[0]
    return request_document(
        document=Document.SCAN_BATCH, year=year, user=roles.board(), at=timezone.now()
    )


def drawn(crew: Workers, watch: Callable[[Run, Workers], None]) -> tuple[float, Run]:
    """Seconds until the archive is there, from nothing."""
    forget()
    start, run = time.perf_counter(), ask()
    while run.is_in_flight:
        watch(run, crew)
        run.refresh_from_db()
        if time.perf_counter() - start > PATIENCE:
            break
    if run.status != RunStatus.DONE or Run.objects.parts_of(run).failed().exists():
        raise SystemExit(f"{run}: {run.status} {run.message}")
    return time.perf_counter() - start, run


def forget() -> None:
    for result in Result.objects.iterator():
        result.file.delete(save=False)
    Run.objects.all().delete()
    Result.objects.all().delete()


# -- two beside one ----------------------------------------------------------------------------------
def two_beside_one() -> bool:
    def nap(_run: Run, _crew: Workers) -> None:
        time.sleep(0.2)  # looking costs them some of the two cores

    times: dict[int, list[float]] = {1: [], 2: []}
    with sent_forms(FEW):
        for _ in range(ROUNDS):
            for number, measured in times.items():
                with workers(number) as crew:
                    seconds, run = drawn(crew, nap)
                    measured.append(seconds)
    one, two = statistics.median(times[1]), statistics.median(times[2])
    name = f"{run.total} scans of a database by two workers, against one"
    return measure.line(name, two / one, round(1 / 1.8, 3), ours=two, baseline=one, n=ROUNDS)


# -- thousands ---------------------------------------------------------------------------------------
def thousands(number: int) -> bool:
    looks: list[Look] = []
    client = Client()

    def watch(run: Run, crew: Workers) -> None:
        looks.append(look(run, crew, client))
        time.sleep(LOOK_EVERY)

    with sent_forms(number), workers(2) as crew:
        client.force_login(roles.board())
        seconds, run = drawn(crew, watch)
        memory = max(_memory(worker.pid) for worker in crew.started)
        with run.result.file.open() as file, ZipFile(file) as archive:
            if len(set(archive.namelist())) != run.total or archive.testzip():
                raise SystemExit("The archive does not hold every sheet.")
    return told(run, seconds, memory, [one for one in looks if one.done])


def look(run: Run, crew: Workers, client: Client) -> Look:
    with CaptureQueriesContext(connection) as queries:
        page = measure.seconds(lambda: client.get(run.get_absolute_url()))
    pids = [worker.pid for worker in crew.started]
    return Look(
        at=time.perf_counter(),
        done=Run.objects.values_list("done", flat=True).get(pk=run.pk),
        cpu=sum(map(_cpu, pids)),
        asking=_asking(),
        memory=max(map(_memory, pids)),
        page=page,
        queries=len(queries),
    )


def told(run: Run, seconds: float, memory: float, looks: list[Look]) -> bool:
    quarter = run.total / 4
    first = [one for one in looks if quarter / 4 < one.done <= quarter]
    last = [one for one in looks if 3 * quarter < one.done < run.total]
    print(
        f"{run.total} scans by two workers: {seconds:.0f} s, {run.result.size >> 20} MB",
        file=sys.stderr,
    )

    def line(what: str, goal: float, of: Callable[[list[Look]], float], end: float = 0) -> bool:
        ours, baseline = end or of(last), of(first)
        name = f"{run.total} scans, {what}: the last quarter against the first"
        return measure.line(name, ours / baseline, goal, ours=ours, baseline=baseline, n=1)

    return all(
        [
            line("time of the workers for a scan", 1.15, lambda some: _each(some, "cpu")),
            line("time of the database for a scan", 1.5, lambda some: _each(some, "asking")),
            line("seconds of a scan", 1.3, lambda some: _each(some, "at")),
            line("memory of a worker", 1.15, lambda some: max(one.memory for one in some)),
            line(
                "memory once the archive is written",
                1.15,
                lambda some: max(one.memory for one in some),
                memory,
            ),
            line("queries of the page", 1, lambda some: max(one.queries for one in some)),
            line(
                "seconds of the page", 1.5, lambda some: statistics.median(one.page for one in some)
            ),
        ]
    )


def _each(looks: list[Look], what: str) -> float:
    first, last = looks[0], looks[-1]
    spent: float = getattr(last, what) - getattr(first, what)
    return spent / (last.done - first.done)


def _cpu(pid: int) -> float:
    return sum(one.cpu_times().user + one.cpu_times().system for one in _drawing(pid))


def _memory(pid: int) -> float:
    return max(one.memory_info().rss for one in _drawing(pid)) / 2**20


def _drawing(pid: int) -> list[psutil.Process]:
    """What a worker's main process has do the work."""
    return psutil.Process(pid).children()


def _asking() -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT active_time FROM pg_stat_database WHERE datname = current_database()"
        )
        return float(cursor.fetchone()[0]) / 1000
