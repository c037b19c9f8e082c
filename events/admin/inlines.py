"""The rows of an event, on the pages of its tabs."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from apmsl.lib import audiences
from apmsl.lib.admin.model import PortalInline
from apmsl.lib.admin.widgets import RowForm
from events.models import (
    Contributor,
    Decision,
    Event,
    EventDocument,
    EventPartner,
    EventPhoto,
    EventSession,
    Item,
    Objective,
    Opening,
    RegistrationQuestion,
)


class _Rows(PortalInline):
    """One under the other, all of them on the page."""

    form = RowForm
    tab = False
    hide_title = False
    per_page: Any = None
    order: ClassVar[tuple[str, ...]] = ("position", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).order_by(*self.order)


class _OnTheDay:
    """A new row is proposed on the first day of the event."""

    def get_formset(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> Any:
        inline: Any = super()
        formset = inline.get_formset(request, obj, **kwargs)
        if obj is not None:
            formset.form.base_fields["held_on"].initial = obj.starts_on
        return formset


class EventSessionInline(_OnTheDay, _Rows):
    model = EventSession
    verbose_name_plural = "séances"
    fields = ("number", "held_on", "starts_at", "break_from", "break_to", "ends_at")
    order = ("number", "pk")


class ItemInline(_OnTheDay, _Rows):
    model = Item
    verbose_name_plural = "programme"
    fields = (
        "type",
        "title",
        "held_on",
        "starts_at",
        "ends_at",
        "room",
        "is_chosen",
        "capacity",
        "chosen_by",
    )
    readonly_fields = ("chosen_by",)
    order = ("held_on", "starts_at", "room", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Item]:
        rows: Any = super().get_queryset(request)
        taken: QuerySet[Item] = rows.with_taken()
        return taken

    @display(description="choisi par")
    def chosen_by(self, item: Any) -> str:
        return str(item.taken) if item.pk and item.is_chosen else "–"


class OpeningInline(_Rows):
    model = Opening
    verbose_name_plural = "priorité à l’inscription"
    fields = ("audience", "opens_on")
    order = ("opens_on", "pk")

    def get_formset(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> Any:
        """The audiences that exist are read once, not for each row."""
        formset = super().get_formset(request, obj, **kwargs)
        fields = formset.form.base_fields
        fields["audience"] = forms.ChoiceField(
            label=fields["audience"].label, choices=audiences.choices()
        )
        return formset


class QuestionInline(_Rows):
    model = RegistrationQuestion
    verbose_name_plural = "questions posées à l’inscription"
    fields = ("position", "text", "type", "choices", "required", "is_temporary")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "choices":
            kwargs["widget"] = UnfoldAdminTextInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ObjectiveInline(_Rows):
    model = Objective
    verbose_name_plural = "objectifs, repris par l’enquête de satisfaction"
    fields = ("position", "text")


class ContributorInline(_Rows):
    model = Contributor
    verbose_name_plural = "animation et intervenants"
    fields = ("position", "role", "person", "name", "function", "organisation")
    autocomplete_fields = ("person",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contributor]:
        return super().get_queryset(request).select_related("person")


class PartnerInline(_Rows):
    model = EventPartner
    verbose_name_plural = "partenaires"
    fields = ("name", "has_stand", "stand")
    order = ("name", "pk")


class DocumentInline(_Rows):
    model = EventDocument
    verbose_name_plural = "documents"
    fields = ("moment", "title", "file")
    order = ("-moment", "pk")


class PhotoInline(_Rows):
    model = EventPhoto
    verbose_name_plural = "photos"
    fields = ("position", "image", "caption", "credit")


class DecisionInline(_Rows):
    model = Decision
    verbose_name_plural = "décisions"
    fields = ("text", "owner", "due_on", "done_on")
    autocomplete_fields = ("owner",)
    order = ("due_on", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return super().get_queryset(request).select_related("owner")
