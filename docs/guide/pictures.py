"""`make pictures`: the pictures of the guide and of the README, taken in Chromium from a portal of its
own, started for that, with the demonstration's records. The same records give the same pictures.
"""

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

HERE = Path(__file__).parent
HOME = HERE.parents[1]
DATE = "2023-12-12"
VAR = Path(tempfile.mkdtemp(prefix="portail-"))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "apmsl.settings.dev",
    "DEBUG": "0",
    "PORTAL_VAR": str(VAR),
    "PORTAL_DATE": DATE,
}
for address in ("DATABASE_URL", "REDIS_URL"):  # records of one's own are left alone
    os.environ.pop(address, None)
django.setup()

import pymupdf  # noqa: E402  after the settings
from PIL import Image  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from apmsl.embedded import services as embedded  # noqa: E402
from docs.guide import albums, printed  # noqa: E402
from docs.guide.albums import Picture  # noqa: E402
from docs.guide.scenes import Scene, prepare  # noqa: E402
from events.models import Event  # noqa: E402
from tests.browser.conftest import FLAGS, executable  # noqa: E402
from tests.browser.portal import Account, Portal  # noqa: E402

IMAGES = HERE / "images"
PAGE_WIDTH, ADMIN_WIDTH, SIDEBAR = 1100, 1280, 288
COLOURS = 256


# -- the portal ------------------------------------------------------------------------------------
@contextmanager
def portal_running() -> Iterator[str]:
    """`make start`, on a port and in a folder of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "apmsl.embedded.start"]
    process = subprocess.Popen(
        command, cwd=HOME, env=os.environ | {"PORT": port}, stdout=subprocess.PIPE, text=True
    )
    try:
        for line in process.stdout or ():
            if "Ctrl-C" in line:
                break
        else:
            sys.exit("the portal did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


# -- taking them -----------------------------------------------------------------------------------
def take(page: Page, picture: Picture) -> None:
    in_admin = picture.path.startswith("/administration/")
    width = picture.width or (ADMIN_WIDTH if in_admin else PAGE_WIDTH)
    page.set_viewport_size({"width": width, "height": picture.height})
    page.goto(picture.path)
    picture.act(page)
    page.wait_for_load_state("load")
    page.evaluate("window.scrollTo(0, 0)")
    page.mouse.move(0, 0)  # nothing under the pointer takes its colour
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    left = SIDEBAR if in_admin and picture.name != "tableau-de-bord" else 0
    box = None if in_admin else page.locator(picture.top).first.bounding_box()
    clip = {"x": left, "y": box["y"] if box else 0, "width": width - left, "height": picture.height}
    content = page.screenshot(clip=clip, full_page=not in_admin, animations="disabled")
    keep(picture.name, Image.open(io.BytesIO(content)))


def take_sheet(page: Page, event: Event) -> None:
    """The attendance sheet, as it is printed."""
    address = f"/administration/events/event/{event.pk}/emargement"
    content = page.context.request.get(address).body()
    pixels = pymupdf.open(stream=content)[0].get_pixmap(dpi=80)
    keep("emargement", Image.open(io.BytesIO(pixels.tobytes("png"))))


def keep(name: str, image: Image.Image) -> None:
    """In few colours: a third of the weight, and the eye sees no difference."""
    file = IMAGES / f"{name}.png"
    few = image.convert("RGB").quantize(COLOURS, kmeans=1, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
    print(
        f"{file.relative_to(HOME)}  {image.width}×{image.height}  {file.stat().st_size // 1024} kB"
    )


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with portal_running() as url:
        scene = prepare()
        accounts = [Account(**row) for row in json.loads((VAR / "demo/accounts.json").read_text())]
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
            portal = Portal(url, {account.role: account for account in accounts}, browser)
            photograph(portal, scene)
            browser.close()
    for name, image in printed.spreads(VAR / "demo"):
        keep(name, image)


def photograph(portal: Portal, scene: Scene) -> None:
    of_role = {
        "": albums.of_visitors(scene),
        "coordinator": albums.of_coordination(scene),
        "staff": [
            *albums.of_staff(scene),
            *albums.of_events(scene),
            *albums.of_report(scene),
        ],
        "board": albums.of_board(scene),
    }
    for role, pictures in of_role.items():
        with portal.visit(width=PAGE_WIDTH) as page:
            if role:
                portal.sign_in(page, role)
            for picture in pictures:
                take(page, picture)
            if role == "staff":
                take_sheet(page, scene.open)


if __name__ == "__main__":
    try:
        main()
    finally:
        embedded.leave()
        shutil.rmtree(VAR, ignore_errors=True)
