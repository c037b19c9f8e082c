"""A regional day of 203 people: from the first registration to the figures of the report.

In 2024, a year that no other test counts.
"""

import re
from collections.abc import Iterator
from datetime import date, time

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from apmsl.mail.tasks import deliver
from events import services
from events.access import colleagues_of
from events.enums import Category, EventStatus, RegistrationStatus
from events.models import Certificate, Event, SurveyInvitation
from events.services import letters, surveys
from members.models import Person
from reports.builders.activity import compose
from reports.builders.reading import material
from tests.browser import audit
from tests.browser.portal import DESK, PHONE, Account, Portal
from tests.events.factories import (
    EventFactory,
    EventLetterFactory,
    EventSessionFactory,
    ItemFactory,
    ObjectiveFactory,
)
from tests.faults.conftest import wait_for
from tests.mail.office import Post

SEATS = 203
DAY = date(2024, 1, 18)
VISITOR = "camille@exemple.test"
WAITLISTED = RegistrationStatus.WAITLISTED


@pytest.fixture
def regional_day(portal: Portal) -> Iterator[Event]:
    """The staff has registered 200 people by hand; three seats are left."""
    event = EventFactory(
        title="Journée régionale : prendre soin ensemble",
        category=Category.REGIONAL_DAY,
        audiences=["public"],
        capacity=SEATS,
        starts_on=DAY,
        starts_at=time(9, 30),
        ends_at=time(17),
        place="Cité des congrès, Nantes",
    )
    EventSessionFactory(
        event=event,
        number=1,
        starts_at=time(9, 30),
        ends_at=time(17),
        break_from=time(12, 30),
        break_to=time(14),
    )
    ObjectiveFactory(event=event, text="Rencontrer d’autres équipes")
    for title in ("Écrire un protocole à plusieurs", "Accueillir des stagiaires"):
        ItemFactory(event=event, title=title, capacity=120)
    staff = portal.accounts["staff"].user
    known = Person.objects.filter(account=None, emails__is_primary=True).order_by("-pk")[:200]
    services.register_colleagues(
        event=event, people=list(known), by=staff, on=today(), at=timezone.now()
    )
    yield event
    Event.objects.filter(pk=event.pk).update(status=EventStatus.CANCELLED)


def sent(post: Post, address: str, event: Event) -> list[str]:
    """The mails about an event that have reached an address by SMTP, once nothing due waits for it
    in the ledger: a worker of another test may hold what we do not send ourselves, and those mails
    may be about anything."""
    due = Message.objects.filter(recipient=address)
    for message in due.due(timezone.now()):
        deliver(message_id=message.pk)
    wait_for(lambda: not due.due(timezone.now()).exists(), f"the mails to {address} have left")
    return [text for text in post.texts_for(address) if event.title in text]


def address_of(person: Person) -> str:
    return person.emails.get(is_primary=True).address


def link_in(text: str, part: str) -> str:
    """The path of the address of a mail."""
    found = re.search(rf"https?://[^/\s]+(/\S*{part}\S*)", text)
    assert found, text
    return found[1]


def status_of(event: Event, person: Person | None) -> str | None:
    found = event.registrations.filter(person=person).first()
    return found.status if found else None


def test_a_regional_day_from_the_first_registration_to_the_report(
    portal: Portal, post: Post, regional_day: Event
):
    event = regional_day
    coordinator, member = portal.accounts["coordinator"], portal.accounts["member"]
    colleague, substitute = _colleagues(coordinator)

    _coordinator_comes_with_a_colleague(portal, event, colleague)
    _visitor_comes_from_outside(portal, post, event)
    _member_waits(portal, event)
    assert event.registrations.taking_seats().count() == SEATS
    assert status_of(event, member.user.person) == WAITLISTED

    left = event.registrations.order_by("pk")[0].person
    address = address_of(left)
    _leaves_by_the_link_of_the_mail(portal, link_in(sent(post, address, event)[0], "inscription"))
    assert status_of(event, left) == RegistrationStatus.CANCELLED
    assert status_of(event, member.user.person) == RegistrationStatus.REGISTERED
    assert "place" in sent(post, member.email, event)[-1]

    _colleague_is_replaced(portal, event, colleague, substitute)
    assert status_of(event, colleague) == RegistrationStatus.CANCELLED
    assert status_of(event, substitute) == RegistrationStatus.REGISTERED
    assert event.registrations.registered().count() == SEATS

    with override_settings(PORTAL_DATE=DAY):
        absent = event.registrations.registered().by_name()[7].person
        _people_arrive(portal, event, coordinator.user.person, absent)
        Event.objects.filter(pk=event.pk).update(status=EventStatus.HELD)
        _those_present_are_thanked(portal, post, event, absent)
        _the_board_reads(portal, event, SEATS - 1)


def _colleagues(account: Account) -> list[Person]:
    return list(colleagues_of(account.user, today()).by_name()[:2])


def _coordinator_comes_with_a_colleague(portal: Portal, event: Event, colleague: Person) -> None:
    with portal.visit() as page:
        portal.sign_in(page, "coordinator")
        page.goto(event.get_absolute_url())
        page.get_by_role("button", name="M’inscrire").click()
        expect(page.locator("[data-focus]")).to_contain_text("Vous êtes inscrit·e")
        page.get_by_label(str(colleague)).check()
        page.get_by_role("button", name="Inscrire les personnes cochées").click()
        expect(page.get_by_text("1 personne inscrite.")).to_be_visible()
        page.get_by_role("link", name="Choisir vos ateliers").click()
        page.get_by_label(re.compile("Écrire un protocole")).check()
        page.get_by_role("button", name="Enregistrer ces choix").click()
        expect(page.locator("main")).to_contain_text("Écrire un protocole à plusieurs")
        assert audit.page_problems(page, set()) == []


def _visitor_comes_from_outside(portal: Portal, post: Post, event: Event) -> None:
    with portal.visit(width=PHONE) as page:
        page.goto(f"/evenements/{event.pk}/inscription-libre/")
        page.get_by_label("Prénom").fill("Camille")
        page.get_by_label("Nom", exact=True).fill("Extérieure")
        page.get_by_label(re.compile("e-mail|courriel", re.I)).fill(VISITOR)
        page.get_by_role("button", name="M’inscrire").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("messagerie")
        page.goto(link_in(sent(post, VISITOR, event)[0], "inscription"))
        page.get_by_role("button", name="Confirmer mon inscription").click()
        expect(page.locator("main")).to_contain_text("Vous êtes inscrit·e")


def _member_waits(portal: Portal, event: Event) -> None:
    with portal.visit(width=PHONE) as page:
        portal.sign_in(page, "member")
        page.goto(event.get_absolute_url())
        page.get_by_role("button", name="M’inscrire sur liste d’attente").click()
        expect(page.locator("main")).to_contain_text("Vous êtes la prochaine personne")


def _leaves_by_the_link_of_the_mail(portal: Portal, path: str) -> None:
    with portal.visit(width=PHONE, javascript=False) as page:
        page.goto(path)
        page.get_by_role("button", name="Annuler l’inscription").click()
        expect(page.locator("main")).to_contain_text("Votre inscription est annulée")


def _colleague_is_replaced(portal: Portal, event: Event, old: Person, new: Person) -> None:
    with portal.visit() as page:
        portal.sign_in(page, "coordinator")
        page.goto(event.get_absolute_url())
        page.get_by_role("link", name=f"Remplacer {old}").click()
        page.get_by_label(re.compile("Qui vient")).select_option(value=str(new.pk))
        page.get_by_role("button", name="Remplacer").click()
        expect(page.locator("main")).to_contain_text(str(new))


def _people_arrive(portal: Portal, event: Event, person: Person, absent: Person) -> None:
    """One is found and noted on the telephone, by the hour of the session; then everybody is ticked
    but those noted already, and one is unticked."""
    with portal.visit(width=PHONE) as page:
        portal.sign_in(page, "staff")
        page.goto(f"/evenements/{event.pk}/accueil/")
        page.get_by_role("searchbox").fill(person.last_name)
        page.get_by_role("button", name=f"Arrivé·e : {person}").click()
        expect(page.locator("[data-count]")).to_have_text("1")

        page.set_viewport_size({"width": DESK, "height": 900})
        page.goto(f"/evenements/{event.pk}/presence/")
        for half in ("Matin", "Après-midi"):
            whole = page.get_by_role("button", name=re.compile(f"pas encore noté : {half}"))
            if whole.count():
                whole.click()
                page.wait_for_load_state()
        for half in ("Matin", "Après-midi"):
            page.get_by_label(f"{absent}, {half} : présent·e").uncheck()
        page.get_by_role("button", name="Enregistrer la présence").click()
        expect(page.get_by_text("La présence est enregistrée.")).to_be_visible()


def _the_board_reads(portal: Portal, event: Event, came: int) -> None:
    with portal.visit() as page:
        portal.sign_in(page, "board")
        page.goto("/rapports/2024/chiffres/regional_day_participants/")
        expect(page.locator("[data-count]")).to_have_text(f"{came} fiches")
        page.goto("/rapports/2024/chiffres/regional_day_registered/")
        expect(page.locator("[data-count]")).to_have_text(f"{SEATS} fiches")
        _results_show_from_five_answers_on(page, event)
    _the_report_says_what_they_thought()


def _those_present_are_thanked(portal: Portal, post: Post, event: Event, absent: Person) -> None:
    letter = EventLetterFactory(event=event, recipients="thanks", text="Merci d’être venus.")
    services.send_letter(letter=letter, by=portal.accounts["staff"].user, at=timezone.now())
    assert letters.write(at=timezone.now()) == SEATS - 1
    _visitor_answers_and_takes_the_certificate(portal, sent(post, VISITOR, event)[-1])
    assert not any("/enquete/" in text for text in sent(post, address_of(absent), event))


def _visitor_answers_and_takes_the_certificate(portal: Portal, thanks: str) -> None:
    with portal.visit(width=PHONE, javascript=False) as page:
        page.goto(link_in(thanks, "enquete"))
        page.get_by_label("5 – Très satisfait·e").check()
        page.get_by_label("Atteint", exact=True).check()
        page.get_by_role("button", name="Envoyer mon avis").click()
        expect(page.locator("main")).to_contain_text("Merci, votre avis est bien reçu")

        page.goto(link_in(thanks, "attestation"))
        expect(page.locator("main")).to_contain_text("Votre présence est notée")
        with page.expect_download() as download:
            page.get_by_role("button", name="Télécharger mon attestation").click()
    certificate = Certificate.objects.get(registration__person__last_name="Extérieure")
    assert download.value.suggested_filename == f"attestation-{certificate}.pdf"


def _results_show_from_five_answers_on(page: Page, event: Event) -> None:
    asked = SurveyInvitation.objects.filter(registration__event=event, answered_on=None)
    objective = event.objectives.get()
    for rank, invitation in enumerate(asked.order_by("pk")[:4]):
        page.goto(f"/evenements/{event.pk}/enquete/resultats/")
        expect(page.locator("main")).to_contain_text("Pas encore assez de réponses")
        said = {objective.pk: ("partly" if rank else "yes", "")}
        opinion = surveys.Opinion(4, "", said)
        surveys.answer(invitation=invitation, opinion=opinion, on=today())
    page.reload()
    expect(page.locator("main")).to_contain_text("4,2 sur 5")
    expect(page.locator("main")).to_contain_text("Rencontrer d’autres équipes")
    assert audit.page_problems(page, set()) == []


def _the_report_says_what_they_thought() -> None:
    report = compose(material(DAY.year, DAY))
    teams = next(chapter for chapter in report.chapters if chapter.key == "teams")
    action = next(action for action in teams.actions if action.title == "Journée régionale")
    (table,) = action.opinions
    assert "5\u00a0réponses, satisfaction moyenne 4,2 sur 5" in table.caption
    assert table.rows == [["Rencontrer d’autres équipes", "2", "3", "0"]]
