"""What the staff decides about an event, beyond its own fields."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.utils.text import capfirst, slugify

from apmsl.lib.admin.euros import EurosField
from apmsl.lib.admin.widgets import AutocompleteMultiple
from apmsl.lib.dates import plausible
from apmsl.lib.identifiers import new_code
from apmsl.lib.typography import typeset
from events.enums import Repeat
from events.forms import LetterForm
from events.models import Event, EventLetter, Registration, Series
from events.services import copies
from members.models import Person


def _day_field(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        validators=[plausible],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **kwargs,
    )


# In the database: whole cents.
PRICES = {
    "price_cents": "En euros ; vide : gratuit. Un changement vaut pour les places obtenues ensuite : "
    "ce qui est déjà demandé garde son prix.",
    "guest_price_cents": "En euros ; vide : le même prix pour tout le monde.",
}


def price_field(db_field: Any) -> EurosField:
    help_text = typeset(PRICES[db_field.name])
    label = capfirst(db_field.verbose_name)
    return EurosField(label=label, required=False, help_text=help_text)


class PeopleForm(forms.Form):
    people = forms.ModelMultipleChoiceField(label="Personnes", queryset=Person.objects.all())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = Registration._meta.get_field("person")
        self.fields["people"].widget = AutocompleteMultiple(
            field, admin.site, choices=self.fields["people"].choices
        )


class ChosenLetterForm(forms.ModelForm):
    """To people chosen in a list; who they are is kept with the draft."""

    class Meta:
        model = EventLetter
        fields = ("subject", "text")
        labels = {"text": "Votre message"}
        help_texts = LetterForm.Meta.help_texts


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi n’a-t-il pas lieu\u202f?",
        max_length=300,
        help_text="Écrit sur la page de l’événement et dans le courriel, gardé pour le rapport "
        "d’activité.",
    )


class DuplicateForm(forms.Form):
    title = forms.CharField(label="Titre", max_length=200)
    starts_on = _day_field(
        "Le", help_text="Séances, programme et dates d’inscription sont décalés d’autant."
    )


class RepeatForm(forms.Form):
    """A rhythm or a list of days, one a line."""

    every = forms.ChoiceField(
        label="À quel rythme\u202f?",
        choices=[("", "Aux dates que j’écris plus bas"), *Repeat.choices],
        required=False,
    )
    first = _day_field("À partir du", required=False)
    count = forms.IntegerField(
        label="Combien d’événements\u202f?", min_value=1, max_value=copies.MOST, required=False
    )
    dates = forms.CharField(
        label="Dates",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Une par ligne, par exemple 12/03/2027.",
    )
    series = forms.ModelChoiceField(
        label="Série numérotée",
        queryset=Series.objects.none(),
        required=False,
        empty_label="Sans numéro",
        help_text="Chaque événement prend le numéro suivant de la série.",
    )
    new_series = forms.CharField(
        label="Ou une nouvelle série", required=False, max_length=150, help_text="Son titre."
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        series: Any = self.fields["series"]
        series.queryset = Series.objects.order_by("title", "pk")

    def clean_dates(self) -> list[date]:
        lines = [line.strip() for line in self.cleaned_data["dates"].splitlines()]
        return [_read_day(line) for line in lines if line]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.errors:
            return given
        if given["every"] and not (given["first"] and given["count"]):
            raise forms.ValidationError("Dites à partir de quand, et combien d’événements.")
        if not given["every"] and not given["dates"]:
            raise forms.ValidationError("Choisissez un rythme, ou écrivez les dates.")
        if given["series"] and given["new_series"]:
            raise forms.ValidationError(
                "Une série qui existe, ou une nouvelle\u202f: pas les deux."
            )
        return given

    def days(self) -> list[date]:
        given = self.cleaned_data
        if not given["every"]:
            return list(given["dates"])
        return copies.repeated(
            first=given["first"], every=Repeat(given["every"]), count=given["count"]
        )

    @transaction.atomic
    def make(self) -> list[Event]:
        """The series itself is made with the first of its events."""
        series = self.cleaned_data["series"]
        if title := self.cleaned_data["new_series"].strip():
            series = Series.objects.filter(title=title, kind=self.event.kind_id).first()
            series = series or Series.objects.create(
                title=title, kind=self.event.kind, code=_series_code(title)
            )
        return copies.create_series(event=self.event, days=self.days(), series=series)


def _read_day(line: str) -> date:
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(line, pattern).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
        plausible(day)
        return day
    raise forms.ValidationError(f"« {line} » n’est pas une date comme 12/03/2027.")


def _series_code(title: str) -> str:
    wished = slugify(title)[:40].strip("-")
    free = wished and not Series.objects.filter(code=wished).exists()
    return wished if free else new_code()
