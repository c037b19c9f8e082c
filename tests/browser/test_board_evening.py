"""The evening on which the board votes: a figure checked on the screen, two texts corrected, the
report laid, read, voted and taken away, the slides shown. The year before the demonstration's, which no
other test looks at."""

import hashlib
import io
import re

import pypdf
import pytest
from playwright.sync_api import Page, expect

from reports.enums import Document
from tests.browser import audit
from tests.browser.conftest import DAY
from tests.browser.portal import Portal

YEAR = DAY.year - 1
CORRECTED = {
    "foreword": "Merci aux bénévoles de l’année.",
    "outlook": "Nous ouvrirons deux ateliers.",
}


def test_the_board_checks_corrects_votes_and_shows(portal: Portal, worker):
    with portal.visit() as page, portal.visit() as office:
        portal.sign_in(page, "board")
        portal.sign_in(office, "staff")
        teams = _figure_checked(page)
        _remark(page)
        _texts_corrected(office)
        office.goto(f"/rapports/{YEAR}/versions/")
        office.get_by_role("button", name="Mettre le rapport en lecture").click()

        report = _read(page)
        said = _text_of(report)
        assert all(text in said for text in CORRECTED.values())
        assert _holds(said, teams)
        _voted(page, report)
        slides = pypdf.PdfReader(io.BytesIO(_made(page, Document.SLIDES)))
        box = slides.pages[0].mediabox
        assert float(box.width / box.height) == pytest.approx(16 / 9, abs=0.01)
        assert any(_holds(slide.extract_text(), teams) for slide in slides.pages)


def _text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def _holds(text: str, number: int) -> bool:
    return re.search(rf"(?<!\d){number}(?!\d)", text) is not None


def _figure_checked(page: Page) -> int:
    """The number of the tile is that of the records that it opens."""
    page.goto(f"/rapports/{YEAR}/")
    tile = page.locator(".tile", has_text="équipes adhérentes").first
    told = int(re.findall(r"\d+", tile.inner_text())[0])
    tile.get_by_role("link").click()
    expect(page.locator("[data-count]")).to_have_text(f"{told} fiches")
    return told


def _remark(page: Page) -> None:
    page.goto(f"/rapports/{YEAR}/textes/foreword/")
    page.get_by_label("Votre remarque").fill("Remercions les bénévoles.")
    page.get_by_role("button", name="Ajouter la remarque").click()
    expect(page.locator("#remarques")).to_contain_text("Remercions les bénévoles.")


def _texts_corrected(page: Page) -> None:
    for chapter, text in CORRECTED.items():
        page.goto(f"/rapports/{YEAR}/textes/{chapter}/")
        page.get_by_label("Texte").first.fill(text)
        page.get_by_label("Prêt", exact=True).check()
        page.get_by_role("button", name="Enregistrer le texte").click()
        expect(page.get_by_text("Le texte est enregistré.")).to_be_visible()
    page.goto(f"/rapports/{YEAR}/textes/foreword/")
    page.get_by_role("button", name=re.compile("Réglée")).click()
    expect(page.locator("#remarques")).to_contain_text("réglée le")


def _read(page: Page) -> bytes:
    page.goto(f"/rapports/{YEAR}/versions/")
    page.get_by_role("link", name="Lire, vérifier, noter le vote").click()
    assert audit.page_problems(page, set()) == []
    page.get_by_role("button", name=re.compile("PDF")).click()
    return _downloaded(page)


def _downloaded(page: Page) -> bytes:
    expect(page.get_by_text("Le document est prêt")).to_be_visible(timeout=180_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    return download.value.path().read_bytes()


def _voted(page: Page, report: bytes) -> None:
    """What is voted is what was read, to the last byte."""
    page.goto(f"/rapports/{YEAR}/versions/")
    page.get_by_role("link", name="Lire, vérifier, noter le vote").click()
    page.get_by_label("Date du vote").fill(DAY.isoformat())
    page.get_by_role("button", name="Noter le vote").click()
    expect(page.locator("main")).to_contain_text(hashlib.sha256(report).hexdigest())
    page.goto(f"/rapports/{YEAR}/versions/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le rapport voté").click()
    assert download.value.path().read_bytes() == report


def _made(page: Page, document: Document) -> bytes:
    page.goto(f"/rapports/{YEAR}/")
    page.get_by_role("button", name=f"Préparer : {document.label} {YEAR}").click()
    return _downloaded(page)
