"""The list of 2,000 events beside the plain view of the same rows; a calendar of 500 events that has
not changed beside the same one written whole."""

import sys
from contextlib import ExitStack

from bench import measure, pages

pages.DATABASE = "bench_events"

import httpx  # noqa: E402  Django is set up by bench.pages
from django.conf import settings  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from apmsl.lib.dates import today  # noqa: E402
from events.models import CalendarFeed, Event, EventSession, Registration  # noqa: E402
from members.models import User  # noqa: E402

FOLLOWED = 500
LIST_GOAL = 2.0
UNCHANGED_GOAL = 0.5
ROUNDS = 40


def fill() -> str:
    """The federation of ``bench.pages``, whose coordinator is registered to 500 events."""
    session = pages.fill()
    user = User.objects.get()
    chosen = Event.objects.order_by("pk")[:FOLLOWED]
    Registration.objects.bulk_create(
        Registration(
            event=event, person=user.person, registered_on=today(), queued_at=timezone.now()
        )
        for event in chosen
    )
    EventSession.objects.bulk_create(
        EventSession(event=event, number=1, held_on=event.starts_on) for event in chosen
    )
    CalendarFeed.objects.create(user=user, created_at=timezone.now())
    return session


def compare(address: str, session: str) -> bool:
    path = reverse("events:feed_mine", args=[CalendarFeed.objects.get().token])
    cookies = {settings.SESSION_COOKIE_NAME: session}
    with (
        httpx.Client(base_url=address, cookies=cookies, timeout=60) as signed_in,
        httpx.Client(base_url=address, timeout=60) as programme,
    ):
        known = {"If-None-Match": programme.get(path).headers["ETag"]}

        def listed(page: str) -> None:
            signed_in.get(page).raise_for_status().read()

        def read(status: int, headers: dict[str, str]) -> None:
            if programme.get(path, headers=headers).status_code != status:
                raise SystemExit("The calendar did not answer as it should.")

        return all(
            [
                measure.ratio(
                    "list of 2,000 events, against a plain view",
                    lambda: listed("/evenements/"),
                    lambda: listed("/plain/events/"),
                    goal=LIST_GOAL,
                    n=ROUNDS,
                ),
                measure.ratio(
                    "calendar of 500 events, unchanged against whole",
                    lambda: read(304, known),
                    lambda: read(200, {}),
                    goal=UNCHANGED_GOAL,
                    n=ROUNDS,
                ),
            ]
        )


def main() -> bool:
    with ExitStack() as stack:
        session = pages.database(stack, fill)
        with pages.server() as address:
            return compare(address, session)


if __name__ == "__main__":
    sys.exit(not main())
