"""Who must sign in, and who must show a second factor, before a view is reached."""

from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from apmsl.lib.htmx import Request
from members.access import needs_second_factor

# Recovery codes alone are no factor: they stand in for one that is lost.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
# What one needs to set a second factor up, to leave, and to see the pages with their look.
OPEN_PREFIXES = ("/compte/", "/static/", "/sante/")


class AddressMiddleware(MiddlewareMixin):
    """Filters, searches and secret addresses are handed to PostgreSQL, which knows no NUL."""

    def process_request(self, request: HttpRequest) -> None:
        if "\0" in request.path or "\0" in unquote(request.META["QUERY_STRING"]):
            raise BadRequest("NUL in the address")


class SignInMiddleware(LoginRequiredMiddleware):
    """Sign-in is asked by a whole page, even where htmx only wanted a piece of one."""

    def handle_no_permission(self, request: Any, view_func: Any) -> Any:
        if request.htmx:
            back = request.htmx.current_url_abs_path or "/"
            return HttpResponseClientRedirect(self._sign_in_url(view_func, back))
        if request.method in SAFE:
            return super().handle_no_permission(request, view_func)
        return redirect(self._sign_in_url(view_func, _page_of_the_form(request)))

    def _sign_in_url(self, view_func: Any, back: str) -> str:
        query = QueryDict(mutable=True)
        query[REDIRECT_FIELD_NAME] = back
        return f"{resolve_url(self.get_login_url(view_func))}?{query.urlencode(safe='/')}"


def _page_of_the_form(request: HttpRequest) -> str:
    """Where a form was sent to may open no page of its own; the page that held it does."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return "/"
    parts = urlsplit(referer)
    return urlunsplit(("", "", parts.path, parts.query, ""))


class WrongMethodMiddleware(MiddlewareMixin):
    """An address that only receives a form was opened by hand, or reloaded: say so."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        told = render(request, "405.html", status=405)
        told["Allow"] = response["Allow"]
        return told


class PrivatePagesMiddleware(MiddlewareMixin):
    """What a signed-in person was shown stays in no cache, nor in the browser after they leave."""

    def process_response(self, request: Request, response: HttpResponseBase) -> HttpResponseBase:
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class PermissionsMiddleware(MiddlewareMixin):
    """No page may use the camera, the microphone or the place, but the one that asks for it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.has_header("Permissions-Policy"):
            response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        return response


class SecondFactorMiddleware(MiddlewareMixin):
    """A second factor is required of whoever holds power over others' records: staff and board.

    It is looked up at each request, never remembered: whoever removes the last one, or takes a post
    today, is asked for one on the next page.
    """

    def process_request(self, request: Request) -> HttpResponseBase | None:
        if request.path.startswith(OPEN_PREFIXES) or not _lacks_second_factor(request):
            return None
        if request.htmx:
            return HttpResponseClientRedirect(resolve_url("mfa_index"))
        messages.warning(
            request,
            "Votre fonction donne accès aux données des adhérents : ajoutez une deuxième "
            "preuve d’identité pour continuer.",
        )
        return redirect("mfa_index")


def _lacks_second_factor(request: Request) -> bool:
    user = request.user
    if not user.is_authenticated or not needs_second_factor(user):
        return False
    return not is_mfa_enabled(user, FACTORS)
