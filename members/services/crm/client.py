"""Zoho CRM's API v8, as much of it as the bridge needs, by plain HTTP.

``Reader`` changes nothing over there; ``Writer`` does. Every answer is one of: what was asked for,
``Later`` (nothing is known to be wrong: the same call may be made again), ``BadRequest`` (the same
call would fail again), ``Misconfigured`` (no call would do).
"""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

import httpx
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from members.models.crm import PORTAL_FIELD
from members.services.crm import tokens
from members.services.crm.tokens import Later, Misconfigured

logger = logging.getLogger(__name__)

MOST = 100  # records in one call
PAGE = 200
PAGES_BY_NUMBER = 10  # Zoho then wants its own mark of the next page
PATIENCE = httpx.Timeout(20.0, connect=5.0)
LONGEST_REST = timedelta(hours=1)
_REST = "zoho.rest"
# Of one record among others: true for now only.
_FOR_NOW = {
    "ALREADY_MODIFIED",
    "INTERNAL_ERROR",
    "RECORD_LOCKED",
    "TOO_MANY_REQUESTS",
    "LOCKED_FOR_UPDATE",
}
_ALREADY_GONE = {"INVALID_DATA", "RECORD_NOT_FOUND"}

Record = dict[str, Any]


class BadRequest(Exception):
    """The message names the code and the field, never a value."""


@dataclass(frozen=True)
class Outcome:
    """What became of one record."""

    code: str
    zoho_id: str = ""
    inserted: bool = False
    reason: str = ""

    @property
    def ok(self) -> bool:
        return self.code == "SUCCESS"

    @property
    def for_now(self) -> bool:
        return self.code in _FOR_NOW


def is_configured() -> bool:
    return all((settings.ZOHO_CLIENT_ID, settings.ZOHO_CLIENT_SECRET, settings.ZOHO_REFRESH_TOKEN))


def resting() -> bool:
    """Zoho asked every worker to wait."""
    return cache.get(_REST) is not None


class Reader:
    def __init__(self) -> None:
        if not is_configured():
            raise Misconfigured("Les identifiants de Zoho ne sont pas réglés.")
        self._http = httpx.Client(timeout=PATIENCE)
        self.asked: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def fields(self, module: str) -> list[Record]:
        return self._list(self._ask("GET", "settings/fields", params={"module": module}), "fields")

    def get(self, module: str, ids: Sequence[str], fields: Sequence[str]) -> dict[str, Record]:
        """By their number; those which are no longer there are left out."""
        if not ids:
            return {}
        params = {"ids": ",".join(ids), "fields": _with_ours(fields)}
        return {str(row["id"]): row for row in self._list(self._ask("GET", module, params=params))}

    def find(self, module: str, portal_id: object) -> str:
        """The number of the record that bears ours; empty if there is none."""
        params = {"criteria": f"({PORTAL_FIELD}:equals:{portal_id})", "fields": _with_ours([])}
        rows = self._list(self._ask("GET", f"{module}/search", params=params))
        return str(rows[0]["id"]) if rows else ""

    def modified(
        self, module: str, fields: Sequence[str], since: datetime | None
    ) -> Iterator[Record]:
        """Records changed since, the oldest change first, page after page."""
        headers = {"If-Modified-Since": since.isoformat(timespec="seconds")} if since else {}
        asked = _with_ours([*fields, "Modified_Time"])
        order = {"sort_by": "Modified_Time", "sort_order": "asc", "per_page": str(PAGE)}
        params = {"fields": asked, **order, "page": "1"}
        while True:
            answer = self._ask("GET", module, params=params, headers=headers)
            yield from self._list(answer)
            told = answer.get("info") or {}
            if not told.get("more_records"):
                return
            page = int(params.get("page", PAGES_BY_NUMBER))
            if page < PAGES_BY_NUMBER:
                params["page"] = str(page + 1)
            else:
                params = {"fields": asked, **order, "page_token": str(told["next_page_token"])}

    # -- one call ----------------------------------------------------------------------------------
    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        body: Record | None = None,
        headers: dict[str, str] | None = None,
    ) -> Record:
        self.asked.append(method)
        try:
            response = self._send(method, path, params, body, headers)
        except httpx.HTTPError as error:
            raise Later(type(error).__name__) from error
        return _understood(response)

    def _send(
        self,
        method: str,
        path: str,
        params: dict[str, str] | None,
        body: Record | None,
        headers: dict[str, str] | None,
    ) -> httpx.Response:
        for attempt in (1, 2):
            token = tokens.current(self._http)
            response = self._http.request(
                method,
                f"{token.api_domain}/crm/v8/{path}",
                params=params,
                json=body,
                headers={**(headers or {}), "Authorization": f"Zoho-oauthtoken {token.value}"},
            )
            if response.status_code != httpx.codes.UNAUTHORIZED or attempt == 2:
                return response
            tokens.forget(token)  # ended sooner than it said
        raise AssertionError  # the second attempt returned

    @staticmethod
    def _list(answer: Record, name: str = "data") -> list[Record]:
        rows = answer.get(name) or []
        if not isinstance(rows, list):
            raise Later("réponse incompréhensible")
        return rows


class Writer(Reader):
    def upsert(
        self, module: str, records: Sequence[Record], *, unmodified_since: datetime | None = None
    ) -> list[Outcome]:
        """Created or changed by our own number: said twice, it is one record. No workflow starts."""
        since = {"If-Unmodified-Since": unmodified_since.isoformat()} if unmodified_since else {}
        body = {
            "data": list(records),
            "duplicate_check_fields": [PORTAL_FIELD],
            "trigger": [],
        }
        answer = self._ask("POST", f"{module}/upsert", body=body, headers=since)
        return self._outcomes(answer, len(records))

    def delete(self, module: str, ids: Sequence[str]) -> list[Outcome]:
        """Deleted, or gone already."""
        params = {"ids": ",".join(ids), "wf_trigger": "false"}
        outcomes = self._outcomes(self._ask("DELETE", module, params=params), len(ids))
        return [
            Outcome("SUCCESS", zoho_id) if outcome.code in _ALREADY_GONE else outcome
            for outcome, zoho_id in zip(outcomes, ids, strict=True)
        ]

    def _outcomes(self, answer: Record, count: int) -> list[Outcome]:
        rows = self._list(answer)
        if len(rows) != count:
            raise Later("réponse incomplète")
        return [_outcome(row) for row in rows]


def _with_ours(fields: Sequence[str]) -> str:
    return ",".join(dict.fromkeys(["id", PORTAL_FIELD, *fields]))


def _understood(response: httpx.Response) -> Record:
    status = response.status_code
    if status in {httpx.codes.NO_CONTENT, httpx.codes.NOT_MODIFIED}:
        return {}
    answer = _json(response)
    code = str(answer.get("code", "")) or str(status)
    if status == httpx.codes.PRECONDITION_FAILED:
        raise Later("ALREADY_MODIFIED", timedelta(0))
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= 500:
        raise Later(code, _rest(response))
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND}:
        raise Misconfigured(f"Zoho refuse l’accès ({code}).")
    if status >= 400 and not isinstance(answer.get("data"), list):
        raise BadRequest(_told(answer))
    return answer


def _json(response: httpx.Response) -> Record:
    try:
        answer = response.json()
    except (ValueError, json.JSONDecodeError) as error:
        if response.is_success:
            raise Later("réponse illisible") from error
        return {}
    return answer if isinstance(answer, dict) else {}


def _rest(response: httpx.Response) -> timedelta | None:
    """What Retry-After says, in seconds or as a date; then every worker waits."""
    given = response.headers.get("Retry-After", "")
    if given.isdecimal():
        pause = timedelta(seconds=int(given))
    else:
        try:
            pause = parsedate_to_datetime(given) - timezone.now()
        except (TypeError, ValueError):
            return None
    pause = min(max(pause, timedelta(0)), LONGEST_REST)
    if pause:
        cache.set(_REST, True, pause.total_seconds())
    return pause


def _outcome(row: Record) -> Outcome:
    details = row.get("details") or {}
    return Outcome(
        code=str(row.get("code", "")),
        zoho_id=str(details.get("id", "")),
        inserted=row.get("action") == "insert",
        reason=_told(row),
    )


def _told(row: Record) -> str:
    """The code and the field at fault: values are personal data, and stay out of rows and logs."""
    details = row.get("details") if isinstance(row.get("details"), dict) else {}
    field = str((details or {}).get("api_name", ""))[:60]
    return " – ".join(part for part in (str(row.get("code", ""))[:60], field) if part)
