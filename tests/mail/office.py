"""A post office: a server that takes mail by SMTP, and the settings that send to it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings


class Post:
    """What a mail server was given, and how it behaves.

    ``answer`` refuses or accepts recipients, ``unknown`` is one whom it does not know; after so many
    mails (``patience``) it goes away: it hangs up on whoever writes.
    """

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.answer = "250 OK"
        self.unknown = ""
        self.patience: int | None = None

    @property
    def is_down(self) -> bool:
        return self.patience is not None and len(self.received) >= self.patience

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.received]

    def texts_for(self, address: str) -> list[str]:
        """What has reached an address, the oldest first."""
        bodies = (mail.get_body(("plain",)) for mail in self.mails if mail["To"] == address)
        return [body.get_content().replace("\r\n", "\n") for body in bodies if body]


class Clerk:
    """Who answers. Apart from the post: aiosmtpd reads every attribute at each connection."""

    def __init__(self, post: Post) -> None:
        self.post = post

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.post.is_down and server.transport is not None:
            server.transport.abort()
        if address == self.post.unknown:
            return "550 no such user"
        if self.post.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.post.answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.post.received.append(envelope.original_content)
        return "250 taken"


@contextmanager
def post_office() -> Iterator[Post]:
    """All mail of this process leaves by real SMTP."""
    taken = Post()
    controller = Controller(Clerk(taken), hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST=controller.hostname,
            EMAIL_PORT=controller.port,
        ):
            yield taken
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
