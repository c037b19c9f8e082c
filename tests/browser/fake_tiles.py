"""A tile server as small as can be: grey squares, and the list of those that were asked for."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image


def _grey() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (256, 256), "#d8d8d8").save(out, "PNG")
    return out.getvalue()


GREY = _grey()


@contextmanager
def tile_server() -> Iterator[tuple[str, list[str]]]:
    """Its address, for MAP_TILES_URL, and the paths asked for so far."""
    asked: list[str] = []

    class Tiles(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(GREY)

        def log_message(self, *parts: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png", asked
    finally:
        server.shutdown()
        server.server_close()
