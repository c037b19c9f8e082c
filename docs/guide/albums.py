"""The pictures of the guide, by who sees the page, and what they do first."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from playwright.sync_api import Page

from docs.guide.scenes import Scene
from members.enums import MembershipStatus, PieceKind
from members.models import Piece
from toolbox.models import Tool

Act = Callable[[Page], object]


@dataclass(frozen=True)
class Picture:
    """``act`` is what the person does first; ``top`` is where the picture begins, on a long page;
    ``width`` is a telephone's, for instance."""

    name: str
    path: str
    height: int
    act: Act = lambda page: None
    top: str = ".site-header .header-row"
    width: int = 0


# -- what is shown ---------------------------------------------------------------------------------
def of_visitors(scene: Scene) -> list[Picture]:
    return [Picture("connexion", "/compte/connexion/", 880)]


def of_coordination(scene: Scene) -> list[Picture]:
    scan = f"/rapports/scan/{scene.team.pk}/2023/"
    renewal = f"/equipes/{scene.team.pk}/adhesion/2024"
    return [
        Picture("accueil", "/", 1010),
        Picture("annuaire", "/annuaire/?role=coordinator&department=85", 700),
        Picture("equipe-soignante", scene.team.get_absolute_url(), 720),
        Picture("scan-equipe", scan, 860),
        Picture("evenements", "/evenements/", 720),
        Picture("mois", "/evenements/mois/2023/12/", 860),
        Picture("liste-attente", scene.full.get_absolute_url(), 560),
        Picture("inscription", scene.open.get_absolute_url(), 1060, tick_colleagues),
        Picture("inscrite", scene.open.get_absolute_url(), 640, register),
        Picture("outil", "/boite-a-outils/?search=concertation", 720),
        Picture("pret", "/boite-a-outils/prets/", 760),
        Picture("profil", "/mon-profil/", 620),
        Picture("deuxieme-preuve", "/compte/securite/", 620),
        Picture("carte", "/carte/?department=72", 900),
        Picture("adhesion-equipe", f"{renewal}/equipe/", 820),
        Picture("adhesion-formulaire", f"{renewal}/formulaire/", 900),
        Picture("mes-donnees", "/mes-donnees/", 860),
    ]


def of_staff(scene: Scene) -> list[Picture]:
    event = f"/administration/events/event/{scene.full.pk}"
    registrations = f"/administration/events/registration/?event__id__exact={scene.full.pk}"
    return [
        Picture("tableau-de-bord", "/administration/", 760),
        Picture("filtres", "/administration/events/event/?periode=a-venir", 620, open_filters),
        Picture("fiche-evenement", f"{event}/change/", 600, open_registrations),
        Picture("inscrire-des-personnes", f"{event}/inscrire/", 420, look_for_people),
        Picture("actions", registrations, 640, choose_waiting),
        Picture("apercu", registrations, 420, preview),
        Picture("importer", "/administration/toolbox/tool/import/", 520, import_tools),
        Picture("historique", event.replace(str(scene.full.pk), f"{scene.open.pk}/history/"), 260),
        Picture("prets-a-traiter", "/administration/toolbox/loan/?status=requested", 420, tick_all),
        Picture("inviter", "/administration/members/person/?q=abgrall+an", 420, invite),
        Picture("equipes-a-suivre", "/administration/members/team/?suivi=leader-seul", 560),
        Picture("campagne", "/administration/members/membership/?year=2024", 800),
        Picture("rapprocher", "/administration/members/bankline/importer", 560, import_statement),
    ]


def of_events(scene: Scene) -> list[Picture]:
    """Of the staff too: the day itself, and what follows."""
    day, letter = scene.day.event, scene.letter
    desk = f"{day.get_absolute_url()}accueil/?demi-journee={scene.day.pk}-morning"
    return [
        Picture("presence", f"{day.get_absolute_url()}presence/", 760),
        Picture("accueil-telephone", desk, 820, people_arrive, "main h1", width=390),
        Picture("lettre", f"{letter.event.get_absolute_url()}messages/{letter.pk}/", 1060),
        Picture(
            "statistiques", f"/administration/events/event/{letter.event_id}/statistiques/", 560
        ),
    ]


def of_report(scene: Scene) -> list[Picture]:
    """The year's report, while the staff writes it."""
    return [
        Picture("texte-rapport", "/rapports/2023/textes/outlook/", 1000),
        Picture("chapitres-rapport", "/rapports/2023/chapitres/", 820),
        Picture("ce-qui-manque", "/rapports/2023/manque/", 860),
        Picture("departement", "/rapports/departement/", 900),
    ]


def of_board(scene: Scene) -> list[Picture]:
    checked = f"/rapports/verifier/{scene.voted.year}/teams_constituted/"
    return [
        Picture("rapports", "/rapports/2023/", 980),
        Picture("chiffre", "/rapports/2023/chiffres/teams_constituted/", 720),
        Picture("suivi-annee", "/rapports/tableau-de-bord/", 860),
        Picture("financeurs", "/rapports/2023/financeur/", 900),
        Picture("msp-type", "/rapports/2023/region/", 900),
        Picture("comparaison", "/rapports/comparaison/", 900),
        Picture("verifier", checked, 720),
        Picture("document-en-cours", scene.running.get_absolute_url(), 420),
        Picture("document-pret", scene.report.get_absolute_url(), 420),
    ]


# -- what people do --------------------------------------------------------------------------------
def tick_colleagues(page: Page) -> None:
    boxes = page.locator("input[name=people]")
    boxes.nth(0).check()
    boxes.nth(2).check()


def register(page: Page) -> None:
    page.get_by_role("button", name="M’inscrire").click()
    page.get_by_text("Une confirmation vous est envoyée").wait_for()


def people_arrive(page: Page) -> None:
    for row in (0, 1, 3):
        page.locator(".desk-list .btn").nth(row).click()
    page.locator("[data-count]", has_text="3").wait_for()
    page.locator("[data-offline]").wait_for(state="hidden")  # each is sent


def open_filters(page: Page) -> None:
    page.get_by_text("Filtres").first.click()
    page.get_by_role("button", name="Filtrer", exact=True).wait_for()


def open_registrations(page: Page) -> None:
    page.get_by_role("link", name="Inscriptions", exact=True).last.click()


def look_for_people(page: Page) -> None:
    page.locator(".select2-search__field").fill("aubep")
    page.locator(".select2-results__option").nth(1).wait_for()
    page.wait_for_timeout(500)


def choose_waiting(page: Page) -> None:
    for row in page.locator("#result_list tbody tr", has_text="Sur liste d’attente").all()[:2]:
        row.get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option(label="Confirmer (donner une place)")


def preview(page: Page) -> None:
    choose_waiting(page)
    page.get_by_role("button", name=re.compile("Exécuter|Envoyer")).first.click()


def import_tools(page: Page) -> None:
    sheet = settings.PORTAL_VAR / "outils.csv"
    kept = Tool.objects.order_by("code")[0]
    sheet.write_text(
        "code,title,kind,theme,published_on,withdrawn_on,audience\n"
        "O-2024-01,Accueillir une nouvelle coordinatrice,guide,coordination,2023-12-04,,members\n"
        f"{kept.code},{kept.title},guide,aci,{kept.published_on},,members\n"
    )
    page.locator("input[type=file]").set_input_files(sheet)
    page.locator("select[name=format]").select_option(label="csv")
    page.get_by_role("button", name="Envoyer").click()


def import_statement(page: Page) -> None:
    """A call paid with its reference, and a sum that only looks like another one's."""
    waiting = Piece.objects.filter(kind=PieceKind.CALL, membership__status=MembershipStatus.CALLED)
    calls = list(waiting.select_related("membership__team").order_by("number")[:2])
    lines = [
        f"11/12/2023;VIR {call.reference};;{call.amount_cents / 100:.2f}".replace(".", ",")
        for call in calls[:1]
    ]
    lines += [
        f"12/12/2023;VIR {call.membership.team};;{call.amount_cents / 100:.2f}".replace(".", ",")
        for call in calls[1:]
    ]
    sheet = settings.PORTAL_VAR / "releve.csv"
    sheet.write_text(
        "\n".join(
            ["Date;Libellé;Débit;Crédit", *lines, "12/12/2023;REMBOURSEMENT DE TIMBRES;;12,60", ""]
        )
    )
    page.locator("input[type=file]").set_input_files(sheet)
    page.get_by_role("button", name="Importer").click()


def tick_all(page: Page) -> None:
    page.locator("#result_list tbody tr").first.get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option(
        label="Accorder (le premier exemplaire libre)"
    )


def invite(page: Page) -> None:
    page.locator("#result_list tbody tr").first.get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option(
        label="Ouvrir un compte et envoyer l’invitation"
    )
