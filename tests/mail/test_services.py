"""Writing to the ledger."""

import logging
from datetime import timedelta
from email import message_from_bytes

import pytest
from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from apmsl.mail import builders, services
from apmsl.mail.models import Message, MessageStatus
from apmsl.mail.services import Attachment, send
from tests.mail.factories import MessageFactory

pytestmark = pytest.mark.django_db


def write(letter, **changes):
    arguments = {
        "purpose": "welcome",
        "object_key": "person 1",
        "recipient": "anne@exemple.test",
        "subject": "Bienvenue",
        "template": letter,
        "context": {"name": "Anne & Zoé"},
        "at": timezone.now(),
    }
    return send(**arguments | changes)


def queue_length() -> int:
    with current_app.connection_for_read() as connection:
        return connection.default_channel.client.llen("celery")


@pytest.fixture
def _empty_queue():
    services._rings_again_at = 0.0
    current_app.control.purge()
    yield
    current_app.control.purge()


def test_a_message_has_a_plain_text_without_entities_and_an_html_with_its_styles_inlined(letter):
    message = write(letter)

    assert message.status == MessageStatus.WAITING
    assert message.text == "Bonjour Anne & Zoé,\n\nhttp://127.0.0.1:8000/\n"
    assert "Bonjour Anne &amp; Zoé" in message.html
    assert '<p style="color: #0b5d66;">' in message.html


def test_asked_twice_it_is_written_once_and_stays_as_it_was(letter):
    first = write(letter)

    second = write(letter, subject="Autre sujet")

    assert second.pk == first.pk
    assert Message.objects.get().subject == "Bienvenue"


@pytest.mark.parametrize(
    "change",
    [{"purpose": "reminder"}, {"object_key": "person 2"}, {"recipient": "zoe@exemple.test"}],
)
def test_another_purpose_object_or_recipient_is_another_message(letter, change):
    write(letter)

    write(letter, **change)

    assert Message.objects.count() == 2


def test_the_database_refuses_the_same_message_twice():
    one = MessageFactory()

    with pytest.raises(IntegrityError, match="message_once_per_purpose_and_object"):
        MessageFactory(object_key=one.object_key, recipient=one.recipient)


def test_the_database_ties_the_date_of_sending_to_a_message_sent():
    with pytest.raises(IntegrityError, match="message_sent_at_iff_sent"):
        MessageFactory(status=MessageStatus.SENT)


@pytest.mark.parametrize("address", ["", "personne", "a@b", "a\n@exemple.test", "é" * 300])
def test_a_wrong_address_is_kept_as_given_up_and_the_caller_goes_on(letter, address):
    message = write(letter, recipient=address)

    assert message.status == MessageStatus.FAILED
    assert message.last_error == "L’adresse n’est pas valable."


HOSTILE = st.text(st.characters(), max_size=300) | st.sampled_from(
    ["a\r\nBcc: x@y.fr", "a\nb", "\x00", "\u2028x", "\x85", "é" * 250, "a\x0b\x0cb", "  "]
)


@given(subject=HOSTILE, name=HOSTILE, filename=HOSTILE)
@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_adds_a_header(letter, subject, name, filename):
    """Whatever is typed in a title or a name: the same headers, each on its line."""
    attachment = Attachment(filename, "text/calendar; method=PUBLISH", "BEGIN\r\n")
    context = {"name": name.encode("utf-8", "ignore").decode()}

    with transaction.atomic():
        message = write(letter, subject=subject, context=context, attachment=attachment)
        transaction.set_rollback(True)
    built = builders.email(message).message()

    assert sorted(built.keys()) == sorted(
        [
            "Content-Type",
            "MIME-Version",
            "Subject",
            "From",
            "To",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "X-Auto-Response-Suppress",
        ]
    )
    assert built["To"] == "anne@exemple.test"
    assert len(message.subject.splitlines()) <= 1
    parts = message_from_bytes(built.as_bytes()).walk()
    assert not [part for part in parts if part["Bcc"]]


def test_unbreakable_spaces_of_a_subject_stay(letter):
    assert write(letter, subject="Inscription\u00a0: Réunion").subject == (
        "Inscription\u00a0: Réunion"
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_empty_queue")
def test_what_is_rolled_back_is_neither_written_nor_announced(letter):
    with transaction.atomic():
        write(letter)
        transaction.set_rollback(True)

    assert Message.objects.count() == 0
    assert queue_length() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_empty_queue")
def test_a_worker_is_told_at_the_commit_and_not_before(letter):
    with transaction.atomic():
        write(letter)
        assert queue_length() == 0

    assert queue_length() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_empty_queue")
def test_a_message_for_later_is_left_to_the_clock(letter):
    at = timezone.now()

    message = write(letter, at=at, not_before=at + timedelta(days=1))

    assert message.not_before == at + timedelta(days=1)
    assert queue_length() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_empty_queue")
def test_with_the_broker_down_the_caller_goes_on_and_tries_the_broker_once(
    letter, dead_broker, caplog
):
    with caplog.at_level(logging.WARNING, "apmsl.mail"):
        first = write(letter)
        second = write(letter, object_key="person 2")

    assert {first.status, second.status} == {MessageStatus.WAITING}
    assert set(Message.objects.due(timezone.now())) == {first, second}
    assert [record.args for record in caplog.records] == [(first.pk,)]
