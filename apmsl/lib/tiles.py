"""The tile server that the map of streets is drawn on, when one is set."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpResponse


def host() -> str:
    """As the policy names it; « {s} » of an address stands for several hosts."""
    address = urlsplit(settings.MAP_TILES_URL.replace("{s}", "*"))
    return f"{address.scheme}://{address.netloc}"


def tiled(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """This page alone may show pictures of the tile server."""

    @wraps(view)
    def allowed(*args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.MAP_TILES_URL:
            return view(*args, **kwargs)
        opened: Any = csp_update({"img-src": [host()]})(view)
        response: HttpResponse = opened(*args, **kwargs)
        return response

    return allowed
