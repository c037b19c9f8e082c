"""People from outside, at public events: a request, then, once the address is proven, a seat.

Nothing here says whether an address is known, and nobody is known before they open the letter.
Lock order: the event, then the request, then what ``events.services.seats`` says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import Q

from apmsl.lib import audiences
from apmsl.lib.text import normalise
from events.mails import guests as mails
from events.models import Event, GuestRequest, Registration
from events.services import conditions, questions, registrations
from events.services.refusals import RegistrationClosed
from members.models import Person, PersonEmail

LINK_LIVES = timedelta(hours=48)
KEPT_FOR = timedelta(days=30)
_SALT = "events.guests"


class WrongLink(Exception):
    """The message is shown as it is."""


@dataclass(frozen=True)
class Guest:
    first_name: str
    last_name: str
    email: str
    function: str = ""
    organisation: str = ""


@transaction.atomic
def ask(*, event: Event, guest: Guest, on: date, at: datetime) -> None:
    """Keep the request and write the letter that proves the address; asked again, a new letter."""
    event = Event.objects.lock(event.pk)
    check_open(event, on)
    told = {
        "first_name": guest.first_name,
        "last_name": guest.last_name,
        "function": guest.function,
        "organisation": guest.organisation,
    }
    request, made = GuestRequest.objects.select_for_update().get_or_create(
        event=event, email=guest.email.lower(), defaults={**told, "asked_at": at}
    )
    if not made and not _is_live(request):
        for name, value in told.items():
            setattr(request, name, value)
        request.confirmed_at = None
    request.asked_at = at
    request.save()
    mails.prove_address(request, token=token_of(request), at=at)


@transaction.atomic
def confirm(
    *, request: GuestRequest, answers: Mapping[int, str], on: date, at: datetime
) -> Registration:
    """Whoever opens the letter is known from now on, and registered; twice, the same answer."""
    event = Event.objects.lock(request.event_id)
    request = GuestRequest.objects.select_for_update().get(pk=request.pk)
    registration = request.registration
    if registration is None or not registration.is_live:
        registration = _enter(event, request, on=on, at=at)
    if answers:
        questions.answer(registration=registration, answers=answers, by=None, on=on)
    return registration


def registration_of(request: GuestRequest) -> Registration | None:
    """What became of it; of whoever asked by two addresses of theirs, the one registration."""
    if request.registration is not None or request.confirmed_at is None:
        return request.registration
    person = _known(request)
    return request.event.registrations.live().of_person(person).select_related("event").first()


def _enter(event: Event, request: GuestRequest, *, on: date, at: datetime) -> Registration:
    check_open(event, on)
    person = _known(request) or _newcomer(request)
    registration = registrations.register(event=event, person=person, by=None, on=on, at=at)
    if not GuestRequest.objects.filter(registration=registration).exclude(pk=request.pk).exists():
        request.registration = registration  # else known by another address of theirs
    request.confirmed_at = at
    request.save(update_fields=["registration", "confirmed_at"])
    return registration


def check_open(event: Event, on: date) -> None:
    if audiences.PUBLIC_KEY not in event.audiences:
        raise RegistrationClosed("Les inscriptions de l’extérieur sont closes.")
    conditions.check_open(event, None, on)


def forget_old_requests(*, at: datetime) -> int:
    """Those that nobody confirmed: the address was wrong, or somebody else's."""
    old = GuestRequest.objects.filter(confirmed_at=None, asked_at__lt=at - KEPT_FOR)
    deleted, _ = old.delete()
    return deleted


# -- the signed link -------------------------------------------------------------------------------
def token_of(request: GuestRequest) -> str:
    return signing.dumps([request.pk, request.email], salt=_SALT)


def request_of(token: str, event_id: int) -> GuestRequest:
    """The request whose letter bears this link."""
    try:
        pk, email = signing.loads(token, salt=_SALT, max_age=LINK_LIVES)
    except signing.SignatureExpired as expired:
        raise WrongLink("Ce lien a plus de 48 heures : refaites votre demande.") from expired
    except (signing.BadSignature, ValueError, TypeError) as forged:
        raise WrongLink(_CUT) from forged
    found = GuestRequest.objects.filter(pk=pk, email=email, event=event_id)
    request = found.select_related("event__kind", "registration").first()
    if request is None:
        raise WrongLink(_CUT)
    return request


_CUT = "Ce lien est incomplet, ou votre demande a été effacée : refaites-la."


# -- who they are ----------------------------------------------------------------------------------
def _is_live(request: GuestRequest) -> bool:
    return request.registration is not None and request.registration.is_live


def _known(request: GuestRequest) -> Person | None:
    """Whose address it is; of several who share it, the one of that name."""
    by_address = PersonEmail.objects.filter(address__iexact=request.email).values("person")
    having = Q(pk__in=by_address) | Q(account__email__iexact=request.email)
    people = list(Person.objects.filter(having).order_by("pk"))
    name = normalise(f"{request.last_name} {request.first_name}")
    namesakes = [person for person in people if person.sort_name == name]
    if namesakes:
        return namesakes[0]
    return people[0] if len(people) == 1 else None


def _newcomer(request: GuestRequest) -> Person:
    person = Person.objects.create(first_name=request.first_name, last_name=request.last_name)
    PersonEmail.objects.create(person=person, address=request.email)
    return person
