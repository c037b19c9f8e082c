"""What is said when a page breaks: plainly, and whether it is worth coming back."""

import pytest
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler
from django.test import Client
from django.urls import reverse

from apmsl.embedded import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_without_cache_signing_in_is_put_off(visitor, settings):
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/valkey.sock"}
    }

    credentials = {"login": "marie@exemple.test", "password": "wrong"}
    response = visitor.post(reverse("account_login"), credentials)

    assert (response.status_code, response["Retry-After"]) == (503, "120")
    assert "Le portail est en maintenance" in response.text


def test_without_database_every_page_is_put_off(visitor):
    def down(*_statement):
        raise OperationalError("the server closed the connection unexpectedly")

    with connection.execute_wrapper(down):
        response = visitor.get(reverse("events:events"))

    assert response.status_code == 503
    assert "Le portail est en maintenance" in response.text


def test_a_connection_that_died_is_replaced_before_it_is_used(settings):
    pooled = services.database(settings.PORTAL_VAR, durable=False)
    pooled["NAME"] = connection.settings_dict["NAME"]
    ours = ConnectionHandler({"default": pooled})["default"]
    try:
        with ours.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [process] = cursor.fetchone()
        ours.close()  # back to the pool, as at the end of a page
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])

        with ours.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
    finally:
        ours.close_pool()


def test_an_error_of_the_portal_is_owned(visitor):
    def wrong(*_statement):
        raise ValueError("a secret detail")

    with connection.execute_wrapper(wrong):
        response = visitor.get(reverse("events:events"))

    assert response.status_code == 500
    assert "Elle vient du portail" in response.text
    assert "secret" not in response.text
