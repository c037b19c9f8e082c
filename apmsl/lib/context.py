"""What every page knows without asking its view. Nothing here queries before it is read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from apmsl.lib import dates
from apmsl.lib.navigation import Navigation


def portal(request: HttpRequest) -> dict[str, Any]:
    return {
        "federation_name": settings.FEDERATION_NAME,
        "portal_url": settings.PORTAL_URL,
        "contact_email": settings.DEFAULT_FROM_EMAIL,
        "navigation": Navigation(getattr(request, "user", None), request.path),
        "today": dates.today(),
        "demo_date": settings.PORTAL_DATE,
    }
