from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models.base import ModelBase
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from unfold.sites import UnfoldAdminSite

# The admin's theme draws itself with inline styles and evaluates its own attributes.
ADMIN_POLICY = {
    "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
}


# Their own pages would give the addresses, secrets and sessions of any account to the whole staff.
LIBRARIES = {"account", "auth", "mfa", "usersessions"}


class PortalAdminSite(UnfoldAdminSite):
    """Signed in as everywhere else; whoever is signed in without being staff finds nothing here."""

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        single = isinstance(model_or_iterable, ModelBase)
        models = [model_or_iterable] if single else model_or_iterable
        ours = [model for model in models if model._meta.app_label not in LIBRARIES]
        super().register(ours, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        guarded = super().admin_view(view, cacheable)

        def with_policy(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            response: HttpResponse = guarded(request, *args, **kwargs)
            response._csp_update = ADMIN_POLICY  # django-csp’s own hook
            return response

        return with_policy
