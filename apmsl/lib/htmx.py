"""One address, one template: the whole page, or the part of it that htmx swaps."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """What a view receives: with htmx's own headers, and our user (unless nobody signed in)."""

    htmx: HtmxDetails
    user: Any


def render_part(
    request: Request, template: str, part: str, context: Mapping[str, Any]
) -> HttpResponse:
    """``template#part`` for htmx, ``template`` otherwise.

    Going back in the browser, htmx asks for the whole page again; and the browser's own cache must
    not give one for the other.
    """
    partly = request.htmx and not request.htmx.history_restore_request
    response = render(request, f"{template}#{part}" if partly else template, dict(context))
    patch_vary_headers(response, ["HX-Request"])
    return response
