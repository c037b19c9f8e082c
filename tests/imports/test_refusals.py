"""Every bad input gives its message, with the file, the line and the column, and loads nothing."""

import pytest
from django.core.management import CommandError, call_command

from apmsl.lib.imports import pipeline
from members.models import Team
from toolbox.models import Loan

pytestmark = pytest.mark.django_db


def _refused(folder, *expected: str) -> None:
    assert folder.refusals() == list(expected)
    assert not Team.objects.exists()


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        (
            "memberships",
            {"team": "T9999"},
            "colonne team : « T9999 » est un code inconnu (équipe).",
        ),
        (
            "people",
            {"profession": "sorcier"},
            "colonne profession : « sorcier » est un code inconnu (profession).",
        ),
        (
            "events",
            {"local_group": "nulle-part"},
            "colonne local_group : « nulle-part » est un code inconnu (groupe local).",
        ),
        (
            "teams",
            {"constituted_on": "2023-02-30"},
            "colonne constituted_on : la date « 2023-02-30 » n’existe pas.",
        ),
        (
            "teams",
            {"closed_on": "2001-01-01"},
            "colonne closed_on : Une équipe ne ferme pas avant d’être constituée.",
        ),
        (
            "positions",
            {"ended_on": "2001-01-01"},
            "colonne ended_on : La fin ne peut pas précéder le début.",
        ),
        (
            "events",
            {"ends_on": "2001-01-01"},
            "colonne ends_on : La fin ne peut pas précéder le début.",
        ),
        (
            "teams",
            {"sites": "0"},
            "colonne sites : Une équipe a au moins un site.",
        ),
        (
            "teams",
            {"sites": "40000"},
            "colonne sites : 40 000 est hors limites : de 0 à 32 767.",
        ),
        (
            "positions",
            {"monthly_hours": "251"},
            "colonne monthly_hours : Les heures par mois vont de 0 à 250.",
        ),
        (
            "teams",
            {"name": "x" * 151},
            "colonne name : texte trop long : 151 caractères, 150 au plus.",
        ),
        (
            "teams",
            {"kind": "mps"},
            "colonne kind : « mps » est inconnu : attendu msp ou esp_clap.",
        ),
        (
            "teams",
            {"department": "75"},
            "colonne department : « 75 » est inconnu : attendu 44, 49, 53, 72 ou 85.",
        ),
        (
            "people",
            {"self_employed": "oui"},
            "colonne self_employed : « oui » n’est ni 0 (non) ni 1 (oui).",
        ),
        (
            "memberships",
            {"person": "P00012"},
            "colonne person : Une adhésion est celle d’une équipe ou d’une personne.",
        ),
        (
            "memberships",
            {"team": ""},
            "colonne person : Une adhésion est celle d’une équipe ou d’une personne.",
        ),
        (
            "memberships",
            {"paid_on": ""},
            "colonne paid_on : La date de paiement va avec une adhésion payée.",
        ),
        (
            "memberships",
            {"amount_eur": "450.005"},
            "colonne amount_eur : « 450.005 » a trop de décimales : 2 décimales au plus.",
        ),
        (
            "teams",
            {"postcode": "4416"},
            "colonne postcode : Le code postal compte cinq chiffres.",
        ),
        (
            "teams",
            {"longitude": ""},
            "colonne longitude : Donnez la latitude et la longitude, ou ni l’une ni l’autre.",
        ),
        (
            "tool_views",
            {"month": "2023-13"},
            "colonne month : la date « 2023-13 » n’existe pas.",
        ),
        (
            "attendances",
            {"session": "9"},
            "colonne session : rien de tel dans event_sessions.csv : event « E00002 », session « 9 ».",
        ),
        (
            "scan_headcounts",
            {"submitted_on": "2023-07-07"},
            (
                "colonne submitted_on : rien de tel dans scans.csv : team « T0003 », year « 2023 », "
                "submitted_on « 2023-07-07 »."
            ),
        ),
        (
            "events",
            {"audience": "local_group"},
            "colonne local_group : un événement réservé à un groupe local nomme ce groupe.",
        ),
        (
            "newsletters",
            {"opened": "100000"},
            "colonne opened : Une lettre ne peut être ouverte plus de fois que reçue.",
        ),
        ("people", {"last_name": ""}, "colonne last_name : valeur manquante."),
        (
            "people",
            {"email": "nulle part"},
            "colonne email : « nulle part » n’est pas une adresse électronique.",
        ),
    ],
)
def test_a_wrong_cell_is_told(folder, name, cells, expected):
    folder.change(name, **cells)

    _refused(folder, f"{name}.csv, ligne 2, {expected}")


@pytest.mark.parametrize(
    ("name", "line", "cells", "expected"),
    [
        (
            "positions",
            2,
            {"started_on": "2020-01-01"},
            (
                "colonne ended_on : Cette personne tient déjà cette fonction dans cette équipe à ces "
                "dates (voir la ligne 2)."
            ),
        ),
        (
            "local_group_teams",
            2,
            {"group": "53", "joined_on": "2023-01-01"},
            (
                "colonne left_on : Cette équipe est déjà dans un groupe local à ces dates "
                "(voir la ligne 2)."
            ),
        ),
        (
            "mandates",
            2,
            {"started_on": "2023-01-01"},
            "colonne ended_on : Cette personne tient déjà ce mandat à ces dates (voir la ligne 2).",
        ),
        (
            "board_terms",
            2,
            {"started_on": "2023-01-01", "role": "treasurer"},
            "colonne ended_on : Cette personne siège déjà au conseil à ces dates (voir la ligne 2).",
        ),
        (
            "staff",
            2,
            {"started_on": "2023-01-01"},
            "colonne ended_on : Cette personne est déjà salariée à ces dates (voir la ligne 2).",
        ),
        (
            "cohorts",
            2,
            {"code": "pacte-3-bis"},
            (
                "colonne number : Ce numéro de promotion est déjà pris dans ce programme "
                "(voir la ligne 2)."
            ),
        ),
        ("teams", 2, {"name": "Autre"}, "colonne code : doublon de la ligne 2 : même code."),
        (
            "registrations",
            2,
            {"status": "cancelled"},
            "colonne person : doublon de la ligne 2 : même event et person.",
        ),
        (
            "memberships",
            2,
            {"status": "cancelled"},
            "colonne person : doublon de la ligne 2 : même year, team et person.",
        ),
        (
            "scans",
            2,
            {"patients": "1"},
            "colonne submitted_on : doublon de la ligne 2 : même team, year et submitted_on.",
        ),
    ],
)
def test_two_rows_that_cannot_stand_together_are_told(folder, name, line, cells, expected):
    last = folder.add(name, line, **cells)

    _refused(folder, f"{name}.csv, ligne {last}, {expected}")


def test_periods_that_touch_do_not_overlap(folder):
    folder.change("staff", ended_on="2023-05-01")
    folder.add("staff", started_on="2023-05-01", ended_on="")

    assert folder.refusals() == []


def test_more_loans_at_a_time_than_copies_are_told(folder):
    """Two bicycles: the third team that is promised one at the same time gets none."""
    folder.change("loans", status="approved")
    last = folder.add(
        "loans", code="L2", status="out", starts_on="2024-02-16", ends_on="2024-03-01"
    )
    folder.add("loans", code="L3", status="approved", ends_on="2024-02-20")

    _refused(
        folder,
        f"loans.csv, ligne {last}, colonne starts_on : les 2 exemplaires sont déjà prêtés à ces dates.",
    )


def test_loans_get_the_copies_that_are_free_on_their_days(folder):
    folder.change("loans", status="approved")
    folder.add("loans", code="L2", status="out", starts_on="2024-02-16", ends_on="2024-03-01")
    folder.add("loans", code="L3", status="approved", starts_on="2024-02-17", ends_on="2024-03-01")

    assert folder.refusals() == []
    assert dict(Loan.objects.values_list("code", "copy")) == {"L00010": 1, "L2": 2, "L3": 1}


def test_every_wrong_row_of_every_file_is_told_in_one_run(folder):
    folder.change("teams", 3, sites="deux")
    folder.change("memberships", 2, year="1999", status="promise")
    folder.change("staff", 4, person="P99999")

    _refused(
        folder,
        "memberships.csv, ligne 2, colonne status : « promise » est inconnu : attendu "
        "expected, called, paid, declined ou cancelled.",
        "staff.csv, ligne 4, colonne person : « P99999 » est un code inconnu (personne).",
        "teams.csv, ligne 3, colonne sites : « deux » n’est pas un nombre entier.",
    )


def test_rows_that_refer_to_a_wrong_row_are_not_told_wrong(folder):
    folder.change("teams", sites="deux")

    _refused(folder, "teams.csv, ligne 2, colonne sites : « deux » n’est pas un nombre entier.")


# -- files -----------------------------------------------------------------------------------------
def test_a_file_in_latin_1_is_told_with_its_first_wrong_line(folder):
    text = folder.file("people").read_text("utf-8")
    lines = text.splitlines(keepends=True)
    folder.file("people").write_bytes(
        "".join(lines[:3]).encode() + "P9,Zoé,Évain,,infirmier,,0\r\n".encode("latin-1")
    )

    _refused(
        folder,
        "people.csv, ligne 4 : cette ligne n’est pas en UTF-8 (sans doute en Latin-1 ou "
        "Windows-1252) : enregistrez le fichier en UTF-8.",
    )


def test_a_missing_column_is_told(folder):
    rows = [{k: v for k, v in row.items() if k != "city"} for row in folder.rows("teams")]
    folder.write("teams", rows)

    _refused(folder, "teams.csv, ligne 1, colonne city : colonne absente.")


def test_an_unknown_column_is_told(folder):
    folder.write("teams", [row | {"couleur": "bleu"} for row in folder.rows("teams")])

    _refused(folder, "teams.csv, ligne 1, colonne couleur : colonne inconnue.")


def test_a_column_given_twice_is_told(folder):
    text = folder.file("professions").read_text("utf-8")
    folder.file("professions").write_text(text.replace("code,label", "code,code", 1), "utf-8")

    _refused(
        folder,
        "professions.csv, ligne 1, colonne code : colonne présente deux fois.",
        "professions.csv, ligne 1, colonne label : colonne absente.",
    )


def test_an_empty_file_is_told(folder):
    folder.file("teams").write_text("")

    _refused(folder, "teams.csv : fichier vide : la première ligne doit nommer les colonnes.")


def test_a_file_of_headings_alone_holds_no_row(folder):
    header = folder.file("articles").read_text("utf-8").splitlines()[0]
    folder.file("articles").write_text(header + "\n", "utf-8")

    assert folder.refusals() == []


def test_rows_with_too_many_or_too_few_values_are_told(folder):
    with folder.file("professions").open("a", encoding="utf-8") as lines:
        lines.write("a,b,c\na\n\n,\n")

    _refused(
        folder,
        "professions.csv, ligne 18 : 3 valeurs au lieu de 2.",
        "professions.csv, ligne 19 : 1 valeur au lieu de 2.",
    )


def test_a_cell_on_two_lines_does_not_shift_the_lines_told(folder):
    folder.change("newsletters", 2, subject="Une lettre\nsur deux lignes")
    folder.change("newsletters", 3, kind="inconnue")

    _refused(
        folder,
        "newsletters.csv, ligne 4, colonne kind : « inconnue » est inconnu : attendu members, "
        "special ou public.",
    )


def test_a_missing_file_that_others_refer_to_gives_unknown_codes(folder):
    folder.file("professions").unlink()
    for name in ("scan_headcounts", "first_contacts"):
        folder.file(name).unlink()
    folder.write("people", folder.rows("people")[:1])
    for path in folder.path.glob("*.csv"):
        if path.stem not in ("people", "teams"):
            path.unlink()

    _refused(
        folder,
        "people.csv, ligne 2, colonne profession : « medecin-generaliste » est un code inconnu "
        "(profession).",
    )


def test_a_file_of_an_unknown_name_is_told(folder):
    folder.file("equipes").write_text("code\n")

    _refused(folder, "equipes.csv : aucune table ne porte ce nom.")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"year": "2023"}', '{"year": true}', '{"year": 23}']
)
def test_a_broken_description_is_told(folder, content):
    (folder.path / "dataset.json").write_text(content)

    _refused(
        folder,
        "dataset.json : illisible : sa clé year doit donner une année de 2000 à 2100.",
    )


def test_a_missing_description_is_told(folder):
    (folder.path / "dataset.json").unlink()

    _refused(folder, "dataset.json : fichier absent : sa clé year donne l’année du rapport.")


def test_a_path_that_is_no_folder_is_refused(folder, tmp_path):
    with pytest.raises(pipeline.NothingToImport, match="n’est pas un dossier"):
        pipeline.run(tmp_path / "nowhere")
    with pytest.raises(pipeline.NothingToImport, match="n’est pas un dossier"):
        pipeline.run(folder.file("teams"))


def test_a_folder_without_any_table_is_refused(tmp_path):
    (tmp_path / "dataset.json").write_text('{"year": 2023}')

    with pytest.raises(pipeline.NothingToImport, match="ne contient aucune table"):
        pipeline.run(tmp_path)


def test_a_file_that_is_wrong_from_end_to_end_is_counted_and_told_in_part(folder):
    rows = [{"year": "2023", "key": f"k{n}", "value": "x", "as_of": ""} for n in range(450)]
    folder.write("external_figures", rows)

    problems = folder.take().problems

    assert len(problems) == 450
    assert len(list(problems)) == 200
    assert problems.left_out == 250


def test_what_is_planned_for_a_figure_that_does_not_exist_is_refused(folder):
    row = {"year": "2023", "value": "9", "as_of": ""}
    folder.write("external_figures", [row | {"key": f"cpom_{name}"} for name in ("teams", "team")])

    (problem,) = folder.take().problems

    assert str(problem) == (
        "external_figures.csv, ligne 3, colonne key\u00a0: aucun chiffre n’a le code "
        "«\u00a0team\u00a0»."
    )


def test_unknown_codes_are_all_counted(folder):
    row = folder.rows("representation_meetings")[0]
    rows = [row | {"code": f"M{n}", "person": f"X{n}"} for n in range(450)]
    folder.write("representation_meetings", rows)

    problems = folder.take().problems

    assert len(problems) == 450
    assert problems.left_out == 250


# -- the command -----------------------------------------------------------------------------------
def test_the_command_tells_each_problem_and_fails(folder, capsys):
    folder.change("teams", sites="deux")

    with pytest.raises(CommandError) as failure:
        call_command("import_dataset", str(folder.path))

    assert failure.value.returncode == 1
    assert str(failure.value) == "1\u00a0erreur\u00a0: rien n’a été chargé."
    assert capsys.readouterr().err == (
        "teams.csv, ligne 2, colonne sites\u00a0: «\u00a0deux\u00a0» n’est pas un nombre entier.\n"
    )


def test_the_command_says_how_many_problems_it_leaves_out(folder, capsys):
    rows = [{"year": "2023", "key": f"k{n}", "value": "x", "as_of": ""} for n in range(201)]
    folder.write("external_figures", rows)

    with pytest.raises(CommandError) as failure:
        call_command("import_dataset", str(folder.path))

    assert len(capsys.readouterr().err.splitlines()) == 200
    assert str(failure.value) == (
        "201\u00a0erreurs\u00a0: rien n’a été chargé. Les 200 premières sont détaillées."
    )


def test_the_command_refuses_what_is_no_folder(tmp_path):
    with pytest.raises(CommandError, match="n’est pas un dossier"):
        call_command("import_dataset", str(tmp_path / "nowhere"))
