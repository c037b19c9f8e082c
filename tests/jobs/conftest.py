from collections.abc import Callable, Iterator
from hashlib import sha256

import pytest

from apmsl.jobs.models import Draft, Kind, kinds


def drafted(text, make=None) -> Draft:
    digest = sha256(text.encode()).hexdigest()
    return Draft("écho.txt", digest, make or (lambda beat: text.encode()))


class Echo:
    """A kind whose file is the text that it was asked for; it counts the files it makes."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.while_making: Callable[[], None] = lambda: None
        self.while_making_one: Callable[[str], None] = lambda text: None
        self.refused: dict[str, Exception] = {}

    def draft(self, params) -> Draft:
        text = params["text"]

        def make(beat) -> bytes:
            self.while_making()
            self.while_making_one(text)
            if text in self.refused:
                raise self.refused[text]
            beat(1, 2)
            self.made.append(text)
            return text.encode()

        return drafted(text, make)


@pytest.fixture
def echo(monkeypatch) -> Iterator[Echo]:
    echo = Echo()
    monkeypatch.setattr(kinds, "_kinds", {})
    kinds.register(Kind("echo", echo.draft))
    return echo
