"""Signing in: by invitation, without telling who has an account, with a second factor where due."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from apmsl.mail.models import Message
from members.models import User
from tests import roles
from tests.members.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "un long mot de passe"
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/annuaire/?search=goff"}


def account(make=UserFactory, password=PASSWORD):
    user = make()
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def post_login(client, email, password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": email, "password": password} | extra)


def who(client):
    return client.session.get("_auth_user_id")


def ask_code(client, email):
    client.post(reverse("account_request_login_code"), {"email": email})
    return re.search(r"^[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}$", mail.outbox[-1].body, re.M).group()


def enter_code(client, code):
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def give_totp(user):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def totp_code(secret, steps=0):
    counter = int(time.time()) // 30 + steps
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


# -- accounts are invited --------------------------------------------------------------------------
def test_nobody_signs_up(client):
    page = client.get(reverse("account_signup"))
    client.post(
        reverse("account_signup"),
        {"email": "moi@exemple.test", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert "C’est la fédération qui ouvre les comptes" in page.content.decode()
    assert not User.objects.exists()


# -- nobody learns who has an account --------------------------------------------------------------
def same(client, name, known, unknown, field="email"):
    """The answers to both, with what differs by nature (the address, tokens) made alike."""
    answers = []
    for email in (known, unknown):
        browser = Client()
        response = browser.post(reverse(name), {field: email, "password": "faux"}, follow=True)
        text = response.content.decode().replace(email, "ADRESSE")
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
        answers.append((response.status_code, response.redirect_chain, text))
    return answers


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("account_login", "login"),
        ("account_request_login_code", "email"),
        ("account_reset_password", "email"),
    ],
)
def test_a_known_and_an_unknown_address_get_the_same_answer(client, name, field):
    user = account()

    known, unknown = same(client, name, user.email, "inconnu@exemple.test", field)

    assert known == unknown


# -- password and code -----------------------------------------------------------------------------
def test_a_member_signs_in_by_password(client):
    user = account(roles.member)

    response = post_login(client, user.email.upper())

    assert response.headers["Location"] == "/"
    assert who(client) == str(user.pk)


def test_a_member_signs_in_by_code(client):
    user = account(roles.member)

    enter_code(client, ask_code(client, user.email))

    assert who(client) == str(user.pk)


def test_a_code_works_once(client):
    user = account(roles.member)
    code = ask_code(client, user.email)
    enter_code(client, code)

    client.post(reverse("account_logout"))
    enter_code(client, code)

    assert who(client) is None


def test_a_code_is_of_no_use_in_another_browser(client):
    user = account(roles.member)
    code = ask_code(client, user.email)
    other = Client()

    enter_code(other, code)

    assert who(other) is None


def test_three_wrong_codes_end_the_attempt(client):
    user = account(roles.member)
    code = ask_code(client, user.email)
    for _ in range(3):
        enter_code(client, "AAAA-AAAA")

    enter_code(client, code)

    assert who(client) is None


def test_signing_in_leads_back_to_the_page_but_never_elsewhere(client):
    user = account(roles.member)

    here = post_login(client, user.email, next="/annuaire/")
    elsewhere = post_login(Client(), user.email, next="https://ailleurs.test/")

    assert here.headers["Location"] == "/annuaire/"
    assert elsewhere.headers["Location"] == "/"


def test_the_admin_is_entered_by_the_portal_s_sign_in(client):
    user = account(roles.staff)
    Authenticator.objects.all().delete()
    secret = give_totp(user)
    page = client.get("/administration/", follow=True)
    post_login(client, user.email, next=parse_qs(page.request["QUERY_STRING"])["next"][0])

    response = client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)}, follow=True)

    assert (response.status_code, response.request["PATH_INFO"]) == (200, "/administration/")


# -- limits ----------------------------------------------------------------------------------------
def test_too_many_attempts_get_a_page_in_french(client):
    answers = [post_login(client, f"a{n}@exemple.test", "faux") for n in range(31)]

    assert answers[-1].status_code == 429
    assert "Trop d’essais à la suite" in answers[-1].content.decode()


def test_after_five_wrong_passwords_the_right_one_waits(client):
    user = account(roles.member)
    for _ in range(5):
        post_login(client, user.email, "faux")

    post_login(client, user.email)

    assert who(client) is None


def test_codes_are_not_sent_without_end():
    user = account(roles.member)
    for _ in range(6):
        Client().post(reverse("account_request_login_code"), {"email": user.email})

    assert len(mail.outbox) == 3


# -- second factor ---------------------------------------------------------------------------------
@pytest.mark.parametrize("make", [roles.board, roles.staff, roles.director])
@pytest.mark.parametrize("path", ["/", "/annuaire/", "/administration/", "/confidentialite/"])
def test_power_without_a_second_factor_opens_no_page(client, make, path):
    user = make()
    Authenticator.objects.all().delete()
    client.force_login(user)

    assert client.get(path).headers["Location"] == reverse("mfa_index")
    assert client.post(path).headers["Location"] == reverse("mfa_index")
    assert client.get(path, headers=HTMX).headers["HX-Redirect"] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200


def test_a_member_needs_no_second_factor(client):
    client.force_login(roles.coordinator())

    assert client.get("/annuaire/").status_code == 200


def test_whoever_removes_the_last_factor_is_asked_again(client):
    client.force_login(roles.board())
    assert client.get("/annuaire/").status_code == 200

    Authenticator.objects.all().delete()

    assert client.get("/annuaire/").headers["Location"] == reverse("mfa_index")


def test_recovery_codes_alone_are_no_second_factor(client):
    user = roles.staff()
    Authenticator.objects.all().delete()
    RecoveryCodes.activate(user)
    client.force_login(user)

    assert client.get("/annuaire/").headers["Location"] == reverse("mfa_index")


@pytest.mark.parametrize("way", ["password", "code", "reset"])
def test_no_way_in_goes_round_the_second_factor(client, way):
    user = account(roles.member)
    secret = give_totp(user)
    if way == "password":
        post_login(client, user.email)
    elif way == "code":
        enter_code(client, ask_code(client, user.email))
    else:
        client.post(reverse("account_reset_password"), {"email": user.email})
        link = re.search(r"https?://\S+", mail.outbox[-1].body).group()
        page = client.get(urlsplit(link).path, follow=True)
        fields = {"password1": "un autre mot de passe", "password2": "un autre mot de passe"}
        client.post(page.redirect_chain[-1][0], fields)
        post_login(client, user.email, "un autre mot de passe")
    assert who(client) is None

    client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})

    assert who(client) == str(user.pk)


def test_a_wrong_second_factor_does_not_enter(client):
    user = account(roles.member)
    secret = give_totp(user)
    post_login(client, user.email)

    client.post(reverse("mfa_authenticate"), {"code": totp_code(secret, steps=40)})

    assert who(client) is None


def test_a_recovery_code_enters_once(client):
    user = account(roles.member)
    give_totp(user)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    browsers = [client, Client()]

    for browser in browsers:
        post_login(browser, user.email)
        browser.post(reverse("mfa_authenticate"), {"code": code})

    assert [who(browser) for browser in browsers] == [str(user.pk), None]


def test_secrets_of_second_factors_are_sealed_in_the_database():
    secret = give_totp(UserFactory())

    assert secret not in str(Authenticator.objects.get().data)


def test_the_staff_takes_away_a_lost_second_factor_but_not_its_own(client):
    staff, lost = roles.staff(), roles.board()
    client.force_login(staff)

    data = {"action": "forget_second_factors", "_selected_action": [staff.pk, lost.pk]}
    page = client.post(reverse("admin:members_user_changelist"), data, follow=True)

    assert [factor.user for factor in Authenticator.objects.all()] == [staff]
    assert Message.objects.get().recipient == lost.email
    assert "1\u00a0compte donnera une nouvelle" in page.text


NO_KEYS = [
    '{"id": 1, "type": "public-key"}',
    (
        '{"id": "a", "rawId": "a", "type": "public-key",'
        ' "response": {"attestationObject": "zz", "clientDataJSON": "zz"}}'
    ),
    '{"id": "a", "response": [], "rawId": 7}',
]


@pytest.mark.parametrize("credential", NO_KEYS)
def test_a_key_that_makes_no_sense_is_refused_everywhere(client, credential):
    client.get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"})
    by_key = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    user = account()
    post_login(client, user.email)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_add_webauthn"))
    added = client.post(reverse("mfa_add_webauthn"), {"credential": credential, "name": "Clé"})

    assert (by_key.status_code, added.status_code) == (302, 200)
    assert "credential" in added.context["form"].errors
    assert not Authenticator.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_adding_a_second_factor_closes_the_other_sessions(client):
    user = account(roles.member)
    elsewhere = Client()
    post_login(elsewhere, user.email)
    post_login(client, user.email)
    assert client.get(reverse("mfa_activate_totp")).status_code == 302  # the password once more
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret

    client.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)})

    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    assert client.get("/annuaire/").status_code == 200
    assert elsewhere.get("/annuaire/").status_code == 302


# -- sessions --------------------------------------------------------------------------------------
def test_a_deactivated_account_is_out_at_once(client):
    user = account(roles.member)
    post_login(client, user.email)
    assert client.get("/annuaire/").status_code == 200

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get("/annuaire/").status_code == 302
    post_login(client, user.email)
    assert client.get("/annuaire/").status_code == 302


def test_a_new_password_closes_the_other_sessions(client):
    user = account(roles.member)
    elsewhere = Client()
    for browser in (client, elsewhere):
        post_login(browser, user.email)
    new = "un autre mot de passe"

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert elsewhere.get("/annuaire/").status_code == 302


def test_one_s_sessions_are_listed(client):
    user = account(roles.member)
    post_login(client, user.email)

    page = client.get(reverse("usersessions_list"))

    assert page.status_code == 200
    assert len(page.context["sessions"]) == 1
    assert Session.objects.count() == 1


def test_an_expired_session_leads_a_page_to_sign_in_and_back(client):
    response = client.get("/annuaire/?search=goff")

    target = urlsplit(response.headers["Location"])
    assert target.path == reverse("account_login")
    assert parse_qs(target.query)["next"] == ["/annuaire/?search=goff"]


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/evenements/7/?a=b", "/evenements/7/?a=b"),
        ("http://ailleurs.test/evenements/7/", "/"),
        ("", "/"),
    ],
)
def test_an_expired_session_leads_a_form_back_to_its_page(client, referer, back):
    """The address it was sent to opens nothing by itself."""
    response = client.post("/evenements/7/inscription/", headers={"Referer": referer})

    target = urlsplit(response.headers["Location"])
    assert target.path == reverse("account_login")
    assert parse_qs(target.query)["next"] == [back]


def test_an_address_that_receives_a_form_says_so_when_opened(client):
    client.force_login(roles.member())

    response = client.get("/evenements/7/inscription/")

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "elle ne s’ouvre pas d’elle-même" in response.text


def test_an_expired_session_leads_htmx_to_sign_in_by_a_whole_page(client):
    response = client.get("/annuaire/?search=autre", headers=HTMX)

    target = urlsplit(response.headers["HX-Redirect"])
    assert (response.status_code, target.path) == (200, reverse("account_login"))
    assert parse_qs(target.query)["next"] == ["/annuaire/?search=goff"]


def test_a_mail_server_that_is_down_is_said_and_not_an_error(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    user = account(roles.member)

    response = client.post(
        reverse("account_request_login_code"), {"email": user.email}, follow=True
    )

    assert response.status_code == 200
    assert "Notre serveur de messagerie ne répond pas" in response.content.decode()
