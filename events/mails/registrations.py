"""What people are told about their registrations, by way of the ledger of mail.

A registration lives from its place in the queue (``queued_at``) to the next one: in one life each
message is written once. Who has no address is told through whoever registered them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse

from apmsl.lib.typography import day, period
from apmsl.mail import services as mail
from events import builders
from events.mails.fees import bill
from events.models import Event, Registration
from members.models import Person, PersonEmail, User


def confirmed(
    event: Event, registrations: Sequence[Registration], *, by: User | None, at: datetime
) -> None:
    letter = Letter("confirmed", "Vous êtes inscrit·e", "Inscription de {}", calendar=True)
    write(letter, event, registrations, at=at, by=by)


def takes_over(
    event: Event, registration: Registration, *, instead_of: Person | None, by: User, at: datetime
) -> None:
    """The confirmation of whoever comes instead of somebody."""
    letter = Letter("confirmed", "Vous êtes inscrit·e", "Inscription de {}", calendar=True)
    told = {"instead_of": instead_of}
    write(letter, event, [registration], at=at, by=by, extra=lambda *_: told)


def replaced(
    event: Event, registration: Registration, *, successor: Person, by: User, at: datetime
) -> None:
    letter = Letter("replaced", "Vous êtes remplacé·e", "{} est remplacé·e", calendar=True)
    told = {"successor": successor}
    write(letter, event, [registration], at=at, by=by, extra=lambda *_: told)


def waitlisted(
    event: Event, registrations: Sequence[Registration], *, by: User | None, at: datetime
) -> None:
    letter = Letter("waitlisted", "Vous êtes sur liste d’attente", "{} sur liste d’attente")
    ranks = {}
    if len(registrations) == 1:  # counted rather than read: the queue may be long
        ranks = {registrations[0].pk: registrations[0].rank()}
    elif registrations:
        queue = event.registrations.waiting().values_list("pk", flat=True)
        ranks = {pk: rank for rank, pk in enumerate(queue, start=1)}
    write(letter, event, registrations, at=at, by=by, ranks=ranks)


def promoted(event: Event, registrations: Sequence[Registration], *, at: datetime) -> None:
    letter = Letter("promoted", "Une place s’est libérée", "Une place pour {}", calendar=True)
    write(letter, event, registrations, at=at)


def offered(event: Event, registrations: Sequence[Registration], *, at: datetime) -> None:
    letter = Letter("offered", "Une place vous est proposée", "Une place proposée à {}")
    write(letter, event, registrations, at=at)


def declined(
    event: Event, registrations: Sequence[Registration], *, by: User | None, at: datetime
) -> None:
    letter = Letter("declined", "Vous laissez la place proposée", "{} laisse la place proposée")
    write(letter, event, registrations, at=at, by=by)


def offer_expired(event: Event, registrations: Sequence[Registration], *, at: datetime) -> None:
    letter = Letter(
        "offer_expired", "La place proposée n’est plus réservée", "Place non retenue : {}"
    )
    write(letter, event, registrations, at=at)


def cancelled(
    event: Event, registrations: Sequence[Registration], *, by: User | None, at: datetime
) -> None:
    letter = Letter(
        "cancelled", "Votre inscription est annulée", "Inscription de {} annulée", calendar=True
    )
    write(letter, event, registrations, at=at, by=by)


def excused(
    event: Event, registrations: Sequence[Registration], *, by: User | None, at: datetime
) -> None:
    letter = Letter("excused", "Votre absence est notée", "Absence de {} notée", calendar=True)
    write(letter, event, registrations, at=at, by=by)


def restored(event: Event, registrations: Sequence[Registration], *, at: datetime) -> None:
    """What an action of the staff had changed, and was a slip: back to what it was."""
    chooses = event.items.to_choose().exists()
    for seated in (True, False):
        letter = Letter(
            "restored" if seated else "restored_away",
            "Votre inscription est rétablie" if seated else "Un message envoyé par erreur",
            "Inscription de {} rétablie" if seated else "Un message envoyé par erreur, pour {}",
            calendar=True,
            template="restored",
        )
        rows = [row for row in registrations if row.is_seated == seated]
        write(letter, event, rows, at=at, extra=lambda *_: {"chooses": chooses})


def event_cancelled(event: Event, registrations: Sequence[Registration], *, at: datetime) -> None:
    letter = Letter("event_cancelled", "Événement annulé", "Événement annulé", calendar=True)
    write(letter, event, registrations, at=at)


# Those that say what is to be paid, or given back.
_OF_MONEY = {"confirmed", "promoted", "restored", "cancelled", "excused", "event_cancelled"}


@dataclass(frozen=True)
class Letter:
    """``subject`` to the person, ``about`` to whoever registered them; the event follows."""

    name: str
    subject: str
    about: str
    calendar: bool = False
    template: str = ""  # where it is not named after the letter


def write(
    letter: Letter,
    event: Event,
    registrations: Sequence[Registration],
    *,
    at: datetime,
    by: User | None = None,
    ranks: dict[int, int] | None = None,
    extra: Callable[[Registration, Person], dict[str, Any]] | None = None,
    key: str = "",
) -> None:
    """``extra``: what this letter alone tells of each; ``key``: what it is about, where a registration
    may be told of several things by letters of one name in one life."""
    if not registrations:
        return
    people = people_of(registrations)
    sessions = builders.session_days(event) if letter.calendar else []
    for registration in registrations:
        person = people.get(registration.person_id)
        if person is None:
            continue  # a seat without a name yet: whoever keeps it is told by the page
        address, through = reach(registration, person)
        if not address:
            continue
        mail.send(
            purpose=f"registration-{letter.name.replace('_', '-')}",
            object_key=_object_key(registration, key, person.undone),
            recipient=address,
            subject=_subject(letter, event, person, direct=through is None),
            template=f"events/mails/{letter.template or letter.name}",
            context={
                "event": event,
                "registration": registration,
                "person": person,
                "through": through,
                "by": _somebody_else(by, person),
                "rank": (ranks or {}).get(registration.pk),
                "when": period(event.starts_on, event.ends_on),
                "event_url": settings.PORTAL_URL + event.get_absolute_url(),
                "manage_url": manage_url(registration),
                "bill": bill(registration) if letter.name in _OF_MONEY else None,
                "events_url": settings.PORTAL_URL + reverse("events:events"),
                **(extra(registration, person) if extra else {}),
            },
            attachment=_calendar(letter, event, sessions, person.versions, at),
            at=at,
        )


def manage_url(registration: Registration) -> str:
    """Where one says that one comes, or gives up, without signing in."""
    return settings.PORTAL_URL + reverse("events:link", args=[registration.token])


def _object_key(registration: Registration, key: str, undone: int) -> str:
    """``undone``: how often the registration was put back as it was; what is told then, and what
    follows, is told anew."""
    key = key or f"{registration.queued_at:%Y-%m-%dT%H:%M:%S.%f}"
    return f"registration {registration.pk} {key}" + (f" +{undone}" if undone else "")


def reach(registration: Registration, person: Any) -> tuple[str, User | None]:
    """The address to write to, and through whom when it is not the person's own; « » without any."""
    own = person.address or person.account_email
    through = None if own else registration.registered_by
    return (through.email if through else own or "", through)


def people_of(registrations: Sequence[Registration]) -> dict[int | None, Any]:
    """The people, their address, and how many times their registration or the event changed."""
    primary = PersonEmail.objects.filter(person=OuterRef("pk")).order_by("-is_primary", "pk")
    mine = Registration.objects.filter(pk__in=[registration.pk for registration in registrations])
    changes = Count("events", distinct=True) + Count("event__events", distinct=True)
    own = mine.filter(person=OuterRef("pk")).order_by().values("pk")
    versions = own.annotate(n=changes)
    put_back = Q(events__pgh_context__metadata__undone=True)
    undone = own.annotate(n=Count("events", filter=put_back, distinct=True))
    people = Person.objects.filter(registrations__in=mine).annotate(
        address=Subquery(primary.values("address")[:1]),
        account_email=F("account__email"),
        versions=Subquery(versions.values("n")),
        undone=Subquery(undone.values("n")),
    )
    return {person.pk: person for person in people}


def _subject(letter: Letter, event: Event, person: Person, *, direct: bool) -> str:
    opening = letter.subject if direct else letter.about.format(person)
    return f"{opening} : {event.title}, {day(event.starts_on)}"


def _somebody_else(by: User | None, person: Person) -> Person | None:
    return None if by is None or by.person_id == person.pk else by.person


def _calendar(
    letter: Letter,
    event: Event,
    sessions: list[builders.SessionDay],
    versions: int,
    at: datetime,
) -> mail.Attachment | None:
    if not letter.calendar:
        return None
    gone = letter.name in {"cancelled", "excused", "event_cancelled", "replaced", "restored_away"}
    content = builders.calendar(
        event, sessions, sequence=versions, at=at, cancelled=gone, with_link=not gone
    )
    method = "CANCEL" if gone else "PUBLISH"
    return mail.Attachment("rendez-vous.ics", f"text/calendar; method={method}", content)
