"""The whole set of figures: queries and seconds for 90 teams, growth of the time towards 4,000 teams.

The two federations lie in two databases and are asked in turn, so that a noisy machine is as noisy
for both; the growth of the time is set against that of the rows.
"""

import os
import statistics
import sys
import time
from contextlib import ExitStack

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apmsl.settings.test")
django.setup()

from django.db import connection  # noqa: E402  after the settings
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench import measure  # noqa: E402
from bench.federations import federation, use  # noqa: E402
from reports import indicators  # noqa: E402
from reports.models import ExternalFigure  # noqa: E402

SIZES = {"bench_indicators_90": 90, "bench_indicators_4000": 4000}
ROUNDS = 7
QUERIES_GOAL, SECONDS_GOAL, GROWTH_GOAL = 60, 0.5, 1


def seconds(database: str, year: int) -> float:
    use(database)
    indicators.compute(year)  # the portal keeps its connections: a new one first learns the tables
    start = time.perf_counter()
    indicators.compute(year)
    return time.perf_counter() - start


def number_of_queries(database: str, year: int) -> int:
    use(database)
    with CaptureQueriesContext(connection) as queries:
        indicators.compute(year)
    return len(queries)


def compare(rows: dict[str, int]) -> bool:
    year = ExternalFigure.objects.values_list("year", flat=True).order_by("pk")[0]
    small, large = SIZES
    asked = {database: number_of_queries(database, year) for database in SIZES}
    times: dict[str, list[float]] = {database: [] for database in SIZES}
    for _ in range(ROUNDS):
        for database, measured in times.items():
            measured.append(seconds(database, year))
    median = {database: statistics.median(measured) for database, measured in times.items()}
    time_grows, rows_grow = median[large] / median[small], rows[large] / rows[small]
    return all(
        [
            measure.line(
                "indicators, queries",
                asked[large],
                QUERIES_GOAL,
                ours=asked[large],
                baseline=asked[small],
                n=1,
            ),
            measure.line(
                "indicators of 90 teams, seconds",
                median[small],
                SECONDS_GOAL,
                ours=median[small],
                baseline=SECONDS_GOAL,
                n=ROUNDS,
                rows=rows[small],
            ),
            measure.line(
                "indicators of 4,000 teams, growth of time against growth of rows",
                time_grows / rows_grow,
                GROWTH_GOAL,
                ours=median[large],
                baseline=median[small],
                n=ROUNDS,
                rows=rows[large],
            ),
        ]
    )


def main() -> bool:
    with ExitStack() as stack:
        own = connection.settings_dict["NAME"]
        rows = {}
        for database, teams in SIZES.items():
            use(own)
            rows[database] = stack.enter_context(federation(database, teams))
        return compare(rows)


if __name__ == "__main__":
    sys.exit(not main())
