"""Stand-ins for HelloAsso and Stripe: what their documentation says they answer, over HTTP.

A test moves the money with ``pay``, ``refund``, ``refuse``; ``broken`` makes them answer 500, or
nothing for ``slow`` seconds.
"""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SECRET = "whsec_for_tests"


class Fake:
    """The state of a provider; ``answer`` is its protocol."""

    def __init__(self) -> None:
        self.checkouts: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str]] = []
        self.broken = False
        self.slow = 0.0
        self.lock = threading.Lock()
        self.url = ""

    def answer(
        self, method: str, path: str, body: bytes, headers: Any
    ) -> tuple[int, dict[str, Any]]:
        raise NotImplementedError


class FakeHelloAsso(Fake):
    TOKEN = "access-{}"

    def __init__(self) -> None:
        super().__init__()
        self.tokens = 0

    def answer(
        self, method: str, path: str, body: bytes, headers: Any
    ) -> tuple[int, dict[str, Any]]:
        if path == "/oauth2/token":
            given = dict(parse_qsl(body.decode()))
            if (given.get("client_id"), given.get("client_secret")) != ("id", "secret"):
                return 401, {"error": "invalid_client"}
            self.tokens += 1
            token = self.TOKEN.format(self.tokens)
            return 200, {"access_token": token, "token_type": "bearer", "expires_in": 1799}
        if headers["Authorization"] != f"Bearer {self.TOKEN.format(self.tokens)}":
            return 401, {"message": "expired"}
        prefix = "/v5/organizations/federation/checkout-intents"
        if (method, path) == ("POST", prefix):
            return self._create(json.loads(body))
        found = self.checkouts.get(path.removeprefix(f"{prefix}/"))
        return (200, found) if found else (404, {"message": "unknown"})

    def _create(self, given: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        assert given["totalAmount"] == given["initialAmount"] > 0
        assert given["containsDonation"] is False
        number = str(1000 + len(self.checkouts))
        self.checkouts[number] = {
            "id": int(number),
            "redirectUrl": f"https://www.helloasso-sandbox.com/checkout/{number}",
            "metadata": given["metadata"],
            "asked": given,
        }
        return 200, {"id": int(number), "redirectUrl": self.checkouts[number]["redirectUrl"]}

    def pay(self, number: str, cents: int | None = None, payment: str = "") -> None:
        checkout = self.checkouts[number]
        amount = checkout["asked"]["totalAmount"] if cents is None else cents
        paid = {"id": int(payment or f"7{number}"), "amount": amount, "state": "Authorized"}
        checkout["order"] = {"id": int(f"9{number}"), "payments": [paid | {"refundOperations": []}]}

    def refund(self, number: str, cents: int) -> None:
        payment = self.checkouts[number]["order"]["payments"][0]
        payment["refundOperations"].append({"id": 1, "amount": cents})
        if sum(row["amount"] for row in payment["refundOperations"]) >= payment["amount"]:
            payment["state"] = "Refunded"

    def refuse(self, number: str) -> None:
        self.pay(number)
        self.checkouts[number]["order"]["payments"][0]["state"] = "Refused"

    def notice(self, number: str, event: str = "1") -> tuple[bytes, dict[str, str]]:
        told = {
            "eventType": "Payment",
            "data": {"id": int(event), "state": "Authorized", "amount": 1},
            "metadata": self.checkouts[number]["metadata"],
        }
        return json.dumps(told).encode(), {}


class FakeStripe(Fake):
    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, str] = {}

    def answer(
        self, method: str, path: str, body: bytes, headers: Any
    ) -> tuple[int, dict[str, Any]]:
        if headers["Authorization"] != "Bearer sk_test_x":
            return 401, {"error": {"type": "invalid_request_error", "message": "key"}}
        if (method, path) == ("POST", "/v1/checkout/sessions"):
            return self._create(dict(parse_qsl(body.decode())), headers["Idempotency-Key"])
        found = self.checkouts.get(path.removeprefix("/v1/checkout/sessions/"))
        if found is None:
            return 404, {"error": {"type": "invalid_request_error", "message": "No such session"}}
        return 200, found

    def _create(self, given: dict[str, str], key: str) -> tuple[int, dict[str, Any]]:
        assert given["mode"] == "payment"
        assert given["line_items[0][price_data][currency]"] == "eur"
        number = self.keys.setdefault(key, f"cs_test_{len(self.checkouts)}")
        self.checkouts[number] = {
            "id": number,
            "object": "checkout.session",
            "url": f"https://checkout.stripe.com/c/pay/{number}",
            "status": "open",
            "payment_status": "unpaid",
            "currency": "eur",
            "amount_total": int(given["line_items[0][price_data][unit_amount]"]),
            "metadata": {"key": given["metadata[key]"]},
            "payment_intent": None,
        }
        return 200, self.checkouts[number]

    def pay(self, number: str, cents: int | None = None, payment: str = "") -> None:
        session = self.checkouts[number]
        session |= {"status": "complete", "payment_status": "paid"}
        if cents is not None:
            session["amount_total"] = cents
        charge = {"id": "ch_1", "object": "charge", "amount_refunded": 0}
        session["payment_intent"] = {
            "id": payment or f"pi_{number}",
            "object": "payment_intent",
            "latest_charge": charge,
        }

    def refund(self, number: str, cents: int) -> None:
        self.checkouts[number]["payment_intent"]["latest_charge"]["amount_refunded"] += cents

    def refuse(self, number: str) -> None:
        self.checkouts[number]["status"] = "expired"

    def notice(self, number: str, event: str = "1") -> tuple[bytes, dict[str, str]]:
        about = {"id": number, "metadata": self.checkouts[number]["metadata"]}
        told = {
            "id": f"evt_{event}",
            "object": "event",
            "type": "checkout.session.completed",
            "data": {"object": about},
        }
        return signed(json.dumps(told).encode())


def signed(
    body: bytes, secret: str = SECRET, at: float | None = None
) -> tuple[bytes, dict[str, str]]:
    moment = int(at or time.time())
    payload = f"{moment}.".encode() + body
    digest = hmac.new(secret.encode(), payload, hashlib.sha256).hexdigest()
    return body, {"Stripe-Signature": f"t={moment},v1={digest}"}


@contextmanager
def served(fake: Fake) -> Iterator[Fake]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._do("GET")

        def do_POST(self) -> None:
            self._do("POST")

        def _do(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path).path
            time.sleep(fake.slow)
            with fake.lock:
                fake.asked.append((method, path))
                status, answer = (
                    (500, {}) if fake.broken else fake.answer(method, path, body, self.headers)
                )
            content = json.dumps(answer).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                return  # whoever asked has gone

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
