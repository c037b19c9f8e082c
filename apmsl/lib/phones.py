"""French telephone numbers: kept in the international form, read in pairs."""

import re

KEPT = r"^\+33[1-9][0-9]{8}$"
_MARKS = re.compile(r"[\s.\-()/\u2010-\u2015]")
_WRITTEN = re.compile(r"(?:(?:\+|00)33(?:0)?|0)([1-9][0-9]{8})", re.ASCII)


def normalised(written: str) -> str | None:
    """``06 12 34 56 78``, ``+33 (0)6…`` or ``0033 6…`` as ``+33612345678``; None for anything else."""
    found = _WRITTEN.fullmatch(_MARKS.sub("", written))
    return f"+33{found[1]}" if found else None


def is_mobile(kept: str) -> bool:
    return kept[3:4] in {"6", "7"}


def shown(kept: str) -> str:
    """``+33612345678`` as people in France read it; anything else as it is."""
    if not re.match(KEPT, kept):
        return kept
    digits = "0" + kept[3:]
    return "\u00a0".join(digits[n : n + 2] for n in range(0, 10, 2))
