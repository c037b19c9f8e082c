"""Letters to 500 people whose workers die, or whose mail server goes away: each person gets one."""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail import tasks
from apmsl.mail.models import Message, MessageStatus
from events import services
from events.models import LetterRecipient, Registration
from events.services import letters
from members.models import Person, PersonEmail
from tests import roles
from tests.events.factories import EventFactory, EventLetterFactory
from tests.faults.conftest import wait_for
from tests.mail.conftest import post  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db(transaction=True)

HOME = Path(__file__).resolve().parents[2]
MANY, FEWER, SOME = 500, 250, 60

# A worker of its own: it does what the clock asks for, or sends by SMTP what is due.
WORKER = """
import sys
import django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[2])
from django.utils import timezone
from apmsl.mail import tasks
from apmsl.mail.models import Message
from events import periodic
tasks.deliver.delay = lambda **_: None  # no broker, and no wait for one
if sys.argv[3] == "write":
    periodic.remind_participants()
    periodic.write_letters()
else:
    for pk in Message.objects.due(timezone.now()).values_list("pk", flat=True):
        tasks.deliver(message_id=pk)
"""


def an_event_of(number):
    event = EventFactory(starts_on=today() + timedelta(days=1), ends_on=today() + timedelta(days=1))
    people = Person.objects.bulk_create(
        Person(first_name="Anne", last_name=f"Personne{n}") for n in range(number)
    )
    PersonEmail.objects.bulk_create(
        PersonEmail(person=person, address=f"p{person.pk}@exemple.test", is_primary=True)
        for person in people
    )
    Registration.objects.bulk_create(
        Registration(
            event=event,
            person=person,
            registered_on=today() - timedelta(days=30),
            queued_at=timezone.now(),
        )
        for person in people
    )
    return event


def a_letter_to(event):
    event.reminder_days = []
    event.save()
    letter = EventLetterFactory(event=event)
    services.send_letter(letter=letter, by=roles.staff(), at=timezone.now())
    return letter


@pytest.fixture
def worker(post):  # noqa: F811
    started = []

    def start(what):
        name = connection.settings_dict["NAME"]
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", WORKER, name, str(settings.EMAIL_PORT), what],
                cwd=HOME,
                env=os.environ | {"DJANGO_SETTINGS_MODULE": "apmsl.settings.test"},
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def kill(process):
    assert process.poll() is None, "it was faster than the kill"
    process.send_signal(signal.SIGKILL)
    process.wait()


def finish(worker, what):
    """Two at once do what is left."""
    for process in [worker(what), worker(what)]:
        assert process.wait(timeout=120) == 0


def received(post):  # noqa: F811
    """To each address, how many different messages: one sent twice bears the same Message-ID."""
    return Counter(address for address, _ in {(m["To"], m["Message-ID"]) for m in post.mails})


@pytest.mark.parametrize(("what", "many"), [("letter", MANY), ("reminders", FEWER)])
def test_a_worker_killed_in_the_middle_leaves_the_others_to_the_next(worker, what, many):
    event = an_event_of(many)
    if what == "letter":
        a_letter_to(event)

    killed = worker("write")
    wait_for(lambda: Message.objects.count() >= 100, "it writes")
    kill(killed)
    assert 0 < Message.objects.count() < many

    finish(worker, "write")

    assert not LetterRecipient.objects.to_write().exists()
    written = Counter(Message.objects.values_list("recipient", flat=True))
    assert set(written) == set(PersonEmail.objects.values_list("address", flat=True))
    assert set(written.values()) == {1}


def test_a_worker_killed_while_sending_sends_again_at_most_what_it_had_in_hand(worker, post):  # noqa: F811
    a_letter_to(an_event_of(SOME))
    letters.write(at=timezone.now())

    killed = worker("send")
    wait_for(lambda: len(post.received) >= 10, "it sends")
    kill(killed)
    assert len(post.received) < SOME

    finish(worker, "send")

    assert set(received(post).values()) == {1}
    assert len(received(post)) == SOME
    assert len(post.received) <= SOME + 1  # the same Message-ID
    assert Message.objects.filter(status=MessageStatus.SENT).count() == SOME


# -- the mail server goes away ---------------------------------------------------------------------
def deliver_all():
    """As the clock does, once the pause is over."""
    Message.objects.filter(status=MessageStatus.WAITING).update(not_before=timezone.now())
    for pk in Message.objects.due(timezone.now()).values_list("pk", flat=True):
        tasks.deliver(message_id=pk)


def seen(client, letter):
    return client.get(reverse("events:letter", args=[letter.event_id, letter.pk])).content.decode()


def test_a_mail_server_that_goes_away_midway_and_comes_back_loses_nothing(client, post):  # noqa: F811
    letter = a_letter_to(an_event_of(SOME))
    client.force_login(roles.staff())
    assert "60\u00a0personnes" in seen(client, letter)
    assert "0\u00a0courriel parti, 60 en attente" in seen(client, letter)
    letters.write(at=timezone.now())

    post.patience = 20  # then it hangs up
    deliver_all()
    page = seen(client, letter)
    assert "20\u00a0courriels partis, 40 en attente." in page
    assert "Il n’a pas encore pris 40\u00a0courriels." in page
    assert "vous n’avez rien à renvoyer" in page
    assert (page.count("Parti<"), page.count("En attente<")) == (20, 40)

    post.answer, post.patience = "451 try again later", None  # it answers, and takes nothing yet
    deliver_all()
    assert len(post.received) == 20

    post.answer = "250 OK"
    post.unknown = Message.objects.filter(status=MessageStatus.WAITING).first().recipient
    deliver_all()
    page = seen(client, letter)
    assert "59\u00a0courriels partis, 1\u00a0non parti." in page
    assert "1\u00a0courriel n’est pas parti" in page
    assert "rien à renvoyer" not in page
    assert (page.count("Parti<"), page.count("Non parti<")) == (59, 1)

    assert len(post.received) == SOME - 1
    assert set(received(post).values()) == {1}


def test_the_staff_sees_what_became_of_all_the_mails_of_an_event(client, post):  # noqa: F811
    event, other = an_event_of(3), an_event_of(2)
    for one in (event, other):
        letters.write(at=timezone.now())
        a_letter_to(one)
    letters.write(at=timezone.now())
    post.patience = 0
    client.force_login(roles.staff())

    page = client.get(reverse("events:letters", args=[event.pk])).content.decode()
    assert "0\u00a0courriel parti, 3 en attente." in page
    assert "Le serveur de courriel ne répond pas bien" not in page

    deliver_all()
    page = client.get(reverse("events:letters", args=[event.pk])).content.decode()
    assert "Le serveur de courriel ne répond pas bien" in page

    Message.objects.update(attempts=tasks.MAX_ATTEMPTS - 1)
    deliver_all()
    page = client.get(reverse("events:letters", args=[event.pk])).content.decode()
    assert "3\u00a0courriels ne sont pas partis" in page


def test_a_mail_server_down_for_a_week_end_is_waited_for(post):  # noqa: F811
    """From Friday evening to Monday morning."""
    an_event_of(1)
    services.send_letter(
        letter=EventLetterFactory(event=Registration.objects.get().event),
        by=roles.staff(),
        at=timezone.now(),
    )
    letters.write(at=timezone.now())
    post.patience = 0
    waited = timedelta()

    while waited < timedelta(hours=62):
        before = timezone.now()
        deliver_all()
        message = Message.objects.get()
        assert message.status == MessageStatus.WAITING
        waited += message.not_before - before

    post.patience = None
    deliver_all()
    assert Message.objects.get().status == MessageStatus.SENT
