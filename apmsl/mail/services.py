"""Writing a message: a row of the ledger, in the caller's transaction.

What is rolled back was never written. What is committed is sent, even when the broker is down at
that moment: ``periodic`` goes through the ledger every minute.
"""

import logging
import re
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import css_inline
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template import Context, loader

from apmsl.mail import tasks
from apmsl.mail.models import Message, MessageStatus

logger = logging.getLogger(__name__)

_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)
_BLANK_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n){2,}")
_NOT_IN_A_LINE = {"Cc", "Cs", "Zl", "Zp"}
_BROKER_REST = 5.0  # s without ringing after a failure: a page does not wait for each of its mails
_rings_again_at = 0.0


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str  # « text/calendar; method=PUBLISH »
    content: str


@transaction.atomic(savepoint=False)
def send(
    *,
    purpose: str,
    object_key: str,
    recipient: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    at: datetime,
    not_before: datetime | None = None,
    attachment: Attachment | None = None,
) -> Message:
    """Write ``template`` (.txt and .html, without the ending) to ``recipient``, once.

    Asked again with the same purpose, object and recipient: the message already written.
    """
    message = Message(
        purpose=purpose,
        object_key=object_key,
        recipient=recipient.strip(),
        subject=one_line(subject)[:200],
        not_before=not_before or at,
        **_bodies(template, context),
    )
    if attachment:
        message.attachment_name = one_line(attachment.name)[-120:]  # its ending says what it is
        message.attachment_type = one_line(attachment.content_type)
        message.attachment = attachment.content
    _refuse_a_wrong_address(message)
    Message.objects.bulk_create([message], ignore_conflicts=True)
    written = Message.objects.get(
        purpose=purpose, object_key=object_key, recipient=message.recipient
    )
    if written.status == MessageStatus.WAITING and written.not_before <= at:
        transaction.on_commit(partial(_ring, written.pk))
    return written


def one_line(text: str) -> str:
    """What stands in a header: no line break, hence no second header; no control character."""
    plain = (" " if unicodedata.category(c) in _NOT_IN_A_LINE else c for c in text)
    return re.sub(" {2,}", " ", "".join(plain)).strip()


def _bodies(template: str, context: Mapping[str, Any]) -> dict[str, str]:
    shared = {"federation_name": settings.FEDERATION_NAME, "portal_url": settings.PORTAL_URL}
    text = _render(f"{template}.txt", {**shared, **context}, escape=False)
    html = _render(f"{template}.html", {**shared, **context}, escape=True)
    return {"text": _BLANK_LINES.sub("\n\n", text).strip() + "\n", "html": _INLINER.inline(html)}


def _render(name: str, context: Mapping[str, Any], *, escape: bool) -> str:
    template: Any = loader.get_template(name)
    return str(template.template.render(Context(context, autoescape=escape))).replace("\0", "")


def _refuse_a_wrong_address(message: Message) -> None:
    """The page that writes goes on; the ledger shows what could not leave."""
    try:
        validate_email(message.recipient)
    except ValidationError:
        message.recipient = one_line(message.recipient)[:254]
        message.status = MessageStatus.FAILED
        message.last_error = "L’adresse n’est pas valable."


def _ring(message_id: int) -> None:
    """Tell a worker at once. Nothing is lost when nobody answers."""
    global _rings_again_at
    if time.monotonic() < _rings_again_at:
        return
    try:
        tasks.deliver.delay(message_id=message_id)
    except Exception:  # whatever the broker's client raises: the page has done its work
        _rings_again_at = time.monotonic() + _BROKER_REST
        logger.warning("broker unreachable: message %s leaves with the clock", message_id)
