"""The two directories of a federation of 50,000 people and 4,000 teams: what a search, a filter and
a far page cost beside the plain view, and beside the first page."""

import re
import sys
from contextlib import ExitStack
from html import unescape

from bench import crowd, measure, pages

pages.DATABASE = "bench_directory"

import httpx  # noqa: E402  Django is set up by bench.pages
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from apmsl.lib.dates import today  # noqa: E402
from members.enums import PositionRole  # noqa: E402
from members.models import Position, User  # noqa: E402

GOAL, FAR_GOAL, TYPED_GOAL = 2.0, 1.1, 1.5
ROUNDS = 30
FAR = 900
# Searches: a common name with an accent, two beginnings, one person among 50,000, nobody.
ASKED = {
    "/annuaire/": (
        *("", "search=Lefèvre", "search=lef+ann", "search=Le+Goff+adam+aqb", "search=wxyz"),
        *("department=44", "profession=metier-3", "role=coordinator"),
        *("search=zo%C3%A9&department=49&role=leader",),
    ),
    "/equipes/": ("", "search=érable+chateau", "department=53&stage=constituted", "page=100"),
}
PLAIN = {"/annuaire/": "/plain/directory/", "/equipes/": "/plain/teams/"}


def fill() -> str:
    crowd.write(today())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    post = Position.objects.filter(role=PositionRole.COORDINATOR).order_by("pk")[0]
    return pages.session_of(
        User.objects.create_user("coordination@exemple.test", person=post.person)
    )


def compare(client: httpx.Client) -> bool:
    def get(path: str) -> str:
        return client.get(path).raise_for_status().text

    results = [
        measure.ratio(
            f"{path}?{query} of {crowd.PEOPLE:,} people, against a plain view",
            lambda address=f"{path}?{query}": get(address),
            lambda address=PLAIN[path]: get(address),
            goal=GOAL,
            n=ROUNDS,
        )
        for path, queries in ASKED.items()
        for query in queries
    ]
    link = re.search(r'href="(\?[^"]+)" rel="next"', get(f"/annuaire/?page={FAR - 1}"))
    far = "/annuaire/" + unescape(link[1] if link else "no link to the next page")
    ways = {
        f"page {FAR}, followed from the one before": (far, FAR_GOAL),
        f"page {FAR}, by its number alone": (f"/annuaire/?page={FAR}", TYPED_GOAL),
    }
    for way, (address, goal) in ways.items():
        results.append(
            measure.ratio(
                f"/annuaire/ of {crowd.PEOPLE:,} people: {way}, against page 1",
                lambda address=address: get(address),
                lambda: get("/annuaire/"),
                goal=goal,
                n=ROUNDS,
            )
        )
    return all(results)


def main() -> bool:
    with ExitStack() as stack:
        session = pages.database(stack, fill)
        address = stack.enter_context(pages.server())
        cookies = {settings.SESSION_COOKIE_NAME: session}
        client = httpx.Client(base_url=address, cookies=cookies, timeout=60)
        return compare(stack.enter_context(client))


if __name__ == "__main__":
    sys.exit(not main())
