"""Sheets of the admin: exported, corrected, imported back by the rules of the take-over."""

import csv
import io
from datetime import date
from decimal import Decimal
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from import_export.admin import ImportExportMixin
from tablib import Dataset

from apmsl.lib.imports import exports, files, formats, tables
from apmsl.lib.imports.formats import CSV, FORMATS, XLSX, Unreadable, harmless, restored
from apmsl.lib.imports.resource import SheetsMixin, resource_of
from members.models import Person, Team
from tests.members.factories import PersonFactory, TeamFactory

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
FORMULAS = st.builds("".join, st.tuples(st.text("'", max_size=2), st.sampled_from("=+-@"), TEXTS))


def _told(result) -> list[tuple[int, dict[str, list[str]]]]:
    return [
        (row.number, {k: [m.replace("\u00a0", " ") for m in v] for k, v in row.error_dict.items()})
        for row in result.invalid_rows
    ]


# -- formats ---------------------------------------------------------------------------------------
@given(st.one_of(TEXTS, FORMULAS))
def test_no_text_begins_as_a_formula_and_every_text_comes_back(text):
    assert not harmless(text).startswith(SIGNS)
    assert restored(harmless(text)) == text


@given(st.lists(st.tuples(FORMULAS, TEXTS), min_size=1, max_size=5))
def test_sheets_carry_no_formula_and_give_their_texts_back(rows):
    dataset = Dataset(*rows, headers=["=un", "deux"])
    for file_format in (XLSX(), CSV()):
        data = file_format.export_data(dataset)

        back = file_format.create_dataset(data)
        assert back.headers == ["=un", "deux"]
        assert [tuple(row) for row in back] == rows
        assert all(not cell.startswith(SIGNS) for row in _cells(file_format, data) for cell in row)


def _cells(file_format, data: bytes) -> list[list[str]]:
    if isinstance(file_format, CSV):
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return [[cell.value or "" for cell in row] for row in sheet.iter_rows()]


def test_a_csv_opens_as_it_should_in_a_french_spreadsheet():
    dataset = Dataset(
        ("Élodie; dite « Lo »", date(2023, 6, 30), Decimal("7.5"), -3, None, 47.25, "-3"),
        headers=["nom", "jour", "heures", "écart", "rien", "latitude", "texte"],
    )

    assert (
        CSV().export_data(dataset)
        == (
            "\ufeffnom;jour;heures;écart;rien;latitude;texte\r\n"
            '"Élodie; dite « Lo »";30/06/2023;7,5;-3;;47,25;\'-3\r\n'
        ).encode()
    )


def test_dates_and_numbers_of_a_workbook_are_dates_and_numbers():
    dataset = Dataset((date(2023, 6, 30), Decimal("7.5"), -3, "=1+1"), headers=["a", "b", "c", "d"])

    row = openpyxl.load_workbook(io.BytesIO(XLSX().export_data(dataset))).active[2]

    assert row[0].is_date
    assert row[0].number_format == "dd/mm/yyyy"
    assert [cell.value for cell in row[1:]] == [7.5, -3, "'=1+1"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Fichier vide\u00a0: la première ligne doit nommer les colonnes."),
        (
            "code;libellé\nkiné;Kinésithérapeute\n".encode("latin-1"),
            (
                "Ligne 1\u00a0: cette ligne n’est pas en UTF-8 (sans doute en Latin-1 ou Windows-1252)"
                "\u00a0: enregistrez le fichier en UTF-8."
            ),
        ),
        (
            b'a,b\n1,"' + b"2" * (files.CELL_LIMIT + 1),
            "CSV mal formé\u00a0: un guillemet ouvert n’est sans doute pas fermé.",
        ),
        (b"a,b\n1,2,3\n", "Ligne 2\u00a0: 3\u00a0valeurs au lieu de 2."),
    ],
)
def test_a_csv_that_cannot_be_read_says_why(data, reason):
    with pytest.raises(Unreadable) as refused:
        CSV().create_dataset(data)

    assert str(refused.value) == reason


def test_a_workbook_that_is_none_says_so():
    with pytest.raises(Unreadable, match="n’est pas un classeur XLSX"):
        XLSX().create_dataset(b"code,label\n")


def test_a_small_workbook_that_unfolds_without_end_is_left_closed(monkeypatch):
    workbook = io.BytesIO()
    with ZipFile(workbook, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    monkeypatch.setattr(formats, "LARGEST", 1_000_000)

    with pytest.raises(Unreadable, match="trop grand"):
        XLSX().create_dataset(workbook.getvalue())


# -- resources -------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("file_format", FORMATS)
def test_every_table_exported_comes_back_unchanged(folder, file_format):
    folder.take()
    for table in tables.tables():
        resource = resource_of(table.name)()

        sheet = file_format().export_data(resource.export())
        result = resource.import_data(file_format().create_dataset(sheet), dry_run=True)

        assert _told(result) == [], table.name
        assert result.totals["skip"] == table.model._default_manager.count(), table.name


def test_headings_are_different_in_every_table():
    for table in tables.tables():
        headings = [heading.casefold() for heading in exports.headers(table)]
        assert len(set(headings)) == len(headings), table.name


@pytest.mark.django_db
def test_a_preview_tells_what_is_new_changed_and_unchanged_and_writes_nothing(folder):
    folder.take()
    resource = resource_of("teams")()
    sheet = resource.export()
    rows = [list(row) for row in sheet]
    rows[0][sheet.headers.index("Nombre de sites")] = 7
    rows.append([*rows[1]])
    rows[-1][0] = "T9999"
    changed = Dataset(*rows, headers=sheet.headers)

    result = resource.import_data(changed, dry_run=True)

    assert dict(result.totals) == {
        "new": 1,
        "update": 1,
        "delete": 0,
        "skip": 4,
        "error": 0,
        "invalid": 0,
    }
    assert [row.import_type for row in result] == ["update", "new", "skip", "skip", "skip", "skip"]
    assert (
        result.rows[0].diff[sheet.headers.index("Nombre de sites")] == "<del>2</del> → <ins>7</ins>"
    )
    assert list(Team.objects.filter(sites=7)) == []
    assert not Team.objects.filter(code="T9999").exists()


@pytest.mark.django_db
def test_a_confirmed_import_writes_and_names_its_rows():
    team = TeamFactory(sites=2)
    resource = resource_of("teams")()
    sheet = resource.export()
    rows = [list(row) for row in sheet]
    rows[0][sheet.headers.index("Nombre de sites")] = 7

    result = resource.import_data(Dataset(*rows, headers=sheet.headers))

    team.refresh_from_db()
    assert team.sites == 7
    assert [(row.object_id, row.instance) for row in result] == [(team.pk, team)]


ROLES = (
    "coordinator, leader, manager, co_manager, project_holder, quality_referent ou"
    " trainee_supervisor"
)


@pytest.mark.django_db
def test_wrong_rows_of_a_sheet_are_told_as_those_of_a_file():
    TeamFactory(code="T1")
    PersonFactory(code="P1")
    sheet = Dataset(
        ("P1", "T1", "leader", "2023-02-30", "", "", "", "", ""),
        ("P1", "T9", "leader", "2023-02-01", "", "", "", "", ""),
        ("P1", "T1", "chef", "2023-02-01", "", "", "", "", ""),
        ("P1", "T1", "leader", "2023-02-01", "2022-02-01", "", "", "", ""),
        headers=[column.name for column in tables.table("positions").columns],
    )

    result = resource_of("positions")().import_data(sheet, dry_run=False)

    assert result.has_validation_errors()
    assert _told(result) == [
        (2, {"started_on": ["la date « 2023-02-30 » n’existe pas."]}),
        (3, {"team": ["« T9 » est un code inconnu (équipe)."]}),
        (4, {"role": [f"« chef » est inconnu : attendu {ROLES}."]}),
        (5, {"ended_on": ["La fin ne peut pas précéder le début."]}),
    ]
    assert not Person.objects.get(code="P1").positions.exists()


@pytest.mark.django_db
def test_headings_of_a_sheet_are_checked():
    result = resource_of("professions")().import_data(
        Dataset(("a", "b"), headers=["Code", "Couleur"]), dry_run=True
    )

    assert _told(result) == [
        (1, {"Couleur": ["colonne inconnue."], "Libellé": ["colonne absente."]}),
    ]


@pytest.mark.django_db
def test_an_export_costs_one_query_whatever_its_rows(folder, django_assert_num_queries):
    folder.take()

    with django_assert_num_queries(1):
        dataset = resource_of("registrations")().export()

    assert dataset.headers == [
        "Événement",
        "Événement (nom)",
        "Personne",
        "Personne (nom)",
        "Équipe à l’inscription",
        "Équipe à l’inscription (nom)",
        "État",
        "Inscription le",
    ]
    assert len(dataset) == len(folder.rows("registrations"))


# -- around them, in the admin ---------------------------------------------------------------------
class _TeamAdmin(SheetsMixin, ImportExportMixin, admin.ModelAdmin):
    resource_classes = (resource_of("teams"),)


def test_the_admin_offers_our_two_formats_and_names_its_files(rf):
    page = _TeamAdmin(Team, admin.site)

    assert page.get_import_formats() == page.get_export_formats() == [XLSX, CSV]
    assert page.get_export_filename(rf.get("/"), None, XLSX()).startswith("teams-2")


def test_the_admin_tells_why_a_file_cannot_be_read(rf):
    page = _TeamAdmin(Team, admin.site)
    upload = SimpleUploadedFile("équipes.csv", "é".encode("latin-1"))
    form = page.get_import_form_class(rf.get("/"))(
        page.get_import_formats(),
        page.resource_classes,
        data={"format": "1", "resource": ""},
        files={"import_file": upload},
    )
    assert form.is_valid()

    page.add_data_read_fail_error_to_form(form, Unreadable("Ligne 1 : illisible."))

    assert form.errors["import_file"] == ["Ligne 1\u00a0: illisible."]
