"""Sending a message of the ledger.

The row is locked while it is sent, and marked in the same transaction: of two workers, one sends.
A worker killed after the server took the message and before the mark lets it go a second time, with
the same Message-ID: the one duplicate that can be (docs/architecture.md).
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from apmsl.mail import builders
from apmsl.mail.models import Message, MessageStatus

logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MAX_ATTEMPTS = (
    20  # with these pauses, three days: a server that is down over a week-end loses nothing
)


@shared_task
def deliver(*, message_id: int, **_future: object) -> None:
    """Send a message that is due. Delivered twice, or to two workers: one message."""
    at = timezone.now()
    with transaction.atomic():
        due = Message.objects.due(at).filter(pk=message_id)
        message = due.select_for_update(skip_locked=True, no_key=True).first()
        if message is not None:
            _try(message, at)


def _try(message: Message, at: datetime) -> None:
    try:
        builders.email(message).send()
    except Exception as error:  # whatever it is, the row keeps it and the others go on
        logger.warning("message %s not sent: %s", message.pk, type(error).__name__)
        _put_off(message, error, at)
    else:
        message.status, message.sent_at, message.last_error = MessageStatus.SENT, at, ""
    message.attempts += 1
    message.save(update_fields=["status", "sent_at", "attempts", "last_error", "not_before"])


def _put_off(message: Message, error: Exception, at: datetime) -> None:
    message.last_error = f"{type(error).__name__} : {error}"[:300]
    if _for_good(error) or message.attempts + 1 >= MAX_ATTEMPTS:
        message.status = MessageStatus.FAILED
    else:
        pause: timedelta = FIRST_PAUSE * 2**message.attempts
        message.not_before = at + min(pause, LONGEST_PAUSE)


def _for_good(error: Exception) -> bool:
    """The server knows no such recipient: asking again would only be held against us."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(code >= 500 for code, _ in error.recipients.values())
