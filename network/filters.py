from datetime import MAXYEAR, MINYEAR

import django_filters

from network.enums import ArticleKind, LetterKind
from network.models import Article, Newsletter


class LetterFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label="Lettre", choices=LetterKind, empty_label="Toutes")
    year = django_filters.NumberFilter(
        label="Année",
        field_name="sent_on",
        lookup_expr="year",
        min_value=MINYEAR,  # other years exist in no calendar, and break the query
        max_value=MAXYEAR,
    )

    class Meta:
        model = Newsletter
        fields = ("kind", "year")


class ArticleFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label="Rubrique", choices=ArticleKind, empty_label="Toutes")

    class Meta:
        model = Article
        fields = ("kind",)
