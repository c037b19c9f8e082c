"""What a seat costs: asked when it is had, kept as it was, given back when it is given up."""

import json
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from events import services
from events.enums import RegistrationStatus, SeatOffer
from events.models import Registration
from members.builders import journal
from members.enums import PaymentMethod, PieceKind
from members.models import BankLine, Charge, Piece
from members.services import bank, card, charges, payments
from tests import roles
from tests.events.factories import EventFactory, GuestRequestFactory, RegistrationFactory
from tests.members.factories import (
    AffiliationFactory,
    PersonEmailFactory,
    PersonFactory,
    PositionFactory,
    TeamFactory,
)
from tests.members.fake_providers import FakeStripe, served

pytestmark = pytest.mark.django_db

ALWAYS = (date(2000, 1, 1), date(2100, 1, 1))
PRICE = 2_500


@pytest.fixture
def team():
    return TeamFactory(member=True, name="MSP des Tilleuls")


@pytest.fixture
def user(team):
    return roles.member(team)


@pytest.fixture
def event():
    return EventFactory(title="Journée régionale", price_cents=PRICE)


def register(event, user, *people):
    asked = {"event": event, "by": user, "on": today(), "at": timezone.now()}
    return services.register_colleagues(people=people or [user.person], **asked)


def cancel(registration, by=None):
    services.cancel(registration=registration, by=by, on=today(), at=timezone.now())


def pay(charge, cents=PRICE):
    return payments.record(
        debt=charge,
        method=PaymentMethod.TRANSFER,
        amount_cents=cents,
        received_on=today(),
        by=None,
        on=today(),
        at=timezone.now(),
    )


def money_of(registration):
    """Its state, what is asked and what came."""
    charge = Registration.objects.get(pk=registration.pk).charge
    return (charge.status, charge.amount_cents, charge.payments.total_cents()) if charge else None


def numbers(kind=PieceKind.CALL):
    return list(Piece.objects.filter(kind=kind).order_by("pk").values_list("number", flat=True))


def texts():
    return "\n".join(Message.objects.order_by("pk").values_list("text", flat=True))


def owed_in_the_journal():
    entries = journal.entries(*ALWAYS)
    assert sum(entry.debit_cents for entry in entries) == sum(e.credit_cents for e in entries)
    return sum(e.debit_cents - e.credit_cents for e in entries if e.account == "411000")


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
        _after(moves)
        transaction.set_rollback(True)


def _after(moves):
    event, staff = EventFactory(price_cents=PRICE, capacity=2), roles.staff()
    people = [PersonFactory() for _ in range(3)]
    for what, rank, cents in moves:
        known = event.registrations.filter(person=people[rank]).first()
        _do(event, staff, people[rank], known, what, cents)

    rows = list(event.registrations.select_related("charge"))
    due = [row.charge for row in rows if row.charge]
    assert owed_in_the_journal() == sum(charge.rest_cents() for charge in due)
    assert all(
        row.charge is None or row.charge.amount_cents == 0 for row in rows if not row.is_seated
    )
    assert numbers() == list(range(1, len(numbers()) + 1))


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


# -- the bank, and cards ---------------------------------------------------------------------------
def test_a_transfer_that_bears_its_reference_is_certain(event, user):
    (registration,) = register(event, user)
    call = registration.charge.pieces.get()
    line = BankLine.objects.create(
        booked_on=today(),
        label=f"VIR MSP {call.reference}",
        amount_cents=PRICE,
        imported_at=timezone.now(),
    )

    (proposal,) = bank.propose([line])
    done = bank.confirm_certain(by=None, on=today(), at=timezone.now())

    assert proposal.is_certain
    assert list(proposal.candidates) == [registration.charge]
    assert done == 1
    assert money_of(registration) == ("paid", PRICE, PRICE)


def test_a_transfer_of_that_amount_and_that_name_is_proposed(event, user):
    (registration,) = register(event, user)
    line = BankLine.objects.create(
        booked_on=today(), label="VIR TILLEULS", amount_cents=PRICE, imported_at=timezone.now()
    )

    (proposal,) = bank.propose([line])

    assert (proposal.is_certain, list(proposal.candidates)) == (False, [registration.charge])


@pytest.fixture
def stripe(settings):
    with served(FakeStripe()) as fake:
        settings.PAYMENT_PROVIDER = "stripe"
        settings.STRIPE_URL = fake.url
        settings.STRIPE_SECRET_KEY = "sk_test_x"
        yield fake


def test_one_pays_by_card_by_the_link_alone_and_only_the_provider_proves_it(
    client, stripe, event, user
):
    PersonEmailFactory(person=user.person)
    (registration,) = register(event, user)
    page = registration.charge.payment_url()

    assert "Payer 25\xa0€ par carte" in client.get(page).text
    first, again = client.post(page), client.post(page)
    checkout = registration.charge.checkouts.get()
    back = reverse("members:charge_return", args=[registration.charge.token, checkout.key])

    assert first.url == again.url == checkout.pay_url
    assert "Nous n’avons pas encore votre paiement" in client.get(back).text
    assert money_of(registration) == ("called", PRICE, 0)

    stripe.pay(checkout.provider_checkout)

    assert "Merci, votre paiement est reçu" in client.get(back).text
    assert money_of(registration) == ("paid", PRICE, PRICE)
    assert client.get(page).text.count("RE-") == 1
    assert "Votre reçu" in Message.objects.order_by("pk").last().subject


def test_paid_by_card_after_it_was_cancelled_is_to_be_given_back(stripe, event, user):
    (registration,) = register(event, user)
    checkout = card.pay(debt=registration.charge, by=None, on=today(), at=timezone.now())
    cancel(registration, user)
    stripe.pay(checkout.provider_checkout)

    card.settle(checkout=checkout, on=today(), at=timezone.now())

    assert money_of(registration) == ("cancelled", 0, PRICE)


# -- pages -----------------------------------------------------------------------------------------
def test_an_altered_link_opens_nothing(client, event, user):
    (registration,) = register(event, user)
    other = register(event, roles.staff(), PersonFactory())[0]
    token, piece = registration.charge.token, other.charge.pieces.get()

    wrong = [
        reverse("members:charge", args=[token[:-1]]),
        reverse("members:charge", args=["1:abc"]),
        reverse("members:charge_piece", args=[token, piece.pk]),
    ]

    assert [client.get(url).status_code for url in wrong] == [404, 404, 404]


def test_the_piece_is_for_those_whom_it_concerns(client, event, user, team):
    (registration,) = register(event, user)
    piece = reverse("members:piece", args=[registration.charge.pieces.get().pk])
    leader, stranger = roles.leader(team), roles.coordinator()

    seen = {}
    for name, who in (("own", user), ("leader", leader), ("other", stranger)):
        client.force_login(who)
        seen[name] = client.get(piece).status_code

    assert seen == {"own": 200, "leader": 200, "other": 404}


def test_the_link_gives_the_piece_and_the_invoice_without_signing_in(client, event, user):
    (registration,) = register(event, user)
    charge = registration.charge

    client.post(reverse("members:charge_invoice", args=[charge.token]))
    client.post(reverse("members:charge_invoice", args=[charge.token]))
    invoice = charge.pieces.get(kind=PieceKind.INVOICE)
    drawn = client.get(reverse("members:charge_piece", args=[charge.token, invoice.pk]))

    assert drawn.content.startswith(b"%PDF-")
    assert drawn["X-Robots-Tag"] == "noindex, nofollow"


def test_the_page_of_the_event_says_the_price_and_what_is_due(client, event, user):
    client.force_login(user)
    page = event.get_absolute_url()
    before = client.get(page).text

    client.post(reverse("events:register", args=[event.pk]))
    after = client.get(page).text

    assert "25\xa0€ par personne" in before
    assert "À régler" not in before
    assert "À régler\xa0: <strong>25\xa0€</strong>" in after.replace("&nbsp;", "\xa0")
    assert Charge.objects.get().payment_url() in after


def test_a_free_event_says_so(client):
    assert "Gratuit" in client.get(EventFactory(public=True).get_absolute_url()).text


@pytest.mark.parametrize(
    ("prices", "told"),
    [
        ((None, None), "Gratuit"),
        ((0, None), "Gratuit"),
        ((1250, None), "12,50\xa0€ par personne"),
        ((2500, 2500), "25\xa0€ par personne"),
        ((2500, 4000), "25\xa0€ par personne, 40\xa0€ hors adhérents"),
        ((None, 4000), "Gratuit, 40\xa0€ hors adhérents"),
        ((2500, 0), "25\xa0€ par personne, gratuit hors adhérents"),
    ],
)
def test_the_price_in_words(prices, told):
    own, guest = prices

    assert EventFactory.build(price_cents=own, guest_price_cents=guest, kind=None).price == told


def test_search_engines_read_each_price(client):
    event = EventFactory(public=True, price_cents=1250, guest_price_cents=4000)

    text = client.get(event.get_absolute_url()).text
    data = json.loads(text.partition('application/ld+json">')[2].partition("</script>")[0])

    assert data["isAccessibleForFree"] is False
    assert [(offer["price"], offer["priceCurrency"]) for offer in data["offers"]] == [
        ("12.50", "EUR"),
        ("40.00", "EUR"),
    ]


def test_somebody_from_outside_finds_what_they_owe_behind_the_link(client):
    event = EventFactory(public=True, price_cents=PRICE, guest_price_cents=4_000)
    request = GuestRequestFactory(event=event)
    from events.services import guests  # noqa: PLC0415

    done = guests.confirm(request=request, answers={}, on=today(), at=timezone.now())

    assert money_of(done) == ("called", 4_000, 0)
    linked = client.get(reverse("events:link", args=[done.token])).text
    assert done.charge.payment_url() in linked
    assert "40\xa0€" in client.get(done.charge.payment_url()).text


# -- the staff -------------------------------------------------------------------------------------
@pytest.fixture
def staff(client):
    client.force_login(roles.staff())
    return client


def rules(event, **more):
    rows = {
        f"{name}-{key}": value
        for name in ("openings", "questions")
        for key, value in (("TOTAL_FORMS", "0"), ("INITIAL_FORMS", "0"))
    }
    return {"seat_offer": "given", "offer_hours": "48", "reminder_days": "7,1", **rows, **more}


def test_the_price_is_typed_in_euros(staff, event):
    url = reverse("admin:events_event_regles", args=[event.pk])
    assert 'value="25"' in staff.get(url).text

    staff.post(url, rules(event, price_cents="12,50", guest_price_cents="40"))
    event.refresh_from_db()

    assert (event.price_cents, event.guest_price_cents) == (1250, 4000)
    assert 'value="12,50"' in staff.get(url).text


@pytest.mark.parametrize("typed", ["-5", "abc", "12,505", "10000000000"])
def test_a_price_that_is_none_is_told(staff, event, typed):
    url = reverse("admin:events_event_regles", args=[event.pk])

    answer = staff.post(url, rules(event, price_cents=typed))
    event.refresh_from_db()

    assert answer.status_code == 200
    assert event.price_cents == PRICE


def test_the_tab_tells_what_is_due_paid_and_to_be_given_back(staff, event):
    by = roles.staff()
    due, paid, back = register(event, by, *(PersonFactory() for _ in range(3)))
    pay(paid.charge)
    pay(back.charge)
    cancel(back, by)
    url = reverse("admin:events_registration_changelist") + f"?event__id__exact={event.pk}"

    found = {
        state: [row.pk for row in staff.get(f"{url}&paiement={state}").context["cl"].result_list]
        for state in ("a-regler", "payees", "a-rembourser")
    }

    assert found == {"a-regler": [due.pk], "payees": [paid.pk], "a-rembourser": [back.pk]}
    assert "Paiements" in staff.get(url).text


def test_only_a_paying_event_has_that_tab(staff):
    url = reverse("admin:events_event_change", args=[EventFactory().pk])

    assert ">Paiements</a>" not in staff.get(url).text.replace("\n", "")


@pytest.mark.parametrize(("wanted", "shown"), [("a-rembourser", 1), ("a-payer", 0), ("annulee", 1)])
def test_the_staff_finds_what_is_to_be_given_back(staff, event, user, wanted, shown):
    (registration,) = register(event, user)
    pay(registration.charge)
    cancel(registration, user)

    listed = staff.get(reverse("admin:members_charge_changelist") + f"?situation={wanted}")

    assert listed.context["cl"].result_count == shown


def test_the_staff_records_a_payment_cancels_and_asks_again(staff, event, user):
    (registration,) = register(event, user)
    charge = registration.charge
    page = partial(reverse, args=[charge.pk])
    form = {"method": "transfer", "amount": "25", "received_on": today().isoformat()}

    to = staff.get(page("admin:members_charge_record_payment")).url
    staff.post(to, form)
    assert money_of(registration) == ("paid", PRICE, PRICE)

    staff.post(page("admin:members_charge_cancel"))
    assert money_of(registration) == ("cancelled", 0, PRICE)

    staff.post(page("admin:members_charge_ask_again"))
    assert money_of(registration) == ("paid", PRICE, PRICE)


def test_two_registrations_that_are_both_asked_forbid_to_merge(event):
    from members.services.merging.rules import RULES  # noqa: PLC0415

    rule = RULES["events.Registration.person"]
    first, second = register(event, roles.staff(), PersonFactory(), PersonFactory())

    assert "payante" in rule.refuses([first, second])
    cancel(second, roles.staff())
    second.refresh_from_db()
    assert rule.refuses([first, second]) == ""
    assert rule.choose([second], [first]) == first


def test_the_coordinator_reads_what_each_colleague_owes(client, event, team):
    coordinator = roles.coordinator(team)
    PositionFactory(person=AffiliationFactory(team=team).person, team=team)
    colleague = AffiliationFactory(team=team).person
    (registration,) = register(event, coordinator, colleague)
    client.force_login(coordinator)

    page = client.get(event.get_absolute_url()).text

    assert registration.charge.payment_url() in page
