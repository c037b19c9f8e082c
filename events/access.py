"""Who may register whom, and for whom an event is."""

from collections.abc import Collection
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from apmsl.lib import audiences
from apmsl.lib.access import SIGNED_IN, Rule
from apmsl.lib.dates import today
from events.models import Attendance, Event, Registration
from members.access import COORDINATOR, LEADER, STAFF, teams_led_by
from members.models import Affiliation, Person, Position, Team, User

# With an account of one's own person, from among whom people are registered.
REGISTERS = SIGNED_IN & Rule("a person", lambda user: user.person_id is not None)
REGISTERS_COLLEAGUES = COORDINATOR | LEADER
# Who notes the presence of others.
WELCOMES = STAFF


def colleagues_of(user: User | AnonymousUser, on: date) -> QuerySet[Person]:
    """People of the teams that the user leads, as of that day, without the user."""
    teams = teams_led_by(user, on).values("pk")
    practising = Affiliation.objects.on(on).filter(person=OuterRef("pk"), team__in=teams)
    posted = Position.objects.on(on).filter(person=OuterRef("pk"), team__in=teams)
    people = Person.objects.filter(Exists(practising) | Exists(posted))
    return people.exclude(account=user.pk)


def registrations_in_reach(user: User, on: date) -> QuerySet[Registration]:
    """Those that the user may cancel, cancelled ones among them: asked twice, the answer is the
    same."""
    if STAFF.allows(user):
        return Registration.objects.all()
    mine = Q(person=user.person_id, person__isnull=False)
    kept = Q(person=None, team__in=teams_led_by(user, on).values("pk"))  # names to come
    theirs = Q(person__in=colleagues_of(user, on).values("pk"))
    return Registration.objects.filter(mine | theirs | kept)


def successors(registration: Registration, on: date) -> QuerySet[Person]:
    """Who may come instead, or take a seat that has no name yet: the people of the same team."""
    if registration.person_id is None:
        teams = Team.objects.filter(registrations=registration.pk).values("pk")
    else:
        teams = Team.objects.of_person(registration.person_id, on).values("pk")
    practising = Affiliation.objects.on(on).filter(person=OuterRef("pk"), team__in=teams)
    posted = Position.objects.on(on).filter(person=OuterRef("pk"), team__in=teams)
    people = Person.objects.filter(Exists(practising) | Exists(posted))
    return people.exclude(pk=registration.person_id) if registration.person_id else people


def may_replace(user: User, registration: Registration, person: Person, on: date) -> bool:
    if STAFF.allows(user):
        return True
    return successors(registration, on).filter(pk=person.pk).exists()


def took_part(user: User | AnonymousUser, event: Event) -> bool:
    """With a seat, or noted present; and the staff. For them is what follows the event."""
    if STAFF.allows(user):
        return True
    person = getattr(user, "person_id", None)
    if person is None:
        return False
    seated = event.registrations.registered().filter(person=person)
    present = Attendance.objects.filter(session__event=event, person=person)
    return seated.exists() or present.exists()


def may_register(user: User, people: Collection[Person], on: date) -> bool:
    """Oneself; the people of one's teams for those who lead them; anybody for the staff.

    Whoever may register somebody may cancel the registration.
    """
    others = {person.pk for person in people} - {user.person_id}
    if not others or STAFF.allows(user):
        return True
    return colleagues_of(user, on).filter(pk__in=others).count() == len(others)


def addressed(
    event: Event,
    people: Collection[Person],
    by: User | None,
    on: date,
    *,
    among: Collection[str] | None = None,
) -> set[int]:
    """Who of ``people`` is in the audiences of the event on that day, or in those ``among``."""
    wanted = {person.pk for person in people}
    targets = event.audiences if among is None else among
    if audiences.PUBLIC_KEY in targets:
        return wanted
    if by is not None and wanted == {by.person_id} and on == today():  # known: every page reads it
        return wanted if not by.seen_audiences.isdisjoint(targets) else set()
    if not targets:
        return set()
    within = Q()
    for audience in targets:
        within |= Q(pk__in=audiences.people(audience, on).values("pk"))
    return set(Person.objects.filter(within, pk__in=wanted).values_list("pk", flat=True))
