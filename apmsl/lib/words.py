"""Free answers of a word or two, counted whatever their case and their accents."""

import re
from collections import Counter

from apmsl.lib.text import normalise

_BETWEEN = re.compile(r"[\n,;]+")
# « écoute x 5 », « écoute × 5 »: as somebody who counted by hand would note it.
_TIMES = re.compile(r"^(?P<word>.+?)\s+[x×]\s*(?P<times>[1-9]\d{0,3})$", re.IGNORECASE)
_AROUND = " \t\r.!?«»\"'’-–•\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"


def tally(answers: str) -> list[tuple[str, int]]:
    """Each answer as it is most often written and how many gave it, the most given first. Answers are
    on lines of their own, or between commas or semicolons."""
    spellings: dict[str, Counter[str]] = {}
    for answer in _BETWEEN.split(answers):
        word, times = _read(answer)
        if key := " ".join(normalise(word).split()):
            spellings.setdefault(key, Counter())[word] += times
    told = [(written.most_common(1)[0][0], written.total()) for written in spellings.values()]
    return sorted(told, key=lambda one: (-one[1], normalise(one[0])))


def _read(answer: str) -> tuple[str, int]:
    found = _TIMES.match(answer.strip())
    word, times = (found["word"], int(found["times"])) if found else (answer, 1)
    return " ".join(word.strip(_AROUND).split()), times
