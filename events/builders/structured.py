"""What search engines read of a public event: schema.org, as JSON within its page."""

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from apmsl.lib import audiences
from events.builders.calendar import PARIS
from events.enums import EventStatus, Format
from events.models import Event

_MODES = {
    Format.ON_SITE: "Offline",
    Format.ONLINE: "Online",
    Format.HYBRID: "Mixed",
}
# Within <script>, these could end it or begin another tag; the two others end a line of JavaScript.
_ESCAPED = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def structured_data(event: Event) -> SafeString:
    """Nothing for an event that is not public. The address of the video conference is never told."""
    if audiences.PUBLIC_KEY not in event.audiences:
        return SafeString("")
    facts = json.dumps(_facts(event), ensure_ascii=False, separators=(",", ":"))
    return SafeString(facts.translate(_ESCAPED))


def _facts(event: Event) -> dict[str, Any]:
    address = f"{settings.PORTAL_URL}{event.get_absolute_url()}"
    status = "Cancelled" if event.status == EventStatus.CANCELLED else "Scheduled"
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.title,
        "url": address,
        "startDate": _moment(event.starts_on, event.starts_at),
        "endDate": _moment(event.ends_on, event.ends_at if event.starts_at else None),
        "eventStatus": f"https://schema.org/Event{status}",
        "eventAttendanceMode": f"https://schema.org/{_MODES[Format(event.format)]}EventAttendanceMode",
        "location": _places(event, address),
        "organizer": {
            "@type": "Organization",
            "name": settings.FEDERATION_NAME,
            "url": f"{settings.PORTAL_URL}/",
        },
        "isAccessibleForFree": event.is_free,
    }
    if not event.is_free:
        facts["offers"] = _offers(event, address)
    if event.description:
        facts["description"] = event.description
    return facts


def _offers(event: Event, address: str) -> list[dict[str, Any]]:
    """The price of each; people from outside may have their own."""
    cents = [event.price_cents or 0]
    if event.guest_price_cents not in {None, cents[0]}:
        cents.append(event.guest_price_cents or 0)
    names = ("Adhérents", "Hors adhérents") if len(cents) > 1 else ("Par personne",)
    return [
        {
            "@type": "Offer",
            "name": name,
            "price": f"{Decimal(price) / 100:.2f}",
            "priceCurrency": "EUR",
            "url": address,
        }
        for name, price in zip(names, cents, strict=True)
    ]


def _moment(day: date, clock: time | None) -> str:
    if clock is None:
        return day.isoformat()
    return datetime.combine(day, clock, tzinfo=PARIS).isoformat()


def _places(event: Event, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if event.format != Format.ONLINE:
        name = event.place or event.get_department_display() or settings.FEDERATION_NAME
        region = {"addressCountry": "FR", "addressRegion": event.get_department_display()}
        within = {"@type": "PostalAddress", "streetAddress": event.place} | region
        found.append({"@type": "Place", "name": name, "address": within})
    if event.format != Format.ON_SITE:
        found.append({"@type": "VirtualLocation", "url": address})
    return found
