"""The staff's day in the admin."""

import io
import re

import openpyxl
import pypdf
from playwright.sync_api import Page, expect

from events.enums import RegistrationStatus
from events.models import Event
from members.models import Person
from tests.browser.portal import Portal
from tests.events.factories import EventFactory, EventSessionFactory, RegistrationFactory
from toolbox.models import Tool

REGISTERED, WAITLISTED = RegistrationStatus.REGISTERED, RegistrationStatus.WAITLISTED


def statuses(event: Event) -> dict[str, str]:
    rows = event.registrations.select_related("person")
    return {str(row.person): row.status for row in rows}


def people(count: int) -> list[Person]:
    """With a mail address, in the order of the admin's lists."""
    found = Person.objects.filter(emails__is_primary=True, account=None).order_by("pk")
    return sorted(found[100 : 100 + count], key=lambda person: person.sort_name)


def choose(page: Page, action: str) -> None:
    page.locator("select[name=action]").select_option(label=action)
    page.get_by_role("button", name=re.compile("Exécuter|Envoyer")).first.click()


def test_the_dashboard_leads_to_what_awaits(portal: Portal):
    with portal.visit() as page:
        portal.sign_in(page, "staff")
        page.goto("/administration/")
        expect(page.get_by_role("heading", name="À traiter")).to_be_visible()
        task = page.locator(".day-tasks a", has_text="personnes sur liste d’attente")
        expect(task).to_be_visible()
        task.click()
        expect(page.locator("#result_list tbody tr").first).to_contain_text(WAITLISTED.label)


def test_events_are_filtered_and_searched_without_accents(portal: Portal):
    EventFactory(title="Été des équipes à Machecoul", department="44", capacity=12)
    with portal.visit() as page:
        portal.sign_in(page, "staff")
        page.goto("/administration/events/event/?periode=a-venir&q=ete+equipes")
        rows = page.locator("#result_list tbody tr")
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text("0 / 12")
        page.goto("/administration/events/event/?periode=passes&q=ete+equipes")
        expect(rows).to_have_count(0)


def test_a_person_is_registered_from_the_event(portal: Portal):
    event = EventFactory(title="Inscrire depuis la fiche", capacity=3)
    person = people(1)[0]
    with portal.visit() as page:
        portal.sign_in(page, "staff")
        page.goto(f"/administration/events/event/{event.pk}/change/")
        page.locator("[x-ref=actionDropdown]", has_text="Inscriptions").click()
        page.get_by_role("link", name="Inscrire des personnes").click()
        expect(page.get_by_role("heading", name=f"Inscrire à « {event} »")).to_be_visible()
        page.locator(".select2-search__field").fill(person.sort_name)
        page.locator(".select2-results__option", has_text=str(person)).first.click()
        page.get_by_role("button", name="Inscrire", exact=True).click()
        expect(page.get_by_text("1 personne inscrite.")).to_be_visible()
        expect(page.locator("#result_list tbody tr")).to_have_count(1)
    assert statuses(event) == {str(person): REGISTERED}


def test_several_registrations_move_together_after_a_preview(portal: Portal):
    event = EventFactory(title="Déplacer ensemble", capacity=2)
    first, second, third = people(3)
    RegistrationFactory(event=event, person=first)
    RegistrationFactory(event=event, person=second)
    RegistrationFactory(event=event, person=third, waiting=True)
    with portal.visit() as page:
        portal.sign_in(page, "staff")
        page.goto(f"/administration/events/registration/?event__id__exact={event.pk}")
        page.locator("#result_list tbody tr", has_text=str(first)).get_by_role("checkbox").check()
        choose(page, "Annuler, avec un courriel")

        expect(page.get_by_text("Annuler ces inscriptions ?")).to_be_visible()
        chosen, others = (page.locator(".day-table").nth(rank) for rank in (0, 1))
        expect(chosen.locator("tbody tr")).to_have_count(1)
        expect(chosen).to_contain_text(str(first))
        expect(others).to_contain_text("Ce que cela change pour d’autres")
        expect(others.locator("tbody tr")).to_have_count(1)
        expect(others).to_contain_text(str(third))
        assert statuses(event)[str(first)] == REGISTERED, "nothing moves before the answer"
        page.get_by_role("button", name="Oui, faire ce changement").click()

        expect(page.get_by_text("1 inscription modifiée.")).to_be_visible()
        expect(page.get_by_text("1 personne sort de la liste d’attente.")).to_be_visible()
    assert statuses(event) == {
        str(first): RegistrationStatus.CANCELLED,
        str(second): REGISTERED,
        str(third): REGISTERED,
    }


def test_the_attendance_sheet_names_who_is_expected(portal: Portal):
    event = EventFactory(title="À émarger", place="Salle des fêtes")
    EventSessionFactory(event=event)
    expected, waiting = people(2)
    RegistrationFactory(event=event, person=expected)
    RegistrationFactory(event=event, person=waiting, waiting=True)
    with portal.visit() as page:
        portal.sign_in(page, "staff")
        page.goto(f"/administration/events/event/{event.pk}/change/")
        with page.expect_download() as download:
            page.get_by_role("link", name="Feuille d’émargement (PDF)").first.click()
        sheet = pypdf.PdfReader(io.BytesIO(download.value.path().read_bytes()))
        text = " ".join(sheet.pages[0].extract_text().split())
    assert "À émarger" in text
    assert f"{expected.last_name.upper()} {expected.first_name}" in text
    assert f"{waiting.last_name.upper()} {waiting.first_name}" not in text


def test_a_list_is_exported_as_a_workbook(portal: Portal):
    EventFactory(title="=1+1", department="53")
    with portal.visit() as page:
        portal.sign_in(page, "staff")
        page.goto("/administration/events/event/export/?q=1%2B1")
        page.locator("select").first.select_option(label="xlsx")
        with page.expect_download() as download:
            page.get_by_role("button", name="Envoyer").click()
        book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert any("1+1" in str(cell.value) for cell in cells)
    assert not any(cell.data_type == "f" for cell in cells), "a formula"


def test_an_import_shows_what_it_would_do_and_names_the_wrong_row(portal: Portal, tmp_path):
    header = "code,title,kind,theme,published_on,withdrawn_on,audience\n"
    good = tmp_path / "outils.csv"
    good.write_text(header + "O-NAV1,Outil importé,guide,aci,2023-11-01,,members\n")
    bad = tmp_path / "faux.csv"
    bad.write_text(header + "O-NAV2,Outil faux,guide,aci,2023-13-45,,members\n")
    with portal.visit() as page:
        portal.sign_in(page, "staff")
        send(page, bad)
        expect(page.get_by_text("la date « 2023-13-45 » n’existe pas.")).to_be_visible()
        send(page, good)
        expect(page.get_by_role("cell", name="Outil importé")).to_be_visible()
        assert not Tool.objects.filter(code__startswith="O-NAV").exists(), "only a preview"
        page.get_by_role("button", name="Confirmer l’importation").click()
        expect(page).to_have_url(re.compile("/administration/toolbox/tool/$"))
    assert [tool.title for tool in Tool.objects.filter(code__startswith="O-NAV")] == [
        "Outil importé"
    ]


def send(page: Page, file) -> None:
    page.goto("/administration/toolbox/tool/import/")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("select[name=format]").select_option(label="csv")
    page.get_by_role("button", name="Envoyer").click()
