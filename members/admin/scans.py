"""The yearly form: its questions, and what teams answered."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from apmsl.lib.admin.model import PortalInline, PortalModelAdmin, ReadOnlyInline, link_to
from apmsl.lib.admin.sheets import SheetsModelAdmin
from members.models import (
    FormQuestion,
    FormSection,
    Question,
    Scan,
    ScanAnswer,
    ScanForm,
    ScanHeadcount,
)
from members.services import questions


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


class _OfAFormNobodyAnswered:
    """What teams answered is not changed under them: those questions are read, the next year's are
    written."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_answered(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_answered(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_answered(obj)


def _is_answered(row: Any) -> bool:
    """A form, or one of its questions."""
    form = row.form if isinstance(row, FormQuestion) else row
    return form is not None and form.is_answered


class FormSectionInline(_OfAFormNobodyAnswered, PortalInline):
    model = FormSection
    verbose_name_plural = "parties, dans l’ordre"
    tab = False
    fields = ("rank", "title", "help_text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FormSection]:
        return super().get_queryset(request).order_by("rank", "pk")


class FormQuestionInline(_OfAFormNobodyAnswered, PortalInline):
    """Which questions, where, in which order; their rules stand on a page of their own."""

    model = FormQuestion
    verbose_name_plural = "questions"
    tab = False
    per_page = 100
    fields = ("section", "rank", "question", "is_required", "is_publishable", "told_rules")
    readonly_fields = ("told_rules",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[FormQuestion]:
        rows = super().get_queryset(request).select_related("question", "at_most", "section")
        return rows.order_by(F("section__rank").asc(nulls_first=True), "section", "rank", "pk")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The parts are those of this form; what may be chosen is read once, not for each row."""
        formset = super().get_formset(request, obj, **kwargs)
        fields = formset.form.base_fields
        if "section" in fields:
            fields["section"].queryset = FormSection.objects.filter(form=obj).order_by("rank", "pk")
        for field in (fields[name] for name in ("section", "question") if name in fields):
            field.choices = list(field.choices)
        return formset

    @display(description="mots et règles")
    def told_rules(self, question: FormQuestion) -> str:
        if not question.pk:
            return "–"
        page = reverse("admin:members_formquestion_change", args=[question.pk])
        return link_to(page, "Modifier", " ; ".join(_rules(question)))


def _rules(question: FormQuestion) -> Iterator[str]:
    if question.wording:
        yield f"« {question.wording} »"
    if question.minimum is not None:
        yield f"au moins {question.minimum}"
    if question.maximum is not None:
        yield f"au plus {question.maximum}"
    if question.at_most:
        yield f"pas plus que « {question.at_most} »"
    if question.big_variation is not None:
        yield f"un mot au-delà de {question.big_variation} % d’écart"


@admin.register(FormQuestion)
class FormQuestionAdmin(_OfAFormNobodyAnswered, PortalModelAdmin):
    """Reached from its form."""

    list_display = ("question", "of_form", "section", "rank", "is_required", "is_publishable")
    list_filter = ("form__year",)
    list_select_related = ("question", "form", "section")
    search_fields = ("question__label", "wording")
    ordering = ("-form__year", "rank", "pk")
    readonly_fields = ("of_form", "question")
    fields = (
        ("of_form", "question"),
        ("section", "rank"),
        "wording",
        "help_text",
        "choices",
        ("is_required", "is_publishable"),
        ("minimum", "maximum"),
        ("at_most", "big_variation"),
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        if obj is not None and "section" in form.base_fields:
            field: Any = form.base_fields["section"]
            field.queryset = obj.form.sections.order_by("rank", "pk")
        return form

    @display(description="formulaire", ordering="form__year")
    def of_form(self, question: FormQuestion) -> str:
        return str(question.form)

    def response_change(self, request: HttpRequest, obj: FormQuestion) -> HttpResponse:
        """Back to the questions of the year."""
        if "_continue" in request.POST:
            return super().response_change(request, obj)
        messages.success(request, f"La question « {obj.question} » est modifiée.")
        return redirect(reverse("admin:members_scanform_change", args=[obj.form_id]))


@admin.register(ScanForm)
class ScanFormAdmin(PortalModelAdmin):
    list_display = ("title", "asked", "sent")
    ordering = ("-year",)
    inlines = (FormSectionInline, FormQuestionInline)
    actions_detail = ("preview",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScanForm]:
        sent = Count("scans", filter=Q(scans__submitted_on__isnull=False), distinct=True)
        asked = Count("form_questions", distinct=True)
        return super().get_queryset(request).annotate(sent_count=sent, asked_count=asked)

    def get_readonly_fields(self, request: HttpRequest, obj: ScanForm | None = None) -> Any:
        return ("year",) if obj else ()

    @action(description="Voir comme une équipe", icon="visibility", url_path="apercu")
    def preview(self, request: HttpRequest, object_id: int) -> HttpResponse:
        form = self.get_queryset(request).get(pk=object_id)
        return redirect(reverse("members:form_preview", args=[form.year]))

    @display(description="formulaire", ordering="year")
    def title(self, form: ScanForm) -> str:
        return str(form)

    @display(description="questions", ordering="asked_count")
    def asked(self, form: Any) -> int:
        return form.asked_count

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

    def save_model(self, request: HttpRequest, obj: Question, form: Any, change: bool) -> None:
        """Years that were answered keep the words that were read."""
        questions.word(question=obj) if change else super().save_model(request, obj, form, change)
