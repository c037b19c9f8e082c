"""What people are told, to whom, once."""

from datetime import time, timedelta

import icalendar
import pytest
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from events import services
from events.enums import RegistrationStatus
from events.models import Registration
from tests import roles
from tests.events.factories import EventFactory, RegistrationFactory
from tests.members.factories import (
    AffiliationFactory,
    PersonEmailFactory,
    PersonFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

WHEN = {"on": today(), "at": timezone.now()}


def register(event, user, *people):
    return services.register_colleagues(
        event=event, people=people or [user.person], by=user, on=today(), at=timezone.now()
    )


def cancel(registration, user):
    services.cancel(registration=registration, by=user, on=today(), at=timezone.now())


def written():
    rows = Message.objects.order_by("pk")
    return [(row.purpose.removeprefix("registration-"), row.recipient) for row in rows]


def calendar_of(message):
    (entry,) = icalendar.Calendar.from_ical(message.attachment).walk("VEVENT")
    return entry


@pytest.fixture
def team():
    return TeamFactory(member=True)


def test_a_confirmation_with_everything_one_needs_and_the_entry_of_the_calendar():
    user = roles.member()
    event = EventFactory(
        title="Protocoles & parcours",
        starts_at=time(9),
        place="Nantes",
        online_url="https://visio.exemple.test/a",
    )

    register(event, user)

    message = Message.objects.get()
    assert written() == [("confirmed", user.email)]
    assert message.subject.startswith("Vous êtes inscrit·e\u00a0: Protocoles & parcours, ")
    assert f"Bonjour {user.person.first_name}," in message.text
    assert "Votre inscription est confirmée." in message.text
    assert "Protocoles & parcours\n" in message.text
    assert "Protocoles &amp; parcours" in message.html
    for text in (message.text, message.html):
        assert f"http://127.0.0.1:8000/evenements/{event.pk}/" in text
        assert "https://visio.exemple.test/a" in text
        assert "{{" not in text
        assert "{%" not in text
    assert message.attachment_name == "rendez-vous.ics"
    assert message.attachment_type == "text/calendar; method=PUBLISH"
    assert calendar_of(message)["UID"] == f"{event.code}@127.0.0.1"


def test_the_main_address_is_used_before_that_of_the_account():
    user = roles.member()
    PersonEmailFactory(person=user.person, address="autre@exemple.test", is_primary=False)
    PersonEmailFactory(person=user.person, address="principale@exemple.test")

    register(EventFactory(), user)

    assert written() == [("confirmed", "principale@exemple.test")]


def test_a_colleague_is_told_who_registered_them(team):
    coordinator, person = roles.coordinator(team), AffiliationFactory(team=team).person
    PersonEmailFactory(person=person, address="colleague@exemple.test")

    register(EventFactory(), coordinator, person)

    message = Message.objects.get()
    assert message.recipient == "colleague@exemple.test"
    assert f"{coordinator.person} vous a inscrit·e." in message.text


def test_for_a_colleague_without_an_address_whoever_registers_is_told(team):
    coordinator, person = roles.coordinator(team), AffiliationFactory(team=team).person

    register(EventFactory(), coordinator, person)

    message = Message.objects.get()
    assert message.recipient == coordinator.email
    assert message.subject.startswith(f"Inscription de {person}\u00a0: ")
    assert message.text.startswith("Bonjour,\n")
    assert f"vous avez inscrit {person}, dont nous n’avons pas l’adresse" in message.text


def test_nobody_to_tell_is_no_error():
    registration = RegistrationFactory()

    services.change_status(
        registrations=[registration],
        status=RegistrationStatus.CANCELLED,
        by=roles.staff(),
        on=today(),
        at=timezone.now(),
    )

    assert written() == []


def test_the_waiting_list_names_the_place_and_sends_no_calendar():
    event = EventFactory(capacity=0)
    register(event, roles.member())

    register(event, roles.member())

    first, second = Message.objects.order_by("pk")
    assert "en première position" in first.text
    assert "en 2e position" in second.text
    assert first.attachment_name == second.attachment_name == ""


def test_who_gets_the_freed_seat_is_told_and_who_gave_it_up_too():
    event, user, next_user = EventFactory(capacity=1), roles.member(), roles.member()
    (registration,) = register(event, user)
    register(event, next_user)

    cancel(registration, user)

    assert written() == [
        ("confirmed", user.email),
        ("waitlisted", next_user.email),
        ("cancelled", user.email),
        ("promoted", next_user.email),
    ]


def test_each_life_of_a_registration_tells_once_and_its_calendar_entries_follow_each_other():
    user, event = roles.member(), EventFactory()
    for _ in range(2):
        (registration,) = register(event, user)
        register(event, user)
        cancel(registration, user)
        cancel(registration, user)

    messages = Message.objects.order_by("pk")
    assert [name for name, _ in written()] == ["confirmed", "cancelled"] * 2
    read = [(calendar_of(m)["STATUS"], calendar_of(m)["SEQUENCE"]) for m in messages]
    assert read == [("CONFIRMED", 0), ("CANCELLED", 1), ("CONFIRMED", 2), ("CANCELLED", 3)]
    assert len({calendar_of(message)["UID"] for message in messages}) == 1


def test_an_event_moved_meanwhile_raises_the_sequence():
    user, event = roles.member(), EventFactory()
    register(event, user)
    event.starts_on = event.ends_on = event.starts_on + timedelta(days=7)
    event.save()

    cancel(Registration.objects.get(), user)

    assert [calendar_of(message)["SEQUENCE"] for message in Message.objects.order_by("pk")] == [
        0,
        2,
    ]


def test_a_cancellation_by_somebody_else_says_by_whom(team):
    user, coordinator = roles.member(team), roles.coordinator(team)
    (registration,) = register(EventFactory(), user)

    cancel(registration, coordinator)

    message = Message.objects.get(purpose="registration-cancelled")
    assert f"{coordinator.person} a annulé votre inscription." in message.text
    assert message.attachment_type == "text/calendar; method=CANCEL"


def test_when_the_event_is_cancelled_all_who_sit_or_wait_are_told_once():
    event = EventFactory(capacity=1)
    users = [roles.member() for _ in range(3)]
    rows = [register(event, user)[0] for user in users]
    cancel(rows[2], users[2])
    Message.objects.all().delete()

    services.cancel_event(event=event, at=timezone.now())
    services.cancel_event(event=event, at=timezone.now())

    assert written() == [("event-cancelled", user.email) for user in users[:2]]
    assert calendar_of(Message.objects.first())["STATUS"] == "CANCELLED"


def test_a_refusal_tells_nobody():
    with pytest.raises(services.EventCancelled):
        register(EventFactory(cancelled=True), roles.member())

    assert written() == []


@pytest.mark.parametrize("through", [True, False])
def test_every_mail_reads_well_with_an_awkward_title(team, through):
    """Titles and names with quotes, angle brackets, accents, and as long as the columns allow."""
    person = PersonFactory(first_name="Zoé-<b>", last_name="D’Arc " * 13)
    AffiliationFactory(person=person, team=team)
    if not through:
        UserFactory(person=person)
    coordinator = roles.coordinator(team)
    event = EventFactory(capacity=1, title='<script>alert("é")</script> ' * 7, place="Angers")
    (seat,) = register(event, coordinator)
    register(event, coordinator, person)
    cancel(seat, coordinator)
    cancel(Registration.objects.get(person=person), coordinator)
    register(event, coordinator, person)
    services.cancel_event(event=event, at=timezone.now())

    purposes = set()
    for message in Message.objects.all():
        purposes.add(message.purpose)
        assert len(message.subject) <= 200
        assert "<script>" not in message.html
        assert "<style" not in message.html
        assert '<script>alert("é")</script>' in message.text
        assert "\n\n\n" not in message.text
        assert 'lang="fr"' in message.html
    assert len(purposes) == 5
