"""What changed between two states of a text, paragraph by paragraph."""

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Paragraph:
    """``change`` is « removed » or « added »."""

    change: str
    text: str


def changed(before: str, after: str) -> list[Paragraph]:
    """What stays is not repeated."""
    old, new = (_paragraphs(text) for text in (before, after))
    found = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if tag != "equal":
            found += [Paragraph("removed", text) for text in old[i:j]]
            found += [Paragraph("added", text) for text in new[k:m]]
    return found


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
