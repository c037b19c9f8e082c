"""The map of streets, where a tile server is set: for those who ask for it, over the drawing."""

import re
from collections.abc import Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from tests.browser import audit
from tests.browser.fake_tiles import tile_server
from tests.browser.portal import DESK, PHONE, Portal
from tests.browser.test_keyboard import tab_to


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """What the tile server was asked for."""
    with (
        tile_server() as (address, asked),
        override_settings(MAP_TILES_URL=address, MAP_TILES_ATTRIBUTION="© Faux fond"),
    ):
        yield asked


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_streets_are_asked_for_with_the_keyboard_and_tell_the_teams(
    portal: Portal, asked: list[str], width: int
):
    with portal.visit(width=width) as page:
        page.goto("/carte/?department=53")
        listed = page.locator(".places-list .line-title").all_inner_texts()
        assert asked == [], "nothing leaves before one asks"

        tab_to(page, "^Plan des rues")
        page.keyboard.press("Enter")

        expect(page.locator(".leaflet-tile-loaded").first).to_be_visible()
        expect(page.get_by_text("© Faux fond")).to_be_visible()
        expect(page.locator("#drawing")).to_be_hidden()
        assert asked
        assert all(re.fullmatch(r"/\d+/\d+/\d+\.png", path) for path in asked)
        assert audit.violations(page) == []
        marks = page.locator(".streets-mark")
        told = " ".join(mark.get_attribute("title") or "" for mark in marks.all())
        assert [name for name in listed if name not in told] == []

        marks.first.focus()
        page.keyboard.press("Enter")
        popup = page.locator(".streets-teams")
        expect(popup).to_be_visible()
        assert popup.inner_text().splitlines()[0] in told
        assert audit.overflow(page) == []

        page.get_by_role("button", name="Plan des rues").click()
        expect(page.locator("#drawing")).to_be_visible()
        expect(page.locator("#streets")).to_be_hidden()


def test_without_scripts_the_drawing_is_there_and_nothing_else(portal: Portal, asked: list[str]):
    with portal.visit(javascript=False) as page:
        page.goto("/carte/")
        expect(page.locator("#drawing svg")).to_be_visible()
        expect(page.get_by_role("button", name="Plan des rues")).to_be_hidden()
    assert asked == []


def test_without_a_tile_server_there_is_no_word_of_streets(portal: Portal):
    with portal.visit() as page:
        page.goto("/carte/")
        expect(page.locator("#drawing svg")).to_be_visible()
        assert "Plan des rues" not in page.content()
        assert "leaflet" not in page.content()
