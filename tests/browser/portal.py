"""The portal as the browser meets it: its address, its accounts, and a page that watches itself."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect

from members.models import User

HERE = {"127.0.0.1", "localhost", ""}  # data: and blob: addresses have no host
PHONE, DESK = 390, 1280


@dataclass(frozen=True)
class Account:
    role: str
    email: str
    password: str
    totp_secret: str | None

    @property
    def user(self) -> User:
        return User.objects.select_related("person").get(email=self.email)

    @property
    def code(self) -> str:
        """What the application on one's phone shows now."""
        counter = int(time.time()) // 30
        return totp.format_hotp_value(totp.hotp_value(str(self.totp_secret), counter))


@dataclass
class Watch:
    """What must not happen on any page: errors of scripts, of the policy, of the server; calls
    that leave this machine."""

    troubles: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(f"console: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in HERE | {None}:
            self.troubles.append(f"leaves the machine: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"{response.status}: {response.url}")


@dataclass(frozen=True)
class Portal:
    url: str
    accounts: dict[str, Account]
    browser: Browser

    @contextmanager
    def visit(
        self, *, width: int = DESK, javascript: bool = True, host: str = ""
    ) -> Iterator[Page]:
        """A browser of one's own; nothing may have gone wrong when it closes."""
        context = self.browser.new_context(
            base_url=host or self.url,
            viewport={"width": width, "height": 900},
            locale="fr-FR",
            reduced_motion="reduce",  # what moves is measured where it ends
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        page, watch = context.new_page(), Watch()
        watch.follow(page)
        try:
            yield page
        finally:
            context.close()
        assert not watch.troubles, "\n".join(watch.troubles)

    def sign_in(self, page: Page, role: str) -> Account:
        """By the form, as everybody does."""
        account = self.accounts[role]
        self.enter(page, account)
        return account

    def enter(self, page: Page, account: Account) -> None:
        page.goto("/compte/connexion/")
        page.get_by_label("Courriel").fill(account.email)
        page.get_by_label("Mot de passe", exact=True).fill(account.password)
        page.get_by_role("button", name="Se connecter", exact=True).click()
        if account.totp_secret:
            page.get_by_label("Code").fill(account.code)
            page.get_by_role("button", name="Se connecter", exact=True).click()
        expect(page).to_have_url(re.compile(r"^http://[^/]+/$"))

    def confirm(self, page: Page, account: Account) -> None:
        """The password once more, which what is sensitive asks for."""
        page.goto("/compte/confirmation/")
        page.get_by_label("Mot de passe", exact=True).fill(account.password)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()
