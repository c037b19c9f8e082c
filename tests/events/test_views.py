"""The list, the page, and registering from it, with and without htmx."""

import re
from datetime import timedelta

import icalendar
import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from apmsl.lib.dates import today
from events.enums import Category, Format, RegistrationStatus
from events.models import Event, Registration
from tests import roles
from tests.events.factories import EventFactory, EventSessionFactory, RegistrationFactory
from tests.members.factories import AffiliationFactory, TeamFactory, UserFactory
from tests.toolbox.factories import ThemeFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
EVENTS = reverse("events:events")


@pytest.fixture
def team():
    return TeamFactory(member=True)


@pytest.fixture
def sign_in(client):
    def sign_in(user):
        client.force_login(user)
        return user

    return sign_in


def path(name, event, *arguments):
    return reverse(f"events:{name}", args=[event.pk, *arguments])


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def shown(response):
    """The events of the list, in its order."""
    return [line["event"] for _, lines in response.context["months"] for line in lines]


def text_of(response):
    """What one reads; unbreakable spaces are spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# -- the list --------------------------------------------------------------------------------------
def test_visitors_see_the_public_events_to_come_in_their_order(client):
    later = EventFactory(public=True, starts_on=today() + timedelta(days=90))
    sooner = EventFactory(public=True)
    EventFactory()
    EventFactory(public=True, held=True)

    response = client.get(EVENTS)

    assert response.status_code == 200
    assert shown(response) == [sooner, later]
    assert "2\u00a0événements" in response.content.decode()
    assert "mine" not in response.context["filter"].form.fields


def test_months_are_named_with_their_year(client, settings):
    EventFactory(public=True, starts_on=today() + timedelta(days=400))

    response = client.get(EVENTS)

    ((month, _),) = response.context["months"]
    assert month == (today() + timedelta(days=400)).replace(day=1)
    assert str(month.year) in text_of(response)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Éducation thérapeutique", "Autre"]),
        ("search=education", ["Éducation thérapeutique"]),
        ("search=THÉRAPEUTIQUE+éduc", ["Éducation thérapeutique"]),
        ("search=nantes", ["Éducation thérapeutique"]),
        ("search=rien", []),
        ("kind=training", ["Éducation thérapeutique"]),
        ("theme=etp", ["Éducation thérapeutique"]),
        ("department=53", ["Éducation thérapeutique"]),
        ("format=online", ["Éducation thérapeutique"]),
        ("mine=on", ["Éducation thérapeutique"]),
        ("period=past", ["Passé"]),
        ("period=past&mine=on", []),
        ("period=all", ["Autre", "Éducation thérapeutique", "Passé"]),
    ],
)
def test_the_list_is_filtered(client, sign_in, query, found):
    user = sign_in(roles.member())
    wanted = EventFactory(
        title="Éducation thérapeutique",
        place="Nantes",
        category=Category.TRAINING,
        theme=ThemeFactory(code="etp", label="ETP"),
        department="53",
        format=Format.ONLINE,
    )
    RegistrationFactory(event=wanted, person=user.person)
    other = EventFactory(title="Autre", starts_on=today() + timedelta(days=60))
    RegistrationFactory(event=other, person=user.person, cancelled=True)
    EventFactory(title="Passé", held=True)

    response = client.get(f"{EVENTS}?{query}")

    assert [event.title for event in shown(response)] == found


def test_a_filter_that_does_not_exist_is_said_and_shows_nothing_wrong(client):
    EventFactory(public=True)

    response = client.get(f"{EVENTS}?period=demain&kind=fete&page=99")

    assert response.status_code == 200
    assert response.context["filter"].form.errors.keys() == {"period", "kind"}


def test_an_empty_list_says_what_to_do(client):
    assert "Retirez un filtre, ou choisissez une autre période." in text_of(client.get(EVENTS))


@pytest.mark.parametrize(
    ("traits", "registration", "badge"),
    [
        ({}, None, ("", "neutral")),
        ({"capacity": 3}, None, ("2\u00a0places", "info")),
        ({"capacity": 2}, None, ("1\u00a0place", "info")),
        ({"capacity": 1}, None, ("Complet", "warning")),
        ({"capacity": 1}, "registered", ("Inscrit·e", "success")),
        ({"capacity": 1}, "waitlisted", ("Sur liste d’attente", "warning")),
        ({"capacity": 1}, "cancelled", ("Complet", "warning")),
        ({"capacity": 9, "cancelled": True}, "registered", ("Annulé", "danger")),
        (
            {"capacity": 9, "registration_until": today() - timedelta(days=1)},
            None,
            ("Inscriptions closes", "neutral"),
        ),
    ],
)
def test_a_badge_says_where_one_stands(client, sign_in, traits, registration, badge):
    user = sign_in(roles.member())
    event = EventFactory(**traits)
    RegistrationFactory(event=event)
    if registration:
        RegistrationFactory(event=event, person=user.person, status=registration)
        if registration == "registered":
            event.registrations.exclude(person=user.person).delete()

    ((_, (line,)),) = client.get(EVENTS).context["months"]

    assert (line["status"], line["tone"]) == badge


def test_an_event_over_two_months_says_its_dates(client):
    first = (today() + timedelta(days=62)).replace(day=1) - timedelta(days=1)
    EventFactory(public=True, starts_on=first, ends_on=first + timedelta(days=2))
    EventFactory(public=True, starts_on=first - timedelta(days=3), ends_on=first)

    ((_, (within, across)),) = client.get(EVENTS).context["months"]

    assert (within["end"], within["when"]) == (first, "")
    assert across["end"] is None
    assert across["when"].startswith("du\u00a0")


def test_the_list_costs_the_same_queries_for_three_events_as_for_one(
    client, sign_in, record_queries
):
    user = sign_in(roles.member())
    RegistrationFactory(event__capacity=2, event__theme=ThemeFactory(), person=user.person)
    client.get(EVENTS)
    with record_queries() as for_one:
        client.get(EVENTS)

    for _ in range(2):
        RegistrationFactory(event__capacity=2, event__theme=ThemeFactory(), person=user.person)
    with record_queries() as for_three:
        response = client.get(EVENTS)

    assert len(shown(response)) == 3
    assert for_three == for_one
    assert len(for_one) <= 7


def test_the_list_comes_by_25_and_its_part_alone_for_htmx(client):
    EventFactory.create_batch(26, public=True)

    page = client.get(f"{EVENTS}?page=2")
    part = client.get(f"{EVENTS}?page=2", headers=HTMX)
    back = client.get(f"{EVENTS}?page=2", headers=HTMX | {"HX-History-Restore-Request": "true"})

    assert len(shown(page)) == len(shown(part)) == 1
    assert "<html" in page.content.decode()
    assert "<html" in back.content.decode()
    assert "<html" not in part.content.decode()
    assert part.content.decode().strip().startswith('<section id="results"')
    assert "HX-Request" in page["Vary"]


# -- the home page -----------------------------------------------------------------------------------
def test_the_home_page_announces_the_next_events_to_those_they_are_for(client, sign_in):
    sign_in(roles.coordinator())
    EventFactory(title="Pour la coordination", audiences=["coordinators"])
    EventFactory(title="Pour les leaders", audiences=["leaders"])
    EventFactory(title="Annulée", cancelled=True)

    page = text_of(client.get(reverse("members:home")))

    assert "Prochains événements" in page
    assert "Pour la coordination" in page
    assert "Pour les leaders" not in page
    assert "Annulée" not in page


# -- the page of an event ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("event", "get"),
        ("calendar", "get"),
        ("register", "post"),
        ("colleagues", "post"),
    ],
)
def test_an_event_that_is_not_for_one_does_not_exist(client, sign_in, name, method):
    sign_in(roles.coordinator())
    event = EventFactory(audiences=["leaders"])

    assert getattr(client, method)(path(name, event)).status_code == 404


def test_visitors_read_a_public_event_and_are_sent_to_sign_in(client):
    event = EventFactory(
        public=True, capacity=5, place="Nantes", description="Avec l'équipe : « bonjour »"
    )

    response = client.get(path("event", event))

    page = text_of(response)
    assert "Nantes" in page
    assert "Avec l’équipe\u00a0: «\u00a0bonjour\u00a0»" in response.content.decode()
    assert "Il reste 5 places sur 5." in page
    assert f"{reverse('account_login')}?next={path('event', event)}" in response.content.decode()
    assert client.post(path("register", event)).status_code == 302
    assert not Registration.objects.exists()


def test_the_video_conference_is_for_the_registered(client, sign_in):
    user = sign_in(roles.member())
    event = EventFactory(online_url="https://visio.exemple.test/a")

    before = client.get(path("event", event)).content.decode()
    registration = RegistrationFactory(event=event, person=user.person, waiting=True)
    waiting = client.get(path("event", event)).content.decode()
    Registration.objects.filter(pk=registration.pk).update(status=RegistrationStatus.REGISTERED)
    registered = client.get(path("event", event)).content.decode()

    assert "visio.exemple.test" not in before + waiting
    assert "visio.exemple.test" in registered


@pytest.mark.parametrize(
    ("traits", "sentence"),
    [
        ({"cancelled": True}, "Cet événement est annulé"),
        ({"held": True}, "Cet événement a eu lieu."),
        ({"registration_until": today() - timedelta(days=1)}, "Les inscriptions sont closes"),
        ({"capacity": 0}, "M’inscrire sur liste d’attente"),
        ({"capacity": None}, "Les places ne sont pas limitées."),
    ],
)
def test_the_page_says_what_one_can_do(client, sign_in, traits, sentence):
    sign_in(roles.member())

    assert sentence in text_of(client.get(path("event", EventFactory(**traits))))


def test_an_account_without_a_person_is_told_what_to_do(client, sign_in):
    sign_in(UserFactory(person=None))
    event = EventFactory(public=True)

    assert "Votre compte n’est relié à aucune fiche" in text_of(client.get(path("event", event)))
    assert client.post(path("register", event)).status_code == 404


def test_the_page_costs_the_same_queries_whatever_the_number_of_colleagues(
    client, sign_in, team, record_queries
):
    sign_in(roles.coordinator(team))
    event = EventFactory(capacity=9)

    def more():
        AffiliationFactory(team=team)
        RegistrationFactory(event=event, person=AffiliationFactory(team=team).person)
        EventSessionFactory(event=event)

    more()
    client.get(path("event", event))
    with record_queries() as for_one:
        client.get(path("event", event))
    more()
    more()
    with record_queries() as for_three:
        client.get(path("event", event))

    assert for_three == for_one


# -- registering -------------------------------------------------------------------------------------
def test_registering_without_javascript_comes_back_to_the_page_that_says_it(client, sign_in):
    user = sign_in(roles.member())
    event = EventFactory()

    response = client.post(path("register", event), follow=True)

    assert response.redirect_chain == [(path("event", event), 302)]
    assert Registration.objects.get().person == user.person
    page = text_of(response)
    assert "Vous êtes inscrit·e. Une confirmation vous est envoyée." in page
    assert "Annuler mon inscription" in page


def test_sent_twice_there_is_one_registration(client, sign_in):
    sign_in(roles.member())
    event = EventFactory()

    for _ in range(2):
        client.post(path("register", event))

    assert Registration.objects.count() == 1


def test_a_full_event_puts_on_the_waiting_list_and_says_the_place(client, sign_in):
    event = EventFactory(capacity=1)
    RegistrationFactory(event=event)
    RegistrationFactory(event=event, waiting=True)
    sign_in(roles.member())

    page = text_of(client.post(path("register", event), follow=True))

    assert "L’événement est complet : vous êtes sur liste d’attente." in page
    assert "Vous êtes en 2 e position." in page


def test_a_refusal_is_said_on_the_page(client, sign_in):
    sign_in(roles.member())
    event = EventFactory(cancelled=True)

    response = client.post(path("register", event))

    assert told(response) == ["Cet événement est annulé."]
    assert not Registration.objects.exists()


def test_cancelling_gives_the_seat_to_the_next(client, sign_in):
    user = sign_in(roles.member())
    event = EventFactory(capacity=1)
    mine = RegistrationFactory(event=event, person=user.person)
    waiting = RegistrationFactory(event=event, waiting=True)

    response = client.post(path("cancel", event, mine.pk), follow=True)

    assert "Votre inscription est annulée." in text_of(response)
    mine.refresh_from_db()
    waiting.refresh_from_db()
    assert (mine.status, waiting.status) == (
        RegistrationStatus.CANCELLED,
        RegistrationStatus.REGISTERED,
    )
    assert client.post(path("cancel", event, mine.pk)).status_code == 302


def test_a_registration_that_is_not_in_one_s_reach_does_not_exist(client, sign_in, team):
    sign_in(roles.member(team))
    other = RegistrationFactory(person=AffiliationFactory(team=team).person)
    mine_elsewhere = RegistrationFactory(event=other.event)

    for registration in (other, mine_elsewhere):
        assert client.post(path("cancel", other.event, registration.pk)).status_code == 404
    assert Registration.objects.live().count() == 2


def test_one_registers_by_post_only(client, sign_in):
    sign_in(roles.coordinator())
    event = EventFactory()

    for address in (path("register", event), path("colleagues", event), path("cancel", event, 1)):
        assert client.get(address).status_code == 405


def test_a_form_of_another_site_registers_nobody(sign_in):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(roles.member())

    assert strict.post(path("register", EventFactory())).status_code == 403
    assert not Registration.objects.exists()


# -- colleagues --------------------------------------------------------------------------------------
def test_a_coordinator_ticks_colleagues_and_sees_who_is_registered(client, sign_in, team):
    user = sign_in(roles.coordinator(team))
    one, another, third = (
        AffiliationFactory(team=team, person__last_name=name).person
        for name in ("Abel", "Baron", "Coat")
    )
    event = EventFactory(capacity=1)
    offered = client.get(path("event", event)).context["form"].free
    assert list(offered.values()) == [one, another, third]

    response = client.post(path("colleagues", event), {"people": [one.pk, third.pk]}, follow=True)

    page = text_of(response)
    assert "1 personne inscrite." in page
    assert "L’événement est complet : 1 personne sur liste d’attente." in page
    rows = Registration.objects.order_by("pk").values_list("person", "registered_by")
    assert list(rows) == [(one.pk, user.pk), (third.pk, user.pk)]
    assert list(response.context["form"].free.values()) == [another]
    assert [r.person for r in response.context["colleagues"]] == [one, third]


@pytest.mark.parametrize("htmx", [True, False])
def test_nobody_ticked_is_said_beside_the_boxes(client, sign_in, team, htmx):
    sign_in(roles.coordinator(team))
    AffiliationFactory(team=team)

    response = client.post(path("colleagues", EventFactory()), headers=HTMX if htmx else {})

    assert response.status_code == 200
    assert "Cochez au moins une personne." in text_of(response)
    assert ("<html" in response.content.decode()) is not htmx


def test_somebody_of_another_team_cannot_be_ticked(client, sign_in, team):
    sign_in(roles.coordinator(team))
    AffiliationFactory(team=team)
    stranger = AffiliationFactory().person

    response = client.post(path("colleagues", EventFactory()), {"people": [stranger.pk]})

    assert "people" in response.context["form"].errors
    assert not Registration.objects.exists()


def test_a_refusal_of_a_colleague_is_said_and_nobody_is_registered(client, sign_in, team):
    sign_in(roles.coordinator(team))
    person = AffiliationFactory(team=team).person
    event = EventFactory(audiences=["coordinators"])

    response = client.post(path("colleagues", event), {"people": [person.pk]})

    assert told(response) == [f"Cet événement ne s’adresse pas à {person}."]
    assert not Registration.objects.exists()


def test_a_member_registers_no_colleague(client, sign_in, team):
    sign_in(roles.member(team))
    event = EventFactory()

    assert "Mes collègues" not in text_of(client.get(path("event", event)))
    assert client.post(path("colleagues", event)).status_code == 404


# -- htmx --------------------------------------------------------------------------------------------
def part_of(content):
    """The part swapped by htmx, without the messages of the moment nor the secret of the form."""
    part = content[content.index('<div id="participation"') :]
    part = part.split('<div class="stack">')[0]
    part = re.sub(
        r'<div tabindex="-1" data-focus>.*?</div>\s*</div>\s*</div>\s*</div>',
        "",
        part,
        flags=re.DOTALL,
    )
    part = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", part)
    return " ".join(re.sub(r"</div>\s*$", "", part.strip()).split())


@pytest.mark.parametrize("step", ["register", "wait", "cancel", "colleagues"])
def test_what_htmx_swaps_is_what_the_page_shows_when_loaded_again(client, sign_in, team, step):
    user = sign_in(roles.coordinator(team))
    event = EventFactory(capacity=2)
    mine = RegistrationFactory(event=event, person=user.person, cancelled=step != "cancel")
    if step == "wait":
        RegistrationFactory.create_batch(2, event=event)
    people = [AffiliationFactory(team=team).person.pk for _ in range(2)]
    address = {
        "register": path("register", event),
        "wait": path("register", event),
        "cancel": path("cancel", event, mine.pk),
        "colleagues": path("colleagues", event),
    }[step]

    swapped = client.post(address, {"people": people}, headers=HTMX)
    reloaded = client.get(path("event", event))

    assert swapped.status_code == 200
    assert "data-focus" in swapped.content.decode()
    assert "data-focus" not in reloaded.content.decode()
    assert part_of(swapped.content.decode())
    assert part_of(reloaded.content.decode()).startswith(part_of(swapped.content.decode()))


# -- what a registration costs -----------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_registration_takes_at_most_14_queries(client, sign_in, record_queries, htmx):
    sign_in(roles.member())
    event = EventFactory(capacity=5)
    EventSessionFactory(event=event)
    client.get(EVENTS)  # the sign-in is behind

    with record_queries() as queries:
        client.post(path("register", event), headers=HTMX if htmx else {})

    assert Event.objects.get().registrations.registered().count() == 1
    assert len(queries) <= 14


# -- calendar ----------------------------------------------------------------------------------------
def test_the_calendar_entry_of_an_event_is_downloaded(client, sign_in):
    user = sign_in(roles.member())
    event = EventFactory(online_url="https://visio.exemple.test/a")

    before = client.get(path("calendar", event))
    RegistrationFactory(event=event, person=user.person)
    registered = client.get(path("calendar", event))

    assert before["Content-Type"] == "text/calendar; charset=utf-8"
    assert before["Content-Disposition"] == f'attachment; filename="evenement-{event.code}.ics"'
    assert b"visio" not in before.content
    assert b"visio" in registered.content
    uids = {
        icalendar.Calendar.from_ical(r.content).walk("VEVENT")[0]["UID"]
        for r in (before, registered)
    }
    assert uids == {f"{event.code}@127.0.0.1"}
