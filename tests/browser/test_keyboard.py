"""With the keyboard alone, and without scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apmsl.lib.dates import today
from events.access import colleagues_of
from events.enums import RegistrationStatus
from tests.browser.portal import DESK, PHONE, Portal
from tests.events.factories import EventFactory

MOST_STOPS = 200

# What has the focus: its name, whether it is in sight, and whether anything shows that it has it.
FOCUSED = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const box = at.getBoundingClientRect(), style = getComputedStyle(at);
    const drawn = (s) => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)
        || s.boxShadow !== "none";
    const middle = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return {
        name: (at.innerText || at.getAttribute("aria-label") || at.id || at.tagName).trim(),
        order: [...document.querySelectorAll("*")].indexOf(at),
        seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
        covered: Boolean(middle) && !at.contains(middle) && !middle.contains(at)
            && !(at.labels && [...at.labels].some((label) => label.contains(middle))),
        marked: drawn(style),
    };
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at and re.search(name, at["name"]):
            return
    pytest.fail(f"the keyboard does not reach « {name} »")


def all_stops(page: Page) -> list[dict[str, Any]]:
    """Once round the page."""
    stops: list[dict[str, Any]] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None or (stops and at["order"] == stops[0]["order"]):
            break
        stops.append(at)
    return stops


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize(
    "path", ["/", "/equipes/", "/evenements/", "/boite-a-outils/prets/1/", "/rapports/2023/"]
)
def test_each_stop_of_the_keyboard_is_seen_and_they_follow_the_page(
    portal: Portal, path: str, width: int
):
    with portal.visit(width=width) as page:
        portal.sign_in(page, "board")
        page.goto(path)
        stops = all_stops(page)
    assert stops[0]["name"] == "Aller au contenu"
    assert stops[-1]["name"] == "Nous écrire", "the end of the page is not reached"
    assert [at["name"] for at in stops if not at["seen"]] == []
    assert [at["name"] for at in stops if at["covered"]] == []
    assert [at["name"] for at in stops if not at["marked"]] == []
    assert [at["order"] for at in stops] == sorted(at["order"] for at in stops)


def test_signing_in_and_registering_with_the_keyboard_alone(portal: Portal):
    event = EventFactory(title="Sans souris")
    account = portal.accounts["coordinator"]
    with portal.visit() as page:
        page.goto(f"/compte/connexion/?next={event.get_absolute_url()}")
        tab_to(page, "id_login")
        page.keyboard.type(account.email)
        tab_to(page, "id_password")
        page.keyboard.type(account.password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sans souris")

        tab_to(page, "^M’inscrire$")
        page.keyboard.press("Enter")
        expect(page.locator("[data-focus]")).to_be_focused()
        expect(page.locator("[data-focus]")).to_contain_text("Vous êtes inscrit·e")

        tab_to(page, "^id_people")
        page.keyboard.press("Space")
        tab_to(page, "Inscrire les personnes cochées")
        page.keyboard.press("Enter")
        expect(page.locator("[data-focus]")).to_contain_text("1 personne inscrite")
    registered = event.registrations.filter(status=RegistrationStatus.REGISTERED)
    assert registered.count() == 2


def test_a_menu_opens_and_closes_with_the_keyboard(portal: Portal):
    with portal.visit() as page:
        portal.sign_in(page, "coordinator")
        menu = page.locator(".nav-bar details.menu").first
        tab_to(page, "^Réseau")
        page.keyboard.press("Enter")
        expect(menu.get_by_role("link").first).to_be_visible()
        page.keyboard.press("Tab")
        expect(menu.get_by_role("link").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(menu.locator("summary")).to_be_focused()
        expect(menu.get_by_role("link").first).to_be_hidden()


def test_what_she_does_works_without_scripts(portal: Portal):
    EventFactory(title="Sans scripts", capacity=9)
    with portal.visit(width=PHONE, javascript=False) as page:
        account = portal.sign_in(page, "coordinator")
        colleague = colleagues_of(account.user, today()).by_name()[0]
        page.goto("/evenements/")
        page.locator("details.filters > summary").click()
        page.get_by_label("Titre ou lieu").fill("sans scripts")
        page.get_by_role("button", name="Afficher").click()
        page.get_by_role("link", name="Sans scripts").click()

        page.get_by_role("button", name="M’inscrire").click()
        expect(page.get_by_text("Vous êtes inscrit·e. Une confirmation")).to_be_visible()
        page.get_by_role("button", name="Inscrire les personnes cochées").click()
        expect(page.get_by_text("Cochez au moins une personne.").first).to_be_visible()
        page.get_by_label(str(colleague)).check()
        page.get_by_role("button", name="Inscrire les personnes cochées").click()
        expect(page.get_by_text("1 personne inscrite.")).to_be_visible()
        page.get_by_role("button", name=f"Annuler l’inscription de {colleague}").click()
        expect(page.get_by_text(f"L’inscription de {colleague} est annulée.")).to_be_visible()

        page.goto("/boite-a-outils/")
        page.locator("details.filters > summary").click()
        page.get_by_label("Type d’outil").select_option(label="Guide")
        page.get_by_role("button", name="Afficher").click()
        expect(page.locator("#results [data-count]")).to_contain_text("outils")
        assert "kind=guide" in page.url


def test_a_document_is_followed_without_scripts(portal: Portal, worker):
    with portal.visit(javascript=False) as page:
        portal.sign_in(page, "coordinator")
        page.get_by_role("link", name="Scan’équipe 2023", exact=True).click()
        page.get_by_role("button", name="Préparer le PDF").click()
        ready = page.get_by_text("Le document est prêt")
        for _ in range(90):
            if ready.is_visible():
                break
            page.wait_for_timeout(1_000)
            page.get_by_role("link", name="Actualiser").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Télécharger").click()
        assert download.value.path().read_bytes().startswith(b"%PDF")
