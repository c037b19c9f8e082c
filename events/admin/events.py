"""Events, as the staff prepares and follows them."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from apmsl.lib import pdf
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.typography import period, plural
from events.admin import forms, intake, pages, sheets, statistics, tabs
from events.admin.changes import TellsChanges
from events.admin.saved import SavedFiltersMixin
from events.builders import attendance_sheet_html
from events.enums import EventStatus, RegistrationStatus, SavedList
from events.models import Attendance, Event, EventQuerySet
from events.services import copies


class WhenFilter(admin.SimpleListFilter):
    title = "période"
    parameter_name = "periode"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("a-venir", "À venir"), ("passes", "Passés")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        if self.value() == "a-venir":
            return queryset.filter(ends_on__gte=today())
        if self.value() == "passes":
            return queryset.filter(ends_on__lt=today())
        return queryset


@admin.register(Event)
class EventAdmin(SavedFiltersMixin, TellsChanges, SheetsModelAdmin):
    table = "events"
    saved_list = SavedList.EVENTS
    list_display = ("title", "when", "kind", "shown_status", "seats", "waiting", "offered")
    list_filter = (
        WhenFilter,
        ("status", ChoicesDropdownFilter),
        ("kind", RelatedDropdownFilter),
        "theme",
        ("department", ChoicesDropdownFilter),
        ("starts_on", RangeDateFilter),
    )
    list_select_related = ("theme", "kind")
    search_fields = ("search_text", "code")
    ordering = ("-starts_on", "-pk")
    readonly_fields = ("code", "cancel_reason")
    change_form_outer_before_template = "admin/events/before_form.html"
    autocomplete_fields = ("kind", "series", "host_team")
    actions_list = ("year",)
    actions_detail = (
        "attendance_sheet",
        {
            "title": "Inscriptions",
            "icon": "how_to_reg",
            "items": ["register_people", "see_registrations", "sheet", "take_in", "cancel_event"],
        },
        {"title": "Refaire", "icon": "content_copy", "items": ["duplicate", "repeat"]},
    )
    fieldsets = (
        (None, {"fields": ("title", "kind", ("theme", "status"), "description")}),
        ("Quand", {"fields": (("starts_on", "ends_on"), ("starts_at", "ends_at"))}),
        ("Où", {"fields": (("format", "department"), ("place", "online_url"))}),
        ("Pour qui", {"fields": ("audiences", ("capacity", "registration_until"))}),
        ("Série", {"fields": (("series", "series_number"), ("code", "cancel_reason"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        offered = Q(registrations__status=RegistrationStatus.OFFERED)
        events: EventQuerySet = super().get_queryset(request)
        return (
            events.with_seats_taken()
            .with_waiting()
            .annotate(offered_count=Count("registrations", filter=offered))
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Event | None = None) -> Any:
        cancelled = obj is not None and obj.status == EventStatus.CANCELLED
        return (*self.readonly_fields, "status") if cancelled else self.readonly_fields

    def get_form(
        self, request: HttpRequest, obj: Event | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None and "capacity" in form.base_fields and obj.seats_missing:
            form.base_fields["capacity"].help_text = pages.told_of_missing(obj)
        return form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in forms.PRICES:
            return forms.price_field(db_field)
        if db_field.name == "reminder_days":
            kwargs["widget"] = UnfoldAdminTextInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """An event is cancelled by its action, which tells whoever is registered."""
        if db_field.name == "status":
            kwargs["choices"] = [
                choice for choice in EventStatus.choices if choice[0] != EventStatus.CANCELLED
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        before = self.get_queryset(request).get(pk=obj.pk) if change else None
        super().save_model(request, obj, form, change)
        copies.number(event=obj)
        if before is not None:
            pages.say_what_follows(request, before, obj, form.changed_data)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            pages.open_sessions(request, form.instance)

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """An event with registrations is cancelled, never deleted; nor is one that people came to."""
        if obj is None:
            return True
        came = Attendance.objects.filter(session__event=obj)
        return not obj.registrations.exists() and not came.exists()

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        event = self.get_object(request, object_id)
        if event is not None and event.registrations.exists():
            return pages.refuse_to_delete(self, request, event)
        return super().delete_view(request, object_id, extra_context)

    # -- columns -----------------------------------------------------------------------------------

    @display(description="date", ordering="starts_on")
    def when(self, event: Event) -> str:
        return period(event.starts_on, event.ends_on)

    @display(
        description="état",
        ordering="status",
        label={
            EventStatus.PLANNED.label: "info",
            EventStatus.HELD.label: "success",
            EventStatus.CANCELLED.label: "danger",
        },
    )
    def shown_status(self, event: Event) -> str:
        return event.get_status_display()

    @display(description="places prises", ordering="seats_taken")
    def seats(self, event: Any) -> SafeString | str:
        if event.capacity is None:
            return str(event.seats_taken)
        missing = plural(event.seats_missing, "place manque", "places manquent")
        return format_html(
            '<progress class="seats" max="{}" value="{}" aria-label="Places prises"></progress>'
            "{}\u202f/\u202f{}{}",
            event.capacity,
            event.seats_taken,
            event.seats_taken,
            event.capacity,
            format_html('<br><span class="day-late">{}</span>', missing)
            if event.seats_missing
            else "",
        )

    @display(description="attente", ordering="waiting_count")
    def waiting(self, event: Any) -> int:
        return event.waiting_count

    @display(description="proposées", ordering="offered_count")
    def offered(self, event: Any) -> int:
        return event.offered_count

    # -- pages -------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        parts = [
            path(
                "<int:object_id>/statistiques/",
                self.admin_site.admin_view(partial(statistics.event_page, self)),
                name="events_event_statistics",
            )
        ]
        parts += [
            path(
                f"<int:object_id>/{part.key}/",
                self.admin_site.admin_view(partial(self.part_view, part=part)),
                name=f"events_event_{part.key}",
            )
            for part in tabs.PARTS
        ]
        return parts + super().get_urls()

    def part_view(self, request: Any, object_id: int, part: tabs.Part) -> HttpResponse:
        """The same form, with other fields and other rows."""
        request.event_part = part
        return self.change_view(request, str(object_id))

    def get_object(
        self, request: Any, object_id: str, from_field: str | None = None
    ) -> Event | None:
        event: Event | None = super().get_object(request, object_id, from_field)
        request.shown_event = event
        return event

    def change_view(
        self,
        request: Any,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        part = _part(request)
        current = part.key if part else "fiche"
        # Drawn last: by then it is known, without asking again, whether the event has a price.
        known = partial(getattr, request, "shown_event", None)
        shown = {"tabs": SimpleLazyObject(lambda: _tabs(object_id, current, known()))}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shown = {"tabs": _tabs(object_id, "historique")}
        return super().history_view(request, object_id, shown | (extra_context or {}))

    def get_fieldsets(self, request: Any, obj: Event | None = None) -> Any:
        part = _part(request)
        return part.fieldsets if part else super().get_fieldsets(request, obj)

    def get_inlines(self, request: Any, obj: Event | None) -> Any:
        part = _part(request)
        return part.inlines if part else ()

    def response_post_save_change(self, request: Any, obj: Event) -> HttpResponse:
        """A part leads back to itself: one goes on from tab to tab."""
        if part := _part(request):
            return redirect(f"admin:events_event_{part.key}", obj.pk)
        return super().response_post_save_change(request, obj)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """First of which kind: it proposes the rest."""
        known = {"kind", "series", "_popup", "_changelist_filters"} & set(request.GET)
        if request.method == "GET" and not known:
            return pages.choose_kind(self, request)
        return super().add_view(request, form_url, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given = super().get_changeform_initial_data(request)
        return pages.proposed(given) | given

    # -- actions on one event ----------------------------------------------------------------------

    @action(description="Feuille d’émargement (PDF)", icon="print", url_path="emargement")
    def attendance_sheet(self, request: HttpRequest, object_id: int) -> HttpResponse:
        event = get_object_or_404(self.get_queryset(request), pk=object_id)
        content = pdf.render(attendance_sheet_html(event))
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="emargement-{event.code}.pdf"'},
        )

    @action(description="Voir les inscriptions", icon="how_to_reg", url_path="inscriptions")
    def see_registrations(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect(tabs.registrations_url(object_id))

    @action(description="Inscriptions (XLSX)", icon="table", url_path="feuille")
    def sheet(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return sheets.registrations(get_object_or_404(self.get_queryset(request), pk=object_id))

    @action(description="Importer des inscriptions", icon="upload", url_path="importer")
    def take_in(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return intake.page(self, request, object_id)

    @action(description="Statistiques de l’année", icon="query_stats", url_path="annee")
    def year(self, request: HttpRequest) -> HttpResponse:
        return statistics.year_page(self, request)

    @action(description="Inscrire des personnes", icon="person_add", url_path="inscrire")
    def register_people(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return pages.register_people(self, request, object_id)

    @action(description="Dupliquer", icon="content_copy", url_path="dupliquer")
    def duplicate(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return pages.duplicate(self, request, object_id)

    @action(description="Créer une série", icon="event_repeat", url_path="repeter")
    def repeat(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return pages.repeat(self, request, object_id)

    @action(description="Annuler l’événement", icon="event_busy", url_path="annuler")
    def cancel_event(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return pages.cancel_event(self, request, object_id)


def _tabs(object_id: str, current: str, event: Event | None = None) -> list[tabs.Tab]:
    """None over an address that is no event's."""
    if not object_id.isdecimal() or len(object_id) >= 19:
        return []
    is_paying = None if event is None else not event.is_free
    return tabs.tabs_of(int(object_id), current, is_paying=is_paying)


def _part(request: Any) -> tabs.Part | None:
    return getattr(request, "event_part", None)
