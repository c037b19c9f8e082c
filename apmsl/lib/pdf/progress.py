"""How far a document is, from what WeasyPrint says as it works."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LOGGER = logging.getLogger("weasyprint.progress")
# Of a hundred: the style sheets, their application, the boxes, the pages, the drawing, the end.
_STEPS = {1: 2, 2: 4, 3: 6, 4: 12, 5: 18, 6: 72, 7: 96}
_LAYOUT = 5
_LINE = re.compile(r"Step (\d)(?:.* Page (\d+)$)?")
# A page more counts less and less: nobody knows beforehand how many there are.
_HALF_WAY = 20


@contextmanager
def followed(tell: Callable[[int], None]) -> Iterator[None]:
    """Call ``tell`` with a percentage whenever it grows. What it raises stops the document."""
    listener = _Listener(tell)
    level = _LOGGER.level
    _LOGGER.setLevel(logging.INFO)
    _LOGGER.addFilter(listener.hear)
    try:
        yield
    finally:
        _LOGGER.removeFilter(listener.hear)
        _LOGGER.setLevel(level)


class _Listener:
    def __init__(self, tell: Callable[[int], None]) -> None:
        self.tell = tell
        self.told = 0

    def hear(self, record: logging.LogRecord) -> bool:
        """A filter, not a handler: the line stops here, and an error goes up."""
        percentage = percent(record.getMessage())
        if percentage > self.told:
            self.told = percentage
            self.tell(percentage)
        return False


def percent(line: str) -> int:
    """0 for a line that says nothing about it."""
    found = _LINE.match(line)
    if not found:
        return 0
    step, page = int(found[1]), int(found[2] or 0)
    done = _STEPS.get(step, 0)
    if step == _LAYOUT:
        room = _STEPS[_LAYOUT + 1] - done
        done += round(room * page / (page + _HALF_WAY))
    return done
