"""What a seat costs, as it is read, paid and followed."""

import json
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members.enums import PieceKind
from members.models import BankLine, Charge
from members.services import bank, card
from tests import roles
from tests.events.factories import EventFactory, GuestRequestFactory
from tests.events.fees.money import (
    PRICE,
    cancel,
    money_of,
    pay,
    register,
)
from tests.members.factories import (
    AffiliationFactory,
    PersonEmailFactory,
    PersonFactory,
    PositionFactory,
)
from tests.members.fake_providers import FakeStripe, served

pytestmark = pytest.mark.django_db


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
