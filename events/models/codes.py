"""What the square codes of an event hold: signed, so that nobody makes one up."""

from django.core import signing

from events.models.events import Event
from events.models.registrations import Registration

_BADGE, _ROOM = "events.badge", "events.room"


def badge_code(registration: Registration) -> str:
    """On the badge, which the welcome desk reads: who comes."""
    return signing.Signer(salt=_BADGE).sign(str(registration.pk))


def room_token(event: Event) -> str:
    """On the wall of the room: where."""
    return signing.Signer(salt=_ROOM).sign(str(event.pk))


def event_of_room(token: str) -> Event | None:
    try:
        pk = signing.Signer(salt=_ROOM).unsign(token)
    except signing.BadSignature:
        return None
    return Event.objects.filter(pk=pk).first()
