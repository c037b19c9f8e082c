from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from apmsl.lib.dates import today
from tests import roles
from tests.members.factories import TeamFactory
from tests.toolbox.factories import EquipmentFactory, JobPostingFactory, LoanFactory, ToolFactory
from toolbox.enums import LoanStatus
from toolbox.models import JobPosting, Loan, ToolMonth

pytestmark = pytest.mark.django_db


def titles(response):
    return [row.title for row in response.context["page"]]


def test_anyone_sees_public_tools_and_members_see_theirs(client):
    public, reserved = ToolFactory(public=True), ToolFactory()

    assert titles(client.get(reverse("toolbox:tools"))) == [public.title]

    client.force_login(roles.member())
    assert set(titles(client.get(reverse("toolbox:tools")))) == {public.title, reserved.title}


def test_a_reserved_tool_is_not_found_by_an_anonymous_visitor(client):
    assert client.get(ToolFactory().get_absolute_url()).status_code == 404


def test_tools_are_found_without_accents(client):
    tool = ToolFactory(public=True, title="Réunion de concertation")
    ToolFactory(public=True, title="Guide des usagers")

    response = client.get(reverse("toolbox:tools"), {"search": "REUNION"})

    assert titles(response) == [tool.title]


def test_a_withdrawn_tool_is_gone(client):
    tool = ToolFactory(public=True, withdrawn_on=today())

    assert client.get(tool.get_absolute_url()).status_code == 404


def test_downloading_hands_out_the_file_and_counts(client):
    tool = ToolFactory(public=True, title="Modèle de règlement")
    tool.file.save("x.odt", ContentFile(b"texte"))

    response = client.get(reverse("toolbox:download", args=[tool.pk]))

    assert b"".join(response.streaming_content) == b"texte"
    assert "Mod%C3%A8le%20de%20r%C3%A8glement.odt" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert ToolMonth.objects.get(tool=tool).views == 1


def test_a_tool_without_file_has_nothing_to_download(client):
    tool = ToolFactory(public=True)

    assert client.get(reverse("toolbox:download", args=[tool.pk])).status_code == 404


def test_the_list_of_tools_costs_the_same_for_three_as_for_one(client, record_queries):
    client.force_login(roles.member())
    ToolFactory()
    client.get(reverse("toolbox:tools"))  # the filter bar is drawn once
    with record_queries() as for_one:
        client.get(reverse("toolbox:tools"))

    ToolFactory.create_batch(2)
    with record_queries() as for_three:
        response = client.get(reverse("toolbox:tools"))

    assert len(response.context["page"]) == 3
    assert len(for_three) == len(for_one)


def test_a_coordinator_publishes_a_posting_for_their_team(client):
    team = TeamFactory(member=True)
    client.force_login(roles.coordinator(team))

    response = client.post(
        reverse("toolbox:publish_job"),
        {"team": team.pk, "title": "Poste", "kind": "coordinator", "description": "À pourvoir."},
    )

    job = JobPosting.objects.get()
    assert (job.team, job.title, job.published_on) == (team, "Poste", today())
    assert response.url == job.get_absolute_url()


def test_nobody_publishes_for_another_team_and_what_was_typed_is_kept(client):
    client.force_login(roles.coordinator())

    response = client.post(
        reverse("toolbox:publish_job"),
        {
            "team": TeamFactory(member=True).pk,
            "title": "Poste",
            "kind": "other",
            "description": "d",
        },
    )

    assert JobPosting.objects.count() == 0
    assert list(response.context["form"].errors) == ["team"]
    assert 'value="Poste"' in response.content.decode()


def test_a_posting_is_a_text_and_no_book(client):
    client.force_login(roles.coordinator())

    response = client.post(
        reverse("toolbox:publish_job"), {"title": "Poste", "description": "a" * 10_001}
    )

    assert "description" in response.context["form"].errors


def test_a_closed_posting_is_not_found_but_by_its_team(client):
    team = TeamFactory(member=True)
    job = JobPostingFactory(team=team, closed_on=today())

    assert client.get(job.get_absolute_url()).status_code == 404

    client.force_login(roles.coordinator(team))
    assert client.get(job.get_absolute_url()).status_code == 200


def test_only_their_team_closes_a_posting(client):
    job = JobPostingFactory(team=TeamFactory(member=True))
    client.force_login(roles.coordinator())

    response = client.post(reverse("toolbox:close_job", args=[job.pk]))

    assert response.status_code == 404
    job.refresh_from_db()
    assert job.closed_on is None


def test_a_coordinator_asks_for_a_loan(client):
    team, equipment = TeamFactory(member=True), EquipmentFactory()
    client.force_login(roles.coordinator(team))
    start, end = today() + timedelta(5), today() + timedelta(19)

    response = client.post(
        equipment.get_absolute_url(), {"team": team.pk, "starts_on": start, "ends_on": end}
    )

    loan = Loan.objects.get()
    assert (loan.team, loan.status, loan.starts_on) == (team, LoanStatus.REQUESTED, start)
    assert response.url == reverse("toolbox:lending")


def test_a_refused_loan_says_why_beside_the_dates_and_keeps_them(client):
    team, equipment = TeamFactory(member=True), EquipmentFactory()
    client.force_login(roles.coordinator(team))
    start, end = today() - timedelta(2), today() + timedelta(9)

    response = client.post(
        equipment.get_absolute_url(), {"team": team.pk, "starts_on": start, "ends_on": end}
    )

    errors = response.context["form"].errors
    assert errors == {"starts_on": ["Le prêt ne peut pas commencer dans le passé."]}
    assert f'value="{start:%Y-%m-%d}"' in response.content.decode()


def test_nobody_cancels_the_loan_of_another_team(client):
    loan = LoanFactory(team=TeamFactory(member=True))
    client.force_login(roles.coordinator())

    assert client.post(reverse("toolbox:cancel_loan", args=[loan.pk])).status_code == 404
    loan.refresh_from_db()
    assert loan.status == LoanStatus.REQUESTED


def test_free_copies_are_those_that_nobody_holds_today(client):
    equipment = EquipmentFactory(copies=3)
    LoanFactory(equipment=equipment, approved=True, copy=2, starts_on=today(), ends_on=today())
    LoanFactory(equipment=equipment, approved=True, copy=1)
    client.force_login(roles.member())

    response = client.get(reverse("toolbox:lending"))

    assert [item.free for item in response.context["items"]] == [2]
