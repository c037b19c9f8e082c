"""Certificates of presence, as PDF: one page each, and all those of an event in one file."""

import hashlib
from collections.abc import Sequence
from typing import Any

import qrcode
from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from apmsl.jobs.models import Draft, Kind, Refused, Run
from apmsl.jobs.models.kinds import Params, register
from apmsl.lib import pdf
from events.models import Certificate, Event
from members.access import STAFF

KIND = "certificates"


def certificates_html(certificates: Sequence[Certificate]) -> str:
    pages = [_page(certificate) for certificate in certificates]
    sender = {
        "name": settings.FEDERATION_NAME,
        "address": [line.strip() for line in settings.FEDERATION_ADDRESS.split(" / ") if line],
        "siret": settings.FEDERATION_SIRET,
    }
    return render_to_string("events/pdf/certificate.html", {"pages": pages, "sender": sender})


def check_url(certificate: Certificate) -> str:
    return settings.PORTAL_URL + reverse("certificate", args=[certificate.code])


def _page(certificate: Certificate) -> dict[str, Any]:
    registration = certificate.registration
    url = check_url(certificate)
    path, size = _qr(url)
    return {
        "certificate": certificate,
        "person": registration.person,
        "event": registration.event,
        "url": url,
        "qr_path": path,
        "qr_size": size,
    }


def _qr(text: str) -> tuple[str, int]:
    """Its dark squares as one path, and its side."""
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    rows = code.get_matrix()
    squares = ((x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return "".join(f"M{x} {y}h1v1h-1z" for x, y in squares), len(rows)


# -- all those of an event -------------------------------------------------------------------------
def register_kind() -> None:
    register(Kind(KIND, draft, _for_the_staff, _back))


def draft(params: Params) -> Draft:
    event = Event.objects.get(pk=params["event"])
    found = Certificate.objects.filter(registration__event=event)
    found = found.select_related("registration__person", "registration__event")
    certificates = list(found.order_by("registration__person__sort_name", "pk"))
    if not certificates:
        raise Refused("Aucune présence n’est notée : il n’y a rien à attester.")
    html = certificates_html(certificates)
    digest = hashlib.sha256(html.encode()).hexdigest()
    return Draft(f"attestations-{event.code}.pdf", digest, lambda beat: pdf.render(html))


def _for_the_staff(user: Any) -> Q | None:
    return Q() if STAFF.allows(user) else None


def _back(run: Run) -> str:
    return reverse("events:letters", args=[run.params["event"]])
