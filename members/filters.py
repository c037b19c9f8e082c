"""What the two directories are searched by."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from apmsl.lib.dates import today
from apmsl.lib.filters import WordsFilter
from apmsl.lib.text import normalise
from members.enums import Department, PositionRole, Stage
from members.models import Affiliation, Person, Position, Profession, Team


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


class NameFilter(django_filters.CharFilter):
    """Beginnings of names, in any order, without accents: « gof anne » finds Anne Le Goff, and
    « le » no Adèle."""

    def filter(self, qs: QuerySet[Person], value: str) -> QuerySet[Person]:
        for word in normalise(value or "").split():
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
        self, queryset: QuerySet[Person], name: str, value: str
    ) -> QuerySet[Person]:
        teams = Team.objects.filter(department=value)
        practices = Affiliation.objects.on(today()).filter(team__in=teams)
        posts = Position.objects.on(today()).filter(team__in=teams)
        return queryset.filter(
            Q(pk__in=practices.values("person")) | Q(pk__in=posts.values("person"))
        )

    def filter_role(self, queryset: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        posts = Position.objects.on(today()).filter(role=value)
        return queryset.filter(pk__in=posts.values("person"))
