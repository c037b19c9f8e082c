"""The letter that proves the address of somebody from outside."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from apmsl.lib.typography import period
from apmsl.mail import services as mail
from events.models import GuestRequest
from members.models import User


def prove_address(request: GuestRequest, *, token: str, at: datetime) -> None:
    """Once per request made: asked again, another letter with another link."""
    event = request.event
    link = reverse("events:guest_confirm", args=[event.pk, token])
    mail.send(
        purpose="guest-address",
        object_key=f"guest {request.pk} {at:%Y-%m-%dT%H:%M:%S.%f}",
        recipient=request.email,
        subject=f"Confirmez votre inscription : {event.title}",
        template="events/mails/guest",
        context={
            "event": event,
            "guest": request,
            "when": period(event.starts_on, event.ends_on),
            "confirm_url": settings.PORTAL_URL + link,
            "event_url": settings.PORTAL_URL + event.get_absolute_url(),
            "has_account": _has_account(request.email),
        },
        at=at,
    )


def _has_account(address: str) -> bool:
    """Told in the letter only, to whoever reads that mailbox."""
    theirs = Q(email__iexact=address) | Q(person__emails__address__iexact=address)
    return User.objects.filter(theirs, is_active=True).exists()
