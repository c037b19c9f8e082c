import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from celery import current_app


class Post:
    """A mail server that keeps what it is given; ``answer`` refuses or accepts a recipient."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.received.append(envelope.original_content)
        return "250 taken"

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.received]


@pytest.fixture
def post(settings) -> Iterator[Post]:
    """Mail leaves by real SMTP."""
    taken = Post()
    controller = Controller(taken, hostname="127.0.0.1", port=_free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    yield taken
    controller.stop()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def letter(settings, tmp_path) -> str:
    """A template of mail: ``letter.txt`` and ``letter.html``."""
    (tmp_path / "letter.txt").write_text("Bonjour {{ name }},\n\n\n\n\n{{ portal_url }}/\n")
    (tmp_path / "letter.html").write_text(
        "<html><head><style>p { color: #0b5d66; }</style></head>"
        '<body><p>Bonjour {{ name }}, <a href="{{ portal_url }}/">voir</a></p></body></html>'
    )
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path, *engine["DIRS"]]}]
    return "letter"


@pytest.fixture
def dead_broker() -> Iterator[None]:
    """A port where nobody answers."""
    known = current_app.conf.broker_url
    _use_broker("redis://127.0.0.1:1/0")
    yield
    _use_broker(known)


def _use_broker(url: str) -> None:
    current_app.conf.broker_url = url
    current_app._pool = current_app.amqp._producer_pool = None
