"""What the staff tells beside the figures of a year: actions, precisions, testimonies, words."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apmsl.lib.admin.shared import SharedModelAdmin
from apmsl.lib.typography import plural
from reports import indicators, services
from reports.forms import ActionOfYearForm, DefinitionBreakForm, FigureNoteForm
from reports.models import ActionOfYear, DefinitionBreak, FigureNote, Testimony, WordCloud


@admin.register(ActionOfYear)
class ActionOfYearAdmin(SharedModelAdmin):
    form = ActionOfYearForm
    list_display = ("name_of_year", "year", "beginning", "is_new", "has_photo")
    list_filter = ("year", "is_new")
    search_fields = ("key", "objective", "allowed", "partners")
    ordering = ("-year", "key")
    fieldsets = (
        (None, {"fields": ("year", "key", "is_new")}),
        ("Ce que dit la page", {"fields": ("objective", "allowed", "partners")}),
        ("Photo", {"fields": ("photo", "caption", "credit")}),
    )
    actions = ("carry_over",)

    @display(description="action")
    def name_of_year(self, action: ActionOfYear) -> str:
        return action.name

    @display(description="objectif")
    def beginning(self, action: ActionOfYear) -> str:
        return f"{action.objective[:80]}…" if len(action.objective) > 80 else action.objective

    @display(description="photo", boolean=True)
    def has_photo(self, action: ActionOfYear) -> bool:
        return bool(action.photo)

    @admin.action(description="Reprendre ces actions l’année suivante")
    def carry_over(self, request: HttpRequest, queryset: QuerySet[ActionOfYear]) -> None:
        count = services.carry_actions_over(queryset)
        if not count:
            messages.info(request, "Aucune action à reprendre : l’année suivante les a déjà.")
            return
        said = plural(count, "action reprise", "actions reprises")
        messages.success(request, f"{said}. Relisez ce qui est dit de chacune.")


@admin.register(FigureNote)
class FigureNoteAdmin(SharedModelAdmin):
    form = FigureNoteForm
    list_display = ("figure", "year", "text")
    list_filter = ("year",)
    search_fields = ("figure", "text")
    ordering = ("-year", "figure")


@admin.register(DefinitionBreak)
class DefinitionBreakAdmin(SharedModelAdmin):
    form = DefinitionBreakForm
    list_display = ("title_of_figure", "year", "reason")
    list_filter = ("year",)
    search_fields = ("figure", "reason")
    ordering = ("figure", "-year")

    @display(description="chiffre", ordering="figure")
    def title_of_figure(self, told: DefinitionBreak) -> str:
        """Its key where it is no figure any more."""
        known = indicators.DECLARED.get(told.figure)
        return known.title if known else told.figure


@admin.register(Testimony)
class TestimonyAdmin(SharedModelAdmin):
    list_display = ("beginning", "year", "subject", "role", "team", "agreed_on")
    list_filter = ("year", ("subject", ChoicesDropdownFilter))
    list_select_related = ("team",)
    search_fields = ("body", "author", "role", "organisation")
    autocomplete_fields = ("team",)
    ordering = ("-year", "subject", "position", "pk")

    @display(description="témoignage")
    def beginning(self, testimony: Testimony) -> str:
        return str(testimony)


@admin.register(WordCloud)
class WordCloudAdmin(SharedModelAdmin):
    list_display = ("title", "year", "subject", "most_said")
    list_filter = ("year", ("subject", ChoicesDropdownFilter))
    search_fields = ("title", "answers")
    ordering = ("-year", "subject", "pk")

    @display(description="les plus dits")
    def most_said(self, cloud: WordCloud) -> str:
        return ", ".join(f"{word} ({times})" for word, times in cloud.tally[:3])
