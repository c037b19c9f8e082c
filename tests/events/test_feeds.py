"""The calendars that other programmes read: whose, what, and at what cost."""

from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from events import services
from events.enums import EventStatus
from events.models import CalendarFeed, Registration
from tests import roles
from tests.events.factories import (
    CalendarFeedFactory,
    EventFactory,
    EventSessionFactory,
    RegistrationFactory,
)
from tests.members.campaign import make_campaign
from tests.members.factories import MembershipFactory
from tests.network.factories import LocalGroupFactory, LocalGroupTeamFactory
from tests.toolbox.factories import LoanFactory
from tests.training.factories import CohortFactory, EnrolmentFactory, SeminarFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("events:feeds")
PUBLIC = reverse("events:feed_public")
AT = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
def member():
    return roles.member()


def feed_of(user):
    return CalendarFeedFactory(user=user)


def address(name, feed):
    return reverse(f"events:feed_{name}", args=[feed.token])


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200, response
    return {
        str(entry["SUMMARY"]): entry
        for entry in icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    }


def mine(client, feed):
    return read(client, address("mine", feed))


# -- the page ----------------------------------------------------------------------------------------
def test_one_makes_changes_and_withdraws_the_address(client, member):
    client.force_login(member)
    assert "Créer mon adresse" in client.get(PAGE).content.decode()

    client.post(reverse("events:feed_renew"))
    first = CalendarFeed.objects.open().get()
    assert f"http://127.0.0.1:8000{address('mine', first)}" in client.get(PAGE).content.decode()
    client.post(reverse("events:feed_renew"))
    second = CalendarFeed.objects.open().get()
    client.logout()

    assert first.token != second.token
    assert len(second.token) >= 32
    assert client.get(address("mine", first)).status_code == 404
    assert client.get(address("mine", second)).status_code == 200
    client.force_login(member)
    client.post(reverse("events:feed_revoke"))
    for name in ("mine", "agenda"):
        assert client.get(address(name, second)).status_code == 404
    assert "Créer mon adresse" in client.get(PAGE).content.decode()


def test_visitors_find_the_public_address_and_no_other(client):
    CalendarFeedFactory()

    page = client.get(PAGE).content.decode()

    assert f"http://127.0.0.1:8000{PUBLIC}" in page
    assert "mon-calendrier.ics" not in page
    assert client.post(reverse("events:feed_renew")).status_code == 302
    assert CalendarFeed.objects.count() == 1


def test_one_cannot_withdraw_the_address_of_another(client, member):
    other = CalendarFeedFactory()
    client.force_login(member)

    client.post(reverse("events:feed_revoke"))
    client.post(reverse("events:feed_renew"))

    assert CalendarFeed.objects.open().filter(pk=other.pk).exists()


# -- rights are read at each reading -----------------------------------------------------------------
def test_the_public_calendar_shows_what_is_public_whoever_asks(client, member):
    EventFactory(title="Pour tous", public=True)
    EventFactory(title="Réservé")
    client.force_login(member)

    assert read(client, PUBLIC).keys() == {"Pour tous"}


def test_whoever_loses_the_right_reads_private_events_no_more(client, member):
    feed = feed_of(member)
    event = EventFactory(title="Réservé")
    EventFactory(title="Pour tous", public=True)
    RegistrationFactory(event=event, person=member.person)
    assert mine(client, feed).keys() == {"Réservé"}
    assert read(client, address("agenda", feed)).keys() == {"Réservé", "Pour tous"}

    member.person.affiliations.all().delete()

    assert mine(client, feed) == {}
    assert read(client, address("agenda", feed)).keys() == {"Pour tous"}


def test_a_closed_account_reads_nothing(client, member):
    feed = feed_of(member)
    member.is_active = False
    member.save()

    assert client.get(address("mine", feed)).status_code == 404
    assert client.get(address("agenda", feed)).status_code == 404


def test_the_video_conference_is_in_the_calendar_of_the_registered_alone(client, member):
    feed = feed_of(member)
    event = EventFactory(title="Visio", online_url="https://visio.exemple.test/a")
    registration = RegistrationFactory(event=event, person=member.person, waiting=True)

    assert "visio.exemple" not in client.get(address("mine", feed)).content.decode()
    assert "visio.exemple" not in client.get(address("agenda", feed)).content.decode()
    Registration.objects.filter(pk=registration.pk).update(status="registered")
    assert str(mine(client, feed)["Visio"]["LOCATION"]) == "https://visio.exemple.test/a"


def test_seats_without_a_name_are_in_nobody_s_calendar(client, django_user_model):
    nobody = django_user_model.objects.create_user("sans.fiche@exemple.test")
    kept = RegistrationFactory(person=None, team=MembershipFactory().team, event__public=True)
    client.force_login(nobody)

    assert mine(client, feed_of(nobody)) == {}
    (listed,) = client.get(reverse("events:events")).context["page"].object_list
    assert listed == kept.event
    assert listed.my_status is None


# -- what a personal calendar holds ------------------------------------------------------------------
def test_my_events_bear_my_state(client, member):
    feed = feed_of(member)
    for title, traits in [
        ("Inscrite", {}),
        ("En attente", {"waiting": True}),
        ("Partie", {"cancelled": True}),
        ("Proposée", {"status": "offered", "offer_until": AT + timedelta(days=1)}),
    ]:
        RegistrationFactory(event__title=title, person=member.person, **traits)
    EventFactory(title="Sans moi")

    found = mine(client, feed)

    assert {title: str(entry["STATUS"]) for title, entry in found.items()} == {
        "Inscrite": "CONFIRMED",
        "En attente (liste d’attente)": "TENTATIVE",
        "Proposée (place proposée)": "TENTATIVE",
        "Place à accepter\u00a0: Proposée": "CONFIRMED",
    }
    assert str(found["Inscrite"]["DESCRIPTION"]).startswith("Inscrit·e.")


def test_a_move_of_the_event_or_of_my_place_raises_the_sequence_of_the_same_entry(client, member):
    feed = feed_of(member)
    event = EventFactory(title="Réunion", starts_at=time(9, 30))
    registration = RegistrationFactory(event=event, person=member.person, waiting=True)
    before = mine(client, feed)["Réunion (liste d’attente)"]

    registration.status = "registered"
    registration.save()
    seated = mine(client, feed)["Réunion"]
    event.starts_on = event.ends_on = event.starts_on + timedelta(days=7)
    event.save()
    moved = mine(client, feed)["Réunion"]

    assert before["UID"] == seated["UID"] == moved["UID"]
    assert before["SEQUENCE"] < seated["SEQUENCE"] < moved["SEQUENCE"]
    assert moved["DTSTART"].dt.date() == event.starts_on


@pytest.mark.parametrize("name", ["public", "mine", "agenda"])
def test_a_cancelled_event_is_kept_as_such(client, member, name):
    feed = feed_of(member)
    path = PUBLIC if name == "public" else address(name, feed)
    event = EventFactory(title="Journée", public=True)
    RegistrationFactory(event=event, person=member.person)
    before = read(client, path)["Journée"]

    services.cancel_event(event=event, at=timezone.now())

    after = read(client, path)["Journée (annulé)"]
    assert after["UID"] == before["UID"]
    assert after["STATUS"] == "CANCELLED"
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_the_days_of_a_cycle_are_entries_of_their_own(client):
    event = EventFactory(public=True, title="Cycle", code="C1", ends_on=today() + timedelta(60))
    for days in (0, 14, 28):
        EventSessionFactory(event=event, number=days + 1, held_on=event.starts_on + timedelta(days))

    content = client.get(PUBLIC).content
    entries = icalendar.Calendar.from_ical(content).walk("VEVENT")

    assert {str(entry["UID"]) for entry in entries} == {
        "C1@127.0.0.1",
        "C1-15@127.0.0.1",
        "C1-29@127.0.0.1",
    }


def test_the_meetings_of_my_group_are_proposed_with_their_deadline(client):
    user = roles.coordinator()
    group = LocalGroupFactory()
    team = user.person.positions.get().team
    LocalGroupTeamFactory(group=group, team=team)
    until = today() + timedelta(days=5)
    EventFactory(
        title="Notre groupe", audiences=[f"local_group:{group.code}"], registration_until=until
    )
    EventFactory(title="Un autre", audiences=["local_group:autre"])

    found = mine(client, feed_of(user))

    assert found.keys() == {"Notre groupe", "Dernier jour pour s’inscrire\u00a0: Notre groupe"}
    assert found["Notre groupe"]["TRANSP"] == "TRANSPARENT"
    assert found["Dernier jour pour s’inscrire\u00a0: Notre groupe"]["DTSTART"].dt == until


def test_the_loans_seminars_and_membership_of_my_team_have_their_day(client):
    user = roles.coordinator()
    team = user.person.positions.get().team
    loan = LoanFactory(team=team, status="approved", copy=1)
    LoanFactory(status="approved", copy=1)
    cohort = CohortFactory()
    EnrolmentFactory(cohort=cohort, person=user.person)
    SeminarFactory(cohort=cohort, number=2, title="Animer")
    campaign = make_campaign(year=today().year + 1)
    MembershipFactory(team=team, year=campaign.year, called=True)

    found = mine(client, feed_of(user))

    due = {title: entry["DTSTART"].dt for title, entry in found.items()}
    start = f"Adhésion {campaign.year}\u00a0: dernier jour pour"
    assert due[f"À rendre\u00a0: {loan.equipment}"] == loan.ends_on
    assert due[f"{start} transmettre le formulaire ({team})"] == campaign.closes_on
    assert due[f"{start} payer la cotisation ({team})"] == campaign.due_on
    assert [title for title in due if "séminaire 2\u00a0: Animer" in title]
    assert len([title for title in due if title.startswith("À rendre")]) == 1


# -- unchanged: 304 ----------------------------------------------------------------------------------
def again(client, path, etag):
    return client.get(path, headers={"If-None-Match": etag})


def test_an_unchanged_calendar_is_not_written_again(client, member, record_queries):
    feed = feed_of(member)
    for _ in range(3):
        RegistrationFactory(person=member.person)
    for path in (PUBLIC, address("mine", feed), address("agenda", feed)):
        first = client.get(path)
        with record_queries() as queries:
            second = again(client, path, first["ETag"])

        assert second.status_code == 304
        assert second.content == b""
        assert second["ETag"] == first["ETag"]
        assert len(queries) <= 12, queries


@pytest.mark.parametrize(
    "change",
    [
        "title",
        "session",
        "registration",
        "rights",
        "loan",
        "public",
    ],
)
def test_whatever_changes_the_calendar_is_sent_again(client, change):
    user = roles.coordinator()
    feed = feed_of(user)
    event = EventFactory(title="Réunion")
    registration = RegistrationFactory(event=event, person=user.person)
    path = address("mine", feed)
    etag = client.get(path)["ETag"]
    assert again(client, path, etag).status_code == 304
    if change == "title":
        event.title = "Autre"
        event.save()
    elif change == "session":
        EventSessionFactory(event=event, held_on=event.starts_on + timedelta(days=1))
    elif change == "registration":
        registration.status = "waitlisted"
        registration.save()
    elif change == "rights":
        user.person.positions.all().delete()
        user.person.affiliations.all().delete()
    elif change == "loan":
        team = user.person.positions.get().team
        LoanFactory(team=team, status="approved", copy=1)
    else:
        event.audiences = ["leaders"]
        event.save()

    assert again(client, path, etag).status_code == 200


def test_only_the_public_calendar_may_be_kept_by_others(client, member):
    private = client.get(address("mine", feed_of(member)))

    assert "private" in private["Cache-Control"]
    assert "public" in client.get(PUBLIC)["Cache-Control"]
    assert private["X-Robots-Tag"] == "noindex"


def test_the_calendar_costs_the_same_queries_for_thirty_events_as_for_one(
    client, member, record_queries
):
    feed = feed_of(member)

    def add():
        event = EventFactory(place="Nantes")
        EventSessionFactory(event=event)
        RegistrationFactory(event=event, person=member.person)

    add()
    client.get(address("mine", feed))
    with record_queries() as for_one:
        client.get(address("mine", feed))
    for _ in range(29):
        add()
    with record_queries() as for_thirty:
        assert len(mine(client, feed)) == 30

    assert for_thirty == for_one
    assert len(for_one) <= 20


def test_what_was_before_last_year_is_not_sent(client, settings):
    settings.PORTAL_DATE = date(2024, 6, 1)
    EventFactory(public=True, title="Loin", starts_on=date(2022, 12, 31), status=EventStatus.HELD)
    EventFactory(public=True, title="Près", starts_on=date(2023, 1, 1), status=EventStatus.HELD)

    assert read(client, PUBLIC).keys() == {"Près"}
