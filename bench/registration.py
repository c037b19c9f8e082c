"""What registering costs when 500 people do it, beside one who does it alone, on the real server.

The line with a goal: they come at even distances, as fast as half of what the server can do, which
is measured first. The burst, where all of them press at the same moment, is a queue: the last ones
wait for the others, on any machine. Of it, the goal is that the crowd takes no longer than the same
people one after another; what the 95th of a hundred waits is printed without a goal.
"""

import json
import os
import statistics
import sys
import time
from contextlib import ExitStack

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apmsl.settings.test")
django.setup()

from django.db import connection  # noqa: E402  after the settings
from django.urls import reverse  # noqa: E402

from apmsl.lib.dates import today  # noqa: E402
from bench import measure, rush  # noqa: E402
from events.models import ActionKind, Event  # noqa: E402

DATABASE = "bench_registration"
PEOPLE, SEATS, ALONE = 500, 100, 30
GOAL, BURST_GOAL = 10.0, 1.0
LOAD = 0.5  # of what the server can do


def _event() -> str:
    event = Event.objects.create(
        title="Journée régionale",
        kind=ActionKind.objects.get(code="regional_day"),
        starts_on=today(),
        ends_on=today(),
        audiences=["public"],
        capacity=SEATS,
    )
    return reverse("events:register", args=[event.pk])


def compare() -> bool:
    with rush.server() as port:
        for key in rush.sessions(8):  # every thread has served once
            rush.register(port, _event(), [key])
        path = _event()
        alone = [rush.register(port, path, [key])[0] for key in rush.sessions(ALONE)]
        one = statistics.median(answer.seconds for answer in alone)
        burst, whole = _crowd(port, 0)
        spread, _ = _crowd(port, whole / LOAD)
    late, calm = _slow(burst), _slow(spread)
    name = f"95 % of {PEOPLE} registrations in one burst, against one alone"
    shown = {"ours": round(late, 4), "baseline": round(one, 4), "n": PEOPLE}
    print(json.dumps({"name": name, "ratio": round(late / one, 3), **shown}), flush=True)
    return all(
        [
            measure.line(
                f"{PEOPLE} registrations in one burst, against one after another",
                whole / (PEOPLE * one),
                BURST_GOAL,
                ours=whole,
                baseline=PEOPLE * one,
                n=PEOPLE,
            ),
            measure.line(
                f"95 % of {PEOPLE} registrations at {LOAD:.0%} of the server, against one alone",
                calm / one,
                GOAL,
                ours=calm,
                baseline=one,
                seconds=whole / LOAD,
                n=PEOPLE,
            ),
            not any(answer.status != 302 for answer in [*alone, *burst, *spread]),
        ]
    )


def _crowd(port: int, over: float) -> tuple[list[rush.Answer], float]:
    """500 people for the 100 seats of a new event: their answers, and how long it took."""
    path, keys = _event(), rush.sessions(PEOPLE)
    start = time.perf_counter()
    answers = rush.register(port, path, keys, over=over)
    return answers, time.perf_counter() - start


def _slow(answers: list[rush.Answer]) -> float:
    return statistics.quantiles([answer.seconds for answer in answers], n=20)[-1]


def main() -> bool:
    with ExitStack() as stack:
        name = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = DATABASE
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        stack.callback(connection.creation.destroy_test_db, name, verbosity=0)
        return compare()


if __name__ == "__main__":
    sys.exit(not main())
