"""The guide says what the screen says: its pictures, its links and the labels that it quotes."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import allauth
import import_export
import pytest
from django.contrib import admin

HOME = Path(__file__).parents[1]
GUIDE = HOME / "docs" / "guide"
IMAGES = GUIDE / "images"
PAGES = sorted(GUIDE.glob("*.md"))
# Written for whoever loads files, with words in bold that are no labels.
WITHOUT_LABELS = {"imports.md"}
HEAVIEST = 150_000
LIBRARIES = [Path(str(module.__file__)).parent for module in (admin, allauth, import_export)]
SOURCES = ["apmsl", "members", "toolbox", "events", "network", "training", "reports"]


def shown(page: Path) -> list[Path]:
    found = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text())
    return [page.parent / path for path in found]


# -- pictures --------------------------------------------------------------------------------------
def test_every_picture_that_is_shown_exists_and_the_reverse():
    pictures = {path.resolve() for page in [*PAGES, HOME / "README.md"] for path in shown(page)}

    assert pictures == set(IMAGES.iterdir())


def test_every_picture_is_made_by_the_script():
    script = "".join(file.read_text() for file in sorted(GUIDE.glob("*.py")))
    made = re.findall(r'(?:Picture\(|keep\(|yield )\s*"([a-z-]+)"', script)

    assert sorted(f"{name}.png" for name in made) == sorted(path.name for path in IMAGES.iterdir())


def test_pictures_are_light():
    assert [path.name for path in IMAGES.iterdir() if path.stat().st_size > HEAVIEST] == []


# -- links -----------------------------------------------------------------------------------------
def anchors(page: Path) -> set[str]:
    """As GitHub makes them: lower case, without punctuation, hyphens for spaces."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_the_guide_leads_somewhere(page: Path):
    for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", page.read_text()):
        path, _, anchor = unquote(target).partition("#")
        other = page.parent / path if path else page

        assert other.is_file(), target
        assert not anchor or anchor in anchors(other), target


def test_every_page_is_in_the_contents():
    contents = (GUIDE / "index.md").read_text()

    assert [page.name for page in PAGES if page.name not in contents] == ["index.md"]


# -- words -----------------------------------------------------------------------------------------
@cache
def screen() -> str:
    """Every French word that a page may show: our templates and code, the libraries' translations."""
    files = [*(HOME / "templates").rglob("*.html")]
    files += [file for folder in SOURCES for file in (HOME / folder).rglob("*.py")]
    files += (HOME / "apmsl" / "lib" / "locale").rglob("*.po")
    files += [file for folder in LIBRARIES for file in folder.rglob("locale/fr/**/*.po")]
    return plain(" ".join(file.read_text() for file in files))


def plain(text: str) -> str:
    """Whatever the spaces, the apostrophes and the case."""
    text = text.replace("&nbsp;", " ").replace("\\u00a0", " ").replace("’", "'")
    return " ".join(text.split()).lower()


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name not in WITHOUT_LABELS], ids=lambda page: page.name
)
def test_every_label_that_is_quoted_is_on_a_page(page: Path):
    labels = {plain(label) for label in re.findall(r"\*\*([^*`]+)\*\*(?!`)", page.read_text())}
    missing = [
        label
        for label in sorted(labels)
        if not re.search(rf"(?<!\w){re.escape(label)}(?!\w)", screen())
    ]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_spaces_before_double_punctuation_do_not_break(page: Path):
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)", "", page.read_text())

    assert re.findall(r".{0,30} [:;?!»]|« .{0,30}", prose) == []
