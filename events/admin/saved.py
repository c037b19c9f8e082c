"""The staff's own filters, over the lists of events and of registrations."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from events.enums import SavedList
from events.models import SavedFilter
from events.services import saved


class SavedFiltersMixin:
    """Before the other classes of a ModelAdmin."""

    saved_list: ClassVar[SavedList]
    list_before_template = "admin/events/before_list.html"

    def get_urls(self) -> list[URLPattern]:
        admin: Any = self
        site = admin.admin_site
        name = f"{admin.opts.app_label}_{admin.opts.model_name}"
        own = [
            path("filtres/garder/", site.admin_view(self.keep), name=f"{name}_keep_filter"),
            path("filtres/oublier/", site.admin_view(self.forget), name=f"{name}_forget_filter"),
        ]
        inherited: Any = super()
        return own + list(inherited.get_urls())

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        user: Any = request.user
        name = self._name()
        shown = {
            "saved_filters": SavedFilter.objects.of(user, self.saved_list),
            "present_query": request.GET.urlencode(),
            "keep_url": reverse(f"admin:{name}_keep_filter"),
            "forget_url": reverse(f"admin:{name}_forget_filter"),
        }
        inherited: Any = super()
        response: HttpResponse = inherited.changelist_view(request, shown | (extra_context or {}))
        return response

    @method_decorator(require_POST)
    def keep(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        query = request.POST.get("query", "")
        try:
            kept = saved.keep(
                user=user, listed=self.saved_list, name=request.POST.get("name", ""), query=query
            )
        except saved.NotKept as refusal:
            messages.error(request, str(refusal))
            return redirect(f"{self._list()}?{query}")
        messages.success(request, f"Le filtre « {kept} » est gardé.")
        return redirect(f"{self._list()}?{kept.query}")

    @method_decorator(require_POST)
    def forget(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        given = request.POST.get("filter", "")
        if not given.isdecimal() or len(given) > 9:
            raise BadRequest("no filter")
        saved.forget(user=user, listed=self.saved_list, pk=int(given))
        messages.success(request, "Le filtre est oublié.")
        return redirect(self._list())

    def _name(self) -> str:
        admin: Any = self
        return f"{admin.opts.app_label}_{admin.opts.model_name}"

    def _list(self) -> str:
        return reverse(f"admin:{self._name()}_changelist")
