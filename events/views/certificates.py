"""Certificates of presence: downloaded by the person or by the staff, checked by anybody.

One is numbered when somebody asks for it at a button, never by opening an address: programs that
read mails open every link.
"""

from typing import Any

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apmsl.jobs import services as jobs
from apmsl.lib import pdf
from apmsl.lib.access import PUBLIC, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from events.access import REGISTERS
from events.builders.certificates import KIND, certificates_html
from events.models import Certificate, Event, Registration
from events.models.links import Link, registration_of
from events.models.presence import presence_of
from events.services import Refused
from events.services.certificates import NotPresent, issue, issue_all
from members.access import STAFF

CHECKS = {"certificate": "60/m/ip"}  # a code cannot be guessed; nor can all be tried


@access(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mine(request: HttpRequest, certificate_token: str) -> HttpResponse:
    registration = registration_of(Link.CERTIFICATE, certificate_token)
    if registration is None or registration.person is None:
        raise Http404
    if request.method == "POST":
        return _issued(request, registration)
    presence = presence_of(registration.person, registration.event)
    if not presence.half_days:
        return render(request, "events/no_certificate.html", status=404)
    context = {"event": registration.event, "person": registration.person, "presence": presence}
    return render(request, "events/my_certificate.html", context)


@access(REGISTERS | STAFF)
@require_POST
def certificate(request: Request, event_id: int, registration_id: int) -> HttpResponse:
    """One's own; anybody's for the staff."""
    rows = Registration.objects.filter(event=event_id).select_related("event", "person")
    if not STAFF.allows(request.user):
        rows = rows.filter(person=request.user.person_id)
    return _issued(request, get_object_or_404(rows, pk=registration_id))


def _issued(request: HttpRequest, registration: Registration) -> HttpResponse:
    """The same number each time; it says what has been noted since."""
    try:
        certificate = issue(registration=registration, on=today())
    except NotPresent:
        return render(request, "events/no_certificate.html", status=409)
    name = f'attachment; filename="attestation-{certificate}.pdf"'
    return HttpResponse(
        pdf.render(certificates_html([certificate])),
        content_type="application/pdf",
        headers={"Content-Disposition": name},
    )


@access(PUBLIC)
@require_safe
@never_cache
def check(request: HttpRequest, certificate_code: str) -> HttpResponse:
    """As little as makes it believable: the initials of the person, not the name."""
    refused = ratelimit.consume_or_429(
        request, app="events", action="certificate", config=CHECKS, limit_get=True
    )
    if refused:
        return refused
    found = Certificate.objects.select_related("registration__event", "registration__person")
    certificate = found.filter(code=certificate_code).first()
    status = 200 if certificate else 404
    return render(request, "events/certificate.html", _checked(certificate), status=status)


def _checked(certificate: Certificate | None) -> dict[str, Any]:
    if certificate is None:
        return {"certificate": None}
    event, person = certificate.registration.event, certificate.registration.person
    holds = person is not None and bool(presence_of(person, event).half_days)
    return {"certificate": certificate, "event": event, "holds": holds, "person": person}


@access(STAFF)
@require_POST
def everybody(request: Request, event_id: int) -> HttpResponse:
    """One PDF of all, drawn by a worker."""
    event = get_object_or_404(Event, pk=event_id)
    try:
        if not issue_all(event=event, on=today()):
            raise NotPresent("Aucune présence n’est notée : il n’y a rien à attester.")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("events:letters", event_id)
    run = jobs.request(
        kind=KIND,
        key=f"{KIND}:{event.pk}",
        label=f"Attestations de présence : {event.title}"[:200],
        params={"event": event.pk},
        user=request.user,
        at=timezone.now(),
    )
    return redirect(run)
