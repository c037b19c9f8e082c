"""A row of the ledger as a message of the internet."""

from email.mime.base import MIMEBase
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.http import parse_header_parameters

from apmsl.mail.models import Message


def email(message: Message) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=_sender(),
        to=[message.recipient],
        headers={
            "Message-ID": message_id(message),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    if message.attachment_name:
        mail.attach(_attachment(message))
    return mail


def _sender() -> str:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or settings.FEDERATION_NAME, address))


def message_id(message: Message) -> str:
    """The row's own: sent twice after a crash, it is the same message to mail programs."""
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    return f"<{message.pk}.{message.created_at:%Y%m%d%H%M%S%f}@{host}>"


def _attachment(message: Message) -> MIMEBase:
    """Text in base64, so that its line ends (CRLF of a calendar) arrive as they are."""
    kind, parameters = parse_header_parameters(message.attachment_type)
    main, _, sub = kind.partition("/")
    part = MIMENonMultipart(main, sub)
    for name, value in parameters.items():
        part.set_param(name, value)
    part.set_payload(message.attachment, "utf-8")
    part.add_header("Content-Disposition", "attachment", filename=message.attachment_name)
    return part
