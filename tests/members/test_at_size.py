"""The directories of 50,000 people and 4,000 teams: what is asked of the database, and that consent
holds there too. How long it takes is measured in bench/directory.py."""

import csv
import re
from html import unescape

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse

from apmsl.lib.dates import today
from apmsl.lib.seek import COUNTED
from apmsl.lib.text import normalise
from apmsl.lib.typography import NBSP
from bench import crowd
from members.enums import Visibility
from members.models import Affiliation, Person, PersonEmail, Position, Team, User
from members.views.people import PEOPLE_A_PAGE
from network.models import LocalGroupTeam
from tests import roles

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("crowd")]

PEOPLE = reverse("members:people")
LINKED = crowd.PEOPLE - crowd.PEOPLE // 50 - crowd.PEOPLE // 20  # who has not left, nor their team


@pytest.fixture(scope="module")
def written(django_db_setup, django_db_blocker):
    """Once for all the tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        crowd.write(today())
        crowd.analyse()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def _django_db_helper(written):
    """In place of pytest-django's: each test takes back what it wrote, and leaves the crowd."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def member(client) -> User:
    post = Position.objects.filter(role="coordinator").order_by("pk")[0]
    user = User.objects.create_user("coordination@exemple.test", person=post.person)
    client.force_login(user)
    client.get(PEOPLE)  # professions are read once
    return user


def shown(response) -> list[str]:
    return [line.name for line in response.context["lines"]]


def names(people) -> list[str]:
    return [f"{first} {last}" for first, last in people.values_list("first_name", "last_name")]


def follow(client, response, rel: str):
    link = re.search(rf'href="(\?[^"]+)" rel="{rel}"', response.content.decode())
    assert link, f"no link to the {rel} page"
    return client.get(PEOPLE + unescape(link[1]))


# -- pages -----------------------------------------------------------------------------------------
def test_a_page_followed_far_into_the_list_skips_no_row_and_shows_those_of_its_number(
    client, member, record_queries
):
    everyone = Person.objects.linked_on(today()).by_name()
    before = client.get(PEOPLE, {"page": "899"})

    with record_queries() as queries:
        page = follow(client, before, "next")

    start = 899 * PEOPLE_A_PAGE
    assert page.context["page"].number == 900
    assert shown(page) == names(everyone[start : start + PEOPLE_A_PAGE])
    assert shown(follow(client, page, "prev")) == shown(before)
    assert not [sql for sql in queries if "OFFSET" in sql or "COUNT(" in sql]


def test_the_pages_join_where_the_counted_ones_end(client, member):
    everyone = names(Person.objects.linked_on(today()).by_name()[: COUNTED + 5 * PEOPLE_A_PAGE])
    last = COUNTED // PEOPLE_A_PAGE
    page = client.get(PEOPLE, {"page": str(last - 1)})
    seen = shown(page)

    for _ in range(3):
        page = follow(client, page, "next")
        seen += shown(page)
    back = shown(page)
    for _ in range(3):
        page = follow(client, page, "prev")
        back = shown(page) + back

    start = (last - 2) * PEOPLE_A_PAGE
    assert seen == everyone[start : start + 4 * PEOPLE_A_PAGE]
    assert back == seen


def test_beyond_the_end_is_the_last_page(client, member):
    page = client.get(PEOPLE, {"page": "99999"})

    assert page.context["page"].number == -(-LINKED // PEOPLE_A_PAGE)
    assert shown(page)[-1] == names(Person.objects.linked_on(today()).by_name().reverse()[:1])[0]
    assert 'rel="next"' not in page.content.decode()


def test_a_forgotten_or_forged_mark_changes_nothing_but_the_speed(client, member):
    asked = {"page": "200"}
    rightly = shown(client.get(PEOPLE, asked))

    for mark in ("after-999999999", "before-x", "after-1 OR 1=1", "", "after-" + "9" * 30):
        assert shown(client.get(PEOPLE, asked | {"seek": mark})) == rightly, mark


def test_more_people_than_are_counted_are_said_to_be_more(client, member):
    counted = re.search(r"data-count>([^<]+)<", client.get(PEOPLE).content.decode())

    assert counted
    assert counted[1] == f"plus de 3\u202f000{NBSP}personnes"


# -- search and filters ----------------------------------------------------------------------------
def found_by_hand(asked: str) -> list[str]:
    words = normalise(asked).split()
    everyone = Person.objects.linked_on(today()).by_name().values_list("first_name", "last_name")
    return [
        f"{first} {last}"
        for first, last in everyone
        if all(
            any(part.startswith(word) for part in normalise(f"{last} {first}").split())
            for word in words
        )
    ]


@pytest.mark.parametrize("role", ["leader", "coordinator"])
def test_those_of_a_departement_or_with_a_post_are_linked_people(client, member, role):
    everyone = Person.objects.linked_on(today())
    there = Team.objects.filter(department="49", closed_on=None)
    held = Position.objects.filter(role=role, team__in=there).values("person")

    found = client.get(PEOPLE, {"department": "49", "role": role})

    by_hand = everyone.filter(pk__in=held).by_name()
    assert found.context["page"].paginator.count == by_hand.count() > PEOPLE_A_PAGE
    assert shown(found) == names(by_hand[:PEOPLE_A_PAGE])


@pytest.mark.parametrize("asked", ["Lefèvre adam aq", "ZOÉ  d’herve b", "œillet mael", "wxyz"])
def test_a_search_finds_every_beginning_and_nothing_else(client, member, asked):
    found = client.get(PEOPLE, {"search": asked})
    by_hand = found_by_hand(asked)

    assert found.context["page"].paginator.count == len(by_hand)
    assert shown(found) == by_hand[:PEOPLE_A_PAGE]


def test_a_search_a_filter_and_a_far_page_ask_ten_questions_at_most(client, member, record_queries):
    for query in (
        {},
        {"search": "lefèvre ann"},
        {"department": "44"},
        {"profession": "metier-3"},
        {"role": "leader", "search": "zo"},
        {"page": "900"},
    ):
        with record_queries() as queries:
            client.get(PEOPLE, query)
        assert len(queries) <= 10, query


def plan(queryset) -> str:
    sql, params = queryset.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_people_are_read_in_the_order_of_an_index_and_looked_up_one_by_one(member):
    each = Person.objects.linked_on(today(), each=True).by_name().values_list("pk")

    for read in (each[:41], each.filter(sort_name__gte="m")[:41], each.reverse()[:41]):
        explained = plan(read)
        assert "person_sort_name" in explained
        assert "Sort Key" not in explained
        assert "Seq Scan on members_affiliation" not in explained


# -- consent ---------------------------------------------------------------------------------------
def of_their_group(user: User) -> set[int]:
    teams = Affiliation.objects.filter(person=user.person_id).values("team")
    groups = LocalGroupTeam.objects.filter(team__in=teams).values("group")
    there = LocalGroupTeam.objects.filter(group__in=groups).values("team")
    open_teams = Team.objects.filter(pk__in=there, closed_on=None)
    held = Affiliation.objects.filter(team__in=open_teams, ended_on=None)
    return set(held.values_list("person", flat=True))


def test_an_export_of_many_tells_the_addresses_that_each_chose_to_show(client, member):
    def exported() -> set[str]:
        answer = client.get(PEOPLE, {"export": "csv", "search": "zoé le"})
        rows = csv.reader(
            b"".join(answer.streaming_content).decode("utf-8-sig").splitlines(), delimiter=";"
        )
        return {address for row in list(rows)[1:] for address in row[5].split(" ; ") if address}

    group = of_their_group(member)
    found = Person.objects.linked_on(today()).filter(first_name="Zoé")
    found = found.filter(Q(sort_name__startswith="le") | Q(sort_name__contains=" le"))
    emails = list(PersonEmail.objects.filter(person__in=found))
    allowed = {
        email.address
        for email in emails
        if email.visibility in {Visibility.MEMBERS, Visibility.PUBLIC}
        or (email.visibility == Visibility.GROUP and email.person_id in group)
        or email.person_id == member.person_id
    }

    assert exported() == allowed
    assert len(allowed) < len(emails)
    assert {email.visibility for email in emails} == set(Visibility)
    assert {email.person_id for email in emails if email.visibility == Visibility.GROUP} & group
    client.force_login(roles.staff())
    assert exported() == {email.address for email in emails}
