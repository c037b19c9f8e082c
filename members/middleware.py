"""A second factor is required of whoever holds power over others' records: staff and board."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from members.access import needs_second_factor

# What one needs to set a second factor up, to leave, and to see the pages with their look.
OPEN_PREFIXES = ("/compte/", "/static/", "/sante/")


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN_PREFIXES) or not self._lacks_second_factor(request):
            return self.get_response(request)
        messages.warning(
            request,
            "Votre fonction donne accès aux données des adhérents : ajoutez une deuxième "
            "preuve d’identité pour continuer.",
        )
        return redirect("mfa_index")

    @staticmethod
    def _lacks_second_factor(request: HttpRequest) -> bool:
        user = request.user
        if not user.is_authenticated or not needs_second_factor(user):
            return False
        # Remembered in the session: a factor cannot be removed by those who must have one.
        if request.session.get("second_factor") == user.pk:
            return False
        if is_mfa_enabled(user):
            request.session["second_factor"] = user.pk
            return False
        return True
