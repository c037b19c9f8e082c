import pytest
from django.core.files.base import ContentFile
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from apmsl.jobs.models import Kind, Run, RunStatus, kinds
from tests.members.factories import UserFactory
from tests.reports.factories import ResultFactory, RunFactory, RunRequestFactory

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def no_kinds(monkeypatch):
    """Runs without a rule: they are for those who asked for them."""
    monkeypatch.setattr(kinds, "_kinds", {})


def finished(user=None, **fields) -> Run:
    result = ResultFactory(filename="rapport d’activité.pdf", size=3)
    result.file.save("a.pdf", ContentFile(b"PDF"))
    run = RunFactory(status=RunStatus.DONE, result=result, finished_at=timezone.now(), **fields)
    if user:
        RunRequestFactory(run=run, user=user)
    return run


def page(client, run, **headers):
    return client.get(reverse("jobs:run", args=[run.pk]), **headers)


def test_the_page_of_a_run_under_way_asks_again_by_itself(client):
    request = RunRequestFactory(run__status=RunStatus.RUNNING, run__done=3, run__total=4)
    client.force_login(request.user)

    whole = page(client, request.run)
    fragment = page(client, request.run, **HTMX)

    assert (whole.status_code, fragment.status_code) == (200, 200)
    assert 'hx-trigger="every 1s"' in fragment.content.decode()
    assert "75\u00a0%" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert "<noscript>" in whole.content.decode()


def test_the_fragment_is_the_one_of_the_page(client):
    request = RunRequestFactory(run__status=RunStatus.RUNNING)
    client.force_login(request.user)

    fragment = page(client, request.run, **HTMX).content.decode().strip()

    assert fragment in page(client, request.run).content.decode()


def test_asking_again_stops_when_the_run_is_over(client):
    user = UserFactory()
    run = finished(user)
    client.force_login(user)

    fragment = page(client, run, **HTMX)

    assert fragment.status_code == 286
    assert "hx-trigger" not in fragment.content.decode()
    assert reverse("jobs:download", args=[run.pk]) in fragment.content.decode()


def test_a_failed_run_says_why_and_can_be_asked_for_again(client):
    request = RunRequestFactory(run__status=RunStatus.FAILED, run__message="L’équipe est close.")
    client.force_login(request.user)

    shown = page(client, request.run)
    answer = client.post(reverse("jobs:again", args=[request.run.pk]))

    new = Run.objects.latest("pk")
    assert "L’équipe est close." in shown.content.decode()
    assert new.pk != request.run.pk
    assert answer.url == new.get_absolute_url()


def test_a_run_that_could_not_be_sent_says_so_kindly(client):
    request = RunRequestFactory(run__sent_at=None)
    client.force_login(request.user)

    assert "dès que le service sera rétabli" in page(client, request.run).content.decode()


def test_a_run_that_waits_for_a_worker_does_not(client):
    request = RunRequestFactory(run__sent_at=timezone.now())
    client.force_login(request.user)

    assert "rétabli" not in page(client, request.run).content.decode()


def test_the_file_is_downloaded_whole_and_privately(client):
    user = UserFactory()
    run = finished(user)
    client.force_login(user)

    response = client.get(reverse("jobs:download", args=[run.pk]))

    assert b"".join(response.streaming_content) == b"PDF"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''rapport%20d%E2%80%99activit%C3%A9.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_proxy_hands_the_file_out_where_there_is_one(client, settings):
    settings.PRIVATE_FILES_URL = "/prive/"
    user = UserFactory()
    run = finished(user)
    client.force_login(user)

    response = client.get(reverse("jobs:download", args=[run.pk]))

    assert response["X-Accel-Redirect"] == f"/prive/{run.result.file.name}"
    assert response.content == b""


@pytest.mark.parametrize("name", ["jobs:run", "jobs:download"])
def test_a_stranger_finds_nothing(client, name):
    run = finished(UserFactory())
    client.force_login(UserFactory())

    assert client.get(reverse(name, args=[run.pk])).status_code == 404


def test_a_visitor_is_asked_to_sign_in(client):
    run = finished(UserFactory())

    assert client.get(reverse("jobs:download", args=[run.pk])).status_code == 302


def test_the_rule_of_a_kind_decides_and_not_who_asked():
    asker, reader = UserFactory(), UserFactory()
    run = finished(asker, kind="ruled", params={"reader": reader.pk})
    kinds.register(Kind("ruled", draft=None, opens_to=lambda user: Q(params__reader=user.pk)))

    assert list(Run.objects.visible_to(reader)) == [run]
    assert list(Run.objects.visible_to(asker)) == []


def test_what_is_not_finished_cannot_be_downloaded(client):
    request = RunRequestFactory(run__status=RunStatus.RUNNING)
    client.force_login(request.user)

    assert client.get(reverse("jobs:download", args=[request.run.pk])).status_code == 404
