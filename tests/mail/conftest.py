from collections.abc import Iterator

import pytest
from celery import current_app

from tests.mail.office import Post, post_office


@pytest.fixture
def post() -> Iterator[Post]:
    """Mail leaves by real SMTP."""
    with post_office() as office:
        yield office


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
