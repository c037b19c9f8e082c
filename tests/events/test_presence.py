"""Half-days and hours, the taps of several telephones, the grid, walk-ins."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from events import services
from events.enums import Category, HalfDays, RegistrationStatus
from events.models import (
    Attendance,
    CheckIn,
    Event,
    EventSession,
    HalfDay,
    Tap,
    half_days_and_hours,
    half_days_of,
    halves_of,
    presence_of,
    presences,
)
from tests.events.factories import (
    AttendanceFactory,
    EventFactory,
    EventSessionFactory,
    RegistrationFactory,
)
from tests.members.factories import AffiliationFactory, PersonFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = date(2023, 6, 15)
AT = datetime(2023, 6, 15, 9, tzinfo=ZoneInfo("Europe/Paris"))
NOON = {"break_from": time(12, 30), "break_to": time(14)}


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def a_day(**fields):
    """An event of a day with a morning and an afternoon."""
    event = EventFactory(starts_on=DAY, starts_at=time(9), ends_at=time(17), **fields)
    EventSessionFactory(event=event, number=1, **NOON)
    return event, *half_days_of(event)


def tap(person, half, minutes=0.0, *, here=True):
    return Tap(person.pk, half, here, later(minutes))


def note(event, *taps):
    return services.note(event=event, taps=taps, by=None)


def noted(event):
    rows = Attendance.objects.filter(session__event=event)
    return {(row.person_id, row.half_days) for row in rows}


# -- half-days and hours ---------------------------------------------------------------------------
def test_a_day_with_a_break_has_two_half_days_of_its_hours():
    _, morning, afternoon = a_day()

    assert (morning.part, morning.minutes) == (HalfDays.MORNING, 210)
    assert (afternoon.part, afternoon.minutes) == (HalfDays.AFTERNOON, 180)


def test_the_hours_of_a_session_come_before_those_of_the_event():
    event = EventFactory(starts_on=DAY, starts_at=time(9), ends_at=time(17))
    EventSessionFactory(event=event, number=1, starts_at=time(18), ends_at=time(19, 20))
    EventSessionFactory(event=event, number=2)

    assert [half.minutes for half in half_days_of(event)] == [80, 480]


def test_a_half_day_without_hours_counts_three_and_a_half():
    event = EventFactory(starts_on=DAY)
    session = EventSessionFactory(event=event, **NOON)
    person = AttendanceFactory(session=session).person

    assert half_days_and_hours(event) == {person.pk: (2, Decimal("7.00"))}


def test_hours_are_added_before_they_are_rounded():
    event = EventFactory(starts_on=DAY)
    person = PersonFactory()
    for number in (1, 2, 3):
        short = {"starts_at": time(9), "ends_at": time(9, 20)}
        session = EventSessionFactory(event=event, number=number, **short)
        AttendanceFactory(session=session, person=person)

    assert half_days_and_hours(event) == {person.pk: (3, Decimal("1.00"))}


def test_a_presence_at_one_half_is_one_half_day_and_stays_one_when_the_break_is_taken_away():
    event, *_ = a_day()
    session = event.sessions.get()
    person = AttendanceFactory(session=session, half_days=HalfDays.MORNING).person
    somebody_else = AttendanceFactory().person

    assert half_days_and_hours(event) == {person.pk: (1, Decimal("3.50"))}
    assert presence_of(person, event).hours == Decimal("3.50")
    assert presence_of(somebody_else, event).half_days == 0

    EventSession.objects.filter(pk=session.pk).update(break_from=None, break_to=None)
    assert half_days_and_hours(event) == {person.pk: (1, Decimal("8.00"))}


def test_presences_are_added_over_several_events():
    person = PersonFactory()
    for _ in range(2):
        event, *_ = a_day()
        AttendanceFactory(session=event.sessions.get(), person=person)

    (presence,) = presences(Attendance.objects.filter(person=person)).values()

    assert (presence.half_days, presence.hours) == (4, Decimal("13.00"))


CLOCKS = st.none() | st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(clocks=st.tuples(CLOCKS, CLOCKS, CLOCKS, CLOCKS), breaks=st.tuples(CLOCKS, CLOCKS))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_times_half_days_last_and_never_longer_than_their_session(clocks, breaks):
    event = Event(starts_at=clocks[0], ends_at=clocks[1])
    session = EventSession(pk=1, number=1, held_on=DAY, starts_at=clocks[2], ends_at=clocks[3])
    session.break_from, session.break_to = breaks if None not in breaks else (None, None)

    halves = halves_of(session, event)

    assert len(halves) == (2 if session.break_from else 1)
    assert all(0 < half.minutes < 24 * 60 for half in halves)
    ordered = [session.starts_at, session.break_from, session.break_to, session.ends_at]
    if None not in ordered and ordered == sorted(set(ordered)):
        span = [clock.hour * 60 + clock.minute for clock in ordered]
        assert sum(half.minutes for half in halves) == span[3] - span[0] - (span[2] - span[1])


# -- sessions in one step --------------------------------------------------------------------------
def test_a_day_gets_one_session_with_a_noon_break_and_only_once():
    event = EventFactory(starts_on=DAY, starts_at=time(9), ends_at=time(17))

    assert services.create_sessions(event=event) == 1
    assert services.create_sessions(event=event) == 0

    session = event.sessions.get()
    assert (session.held_on, session.starts_at, session.ends_at) == (DAY, time(9), time(17))
    assert session.has_two_halves


@pytest.mark.parametrize(
    ("category", "hours", "halves"),
    [
        (Category.REGIONAL_DAY, (None, None), 2),
        (Category.THEMATIC_MEETING, (None, None), 1),
        (Category.REGIONAL_DAY, (time(9), time(12, 30)), 1),
        (Category.THEMATIC_MEETING, (time(9), None), 1),
        (Category.THEMATIC_MEETING, (time(17), time(9)), 1),
    ],
)
def test_the_noon_break_follows_the_hours_else_the_kind(category, hours, halves):
    event = EventFactory(starts_on=DAY, starts_at=hours[0], ends_at=hours[1], category=category)

    services.create_sessions(event=event)

    assert len(half_days_of(event)) == halves


def test_days_that_have_a_session_keep_theirs_and_numbers_go_on():
    event = EventFactory(starts_on=DAY, ends_on=DAY + timedelta(days=2))
    EventSessionFactory(event=event, number=4, held_on=DAY + timedelta(days=1))

    assert services.create_sessions(event=event) == 2

    rows = event.sessions.order_by("held_on").values_list("number", flat=True)
    assert list(rows) == [5, 4, 6]


def test_an_event_of_several_months_is_not_cut_into_days():
    event = EventFactory(starts_on=DAY, ends_on=DAY + timedelta(days=90))

    with pytest.raises(services.NoSession, match="une à une"):
        services.create_sessions(event=event)


# -- taps ------------------------------------------------------------------------------------------
def test_a_tap_notes_a_half_day_and_a_second_one_the_whole_session():
    event, morning, afternoon = a_day()
    person = PersonFactory()

    note(event, tap(person, morning))
    assert noted(event) == {(person.pk, HalfDays.MORNING)}

    note(event, tap(person, afternoon, 300))
    assert noted(event) == {(person.pk, HalfDays.ALL)}
    assert Attendance.objects.get().noted_at == later(300)

    note(event, tap(person, morning, 301, here=False))
    assert noted(event) == {(person.pk, HalfDays.AFTERNOON)}

    note(event, tap(person, afternoon, 302, here=False))
    assert noted(event) == set()


def test_a_tap_takes_back_half_of_a_presence_that_was_imported():
    event, morning, _ = a_day()
    attendance = AttendanceFactory(session=event.sessions.get())

    note(event, tap(attendance.person, morning, here=False))

    assert noted(event) == {(attendance.person_id, HalfDays.AFTERNOON)}


def test_told_twice_a_tap_counts_once():
    event, morning, _ = a_day()
    person = PersonFactory()
    taps = [tap(person, morning), tap(person, morning, 1, here=False), tap(person, morning, 2)]

    assert note(event, *taps) == 1
    assert note(event, *taps) == 0
    assert noted(event) == {(person.pk, HalfDays.MORNING)}
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_taps_arrive_the_last_moment_wins(order):
    """A telephone out of reach tells what it noted after another has noted something else."""
    event, morning, _ = a_day()
    person = PersonFactory()
    taps = [
        tap(person, morning, 0),
        tap(person, morning, 10, here=False),
        tap(person, morning, 5),
    ]

    for rank in order:
        note(event, taps[rank])

    assert noted(event) == set()


@given(
    taps=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 30), st.booleans()),
        unique_by=lambda row: row[:3],
        max_size=12,
    ),
    cuts=st.lists(st.integers(0, 12), max_size=3),
    shuffled=st.randoms(use_true_random=False),
)
@hypothesis_settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_taps_are_shuffled_and_packed_presence_is_the_same(taps, cuts, shuffled):
    event, *halves = a_day()
    people = [PersonFactory() for _ in range(3)]
    expected: dict[tuple[int, int], bool] = {}
    for person, half, _, here in sorted(taps, key=lambda row: row[2]):
        expected[person, half] = here

    told = [tap(people[p], halves[h], minutes, here=here) for p, h, minutes, here in taps]
    shuffled.shuffle(told)
    bounds = [0, *sorted(cuts), len(told)]
    for start, end in zip(bounds, bounds[1:], strict=False):
        note(event, *told[start:end])

    came = half_days_and_hours(event)
    for rank, person in enumerate(people):
        wanted = sum(expected.get((rank, half), False) for half in range(2))
        assert came.get(person.pk, (0, 0))[0] == wanted


# -- the grid --------------------------------------------------------------------------------------
def fill(event, at=AT, **filled):
    user = UserFactory()
    services.save_grid(event=event, filled=services.Filled(**filled), by=user, at=at)


def registered(event, number):
    return [RegistrationFactory(event=event) for _ in range(number)]


def test_on_first_opening_everybody_is_here_but_the_exceptions():
    event, morning, afternoon = a_day()
    anne, brice, chloe = registered(event, 3)
    RegistrationFactory(event=event, waiting=True)

    fill(event, opened=[morning, afternoon], changed={(brice.person_id, afternoon): False})

    assert noted(event) == {
        (anne.person_id, HalfDays.ALL),
        (brice.person_id, HalfDays.MORNING),
        (chloe.person_id, HalfDays.ALL),
    }


def test_two_people_who_opened_the_same_grid_lose_nothing_of_each_other():
    event, morning, afternoon = a_day()
    anne, brice, chloe = registered(event, 3)
    opened = [morning, afternoon]

    fill(event, opened=opened, changed={(anne.person_id, morning): False})
    fill(event, at=later(1), opened=opened, changed={(brice.person_id, afternoon): False})

    assert noted(event) == {
        (anne.person_id, HalfDays.AFTERNOON),
        (brice.person_id, HalfDays.MORNING),
        (chloe.person_id, HalfDays.ALL),
    }


def test_a_grid_where_everybody_was_unticked_is_not_filled_in_again():
    event, morning, _ = a_day()
    (anne,) = registered(event, 1)

    fill(event, opened=[morning], changed={(anne.person_id, morning): False})
    fill(event, at=later(1), opened=[morning])

    assert noted(event) == set()


def test_a_half_day_that_a_telephone_has_begun_is_filled_in_on_demand_only():
    event, morning, afternoon = a_day()
    anne, brice, chloe = registered(event, 3)
    note(event, tap(anne.person, morning), tap(brice.person, morning, here=False))

    assert services.untouched(event, [morning, afternoon]) == [afternoon]
    fill(event, opened=[morning])
    assert noted(event) == {(anne.person_id, HalfDays.MORNING)}

    fill(event, whole=[morning])
    assert noted(event) == {
        (anne.person_id, HalfDays.MORNING),
        (chloe.person_id, HalfDays.MORNING),
    }


@pytest.mark.parametrize("part", HalfDays)
def test_what_was_imported_counts_as_noted(part):
    event, morning, afternoon = a_day()
    AttendanceFactory(session=event.sessions.get(), half_days=part)

    halves = {HalfDays.MORNING: [afternoon], HalfDays.AFTERNOON: [morning], HalfDays.ALL: []}
    assert services.untouched(event, [morning, afternoon]) == halves[part]


def test_excused_is_not_absent_and_may_be_taken_back():
    event, morning, afternoon = a_day()
    anne, brice = registered(event, 2)

    fill(event, opened=[morning, afternoon], excused={anne.pk: "Garde d’enfant"})
    anne.refresh_from_db()
    assert (anne.status, anne.reason) == (RegistrationStatus.EXCUSED, "Garde d’enfant")
    assert noted(event) == {(brice.person_id, HalfDays.ALL)}

    fill(event, at=later(1), came_back=[anne.pk], changed={(anne.person_id, afternoon): True})
    anne.refresh_from_db()
    assert (anne.status, anne.reason) == (RegistrationStatus.REGISTERED, "")
    assert (anne.person_id, HalfDays.AFTERNOON) in noted(event)


def test_whoever_comes_after_all_is_placed_beyond_a_capacity_reached_meanwhile():
    event, *_ = a_day(capacity=1)
    anne = RegistrationFactory(event=event, status=RegistrationStatus.EXCUSED, reason="Malade")
    RegistrationFactory(event=event)

    fill(event, came_back=[anne.pk])

    anne.refresh_from_db()
    assert (anne.status, anne.over_capacity) == (RegistrationStatus.REGISTERED, True)


def test_two_hundred_people_are_saved_in_a_handful_of_queries(record_queries):
    event, morning, afternoon = a_day()
    rows = registered(event, 20)
    user = UserFactory()
    filled = services.Filled(
        opened=[morning, afternoon],
        changed={(rows[0].person_id, morning): False},
        excused={rows[1].pk: "Malade"},
    )

    with record_queries() as queries:
        services.save_grid(event=event, filled=filled, by=user, at=AT)

    statements = [sql for sql in queries if "SAVEPOINT" not in sql]
    assert len(statements) <= 12, "\n".join(statements)


# -- walk-ins --------------------------------------------------------------------------------------
def welcome(event, person, half=None):
    return services.welcome(event=event, person=person, half=half, by=UserFactory(), on=DAY, at=AT)


def test_whoever_comes_without_registering_is_placed_and_here():
    event, morning, _ = a_day(capacity=10)
    practised = AffiliationFactory(started_on=date(2020, 1, 1))

    registration = welcome(event, practised.person, morning)

    assert registration.status == RegistrationStatus.REGISTERED
    assert (registration.team, registration.over_capacity) == (practised.team, False)
    assert noted(event) == {(practised.person_id, HalfDays.MORNING)}


def test_of_a_full_event_they_are_placed_beyond_its_capacity_and_it_says_why():
    event, *_ = a_day(capacity=1)
    RegistrationFactory(event=event)

    registration = welcome(event, PersonFactory())

    assert (registration.over_capacity, registration.reason) == (True, "Venu·e sans inscription")


@pytest.mark.parametrize("status", ["waitlisted", "cancelled", "excused"])
def test_whoever_waited_or_had_given_up_takes_up_their_registration(status):
    event, *_ = a_day()
    known = RegistrationFactory(event=event, status=status)

    assert welcome(event, known.person) == known

    known.refresh_from_db()
    assert known.status == RegistrationStatus.REGISTERED


def test_a_seat_held_already_stays_as_it_is():
    event, *_ = a_day()
    known = RegistrationFactory(event=event, status=RegistrationStatus.CONFIRMED)

    welcome(event, known.person)

    known.refresh_from_db()
    assert known.status == RegistrationStatus.CONFIRMED


def test_somebody_unknown_is_known_from_then_on():
    event, morning, _ = a_day()
    team = TeamFactory()
    newcomer = services.Newcomer("Zoé", "Le Guen", team=team)

    registration = services.welcome_newcomer(
        event=event, newcomer=newcomer, half=morning, by=UserFactory(), on=DAY, at=AT
    )

    assert str(registration.person) == "Zoé Le Guen"
    assert registration.team == team
    assert noted(event) == {(registration.person_id, HalfDays.MORNING)}


def test_a_half_day_is_named_by_its_session_and_part():
    _, morning, _ = a_day()

    assert morning.key == f"{morning.session_id}-morning"
    assert isinstance(morning, HalfDay)
