"""Sending, to a real mail server."""

import os
import signal
import smtplib
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from apmsl.lib.clock import SCHEDULE
from apmsl.mail import periodic, tasks
from apmsl.mail.models import Message, MessageStatus
from tests.mail.factories import MessageFactory

pytestmark = pytest.mark.django_db

CALENDAR = "BEGIN:VCALENDAR\r\nSUMMARY:Réunion\r\nEND:VCALENDAR\r\n"


def deliver(message):
    tasks.deliver(message_id=message.pk)
    message.refresh_from_db()
    return message


def test_the_message_arrives_with_its_two_texts_and_its_attachment(post):
    message = MessageFactory(
        recipient="anne@exemple.test",
        subject="Inscription\u00a0: L’éducation",
        text="Bonjour Zoé,\n",
        html="<p>Bonjour Zoé</p>",
        attachment_name="rendez-vous.ics",
        attachment_type="text/calendar; method=PUBLISH",
        attachment=CALENDAR,
    )

    deliver(message)

    (mail,) = post.mails
    assert mail["To"] == "anne@exemple.test"
    assert mail["From"] == f"{settings.FEDERATION_NAME} <{settings.DEFAULT_FROM_EMAIL}>"
    assert mail["Subject"] == "Inscription\u00a0: L’éducation"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == (f"<{message.pk}.{message.created_at:%Y%m%d%H%M%S%f}@127.0.0.1>")
    assert mail.get_body(("plain",)).get_content() == "Bonjour Zoé,\r\n"
    assert mail.get_body(("html",)).get_content() == "<p>Bonjour Zoé</p>"
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "rendez-vous.ics"
    assert file.get_content_type() == "text/calendar"
    assert file["Content-Type"].params == {"method": "PUBLISH", "charset": "utf-8"}
    assert file.get_payload(decode=True) == CALENDAR.encode()


def test_a_message_sent_is_marked_and_not_sent_again(post):
    message = deliver(MessageFactory())
    assert (message.status, message.attempts) == (MessageStatus.SENT, 1)
    assert timezone.now() - message.sent_at < timedelta(minutes=1)

    deliver(message)

    assert len(post.received) == 1


def test_a_message_for_later_waits(post):
    message = deliver(MessageFactory(not_before=timezone.now() + timedelta(hours=1)))

    assert message.status == MessageStatus.WAITING
    assert post.received == []


def test_an_unknown_message_is_no_error(post):
    tasks.deliver(message_id=0, something_of_a_later_version=True)

    assert post.received == []


def test_a_server_that_is_busy_is_asked_again_later_and_later(post):
    post.answer = "451 try again later"
    message = MessageFactory()
    pauses = []

    for _ in range(4):
        Message.objects.update(not_before=timezone.now())
        asked_at = timezone.now()
        deliver(message)
        pauses.append(round((message.not_before - asked_at) / timedelta(minutes=1)))

    assert pauses == [1, 2, 4, 8]
    assert (message.status, message.attempts) == (MessageStatus.WAITING, 4)
    assert "try again later" in message.last_error


def test_after_the_last_attempt_it_is_given_up_and_the_error_kept(post):
    post.answer = "451 try again later"

    message = deliver(MessageFactory(attempts=tasks.MAX_ATTEMPTS - 1))

    assert (message.status, message.attempts) == (MessageStatus.FAILED, tasks.MAX_ATTEMPTS)
    assert "try again later" in message.last_error


def test_an_address_that_the_server_refuses_is_given_up_at_once(post):
    post.answer = "550 no such user"

    message = deliver(MessageFactory())

    assert message.status == MessageStatus.FAILED
    assert "no such user" in message.last_error


def test_once_the_server_is_back_the_message_leaves_and_the_error_goes(post):
    post.answer = "451 try again later"
    message = deliver(MessageFactory())

    post.answer = "250 OK"
    Message.objects.update(not_before=timezone.now())
    deliver(message)

    assert (message.status, message.last_error) == (MessageStatus.SENT, "")
    assert len(post.received) == 1


def test_no_server_at_all_puts_the_message_off(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1

    message = deliver(MessageFactory())

    assert message.status == MessageStatus.WAITING
    assert message.last_error.startswith("ConnectionRefusedError")


def test_the_clock_rings_each_minute_for_what_is_due_only(monkeypatch):
    due = MessageFactory()
    MessageFactory(sent=True)
    MessageFactory(not_before=timezone.now() + timedelta(hours=1))
    rung = []
    monkeypatch.setattr(tasks.deliver, "delay", lambda **arguments: rung.append(arguments))

    periodic.send_what_is_due()

    assert rung == [{"message_id": due.pk}]
    assert SCHEDULE["apmsl.mail.periodic.send_what_is_due"]["schedule"] == timedelta(minutes=1)


# A worker of its own, whose mail goes out by SMTP and which is killed as soon as it has.
KILLED_WORKER = """
import os, signal, sys
import django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.EMAIL_PORT = int(sys.argv[2])
from django.core.mail.backends import smtp
class Backend(smtp.EmailBackend):
    def send_messages(self, messages):
        super().send_messages(messages)
        os.kill(os.getpid(), signal.SIGKILL)
smtp.EmailBackend = Backend
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
from apmsl.mail import tasks
tasks.deliver(message_id=int(sys.argv[3]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_sending_and_marking_leaves_one_duplicate_with_the_same_id(
    post, settings
):
    message = MessageFactory()
    name = connection.settings_dict["NAME"]
    arguments = [name, str(settings.EMAIL_PORT), str(message.pk)]

    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WORKER, *arguments],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "apmsl.settings.test"},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    message.refresh_from_db()
    assert message.status == MessageStatus.WAITING

    # The database lets go of the row as soon as it sees that the worker is gone.
    deadline = time.monotonic() + 10
    while deliver(message).status == MessageStatus.WAITING:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    deliver(message)

    assert len(post.received) == 2
    assert len({mail["Message-ID"] for mail in post.mails}) == 1


def test_smtp_errors_are_those_the_tasks_know():
    """What tells a refusal for good from a passing one."""
    gone = smtplib.SMTPRecipientsRefused({"a@b.fr": (550, b"no such user")})
    busy = smtplib.SMTPRecipientsRefused({"a@b.fr": (451, b"busy")})

    assert tasks._for_good(gone)
    assert not tasks._for_good(busy)
    assert not tasks._for_good(smtplib.SMTPServerDisconnected())
