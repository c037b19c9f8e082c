"""What the staff does to several registrations at once, shown before it is made and taken back."""

import html
import io
import re

import pytest
from django.contrib.messages import get_messages
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from events import services
from events.admin import tabs
from events.enums import LetterGroup, RegistrationStatus
from events.forms import ChoicesForm
from events.forms.sheets import SheetForm
from events.models import CheckIn, Event, EventLetter, Registration
from events.services import letters, programme
from members.models import User
from tests import roles
from tests.events.factories import (
    ContributorFactory,
    EventFactory,
    EventSessionFactory,
    ItemChoiceFactory,
    ItemFactory,
    PartyFactory,
    RegistrationFactory,
)
from tests.members.factories import PersonEmailFactory, PersonFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

S = RegistrationStatus
ACCEPTED = "Annulée, Excusé·e, Inscrit·e, Venue confirmée, Sur liste d’attente"
LIST = "admin:events_registration_changelist"
UNDO = "admin:events_registration_undo"


@pytest.fixture
def staff(client):
    client.force_login(roles.staff())
    client.get(reverse("admin:index"))  # the second factor is looked up once per session
    return client


def moved(staff, action, rows, **more):
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return staff.post(reverse(LIST), chosen | more)


def said(response):
    told = (str(message) for message in get_messages(response.wsgi_request))
    return [re.sub(r"\s", " ", text) for text in told]


def text_of(response):
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def states(*rows):
    found = Registration.objects.in_bulk([row.pk for row in rows])
    return [found[row.pk].status for row in rows]


def reached(event, **changes):
    row = RegistrationFactory(event=event, **changes)
    PersonEmailFactory(person=row.person)
    return row


def purposes():
    rows = Message.objects.order_by("pk").values_list("purpose", flat=True)
    return [purpose.removeprefix("registration-") for purpose in rows]


# -- shown first -----------------------------------------------------------------------------------
def test_a_move_is_shown_with_whom_it_touches_and_the_mails_that_leave(staff):
    event = EventFactory(capacity=1)
    seated, waiting = reached(event), reached(event, waiting=True)

    shown = moved(staff, "cancel_with_mail", [seated]).context_data

    assert [(step.registration, step.before, step.after) for step in shown["steps"]] == [
        (seated, "Inscrit·e", "Annulée")
    ]
    assert [(step.registration, step.after) for step in shown["others"]] == [(waiting, "Inscrit·e")]
    (address,) = waiting.person.emails.values_list("address", flat=True)
    assert shown["others"][0].mails == [address]
    assert shown["mails"] == 2
    assert states(seated, waiting) == [S.REGISTERED, S.WAITLISTED]
    assert not Message.objects.exists()


def test_confirming_shows_who_finds_no_seat(staff):
    event = EventFactory(capacity=1)
    first, second = RegistrationFactory.create_batch(2, event=event, waiting=True)

    shown = moved(staff, "confirm", [first, second]).context_data

    assert [step.moves for step in sorted(shown["steps"], key=lambda s: s.registration.pk)] == [
        True,
        False,
    ]
    assert shown["changing"] == 1


# -- with a reason ---------------------------------------------------------------------------------
def test_somebody_is_noted_excused_with_a_reason_and_the_seat_goes_on(staff):
    event = EventFactory(capacity=1)
    seated, waiting = reached(event), RegistrationFactory(event=event, waiting=True)

    moved(staff, "excuse", [seated], apply="1", reason=" Garde à l’hôpital. ")

    seated.refresh_from_db()
    assert (seated.status, seated.reason) == (S.EXCUSED, "Garde à l’hôpital")
    assert states(waiting) == [S.REGISTERED]
    message = Message.objects.get(purpose="registration-excused")
    assert "Vous êtes excusé·e (Garde à l’hôpital)" in message.text
    assert "CANCEL" in message.attachment_type


def test_an_excuse_needs_no_reason(staff):
    row = RegistrationFactory()

    moved(staff, "excuse", [row], apply="1", reason="")

    assert states(row) == [S.EXCUSED]


def test_somebody_is_placed_beyond_the_capacity_with_a_reason_and_not_without(staff):
    event = EventFactory(capacity=1)
    RegistrationFactory(event=event)
    first, speaker = RegistrationFactory.create_batch(2, event=event, waiting=True)

    refused = moved(staff, "place_beyond", [speaker], apply="1", reason=" ")
    assert refused.context_data["error"]
    assert states(speaker) == [S.WAITLISTED]
    moved(staff, "place_beyond", [speaker], apply="1", reason="Intervenante")

    speaker.refresh_from_db()
    assert (speaker.status, speaker.over_capacity) == (S.REGISTERED, True)
    assert speaker.reason == "Intervenante"
    assert states(first) == [S.WAITLISTED]


def test_a_seat_that_is_held_or_has_no_name_is_not_placed_beyond_the_capacity(staff):
    event = EventFactory()
    seated = RegistrationFactory(event=event)
    nameless = RegistrationFactory(event=event, person=None, team=TeamFactory(), waiting=True)

    told = said(moved(staff, "place_beyond", [seated, nameless], apply="1", reason="Jury"))

    assert any("2 inscriptions restent en l’état" in text for text in told)
    assert states(seated, nameless) == [S.REGISTERED, S.WAITLISTED]


def test_the_mail_of_a_cancellation_says_why(staff):
    row = reached(EventFactory())

    moved(staff, "cancel_with_mail", [row], apply="1", reason="Salle trop petite")

    assert "Motif : Salle trop petite." in re.sub(r"\s", " ", Message.objects.get().text)


# -- taken back ------------------------------------------------------------------------------------
def test_a_move_that_was_a_slip_is_taken_back_and_told(staff):
    event = EventFactory(capacity=2)
    rows = [reached(event), reached(event, status=S.CONFIRMED)]
    before = list(Registration.objects.order_by("pk").values())
    moved(staff, "cancel_with_mail", rows, apply="1")

    offered = text_of(staff.get(reverse(LIST)))
    assert "Annuler, avec un courriel : 2 inscriptions" in offered
    assert reverse(UNDO) in offered
    shown = staff.get(reverse(UNDO)).context_data
    assert (shown["changing"], shown["mails"]) == (2, 2)
    assert states(*rows) == [S.CANCELLED, S.CANCELLED]
    staff.post(reverse(UNDO))

    assert list(Registration.objects.order_by("pk").values()) == before
    assert purposes() == ["cancelled", "cancelled", "restored", "restored"]
    assert (
        "PUBLISH"
        in Message.objects.get(
            recipient__in=_addresses(rows[0]), purpose__endswith="restored"
        ).attachment_type
    )
    assert staff.get(reverse(UNDO)).status_code == 302  # once
    (last,) = services.moves(rows[0])[-1:]
    assert (last.before, last.after, last.reason) == ("Annulée", "Inscrit·e", "action annulée")


def _addresses(row):
    return row.person.emails.values_list("address", flat=True)


def test_what_is_told_after_an_undone_slip_is_told_anew(staff):
    """The ledger writes each message once in the life of a registration."""
    row = reached(EventFactory())
    for _ in range(2):
        moved(staff, "cancel_with_mail", [row], apply="1")
        staff.post(reverse(UNDO))

    assert purposes() == ["cancelled", "restored"] * 2


def test_a_seat_that_went_to_somebody_else_is_not_taken_back(staff):
    event = EventFactory(capacity=1)
    seated, waiting = RegistrationFactory(event=event), reached(event, waiting=True)
    moved(staff, "cancel_with_mail", [seated], apply="1")

    notes = staff.get(reverse(UNDO)).context_data["notes"]
    told = said(staff.post(reverse(UNDO)))

    assert "la place a été donnée entre-temps" in notes[0]
    assert any("1 inscription reste en l’état" in text for text in told)
    assert states(seated, waiting) == [S.CANCELLED, S.REGISTERED]


def test_a_registration_that_has_moved_since_stays_as_it_is(staff):
    event = EventFactory()
    one, other = RegistrationFactory.create_batch(2, event=event)
    moved(staff, "cancel_with_mail", [one, other], apply="1")
    services.register(
        event=event, person=one.person, by=roles.staff(), on=today(), at=timezone.now()
    )
    taken_up = Registration.objects.values().get(pk=one.pk)

    told = said(staff.post(reverse(UNDO)))

    assert any("1 inscription a changé depuis" in text for text in told)
    assert Registration.objects.values().get(pk=one.pk) == taken_up
    assert states(other) == [S.REGISTERED]


def test_whoever_was_confirmed_by_a_slip_has_their_place_in_the_queue_again(staff):
    event = EventFactory(capacity=2)
    RegistrationFactory.create_batch(2, event=event)
    first, second = (reached(event, waiting=True) for _ in range(2))
    moved(staff, "place_beyond", [second], apply="1", reason="Jury")

    staff.post(reverse(UNDO))

    assert states(first, second) == [S.WAITLISTED, S.WAITLISTED]
    second.refresh_from_db()
    assert (second.over_capacity, second.reason, second.rank()) == (False, "", 2)
    restored = Message.objects.get(purpose="registration-restored-away")
    assert "de nouveau sur liste d’attente, à la même place" in restored.text


def test_an_offer_whose_term_has_come_meanwhile_is_a_place_on_the_list_again():
    event = EventFactory(capacity=1)
    until = timezone.now() + timezone.timedelta(hours=1)
    row = RegistrationFactory(event=event, status=S.OFFERED, offer_until=until)
    by = roles.staff()
    when = {"by": by, "on": today()}
    changes = services.change_status(
        registrations=[row], status=S.CANCELLED, at=timezone.now(), **when
    )
    versions = services.last_versions(changes.changed)

    services.put_back(versions=versions, at=until, **when)

    row.refresh_from_db()
    assert (row.status, row.offer_until) == (S.WAITLISTED, None)


def test_nothing_is_put_back_into_an_event_that_is_cancelled_meanwhile(staff):
    event = EventFactory()
    row = RegistrationFactory(event=event)
    moved(staff, "cancel_with_mail", [row], apply="1")
    services.cancel_event(event=event, at=timezone.now())

    staff.post(reverse(UNDO))

    assert states(row) == [S.CANCELLED]


def test_a_move_is_no_longer_taken_back_after_an_hour(staff):
    row = RegistrationFactory()
    moved(staff, "cancel_with_mail", [row], apply="1")
    session = staff.session
    kept = session["registrations_moved"]
    session["registrations_moved"] = kept | {"at": "2020-01-01T00:00:00+00:00"}
    session.save()

    assert staff.post(reverse(UNDO)).status_code == 302

    assert states(row) == [S.CANCELLED]
    assert "undo-offer" not in text_of(staff.get(reverse(LIST)))


def test_only_the_staff_puts_back():
    row = RegistrationFactory(cancelled=True)

    with pytest.raises(services.NotYourColleague):
        services.put_back(
            versions={row.pk: 1}, by=roles.coordinator(), on=today(), at=timezone.now()
        )


# -- presence, as at the welcome desk --------------------------------------------------------------
def test_presence_marked_in_the_list_is_logged_as_at_the_desk_and_taken_back(staff):
    row = RegistrationFactory()
    EventSessionFactory.create_batch(2, event=row.event)

    moved(staff, "mark_present", [row], apply="1")
    assert row.person.attendances.count() == 2
    logged = CheckIn.objects.values_list("is_here", "noted_by")
    user_id = int(staff.session["_auth_user_id"])
    assert list(logged) == [(True, user_id)] * 2
    moved(staff, "unmark_present", [row], apply="1")

    assert not row.person.attendances.exists()
    assert list(logged.all()) == [(False, user_id)] * 2


def test_a_tap_of_a_telephone_older_than_the_mark_does_not_undo_it(staff):
    row = RegistrationFactory()
    EventSessionFactory(event=row.event)
    earlier = timezone.now()
    moved(staff, "mark_present", [row], apply="1")

    services.unmark_present(registrations=[row], by=None, at=earlier)

    assert row.person.attendances.exists()


# -- writing to those chosen -----------------------------------------------------------------------
def test_those_chosen_are_written_to_and_nobody_else_once_it_is_sent(staff):
    event = EventFactory()
    chosen, other = reached(event), reached(event)
    words = {"subject": "Votre train", "text": "Le quai change."}

    response = moved(staff, "write_to", [chosen], apply="1", **words)

    letter = EventLetter.objects.get()
    assert letter.recipients == LetterGroup.CHOSEN
    assert response.url == reverse("events:letter", args=[event.pk, letter.pk])
    shown = staff.get(response.url)
    assert [person.person for person in shown.context["people"]] == [chosen.person]
    letters.write(at=timezone.now())
    assert not Message.objects.exists()  # a draft
    staff.post(reverse("events:send_letter", args=[event.pk, letter.pk]))
    letters.write(at=timezone.now())
    assert [message.recipient for message in Message.objects.all()] == list(_addresses(chosen))
    assert other.letters.count() == 0


def test_a_draft_to_those_chosen_keeps_them_when_its_words_change(staff):
    chosen = reached(EventFactory())
    moved(staff, "write_to", [chosen], apply="1", subject="Bonjour", text="Premier jet")
    letter = EventLetter.objects.get()

    url = reverse("events:letter", args=[letter.event_id, letter.pk])
    staff.post(url, {"subject": "Bonjour", "text": "Second jet"})

    letter.refresh_from_db()
    assert (letter.text, letter.recipients) == ("Second jet", LetterGroup.CHOSEN)
    assert letter.addressees.count() == 1


def test_people_of_two_events_are_not_written_to_at_once(staff):
    rows = RegistrationFactory.create_batch(2)

    told = said(moved(staff, "write_to", rows))

    assert told == ["Choisissez des personnes d’un seul événement."]


# -- seats that are lacking ------------------------------------------------------------------------
def test_lacking_seats_are_said_in_the_list_on_the_event_and_beside_the_field(staff):
    event = EventFactory(capacity=1)
    RegistrationFactory.create_batch(3, event=event)
    RegistrationFactory(event=event, over_capacity=True, reason="Jury")  # takes no seat

    change = staff.get(reverse("admin:events_event_change", args=[event.pk]))
    listed = staff.get(reverse("admin:events_event_changelist"))
    rows = staff.get(tabs.registrations_url(event.pk))

    help_text = change.context["adminform"].form["capacity"].help_text
    told = "2 places manquent : 3 personnes ont une place. Personne n’est désinscrit."
    assert re.sub(r"\s", " ", help_text) == told
    assert "2 places manquent : 3 personnes ont une place, pour 1 place." in text_of(change)
    assert "2 places manquent" in text_of(listed)
    assert told in text_of(rows)


def test_nothing_lacks_where_seats_suffice(staff):
    event = EventFactory(capacity=1)
    RegistrationFactory(event=event)

    for url in (
        reverse("admin:events_event_change", args=[event.pk]),
        reverse("admin:events_event_changelist"),
        tabs.registrations_url(event.pk),
    ):
        assert "manque" not in text_of(staff.get(url))


def test_the_waiting_list_says_how_many_seats_the_party_at_its_head_lacks(staff):
    event = EventFactory(capacity=4)
    RegistrationFactory.create_batch(3, event=event)
    party = PartyFactory(event=event, together=True)
    RegistrationFactory.create_batch(3, event=event, party=party, waiting=True)

    shown = staff.get(tabs.registrations_url(event.pk, "&status__exact=waitlisted"))

    assert "2 places manquent au groupe en tête de la liste" in text_of(shown)


# -- never deleted with its registrations ----------------------------------------------------------
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_event_with_registrations_is_not_deleted_and_the_page_says_what_to_do(staff, method):
    event = RegistrationFactory(event__title="Journée", cancelled=True).event

    shown = getattr(staff, method)(
        reverse("admin:events_event_delete", args=[event.pk]), {"post": "yes"}
    )

    assert shown.status_code == 200
    assert "« Journée » ne peut pas être supprimé" in text_of(shown)
    assert "1 inscription" in text_of(shown)
    assert reverse("admin:events_event_cancel_event", args=[event.pk]) in text_of(shown)
    assert Event.objects.filter(pk=event.pk).exists()


def test_events_deleted_together_stay_when_one_has_registrations(staff):
    events = [RegistrationFactory().event, EventFactory()]

    staff.post(
        reverse("admin:events_event_changelist"),
        {
            "action": "delete_selected",
            "_selected_action": [event.pk for event in events],
            "post": "yes",
        },
    )

    assert Event.objects.count() == 2


def test_an_event_without_registrations_is_deleted(staff):
    event = EventFactory()

    staff.post(reverse("admin:events_event_delete", args=[event.pk]), {"post": "yes"})

    assert not Event.objects.exists()


# -- a sheet of one event --------------------------------------------------------------------------
def sheet(*rows, headers=("Nom", "Prénom", "Courriel", "État")):
    book = Workbook()
    for row in (headers, *rows):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("inscriptions.xlsx", content.getvalue())


def take_in(event):
    return reverse("admin:events_event_take_in", args=[event.pk])


def test_a_sheet_is_shown_as_it_would_be_taken_in_then_taken_in(staff):
    event = EventFactory(capacity=2)
    anne, bruno, chloe = (
        PersonFactory(first_name=first, last_name=last)
        for first, last in (("Anne", "Évrard"), ("Bruno", "Le Goff"), ("Chloé", "Durand"))
    )
    PersonEmailFactory(person=bruno, address="Bruno@exemple.test")
    leaving = reached(event)
    rows = [
        ("EVRARD", "Anne", "", ""),
        ("", "", "bruno@exemple.test", "Venue confirmée"),
        ("Durand", "Chloé", "", "Inscrit·e"),
        (leaving.person.last_name, leaving.person.first_name, "", "Annulée"),
    ]

    shown = staff.post(take_in(event), {"file": sheet(*rows)}).context_data

    assert {(step.registration.person_id, step.before, step.after) for step in shown["steps"]} == {
        (anne.pk, "", "Inscrit·e"),
        (bruno.pk, "", "Sur liste d’attente"),
        (chloe.pk, "", "Inscrit·e"),
        (leaving.person_id, "Inscrit·e", "Annulée"),
    }
    assert event.registrations.count() == 1
    staff.post(take_in(event), {"lines": shown["lines"]})
    assert dict(event.registrations.values_list("person", "status")) == {
        anne.pk: S.REGISTERED,
        chloe.pk: S.REGISTERED,
        bruno.pk: S.WAITLISTED,
        leaving.person_id: S.CANCELLED,
    }


def test_what_the_portal_gives_as_a_sheet_comes_back_without_a_change(staff):
    event = EventFactory()
    RegistrationFactory(event=event, status=S.CONFIRMED)
    RegistrationFactory(event=event, cancelled=True)
    RegistrationFactory(event=event, waiting=True)
    RegistrationFactory(event=event, person=None, team=TeamFactory())
    before = list(Registration.objects.order_by("pk").values())
    content = staff.get(reverse("admin:events_event_sheet", args=[event.pk])).content
    file = SimpleUploadedFile("inscriptions.xlsx", content)

    shown = staff.post(take_in(event), {"file": file}).context_data
    assert "form" not in shown, shown["form"].errors
    staff.post(take_in(event), {"lines": shown["lines"]})

    assert "dont 3 sans changement" in re.sub(r"\s", " ", shown["effect"])
    assert (shown["steps"], shown["submit"]) == ([], "")
    assert list(Registration.objects.order_by("pk").values()) == before


def test_wrong_lines_are_named_with_their_column_and_nothing_is_taken(staff):
    event = EventFactory()
    good = PersonFactory(first_name="Anne", last_name="Abel")
    for _ in range(2):
        PersonFactory(first_name="Jean", last_name="Martin")
    rows = [
        ("Abel", "Anne", "", ""),
        ("Abel", "Anne", "", ""),
        ("Personne", "Zoé", "", ""),
        ("Martin", "Jean", "", ""),
        ("Abel", "Anne", "", "Peut-être"),
        ("", "", "inconnu@exemple.test", ""),
        ("", "Anne", "", ""),
    ]

    shown = staff.post(take_in(event), {"file": sheet(*rows)}).context_data

    told = [re.sub(r"\s", " ", text) for text in shown["form"].errors["file"]]
    assert told == [
        "Ligne 3, colonne Nom : Anne Abel est déjà à la ligne 2.",
        "Ligne 4, colonne Nom : le portail ne connaît pas cette personne.",
        "Ligne 5, colonne Nom : plusieurs personnes répondent à cette ligne : mettez l’identifiant.",
        f"Ligne 6, colonne État : « Peut-être » n’est pas un état connu : {ACCEPTED}.",
        "Ligne 7, colonne Courriel : le portail ne connaît pas cette personne.",
        "Ligne 8, colonne Nom : cette ligne ne dit pas de qui elle parle.",
    ]
    assert not good.registrations.exists()


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (sheet(("a",), headers=("Ville",)), "aucune colonne ne dit qui"),
        (SimpleUploadedFile("liste.xlsx", b"nothing"), "n’est pas un classeur"),
        (sheet(), "n’a aucune ligne"),
    ],
)
def test_a_file_that_says_nothing_is_refused_in_words(staff, file, told):
    file.seek(0)

    shown = staff.post(take_in(EventFactory()), {"file": file}).context_data

    assert told in re.sub(r"\s", " ", shown["form"].errors["file"][0])


def test_lines_that_the_page_did_not_sign_are_not_taken(staff):
    event, person = EventFactory(), PersonFactory()

    staff.post(take_in(event), {"lines": signing.dumps([[person.pk, "registered"]], salt="other")})

    assert not event.registrations.exists()


def test_a_sheet_of_several_hundred_lines_costs_no_query_for_each(staff, record_queries):
    event = EventFactory()
    counts = []
    for number in (3, 30):
        people = PersonFactory.create_batch(number)
        file = sheet(*((p.last_name, p.first_name, "", "Sur liste d’attente") for p in people))
        form = SheetForm(None, {"file": file}, event=event)
        with record_queries() as queries:
            assert form.is_valid(), form.errors
        counts.append(len(queries))

    assert counts[0] == counts[1]


# -- the programme, overruled ----------------------------------------------------------------------
@pytest.fixture
def workshops():
    event = EventFactory()
    full = ItemFactory(event=event, title="Plein", is_chosen=True, capacity=1)
    ItemChoiceFactory(item=full, registration=RegistrationFactory(event=event))
    same = ItemFactory(event=event, title="Ailleurs", is_chosen=True)
    return RegistrationFactory(event=event), full, same


def choose(row, *items, **more):
    form = ChoicesForm(registration=row, overrules=True)
    (name,) = (key for key in form.fields if key.startswith("slot_"))
    url = reverse("events:choose", args=[row.event_id, row.pk])
    return url, {name: [item.pk for item in items]} | more


def test_the_staff_gives_two_workshops_at_once_one_of_them_full_and_says_why(staff, workshops):
    row, full, same = workshops
    url, data = choose(row, full, same)

    refused = staff.post(url, data)
    assert refused.context["form"].errors
    assert not row.choices.exists()
    staff.post(url, data | {"reason": "Elle anime le second"})

    assert set(row.choices.values_list("item__title", "reason")) == {
        ("Plein", "Elle anime le second"),
        ("Ailleurs", "Elle anime le second"),
    }
    told = [move for move in services.moves(row) if move.after.startswith("Atelier")]
    assert {move.reason for move in told} == {"Elle anime le second"}
    user = User.objects.get(pk=staff.session["_auth_user_id"])
    assert {move.who for move in told} == {str(user.person)}


def test_nobody_else_overrules_the_programme(workshops):
    row, full, _ = workshops
    decision = programme.Decision("Je le veux", timezone.now())
    by = UserFactory(person=row.person)

    with pytest.raises(programme.ChoiceRefused):
        programme.choose(registration=row, items=[full.pk], by=by, on=today(), overruling=decision)


def test_the_database_asks_for_a_reason(workshops):
    row, full, _ = workshops

    with pytest.raises(IntegrityError), transaction.atomic():
        ItemChoiceFactory(registration=row, item=full)
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemChoiceFactory(registration=row, item=full, reason="Sans date")
    ItemChoiceFactory(registration=row, item=full, reason="Jury", decided_at=timezone.now())


# -- what happened to a registration ---------------------------------------------------------------
def test_whoever_is_registered_reads_what_happened_and_strangers_do_not(client):
    user = roles.member()
    row = RegistrationFactory(person=user.person)
    services.change_status(
        registrations=[row],
        status=S.CANCELLED,
        by=roles.staff(),
        on=today(),
        at=timezone.now(),
        reason="Doublon",
    )
    url = reverse("events:moves", args=[row.event_id, row.pk])
    client.force_login(user)

    page = text_of(client.get(url))

    assert "Inscrit·e → Annulée" in page
    assert "Doublon" in page
    client.force_login(roles.member())
    assert client.get(url).status_code == 404


def test_the_link_of_a_mail_tells_what_happened(client):
    row = RegistrationFactory()

    page = text_of(client.get(reverse("events:link", args=[row.token])))

    assert "Historique" in page


# -- letters, and who speaks -----------------------------------------------------------------------
def test_the_list_of_letters_says_what_left_what_waits_and_what_failed(staff, record_queries):
    event = EventFactory()
    for _ in range(3):
        reached(event)
    letter = EventLetter.objects.create(
        event=event, subject="Accès", text="Par le parc", recipients=LetterGroup.REGISTERED
    )
    services.send_letter(letter=letter, by=roles.staff(), at=timezone.now())
    letters.write(at=timezone.now())
    sent, failed = Message.objects.order_by("pk")[:2]
    Message.objects.filter(pk=sent.pk).update(status="sent", sent_at=timezone.now())
    Message.objects.filter(pk=failed.pk).update(status="failed")

    with record_queries() as queries:
        shown = staff.get(reverse("admin:events_eventletter_changelist"))

    (found,) = shown.context["cl"].result_list
    assert (found.people, dict(found.outcome)) == (3, {"sent": 1, "failed": 1, "waiting": 1})
    assert len(queries) <= 15


def test_forty_known_speakers_cost_no_query_each(staff, record_queries):
    event = EventFactory()
    for _ in range(40):
        ContributorFactory(event=event, person=PersonFactory())

    with record_queries() as queries:
        shown = staff.get(reverse("admin:events_event_contenu", args=[event.pk]))

    assert len(queries) <= 15
    person = event.contributors.first().person
    assert f'<option value="{person.pk}" selected>{person}</option>' in text_of(shown)
