"""The welcome desk on a telephone: the network is cut, another telephone goes on, all is reconciled."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from apmsl.lib.dates import today
from events.models import Attendance, Event, badge_code
from tests.browser import audit
from tests.browser.portal import PHONE, Portal
from tests.events.factories import EventFactory, EventSessionFactory, RegistrationFactory

# In place of what Chromium has on telephones and not here; the camera and its permission are real.
READER = """
window.BarcodeDetector = class {
  async detect(video) { return video.videoWidth ? [{ rawValue: %s }] : []; }
};
"""
NAMES = ("Abgrall", "Bizien", "Cadiou", "Drévillon")


@pytest.fixture
def event() -> Iterator[Event]:
    """Of its own, and gone afterwards: the demonstration keeps its counts."""
    event = EventFactory(title="Journée d’essai", starts_on=today(), audiences=["staff"])
    EventSessionFactory(event=event, number=1)
    rows = [RegistrationFactory(event=event, person__last_name=name) for name in NAMES]
    yield event
    event.registrations.all().delete()
    people = [row.person for row in rows]
    Attendance.objects.filter(session__event=event).delete()
    event.delete()
    for person in people:
        person.delete()


@contextmanager
def phone(portal: Portal, state: object = None) -> Iterator[Page]:
    """Not ``portal.visit``: a network that is cut is told on the console."""
    context = portal.browser.new_context(
        base_url=portal.url,
        viewport={"width": PHONE, "height": 900},
        locale="fr-FR",
        reduced_motion="reduce",
        storage_state=state,
    )
    yield context.new_page()
    context.close()


def line(page: Page, name: str):
    return page.locator("[data-person]").filter(has_text=name.upper())


def tap(page: Page, name: str) -> None:
    line(page, name).get_by_role("button").click()


def here(event: Event) -> set[str]:
    rows = Attendance.objects.filter(session__event=event)
    return set(rows.values_list("person__last_name", flat=True))


def test_two_telephones_one_of_them_cut_off_end_with_the_same_list(portal: Portal, event: Event):
    address = reverse("events:check_in", args=[event.pk])
    with phone(portal) as one:
        portal.sign_in(one, "staff")
        one.goto(address)
        assert audit.page_problems(one, set()) == []
        with phone(portal, one.context.storage_state()) as two:
            two.goto(address)
            tap(one, "Abgrall")
            expect(one.locator("[data-count]")).to_have_text("1")

            one.context.set_offline(True)
            tap(one, "Bizien")
            tap(one, "Cadiou")
            expect(one.locator("[data-offline]")).to_contain_text("Hors connexion, 2 à envoyer")
            expect(one.locator("[data-count]")).to_have_text("3")
            _meanwhile(two)

            one.context.set_offline(False)
            expect(one.locator("[data-offline]")).to_be_hidden(timeout=20_000)
            expect(one.locator("[data-count]")).to_have_text("3")
            expect(line(one, "Cadiou")).to_have_attribute("data-here", "0")
    assert here(event) == {"Abgrall", "Bizien", "Drévillon"}


def _meanwhile(page: Page) -> None:
    """Taken back, after what the first telephone noted; and somebody found by name."""
    for expected in ("1", "0"):
        tap(page, "Cadiou")
        expect(line(page, "Cadiou")).to_have_attribute("data-here", expected)
    page.get_by_role("searchbox").fill("drevillon")
    expect(page.locator("[data-person]:visible")).to_have_count(1)
    tap(page, "Drévillon")
    expect(line(page, "Drévillon")).to_have_attribute("data-here", "1")
    expect(page.locator("[data-offline]")).to_be_hidden()


def test_the_page_opens_again_without_network_and_keeps_what_waits(portal: Portal, event: Event):
    with phone(portal) as page:
        portal.sign_in(page, "staff")
        page.goto(reverse("events:check_in", args=[event.pk]))
        expect(page.locator("[data-desk]")).to_have_attribute("data-kept", "1", timeout=20_000)
        page.context.set_offline(True)
        tap(page, "Abgrall")

        page.reload()

        expect(page.locator("[data-count]")).to_have_text("1")
        expect(page.locator("[data-offline]")).to_contain_text("1 à envoyer")
        page.context.set_offline(False)
        expect(page.locator("[data-offline]")).to_be_hidden(timeout=20_000)
    assert here(event) == {"Abgrall"}


def test_a_badge_is_read_by_the_camera_where_the_browser_can(portal: Portal, event: Event):
    row = event.registrations.by_name()[0]
    with phone(portal) as page:
        portal.sign_in(page, "staff")
        page.goto(reverse("events:check_in", args=[event.pk]))
        scan = page.get_by_role("button", name="Lire un badge")
        expect(page.get_by_role("searchbox")).to_be_visible()
        expect(scan).to_be_hidden()

        page.add_init_script(READER % json.dumps(badge_code(row)))
        page.reload()
        scan.click()
        expect(page.get_by_role("dialog")).to_contain_text(f"{row.person} : arrivé·e")
        page.get_by_role("button", name="Fermer").click()
        expect(page.locator("[data-count]")).to_have_text("1")
        expect(page.locator("[data-offline]")).to_be_hidden()
    assert here(event) == {"Abgrall"}
