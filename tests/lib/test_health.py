import pytest

from apmsl.lib import health

pytestmark = pytest.mark.django_db


def test_a_portal_that_serves_says_so(client):
    response = client.get("/sante/")

    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "ok", "cache": "ok"}


@pytest.mark.parametrize("name", ["database", "broker", "cache"])
def test_what_does_not_answer_is_named_without_detail(client, monkeypatch, name):
    def fail():
        raise ConnectionError("postgres://portail:secret@10.0.0.1/")

    monkeypatch.setitem(health.CHECKS, name, fail)
    response = client.get("/sante/")

    assert response.status_code == 503
    assert response.json()[name] == "down"
    assert "secret" not in response.content.decode()
