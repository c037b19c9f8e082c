"""Records that look like one person's: found, compared side by side, made one or set apart."""

from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from unfold.decorators import action

from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.typography import typeset
from members.models import Person
from members.services import duplicates, merging

PAIRS_A_PAGE = 25


class DuplicatesAdmin(SheetsModelAdmin):
    """The pages of duplicates, beside the list of people."""

    table = "people"
    actions_list = ("duplicates",)

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.merge_view)
        return [path("reunir/", page, name="members_person_merge"), *super().get_urls()]

    @action(description="Doublons", icon="join_inner", url_path="doublons")
    def duplicates(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            _set_apart(request)
            return redirect(request.get_full_path())
        page = Paginator(duplicates.find(), PAIRS_A_PAGE).get_page(request.GET.get("page"))
        people = _people({pk for pair in page for pk in (pair.first, pair.second)})
        pairs = [(pair, [people.get(pair.first), people.get(pair.second)]) for pair in page]
        context = {
            **self.admin_site.each_context(request),
            "title": "Doublons",
            "page": page,
            "pairs": [(pair, both) for pair, both in pairs if all(both)],
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/members/duplicates.html", context)

    @admin.action(description="Comparer et réunir deux fiches")
    def compare(self, request: HttpRequest, queryset: QuerySet[Person]) -> HttpResponse | None:
        chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(chosen) == 2:
            return redirect(_merge_url(*chosen))
        self.message_user(request, "Choisissez exactement deux fiches.", messages.ERROR)
        return None

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        given = request.POST if request.method == "POST" else request.GET
        kept, gone = _number(given.get("conservee")), _number(given.get("reunie"))
        if request.method == "POST" and _merge(request, kept, gone):
            return redirect(reverse("admin:members_person_history", args=[_left(kept, gone)]))
        people = _people({kept, gone})
        if kept not in people or gone not in people:
            return _already(request, kept, gone)
        context = {
            **self.admin_site.each_context(request),
            "title": "Réunir deux fiches",
            "plan": merging.plan(kept=people[kept], gone=people[gone]),
            "swapped_url": _merge_url(gone, kept),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/members/merge.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        person = self.get_object(request, object_id)
        merges = merging.merges_of(person) if isinstance(person, Person) else []
        return super().history_view(request, object_id, {"merges": merges, **(extra_context or {})})


def _people(numbers: set[int]) -> dict[int, Person]:
    found = Person.objects.filter(pk__in=numbers).select_related("account")
    shown = found.with_links_on(today()).prefetch_related("emails")
    return {person.pk: person for person in shown}


def _number(text: str | None) -> int:
    if not text or not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)


def _merge_url(kept: int, gone: int) -> str:
    return f"{reverse('admin:members_person_merge')}?conservee={kept}&reunie={gone}"


def _left(kept: int, gone: int) -> int:
    return kept if Person.objects.filter(pk=kept).exists() else gone


def _merge(request: HttpRequest, kept: int, gone: int) -> bool:
    taken = [name for name, value in request.POST.items() if value == "reunie-valeur"]
    by: Any = request.user
    try:
        done = merging.merge(
            kept=kept,
            gone=gone,
            taken=taken,
            by=by,
            on=today(),
            at=timezone.now(),
            shown=request.POST.get("montre", ""),
        )
    except merging.MergeRefused as refusal:
        messages.error(request, typeset(str(refusal)))
        return False
    told = f"Les deux fiches n’en font plus qu’une : {done.kept}."
    messages.success(request, typeset(told))
    return True


def _already(request: HttpRequest, kept: int, gone: int) -> HttpResponse:
    """Someone else was faster, or the link is an old one."""
    if (left := Person.objects.filter(pk__in={kept, gone}).first()) is None:
        raise Http404
    messages.info(request, "L’une de ces deux fiches n’existe plus.")
    return redirect(reverse("admin:members_person_change", args=[left.pk]))


def _set_apart(request: HttpRequest) -> None:
    first, _, second = request.POST.get("paire", "").partition("-")
    by: Any = request.user
    merging.set_apart(people=(_number(first), _number(second)), by=by, at=timezone.now())
    messages.info(request, "Noté : ce sont deux personnes. La paire n’est plus proposée.")
