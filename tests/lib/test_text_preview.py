from html import unescape

import pytest

from tests.members.factories import UserFactory

ADDRESS = "/apercu-du-texte/"


@pytest.fixture
def signed_in(client):
    client.force_login(UserFactory())
    return client


@pytest.mark.django_db
def test_the_field_asked_for_is_shown_as_it_will_be_read(signed_in):
    typed = {"field": "body", "body": "## Titre\n\n**gras** : oui", "title": "autre"}
    shown = unescape(signed_in.post(ADDRESS, typed).content.decode())
    assert "<h3>Titre</h3>" in shown
    assert "<strong>gras</strong>\u00a0: oui" in shown
    assert "autre" not in shown


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "[a](javascript:alert(1))"])
def test_nothing_that_runs_comes_back(signed_in, typed):
    shown = signed_in.post(ADDRESS, {"field": "body", "body": typed}).content.decode()
    assert "<script" not in shown
    assert "href" not in shown


@pytest.mark.django_db
@pytest.mark.parametrize("data", [{}, {"field": "body"}, {"field": "body", "body": "  "}])
def test_nothing_typed_is_told(signed_in, data):
    assert "Rien n’est encore écrit." in signed_in.post(ADDRESS, data).content.decode()
