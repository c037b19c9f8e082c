"""What registering costs when 500 people do it at the same moment, beside one who does it alone.

The ratio of the 95th answer of a hundred to a single registration, on the server of production.
"""

import os
import statistics
import sys
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
GOAL = 10.0


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
        alone = [rush.register(port, path, [key])[0].seconds for key in rush.sessions(ALONE)]
        answers = rush.register(port, _event(), rush.sessions(PEOPLE))
    slow = statistics.quantiles([answer.seconds for answer in answers], n=20)[-1]
    one = statistics.median(alone)
    errors = sum(answer.status != 302 for answer in answers)
    name = f"95 % of {PEOPLE} registrations at once, against one alone"
    return measure.line(name, slow / one, GOAL, ours=slow, baseline=one, n=PEOPLE) and not errors


def main() -> bool:
    with ExitStack() as stack:
        name = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = DATABASE
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        stack.callback(connection.creation.destroy_test_db, name, verbosity=0)
        return compare()


if __name__ == "__main__":
    sys.exit(not main())
