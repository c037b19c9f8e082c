"""Many sheets: over two workers beside one process, and what thousands cost.

Four thousand sheets take half an hour (``python -m bench.batches --sheets 4000``, see bench.sheets):
50 and 200 are drawn instead, each number in a process of its own, forked after loading as Celery's
are. A sheet must cost no more among 200 than among 50, in time and in memory; nor an archive more
memory for 4,000 files than for 50.
"""

import argparse
import gc
import multiprocessing
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apmsl.settings.test")
django.setup()

from apmsl.lib import pdf  # noqa: E402  after the settings
from apmsl.lib.archives import Archive  # noqa: E402
from bench import measure, sheets  # noqa: E402
from bench.pdf import naive  # noqa: E402
from reports.builders import scans  # noqa: E402
from tests.reports import examples  # noqa: E402

BATCH, WORKERS = 30, 2
FEW, MANY = 50, 200
FILE = 50_000  # bytes


def sheet(number: int) -> str:
    return scans.team_html(examples.team_sheet(f"MSP n° {number} de La Chapelle-sur-Erdre"))


def against_naive() -> bool:
    pages = [sheet(number) for number in range(BATCH)]
    with multiprocessing.get_context("fork").Pool(WORKERS) as workers:
        return measure.ratio(
            "30 scans over two workers, against 30 naive calls",
            lambda: workers.map(pdf.render, pages, chunksize=1),
            lambda: [naive(html) for html in pages],
            goal=0.42,
            n=3,
            warm=False,
        )


def thousands() -> bool:
    few, many = apart(lambda: draw(FEW)), apart(lambda: draw(MANY))
    archived = apart(lambda: archive(FEW)), apart(lambda: archive(20 * MANY))
    return all(
        [
            measure.line(
                "seconds of a scan among 200, against among 50",
                (many[0] / MANY) / (few[0] / FEW),
                1.15,
                ours=many[0],
                baseline=few[0],
            ),
            measure.line(
                "peak memory after 200 scans, against after 50",
                many[1] / few[1],
                1.1,
                ours=many[1],
                baseline=few[1],
            ),
            measure.line(
                "peak memory of an archive of 4,000 files, against 50",
                archived[1][1] / archived[0][1],
                1.05,
                ours=archived[1][1],
                baseline=archived[0][1],
            ),
        ]
    )


def draw(number: int) -> None:
    for rank in range(number):
        pdf.render(sheet(rank))


def archive(number: int) -> None:
    def members() -> Iterable[tuple[str, bytes]]:
        return ((f"{rank}.pdf", os.urandom(FILE)) for rank in range(number))

    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "a.zip").open("wb") as file:
        file.writelines(Archive(members()).chunks())


def apart(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds and peak memory (MB) of a child that does it."""
    context = multiprocessing.get_context("fork")
    told, tell = context.Pipe(duplex=False)

    def child() -> None:
        gc.collect()
        seconds = measure.seconds(work)
        tell.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))

    process = context.Process(target=child)
    process.start()
    found: tuple[float, float] = told.recv()
    process.join()
    return found


def main() -> bool:
    asked = argparse.ArgumentParser()
    asked.add_argument("--sheets", type=int, help="some hundreds or more, drawn as one run")
    number = asked.parse_args().sheets
    if number:
        return sheets.thousands(number)
    pdf.preload()
    return all([against_naive(), thousands(), sheets.two_beside_one()])


if __name__ == "__main__":
    sys.exit(not main())
