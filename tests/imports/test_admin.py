"""The two steps of an import in the admin, and its export, as the staff does them."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apmsl.lib.imports.formats import XLSX
from apmsl.lib.imports.resource import resource_of
from members.models import Position
from tests import roles
from tests.members.factories import PositionFactory, TeamFactory

pytestmark = pytest.mark.django_db
XLSX_FORMAT, CSV_FORMAT = "0", "1"


@pytest.fixture
def staff(client):
    client.force_login(roles.staff())
    return client


def _sheet(table: str = "teams", **cells) -> bytes:
    dataset = resource_of(table)().export()
    row = dict(zip(dataset.headers, dataset[0], strict=True)) | cells
    dataset.wipe()
    dataset.headers = list(row)
    dataset.append(list(row.values()))
    return XLSX().export_data(dataset)


def _preview(
    client, data: bytes, name: str = "sheet.xlsx", chosen: str = XLSX_FORMAT, model="team"
):
    upload = SimpleUploadedFile(name, data)
    form = {"import_file": upload, "format": chosen, "resource": ""}
    return client.post(reverse(f"admin:members_{model}_import"), form)


def test_the_staff_sees_what_an_import_would_do_then_confirms_it(staff):
    team = TeamFactory(sites=2)

    preview = _preview(staff, _sheet(**{"Nombre de sites": 7}))

    assert "<del>2</del> → <ins>7</ins>" in preview.content.decode()
    team.refresh_from_db()
    assert team.sites == 2

    fields = preview.context["confirm_form"].initial
    done = staff.post(reverse("admin:members_team_process_import"), fields, follow=True)

    team.refresh_from_db()
    assert team.sites == 7
    assert [re.sub(r"\s", " ", str(m)) for m in done.context["messages"]] == [
        "Import terminé : 0 création, 1 modification, 0 sans changement."
    ]


def test_wrong_rows_are_shown_and_cannot_be_confirmed(staff):
    TeamFactory()

    preview = _preview(staff, _sheet(**{"Nombre de sites": 0}))

    assert "confirm_form" not in preview.context
    assert "Une équipe a au moins un site." in preview.content.decode()


def test_what_has_become_wrong_since_the_preview_is_not_imported(staff):
    team = TeamFactory(sites=2)
    position = PositionFactory(team=team)
    fields = _preview(staff, _sheet("positions"), model="position").context["confirm_form"].initial
    position.delete()
    PositionFactory(person=position.person, team=team, started_on=date(2000, 1, 1))

    done = staff.post(reverse("admin:members_position_process_import"), fields, follow=True)

    assert [re.sub(r"\s", " ", str(m)) for m in done.context["messages"]] == [
        "Rien n’a été importé : 1 erreur. Recommencez l’import."
    ]
    assert not Position.objects.filter(started_on=position.started_on).exists()


def test_a_file_that_cannot_be_read_is_told_in_french(staff):
    page = _preview(staff, "Équipe\n".encode("latin-1"), "sheet.csv", CSV_FORMAT)

    assert page.context["form"].errors["import_file"] == [
        (
            "Ligne 1\u00a0: cette ligne n’est pas en UTF-8 (sans doute en Latin-1 ou Windows-1252)"
            "\u00a0: enregistrez le fichier en UTF-8."
        )
    ]


def test_the_staff_exports_the_list_it_sees(staff):
    TeamFactory(name="=Maison", department="44")
    TeamFactory(department="85")

    response = staff.post(
        reverse("admin:members_team_export") + "?department__exact=44",
        {"format": XLSX_FORMAT, "resource": ""},
    )

    assert response["Content-Type"] == XLSX.CONTENT_TYPE
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["'=Maison"]
