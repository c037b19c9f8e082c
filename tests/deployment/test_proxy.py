"""deploy/nginx.conf.template in a real nginx, before a server that answers as the portal would."""

import http.client
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.deployment.conftest import HOME

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
HOST = "portail.apmsl.test"


class Portal(BaseHTTPRequestHandler):
    """Allows one file; elsewhere it says what it was told of the visitor."""

    def do_GET(self) -> None:
        if self.path == "/muet/":
            self.close_connection = True
            return  # as a server that was killed
        self.send_response(200)
        if self.path == "/document/":
            self.send_header("X-Accel-Redirect", "/private-files/scans/scan%20%C3%A9.pdf")
        self.end_headers()
        names = ("Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host")
        self.wfile.write(repr([self.headers.get(name) for name in names]).encode())

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Proxy:
    http: int
    https: int

    def get(
        self, path: str, headers: dict[str, str] | None = None
    ) -> tuple[int, str, http.client.HTTPMessage]:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=5)
        connection = http.client.HTTPSConnection(HOST, self.https)
        connection.sock = context.wrap_socket(plain, server_hostname=HOST)
        connection.request("GET", path, headers={"Host": HOST} | (headers or {}))
        response = connection.getresponse()
        body = response.read().decode()
        connection.close()
        return response.status, body, response.headers


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy")
    # nginx reads the files as an account of its own.
    for parent in (folder, *folder.parents):
        if parent == Path(tempfile.gettempdir()):
            break
        parent.chmod(0o755)
    private = folder / "private" / "scans"
    private.mkdir(parents=True)
    (private / "scan é.pdf").write_text("the document")
    _make_certificate(folder)
    portal = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    Thread(target=portal.serve_forever, daemon=True).start()
    proxy = Proxy(_free_port(), _free_port())
    (folder / "nginx.conf").write_text(_configuration(folder, proxy, portal.server_port))

    assert NGINX
    nginx = subprocess.Popen(
        [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"],
        stderr=subprocess.PIPE,
        text=True,
    )
    _wait_for(proxy.https, nginx)
    yield proxy
    nginx.terminate()
    nginx.communicate(timeout=10)
    portal.shutdown()
    portal.server_close()


def test_a_file_that_the_portal_allows_is_served_by_the_proxy(proxy: Proxy) -> None:
    status, body, _ = proxy.get("/document/")

    assert (status, body) == (200, "the document")


def test_a_private_file_has_no_address_of_its_own(proxy: Proxy) -> None:
    status, body, _ = proxy.get("/private-files/scans/scan%20%C3%A9.pdf")

    assert status == 404
    assert "the document" not in body


def test_what_a_visitor_claims_about_himself_is_replaced(proxy: Proxy) -> None:
    forged = {
        "X-Forwarded-For": "10.0.0.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "elsewhere.test",
    }

    _, body, _ = proxy.get("/", forged)

    assert body == repr([HOST, "127.0.0.1", "https", None])


def test_a_portal_that_does_not_answer_is_told_plainly(proxy: Proxy) -> None:
    status, body, headers = proxy.get("/muet/")

    assert status == 503
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Le portail ne répond pas" in body
    assert "Rien de ce que vous avez enregistré n’est perdu" in body


def test_plain_http_is_sent_to_https(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.http, timeout=5)
    connection.request("GET", "/evenements/?mois=6", headers={"Host": HOST})
    response = connection.getresponse()
    response.read()
    connection.close()

    assert response.status == 301
    assert response.headers["Location"] == f"https://{HOST}/evenements/?mois=6"


def test_another_host_name_gets_no_answer(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.http, timeout=5)
    connection.request("GET", "/", headers={"Host": "elsewhere.test"})

    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()
    connection.close()


def _configuration(folder: Path, proxy: Proxy, portal: int) -> str:
    servers = (HOME / "deploy" / "nginx.conf.template").read_text()
    for theirs, ours in (
        ("${PORTAL_HOST}", HOST),
        ("web:8000", f"127.0.0.1:{portal}"),
        ("/etc/nginx/tls", str(folder)),
        ("/var/lib/portal", str(folder)),
        ("listen 80", f"listen 127.0.0.1:{proxy.http}"),
        ("listen 443", f"listen 127.0.0.1:{proxy.https}"),
        ("    http2 on;\n", ""),  # since nginx 1.25; Debian 12 has 1.22
    ):
        assert theirs in servers
        servers = servers.replace(theirs, ours)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{servers}}}\n"
    )


def _make_certificate(folder: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={HOST}"]
        + ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")],
        check=True,
        capture_output=True,
    )


def _wait_for(port: int, nginx: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        assert nginx.poll() is None, nginx.stderr and nginx.stderr.read()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
