"""What a seat costs: asked when it is had, kept as it was, given back when it is given up."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from events import services
from events.enums import RegistrationStatus, SeatOffer
from members.enums import PieceKind
from members.models import Charge, Piece
from members.services import charges
from tests import roles
from tests.events.factories import EventFactory, RegistrationFactory
from tests.events.fees.money import (
    PRICE,
    cancel,
    money_of,
    numbers,
    owed_in_the_journal,
    pay,
    register,
    texts,
)
from tests.members.factories import (
    AffiliationFactory,
    PersonEmailFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db


# -- asked -----------------------------------------------------------------------------------------
def test_who_gets_a_seat_is_asked_its_price_in_the_same_move(event, user, team):
    PersonEmailFactory(person=user.person)

    (registration,) = register(event, user)

    charge = registration.charge
    call = charge.pieces.get()
    assert money_of(registration) == ("called", PRICE, 0)
    assert (charge.team, charge.person) == (team, user.person)
    assert charge.due_on == min(today() + timedelta(days=30), event.starts_on)
    assert (call.recipient, call.amount_cents, call.title) == (
        "MSP des Tilleuls",
        PRICE,
        "Demande de paiement",
    )
    assert call.lines[0][0].endswith(f" : {user.person}")
    assert call.reference in texts()
    assert charge.payment_url() in texts()


def test_a_double_click_asks_once(event, user):
    register(event, user)
    register(event, user)

    assert numbers() == [1]
    assert Charge.objects.count() == 1


def test_a_free_event_asks_nothing_and_costs_no_query_more(user, record_queries):
    free = EventFactory()
    with record_queries() as queries:
        services.register(event=free, person=user.person, by=user, on=today(), at=timezone.now())

    assert len(queries) <= 14
    assert not Charge.objects.exists()


def test_each_of_a_batch_is_asked_and_their_team_is_told_once(event, team):
    coordinator = roles.coordinator(team)
    PersonEmailFactory(person=coordinator.person, address="coordination@msp.test")
    people = [AffiliationFactory(team=team).person for _ in range(3)]

    register(event, coordinator, *people)

    assert numbers() == [1, 2, 3]
    letter = Message.objects.get(purpose="registration-to-pay")
    assert letter.recipient == "coordination@msp.test"
    assert "75\xa0€" in letter.text
    assert all(piece.reference in letter.text for piece in Piece.objects.all())


def test_the_only_one_registered_is_told_by_their_confirmation_alone(event, team):
    coordinator = roles.coordinator(team)
    PersonEmailFactory(person=coordinator.person)

    register(event, coordinator)

    purposes = Message.objects.values_list("purpose", flat=True)
    assert list(purposes) == ["registration-confirmed"]


def test_somebody_without_a_team_pays_for_themselves(event):
    (registration,) = register(event, roles.staff(), person := PersonFactory())

    assert (registration.charge.team, registration.charge.payer) == (None, person)


def test_people_from_outside_may_have_a_price_of_their_own(user):
    event = EventFactory(price_cents=PRICE, guest_price_cents=4_000)
    outside = PersonFactory()

    mine, theirs = register(event, roles.staff(), user.person, outside)

    assert [money_of(row)[1] for row in (mine, theirs)] == [PRICE, 4_000]


def test_a_price_that_changes_leaves_what_was_asked(event, user):
    (registration,) = register(event, user)
    event.price_cents = 4_000
    event.save()

    services.confirm_coming(registration=registration, by=user, on=today(), at=timezone.now())
    (later,) = register(event, roles.staff(), PersonFactory())

    assert money_of(registration) == ("called", PRICE, 0)
    assert money_of(later) == ("called", 4_000, 0)


def test_whoever_had_a_seat_when_it_was_free_is_asked_nothing(user):
    event = EventFactory()
    (registration,) = register(event, user)
    event.price_cents = PRICE
    event.save()

    services.confirm_coming(registration=registration, by=user, on=today(), at=timezone.now())
    services.promote(event=event, on=today(), at=timezone.now())

    assert money_of(registration) is None


# -- the waiting list ------------------------------------------------------------------------------
@pytest.mark.parametrize("how", [SeatOffer.GIVEN, SeatOffer.OFFERED])
def test_whoever_waits_is_asked_once_the_seat_is_theirs(user, how):
    event = EventFactory(price_cents=PRICE, capacity=1, seat_offer=how)
    first = RegistrationFactory(event=event)
    (waiting,) = register(event, user)
    assert money_of(waiting) is None

    cancel(first, roles.staff())
    waiting.refresh_from_db()

    if how == SeatOffer.OFFERED:
        assert money_of(waiting) is None
        services.accept(registration=waiting, by=user, on=today(), at=timezone.now())
    assert money_of(waiting) == ("called", PRICE, 0)


def test_put_back_on_the_waiting_list_is_no_longer_asked(event, user):
    (registration,) = register(event, user)

    services.change_status(
        registrations=[registration],
        status=RegistrationStatus.WAITLISTED,
        by=roles.staff(),
        on=today(),
        at=timezone.now(),
    )

    # Seats are free: the next move gives it back, with another call.
    assert money_of(registration) == ("cancelled", 0, 0)


def test_beyond_the_capacity_is_asked_as_any_other(user):
    event = EventFactory(price_cents=PRICE, capacity=0)

    (placed,) = services.place_beyond(
        event=event,
        people=[user.person],
        reason="Intervenante",
        by=roles.staff(),
        on=today(),
        at=timezone.now(),
    )

    assert money_of(placed) == ("called", PRICE, 0)


def test_whoever_comes_without_registering_is_asked_by_a_letter(event, user):
    PersonEmailFactory(person=user.person, address="venue@msp.test")

    placed = services.welcome(
        event=event,
        person=user.person,
        half=None,
        by=roles.staff(),
        on=today(),
        at=timezone.now(),
    )

    assert money_of(placed) == ("called", PRICE, 0)
    assert Message.objects.get().recipient == "venue@msp.test"


# -- given up --------------------------------------------------------------------------------------
def test_cancelled_before_it_is_paid_a_credit_note_ends_it(event, user):
    PersonEmailFactory(person=user.person)
    (registration,) = register(event, user)

    cancel(registration, user)

    assert money_of(registration) == ("cancelled", 0, 0)
    assert numbers(PieceKind.CREDIT_NOTE) == [1]
    assert "il n’y a rien à payer" in Message.objects.order_by("pk").last().text
    assert owed_in_the_journal() == 0


def test_cancelled_after_it_is_paid_it_is_to_be_given_back(event, user):
    PersonEmailFactory(person=user.person)
    (registration,) = register(event, user)
    pay(registration.charge)

    cancel(registration, user)

    charge = Charge.objects.get()
    assert money_of(registration) == ("cancelled", 0, PRICE)
    assert charge.rest_cents() == -PRICE
    assert "vous sera remboursé" in Message.objects.order_by("pk").last().text
    assert owed_in_the_journal() == -PRICE

    pay(charge, -PRICE)

    assert charge.rest_cents() == 0
    assert not charge.pieces.standing().exists()
    assert owed_in_the_journal() == 0


def test_taken_up_again_what_was_paid_counts(event, user):
    (registration,) = register(event, user)
    pay(registration.charge)
    cancel(registration, user)

    (again,) = register(event, user)

    assert again.pk == registration.pk
    assert money_of(again) == ("paid", PRICE, PRICE)
    assert numbers() == [1, 2]
    assert Charge.objects.count() == 1


def test_the_staff_keeps_the_money_of_who_cancelled_too_late(event, user):
    (registration,) = register(event, user)
    pay(registration.charge)
    cancel(registration, user)

    charges.ask_again(charge=registration.charge, by=roles.staff(), on=today(), at=timezone.now())

    assert money_of(registration) == ("paid", PRICE, PRICE)


def test_a_cancelled_event_asks_nobody_any_more(event, user):
    PersonEmailFactory(person=user.person)
    other = AffiliationFactory().person
    paid, asked = register(event, roles.staff(), user.person, other)
    pay(paid.charge)

    services.cancel_event(event=event, at=timezone.now())

    assert [money_of(row)[:2] for row in (paid, asked)] == [("cancelled", 0)] * 2
    assert "vous sera remboursé" in texts()


def test_a_seat_that_changes_hands_takes_its_payment_along(event, team, user):
    (registration,) = register(event, user)
    pay(registration.charge)
    colleague = AffiliationFactory(team=team).person

    taker = services.replace(
        registration=registration, person=colleague, by=user, on=today(), at=timezone.now()
    )

    assert money_of(taker) == ("paid", PRICE, PRICE)
    assert money_of(registration) is None
    assert numbers() == [1]
    assert Charge.objects.get().person == colleague


def test_it_passes_to_whoever_had_cancelled_before(event, team, user):
    colleague = AffiliationFactory(team=team).person
    (before,) = register(event, roles.staff(), colleague)
    cancel(before, roles.staff())
    (registration,) = register(event, user)

    taker = services.replace(
        registration=registration, person=colleague, by=user, on=today(), at=timezone.now()
    )

    assert taker.pk == before.pk
    assert money_of(taker) == ("called", PRICE, 0)
    assert money_of(registration) == ("cancelled", 0, 0)


def test_a_seat_without_a_name_is_asked_of_its_team_then_bears_the_name(event, team):
    coordinator = roles.coordinator(team)
    PersonEmailFactory(person=coordinator.person)
    asked = {"by": coordinator, "on": today(), "at": timezone.now()}
    kept, _ = services.reserve(event=event, team=team, number=2, **asked)
    assert "50\xa0€" in Message.objects.get(purpose="registration-to-pay").text
    colleague = AffiliationFactory(team=team).person

    named = services.name(registration=kept, person=colleague, **asked)

    assert money_of(named) == ("called", PRICE, 0)
    assert named.charge.person == colleague
    assert numbers() == [1, 2]


# -- whatever happens ------------------------------------------------------------------------------
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["register", "cancel", "pay", "refund", "wait", "price", "again"]),
        st.integers(0, 2),
        st.integers(1, 5_000),
    ),
    max_size=14,
)


@given(moves=MOVES)
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_journal_says_what_is_due_whatever_happened(moves):
    with transaction.atomic():
        rows = _after(moves)
        due = [row.charge for row in rows if row.charge]
        assert owed_in_the_journal() == sum(charge.rest_cents() for charge in due)
        given_up = [row.charge for row in rows if row.charge and not row.is_seated]
        assert all(charge.amount_cents == 0 for charge in given_up)
        assert numbers() == list(range(1, len(numbers()) + 1))
        transaction.set_rollback(True)


def _after(moves):
    """The registrations, once all of it was done."""
    event, staff = EventFactory(price_cents=PRICE, capacity=2), roles.staff()
    people = [PersonFactory() for _ in range(3)]
    for what, rank, cents in moves:
        known = event.registrations.filter(person=people[rank]).first()
        _do(event, staff, people[rank], known, what, cents)

    return list(event.registrations.select_related("charge"))


def _do(event, staff, person, known, what, cents):
    charge = known.charge if known else None
    if what == "register":
        register(event, staff, person)
    elif what == "price":
        event.price_cents = cents
        event.save()
    elif known is None:
        return
    elif what == "cancel":
        cancel(known, staff)
    elif what == "wait":
        services.change_status(
            registrations=[known],
            status=RegistrationStatus.WAITLISTED,
            by=staff,
            on=today(),
            at=timezone.now(),
        )
    elif charge and what == "pay":
        pay(charge, cents)
    elif charge and what == "refund" and charge.payments.total_cents():
        pay(charge, -charge.payments.total_cents())
