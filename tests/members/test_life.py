"""The life of a team: its facts, its numbers, what the staff has to follow."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from apmsl.lib.dates import today
from apmsl.lib.identifiers import compacted, finess_key_holds, validate_siret
from members.enums import CommitteeOutcome, FactKind, TeamKind
from members.models import Position, Team, Threshold
from members.models.attention import WORK_LISTS, years_from
from members.services import life
from tests import roles
from tests.events.factories import RegistrationFactory
from tests.members.factories import (
    AccompanimentFactory,
    AccompanimentTeamFactory,
    AffiliationFactory,
    FirstContactFactory,
    PositionFactory,
    ProfessionFactory,
    ScanFactory,
    ScanFormFactory,
    SiteFactory,
    TeamFactFactory,
    TeamFactory,
    ThresholdFactory,
    WelcomeDoneFactory,
    WelcomeStepFactory,
)

PDF = b"%PDF-1.7\n%%EOF\n"
pytestmark = pytest.mark.django_db


def ago(days):
    return today() - timedelta(days=days)


# -- what the database refuses ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("constraint", "make"),
    [
        ("teamfact_day_plausible", lambda: TeamFactFactory(happened_on=date(1890, 1, 1))),
        ("teamfact_other_team_when_two", lambda: TeamFactFactory(kind=FactKind.MERGER)),
        ("teamfact_other_team_when_two", lambda: TeamFactFactory(other_team=TeamFactory())),
        ("teamfact_other_is_told", lambda: TeamFactFactory(kind=FactKind.OTHER)),
        ("site_postcode_shape", lambda: SiteFactory(postcode="4400")),
        ("site_insee_code_shape", lambda: SiteFactory(insee_code="4410")),
        ("site_point_whole_or_absent", lambda: SiteFactory(latitude=47.0)),
        ("team_siret_shape", lambda: TeamFactory(siret="123")),
        ("team_finess_shape", lambda: TeamFactory(finess="44000000X")),
        ("threshold_at_least_one", lambda: ThresholdFactory(value=0)),
        ("firstcontact_date_needs_action", lambda: FirstContactFactory(next_action_on=today())),
        ("accompaniment_date_needs_action", lambda: AccompanimentFactory(next_action_on=today())),
    ],
)
def test_the_database_refuses_what_makes_no_sense(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


@pytest.mark.parametrize(
    ("constraint", "factory", "fields"),
    [
        ("teamfact_once_a_day", TeamFactFactory, ("team", "kind", "happened_on")),
        ("site_one_per_name", SiteFactory, ("team", "label")),
        ("threshold_one_a_day", ThresholdFactory, ("key", "applies_from")),
        ("welcomestep_one_per_label", WelcomeStepFactory, ("label",)),
        ("welcomedone_once", WelcomeDoneFactory, ("position", "step")),
    ],
)
def test_the_same_is_not_noted_twice(constraint, factory, fields):
    first = factory()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factory(**{field: getattr(first, field) for field in fields})


def test_a_team_does_not_merge_with_itself():
    team = TeamFactory()

    with pytest.raises(IntegrityError, match="teamfact_not_with_itself"), transaction.atomic():
        TeamFactFactory(team=team, kind=FactKind.MERGER, other_team=team)


# -- official numbers ------------------------------------------------------------------------------
def test_a_siret_is_checked_by_its_key():
    validate_siret("73282932000074")

    for wrong, said in (("73282932000075", "clé"), ("7328293200007", "quatorze")):
        with pytest.raises(ValidationError, match=said):
            validate_siret(wrong)
    assert compacted(" 732 829 320\u00a000074 ") == "73282932000074"


def test_the_key_of_a_finess_holds_or_not():
    assert finess_key_holds("440000289")
    assert not finess_key_holds("440000288")


# -- the timeline ----------------------------------------------------------------------------------
def told(client, team):
    timeline = client.get(team.get_absolute_url()).context["timeline"]
    return [(moment.day, moment.text) for moment in timeline]


def test_the_timeline_merges_what_is_kept_in_several_places(client):
    team = TeamFactory(member=True, constituted_on=ago(700), aci_signed_on=ago(500))
    accompaniment = AccompanimentFactory(started_on=ago(900))
    AccompanimentTeamFactory(
        accompaniment=accompaniment,
        team=team,
        committee_on=ago(750),
        outcome=CommitteeOutcome.DEFERRED,
    )
    FirstContactFactory(team=team, received_on=ago(1000))
    TeamFactFactory(team=team, kind=FactKind.VISIT, happened_on=ago(950))
    TeamFactFactory(team=team, kind=FactKind.ACI, happened_on=ago(500), note="Signé à Nantes")
    TeamFactFactory(team=team, kind=FactKind.VISIT, happened_on=today() + timedelta(9))
    client.force_login(roles.coordinator(team))

    assert [text for _, text in told(client, team)] == [
        "Signature de l’ACI",
        "Constitution de l’équipe",
        "Passage en CATS : ajournée",
        "Début d’accompagnement : Écriture du projet de santé",
        "Visite",
        "Premier contact",
    ]
    assert "Signé à Nantes" in client.get(team.get_absolute_url()).content.decode()


def test_other_members_read_the_milestones_alone_without_their_notes(client):
    team = TeamFactory(member=True)
    TeamFactFactory(team=team, kind=FactKind.VISIT, note="Visite difficile")
    TeamFactFactory(team=team, kind=FactKind.SISA, note="Statuts déposés")
    client.force_login(roles.member())

    page = client.get(team.get_absolute_url()).content.decode()

    assert "Création de la SISA" in page
    assert "Visite" not in page
    assert "Statuts déposés" not in page


def test_a_merger_is_a_fact_of_both_teams(client):
    gone, stays = TeamFactory(name="MSP du Nord"), TeamFactory(name="MSP du Sud")
    fact = TeamFactFactory(team=gone, kind=FactKind.MERGER, other_team=stays)
    client.force_login(roles.staff())

    assert (fact.happened_on, "Fusion avec MSP du Nord") in told(client, stays)
    assert (fact.happened_on, "Fusion avec MSP du Sud") in told(client, gone)


@pytest.mark.parametrize("name", ["staff", "director", "member of the team"])
def test_a_document_is_for_the_staff_and_the_team(client, name):
    team = TeamFactory(member=True)
    fact = TeamFactFactory(team=team, document=ContentFile(PDF, "visite.pdf"))
    client.force_login(roles.ROLES.get(name, lambda: roles.member(team))())

    response = client.get(reverse("members:fact_document", args=[fact.pk]))

    assert b"".join(response.streaming_content) == PDF
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize("name", ["member", "coordinator", "board", "unlinked"])
def test_a_document_does_not_exist_for_others(client, name):
    fact = TeamFactFactory(document=ContentFile(PDF, "visite.pdf"))
    client.force_login(roles.ROLES[name]())

    assert client.get(reverse("members:fact_document", args=[fact.pk])).status_code == 404


def test_a_team_with_three_facts_and_sites_costs_what_one_costs(client, record_queries):
    team = TeamFactory(member=True)
    client.force_login(roles.member(team))
    for factory in (TeamFactFactory, SiteFactory):
        factory(team=team)
    client.get(team.get_absolute_url())
    with record_queries() as for_one:
        client.get(team.get_absolute_url())
    for days in (1, 2):
        TeamFactFactory(team=team, happened_on=ago(days))
        TeamFactFactory(
            team=team, kind=FactKind.MERGER, happened_on=ago(days), other_team=TeamFactory()
        )
        SiteFactory(team=team)

    with record_queries() as for_three:
        client.get(team.get_absolute_url())

    assert for_three == for_one


def test_structure_and_sites_are_on_the_page_of_the_team(client):
    team = TeamFactory(
        member=True,
        legal_form="sisa",
        siret="73282932000074",
        cpts="CPTS du Vignoble",
        information_system="Dossier partagé",
        system_editor="Éditeur Un",
    )
    SiteFactory(team=team, label="Site du Port", address="2 quai Neuf")
    client.force_login(roles.member())

    page = client.get(team.get_absolute_url()).content.decode()

    for text in ("SISA", "732 829 320 00074", "CPTS du Vignoble", "Éditeur Un", "2 quai Neuf"):
        assert text in page, text


def test_a_team_is_found_by_its_numbers_and_its_cpts(client):
    client.force_login(roles.member())
    team = TeamFactory(name="Trouvée", siret="73282932000074", finess="440000289", cpts="Vignoble")

    for search in ("73282932000074", "440000289", "vignoble"):
        response = client.get(reverse("members:teams"), {"search": search})
        assert list(response.context["page"].object_list) == [team], search


# -- in the admin ----------------------------------------------------------------------------------
def save(client, team, **changes):
    url = reverse("admin:members_team_change", args=[team.pk])
    page = client.get(url)
    form = page.context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields} | changes
    for formset in page.context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        data = {f"{prefix}-{key}_FORMS": 0 for key in ("TOTAL", "INITIAL")} | data
    return client.post(url, data, follow=True)


def test_a_wrong_siret_is_refused_beside_its_field_and_spaces_do_not_matter(client):
    client.force_login(roles.staff())
    team = TeamFactory()

    refused = save(client, team, siret="732 829 320 00075")
    assert "siret" in refused.context["adminform"].form.errors

    save(client, team, siret="732 829 320 00074")
    team.refresh_from_db()
    assert team.siret == "73282932000074"


def test_a_finess_whose_key_is_wrong_is_kept_with_a_warning(client):
    client.force_login(roles.staff())
    team = TeamFactory()

    response = save(client, team, finess="44 000 028 8")

    team.refresh_from_db()
    assert team.finess == "440000288"
    assert any("la clé ne correspond pas" in str(said) for said in response.context["messages"])


def test_a_fact_is_noted_with_its_document_and_a_false_one_is_refused(client):
    client.force_login(roles.staff())
    team = TeamFactory()

    def note(content):
        row = {"facts-TOTAL_FORMS": 1, "facts-0-kind": "visit", "facts-0-happened_on": "2023-05-04"}
        document = SimpleUploadedFile("visite.pdf", content)
        return save(client, team, **row, **{"facts-0-document": document})

    note(b"MZ program")
    assert not team.facts.exists()
    note(PDF)
    assert team.facts.get().filename == "Visite 2023-05-04.pdf"


# -- ESP CLAP --------------------------------------------------------------------------------------
@pytest.fixture
def thresholds():
    Threshold.objects.all().delete()
    for key, value in (("clap_doctors", 4), ("clap_writing_year", 5), ("clap_notice_days", 180)):
        ThresholdFactory(key=key, value=value, applies_from=date(2020, 1, 1))


def clap(**fields):
    return TeamFactory(kind=TeamKind.ESP_CLAP, aci_signed_on=None, **fields)


def practise(team, doctors):
    doctor = ProfessionFactory(code="medecin-generaliste")
    for _ in range(doctors):
        AffiliationFactory(team=team, person__profession=doctor)


ON = date(2023, 6, 1)


@pytest.mark.parametrize(
    ("begun", "title"),
    [
        (date(2021, 6, 1), None),
        (date(2019, 11, 29), None),  # one day too early to be warned
        (date(2019, 11, 28), "L’année d’écriture du projet de MSP approche"),
        (date(2019, 6, 1), "C’est l’année d’écriture du projet de MSP"),
        (date(2018, 6, 1), "La durée de l’ESP CLAP est dépassée"),
    ],
)
def test_an_esp_clap_is_warned_before_its_year_of_writing(thresholds, begun, title):
    team = clap(constituted_on=begun)

    assert [alert.title for alert in life.alerts(team, ON)] == ([title] if title else [])
    assert Team.objects.clap_to_follow(ON).contains(team) == bool(title)


@pytest.mark.parametrize(("doctors", "warned"), [(3, False), (4, True)])
def test_an_esp_clap_with_as_many_doctors_as_an_msp_is_warned(thresholds, doctors, warned):
    team = clap(constituted_on=ON)
    ProfessionFactory(code="medecin-generaliste") if doctors == 0 else practise(team, doctors)

    assert bool(life.alerts(team, today())) == warned
    assert Team.objects.clap_to_follow(ON).contains(team) == warned


def test_a_threshold_counts_from_its_day_on(thresholds):
    ThresholdFactory(value=3, applies_from=date(2024, 1, 1))
    team = clap(constituted_on=date(2022, 1, 1))
    practise(team, 3)

    assert life.alerts(team, ON) == []
    assert len(life.alerts(team, date(2024, 1, 1))) == 1


def test_an_msp_and_a_closed_esp_clap_are_not_warned(thresholds):
    for team in (
        TeamFactory(constituted_on=date(2010, 1, 1)),
        clap(constituted_on=date(2010, 1, 1), closed_on=date(2020, 1, 1)),
    ):
        assert life.alerts(team, ON) == []
    assert not Team.objects.clap_to_follow(ON).exists()


def test_the_29th_of_february_has_an_anniversary():
    assert years_from(date(2024, 2, 29), 1) == date(2025, 2, 28)


# -- work lists ------------------------------------------------------------------------------------
def test_a_team_is_found_sixty_days_after_its_coordinator_left():
    team = TeamFactory(member=True)
    post = PositionFactory(team=team, ended_on=ago(60))
    assert Team.objects.left_without_coordinator(today()).contains(team)

    Position.objects.filter(pk=post.pk).update(ended_on=ago(59))
    assert not Team.objects.left_without_coordinator(today()).contains(team)

    recent = TeamFactory(member=True, constituted_on=ago(10), aci_signed_on=None)
    assert not Team.objects.left_without_coordinator(today()).contains(recent)


def test_a_coordinator_is_to_be_welcomed_until_a_step_is_taken():
    arrived = PositionFactory(started_on=ago(10))
    PositionFactory(started_on=ago(90))
    PositionFactory(started_on=ago(10), leader=True)
    assert list(Position.objects.to_welcome(today())) == [arrived]

    WelcomeDoneFactory(position=arrived)
    assert list(Position.objects.to_welcome(today())) == []


def test_a_leader_is_alone_without_another_leader_or_a_manager():
    alone, pair, managed = (TeamFactory(member=True) for _ in range(3))
    for team in (alone, pair, pair, managed):
        PositionFactory(team=team, leader=True)
    PositionFactory(team=managed, role="manager")
    TeamFactory(member=True)

    assert list(Team.objects.led_alone(today())) == [alone]


def test_the_form_is_missing_once_there_is_one():
    missing, sent = TeamFactory(member=True), TeamFactory(member=True)
    TeamFactory()
    assert not Team.objects.form_missing(today()).exists()

    ScanFormFactory()
    ScanFactory(team=sent)
    ScanFactory(team=missing, draft=True)
    assert list(Team.objects.form_missing(today())) == [missing]


def test_a_contact_of_any_kind_this_year_takes_a_team_off_the_list():
    silent, visited, heard, helped, registered = (TeamFactory(member=True) for _ in range(5))
    TeamFactFactory(team=visited, happened_on=date(today().year, 1, 1))
    TeamFactFactory(team=silent, happened_on=date(today().year - 1, 12, 31))
    FirstContactFactory(team=heard, received_on=today())
    AccompanimentTeamFactory(team=helped)
    RegistrationFactory(team=registered, event__starts_on=today(), event__ends_on=today())

    assert list(Team.objects.without_contact(today())) == [silent]


@pytest.mark.parametrize("key", WORK_LISTS)
def test_each_work_list_opens_by_departement_and_costs_one_query(client, record_queries, key):
    client.force_login(roles.staff())
    TeamFactory(member=True)
    with record_queries() as queries:
        list(Team.objects.needing(key, today()))
    assert len(queries) <= 2

    url = reverse("admin:members_team_changelist")
    response = client.get(url, {"suivi": key, "department": "44"})
    here = Team.objects.needing(key, today()).filter(department="44")
    assert response.context["cl"].result_count == here.count()


@pytest.mark.parametrize("model", ["firstcontact", "accompaniment"])
def test_the_staff_finds_what_it_has_in_charge_and_what_is_late(client, model):
    user = roles.staff()
    client.force_login(user)
    factory = {"firstcontact": FirstContactFactory, "accompaniment": AccompanimentFactory}[model]
    late = factory(officer=user.person, next_action="Rappeler", next_action_on=ago(1))
    coming = factory(officer=user.person, next_action="Rappeler", next_action_on=today())
    other = factory(next_action="Rappeler", next_action_on=ago(1))

    def listed(value):
        page = client.get(reverse(f"admin:members_{model}_changelist"), {"suivi": value})
        return {row.pk for row in page.context["cl"].result_list}

    assert listed("moi") == {late.pk, coming.pk}
    assert listed("retard") == {late.pk, other.pk}
    assert listed("moi-retard") == {late.pk}


# -- the welcome of a coordinator ------------------------------------------------------------------
def test_a_new_coordinator_sees_her_steps_and_the_staff_notes_them(client):
    WelcomeStepFactory(label="Une étape que l’on ne propose plus", is_proposed=False)
    step = WelcomeStepFactory(label="Visite de la fédération")
    user = roles.coordinator()
    post = Position.objects.get(person=user.person)
    client.force_login(user)
    assert "Votre accueil" not in client.get(reverse("members:home")).content.decode()

    Position.objects.filter(pk=post.pk).update(started_on=ago(1))
    page = client.get(reverse("members:home")).content.decode()
    assert "Visite de la fédération" in page
    assert "ne propose plus" not in page

    staff = roles.staff()
    client.force_login(staff)
    url = reverse("admin:members_position_change", args=[post.pk])
    form = client.get(url).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    row = {"step": step.pk, "done_on": today().isoformat()}
    data |= {"welcome-TOTAL_FORMS": 1, "welcome-INITIAL_FORMS": 0}
    client.post(url, data | {f"welcome-0-{name}": value for name, value in row.items()})
    assert post.welcome.get().noted_by == staff

    client.force_login(user)
    assert ">Fait<" in client.get(reverse("members:home")).content.decode()
