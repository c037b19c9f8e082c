"""The pictures of what is printed: pages of the demonstration's documents, two by two as they lie open."""

from collections.abc import Iterator
from pathlib import Path

import pymupdf
from PIL import Image

DPI, GAP, MARGIN = 72, 2, 12
WALL = (204, 200, 194)
SUPPORT = "Accompagner les équipes en\N{NO-BREAK SPACE}fonctionnement"


def spreads(demo: Path) -> Iterator[tuple[str, Image.Image]]:
    """``demo`` is where ``make start`` leaves its documents."""
    report = pymupdf.open(demo / "rapport-activite-2023.pdf")
    first = {title: number - 1 for level, title, number in report.get_toc() if level == 1}

    def opened_at(title: str) -> Image.Image:
        return side_by_side(report[first[title]], report[first[title] + 1])

    people, definitions = first["Vie associative"], first["Comment chaque chiffre est compté"]
    yield "rapport-couverture", side_by_side(report[0], report[1])
    yield "rapport-coup-oeil", opened_at("En un coup d’œil")
    yield "rapport-equipes", opened_at("Les équipes adhérentes")
    yield "rapport-chapitre", opened_at(SUPPORT)
    yield "rapport-fin", side_by_side(report[people], report[definitions])

    (team,) = demo.glob("scan-equipe-2023-*.pdf")
    region = demo / "scan-equipe-region-2023.pdf"
    yield "scan-imprime", side_by_side(pymupdf.open(team)[0], pymupdf.open(region)[0])


def side_by_side(left: pymupdf.Page, right: pymupdf.Page) -> Image.Image:
    pages = [page.get_pixmap(dpi=DPI).pil_image() for page in (left, right)]
    width = sum(page.width for page in pages) + GAP + 2 * MARGIN
    wall = Image.new("RGB", (width, pages[0].height + 2 * MARGIN), WALL)
    wall.paste(pages[0], (MARGIN, MARGIN))
    wall.paste(pages[1], (MARGIN + pages[0].width + GAP, MARGIN))
    return wall
