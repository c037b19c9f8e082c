"""The home page, as pieces: each app registers its own in its ``apps.ready()``.

    blocks.register(views.coming_block, order=20)
    blocks.register_reminders(views.reminders)

A block is asked for the request and the day; it answers a template (``<app>/blocks/<name>.html``,
one card) with its context, or None when it has nothing to say to this visitor, who may be anonymous.
A reminder is one thing that awaits the person who is signed in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from apmsl.lib.htmx import Request

Answer = tuple[str, dict[str, Any]] | None
BlockFunction = Callable[[Request, date], Answer]


@dataclass(frozen=True)
class Reminder:
    """What awaits a person, in one sentence, and where to do it."""

    text: str
    href: str = ""
    action: str = "Voir"


ReminderFunction = Callable[[Request, date], Iterable[Reminder]]


@dataclass(frozen=True)
class Block:
    """A piece of one person's home page."""

    template: str
    context: dict[str, Any]


_blocks: dict[str, tuple[int, BlockFunction]] = {}
_reminders: dict[str, ReminderFunction] = {}


def register(function: BlockFunction, *, order: int = 100) -> None:
    """Registering the same function again replaces it."""
    _blocks[_name(function)] = (order, function)


def register_reminders(function: ReminderFunction) -> None:
    _reminders[_name(function)] = function


def of(request: Request, on: date) -> list[Block]:
    """The blocks that have something to say, in their order."""
    ordered = sorted(_blocks.items(), key=lambda entry: (entry[1][0], entry[0]))
    answers = (function(request, on) for _, (_, function) in ordered)
    return [Block(*answer) for answer in answers if answer is not None]


def reminders(request: Request, on: date) -> list[Reminder]:
    return [reminder for function in _reminders.values() for reminder in function(request, on)]


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
