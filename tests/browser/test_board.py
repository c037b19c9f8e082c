"""A board member reads the year and takes its report away."""

import io
import re

import pypdf
from playwright.sync_api import expect

from reports import indicators
from reports.enums import Document
from tests.browser import audit
from tests.browser.portal import Portal


def test_each_figure_of_the_year_opens_the_records_that_it_counts(portal: Portal):
    with portal.visit() as page:
        portal.sign_in(page, "board")
        page.get_by_role("link", name="Rapports", exact=True).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("L’année 2023 en chiffres")
        page.get_by_role("link", name="2022", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("L’année 2022 en chiffres")
        page.get_by_role("link", name="2023", exact=True).click()

        tile = page.locator(".tile", has_text="équipes adhérentes").first
        expect(tile).to_contain_text("91")
        tile.get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Équipes adhérentes")
        expect(page.locator("[data-count]")).to_have_text("91 fiches")
        with page.expect_download() as download:
            page.get_by_role("link", name="Exporter (CSV)").click()
        assert len(download.value.path().read_text("utf-8-sig").splitlines()) == 92

        page.locator("#results tbody a").first.click()
        assert re.search(r"/equipes/\d+/$", page.url)


def test_the_activity_report_is_asked_followed_and_downloaded(portal: Portal, worker):
    with portal.visit() as page:
        account = portal.sign_in(page, "board")
        page.goto("/rapports/2023/")
        page.get_by_role("button", name=f"Préparer : {Document.ACTIVITY.label} 2023").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"{Document.ACTIVITY.label} 2023")
        expect(page.locator("#run-state")).to_contain_text(
            re.compile("Préparation|va commencer|est prêt")
        )
        expect(page.get_by_text("Le document est prêt")).to_be_visible(timeout=180_000)
        assert page.locator("#run-state").get_attribute("hx-trigger") is None
        assert audit.page_problems(page, set()) == []

        with page.expect_download() as download:
            page.get_by_role("link", name="Télécharger").click()
        report = pypdf.PdfReader(io.BytesIO(download.value.path().read_bytes()))
        text = " ".join(page.extract_text() for page in report.pages)
        assert len(report.pages) > 10
        assert "2 382" in re.sub(r"\s", " ", text)

        page.goto("/rapports/2023/")
        kept = page.locator("#deja-prepares")
        expect(kept).to_contain_text(f"{Document.ACTIVITY.label} 2023")
        expect(kept).to_contain_text(str(account.user.person))
        expect(kept.get_by_role("link", name=re.compile("Télécharger")).first).to_be_visible()


def test_a_figure_outside_the_declared_ones_is_not_found(portal: Portal):
    assert "teams" in indicators.REGISTRY
    with portal.visit() as page:
        portal.sign_in(page, "board")
        for path in ("/rapports/1999/", "/rapports/2023/chiffres/inconnu/"):
            assert page.request.get(path).status == 404
