"""What the two directories are searched by."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from apmsl.lib import geography
from apmsl.lib.dates import today
from apmsl.lib.filters import WordsFilter
from apmsl.lib.text import searched
from members.enums import Department, PositionRole, Stage
from members.models import Person, Position, Profession, Team
from members.models.people import PersonQuerySet


class TeamFilter(django_filters.FilterSet):
    search = WordsFilter(field_name="search_text", label="Nom, commune ou code postal")
    department = django_filters.ChoiceFilter(
        label="Département", choices=Department, empty_label="Tous"
    )
    stage = django_filters.ChoiceFilter(
        label="Étape", choices=Stage, empty_label="Toutes", method="filter_stage"
    )

    class Meta:
        model = Team
        fields = ("search", "department", "stage")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.user.is_staff:  # others do not see closed teams
            self.filters["stage"].extra["choices"] = [
                choice for choice in Stage.choices if choice[0] != Stage.CLOSED
            ]

    def filter_stage(self, queryset: Any, name: str, value: str) -> QuerySet[Team]:
        found: QuerySet[Team] = queryset.at_stage(value, today())
        return found


class MapFilter(TeamFilter):
    """What the public may narrow the map by; the place searched for stays while one does."""

    stage = django_filters.ChoiceFilter(
        label="Étape",
        choices=[(stage.value, stage.label) for stage in (Stage.CONSTITUTED, Stage.IN_PROJECT)],
        empty_label="Toutes",
        method="filter_stage",
    )
    place = django_filters.CharFilter(method="keep", widget=forms.HiddenInput)
    commune = django_filters.CharFilter(method="keep", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        choices = self.base_filters["stage"].extra["choices"]
        super().__init__(*args, **kwargs)
        self.filters["stage"].extra["choices"] = choices

    def filter_stage(self, queryset: Any, name: str, value: str) -> QuerySet[Team]:
        on = today()
        constituted: QuerySet[Team] = queryset.constituted_on_day(on)
        return constituted if value == Stage.CONSTITUTED else queryset.in_project_on_day(on)

    def keep(self, queryset: QuerySet[Team], name: str, value: str) -> QuerySet[Team]:
        return queryset


class PlaceForm(forms.Form):
    """A commune of the region by its name or postcode: ``commune`` once one is meant,
    ``suggestions`` while several could be."""

    place = forms.CharField(
        label="Commune ou code postal",
        required=False,
        max_length=60,
        widget=forms.TextInput({"autocomplete": "postal-code"}),
        error_messages={"max_length": "Donnez le nom d’une commune ou un code postal."},
    )
    commune = forms.CharField(required=False, widget=forms.HiddenInput)

    found: geography.Commune | None = None
    suggestions: Sequence[geography.Commune] = ()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.found = geography.commune(given.get("commune", ""))
        if self.found is None and given.get("place"):
            self._look_for(given["place"])
        return given

    def _look_for(self, typed: str) -> None:
        postcode = typed.replace(" ", "").replace("\u00a0", "")
        if postcode.isdecimal():
            same = geography.by_postcode(postcode)
        else:
            same = geography.by_name(typed) or geography.search(typed)
        if not same:
            self.add_error(
                "place",
                f"Aucune commune des Pays de la Loire ne correspond à «\u00a0{typed}\u00a0»."
                " Vérifiez l’orthographe, ou essayez son code postal.",
            )
        elif len(same) == 1:
            self.found = same[0]
        else:
            self.suggestions = sorted(same, key=lambda commune: (commune.name, commune.insee_code))


class NameFilter(django_filters.CharFilter):
    """Beginnings of names, in any order, without accents: « gof anne » finds Anne Le Goff, and
    « le » no Adèle."""

    def filter(self, qs: QuerySet[Person], value: str) -> QuerySet[Person]:
        for word in searched(value or ""):
            qs = qs.filter(Q(sort_name__startswith=word) | Q(sort_name__contains=f" {word}"))
        return qs


class PersonFilter(django_filters.FilterSet):
    search = NameFilter(field_name="sort_name", label="Nom ou prénom")
    department = django_filters.ChoiceFilter(
        label="Département",
        choices=Department,
        empty_label="Tous",
        method="filter_department",
    )
    profession = django_filters.ModelChoiceFilter(
        label="Profession",
        queryset=Profession.objects.order_by("label", "pk"),
        to_field_name="code",
        empty_label="Toutes",
    )
    role = django_filters.ChoiceFilter(
        label="Fonction dans l’équipe",
        choices=PositionRole,
        empty_label="Toutes",
        method="filter_role",
    )

    class Meta:
        model = Person
        fields = ("search", "department", "profession", "role")

    def filter_department(
        self, queryset: PersonQuerySet, name: str, value: str
    ) -> QuerySet[Person]:
        teams = Team.objects.open_on(today()).filter(department=value)
        return queryset.in_teams(teams, today())

    def filter_role(self, queryset: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        teams = Team.objects.open_on(today())
        posts = Position.objects.on(today()).filter(role=value, team__in=teams)
        return queryset.filter(pk__in=posts.values("person"))

    def linked(self, *, each: bool = False) -> PersonQuerySet:
        """Who is found, of those who are linked today. Those of an open team, or with a post there,
        are: asking once more of 50,000 people would take as long as finding them."""
        found = self.qs if not each else self.filter_queryset(self.queryset.all())
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        if asked.get("department") or asked.get("role"):
            return found
        return found.linked_on(today(), each=each)
