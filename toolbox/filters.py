import django_filters
from django.db.models import QuerySet

from apmsl.lib.filters import WordsFilter
from members.enums import Department
from toolbox.enums import JobKind, ToolKind
from toolbox.models import JobPosting, Theme, Tool


class ToolFilter(django_filters.FilterSet):
    search = WordsFilter(field_name="search_text", label="Mots du titre ou du résumé")
    kind = django_filters.ChoiceFilter(label="Type d’outil", choices=ToolKind, empty_label="Tous")
    theme = django_filters.ModelChoiceFilter(
        label="Thème",
        queryset=Theme.objects.filter(tools__isnull=False).distinct().order_by("label", "pk"),
        to_field_name="code",
        empty_label="Tous",
    )
    order = django_filters.ChoiceFilter(
        label="Classer par",
        choices=[("views", "Les plus consultés")],
        empty_label="Les plus récents",
        method="sort",
    )

    class Meta:
        model = Tool
        fields = ("search", "kind", "theme", "order")

    def sort(self, queryset: QuerySet[Tool], name: str, value: str) -> QuerySet[Tool]:
        return queryset.order_by("-views", "-published_on", "pk")


class JobFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label="Type d’offre", choices=JobKind, empty_label="Toutes")
    department = django_filters.ChoiceFilter(
        label="Département",
        field_name="team__department",
        choices=Department,
        empty_label="Tous",
    )

    class Meta:
        model = JobPosting
        fields = ("kind", "department")
