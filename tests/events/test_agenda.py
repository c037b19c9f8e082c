"""The agenda as a list and as a month: what it shows, to whom, and at what cost."""

import re
from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from apmsl.lib.dates import today
from events.enums import Category, Format
from tests import roles
from tests.events.factories import (
    EventFactory,
    EventSessionFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.toolbox.factories import ThemeFactory

pytestmark = pytest.mark.django_db

EVENTS = reverse("events:events")
JANUARY = reverse("events:month", args=[2024, 1])


@pytest.fixture
def sign_in(client):
    def sign_in(user):
        client.force_login(user)
        return user

    return sign_in


@pytest.fixture(autouse=True)
def _in_january(settings):
    settings.PORTAL_DATE = date(2024, 1, 10)


def days(response):
    """What each day of the month holds."""
    cells = [cell for week in response.context["weeks"] for cell in week]
    return {
        cell.day.day: [line["event"].title for line in cell.lines] for cell in cells if cell.lines
    }


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# -- the month ---------------------------------------------------------------------------------------
def test_a_month_is_a_table_with_a_caption_and_a_heading_per_weekday(client):
    EventFactory(public=True, title="Des vœux", starts_on=date(2024, 1, 15), starts_at=time(9, 30))

    response = client.get(JANUARY)

    page = response.content.decode()
    assert days(response) == {15: ["Des vœux"]}
    assert "<caption>Janvier 2024</caption>" in page
    assert re.findall(r'<th scope="col">(\w+)</th>', page) == [
        *("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")
    ]
    assert "9\u00a0h\u00a030" in page
    assert '<time datetime="2024-01-10">' in page
    assert text_of(response).count("(aujourd’hui)") == 1


def test_an_event_stands_on_each_of_its_days_or_on_those_of_its_sessions(client):
    EventFactory(
        public=True, title="Séminaire", starts_on=date(2023, 12, 30), ends_on=date(2024, 1, 2)
    )
    cycle = EventFactory(
        public=True, title="Cycle", starts_on=date(2024, 1, 4), ends_on=date(2024, 2, 8)
    )
    for day in (date(2024, 1, 4), date(2024, 1, 25), date(2024, 1, 25), date(2024, 2, 8)):
        EventSessionFactory(event=cycle, held_on=day)

    assert days(client.get(JANUARY)) == {
        1: ["Séminaire"],
        2: ["Séminaire"],
        4: ["Cycle"],
        25: ["Cycle"],
    }


def test_on_one_day_events_follow_their_hours(client):
    for title, at in [("Soir", time(18)), ("Toute la journée", None), ("Matin", time(9))]:
        EventFactory(public=True, title=title, starts_on=date(2024, 1, 15), starts_at=at)

    assert days(client.get(JANUARY)) == {15: ["Toute la journée", "Matin", "Soir"]}


def test_each_sees_the_events_that_are_for_them(client, sign_in):
    for title, audiences in [("Tous", ["public"]), ("Membres", ["members"]), ("CA", ["board"])]:
        EventFactory(title=title, audiences=audiences, starts_on=date(2024, 1, 15))

    assert days(client.get(JANUARY)) == {15: ["Tous"]}
    sign_in(roles.member())
    assert days(client.get(JANUARY)) == {15: ["Tous", "Membres"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Voulu", "Autre", "Pour tous"]),
        ("search=voulu", ["Voulu"]),
        ("kind=training", ["Voulu"]),
        ("theme=etp", ["Voulu"]),
        ("department=53", ["Voulu"]),
        ("format=online", ["Voulu"]),
        ("mine=on", ["Voulu"]),
        ("for_me=on", ["Voulu", "Autre"]),
        ("period=past", ["Voulu", "Autre", "Pour tous"]),
    ],
)
def test_a_month_is_filtered_as_the_list(client, sign_in, query, found):
    user = sign_in(roles.member())
    wanted = EventFactory(
        title="Voulu",
        category=Category.TRAINING,
        theme=ThemeFactory(code="etp"),
        department="53",
        format=Format.ONLINE,
        starts_on=date(2024, 1, 15),
    )
    RegistrationFactory(event=wanted, person=user.person)
    EventFactory(title="Autre", starts_on=date(2024, 1, 15))
    EventFactory(title="Pour tous", public=True, starts_on=date(2024, 1, 15))

    assert days(client.get(f"{JANUARY}?{query}")) == {15: found}


def test_another_month_leads_back_to_this_one(client):
    now = reverse("events:month", args=[today().year, today().month])

    assert f'href="{now}">Ce mois-ci' in client.get("/evenements/mois/2031/1/").content.decode()
    assert "Ce mois-ci" not in client.get(now).content.decode()


def test_filters_follow_from_the_list_to_the_month_and_to_the_next_one(client):
    listed = client.get(f"{EVENTS}?kind=training&page=2").content.decode()
    month = client.get(f"{JANUARY}?kind=training").content.decode()

    assert f'href="{JANUARY}?kind=training"' in listed
    assert f'href="{EVENTS}?kind=training"' in month
    assert 'href="/evenements/mois/2023/12/?kind=training"' in month
    assert 'href="/evenements/mois/2024/2/?kind=training"' in month


@pytest.mark.parametrize("month", ["2024/13", "2024/0", "1999/12", "2100/1", "0/1", "99999/1"])
def test_a_month_that_does_not_exist_has_no_page(client, month):
    assert client.get(f"/evenements/mois/{month}/").status_code == 404


def test_no_link_leads_out_of_the_years_that_have_a_page(client):
    assert client.get("/evenements/mois/2000/1/").status_code == 200
    page = client.get("/evenements/mois/2099/12/").content.decode()
    assert 'rel="prev"' in page
    assert 'rel="next"' not in page


def test_htmx_gets_the_month_alone(client):
    part = client.get(JANUARY, headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith('<section id="results"')


def test_a_month_costs_the_same_queries_for_thirty_events_as_for_one(
    client, sign_in, record_queries
):
    user = sign_in(roles.member())

    def add(day):
        event = EventFactory(
            capacity=2,
            theme=ThemeFactory(),
            series=SeriesFactory(),
            series_number=3,
            starts_on=date(2024, 1, day),
        )
        EventSessionFactory(event=event)
        RegistrationFactory(event=event, person=user.person)

    add(1)
    client.get(JANUARY)
    with record_queries() as for_one:
        client.get(JANUARY)
    for day in range(2, 31):
        add(day)
    with record_queries() as for_thirty:
        response = client.get(JANUARY)

    assert len(days(response)) == 30
    assert for_thirty == for_one
    assert len(for_one) <= 7


# -- what a line says --------------------------------------------------------------------------------
def test_a_line_says_what_is_new_how_many_seats_and_which_edition(client):
    EventFactory(
        public=True,
        title="Se retrouver",
        capacity=3,
        is_new=True,
        series=SeriesFactory(title="Journée régionale"),
        series_number=12,
    )

    page = text_of(client.get(EVENTS))

    assert "12e journée régionale" in page
    assert "Nouveau" in page
    assert "3\u00a0places" in client.get(EVENTS).content.decode()


@pytest.mark.parametrize("where", [EVENTS, JANUARY])
def test_a_cancelled_event_is_shown_as_such(client, where):
    EventFactory(public=True, cancelled=True, title="Perdu", starts_on=date(2024, 1, 15))

    page = text_of(client.get(where))

    assert "Perdu" in page
    assert "Annulé" in page


@pytest.mark.parametrize(
    ("title", "number", "said"),
    [
        ("Journée régionale", 12, "12e journée régionale"),
        ("Journée régionale", 1, "1re journée régionale"),
        ("Cycle", 1, "1er cycle"),
    ],
)
def test_an_edition_is_named_after_its_series(title, number, said):
    event = EventFactory.build(
        kind=None, series=SeriesFactory.build(title=title, kind=None), series_number=number
    )

    assert event.edition == said
    assert EventFactory.build(kind=None).edition == ""


def test_months_begin_with_the_present_one(client):
    month = (today() + timedelta(days=0)).month

    assert f'href="/evenements/mois/2024/{month}/"' in client.get(EVENTS).content.decode()
