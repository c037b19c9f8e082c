"""The texts of the draft, which several people write.

A field is merged against what its author saw: what another wrote meanwhile is never lost, the second
is shown both and chooses. Each change is one more revision; the triggers keep those before it, and
one of them can be taken back. A comment alone makes the row of its text. Locks: the chapter, where it
was added, then the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from members.models import User
from reports.enums import TextStatus
from reports.models import ChapterOfYear, ReportComment, ReportText
from reports.models.chapters import ADDED

FIELDS = ("body", "signature", "status")
MOST_EARLIER = 30


class TextRefused(Exception):
    """The message is shown as it is."""


@dataclass(frozen=True, kw_only=True)
class Writing:
    """What someone typed, and the revision that the page showed them before."""

    body: str
    signature: str
    status: str
    seen: int


@dataclass(frozen=True, kw_only=True)
class Clash:
    """Another person changed the same ``fields`` meanwhile: what it was, and what it is. ``values``
    are what was typed there, and in the other fields what both make together."""

    fields: tuple[str, ...]
    values: dict[str, str]
    before: str
    theirs: ReportText


def tidy(body: str) -> str:
    """As it is kept: browsers send other ends of lines than they were given."""
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()


def _locked(year: int, chapter: str) -> ReportText:
    return ReportText.objects.lock(_row(year, chapter).pk)


def _row(year: int, chapter: str) -> ReportText:
    """Made the first time. A chapter that was added stays until its text is kept, or is gone."""
    if chapter.startswith(ADDED):
        added = ChapterOfYear.objects.select_for_update(of=("self",), no_key=True)
        if not added.filter(year=year, key=chapter).first():
            raise TextRefused(
                "Ce chapitre vient d’être retiré : son texte ne peut plus être écrit."
            )
    text, _ = ReportText.objects.get_or_create(year=year, chapter=chapter)
    return text


# -- writing ---------------------------------------------------------------------------------------
@transaction.atomic
def save_text(
    *, year: int, chapter: str, writing: Writing, by: User, at: datetime
) -> ReportText | Clash:
    text = _locked(year, chapter)
    base = text if writing.seen == text.revision else _revision(text, writing.seen)
    values: dict[str, str] = {}
    fields: list[str] = []
    for name in FIELDS:
        mine, stored = tidy(getattr(writing, name)), getattr(text, name)
        seen = None if base is None else tidy(getattr(base, name))
        if mine not in {seen, tidy(stored)} and tidy(stored) != seen:
            fields.append(name)
        values[name] = stored if mine == seen else mine
    if fields:
        before = "" if base is None else base.body
        return Clash(fields=tuple(fields), values=values, before=before, theirs=text)
    return _write(text, values, by, at)


def _write(text: ReportText, values: dict[str, str], by: User, at: datetime) -> ReportText:
    """A new revision, when something changed. A text that was emptied is to be written."""
    if not values["body"]:
        values = values | {"status": TextStatus.TO_WRITE}
    if all(getattr(text, name) == value for name, value in values.items()):
        return text
    for name, value in values.items():
        setattr(text, name, value)
    text.revision, text.written_by, text.written_at = text.revision + 1, by, at
    text.save(update_fields=[*values, "revision", "written_by", "written_at"])
    return text


def text_of_last_year(year: int, chapter: str) -> ReportText | None:
    """A chapter that was added is known by its title: its key is a number, another one's elsewhere."""
    written = ReportText.objects.written().filter(year=year - 1)
    if not chapter.startswith(ADDED):
        return written.filter(chapter=chapter).first()
    added = ChapterOfYear.objects.added()
    titles = added.filter(year=year, key=chapter).values("title")
    same = added.filter(year=year - 1, title__in=titles)
    return written.filter(chapter__in=same.values("key")).order_by("pk").first()


@transaction.atomic
def take_last_year(*, year: int, chapter: str, by: User, at: datetime) -> ReportText:
    """To start from the text of the year before; nothing that is begun gives way to it."""
    last = text_of_last_year(year, chapter)
    if last is None:
        raise TextRefused(f"Ce chapitre n’a pas de texte pour {year - 1}.")
    text = _locked(year, chapter)
    if text.body:
        raise TextRefused("Ce texte est déjà commencé : il n’est pas remplacé.")
    values = {"body": last.body, "signature": last.signature, "status": str(TextStatus.TO_WRITE)}
    return _write(text, values, by, at)


# -- earlier revisions -----------------------------------------------------------------------------
def _kept(text: ReportText) -> Any:
    events: Any = ReportText.pgh_event_model  # type: ignore[attr-defined]  # made by the decorator
    return events.objects.filter(pgh_obj_id=text.pk).order_by("-revision", "-pgh_id")


def _revision(text: ReportText, number: int) -> Any:
    return _kept(text).filter(revision=number).first()


def earlier(text: ReportText) -> list[Any]:
    """Words that the text once had, the last first; a change of its status alone is none."""
    kept = _kept(text).exclude(body="").select_related("written_by__person")[:MOST_EARLIER]
    return list(_different(text, kept))


def _different(text: ReportText, kept: Any) -> Iterator[Any]:
    newer: Any = text
    for event in kept:
        if (event.body, event.signature) != (newer.body, newer.signature):
            yield event
        newer = event


@transaction.atomic
def take_back(*, text: ReportText, revision: int, by: User, at: datetime) -> ReportText:
    """Words of an earlier revision become a new one, to be read again: what they replace is kept."""
    text = _locked(text.year, text.chapter)
    kept = _revision(text, revision)
    if kept is None or not kept.body:
        raise TextRefused("Cette version n’est plus gardée.")
    values = {"body": kept.body, "signature": kept.signature, "status": str(TextStatus.TO_READ)}
    return _write(text, values, by, at)


# -- comments --------------------------------------------------------------------------------------
@transaction.atomic
def comment(*, year: int, chapter: str, body: str, by: User, at: datetime) -> ReportComment:
    text = _row(year, chapter)
    return ReportComment.objects.create(text=text, author=by, body=body, written_at=at)


def resolve(*, comment: ReportComment, by: User, at: datetime) -> None:
    """Seen to; the first who says so."""
    waiting = ReportComment.objects.filter(pk=comment.pk, resolved_at=None)
    waiting.update(resolved_at=at, resolved_by=by)


def reopen(*, comment: ReportComment) -> None:
    ReportComment.objects.filter(pk=comment.pk).update(resolved_at=None, resolved_by=None)
