"""Events, as the staff prepares and follows them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action, display

from apmsl.lib import pdf
from apmsl.lib.admin.model import PortalInline, ReadOnlyInline
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.admin.widgets import AutocompleteMultiple
from apmsl.lib.dates import today
from apmsl.lib.typography import period, plural
from events import services
from events.builders import attendance_sheet_html
from events.enums import EventStatus
from events.models import Event, EventSession, Registration
from members.models import Person


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


class EventSessionInline(PortalInline):
    model = EventSession
    verbose_name_plural = "séances"
    fields = ("number", "held_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventSession]:
        return super().get_queryset(request).order_by("number")


class EventRegistrationInline(ReadOnlyInline):
    model = Registration
    verbose_name_plural = "inscriptions"
    fields = ("person", "team", "status", "registered_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        rows = super().get_queryset(request).select_related("person", "team")
        return rows.order_by("status", "person__sort_name", "pk")


class PeopleForm(forms.Form):
    people = forms.ModelMultipleChoiceField(label="Personnes", queryset=Person.objects.all())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = Registration._meta.get_field("person")
        self.fields["people"].widget = AutocompleteMultiple(
            field, admin.site, choices=self.fields["people"].choices
        )


@admin.register(Event)
class EventAdmin(SheetsModelAdmin):
    table = "events"
    list_display = ("title", "when", "kind", "shown_status", "seats", "waiting")
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
    inlines = (EventSessionInline, EventRegistrationInline)
    readonly_fields = ("code",)
    autocomplete_fields = ("kind", "series", "host_team")
    actions_detail = (
        "attendance_sheet",
        {
            "title": "Inscriptions",
            "icon": "how_to_reg",
            "items": ["register_people", "see_registrations", "cancel_event"],
        },
    )
    fieldsets = (
        (None, {"fields": ("title", ("kind", "theme"), "description")}),
        ("Quand", {"fields": (("starts_on", "ends_on"), ("starts_at", "ends_at"))}),
        ("Où", {"fields": (("format", "department"), ("place", "online_url"))}),
        ("Pour qui", {"fields": ("audiences",)}),
        (
            "Inscriptions",
            {
                "fields": (
                    ("capacity", "registration_until"),
                    ("series", "series_number"),
                    ("status", "code"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).with_seats_taken().with_waiting()

    def get_readonly_fields(self, request: HttpRequest, obj: Event | None = None) -> Any:
        cancelled = obj is not None and obj.status == EventStatus.CANCELLED
        return (*self.readonly_fields, "status") if cancelled else self.readonly_fields

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """An event is cancelled by its action, which tells whoever is registered."""
        if db_field.name == "status":
            kwargs["choices"] = [
                choice for choice in EventStatus.choices if choice[0] != EventStatus.CANCELLED
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "capacity" in form.changed_data:
            seated = services.promote(event=obj, on=today(), at=timezone.now())
            if seated:
                told = plural(len(seated), "personne sort", "personnes sortent")
                messages.info(request, f"{told} de la liste d’attente.")

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """An event with registrations is cancelled, never deleted."""
        return obj is None or not obj.registrations.exists()

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
        if not event.capacity:
            return str(event.seats_taken)
        return format_html(
            '<progress class="seats" max="{}" value="{}" aria-label="Places prises"></progress>'
            "{}\u202f/\u202f{}",
            event.capacity,
            event.seats_taken,
            event.seats_taken,
            event.capacity,
        )

    @display(description="attente", ordering="waiting_count")
    def waiting(self, event: Any) -> int:
        return event.waiting_count

    # -- actions on one event ----------------------------------------------------------------------

    @action(description="Feuille d’émargement (PDF)", icon="print", url_path="emargement")
    def attendance_sheet(self, request: HttpRequest, object_id: int) -> HttpResponse:
        event = self.get_queryset(request).get(pk=object_id)
        content = pdf.render(attendance_sheet_html(event))
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="emargement-{event.code}.pdf"'},
        )

    @action(description="Voir les inscriptions", icon="how_to_reg", url_path="inscriptions")
    def see_registrations(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect(_registrations_url(object_id))

    @action(description="Inscrire des personnes", icon="person_add", url_path="inscrire")
    def register_people(self, request: HttpRequest, object_id: int) -> HttpResponse:
        event = self.get_queryset(request).get(pk=object_id)
        form = PeopleForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and _register(request, event, form):
            return redirect(_registrations_url(object_id))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Inscrire à « {event} »",
            "event": event,
            "form": form,
            "media": self.media + form.media,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/events/register_people.html", context)

    @action(description="Annuler l’événement", icon="event_busy", url_path="annuler")
    def cancel_event(self, request: HttpRequest, object_id: int) -> HttpResponse:
        event = self.get_queryset(request).get(pk=object_id)
        if request.method == "POST":
            services.cancel_event(event=event, at=timezone.now())
            messages.success(
                request, "L’événement est annulé ; les personnes inscrites sont prévenues."
            )
            return redirect(reverse("admin:events_event_change", args=[object_id]))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Annuler « {event} » ?",
            "event": event,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/events/cancel_event.html", context)


def _registrations_url(event_id: int) -> str:
    return f"{reverse('admin:events_registration_changelist')}?event__id__exact={event_id}"


def _register(request: HttpRequest, event: Event, form: PeopleForm) -> bool:
    people = list(form.cleaned_data["people"])
    try:
        registrations = services.register_colleagues(
            event=event, people=people, by=request.user, on=today(), at=timezone.now()
        )
    except services.Refused as refusal:
        form.add_error("people", str(refusal))
        return False
    waiting = sum(registration.is_waiting for registration in registrations)
    seated = plural(len(registrations) - waiting, "personne inscrite", "personnes inscrites")
    queued = f", {waiting} sur liste d’attente" if waiting else ""
    messages.success(request, f"{seated}{queued}.")
    return True
