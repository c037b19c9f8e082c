"""Filters that several lists share."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from apmsl.lib.text import searched


class WordsFilter(django_filters.CharFilter):
    """Every word, in any order, without case or accents: « goff anne » finds Anne Le Goff.

    Its field holds normalised text (``apmsl.lib.text``).
    """

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        for word in searched(value or ""):
            qs = qs.filter(**{f"{self.field_name}__contains": word})
        return qs
