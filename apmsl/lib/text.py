"""Text compared without case, accents or punctuation, the same in Python and in PostgreSQL.

The embedded PostgreSQL carries neither ``unaccent`` nor an ICU collation: one table of characters,
used on both sides, replaces them and behaves the same on any server.
"""

import re
import unicodedata
from typing import Any

from django.db.models import CharField, Func, Value
from django.db.models.functions import Concat

_LIGATURES = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"}
MOST_WORDS = 12  # that a search looks for: each is a condition of its query
_SPACED = "-'’‘`´_./,;\u00a0\u202f\u2011"


def _plain(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0].lower()


_LETTERS = [chr(code) for code in (*range(0x41, 0x5B), *range(0xC0, 0x180))]
_FROM = "".join(c for c in _LETTERS if c not in _LIGATURES and _plain(c).isascii()) + _SPACED
_TO = "".join(_plain(c) if c not in _SPACED else " " for c in _FROM)
_TABLE = str.maketrans(_FROM, _TO) | {ord(old): new for old, new in _LIGATURES.items()}


def normalise(text: str) -> str:
    """Lower case, without accents, hyphens and apostrophes as spaces: « L'Île-d'Yeu » → « l ile d yeu »."""
    return text.translate(_TABLE)


def pattern(words: str) -> str:
    """A regular expression, for Python and PostgreSQL, that finds ``words`` whatever their case,
    accents and spaces, also where HTML has escaped them."""
    plain = normalise(words).strip()
    for digraph, mark in _MARKS.items():
        plain = plain.replace(digraph, mark)
    return "".join(_alike(character) for character in re.sub(" +", " ", plain))


def _alike(character: str) -> str:
    if character == " ":
        return f"(?:[\\s{re.escape(_SPACED)}]|&nbsp;|&#x27;|&#39;)+"
    if digraph := next((pair for pair, mark in _MARKS.items() if mark == character), ""):
        joined = "".join(old for old, new in _LIGATURES.items() if new == digraph)
        return f"(?:[{joined}]|{_alike(digraph[0])}{_alike(digraph[1])})"
    written = [old for old, new in zip(_FROM, _TO, strict=True) if new == character]
    if not written:
        return re.escape(character)
    return rf"(?:[{character}{''.join(written)}]|\\u[0-9a-f]{{4}})"  # the second: as JSON spells it


_MARKS = {"oe": "\ue000", "ae": "\ue001", "ss": "\ue002"}


def searched(text: str) -> list[str]:
    """The words to look for, each once; of a whole page pasted by mistake, the first ones."""
    return list(dict.fromkeys(normalise(text).split()))[:MOST_WORDS]


def normalised(*fields: str) -> Func:
    """``fields`` joined by spaces and normalised, as an expression for a ``GeneratedField``."""
    parts: list[Any] = []
    for field in fields:
        parts += [field, Value(" ")]
    joined: Any = Concat(*parts[:-1], output_field=CharField()) if len(fields) > 1 else fields[0]
    for old, new in _LIGATURES.items():
        joined = Func(joined, Value(old), Value(new), function="replace", output_field=CharField())
    return Func(joined, Value(_FROM), Value(_TO), function="translate", output_field=CharField())
