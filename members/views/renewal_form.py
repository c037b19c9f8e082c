"""The form of the year: saved as one types, field by field, or whole without JavaScript."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apmsl.lib.access import SIGNED_IN, access
from apmsl.lib.htmx import Request
from apmsl.lib.typography import typeset
from members.enums import QuestionKind
from members.models import FormQuestion, FormSection, Scan
from members.services import drafts
from members.services.answers import Entry, Field, WrongValue, entries_of, fields_of, name_of
from members.services.drafts import Clash, DraftRefused, FormIncomplete, Writing
from members.services.plausibility import last_year_of, varies_much
from members.views.renewal import File, answered_file, file_of, written_file

BOX = "box-"  # the element of a field that htmx speaks of


@dataclass
class Box:
    """A field as its page shows it."""

    field: Field
    entry: Entry
    before: Entry | None
    typed: str | None = None  # what was typed and is not kept
    typed_remark: str = ""
    error: str = ""
    clash: Clash | None = None

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def value(self) -> str:
        return self.entry.value if self.typed is None else self.typed

    @property
    def last_year(self) -> str:
        return self.field.shown(self.before.value) if self.before else ""

    @property
    def is_unchanged(self) -> bool:
        return bool(self.before and self.before.value == self.entry.value)

    @property
    def remark(self) -> str:
        return self.typed_remark or self.entry.remark

    @property
    def wants_a_word(self) -> bool:
        return bool(self.remark) or varies_much(self.field, self.entry, self.before)

    def keep(self, writing: Writing, error: str = "") -> None:
        """On the page, since it is not in the draft."""
        self.typed, self.typed_remark, self.error = writing.value, writing.remark, error

    @property
    def theirs(self) -> str:
        return self.field.shown(self.clash.theirs.value) if self.clash else ""


@dataclass
class Group:
    """A question with its fields: one, or one for each profession."""

    question: FormQuestion
    boxes: list[Box]
    error: str = ""

    @property
    def name(self) -> str:
        return name_of(self.question.question_id)

    @property
    def is_table(self) -> bool:
        return self.question.question.kind == QuestionKind.PROFESSION_COUNT

    @property
    def has_last_year(self) -> bool:
        return any(box.before for box in self.boxes)

    @property
    def is_answered(self) -> bool:
        return any(box.entry.value for box in self.boxes)


def groups_of(boxes: Iterable[Box]) -> list[Group]:
    groups: dict[int, Group] = {}
    for box in boxes:
        question = box.field.form_question
        groups.setdefault(question.pk, Group(question, [])).boxes.append(box)
    return list(groups.values())


@dataclass
class Part:
    """Questions of one subject under their title; those of no part stand before all others."""

    section: FormSection | None
    groups: list[Group]

    @property
    def anchor(self) -> str:
        return f"partie-{self.section.pk}" if self.section else "questions"

    @property
    def answered(self) -> int:
        return sum(group.is_answered for group in self.groups)

    @property
    def is_done(self) -> bool:
        return self.answered == len(self.groups)


def parts_of(groups: list[Group]) -> list[Part]:
    parts: dict[int | None, Part] = {}
    for group in groups:
        section = group.question.section
        parts.setdefault(group.question.section_id, Part(section, [])).groups.append(group)
    return list(parts.values())


class Sheet:
    """The form of a team: its draft, else what was sent, else nothing yet."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.form = file.campaign.form
        scans = Scan.objects.filter(team=file.team, form=self.form)
        self.draft = scans.filter(submitted_on=None).first()
        self.sent = drafts.last_sent(file.team, self.form)
        self.previous = last_year_of(file.team, self.form.year)
        entries = entries_of(self.draft or self.sent)
        before = entries_of(self.previous)
        self.boxes = {
            field.name: Box(field, entries.get(field.name, Entry()), before.get(field.name))
            for field in fields_of(self.form)
        }

    @property
    def is_read_only(self) -> bool:
        """Sent: a correction is asked for, not begun by a slip of the finger."""
        return bool(self.sent and not self.draft) or not self.file.may_write

    def groups(self, errors: dict[str, str] | None = None) -> list[Group]:
        for box in self.boxes.values():
            box.error = box.error or (errors or {}).get(box.name, "")
        groups = groups_of(self.boxes.values())
        for group in groups:
            if group.is_table:
                group.error = (errors or {}).get(group.name, "")
        return groups

    def save(self, names: list[str], data: Any, by: Any, at: datetime) -> None:
        """Keep what was typed in these fields; what could not be kept stays on the page."""
        draft = drafts.draft_of(team=self.file.team, form=self.form)
        for name in names:
            box = self.boxes[name]
            writing = _writing(box, data)
            try:
                box.clash = drafts.save_answer(draft=draft, writing=writing, by=by, at=at)
            except WrongValue as refusal:
                box.keep(writing, typeset(str(refusal)))
            if box.clash:
                box.keep(writing)
        self.draft, entries = draft, entries_of(draft)
        for box in self.boxes.values():
            box.entry = entries.get(box.name, Entry())

    @property
    def is_clean(self) -> bool:
        return not any(box.clash or box.error for box in self.boxes.values())


def _writing(box: Box, data: Any) -> Writing:
    """« Inchangé » is last year's value; « reprendre » gives up one's own."""
    name, value = box.name, data.get(box.name, "")
    question = name_of(box.field.question_id)
    if box.before and data.get("same") in {name, question}:
        value = box.before.value
    seen = data.get(f"seen-{name}", "")
    if data.get("take") == name:
        value = seen
    return Writing(
        field=box.field,
        value=value,
        seen=seen,
        remark=data.get(f"remark-{name}", ""),
        seen_remark=data.get(f"seen-remark-{name}", ""),
    )


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: Request, team_id: int, year: int) -> HttpResponse:
    if request.method != "POST":
        return _page(request, Sheet(file_of(request, year, team_id)))
    sheet = Sheet(written_file(request, year, team_id))
    try:
        return _save(request, sheet)
    except DraftRefused as refusal:
        messages.error(request, typeset(str(refusal)))
        return sheet.file.to("renewal_form")


def _save(request: Request, sheet: Sheet) -> HttpResponse:
    only = (request.htmx.trigger or "").removeprefix(BOX) if request.htmx else ""
    names = [name for name in sheet.boxes if f"seen-{name}" in request.POST]
    if only in names:
        sheet.save([only], request.POST, request.user, timezone.now())
        context = sheet.file.context("renewal_form", box=sheet.boxes[only], sheet=sheet)
        return render(request, "members/renewal/field_state.html", context)
    sheet.save(names, request.POST, request.user, timezone.now())
    if not sheet.is_clean:
        return _page(request, sheet)
    messages.success(request, "Votre brouillon est enregistré.")
    return sheet.file.to("renewal_form")


def _page(request: Request, sheet: Sheet, errors: dict[str, str] | None = None) -> HttpResponse:
    groups = sheet.groups(errors)
    faults = [(box.name, box.field.label, box.error) for box in sheet.boxes.values() if box.error]
    faults += [
        (group.name, str(group.question.question), group.error) for group in groups if group.error
    ]
    context = sheet.file.context("renewal_form", sheet=sheet, parts=parts_of(groups), faults=faults)
    context["clashes"] = [box for box in sheet.boxes.values() if box.clash]
    return render(request, "members/renewal/form.html", context)


@access(SIGNED_IN)
@require_POST
def correct(request: Request, team_id: int, year: int) -> HttpResponse:
    """« Corriger »: a draft that starts from what was sent."""
    file = written_file(request, year, team_id)
    drafts.draft_of(team=file.team, form=file.campaign.form)
    return file.to("renewal_form")


@access(SIGNED_IN)
@require_POST
def send(request: Request, team_id: int, year: int) -> HttpResponse:
    """What the page shows is saved first: nobody sends something else than what they see."""
    file = answered_file(request, year, team_id)
    sheet = Sheet(file)
    at = timezone.now()
    try:
        names = [name for name in sheet.boxes if f"seen-{name}" in request.POST]
        sheet.save(names, request.POST, request.user, at)
        if not sheet.is_clean or sheet.draft is None:
            return _page(request, sheet)
        drafts.send(draft=sheet.draft, by=request.user, on=file.on, at=at)
    except FormIncomplete as refusal:
        return _page(request, sheet, refusal.problems)
    except DraftRefused as refusal:
        messages.error(request, typeset(str(refusal)))
        return file.to("renewal_form")
    messages.success(request, "Merci : votre formulaire est transmis, votre Scan’équipe est prêt.")
    return file.to("renewal_fee")
