"""What the list of events is searched by."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, QuerySet

from apmsl.lib.dates import today
from apmsl.lib.filters import WordsFilter
from events.enums import Format
from events.models import ActionKind, Event
from members.enums import Department
from toolbox.models import Theme

PAST, ALL = "past", "all"


def _themes() -> QuerySet[Theme, tuple[str, str]]:
    return Theme.objects.order_by("label", "pk").values_list("code", "label")


def _kinds() -> QuerySet[ActionKind, tuple[str, str]]:
    return ActionKind.objects.proposed().values_list("code", "label")


class EventFilter(django_filters.FilterSet):
    """Coming events unless another period is asked for."""

    search = WordsFilter(field_name="search_text", label="Titre ou lieu")
    period = django_filters.ChoiceFilter(
        label="Période",
        choices=[(PAST, "Passés"), (ALL, "Tous")],
        empty_label="À venir",
        method="keep",
    )
    kind = django_filters.ChoiceFilter(
        field_name="kind__code", label="Type", choices=_kinds, empty_label="Tous"
    )
    theme = django_filters.ChoiceFilter(
        field_name="theme__code", label="Thème", choices=_themes, empty_label="Tous"
    )
    department = django_filters.ChoiceFilter(
        label="Département", choices=Department, empty_label="Tous"
    )
    format = django_filters.ChoiceFilter(label="Modalité", choices=Format, empty_label="Toutes")
    mine = django_filters.BooleanFilter(
        label="Mes inscriptions", widget=forms.CheckboxInput, method="filter_mine"
    )
    for_me = django_filters.BooleanFilter(
        label="Pour moi en particulier", widget=forms.CheckboxInput, method="filter_for_me"
    )

    class Meta:
        model = Event
        fields = ("search", "period", "kind", "theme", "department", "format", "mine", "for_me")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.user.is_authenticated:
            del self.filters["mine"], self.filters["for_me"]

    def filter_queryset(self, queryset: Any) -> QuerySet[Event]:
        found: Any = super().filter_queryset(queryset)
        return self.in_order(found)

    def in_order(self, found: Any) -> QuerySet[Event]:
        on, period = today(), self.form.cleaned_data.get("period")  # none when it was wrong
        if period == ALL:
            found = found.order_by("-starts_on", "-pk")
        elif period == PAST:
            found = found.past(on)
        else:
            found = found.not_over(on)
        kept: QuerySet[Event] = found
        return kept

    def keep(self, queryset: Any, name: str, value: str) -> Any:
        """The period is applied last, with its order: see ``in_order``."""
        return queryset

    def filter_mine(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.mine(self.request.user.person) if value else queryset

    def filter_for_me(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.meant_for(self.request.user) if value else queryset


class MonthFilter(EventFilter):
    """The period is the month that is shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.filters["period"]

    def in_order(self, found: Any) -> QuerySet[Event]:
        by_hour: QuerySet[Event] = found.order_by(
            "starts_on", F("starts_at").asc(nulls_first=True), "pk"
        )
        return by_hour
