"""Zoho CRM's API v8, as documented, over HTTP: tokens, credits, concurrency, duplicates, faults.

``records[module][id]`` is what it holds. ``bodies`` are the requests that wrote, ``asked`` all of them.
"""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.members.fake_providers import Fake

PORTAL_FIELD = "Portail_ID"
TEXT = {"data_type": "text", "read_only": False, "system_mandatory": False, "unique": {}}
FIELDS: dict[str, dict[str, dict[str, Any]]] = {
    "Accounts": {
        "Account_Name": TEXT | {"system_mandatory": True},
        PORTAL_FIELD: TEXT | {"unique": {"casesensitive": "false"}},
        "Billing_City": TEXT,
        "Billing_Code": TEXT,
        "Departement": TEXT,
        "Etape": TEXT,
        "Adhesion": TEXT,
        "Coordination": TEXT,
        "CPTS": TEXT,
        "Editeur": TEXT,
        "Sites": TEXT | {"data_type": "integer"},
        "Created_Time": TEXT | {"data_type": "datetime", "read_only": True},
    },
    "Contacts": {
        "Last_Name": TEXT | {"system_mandatory": True},
        PORTAL_FIELD: TEXT | {"unique": {"casesensitive": "false"}},
        "First_Name": TEXT,
        "Email": TEXT | {"data_type": "email"},
        "Mobile": TEXT | {"data_type": "phone"},
        "Phone": TEXT | {"data_type": "phone"},
        "Profession": TEXT,
        "Fonctions": TEXT,
        "Account_Name": TEXT | {"data_type": "lookup"},
        "Liberal": TEXT | {"data_type": "boolean"},
    },
}
Answer = tuple[int, dict[str, Any]]


class FakeZoho(Fake):
    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, dict[str, dict[str, Any]]] = {"Accounts": {}, "Contacts": {}}
        self.times_made: dict[str, int] = {}  # by our number: how often a record was created
        self.fields = {module: dict(fields) for module, fields in FIELDS.items()}
        self.bodies: list[dict[str, Any]] = []
        self.deleted: list[str] = []
        self.tokens = 0
        self.token_at: list[float] = []
        self.valid_tokens: set[str] = set()
        self.credits = 1_000_000
        self.concurrency = 10
        self.running = 0
        self.most_running = 0
        self.refresh_token = "refresh"
        self.refused: dict[str, str] = {}  # last name or name → code
        self.script: list[Callable[[], Answer | None]] = []  # the next calls, one each
        self.faults = 0.0  # the part of the calls that go wrong
        self.random = random.Random(7)
        self.hang = 0.0  # s: how long a fault keeps silent, beyond the patience of the caller
        self.retry_after: int | None = None
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.ticks = 0
        self.serial = 0
        self.state = threading.Lock()

    # -- HTTP -----------------------------------------------------------------------------------
    def handle(
        self, method: str, target: str, body: bytes, headers: Any
    ) -> tuple[int, dict[str, Any], dict[str, str], float]:
        """Status, answer, headers, and how long to keep silent before answering."""
        url = urlsplit(target)
        with self.state:
            self.running += 1
            self.most_running = max(self.most_running, self.running)
            crowded = self.running > self.concurrency
            self.asked.append((method, url.path))
        try:
            if crowded:
                return 429, {"code": "TOO_MANY_REQUESTS"}, {}, 0
            with self.state:
                if self.script and not url.path.startswith("/oauth"):
                    told = self.script.pop(0)()
                    if told is not None:
                        return *told, self._after(), 0
                return self._with_faults(method, url, body, headers)
        finally:
            with self.state:
                self.running -= 1

    def _after(self) -> dict[str, str]:
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}

    def _with_faults(self, method: str, url: Any, body: bytes, headers: Any) -> Any:
        fault = self.random.random() < self.faults and not url.path.startswith("/oauth")
        kind = self.random.choice(["503", "429", "lost before", "lost after"]) if fault else ""
        if kind == "503":
            return 503, {"code": "INTERNAL_ERROR"}, {}, 0
        if kind == "429":
            return 429, {"code": "TOO_MANY_REQUESTS"}, {}, 0
        if kind == "lost before":
            return 200, {}, {}, self.hang
        status, answer = self._routed(method, url, body, headers)
        return status, answer, {}, (self.hang if kind == "lost after" else 0)

    def _routed(self, method: str, url: Any, body: bytes, headers: Any) -> Answer:
        if url.path == "/oauth/v2/token":
            return self._token(dict(parse_qsl(body.decode())))
        if headers["Authorization"].removeprefix("Zoho-oauthtoken ") not in self.valid_tokens:
            return 401, {"code": "INVALID_TOKEN", "status": "error"}
        path = url.path.removeprefix("/crm/v8/").split("/")
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        return self._api(method, path, query, body, headers)

    def _api(
        self, method: str, path: list[str], query: dict[str, str], body: bytes, headers: Any
    ) -> Answer:
        if path == ["settings", "fields"]:
            return 200, {"fields": self._fields(query["module"])}
        if path[0] not in self.records:
            return 404, {"code": "INVALID_MODULE"}
        rows = self.records[path[0]]
        if method == "POST" and path[1:] == ["upsert"]:
            return self._upsert(path[0], json.loads(body), headers)
        if method == "DELETE":
            return self._delete(rows, query)
        if path[1:] == ["search"]:
            wanted = query["criteria"].removeprefix(f"({PORTAL_FIELD}:equals:").rstrip(")")
            return _found([row for row in rows.values() if row[PORTAL_FIELD] == wanted], query)
        if "ids" in query:
            return _found([rows[one] for one in query["ids"].split(",") if one in rows], query)
        return self._modified(rows, query, headers)

    # -- tokens ------------------------------------------------------------------------------------
    def _token(self, given: dict[str, str]) -> Answer:
        asked = (given.get("client_id"), given.get("client_secret"), given.get("refresh_token"))
        if asked != ("id", "secret", self.refresh_token):
            return 200, {"error": "invalid_code"}
        now = time.time()
        self.token_at = [moment for moment in self.token_at if moment > now - 600]
        if len(self.token_at) >= 10:
            return 400, {"error": "Access Denied", "error_description": "too many requests"}
        self.token_at.append(now)
        self.tokens += 1
        token = f"1000.{self.tokens}"
        self.valid_tokens.add(token)
        return 200, {"access_token": token, "api_domain": self.url, "expires_in": 3600}

    # -- writing -----------------------------------------------------------------------------------
    def _upsert(self, module: str, given: dict[str, Any], headers: Any) -> Answer:
        rows = given["data"]
        assert len(rows) <= 100
        assert given["trigger"] == []
        assert given["duplicate_check_fields"] == [PORTAL_FIELD]
        cost = -(-len(rows) // 10)
        if self.credits < cost:
            return 429, {"code": "LIMIT_EXCEEDED"}
        self.credits -= cost
        if any("BREAKS" in str(row) for row in rows):
            return 400, {"code": "INVALID_REQUEST", "message": "json parse", "details": {}}
        self.bodies.append({"module": module, **given})
        since = headers["If-Unmodified-Since"]
        return 200, {"data": [self._one(module, row, since) for row in rows]}

    def _one(self, module: str, row: dict[str, Any], since: str | None) -> dict[str, Any]:
        known = self.fields[module]
        mandatory = next(name for name, field in known.items() if field["system_mandatory"])
        for name in row:
            if name not in known or known[name]["read_only"]:
                return _refusal("INVALID_DATA", name)
        if code := self.refused.get(str(row.get(mandatory))):
            return _refusal(code, mandatory)
        rows = self.records[module]
        found = next((one for one in rows.values() if one[PORTAL_FIELD] == row[PORTAL_FIELD]), None)
        if found is None and not row.get(mandatory):
            return _refusal("MANDATORY_NOT_FOUND", mandatory)
        if found and since and found["Modified_Time"] > since:
            return _refusal("ALREADY_MODIFIED", "id")
        if found is None:
            self.serial += 1
            found = dict.fromkeys(known) | {"id": f"55400000000{self.serial:06}"}
            rows[found["id"]] = found
            number = row[PORTAL_FIELD]
            self.times_made[number] = self.times_made.get(number, 0) + 1
            action = "insert"
        else:
            action = "update"
        found |= row | {"Modified_Time": self.tick()}
        details = {"id": found["id"], "Modified_Time": found["Modified_Time"]}
        return {"code": "SUCCESS", "action": action, "details": details, "status": "success"}

    def _delete(self, rows: dict[str, dict[str, Any]], query: dict[str, str]) -> Answer:
        assert query["wf_trigger"] == "false"
        told = []
        for one in query["ids"].split(","):
            if rows.pop(one, None) is None:
                told.append(_refusal("INVALID_DATA", "id"))
            else:
                self.deleted.append(one)
                told.append({"code": "SUCCESS", "details": {"id": one}, "status": "success"})
        good = any(row["code"] == "SUCCESS" for row in told)
        return (200 if good else 400), {"data": told}

    # -- reading -----------------------------------------------------------------------------------
    def _fields(self, module: str) -> list[dict[str, Any]]:
        return [
            {"api_name": name, "field_label": name, **field}
            for name, field in self.fields[module].items()
        ]

    def _modified(self, rows: dict[str, Any], query: dict[str, str], headers: Any) -> Answer:
        since = headers["If-Modified-Since"] or ""
        found = [row for row in rows.values() if row["Modified_Time"] >= since]
        found.sort(key=lambda row: row["Modified_Time"])
        if not found:
            return 304, {}
        size = int(query["per_page"])
        start = int(query.get("page_token") or (int(query["page"]) - 1) * size)
        more = len(found) > start + size
        status, answer = _found(found[start : start + size], query)
        token = {"next_page_token": str(start + size)} if more else {}
        return status, {**answer, "info": {"more_records": more, **token}}

    # -- what someone does in the CRM --------------------------------------------------------------
    def tick(self) -> str:
        self.ticks += 1
        return datetime.fromtimestamp(self.now.timestamp() + self.ticks, UTC).isoformat()

    def edit(self, module: str, number: object, **values: Any) -> None:
        row = self.of(module, number)
        row |= values | {"Modified_Time": self.tick()}

    def of(self, module: str, number: object) -> dict[str, Any]:
        rows = [r for r in self.records[module].values() if r[PORTAL_FIELD] == str(number)]
        assert len(rows) == 1, rows
        return rows[0]

    def writes(self) -> list[tuple[str, str]]:
        return [call for call in self.asked if call[0] != "GET" and "/oauth/" not in call[1]]


def _found(rows: list[dict[str, Any]], query: dict[str, str]) -> Answer:
    names = query["fields"].split(",")
    kept = [{name: row.get(name) for name in names} | {"id": row["id"]} for row in rows]
    return (200, {"data": kept}) if kept else (204, {})


def _refusal(code: str, name: str) -> dict[str, Any]:
    return {"code": code, "details": {"api_name": name}, "message": "no", "status": "error"}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeZoho

    def do_GET(self) -> None:
        self._do("GET")

    def do_POST(self) -> None:
        self._do("POST")

    def do_DELETE(self) -> None:
        self._do("DELETE")

    def _do(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer, more, silence = self.fake.handle(method, self.path, body, self.headers)
        time.sleep(silence)
        content = b"" if status in {204, 304} else json.dumps(answer).encode()
        try:
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            if content:
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            return  # whoever asked has gone

    def log_message(self, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # connections are kept alive

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # the caller lost patience


@contextmanager
def served(fake: FakeZoho) -> Iterator[FakeZoho]:
    server = Server(("127.0.0.1", 0), type("HandlerOf", (Handler,), {"fake": fake}))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
