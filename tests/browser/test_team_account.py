"""A coordinator invites a colleague, who comes in on a phone; then hands over and is followed."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members.access import may_send_for
from members.models import Departure, Invitation, Person, Team, User
from tests.browser import audit
from tests.browser.portal import DESK, PHONE, Portal
from tests.mail.office import Post


def team_of(user: User) -> Team:
    return Team.objects.of_person(user.person_id, today()).order_by("pk")[0]


def link_in(message: Message) -> str:
    found = re.search(r"/invitation/\S+", message.text)
    assert found
    return found[0]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_colleague_is_invited_comes_in_and_the_link_serves_once(
    portal: Portal, post: Post, javascript: bool
):
    email = f"zoe.{'js' if javascript else 'sans'}@exemple.test"
    with portal.visit(width=DESK, javascript=javascript) as page:
        account = portal.sign_in(page, "coordinator")
        team = team_of(account.user)
        page.goto(team.get_absolute_url())
        page.get_by_role("link", name="Inviter, gérer le compte").click()
        _invite(page, "pas une adresse")
        expect(page.locator(".error-summary")).to_be_visible()
        _invite(page, email)
        expect(page.get_by_text("L’invitation est en route.")).to_be_visible()
        expect(page.locator("#invitations")).to_contain_text(email)
        assert not javascript or audit.page_problems(page, set()) == []

    link = link_in(Message.objects.get(recipient=email))
    with portal.visit(width=PHONE, javascript=javascript) as page:
        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_contain_text(str(team))
        assert not javascript or audit.page_problems(page, set()) == []
        _come_in(page, post, email)
        expect(page.get_by_text(team.name).first).to_be_visible()

    invitation = Invitation.objects.get(email=email)
    assert invitation.person == User.objects.get(email=email).person
    assert invitation.person.affiliations.get().team == team


def _invite(page: Page, email: str) -> None:
    page.get_by_label("Prénom").fill("Zoé")
    page.get_by_label("Nom", exact=True).fill("Le Guen")
    page.get_by_label("Courriel").fill(email)
    page.get_by_role("button", name="Envoyer l’invitation").click()


def _come_in(page: Page, post: Post, email: str) -> None:
    page.get_by_role("button", name="Rejoindre l’équipe").click()
    page.get_by_label("Courriel").fill(email)
    page.get_by_role("button", name="Envoyer le code").click()
    page.get_by_label("Code").fill(_code_for(post, email))
    page.get_by_role("button", name="Confirmer").click()


def _code_for(post: Post, email: str) -> str:
    text = post.texts_for(email)[-1]
    found = re.search(r"^[A-Z0-9]{4}-?[A-Z0-9]{4}$|^[A-Z0-9]{6}$", text, re.M)
    assert found, text
    return found[0]


def test_a_departure_is_prepared_then_cancelled(portal: Portal):
    last = today() + timedelta(days=12)
    after = last + timedelta(days=1)
    with portal.visit(width=PHONE) as page:
        account = portal.sign_in(page, "leader")
        team, me = team_of(account.user), account.user.person
        _prepare(page, team, me, last)
        expect(page.get_by_role("heading", level=1)).to_have_text(str(team))
        expect(page.locator("#departs")).to_contain_text("Paul Le Bihan prend la suite")

        heir = Departure.objects.get(person=me).successor
        assert heir is not None
        assert not may_send_for(account.user, team, after)
        assert team.managers.on(after).filter(person=heir).exists()
        assert Message.objects.filter(recipient="paul.lebihan@exemple.test").count() == 2

        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name=f"Annuler le départ de {me}").click()
        expect(page.get_by_text("Le départ est annulé")).to_be_visible()
    assert may_send_for(account.user, team, after)
    heir.delete()


def _prepare(page: Page, team: Team, person: Person, last: date) -> None:
    page.goto(team.get_absolute_url())
    page.get_by_role("link", name="Préparer un départ").click()
    page.get_by_role("link", name=str(person), exact=True).click()
    expect(page.get_by_role("heading", name="À transmettre ou à régler")).to_be_visible()
    assert audit.page_problems(page, set()) == []
    page.get_by_label("Dernier jour").fill(last.isoformat())
    page.locator("[name=first_name]").fill("Paul")
    page.locator("[name=last_name]").fill("Le Bihan")
    page.locator("[name=email]").fill("paul.lebihan@exemple.test")
    page.get_by_role("button", name="Préparer le départ").click()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_staff_sees_what_waits_and_opens_a_list(portal: Portal, width: int):
    with portal.visit(width=width) as page:
        portal.sign_in(page, "staff")
        page.goto("/suivi/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Suivi des équipes")
        assert audit.page_problems(page, set()) == []
        number = page.locator("#trouve td a").first
        count = number.inner_text().split("\n")[0].split(" :")[0].strip()
        number.click()
        expect(page.locator("body")).to_contain_text(count)
