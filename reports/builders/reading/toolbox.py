"""What the teams found on the portal, read there, and borrowed."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from network.models import Article
from reports.indicators import Scope
from toolbox.enums import JobKind
from toolbox.models import Equipment, JobPosting, Tool

MOST_READ = 6


def tools(scope: Scope, codes: Sequence[str]) -> list[tuple[str, int]]:
    views = Sum("months__views", filter=scope.in_year("months__month"))
    found = Tool.objects.filter(code__in=codes).annotate(seen=Coalesce(views, 0))
    rows = {code: (title, seen) for code, title, seen in found.values_list("code", "title", "seen")}
    return [rows[code] for code in codes if code in rows]


def equipment(scope: Scope) -> list[tuple[str, int, int, int]]:
    asked = Count("loans", filter=scope.in_year("loans__requested_on"))
    found = Equipment.objects.annotate(asked=asked).order_by("name", "pk")
    return list(found.values_list("name", "copies", "asked", "digital_copies"))


def articles(scope: Scope) -> list[tuple[str, date, int]]:
    """The most read of the year."""
    found = Article.objects.filter(scope.in_year("published_on"))
    ordered = found.order_by("-views", "published_on", "pk")
    return list(ordered.values_list("title", "published_on", "views")[:MOST_READ])


def postings(scope: Scope) -> list[tuple[str, int, int]]:
    """By kind, in the order of their kinds."""
    found = JobPosting.objects.filter(scope.in_year("published_on")).order_by()
    counted = {
        kind: (count, views)
        for kind, count, views in found.values_list("kind").annotate(Count("pk"), Sum("views"))
    }
    return [(kind.label, *counted[kind]) for kind in JobKind if kind in counted]
