"""A passkey, with the browser's virtual authenticator in place of a finger."""

import secrets
from contextlib import contextmanager

from allauth.account.models import EmailAddress
from playwright.sync_api import Page, expect

from members.models import Team
from tests import roles
from tests.browser.conftest import DAY
from tests.browser.portal import Account, Portal

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def finger(page: Page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield
    session.send("WebAuthn.disable")


def own_account() -> Account:
    """A key asks every later visitor of the account for it."""
    user = roles.member(Team.objects.members_of(DAY.year, DAY).order_by("pk")[0])
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save()
    return Account("member", user.email, password, None)


def test_a_passkey_is_added_then_opens_the_portal_alone(portal: Portal):
    here = portal.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    with portal.visit(host=here) as page, finger(page):
        account = own_account()
        portal.enter(page, account)
        portal.confirm(page, account)
        page.goto("/compte/securite/cles/ajout/")
        page.get_by_label("Nom de la clé").fill("Mon téléphone")
        page.get_by_label("Pouvoir se connecter avec cette clé seule").check()
        page.get_by_role("button", name="Ajouter").click()
        expect(page).not_to_have_url(f"{here}/compte/securite/cles/ajout/")
        page.goto("/compte/securite/cles/")
        expect(page.get_by_role("rowheader", name="Mon téléphone")).to_be_visible()

        page.context.clear_cookies()
        page.goto("/compte/connexion/")
        page.get_by_role("button", name="clé d’accès").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(account.user.person.first_name)
