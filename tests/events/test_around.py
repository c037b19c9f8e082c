"""Before an event: what changes is told once, and nobody is reminded twice."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from events import services
from events.enums import RegistrationStatus
from events.services import reminders
from tests import roles
from tests.events.factories import (
    EventDocumentFactory,
    EventFactory,
    EventSessionFactory,
    RegistrationFactory,
)
from tests.members.factories import PersonEmailFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

LONG_AGO = today() - timedelta(days=90)


def reachable(**of):
    """A registration of somebody who has an address, made long ago."""
    registration = RegistrationFactory(**{"registered_on": LONG_AGO} | of)
    PersonEmailFactory(person=registration.person)
    return registration


def save(event, **changes):
    """As the administration does."""
    before = services.facts(event.pk)
    for name, value in changes.items():
        setattr(event, name, value)
    event.save()
    return services.tell_changes(event=event, before=before, on=today(), at=timezone.now())


def entry_of(message):
    (entry,) = icalendar.Calendar.from_ical(message.attachment).walk("VEVENT")
    return entry


# -- changes ---------------------------------------------------------------------------------------
def test_a_new_day_and_place_are_told_with_what_they_were_and_a_newer_calendar_entry():
    event = EventFactory(
        starts_on=date(2031, 3, 3), starts_at=time(9), ends_at=time(12), place="Nantes"
    )
    user = roles.member()
    services.register(event=event, person=user.person, by=user, on=today(), at=timezone.now())
    first = Message.objects.get()

    save(
        event,
        starts_on=date(2031, 3, 10),
        ends_on=date(2031, 3, 10),
        starts_at=time(14),
        ends_at=None,
        place="Angers",
    )

    message = Message.objects.get(purpose="registration-changed")
    assert message.recipient == user.email
    assert message.subject.startswith("Ce qui change\u00a0: ")
    assert "- Date\u00a0: 10\u00a0mars 2031 (avant\u00a0: 3\u00a0mars 2031)" in message.text
    assert "- Lieu\u00a0: Angers (avant\u00a0: Nantes)" in message.text
    assert (
        "- Horaires\u00a0: à\u00a014\u00a0h (avant\u00a0: de\u00a09\u00a0h à\u00a012\u00a0h)"
        in message.text
    )
    assert "<del>Nantes</del>" in message.html
    assert f"http://127.0.0.1:8000/evenements/{event.pk}/" in message.text
    assert entry_of(message)["UID"] == entry_of(first)["UID"]
    assert entry_of(message)["SEQUENCE"] > entry_of(first)["SEQUENCE"]
    assert message.attachment_type == "text/calendar; method=PUBLISH"


@pytest.mark.parametrize(
    ("first", "then", "hours"),
    [(date(2031, 3, 29), date(2031, 4, 1), 2), (date(2031, 10, 25), date(2031, 10, 28), 1)],
)
def test_moved_across_the_change_of_the_hour_it_stays_at_half_past_nine(first, then, hours):
    event = EventFactory(starts_on=first, starts_at=time(9, 30), ends_at=time(12))
    session = EventSessionFactory(event=event, held_on=first, starts_at=time(9, 30))
    user = roles.member()
    services.register(event=event, person=user.person, by=user, on=today(), at=timezone.now())
    session.held_on = then
    session.save()

    save(event, starts_on=then, ends_on=then)

    message = Message.objects.get(purpose="registration-changed")
    begins = entry_of(message)["DTSTART"].dt
    assert (begins.date(), begins.time()) == (then, time(9, 30))
    assert begins.utcoffset() == timedelta(hours=hours)
    assert "- Date" in message.text
    assert "- Horaires" not in message.text


def test_what_changes_nothing_for_those_who_come_is_told_to_nobody():
    event = reachable().event

    assert save(event, description="Autre", capacity=40, registration_until=today()) == 0
    assert save(event) == 0

    assert not Message.objects.exists()


def test_each_change_is_told_once_and_the_next_one_too():
    registration = reachable()
    event = registration.event
    before = services.facts(event.pk)
    save(event, place="Angers")
    services.tell_changes(event=event, before=before, on=today(), at=timezone.now())
    assert Message.objects.count() == 1

    save(event, place="Laval")

    assert [m.text.count("Laval") for m in Message.objects.order_by("pk")] == [0, 2]


def test_nobody_is_told_of_what_is_over_or_cancelled():
    held, cancelled = reachable(event__held=True).event, reachable(event__cancelled=True).event

    assert save(held, place="Angers") == save(cancelled, place="Angers") == 0
    assert not Message.objects.exists()


def test_who_waits_is_told_without_calendar_nor_link_and_who_cancelled_is_not():
    event = EventFactory()
    waiting = reachable(event=event, waiting=True)
    reachable(event=event, cancelled=True)

    save(event, online_url="https://visio.exemple.test/a")
    assert not Message.objects.exists()

    save(event, online_url="https://visio.exemple.test/b", place="Angers")
    message = Message.objects.get()
    assert message.recipient == waiting.person.emails.get().address
    assert "visio" not in message.text + message.html
    assert message.attachment_name == ""


def test_a_session_moved_is_a_change_and_raises_the_sequence_of_the_calendar():
    registration = reachable()
    event = registration.event
    EventSessionFactory(event=event)
    second = EventSessionFactory(event=event, held_on=event.starts_on + timedelta(days=7))
    version = event.versions()
    before = services.facts(event.pk)

    second.held_on += timedelta(days=1)
    second.save()
    services.tell_changes(event=event, before=before, on=today(), at=timezone.now())

    assert "- Séances" in Message.objects.get().text
    assert event.versions() == version + 1


def test_the_administration_tells_what_it_changes(client):
    user = roles.staff()
    client.force_login(user)
    event = reachable(event__place="Nantes").event
    page = client.get(f"/administration/events/event/{event.pk}/change/")
    if page.status_code == 404:
        page = client.get(f"/admin/events/event/{event.pk}/change/")
    form = page.context["adminform"].form
    data = {name: _posted(form[name].value()) for name in form.fields}
    for formset in page.context["inline_admin_formsets"]:
        management = formset.formset.management_form
        data |= {
            management.add_prefix(name): management[name].value() for name in management.fields
        }
    data = {name: value for name, value in data.items() if value is not None}

    response = client.post(page.request["PATH_INFO"], data | {"place": "Angers"}, follow=True)

    assert response.redirect_chain, response.context["adminform"].form.errors
    assert "1\u00a0personne est prévenue" in response.content.decode()
    assert Message.objects.get().purpose == "registration-changed"


def _posted(value):
    if isinstance(value, list):
        return ",".join(map(str, value)) if all(isinstance(v, int) for v in value) else value
    return value


def test_a_cancelled_event_keeps_its_uid_and_raises_its_sequence():
    event, user = EventFactory(place="Nantes"), roles.member()
    services.register(event=event, person=user.person, by=user, on=today(), at=timezone.now())
    save(event, place="Angers")

    services.cancel_event(event=event, at=timezone.now())

    entries = [entry_of(message) for message in Message.objects.order_by("pk")]
    assert len({entry["UID"] for entry in entries}) == 1
    sequences = [entry["SEQUENCE"] for entry in entries]
    assert sequences == sorted(set(sequences))
    assert Message.objects.last().attachment_type == "text/calendar; method=CANCEL"
    assert "METHOD:CANCEL" in Message.objects.last().attachment


# -- reminders -------------------------------------------------------------------------------------
START = date(2031, 6, 12)


def remind(on):
    at = datetime.combine(on, time(7, 30), tzinfo=ZoneInfo("Europe/Paris"))
    return reminders.write(on=on, at=at)


@pytest.fixture
def event():
    return EventFactory(starts_on=START, place="Nantes", online_url="https://visio.exemple.test/a")


def reminded():
    return list(
        Message.objects.filter(purpose="registration-reminder")
        .order_by("pk")
        .values_list("recipient", flat=True)
    )


def test_one_reminder_a_week_before_and_one_the_day_before_however_often_it_runs(event):
    registration = reachable(event=event)
    EventDocumentFactory(event=event, title="Plan d’accès")
    EventDocumentFactory(event=event, title="Compte rendu", moment="after")
    day = START - timedelta(days=12)
    while day <= START:
        remind(day)
        remind(day)
        day += timedelta(days=1)

    first, second = Message.objects.order_by("pk")
    assert first.recipient == registration.person.emails.get().address
    assert first.subject.startswith("C’est dans 7\u00a0jours\u00a0: ")
    assert second.subject.startswith("C’est demain\u00a0: ")
    for message in (first, second):
        for text in (message.text, message.html):
            assert "https://visio.exemple.test/a" in text
            assert "http://127.0.0.1:8000/evenements/documents/" in text
            assert "Plan d’accès" in text
            assert "Compte rendu" not in text
            assert "Nantes" in text
    assert entry_of(first)["DTSTART"].dt == START


def test_only_those_who_come_are_reminded(event):
    kept = [
        reachable(event=event),
        reachable(event=event, status=RegistrationStatus.CONFIRMED),
    ]
    reachable(event=event, waiting=True)
    reachable(event=event, cancelled=True)
    reachable(event=event, status=RegistrationStatus.EXCUSED)
    RegistrationFactory(event=event, registered_on=LONG_AGO)  # without an address

    remind(START - timedelta(days=1))

    assert reminded() == [row.person.emails.get().address for row in kept]


def test_who_registers_after_a_step_gets_the_next_one_only(event):
    reachable(event=event, registered_on=START - timedelta(days=5))

    for left in (7, 6, 5, 4, 3, 2):
        remind(START - timedelta(days=left))
    assert reminded() == []

    remind(START - timedelta(days=1))
    assert len(reminded()) == 1


def test_who_registers_on_the_eve_gets_a_confirmation_and_no_reminder(event):
    reachable(event=event, registered_on=START - timedelta(days=1))

    remind(START - timedelta(days=1))
    remind(START)

    assert reminded() == []


def test_a_clock_that_stood_still_writes_the_last_step_only_and_says_the_right_day(event):
    reachable(event=event)

    remind(START)

    assert Message.objects.get().subject.startswith("C’est aujourd’hui\u00a0: ")


def test_no_reminder_of_an_event_cancelled_or_without_steps_and_new_ones_when_it_moves(event):
    reachable(event=event)
    reachable(event=EventFactory(starts_on=START, reminder_days=[]))
    reachable(event=EventFactory(starts_on=START, cancelled=True))
    remind(START - timedelta(days=7))
    assert len(reminded()) == 1

    event.starts_on = event.ends_on = START + timedelta(days=30)
    event.save()
    remind(START)
    assert len(reminded()) == 1

    remind(event.starts_on - timedelta(days=7))
    assert len(reminded()) == 2


def test_a_new_address_gets_no_second_reminder_of_a_step(event):
    registration = reachable(event=event)
    remind(START - timedelta(days=7))
    registration.person.emails.update(address="nouvelle@exemple.test")

    remind(START - timedelta(days=6))

    assert len(reminded()) == 1


# -- how they read ---------------------------------------------------------------------------------
@pytest.mark.parametrize("through", [True, False])
def test_they_read_well_with_awkward_words(event, through):
    person = PersonFactory(first_name="Zoé-<b>", last_name="D’Arc " * 13)
    by = UserFactory()
    if not through:
        PersonEmailFactory(person=person)
    event.title = '<script>alert("é")</script> ' * 7
    event.save()
    EventDocumentFactory(event=event, title="<i>Plan</i>")
    RegistrationFactory(event=event, person=person, registered_by=by, registered_on=LONG_AGO)

    remind(START - timedelta(days=7))
    save(event, place="<b>Angers</b>", starts_at=time(9))

    assert Message.objects.count() == 2
    for message in Message.objects.all():
        assert len(message.subject) <= 200
        assert "<script>" not in message.html
        assert "<b>" not in message.html
        assert "<i>" not in message.html
        assert "\n\n\n" not in message.text
        assert "{{" not in message.text + message.html
        assert "{%" not in message.text + message.html
        assert ("Merci de lui transmettre" in message.text) == (
            through and message.purpose.endswith("reminder")
        )
        assert (message.recipient == by.email) == through
