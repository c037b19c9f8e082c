"""The fields of a form, and what they hold, as the text that a page shows and sends back.

A question is a field, except an « effectif par profession », which is one for each profession.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from apmsl.lib.typography import number, plural
from members.enums import QuestionKind
from members.models import (
    FormQuestion,
    Profession,
    Scan,
    ScanAnswer,
    ScanForm,
    ScanHeadcount,
    User,
)

LARGEST = 100_000_000  # beyond, a number was mistyped
LONGEST = 5_000
LONGEST_REMARK = 300
YES, NO = "oui", "non"


class WrongValue(Exception):
    """What was typed answers no such question; the message stands beside the field."""


@dataclass(frozen=True)
class Entry:
    """What a field holds: "" is no answer."""

    value: str = ""
    remark: str = ""
    by: User | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Field:
    form_question: FormQuestion
    profession: Profession | None = None

    @property
    def question_id(self) -> int:
        return self.form_question.question_id

    @property
    def kind(self) -> str:
        return self.form_question.question.kind

    @property
    def name(self) -> str:
        return name_of(self.question_id, self.profession.pk if self.profession else None)

    @property
    def label(self) -> str:
        if self.profession:
            return self.profession.label
        return self.form_question.wording or self.form_question.question.label

    @property
    def is_number(self) -> bool:
        return self.kind in {QuestionKind.NUMBER, QuestionKind.PROFESSION_COUNT}

    def shown(self, value: str) -> str:
        """A value as a sentence says it."""
        if not value:
            return "sans réponse"
        return number(int(value)) if self.is_number and value.isdigit() else value

    def write(self, scan: Scan, entry: Entry) -> None:
        """Replace what the scan holds; no value, no row (and a word alone says nothing)."""
        if self.profession:
            _write_headcount(scan, self, entry)
        else:
            _write_answer(scan, self, entry)


def name_of(question_id: int, profession_id: int | None = None) -> str:
    return f"q{question_id}p{profession_id}" if profession_id else f"q{question_id}"


def _write_headcount(scan: Scan, field: Field, entry: Entry) -> None:
    where: dict[str, Any] = {
        "scan": scan,
        "question_id": field.question_id,
        "profession": field.profession,
    }
    if not entry.value:
        ScanHeadcount.objects.filter(**where).delete()
        return
    ScanHeadcount.objects.update_or_create(
        **where, defaults={"headcount": int(entry.value), **_written(entry)}
    )


def _write_answer(scan: Scan, field: Field, entry: Entry) -> None:
    where: dict[str, Any] = {"scan": scan, "question_id": field.question_id}
    if not entry.value:
        ScanAnswer.objects.filter(**where).delete()
        return
    values: dict[str, Any] = {"yes": None, "number": None, "text": ""}
    if field.kind == QuestionKind.YES_NO:
        values["yes"] = entry.value == YES
    elif field.kind == QuestionKind.NUMBER:
        values["number"] = int(entry.value)
    else:
        values["text"] = entry.value
    ScanAnswer.objects.update_or_create(**where, defaults={**values, **_written(entry)})


def _written(entry: Entry) -> dict[str, Any]:
    return {"remark": entry.remark, "changed_by": entry.by, "changed_at": entry.at}


# -- reading ---------------------------------------------------------------------------------------
def questions_of(form: ScanForm) -> list[FormQuestion]:
    """Those of no part first, then part by part."""
    rows = form.form_questions.select_related("question", "at_most", "section")
    part = F("section__rank").asc(nulls_first=True)
    return list(rows.order_by(part, "section", "rank", "pk"))


def fields_of(form: ScanForm) -> list[Field]:
    professions = list(Profession.objects.order_by("label", "pk"))
    return [field for question in questions_of(form) for field in fields_for(question, professions)]


def fields_for(question: FormQuestion, professions: Iterable[Profession]) -> list[Field]:
    if question.question.kind == QuestionKind.PROFESSION_COUNT:
        return [Field(question, profession) for profession in professions]
    return [Field(question)]


def entries_of(scan: Scan | None, question_id: int | None = None) -> dict[str, Entry]:
    """What a version holds, by the name of the field."""
    if scan is None:
        return {}
    only = {"question": question_id} if question_id else {}
    answers = scan.answers.filter(**only).select_related("changed_by__person")
    counts = scan.headcounts.filter(**only).select_related("changed_by__person")
    found = {name_of(row.question_id): _entry(_text(row), row) for row in answers}
    for row in counts:
        name = name_of(row.question_id, row.profession_id)
        found[name] = _entry(str(row.headcount), row)
    return found


def _entry(value: str, row: ScanAnswer | ScanHeadcount) -> Entry:
    return Entry(value, row.remark, row.changed_by, row.changed_at)


def _text(answer: ScanAnswer) -> str:
    if answer.yes is not None:
        return YES if answer.yes else NO
    return answer.text if answer.number is None else str(answer.number)


# -- what is typed ---------------------------------------------------------------------------------
def plain(typed: str) -> str:
    """What a browser sends, in the form in which it is kept: its line breaks are two characters,
    and PostgreSQL knows no NUL."""
    return typed.replace("\0", "").replace("\r\n", "\n").strip()


def parse(field: Field, typed: str) -> str:
    """The value that was meant, in the form in which it is kept."""
    typed = plain(typed)
    if not typed:
        return ""
    if field.is_number:
        return _parse_number(typed)
    if field.kind == QuestionKind.YES_NO and typed not in {YES, NO}:
        raise WrongValue("Répondez par oui ou par non.")
    if field.kind == QuestionKind.CHOICE and typed not in field.form_question.choices:
        raise WrongValue("Choisissez une réponse de la liste.")
    if len(typed) > LONGEST:
        raise WrongValue(f"Ce texte compte plus de {plural(LONGEST, 'signe')}.")
    return typed


def _parse_number(typed: str) -> str:
    digits = "".join(typed.split())
    if not (digits.isascii() and digits.isdigit()):
        raise WrongValue("Écrivez un nombre entier, sans lettre ni signe.")
    if len(digits) > len(str(LARGEST)) or int(digits) > LARGEST:
        raise WrongValue("Ce nombre est trop grand.")
    return str(int(digits))
