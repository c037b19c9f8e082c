"""What the pages of every model share: search without accents, history, few queries."""

from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from unfold.admin import ModelAdmin, TabularInline

from apmsl.lib.admin.history import versions
from apmsl.lib.admin.widgets import Autocomplete
from apmsl.lib.dates import plausible
from apmsl.lib.text import MOST_WORDS, normalise


class _KnownRecords:
    """Those chosen by typing, in a form or in a table of one."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        admin: Any = self
        if db_field.name in admin.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Autocomplete(db_field, admin.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class _PlausibleDays:
    """The database takes any date that exists; the year 23 and the year 20233 are slips."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        admin: Any = super()
        field = admin.formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(db_field, models.DateField):
            field.validators = [*field.validators, plausible]
        return field


# Fields and relations, as lookups spell them, of what no page shows.
_SECRETS = {"password", "token", "secret", "authenticator", "calendar_feeds", "usersession"}


class PortalModelAdmin(_KnownRecords, _PlausibleDays, ModelAdmin):
    list_per_page = 50
    show_full_result_count = False
    compressed_fields = True
    warn_unsaved_form = True
    list_filter_submit = True
    list_fullwidth = True
    # Looked up as typed, and without case or accents in the columns that hold normalised text.
    search_fields: tuple[str, ...] = ()

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """The staff may read every record: a link may filter by what it counted; not by a password
        or a secret address, which would be guessed letter by letter."""
        return _SECRETS.isdisjoint(lookup.split("__"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Every word must be found in one of the fields."""
        for word in list(dict.fromkeys(search_term.split()))[:MOST_WORDS]:
            found = Q()
            for field in self.get_search_fields(request):
                found |= Q(**{f"{field}__icontains": word})
                found |= Q(**{f"{field}__icontains": normalise(word).strip()})
            queryset = queryset.filter(found)
        many = any("__" in field for field in self.get_search_fields(request))
        return queryset, bool(search_term and many)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """The boxes of a list send numbers; what was written by hand may send anything."""
        try:
            for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.to_python(chosen)
        except ValidationError:
            raise Http404 from None
        return super().response_action(request, queryset)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.URLField):
            kwargs.setdefault("assume_scheme", "https")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Each replaced version, read from the triggers' tables rather than the admin's own log."""
        instance = self.get_object(request, object_id)
        if instance is None or not self.has_view_permission(request, instance):
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": f"Historique : {instance}",
            "object": instance,
            "opts": self.opts,
            "versions": versions(instance),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/versions.html", context)


class _ReadOnly:
    """Read here; changed elsewhere, or never."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyModelAdmin(_ReadOnly, PortalModelAdmin):
    pass


def link_to(page: str, label: str, text: str) -> str:
    """In a column of a table: what a row says, and where it is changed."""
    link = format_html('<a class="text-primary-700 underline" href="{}">{}</a>', page, label)
    return format_html("{} {}", text, link) if text else link


class PortalInline(_KnownRecords, _PlausibleDays, TabularInline):
    """Rows of a parent, a page at a time, each costing no query of its own."""

    extra = 0
    ordering: tuple[str, ...] = ("pk",)
    per_page = 25
    tab = True
    show_change_link = True
    hide_title = True


class ReadOnlyInline(_ReadOnly, PortalInline):
    """Rows that are read here and changed on their own page."""
