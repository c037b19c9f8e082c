"""Pressed twice, sent from an old page, changed by somebody else in between: nothing is doubled, and
nothing is lost."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from events import services
from events.enums import LetterGroup, RegistrationStatus, Repeat
from events.models import (
    Attendance,
    Decision,
    EventLetter,
    EventSession,
    Registration,
    half_days_of,
)
from events.services import copies, guests
from events.services.letters import AlreadySent, NotAsSeen
from members.models import Person
from tests import roles
from tests.events.factories import (
    AttendanceFactory,
    DecisionFactory,
    EventFactory,
    EventLetterFactory,
    EventSessionFactory,
    GuestRequestFactory,
    RegistrationFactory,
)
from tests.events.test_staff import form_of
from tests.members.factories import AffiliationFactory, PersonEmailFactory, TeamFactory

pytestmark = pytest.mark.django_db

S = RegistrationStatus


@pytest.fixture
def team():
    return TeamFactory(member=True)


@pytest.fixture
def coordinator(client, team):
    user = roles.coordinator(team)
    client.force_login(user)
    return user


@pytest.fixture
def staff(client):
    user = roles.staff()
    client.force_login(user)
    client.get(reverse("admin:index"))  # the second factor is looked up once per session
    return user


@pytest.fixture
def held_today():
    """All day long, so that the clock of the machine does not matter."""
    event = EventFactory(starts_on=today())
    EventSessionFactory(event=event, number=1)
    return event


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# -- the coordination ------------------------------------------------------------------------------
def test_seats_reserved_by_a_button_pressed_twice_are_reserved_once(client, coordinator, team):
    event = EventFactory()
    page = client.get(event.get_absolute_url())
    asked = {"number": 2, "team": team.pk, "kept": page.context["reserve_form"]["kept"].value()}
    address = reverse("events:reserve", args=[event.pk])

    first = client.post(address, asked, follow=True)
    second = client.post(address, asked, follow=True)

    assert event.registrations.nameless().count() == 2
    assert "2 places réservées" in first.content.decode().replace("\u00a0", " ")
    assert "viennent de changer" in second.content.decode()


def test_more_seats_may_be_reserved_from_the_page_as_it_stands(client, coordinator, team):
    event = EventFactory()
    for number in (2, 1):
        page = client.get(event.get_absolute_url())
        kept = page.context["reserve_form"]["kept"].value()
        asked = {"number": number, "team": team.pk, "kept": kept}
        client.post(reverse("events:reserve", args=[event.pk]), asked)

    assert event.registrations.nameless().count() == 3


def test_colleagues_registered_by_a_button_pressed_twice_are_so_without_reproach(
    client, coordinator, team
):
    event = EventFactory()
    people = [AffiliationFactory(team=team).person for _ in range(2)]
    address = reverse("events:colleagues", args=[event.pk])
    asked = {"people": [person.pk for person in people]}

    client.post(address, asked)
    again = client.post(address, asked)

    assert again.status_code == 302
    assert event.registrations.count() == 2


def test_whoever_left_the_team_meanwhile_is_said_so(client, coordinator, team):
    event = EventFactory()
    AffiliationFactory(team=team)
    gone = AffiliationFactory(team=team, ended_on=today() - timedelta(days=1)).person

    response = client.post(reverse("events:colleagues", args=[event.pk]), {"people": [gone.pk]})

    assert "n’est plus dans votre équipe" in response.content.decode()
    assert not event.registrations.exists()


# -- the day ---------------------------------------------------------------------------------------
def test_somebody_new_welcomed_by_a_button_pressed_twice_is_one_person(client, staff, held_today):
    address = reverse("events:walk_in", args=[held_today.pk])
    new = {"new": "1", "first_name": "Zoé", "last_name": "Nouvelle"}

    client.post(address, new)
    client.post(address, new)

    assert Person.objects.filter(last_name="Nouvelle").count() == 1
    assert Attendance.objects.count() == 1


def test_homonyms_welcomed_later_are_two_people(staff, held_today):
    new = services.Newcomer("Zoé", "Nouvelle")
    at = timezone.now()
    for moment in (at, at + timedelta(minutes=2)):
        services.welcome_newcomer(
            event=held_today, newcomer=new, half=None, by=staff, on=today(), at=moment
        )

    assert held_today.registrations.count() == 2


def test_whoever_was_offered_the_last_seat_and_comes_takes_it(staff):
    event = EventFactory(capacity=1, starts_on=today())
    row = RegistrationFactory(
        event=event, status=S.OFFERED, offer_until=timezone.now() + timedelta(hours=2)
    )

    services.welcome(
        event=event, person=row.person, half=None, by=staff, on=today(), at=timezone.now()
    )

    assert (fresh(row).status, fresh(row).over_capacity) == (S.REGISTERED, False)


@pytest.mark.parametrize("status", [S.CANCELLED, S.WAITLISTED])
def test_a_tap_on_a_telephone_is_kept_though_the_registration_ended_meanwhile(
    client, staff, held_today, status
):
    row = RegistrationFactory(event=held_today, status=status)
    now = timezone.now().isoformat()
    half = half_days_of(held_today)[0].key
    taps = [{"half": half, "person": str(row.person_id), "here": True, "at": now}]

    answer = client.post(
        reverse("events:check_in_sync", args=[held_today.pk]),
        json.dumps({"sent_at": now, "taps": taps}),
        content_type="application/json",
    )

    assert answer.json()["here"] == [row.person_id]
    assert Attendance.objects.filter(person=row.person).exists()


def test_a_session_that_people_came_to_is_not_deleted_with_their_presence(client, staff):
    session = AttendanceFactory().session
    page = reverse("admin:events_event_programme", args=[session.event_id])
    data = form_of(client.get(page))
    data |= {"sessions-0-id": session.pk, "sessions-0-DELETE": "on"}

    response = client.post(page, data)

    assert response.status_code == 200
    assert EventSession.objects.filter(pk=session.pk).exists()
    assert Attendance.objects.exists()


def test_an_event_that_people_came_to_without_registering_is_not_deleted(client, staff):
    event = AttendanceFactory().session.event
    Registration.objects.filter(event=event).delete()

    one = client.post(reverse("admin:events_event_delete", args=[event.pk]), {"post": "yes"})
    client.post(
        reverse("admin:events_event_changelist"),
        {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"},
    )

    assert one.status_code in {302, 403, 404}
    assert Attendance.objects.exists()


# -- from outside ----------------------------------------------------------------------------------
def test_whoever_asks_by_two_addresses_of_theirs_sees_their_registration_at_both(client):
    event = EventFactory(public=True)
    person = PersonEmailFactory(address="une@exemple.test").person
    PersonEmailFactory(person=person, address="autre@exemple.test", is_primary=False)
    for address in ("une@exemple.test", "autre@exemple.test"):
        asked = GuestRequestFactory(event=event, email=address)
        link = reverse("events:guest_confirm", args=[event.pk, guests.token_of(asked)])

        shown = client.post(link, {}, follow=True).content.decode()

        assert "Vous êtes inscrit·e" in shown
        assert "Confirmer mon inscription" not in shown
    assert Registration.objects.get().person == person


# -- letters ---------------------------------------------------------------------------------------
def preview(client, letter):
    page = client.get(reverse("events:letter", args=[letter.event_id, letter.pk]))
    return {"seen": page.context["seal"]}


def send(client, letter, seen):
    address = reverse("events:send_letter", args=[letter.event_id, letter.pk])
    return client.post(address, seen, follow=True).content.decode()


def test_a_letter_leaves_to_those_who_were_previewed(client, staff):
    letter = EventLetterFactory(recipients=LetterGroup.REGISTERED)
    RegistrationFactory(event=letter.event)
    seen = preview(client, letter)
    RegistrationFactory(event=letter.event)

    assert "relisez, puis envoyez" in send(client, letter, seen)
    assert fresh(letter).sent_at is None
    send(client, letter, preview(client, letter))
    assert letter.addressees.count() == 2


def test_a_letter_leaves_as_it_was_read(client, staff):
    letter = EventLetterFactory(recipients=LetterGroup.REGISTERED)
    RegistrationFactory(event=letter.event)
    seen = preview(client, letter)
    EventLetter.objects.filter(pk=letter.pk).update(text="Autre chose")

    assert "relisez, puis envoyez" in send(client, letter, seen)
    assert fresh(letter).sent_at is None


def test_what_has_left_meanwhile_is_neither_rewritten_nor_dropped(staff):
    letter = EventLetterFactory(recipients=LetterGroup.REGISTERED, text="Lu")
    RegistrationFactory(event=letter.event)
    old = fresh(letter)
    services.send_letter(letter=letter, by=staff, at=timezone.now())

    old.text = "Changé"
    with pytest.raises(AlreadySent):
        services.rewrite_letter(letter=old)
    with pytest.raises(AlreadySent):
        services.drop_letter(letter=old)

    assert (fresh(letter).text, fresh(letter).sent_at is None) == ("Lu", False)
    other = EventLetterFactory(event=letter.event, recipients=LetterGroup.REGISTERED)
    with pytest.raises(NotAsSeen):
        services.send_letter(letter=other, by=staff, at=timezone.now(), seen="?")


# -- what is written and repeated --------------------------------------------------------------------
def test_decisions_written_by_a_button_pressed_twice_are_taken_once(client, staff):
    event = EventFactory()
    page = reverse("events:minutes", args=[event.pk])
    data = {
        "minutes": "",
        "decision-TOTAL_FORMS": 1,
        "decision-INITIAL_FORMS": 0,
        "decision-0-text": "Écrire à l’agence",
    }

    for _ in range(2):
        assert client.post(page, data).status_code == 302

    assert Decision.objects.get().text == "Écrire à l’agence"


def test_the_decisions_of_another_event_are_out_of_reach(client, staff):
    other = DecisionFactory(text="La leur")
    data = {
        "minutes": "",
        "decision-TOTAL_FORMS": 1,
        "decision-INITIAL_FORMS": 1,
        "decision-0-id": other.pk,
        "decision-0-text": "La nôtre",
    }

    client.post(reverse("events:minutes", args=[EventFactory().pk]), data)

    assert fresh(other).text == "La leur"


def test_a_series_stops_where_years_are_no_longer_plausible():
    days = copies.repeated(first=date(2096, 2, 29), every=Repeat.YEAR, count=5)

    with pytest.raises(copies.NotCopied, match=r"28\sfévrier 2100"):
        copies.create_series(event=EventFactory(), days=days, series=None)
