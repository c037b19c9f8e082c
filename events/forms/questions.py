"""The event's own questions to those who register."""

from typing import Any

from django import forms

from apmsl.lib.typography import typeset
from events.enums import QuestionType
from events.models import Event, Registration, RegistrationQuestion

YES_NO = [("Oui", "Oui"), ("Non", "Non")]
_PREFIX = "question_"
_FEW = 6  # choices that are read at a glance


class AnswersForm(forms.Form):
    def __init__(
        self,
        *args: Any,
        event: Event,
        registration: Registration | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        known = registration.answers.values_list("question", "value") if registration else []
        answered = dict(known)
        self.questions = list(event.questions.order_by("position", "pk"))
        for question in self.questions:
            field = _field(question)
            field.initial = answered.get(question.pk, "")
            self.fields[f"{_PREFIX}{question.pk}"] = field

    @property
    def has_lost_a_question(self) -> bool:
        """Withdrawn since the page was drawn."""
        return any(key.startswith(_PREFIX) and key not in self.fields for key in self.data)

    def answers(self) -> dict[int, str]:
        return {q.pk: self.cleaned_data[f"{_PREFIX}{q.pk}"] for q in self.questions}


def _field(question: RegistrationQuestion) -> forms.Field:
    told: dict[str, Any] = {
        "label": typeset(question.text),
        "required": question.required,
        "help_text": "Effacé le lendemain de l’événement." if question.is_temporary else "",
    }
    if question.type == QuestionType.TEXT:
        return forms.CharField(max_length=500, **told)
    choices = YES_NO if question.type == QuestionType.YES_NO else _choices(question)
    if len(choices) <= _FEW:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **told)
    return forms.ChoiceField(choices=[("", "Choisissez"), *choices], **told)


def _choices(question: RegistrationQuestion) -> list[tuple[str, str]]:
    return [(choice, choice) for choice in question.choices]
