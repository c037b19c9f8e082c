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
        live = event.registrations.live().values("person")
        free = colleagues.exclude(pk__in=live).select_related("profession").by_name()
        self.free: dict[str, Person] = {str(person.pk): person for person in free}
        people: Any = self.fields["people"]
        people.choices = [(key, _label(person)) for key, person in self.free.items()]
        if event.capacity is None or len(self.free) < 2:
            del self.fields["together"]  # there is a seat for everybody, or nobody to wait for

    def clean_people(self) -> list[Person]:
        return [self.free[key] for key in self.cleaned_data["people"]]


def _label(person: Person) -> str:
    return f"{person}, {person.profession.label.lower()}" if person.profession else str(person)
