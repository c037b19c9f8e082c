"""What is checked when a form is sent: each problem by the name of its field, in French."""

from collections.abc import Iterator, Mapping

from apmsl.lib.typography import number, percent
from members.enums import QuestionKind
from members.models import FormQuestion, Profession, Scan, Team
from members.services.answers import Entry, Field, entries_of, fields_for, name_of, questions_of

Entries = Mapping[str, Entry]


def last_year_of(team: Team, year: int) -> Scan | None:
    """What the team sent last, for a year before."""
    sent = Scan.objects.sent().filter(team=team, form__year__lt=year).select_related("form")
    return sent.order_by("-form__year", "-submitted_on", "pk").first()


def problems(draft: Scan) -> dict[str, str]:
    """Empty: it may be sent."""
    entries = entries_of(draft)
    before = entries_of(last_year_of(draft.team, draft.form.year))
    professions = list(Profession.objects.order_by("label", "pk"))
    found: dict[str, str] = {}
    for question in questions_of(draft.form):
        for name, message in _of_question(question, entries, before, professions):
            found.setdefault(name, message)
    return found


def _of_question(
    question: FormQuestion, entries: Entries, before: Entries, professions: list[Profession]
) -> Iterator[tuple[str, str]]:
    name = name_of(question.question_id)
    total = total_of(question, entries, professions)
    if total is None and question.is_required and not _answered(question, entries):
        yield name, "Cette réponse est nécessaire."
    if total is not None:
        yield from ((name, message) for message in _bounds(question, total, entries, professions))
    for field in fields_for(question, professions):
        if needs_a_word(field, entries.get(field.name), before.get(field.name)):
            yield field.name, word_wanted(field, before[field.name])


def _answered(question: FormQuestion, entries: Entries) -> bool:
    return name_of(question.question_id) in entries


def total_of(question: FormQuestion, entries: Entries, professions: list[Profession]) -> int | None:
    """The number that a question gives: a count per profession gives its sum."""
    if question.question.kind not in {QuestionKind.NUMBER, QuestionKind.PROFESSION_COUNT}:
        return None
    names = [field.name for field in fields_for(question, professions)]
    values = [int(entries[name].value) for name in names if name in entries]
    return sum(values) if values else None


def _bounds(
    question: FormQuestion, total: int, entries: Entries, professions: list[Profession]
) -> Iterator[str]:
    if question.minimum is not None and total < question.minimum:
        yield f"Au moins {number(question.minimum)} : vous avez écrit {number(total)}."
    if question.maximum is not None and total > question.maximum:
        yield f"Au plus {number(question.maximum)} : vous avez écrit {number(total)}."
    if question.at_most is None:
        return
    other = FormQuestion(question=question.at_most)
    limit = total_of(other, entries, professions)
    if limit is not None and total > limit:
        yield (
            f"Vous avez écrit {number(total)}, plus que la réponse à "
            f"« {question.at_most.label} » ({number(limit)})."
        )


# -- variations ------------------------------------------------------------------------------------
def varies_much(field: Field, entry: Entry | None, before: Entry | None) -> bool:
    """By more than the share that the question bears, since the last year that was sent."""
    limit = field.form_question.big_variation
    if limit is None or not field.is_number or not before or not entry or not entry.value:
        return False
    now, then = int(entry.value or 0), int(before.value or 0)
    return abs(now - then) * 100 > limit * then


def needs_a_word(field: Field, entry: Entry | None, before: Entry | None) -> bool:
    return varies_much(field, entry, before) and not (entry and entry.remark)


def word_wanted(field: Field, before: Entry) -> str:
    limit = percent(field.form_question.big_variation or 0)
    return (
        f"L’écart avec l’an dernier ({field.shown(before.value)}) dépasse {limit} : "
        "dites-en un mot, ou corrigez."
    )
