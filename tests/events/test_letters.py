"""Letters of the staff: seen with their list before they leave, written once to each."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apmsl.mail import tasks
from apmsl.mail.models import Message, MessageStatus
from events import services
from events.enums import LetterGroup, RegistrationStatus
from events.models import EventLetter
from events.models.links import Link, token
from events.services import letters
from tests import roles
from tests.events.factories import (
    AttendanceFactory,
    EventDocumentFactory,
    EventFactory,
    EventLetterFactory,
    EventSessionFactory,
    RegistrationFactory,
)
from tests.members.factories import PersonEmailFactory, PersonFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def reachable(event, **of):
    registration = RegistrationFactory(event=event, **of)
    PersonEmailFactory(person=registration.person)
    return registration


def address(registration):
    return registration.person.emails.get().address


def send(letter):
    return services.send_letter(letter=letter, by=roles.staff(), at=timezone.now())


def write():
    return letters.write(at=timezone.now())


def written():
    return sorted(Message.objects.values_list("recipient", flat=True))


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def staff(client):
    user = roles.staff()
    client.force_login(user)
    return user


def test_each_group_is_who_it_says(event):
    session = EventSessionFactory(event=event)
    seated = reachable(event)
    came = reachable(event, status=RegistrationStatus.CONFIRMED)
    walked_in = reachable(event, cancelled=True)
    waiting = reachable(event, waiting=True)
    offered = reachable(event, status=RegistrationStatus.OFFERED, offer_until=timezone.now())
    reachable(event, status=RegistrationStatus.EXCUSED)
    RegistrationFactory(event=event, person=None, team=TeamFactory())
    for row in (came, walked_in):
        AttendanceFactory(session=session, person=row.person)
    AttendanceFactory(person=seated.person)  # at another event

    def group(name):
        return set(services.group(event, name))

    assert group(LetterGroup.REGISTERED) == {seated, came}
    assert group(LetterGroup.WAITING) == {waiting}
    assert group(LetterGroup.LIVE) == {seated, came, waiting, offered}
    assert group(LetterGroup.PRESENT) == group(LetterGroup.THANKS) == {came, walked_in}
    assert group(LetterGroup.SURVEY) == {came, walked_in}
    assert group(LetterGroup.ABSENT) == {seated}


def draft(client, event):
    url = reverse("events:letters", args=[event.pk])
    words = {"recipients": "registered", "subject": "Parking", "text": "Le *parking* est\n\nici."}
    return client.post(url, words)["Location"]


def test_the_list_is_seen_before_anything_leaves(client, staff, event):
    someone, mute = reachable(event), RegistrationFactory(event=event)
    through = RegistrationFactory(event=event, registered_by=UserFactory())

    page = client.get(draft(client, event)).content.decode()

    assert "3\u00a0destinataires" in page
    assert "dont 1 sans adresse" in page
    assert "Envoyer à 2\u00a0personnes" in page
    for expected in (address(someone), through.registered_by.email, str(mute.person)):
        assert expected in page
    assert "<em>parking</em>" in page
    assert write() == 0
    assert not Message.objects.exists()


def test_sent_by_a_double_click_it_is_written_once_to_each(client, staff, event):
    rows = [reachable(event), reachable(event)]
    url = draft(client, event)

    client.post(f"{url}envoyer/")
    client.post(f"{url}envoyer/")
    assert write() == 2
    assert write() == 0

    assert written() == sorted(address(row) for row in rows)
    message = Message.objects.first()
    assert message.subject.startswith("Parking\u00a0: ")
    assert "Le *parking* est" in message.text
    assert "<em>parking</em>" in message.html
    assert f"http://127.0.0.1:8000/evenements/{event.pk}/" in message.text
    page = client.get(url).content.decode()
    assert "Ce message est envoyé" in page
    assert "Envoyer à" not in page


def test_who_registers_after_the_sending_is_not_written_to(event):
    first = reachable(event)
    letter = EventLetterFactory(event=event)
    send(letter)
    reachable(event)

    write()

    assert written() == [address(first)]


def test_a_letter_to_nobody_does_not_leave(client, staff, event):
    letter = EventLetterFactory(event=event)

    page = client.post(reverse("events:send_letter", args=[event.pk, letter.pk]), follow=True)

    assert "ne s’adresse à personne" in page.content.decode()
    letter.refresh_from_db()
    assert letter.sent_at is None


def test_a_letter_sent_is_neither_changed_nor_dropped_and_a_draft_is(client, staff, event):
    reachable(event)
    draft, sent = EventLetterFactory(event=event), EventLetterFactory(event=event)
    send(sent)
    changes = {"recipients": "live", "subject": "Autre", "text": "Autre"}

    for letter in (draft, sent):
        client.post(reverse("events:letter", args=[event.pk, letter.pk]), changes)
    sent.refresh_from_db()
    draft.refresh_from_db()
    assert (draft.subject, sent.subject == "Autre") == ("Autre", False)

    for letter in (draft, sent):
        client.post(reverse("events:drop_letter", args=[event.pk, letter.pk]))
    assert list(EventLetter.objects.all()) == [sent]


def test_a_letter_of_another_event_is_not_found(client, staff, event):
    letter = EventLetterFactory()

    assert client.get(reverse("events:letter", args=[event.pk, letter.pk])).status_code == 404


def test_awkward_words_stay_words(event):
    person = PersonFactory(first_name="Zoé-<b>", last_name="D’Arc " * 13)
    RegistrationFactory(event=event, person=person, registered_by=UserFactory())
    subject = '{0} {person} <script>alert("é")</script> ' * 3
    send(EventLetterFactory(event=event, subject=subject[:150], text="<b>gras</b>\n\n\n\n{{ x }}"))

    write()

    message = Message.objects.get()
    assert message.subject.startswith("{0} {person}")
    assert "<script>" not in message.html
    assert "<b>" not in message.html
    assert "<b>gras</b>" in message.text
    assert "\n\n\n" not in message.text
    assert "Merci de le lui transmettre" in message.text


def test_a_server_of_mail_that_is_down_loses_nothing(event, settings):
    rows = [reachable(event) for _ in range(3)]
    send(EventLetterFactory(event=event))
    write()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1

    for message in Message.objects.all():
        tasks.deliver(message_id=message.pk)

    assert {m.status for m in Message.objects.all()} == {MessageStatus.WAITING}
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Message.objects.update(not_before=timezone.now())
    for message in Message.objects.all():
        tasks.deliver(message_id=message.pk)
    assert Message.objects.filter(status=MessageStatus.SENT).count() == len(rows)


# -- documents by the links of mails ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "came", "moment", "expected"),
    [
        ("registered", False, "before", 200),
        ("registered", False, "after", 404),
        ("registered", True, "after", 200),
        ("waitlisted", False, "before", 404),
        ("cancelled", False, "before", 404),
        ("cancelled", True, "after", 200),
    ],
)
def test_a_document_opens_to_who_is_concerned(client, event, status, came, moment, expected):
    registration = RegistrationFactory(event=event, status=status)
    if came:
        AttendanceFactory(session__event=event, person=registration.person)
    document = EventDocumentFactory(event=event, moment=moment)

    url = reverse(
        "events:mailed_document", args=[token(Link.DOCUMENTS, registration.pk), document.pk]
    )

    response = client.get(url)
    assert response.status_code == expected
    if expected == 200:
        assert b"".join(response) == b"%PDF-"


def test_an_altered_link_one_of_another_use_or_of_another_event_opens_nothing(client, event):
    registration = RegistrationFactory(event=event)
    document = EventDocumentFactory(event=event)
    good = token(Link.DOCUMENTS, registration.pk)
    elsewhere = token(Link.DOCUMENTS, RegistrationFactory().pk)

    for code in (good[:-1] + "~", token(Link.SURVEY, registration.pk), elsewhere, "faux"):
        response = client.get(reverse("events:mailed_document", args=[code, document.pk]))
        assert response.status_code == 404, code
