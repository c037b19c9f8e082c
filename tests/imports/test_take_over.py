import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from apmsl.lib.imports import tables
from apmsl.lib.imports.loading import Counts
from events.models import Event, Registration
from members.models import (
    Affiliation,
    Membership,
    Person,
    PersonEmail,
    Position,
    Scan,
    ScanForm,
    Team,
)
from network.models import GroupMeeting, PartnerAgreement
from toolbox.models import Loan, Theme, Tool, ToolMonth

pytestmark = pytest.mark.django_db

OURS = ("members", "toolbox", "events", "network", "training", "reports")


def _everything() -> dict[str, list[tuple]]:
    models = [m for app in OURS for m in apps.get_app_config(app).get_models()]
    return {m._meta.label: list(m._base_manager.order_by("pk").values_list()) for m in models}


def _history() -> int:
    models = [m for app in OURS for m in apps.get_app_config(app).get_models()]
    events = [m for m in models if m.__name__.endswith("Event") and hasattr(m, "pgh_tracked_model")]
    assert events
    return sum(model._base_manager.count() for model in events)


def _changes(report) -> dict[tuple[str, str], Counts]:
    return {key: c for key, c in report.counts.items() if c.created or c.updated}


def test_every_row_of_every_file_is_loaded(federation):
    call_command("import_dataset", str(federation), stdout=StringIO())

    for table in tables.tables():
        with (federation / table.file).open(encoding="utf-8", newline="") as lines:
            assert table.model._default_manager.count() == len(list(csv.DictReader(lines))), (
                table.name
            )


def test_a_second_run_changes_nothing_and_writes_no_history(folder):
    folder.take()
    before = _everything()

    report = folder.take()

    assert not report.problems
    assert _changes(report) == {}
    assert _history() == 0
    assert _everything() == before


def test_a_dry_run_counts_and_writes_nothing(folder):
    before = _everything()

    report = folder.take(dry_run=True)

    assert report.counts["teams", "équipe"] == Counts(created=5)
    assert _everything() == before


def test_a_change_updates_its_row_only_and_keeps_what_it_was(folder):
    folder.take()
    folder.change("teams", sites="7")
    folder.change("people", email="autre@exemple.test")

    report = folder.take()

    assert _changes(report) == {
        ("teams", "équipe"): Counts(updated=1, unchanged=4),
        ("people", "adresse électronique"): Counts(updated=1, unchanged=184),
    }
    assert Team.objects.get(code="T0001").sites == 7
    assert _history() == 1


def test_rows_that_a_later_folder_does_not_hold_stay(folder):
    folder.take()
    folder.write("teams", folder.rows("teams")[:2])
    for path in folder.path.glob("*.csv"):
        if path.stem != "teams":
            path.unlink()

    report = folder.take()

    assert not report.problems
    assert Team.objects.count() == 5


def test_codes_may_be_those_of_rows_that_the_portal_has(folder):
    folder.take()
    folder.file("professions").unlink()
    folder.file("people").unlink()

    assert folder.refusals() == []


def test_an_overlap_with_a_row_of_the_portal_is_told(folder):
    folder.take()
    line = folder.add("positions", started_on="2019-01-01")
    rows = folder.rows("positions")
    folder.write("positions", rows[-1:])

    assert line == 14
    assert folder.refusals() == [
        (
            "positions.csv, ligne 2, colonne ended_on : Cette personne tient déjà cette fonction dans "
            "cette équipe à ces dates."
        )
    ]


def test_a_post_may_end_in_the_portal_when_the_next_begins_in_the_file(folder):
    folder.take()
    folder.change("positions", ended_on="2023-05-01")
    folder.add("positions", started_on="2023-05-01", ended_on="")

    report = folder.take()

    assert not report.problems
    assert _changes(report) == {
        ("positions", "fonction"): Counts(created=1, updated=1, unchanged=11)
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_semicolons_and_byte_order_marks_are_accepted(folder, delimiter, encoding):
    for name in ("teams", "people", "memberships"):
        folder.write(name, folder.rows(name), delimiter=delimiter, encoding=encoding)

    report = folder.take()

    assert not report.problems
    assert Team.objects.get(code="T0005").name == "Pôle santé de Saint-Philbert-de-Grand-Lieu"


def test_columns_come_in_any_order_and_by_their_french_label(folder):
    rows = [{"Libellé": row["label"], "CODE ": row["code"]} for row in folder.rows("professions")]
    folder.write("professions", [{"Libellé": r["Libellé"], "Code": r["CODE "]} for r in rows])

    assert folder.refusals() == []


# -- where the columns go --------------------------------------------------------------------------
def test_people_get_their_address_and_where_they_practise(folder):
    folder.take()

    person = Person.objects.get(code="P00012")
    assert list(PersonEmail.objects.filter(person=person).values_list("address", "is_primary")) == [
        ("p00012@exemple.test", True)
    ]
    affiliation = Affiliation.objects.get(person=person)
    assert (affiliation.team.code, affiliation.started_on, affiliation.ended_on) == (
        "T0004",
        None,
        None,
    )


def test_a_second_address_is_not_taken_for_the_first(folder):
    folder.take()
    person = Person.objects.get(code="P00012")
    PersonEmail.objects.create(person=person, address="bis@exemple.test", is_primary=False)
    folder.change("people", folder.line_of("people", code="P00012"), email="bis@exemple.test")

    report = folder.take()

    assert not report.problems
    assert PersonEmail.objects.get(person=person, is_primary=True).address == "p00012@exemple.test"


def test_a_practice_that_the_portal_has_dated_stays_as_it_is(folder):
    folder.take()
    affiliation = Affiliation.objects.get(person__code="P00012")
    affiliation.started_on = date(2019, 1, 1)
    affiliation.save()

    report = folder.take()

    assert not report.problems
    assert Affiliation.objects.get(person__code="P00012").started_on == date(2019, 1, 1)


def test_amounts_become_cents(folder):
    folder.change("memberships", amount_eur="450.05")
    folder.take()

    assert Membership.objects.get(team__code="T0001", year=2022).amount_cents == 45_005


def test_the_yearly_form_has_its_questions_and_each_version_its_answers(folder):
    folder.take()

    form = ScanForm.objects.get(year=2023)
    keys = list(form.form_questions.order_by("rank").values_list("question__key", flat=True))
    assert keys == [
        "signatories",
        "patients",
        "headcount",
        "hosts_trainees",
        "prevention",
        "therapeutic_education",
        "protocols",
        "involves_users",
        "cpts_member",
    ]
    scan = Scan.objects.get(team__code="T0003", form=form)
    answers = scan.answers.order_by("question__key").values_list("question__key", "number", "yes")
    assert list(answers) == [
        ("cpts_member", None, False),
        ("hosts_trainees", None, True),
        ("involves_users", None, False),
        ("patients", 3482, None),
        ("prevention", None, True),
        ("protocols", None, True),
        ("signatories", 25, None),
        ("therapeutic_education", None, False),
    ]
    assert scan.headcounts.count() == len(
        [
            row
            for row in folder.rows("scan_headcounts")
            if (row["team"], row["submitted_on"]) == ("T0003", "2023-03-03")
        ]
    )


def test_an_answer_taken_back_leaves_no_row(folder):
    folder.take()
    folder.change("scans", patients="")

    report = folder.take()

    assert _changes(report) == {("scans", "réponse"): Counts(updated=1, unchanged=79)}
    assert not Scan.objects.get(team__code="T0003", form__year=2023).answers.filter(
        question__key="patients"
    )


def test_a_draft_has_no_date_and_stays_one_draft(folder):
    folder.add("scans", submitted_on="", team="T0002")
    folder.take()

    report = folder.take()

    assert _changes(report) == {}
    assert Scan.objects.filter(submitted_on=None).count() == 1


def test_an_event_has_its_theme_audiences_and_group(folder):
    folder.change(
        "events", audience="local_group", local_group="44-est", theme="soins-non-programmes"
    )
    folder.change("events", 3, audience="coordinators_leaders", theme="demarche-qualite")
    folder.take()

    event = Event.objects.get(code="E00001")
    assert event.audiences == ["local_group:44-est"]
    assert event.group_meeting.group.code == "44-est"
    assert event.theme.label == "Soins non programmes"
    assert Event.objects.get(code="E00002").audiences == ["coordinators", "leaders"]
    assert Theme.objects.get(code="demarche-qualite").label == "Démarche qualité"


def test_an_event_that_leaves_its_group_is_no_longer_a_meeting_of_it(folder):
    folder.change("events", local_group="44-est")
    folder.take()
    folder.change("events", local_group="")

    report = folder.take()

    assert not report.problems
    assert not GroupMeeting.objects.exists()


def test_a_registration_queues_from_the_day_it_was_made_and_keeps_its_place(folder):
    folder.take()
    registration = Registration.objects.get(event__code="E00002", person__code="P00124")
    assert registration.queued_at == datetime(2022, 12, 13, 23, tzinfo=UTC)  # midnight in Paris
    registration.queued_at = datetime(2022, 12, 20, tzinfo=UTC)
    registration.save()

    report = folder.take()

    assert _changes(report) == {}
    registration.refresh_from_db()
    assert registration.queued_at == datetime(2022, 12, 20, tzinfo=UTC)


def test_views_are_counted_by_the_first_day_of_the_month_and_tools_by_audience(folder):
    folder.take()

    row = folder.rows("tool_views")[0]
    month = ToolMonth.objects.get(tool__code=row["tool"], month=date(2023, 1, 1))
    assert (row["month"], month.views) == ("2023-01", int(row["views"]))
    assert {tuple(a) for a in Tool.objects.values_list("audiences", flat=True)} == {
        ("members",),
        ("public",),
    }


def test_a_partner_without_a_known_agreement_has_none(folder):
    folder.change("partners", agreement_from="", agreement_until="")
    folder.take()

    assert not PartnerAgreement.objects.filter(partner__code="R1").exists()
    assert PartnerAgreement.objects.filter(partner__code="R2").count() == 1


def test_hours_and_network_dates_reach_the_post(folder):
    folder.take()

    post = Position.objects.get(person__code="P00012")
    assert (str(post.monthly_hours), post.network_joined_on) == ("7.5", date(2022, 1, 8))


def test_two_loans_that_exchange_their_days_are_refused_whole(folder):
    """The database refuses the first before the second has moved: the message is still ours."""
    folder.change("loans", status="approved", starts_on="2024-02-01", ends_on="2024-02-10")
    folder.add("loans", code="L2", starts_on="2024-03-01", ends_on="2024-03-10")
    folder.take()
    assert set(Loan.objects.values_list("copy", flat=True)) == {1}
    folder.change("loans", 2, starts_on="2024-03-01", ends_on="2024-03-10")
    folder.change("loans", 3, starts_on="2024-02-01", ends_on="2024-02-10")
    folder.change("teams", sites="7")

    assert folder.refusals() == [
        (
            "loans.csv : Cet exemplaire est déjà prêté à ces dates. Une fiche a changé dans le portail "
            "pendant l’import, ou deux lignes échangent leurs dates : recommencez, en deux fois s’il le "
            "faut."
        )
    ]
    assert not Team.objects.filter(sites=7).exists()
