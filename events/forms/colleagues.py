"""Whom to register."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from events.models import Event
from members.models import Person


class _PeopleField(forms.MultipleChoiceField):
    """Whom to propose, and whom to accept: pressed twice, a form names people registered since."""

    known: Mapping[str, Person] = MappingProxyType({})

    def valid_value(self, value: str) -> bool:
        return str(value) in self.known


class ColleaguesForm(forms.Form):
    """The people of one's teams who are not registered yet, to be ticked."""

    people = _PeopleField(
        label="Qui voulez-vous inscrire\u00a0?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins une personne.",
            "invalid_choice": "Une personne cochée n’est plus dans votre équipe : vérifiez la liste.",
        },
    )

    together = forms.ChoiceField(
        label="S’il n’y a pas de place pour tout le monde",
        choices=[
            ("", "Chacun·e entre dès qu’une place se libère"),
            ("yes", "Tous ensemble : personne n’entre avant les autres"),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )

    def __init__(self, *args: Any, event: Event, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = event.registrations.live().filter(person=OuterRef("pk"))
        everybody = colleagues.annotate(has_place=Exists(live)).select_related("profession")
        self.known: dict[str, Any] = {str(row.pk): row for row in everybody.by_name()}
        self.free = {key: row for key, row in self.known.items() if not row.has_place}
        people: Any = self.fields["people"]
        people.known = self.known
        people.choices = [(key, _label(person)) for key, person in self.free.items()]
        if event.capacity is None or len(self.free) < 2:
            del self.fields["together"]  # there is a seat for everybody, or nobody to wait for

    def clean_people(self) -> list[Person]:
        return [self.known[key] for key in self.cleaned_data["people"]]


def _label(person: Person) -> str:
    return f"{person}, {person.profession.label.lower()}" if person.profession else str(person)
