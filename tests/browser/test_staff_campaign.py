"""The staff runs the campaign of the year on the demonstration: files, letters, calls, bank, receipts."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from apmsl.lib.dates import today
from members.enums import MembershipStatus, PieceKind
from members.models import Campaign, Membership
from members.services import campaigns, renewals
from members.services.renewals import RenewalRefused
from tests.browser.portal import Portal
from tests.browser.test_campaign import YEAR, pdf_text

ADMIN = "/administration/members"
TEAMS = 70  # at least, of the ninety of the demonstration: some have begun already


def not_launched_yet(campaign: Campaign) -> int:
    """The files that nobody has begun are taken back: how many a launch will open."""
    untouched = campaign.memberships().filter(
        status=MembershipStatus.EXPECTED, checked_on=None, promised_on=None, pieces=None
    )
    for file in untouched:
        file.delete()
    teams = campaigns.teams_to_renew(campaign, today()).count()
    return teams + campaigns.people_to_renew(campaign).count()


def ready_to_call(campaign: Campaign, count: int) -> list[Membership]:
    """Files whose fee can be told."""
    found: list[Membership] = []
    waiting = campaign.memberships().filter(status=MembershipStatus.EXPECTED, pieces=None)
    for file in waiting.order_by("-team", "pk"):
        try:
            renewals.fee_of(file, campaign, today())
        except RenewalRefused:
            continue
        found.append(file)
        if len(found) == count:
            break
    return found


def launch(page: Page, campaign: Campaign) -> None:
    count = not_launched_yet(campaign)
    assert count >= TEAMS
    page.goto(f"{ADMIN}/campaign/{campaign.pk}/lancer")
    expect(page.get_by_text(f"{count} dossiers seront ouverts")).to_be_visible()
    assert campaigns.teams_to_renew(campaign, today()).count() >= TEAMS, "only a preview"
    page.get_by_role("button", name="Oui, ouvrir ces dossiers").click()
    expect(page.get_by_text(f"est lancée : {count} dossiers ouverts")).to_be_visible()
    assert campaigns.teams_to_renew(campaign, today()).count() == 0


def preview(page: Page) -> None:
    page.goto(f"{ADMIN}/campaign/envois")
    expect(page.get_by_role("heading", name="Qui recevra quoi")).to_be_visible()
    letter = page.locator("details", has_text=re.compile(r"\d+\sdossiers?")).first
    letter.locator("summary").click()
    expect(letter.locator("li").first).to_be_visible()


def board(page: Page, campaign: Campaign) -> None:
    page.goto(f"{ADMIN}/campaign/{campaign.pk}/tableau")
    expect(page.get_by_role("table", name="Où en sont les dossiers")).to_be_visible()
    departments = page.get_by_role("table", name="Par département").locator("tbody tr")
    expect(departments).to_have_count(6)  # five, and those without a team


def call(page: Page, file: Membership) -> str:
    page.goto(f"{ADMIN}/membership/{file.pk}/appeler")
    expect(page.get_by_role("table", name="Calcul de la cotisation")).to_be_visible()
    page.get_by_role("button", name="Oui, émettre l’appel").click()
    page.wait_for_load_state()
    file.refresh_from_db()
    assert file.status == MembershipStatus.CALLED
    return file.pieces.get(kind=PieceKind.CALL).reference


def statement(files: dict[str, Membership]) -> str:
    lines = [
        f"{today():%d/%m/%Y};VIR {reference};;{file.amount_cents // 100},{file.amount_cents % 100:02}"
        for reference, file in files.items()
    ]
    return "\n".join(["Date;Libellé;Débit;Crédit", *lines, f"{today():%d/%m/%Y};LOYER;800,00;", ""])


def import_statement(page: Page, file: Path) -> None:
    page.goto(f"{ADMIN}/bankline/importer")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Importer").click()


def match(page: Page, files: dict[str, Membership], bank: Path) -> None:
    """The statement is imported twice: the second time brings nothing."""
    bank.write_text(statement(files))
    import_statement(page, bank)
    for reference in files:
        expect(page.get_by_role("cell", name=f"VIR {reference}").first).to_be_visible()
    page.get_by_role("button", name="Confirmer toutes les lignes sûres").click()
    expect(page.get_by_text("2 paiements enregistrés.")).to_be_visible()
    import_statement(page, bank)
    expect(page.get_by_text("Toutes ces lignes étaient déjà importées")).to_be_visible()


def test_the_staff_runs_the_whole_campaign(portal: Portal, tmp_path: Path):
    campaign = Campaign.objects.get(form__year=YEAR)
    with portal.visit() as page:
        portal.sign_in(page, "staff")
        launch(page, campaign)

        preview(page)
        board(page, campaign)

        files = {call(page, file): file for file in ready_to_call(campaign, 2)}
        assert len(files) == 2
        match(page, files, tmp_path / "releve.csv")
        for file in files.values():
            file.refresh_from_db()
            assert file.status == MembershipStatus.PAID
            receipt = file.pieces.get(kind=PieceKind.RECEIPT)
            pdf = page.request.get(receipt.get_absolute_url()).body()
            assert receipt.reference in pdf_text(pdf)
