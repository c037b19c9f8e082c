"""What the square codes of an event hold: signed, so that nobody makes one up."""

from django.core import signing

from events.models.events import Event
from events.models.registrations import Registration

_BADGE, _ROOM = "events.badge", "events.room"


def badge_code(registration: Registration) -> str:
    """On the badge, and in what the person received: who comes."""
    return signing.Signer(salt=_BADGE).sign(str(registration.pk))


def registration_of_badge(event: Event, code: str) -> Registration | None:
    """Of this event only: another's badge opens nothing."""
    try:
        pk = signing.Signer(salt=_BADGE).unsign(code.strip())
    except signing.BadSignature:
        return None
    seated = event.registrations.registered().exclude(person=None)
    return seated.select_related("person").filter(pk=pk).first()


def room_token(event: Event) -> str:
    """On the wall of the room: where."""
    return signing.Signer(salt=_ROOM).sign(str(event.pk))


def event_of_room(token: str) -> Event | None:
    try:
        pk = signing.Signer(salt=_ROOM).unsign(token)
    except signing.BadSignature:
        return None
    return Event.objects.filter(pk=pk).first()
