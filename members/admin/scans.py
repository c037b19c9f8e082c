"""The yearly form: its questions, and what teams answered."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apmsl.lib.admin.model import PortalInline, PortalModelAdmin, ReadOnlyInline
from apmsl.lib.admin.sheets import SheetsModelAdmin
from members.models import (
    FormQuestion,
    Question,
    Scan,
    ScanAnswer,
    ScanForm,
    ScanHeadcount,
)


class ScanAnswerInline(PortalInline):
    model = ScanAnswer
    verbose_name_plural = "réponses"
    fields = ("question", "yes", "number", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScanAnswer]:
        return super().get_queryset(request).select_related("question").order_by("question__key")


class ScanHeadcountInline(ReadOnlyInline):
    model = ScanHeadcount
    verbose_name_plural = "effectifs"
    fields = ("profession", "headcount")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScanHeadcount]:
        rows = super().get_queryset(request).select_related("profession", "question")
        return rows.order_by("-headcount", "pk")


class SentFilter(admin.SimpleListFilter):
    title = "envoi"
    parameter_name = "envoi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "Envoyés"), ("non", "Brouillons")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Scan]) -> QuerySet[Scan]:
        if self.value() is None:
            return queryset
        return queryset.filter(submitted_on__isnull=self.value() == "non")


@admin.register(Scan)
class ScanAdmin(SheetsModelAdmin):
    table = "scans"
    list_display = ("team", "form", "submitted_on")
    list_filter = ("form", SentFilter, ("team__department", ChoicesDropdownFilter))
    list_select_related = ("team", "form")
    search_fields = ("team__search_text",)
    autocomplete_fields = ("team",)
    ordering = ("-form__year", "team__sort_name", "pk")
    inlines = (ScanAnswerInline, ScanHeadcountInline)


class FormQuestionInline(PortalInline):
    model = FormQuestion
    verbose_name_plural = "questions"
    fields = (
        "rank",
        "question",
        "wording",
        "help_text",
        "is_required",
        "minimum",
        "maximum",
        "at_most",
        "big_variation",
        "is_publishable",
        "choices",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[FormQuestion]:
        rows = super().get_queryset(request).select_related("question", "at_most")
        return rows.order_by("rank", "pk")

    def has_add_permission(self, request: HttpRequest, obj: ScanForm | None = None) -> bool:
        return not _is_answered(obj)

    def has_change_permission(self, request: HttpRequest, obj: ScanForm | None = None) -> bool:
        return not _is_answered(obj)

    def has_delete_permission(self, request: HttpRequest, obj: ScanForm | None = None) -> bool:
        return not _is_answered(obj)


def _is_answered(form: Any) -> bool:
    """What teams answered is not changed under them: those questions are read, the next year's are
    written."""
    return bool(getattr(form, "sent_count", 0))


@admin.register(ScanForm)
class ScanFormAdmin(PortalModelAdmin):
    list_display = ("year", "sent")
    ordering = ("-year",)
    inlines = (FormQuestionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScanForm]:
        sent = Count("scans", filter=Q(scans__submitted_on__isnull=False))
        return super().get_queryset(request).annotate(sent_count=sent)

    @display(description="envois", ordering="sent_count")
    def sent(self, form: Any) -> int:
        return form.sent_count


@admin.register(Question)
class QuestionAdmin(PortalModelAdmin):
    list_display = ("label", "kind", "key")
    list_filter = (("kind", ChoicesDropdownFilter),)
    search_fields = ("label", "key")
    ordering = ("key",)

    def get_readonly_fields(self, request: HttpRequest, obj: Question | None = None) -> Any:
        """Answers are kept by the key and in the kind: once a form asks it, only words change."""
        asked = obj is not None and obj.form_questions.exists()
        return ("key", "kind") if asked else ()
