"""What nobody types, and somebody sends: answered by a page, never by a failure."""

import json

import pytest
from django.urls import reverse

from apmsl.lib.dates import today
from events.enums import RegistrationStatus
from events.models import CheckIn, Registration, SavedFilter, half_days_of
from tests import roles
from tests.events.factories import EventFactory, EventSessionFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

LONG, BEYOND = "9" * 5000, "9" * 30  # more than Python reads, more than PostgreSQL holds
NOW = "2027-03-01T10:00:00+01:00"


@pytest.fixture
def staff(client):
    client.force_login(roles.staff())
    client.get(reverse("admin:index"))  # the second factor is looked up once per session
    return client


@pytest.fixture
def event():
    """Today, all day long, so that the clock of the machine does not matter."""
    event = EventFactory(starts_on=today())
    EventSessionFactory(event=event, number=1)
    return event


@pytest.mark.parametrize(
    "address",
    [
        "/attestations/%00/",
        "/evenements/calendriers/%00/mon-calendrier.ics",
        "/evenements/calendriers/a%00b/agenda.ics",
        "/evenements/?search=%00",
    ],
)
def test_an_address_that_no_text_of_the_database_may_hold_is_refused(client, address):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("day", ["2023-02-30", "0000-00-00", "demain", "", LONG])
def test_a_day_that_is_none_shows_the_day_of_the_event(staff, event, day):
    grid = reverse("events:presence", args=[event.pk])

    assert staff.get(grid, {"jour": day}).context["day"] == today()
    assert staff.post(grid, {"jour": day}).url == grid


@pytest.mark.parametrize("person", [LONG, BEYOND, "²", "-1", "x", "\0"])
def test_nobody_who_is_no_person_is_noted_here(staff, event, person):
    desk = staff.post(reverse("events:check_in", args=[event.pk]), {"person": person, "here": "1"})
    walk_in = staff.post(reverse("events:walk_in", args=[event.pk]), {"person": person})

    assert desk.status_code == 302
    assert walk_in.status_code in {200, 404}
    assert not Registration.objects.exists()
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("pk", [LONG, BEYOND, "²", "0"])
@pytest.mark.parametrize("name", ["excused", "excused_shown", "here", "shown", "whole", "opened"])
def test_a_grid_with_foreign_rows_changes_nothing(staff, event, name, pk):
    registration = RegistrationFactory(event=event)

    response = staff.post(reverse("events:presence", args=[event.pk]), {name: pk})

    assert response.status_code == 302
    registration.refresh_from_db()
    assert registration.status == RegistrationStatus.REGISTERED


def test_an_excuse_is_kept_on_one_line_that_the_database_may_hold(staff, event):
    row = RegistrationFactory(event=event)

    staff.post(
        reverse("events:presence", args=[event.pk]),
        {"excused": row.pk, f"reason-{row.pk}": "grippe\0\r\nlundi" + "😀" * 300},
    )

    row.refresh_from_db()
    assert row.status == RegistrationStatus.EXCUSED
    assert row.reason.startswith("grippe lundi😀")
    assert len(row.reason) == 200


def told(sent_at=NOW, **tap):
    return {"sent_at": sent_at, "taps": [{"half": "", "person": 1, "at": NOW, "here": 1} | tap]}


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        json.dumps(told(person=1e999)).encode(),  # « Infinity »
        json.dumps(told(person=LONG)).encode(),
        json.dumps(told("9999-12-31T00:00:00Z", at="0001-01-01T00:00:00Z")).encode(),
        json.dumps(told("0001-01-01T00:00:00+23:00", at="9999-12-31T23:59:59-23:00")).encode(),
    ],
    ids=["deep", "infinite", "long", "ages apart", "out of time"],
)
def test_a_garbled_message_of_a_telephone_is_told_so(staff, event, body):
    row = RegistrationFactory(event=event)
    key = half_days_of(event)[0].key
    body = body.replace(b'"half": ""', f'"half": "{key}"'.encode())
    body = body.replace(b'"person": 1,', f'"person": {row.person_id},'.encode())

    response = staff.post(
        reverse("events:check_in_sync", args=[event.pk]), body, content_type="application/json"
    )

    assert response.status_code == 400
    assert not CheckIn.objects.exists()


# -- the administration ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "page",
    [
        "statistiques",
        "emargement",
        "feuille",
        "inscrire",
        "dupliquer",
        "repeter",
        "annuler",
    ],
)
@pytest.mark.parametrize("pk", ["999999", BEYOND])
def test_the_pages_of_no_event_are_not_found(staff, page, pk):
    response = staff.get(f"/administration/events/event/{pk}/{page}/")

    assert response.status_code == 404


@pytest.mark.parametrize("pk", ["abc", BEYOND, "²"])
def test_the_file_of_no_event_leads_back(staff, pk):
    assert staff.get(f"/administration/events/event/{pk}/change/").status_code == 302
    assert staff.get(f"/administration/events/event/{pk}/history/").status_code == 404


@pytest.mark.parametrize("year", [LONG, "²", "-1", "zz"])
def test_the_statistics_of_no_year_are_those_of_the_last_one(staff, event, year):
    response = staff.get("/administration/events/event/annee/", {"annee": year})

    assert response.context["year"] == event.starts_on.year


@pytest.mark.parametrize("name", ["\0", "\r\n", "  "])
def test_a_filter_has_a_name_that_can_be_read(staff, name):
    keep = reverse("admin:events_event_keep_filter")

    assert staff.post(keep, {"name": name, "query": "status__exact=held"}).status_code == 302
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    "lookup",
    [
        "person__account__password__startswith",
        "registered_by__calendar_feeds__token__startswith",
        "registered_by__authenticator__data__secret__startswith",
        "registered_by__usersession__session_key__startswith",
    ],
)
def test_no_secret_is_guessed_letter_by_letter_through_the_filters(staff, lookup):
    RegistrationFactory(registered_by=roles.director())

    response = staff.get(reverse("admin:events_registration_changelist"), {lookup: "a"})

    assert response.status_code == 400
