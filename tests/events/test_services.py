"""Seats, waiting lists, refusals."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.lib.typography import day
from apmsl.mail.models import Message
from events import services
from events.enums import EventStatus, RegistrationStatus
from events.models import Attendance, Registration
from tests import roles
from tests.events.factories import EventFactory, EventSessionFactory, RegistrationFactory
from tests.members.factories import (
    AffiliationFactory,
    PersonFactory,
    PositionFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

REGISTERED = RegistrationStatus.REGISTERED
WAITLISTED = RegistrationStatus.WAITLISTED
CANCELLED = RegistrationStatus.CANCELLED


def register(event, user, *people, **changes):
    """``user`` registers ``people``, or themself."""
    arguments = {"event": event, "by": user, "on": today(), "at": timezone.now()} | changes
    if people:
        return services.register_colleagues(people=people, **arguments)
    return services.register(person=user.person, **arguments)


def cancel(registration, by, **changes):
    arguments = {"by": by, "on": today(), "at": timezone.now()} | changes
    return services.cancel(registration=registration, **arguments)


def change(registrations, status, by):
    return services.change_status(
        registrations=registrations, status=status, by=by, on=today(), at=timezone.now()
    )


def statuses(event):
    """In the order of the queue."""
    rows = event.registrations.order_by("queued_at", "pk")
    return [row.status for row in rows]


@pytest.fixture
def team():
    return TeamFactory(member=True)


@pytest.fixture
def coordinator(team):
    return roles.coordinator(team)


@pytest.fixture
def colleague(team):
    """Call it for one more person of the team."""
    return lambda: AffiliationFactory(team=team).person


# -- registering oneself ---------------------------------------------------------------------------
def test_who_finds_a_seat_is_registered_with_their_team(team):
    user, event = roles.member(team), EventFactory(capacity=1)
    at = timezone.now()

    registration = register(event, user, at=at)

    saved = Registration.objects.get()
    assert saved == registration
    assert (saved.status, saved.person, saved.team) == (REGISTERED, user.person, team)
    assert (saved.registered_on, saved.registered_by) == (today(), user)
    assert saved.queued_at == at


def test_without_a_capacity_everybody_finds_a_seat():
    event = EventFactory(capacity=None)
    RegistrationFactory.create_batch(3, event=event)

    assert register(event, roles.member()).status == REGISTERED


def test_who_finds_no_seat_waits_in_the_order_of_the_requests():
    event = EventFactory(capacity=1)
    register(event, roles.member())

    second, third = register(event, roles.member()), register(event, roles.member())

    assert [second.status, third.status] == [WAITLISTED, WAITLISTED]
    assert [second.rank(), third.rank()] == [1, 2]


def test_an_event_without_a_single_seat_has_a_waiting_list():
    assert register(EventFactory(capacity=0), roles.member()).status == WAITLISTED


def test_a_request_that_is_served_late_does_not_pass_those_who_wait_already():
    event = EventFactory(capacity=0)
    at = timezone.now()
    first = register(event, roles.member(), at=at)

    late = register(event, roles.member(), at=at - timedelta(seconds=5))

    assert (first.rank(), late.rank()) == (1, 2)


def test_asked_twice_the_first_registration_is_the_answer():
    user, event = roles.member(), EventFactory(capacity=1)

    assert register(event, user) == register(event, user)

    assert Registration.objects.count() == 1
    assert Message.objects.count() == 1


def test_asked_again_after_the_deadline_the_registration_is_still_the_answer():
    user = roles.member()
    event = EventFactory(registration_until=today())
    registration = register(event, user)

    assert register(event, user, on=today() + timedelta(days=1)) == registration


def test_who_cancelled_takes_up_their_row_again_behind_those_who_wait():
    user, event = roles.member(), EventFactory(capacity=1)
    registration = register(event, user)
    register(event, roles.member())
    cancel(registration, user)
    waiting = register(event, roles.member())

    again = register(event, user)

    assert again == registration
    assert (again.status, again.rank()) == (WAITLISTED, 2)
    assert waiting.rank() == 1


def test_a_newcomer_does_not_pass_those_who_wait_beside_a_free_seat():
    """The staff has put somebody back on the list: a seat is free, and is theirs first."""
    event, staff = EventFactory(capacity=1), roles.staff()
    patient = register(event, roles.member())
    change([patient], WAITLISTED, staff)

    newcomer = register(event, roles.member())

    patient.refresh_from_db()
    assert (patient.status, newcomer.status) == (REGISTERED, WAITLISTED)


def test_once_the_limit_is_lifted_a_newcomer_sits_and_so_do_those_who_wait():
    event = EventFactory(capacity=0)
    register(event, roles.member())
    type(event).objects.update(capacity=None)

    register(event, roles.member())

    assert statuses(event) == [REGISTERED, REGISTERED]


# -- refusals --------------------------------------------------------------------------------------
def test_a_cancelled_event_is_refused_to_all():
    event = EventFactory(cancelled=True)

    for user in (roles.member(), roles.staff()):
        with pytest.raises(services.EventCancelled, match="^Cet événement est annulé.$"):
            register(event, user)


@pytest.mark.parametrize("traits", [{"held": True}, {"starts_on": today() - timedelta(days=1)}])
def test_an_event_that_is_over_is_refused(traits):
    with pytest.raises(services.AlreadyOver, match="^Cet événement a déjà eu lieu.$"):
        register(EventFactory(**traits), roles.member())


def test_registrations_close_after_the_deadline():
    until = today() - timedelta(days=1)
    event, user = EventFactory(registration_until=until), roles.member()

    with pytest.raises(services.RegistrationClosed) as refusal:
        register(event, user)

    assert str(refusal.value) == f"Les inscriptions sont closes depuis le {day(until)}."
    assert register(event, user, on=until).status == REGISTERED


def test_without_a_deadline_one_registers_until_the_day_itself():
    event = EventFactory(starts_on=today())

    assert register(event, roles.member()).status == REGISTERED


def test_who_is_not_in_the_audience_is_refused():
    event = EventFactory(audiences=["leaders", "department:44"])
    user = roles.coordinator(TeamFactory(member=True, department="85"))

    with pytest.raises(services.WrongAudience, match="^Cet événement ne s’adresse pas à vous.$"):
        register(event, user)


def test_a_public_event_is_for_anybody_with_an_account():
    assert register(EventFactory(public=True), UserFactory()).status == REGISTERED


def test_the_audience_is_that_of_the_day_of_registering(team):
    user = roles.member(team)
    event = EventFactory(starts_on=today() + timedelta(days=90))

    tomorrow_s = partial(register, event, user, on=today() + timedelta(days=1))
    team.affiliations.update(ended_on=today() + timedelta(days=1))

    with pytest.raises(services.WrongAudience):
        tomorrow_s()
    assert register(event, user).status == REGISTERED


def test_a_member_registers_nobody_else(team):
    other = AffiliationFactory(team=team).person
    message = "^Vous inscrivez les personnes de votre équipe seulement.$"

    with pytest.raises(services.NotYourColleague, match=message):
        register(EventFactory(), roles.member(team), other)


# -- registering colleagues ------------------------------------------------------------------------
@pytest.mark.parametrize("role", [roles.coordinator, roles.leader])
def test_who_leads_a_team_registers_its_people(role, team, colleague):
    user, one, another = role(team), colleague(), colleague()

    done = register(EventFactory(), user, one, another)

    assert [r.person for r in done] == [one, another]
    assert {(r.status, r.registered_by, r.team) for r in done} == {(REGISTERED, user, team)}


def test_of_several_colleagues_the_first_sit_and_the_others_wait_in_their_order(
    coordinator, colleague
):
    people = [colleague() for _ in range(4)]

    done = register(EventFactory(capacity=2), coordinator, *reversed(people))

    assert [r.person for r in done] == list(reversed(people))
    assert [r.status for r in done] == [REGISTERED, REGISTERED, WAITLISTED, WAITLISTED]
    assert [r.rank() for r in done[2:]] == [1, 2]


def test_a_seat_is_a_person_whoever_registers_them(coordinator, colleague):
    event = EventFactory(capacity=3)

    register(event, coordinator, colleague(), colleague(), colleague())

    assert register(event, coordinator).status == WAITLISTED


def test_a_person_named_twice_is_registered_once(coordinator, colleague):
    person, event = colleague(), EventFactory()

    register(event, coordinator, person, person)

    assert statuses(event) == [REGISTERED]


def test_one_registered_already_does_not_stop_the_others(coordinator, colleague):
    event, one, another = EventFactory(), colleague(), colleague()
    (first,) = register(event, coordinator, one)

    done = register(event, coordinator, one, another)

    assert done[0] == first
    assert statuses(event) == [REGISTERED, REGISTERED]


def test_when_one_of_them_is_refused_none_is_registered(coordinator, colleague):
    stranger = AffiliationFactory(team=TeamFactory(member=True)).person
    event = EventFactory()

    with pytest.raises(services.NotYourColleague):
        register(event, coordinator, colleague(), stranger)

    assert Registration.objects.count() == 0


def test_a_colleague_whom_the_event_is_not_for_is_named(coordinator, colleague):
    event = EventFactory(audiences=["coordinators"])
    one, another = colleague(), colleague()

    with pytest.raises(services.WrongAudience) as refusal:
        register(event, coordinator, one, another)

    assert str(refusal.value) == f"Cet événement ne s’adresse pas à {one} et {another}."


@pytest.mark.parametrize(
    "traits", [{"ended": True}, {"team__closed": True}, {"team__member": None}]
)
def test_rights_end_with_the_post_and_with_the_membership_of_the_team(traits):
    user = UserFactory()
    post = PositionFactory(person=user.person, **{"team__member": True} | traits)
    person = AffiliationFactory(team=post.team).person

    with pytest.raises(services.NotYourColleague):
        register(EventFactory(), user, person)


def test_the_staff_registers_anybody_even_after_the_deadline_but_not_beyond_the_capacity():
    event = EventFactory(
        capacity=1, audiences=["leaders"], registration_until=today() - timedelta(days=1)
    )

    done = register(event, roles.staff(), PersonFactory(), PersonFactory())

    assert [r.status for r in done] == [REGISTERED, WAITLISTED]


# -- the team noted with a registration --------------------------------------------------------------
def test_the_team_is_where_the_person_practises_that_day(team):
    user = roles.member(team)
    AffiliationFactory(
        person=user.person,
        started_on=today() - timedelta(days=300),
        ended_on=today() - timedelta(days=100),
    )

    assert register(EventFactory(), user).team == team


def test_the_team_of_a_coordinator_who_practises_nowhere_is_that_of_the_post(team, coordinator):
    assert register(EventFactory(), coordinator).team == team


def test_where_one_practises_goes_before_where_one_holds_a_post():
    person = PersonFactory()
    PositionFactory(person=person)
    practised = AffiliationFactory(person=person).team

    (done,) = register(EventFactory(), roles.staff(), person)

    assert done.team == practised


def test_without_any_team_none_is_noted():
    assert register(EventFactory(public=True), UserFactory()).team is None


def test_of_several_teams_it_is_the_one_led_by_who_registers(team, coordinator, colleague):
    person = PersonFactory()
    AffiliationFactory(person=person, team=TeamFactory(member=True))
    AffiliationFactory(person=person, team=team)

    (done,) = register(EventFactory(), coordinator, person)

    assert done.team == team


# -- cancelling ------------------------------------------------------------------------------------
def test_a_seat_given_up_goes_to_the_first_who_waits():
    user, event = roles.member(), EventFactory(capacity=1)
    registration = register(event, user)
    first, second = register(event, roles.member()), register(event, roles.member())

    seated = cancel(registration, user)

    assert seated == [first]
    assert [r.status for r in Registration.objects.order_by("pk")] == [
        CANCELLED,
        REGISTERED,
        WAITLISTED,
    ]
    assert second.rank() == 1


def test_cancelling_twice_gives_one_seat_only():
    user, event = roles.member(), EventFactory(capacity=1)
    registration = register(event, user)
    register(event, roles.member())
    register(event, roles.member())

    cancel(registration, user)
    seated = cancel(registration, user)

    assert seated == []
    assert sorted(statuses(event)) == [CANCELLED, REGISTERED, WAITLISTED]


def test_leaving_the_waiting_list_seats_nobody():
    event = EventFactory(capacity=1)
    register(event, roles.member())
    user = roles.member()
    waiting, next_one = register(event, user), register(event, roles.member())

    assert cancel(waiting, user) == []
    assert next_one.rank() == 1


def test_a_cancellation_above_a_lowered_capacity_seats_nobody():
    event = EventFactory(capacity=2)
    user = roles.member()
    registration = register(event, user)
    for _ in range(2):
        register(event, roles.member())
    type(event).objects.update(capacity=1)

    assert cancel(registration, user) == []


def test_one_cancels_for_oneself_and_for_the_people_of_one_s_team(team, coordinator, colleague):
    event = EventFactory()
    (registration,) = register(event, coordinator, colleague())

    with pytest.raises(services.NotYourColleague):
        cancel(registration, roles.member(team))
    cancel(registration, roles.leader(team))

    assert statuses(event) == [CANCELLED]


def test_once_the_event_is_over_the_staff_alone_corrects_and_nobody_is_called_in():
    event = EventFactory(held=True, capacity=1)
    user = roles.member()
    registration = RegistrationFactory(event=event, person=user.person)
    RegistrationFactory(event=event, waiting=True)

    with pytest.raises(services.AlreadyOver, match="^Cet événement a déjà eu lieu.$"):
        cancel(registration, user)
    seated = cancel(registration, roles.staff())

    assert seated == []
    assert statuses(event) == [CANCELLED, WAITLISTED]


# -- what the staff decides ------------------------------------------------------------------------
@pytest.mark.parametrize(("capacity", "seated"), [(2, 1), (3, 2), (None, 3)])
def test_a_raised_capacity_seats_those_who_wait_in_their_order(capacity, seated):
    event = EventFactory(capacity=1)
    for _ in range(4):
        register(event, roles.member())
    type(event).objects.update(capacity=capacity)

    done = services.promote(event=event, on=today(), at=timezone.now())

    assert len(done) == seated
    assert statuses(event) == [REGISTERED] * (1 + seated) + [WAITLISTED] * (3 - seated)


def test_confirming_seats_the_chosen_ones_as_far_as_there_are_seats():
    event = EventFactory(capacity=0)
    waiting = [register(event, roles.member()) for _ in range(3)]
    type(event).objects.update(capacity=1)

    changes = change(reversed(waiting[1:]), REGISTERED, roles.staff())

    assert (changes.changed, changes.left) == ([waiting[1]], [waiting[2]])
    assert statuses(event) == [WAITLISTED, REGISTERED, WAITLISTED]


def test_confirming_who_is_registered_changes_nothing():
    registration = RegistrationFactory()

    changes = change([registration], REGISTERED, roles.staff())

    assert (changes.changed, changes.left, changes.promoted) == ([], [], [])


def test_confirming_who_cancelled_gives_them_a_new_place():
    registration = RegistrationFactory(cancelled=True, queued_at=timezone.now() - timedelta(days=9))

    change([registration], REGISTERED, roles.staff())

    registration.refresh_from_db()
    assert registration.status == REGISTERED
    assert timezone.now() - registration.queued_at < timedelta(minutes=1)


def test_put_on_the_waiting_list_one_goes_behind_and_the_seat_to_the_next():
    event = EventFactory(capacity=1)
    sitting, waiting = register(event, roles.member()), register(event, roles.member())

    changes = change([sitting], WAITLISTED, roles.staff())

    assert (changes.changed, changes.promoted) == ([sitting], [waiting])
    sitting.refresh_from_db()
    assert (sitting.status, sitting.rank()) == (WAITLISTED, 1)


def test_cancelling_several_fills_their_seats_over_several_events():
    one, other = EventFactory(capacity=1), EventFactory(capacity=1)
    seats = [register(event, roles.member()) for event in (other, one)]
    waiting = [register(event, roles.member()) for event in (one, other)]

    changes = change(seats, CANCELLED, roles.staff())

    assert sorted(r.pk for r in changes.changed) == sorted(r.pk for r in seats)
    assert changes.promoted == waiting


def test_nobody_is_confirmed_at_a_cancelled_event():
    registration = RegistrationFactory(event__cancelled=True, waiting=True)

    changes = change([registration], REGISTERED, roles.staff())

    assert (changes.changed, changes.left) == ([], [registration])


def test_only_the_staff_changes_registrations_in_bulk():
    registration = RegistrationFactory()

    with pytest.raises(services.NotYourColleague):
        change([registration], CANCELLED, roles.coordinator())

    registration.refresh_from_db()
    assert registration.status == REGISTERED


def test_a_cancelled_event_keeps_its_registrations_and_calls_nobody_in():
    event = EventFactory(capacity=1)
    user = roles.member()
    registration = register(event, user)
    register(event, roles.member())

    services.cancel_event(event=event, at=timezone.now())
    cancel(registration, user)

    event.refresh_from_db()
    assert event.status == EventStatus.CANCELLED
    assert statuses(event) == [CANCELLED, WAITLISTED]


# -- attendance ------------------------------------------------------------------------------------
def noted():
    return {"by": None, "at": timezone.now()}


def test_present_at_one_session():
    event = EventFactory()
    session, other = EventSessionFactory.create_batch(2, event=event)
    registration = RegistrationFactory(event=event)

    assert services.mark_present(registrations=[registration], session=session, **noted()) == 1

    assert list(Attendance.objects.values_list("session", "person")) == [
        (session.pk, registration.person_id)
    ]
    assert not other.attendances.exists()


def test_present_at_every_session_of_their_own_event_and_noted_once():
    event, other = EventFactory(), EventFactory()
    sessions = EventSessionFactory.create_batch(2, event=event)
    EventSessionFactory(event=other)
    registrations = [RegistrationFactory(event=event), RegistrationFactory(event=other)]
    services.mark_present(registrations=registrations[:1], session=sessions[0], **noted())

    assert services.mark_present(registrations=registrations, **noted()) == 2
    assert services.mark_present(registrations=registrations, **noted()) == 0

    assert [r.person.attendances.count() for r in registrations] == [2, 1]


def test_a_presence_is_taken_back_and_the_others_stay():
    event = EventFactory()
    sessions = EventSessionFactory.create_batch(2, event=event)
    one, other = RegistrationFactory.create_batch(2, event=event)
    services.mark_present(registrations=[one, other], **noted())

    assert services.unmark_present(registrations=[one], session=sessions[0], **noted()) == 1
    assert services.unmark_present(registrations=[one], **noted()) == 1
    assert services.unmark_present(registrations=[one], **noted()) == 0

    assert other.person.attendances.count() == 2


def test_without_a_session_nobody_is_present():
    registration = RegistrationFactory()

    with pytest.raises(services.NoSession, match="^Ajoutez d’abord une séance à cet événement.$"):
        services.mark_present(registrations=[registration], **noted())


def test_a_session_of_another_event_is_refused():
    session = EventSessionFactory()

    with pytest.raises(services.NoSession):
        services.mark_present(registrations=[RegistrationFactory()], session=session, **noted())
