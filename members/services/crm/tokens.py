"""One access token for every process: Zoho gives at most ten of them in ten minutes.

It stands in the cache with the address to speak to. Whoever finds none takes a lock and asks; the
others wait for what it gets.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from django.conf import settings
from django.core.cache import cache

from apmsl.lib.typography import typeset

TOKEN = "zoho.token"  # noqa: S105  a key of the cache
LOCK = "zoho.token.lock"
ASKED = "zoho.tokens.asked"
MOST = 10
WINDOW = 600  # s
MARGIN = 120  # s before the token ends
LOCK_LASTS = 30  # s: whoever held it is dead
LOOK_AGAIN = 0.05  # s


class Later(Exception):
    """Nothing says that the same call would fail again; ``pause``: when Zoho said how long."""

    def __init__(self, reason: str, pause: timedelta | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class Misconfigured(Exception):
    """No call would do until someone changes something; shown to the staff."""

    def __init__(self, reason: str) -> None:
        super().__init__(typeset(reason))


@dataclass(frozen=True)
class Token:
    value: str
    api_domain: str

    def __repr__(self) -> str:
        return "Token(…)"  # never in a log


def current(http: httpx.Client) -> Token:
    waited_until = time.monotonic() + LOCK_LASTS
    while True:
        if token := cache.get(TOKEN):
            return Token(*token)
        if cache.add(LOCK, True, LOCK_LASTS):
            try:
                return _kept() or _ask(http)
            finally:
                cache.delete(LOCK)
        if time.monotonic() > waited_until:
            raise Later("jeton occupé")
        time.sleep(LOOK_AGAIN)


def forget(token: Token) -> None:
    """Refused: another is asked for, unless that has been done meanwhile."""
    if cache.get(TOKEN) == (token.value, token.api_domain):
        cache.delete(TOKEN)


def _kept() -> Token | None:
    token = cache.get(TOKEN)
    return Token(*token) if token else None


def _ask(http: httpx.Client) -> Token:
    _count()
    response = http.post(
        f"{settings.ZOHO_ACCOUNTS_URL}/oauth/v2/token",
        data={
            "grant_type": "refresh_token",
            "client_id": settings.ZOHO_CLIENT_ID,
            "client_secret": settings.ZOHO_CLIENT_SECRET,
            "refresh_token": settings.ZOHO_REFRESH_TOKEN,
        },
    )
    answer = _answer(response)
    token = Token(str(answer["access_token"]), str(answer["api_domain"]).rstrip("/"))
    lasts = max(int(answer.get("expires_in", 3600)) - MARGIN, 1)
    cache.set(TOKEN, (token.value, token.api_domain), lasts)
    return token


def _answer(response: httpx.Response) -> dict[str, Any]:
    """Zoho tells of errors in an answer 200 too."""
    try:
        answer = response.json()
    except ValueError as error:
        raise Later("réponse illisible") from error
    answer = answer if isinstance(answer, dict) else {}
    if answer.get("access_token") and answer.get("api_domain"):
        return answer
    if answer.get("error") == "Access Denied" or response.status_code == 429:
        raise Later("trop de jetons", timedelta(seconds=WINDOW))
    if response.status_code >= 500 or not answer.get("error"):
        raise Later(str(response.status_code))
    raise Misconfigured(f"Zoho refuse les identifiants ({str(answer['error'])[:60]}).")


def _count() -> None:
    """Under the lock."""
    now = time.time()
    asked = [moment for moment in cache.get(ASKED, []) if moment > now - WINDOW]
    if len(asked) >= MOST:
        raise Later("trop de jetons", timedelta(seconds=asked[0] + WINDOW - now + 1))
    cache.set(ASKED, [*asked, now], WINDOW)
