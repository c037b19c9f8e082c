"""What the two directories are searched by."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

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
        return queryset.in_teams(Team.objects.filter(department=value), today())

    def filter_role(self, queryset: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        posts = Position.objects.on(today()).filter(role=value)
        return queryset.filter(pk__in=posts.values("person"))
