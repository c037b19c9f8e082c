"""A coordinator's day: what she finds, whom she registers, what she borrows and downloads."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apmsl.lib.dates import today
from events import services
from events.access import colleagues_of
from events.enums import RegistrationStatus
from events.models import Event
from members.models import Person, Team
from tests.browser import audit
from tests.browser.portal import DESK, PHONE, Account, Portal
from tests.events.factories import EventFactory, RegistrationFactory
from toolbox.models import Equipment, Loan, LoanStatus, Tool


def team_of(account: Account) -> Team:
    return Team.objects.of_person(account.user.person_id, today()).get()


def open_event(page: Page, event: Event) -> None:
    """From the list of events, found by its title."""
    page.goto("/evenements/")
    if page.viewport_size == {"width": PHONE, "height": 900}:
        page.locator("details.filters > summary").click()
    page.get_by_label("Titre ou lieu").fill(event.title)
    expect(page.locator("#results")).to_contain_text("1 événement")
    page.get_by_role("link", name=event.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(event.title)


def status_of(event: Event, person: Person) -> str | None:
    found = event.registrations.filter(person=person).first()
    return found.status if found else None


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_she_registers_herself_and_a_colleague_then_cancels(portal: Portal, width: int):
    event = EventFactory(title=f"Rencontre des équipes {width}", capacity=5)
    with portal.visit(width=width) as page:
        account = portal.sign_in(page, "coordinator")
        me, colleague = account.user.person, colleagues_of(account.user, today()).by_name()[0]
        open_event(page, event)

        page.get_by_role("button", name="M’inscrire").click()
        expect(page.locator("[data-focus]")).to_be_focused()
        expect(page.locator("[data-focus]")).to_contain_text(
            "Vous êtes inscrit·e. Une confirmation"
        )
        assert status_of(event, me) == RegistrationStatus.REGISTERED

        page.get_by_label(str(colleague)).check()
        page.get_by_role("button", name="Inscrire les personnes cochées").click()
        expect(page.get_by_text("1 personne inscrite.")).to_be_visible()
        assert status_of(event, colleague) == RegistrationStatus.REGISTERED
        assert audit.page_problems(page, set()) == []

        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name=f"Annuler l’inscription de {colleague}").click()
        expect(page.get_by_text(f"L’inscription de {colleague} est annulée.")).to_be_visible()
        assert status_of(event, colleague) == RegistrationStatus.CANCELLED
        assert status_of(event, me) == RegistrationStatus.REGISTERED


def test_nobody_ticked_is_said_beside_the_list(portal: Portal):
    event = EventFactory(title="Personne de coché")
    with portal.visit() as page:
        portal.sign_in(page, "coordinator")
        page.goto(event.get_absolute_url())
        page.get_by_role("button", name="Inscrire les personnes cochées").click()
        expect(page.locator(".error-summary")).to_be_focused()
        expect(page.locator(".error-summary")).to_contain_text("Cochez au moins une personne.")
        assert audit.page_problems(page, set()) == []


def test_when_it_is_full_she_waits_and_gets_the_seat_that_becomes_free(portal: Portal):
    event = EventFactory(title="Une seule place", capacity=1)
    seated = RegistrationFactory(event=event, person=Person.objects.order_by("pk")[0])
    with portal.visit() as page:
        account = portal.sign_in(page, "coordinator")
        page.goto(event.get_absolute_url())
        page.get_by_role("button", name="M’inscrire sur liste d’attente").click()
        expect(page.locator("#participation")).to_contain_text("Vous êtes sur liste d’attente")
        assert status_of(event, account.user.person) == RegistrationStatus.WAITLISTED

        services.cancel(
            registration=seated, by=portal.accounts["staff"].user, on=today(), at=timezone.now()
        )
        page.reload()
        expect(page.locator("#participation")).to_contain_text("Vous êtes inscrit·e")


def test_she_finds_a_person_without_typing_the_accents(portal: Portal):
    with portal.visit() as page:
        account = portal.sign_in(page, "coordinator")
        person = account.user.person
        colleague = (
            Person.objects.linked_on(today()).filter(first_name__in=["Héloïse", "Zélie", "Anaëlle"])
        ).by_name()[0]
        plain = colleague.sort_name
        assert plain.isascii()
        assert person != colleague
        page.goto("/annuaire/")
        page.get_by_label("Nom ou prénom").fill(plain)
        expect(page.locator("#results")).to_contain_text("1 personne")
        expect(page.locator("#results-status")).to_contain_text("1 personne")
        page.get_by_role("link", name=str(colleague)).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(str(colleague))


def test_her_team_is_one_click_from_home(portal: Portal):
    with portal.visit(width=PHONE) as page:
        account = portal.sign_in(page, "coordinator")
        team = team_of(account)
        page.get_by_role("link", name=re.compile("La page de l’équipe")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(str(team))
        expect(page.get_by_role("heading", name="L’équipe aujourd’hui")).to_be_visible()
        for person in colleagues_of(account.user, today())[:3]:
            expect(page.get_by_role("link", name=str(person))).to_be_visible()


def test_she_finds_a_tool_and_her_visit_is_counted(portal: Portal):
    tool = Tool.objects.filter(title__endswith="(n° 2)", audiences__contains=["members"])
    tool = tool.published_on_day(today()).order_by("pk")[0]
    before = Tool.objects.with_views().get(pk=tool.pk).views
    with portal.visit() as page:
        portal.sign_in(page, "coordinator")
        page.goto("/boite-a-outils/")
        page.get_by_label("Mots du titre ou du résumé").fill(tool.title)
        expect(page.locator("#results [data-count]")).to_have_text("1 outil")
        page.get_by_role("link", name=tool.title, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(tool.title)
    assert Tool.objects.with_views().get(pk=tool.pk).views == before + 1


def test_she_borrows_what_is_free(portal: Portal):
    item = Equipment.objects.create(code="malle-browser", name="Malle du souffle", copies=1)
    with portal.visit(width=PHONE) as page:
        account = portal.sign_in(page, "coordinator")
        page.goto("/boite-a-outils/prets/")
        page.locator(".card", has_text=item.name).get_by_role("link").first.click()
        page.get_by_label("Au", exact=True).fill("2023-12-01")
        page.get_by_role("button", name="Envoyer la demande").click()
        expect(page.locator(".error-summary")).to_be_focused()
        assert audit.page_problems(page, set()) == []

        page.get_by_label("Au", exact=True).fill("2023-12-20")
        page.get_by_role("button", name="Envoyer la demande").click()
        expect(page.get_by_text("Votre demande de prêt est enregistrée")).to_be_visible()
    loan = Loan.objects.get(equipment=item)
    assert (loan.team, loan.status) == (team_of(account), LoanStatus.REQUESTED)


def test_she_downloads_the_portrait_of_her_team(portal: Portal, worker):
    with portal.visit() as page:
        account = portal.sign_in(page, "coordinator")
        page.get_by_role("link", name="Scan’équipe 2023", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Scan’équipe 2023")
        page.get_by_role("button", name="Préparer le PDF").click()
        expect(page.get_by_text("Le document est prêt")).to_be_visible(timeout=90_000)
        assert audit.page_problems(page, set()) == []

        with page.expect_download() as download:
            page.get_by_role("link", name="Télécharger").click()
        content = download.value.path().read_bytes()
        assert content.startswith(b"%PDF-1.7")
        assert download.value.suggested_filename.endswith(".pdf")
        page.goto("/")
        expect(page.locator("main")).to_contain_text(f"Scan’équipe 2023 – {team_of(account)}")
