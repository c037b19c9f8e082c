"""Whom to register."""

from typing import Any

from django import forms

from events.models import Event
from members.models import Person


class ColleaguesForm(forms.Form):
    """The people of one's teams who are not registered yet, to be ticked."""

    people = forms.MultipleChoiceField(
        label="Qui voulez-vous inscrire\u00a0?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une personne."},
    )

    def __init__(self, *args: Any, event: Event, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = event.registrations.live().values("person")
        free = colleagues.exclude(pk__in=live).select_related("profession").by_name()
        self.free: dict[str, Person] = {str(person.pk): person for person in free}
        people: Any = self.fields["people"]
        people.choices = [(key, _label(person)) for key, person in self.free.items()]

    def clean_people(self) -> list[Person]:
        return [self.free[key] for key in self.cleaned_data["people"]]


def _label(person: Person) -> str:
    return f"{person}, {person.profession.label.lower()}" if person.profession else str(person)
