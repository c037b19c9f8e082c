"""`make pictures`: the pictures of the guide and of the README, taken in Chromium from a portal of its
own, started for that, with the demonstration's records. The same records give the same pictures.
"""

import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import django

HERE = Path(__file__).parent
HOME = HERE.parents[1]
DAY = date(2023, 12, 12)
VAR = Path(tempfile.mkdtemp(prefix="portail-"))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "apmsl.settings.dev",
    "DEBUG": "0",
    "PORTAL_VAR": str(VAR),
    "PORTAL_DATE": DAY.isoformat(),
}
for address in ("DATABASE_URL", "REDIS_URL"):  # records of one's own are left alone
    os.environ.pop(address, None)
django.setup()

import pghistory  # noqa: E402  after the settings
import pgtrigger  # noqa: E402
import pymupdf  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from apmsl.embedded import services as embedded  # noqa: E402
from apmsl.jobs.models import Result, Run, RunRequest, RunStatus  # noqa: E402
from events import services  # noqa: E402
from events.enums import Format  # noqa: E402
from events.models import ActionKind, Event, EventSession  # noqa: E402
from members.enums import MembershipStatus, PieceKind  # noqa: E402
from members.models import Person, Piece, Team, User  # noqa: E402
from reports.enums import Document  # noqa: E402
from tests.browser.conftest import FLAGS, executable  # noqa: E402
from tests.browser.portal import Account, Portal  # noqa: E402
from toolbox.models import Theme, Tool  # noqa: E402

IMAGES = HERE / "images"
MOMENT = datetime(2023, 12, 12, 9, 12, tzinfo=ZoneInfo("Europe/Paris"))
PAGE_WIDTH, ADMIN_WIDTH, SIDEBAR = 1100, 1280, 288
COLOURS = 256

Act = Callable[[Page], object]


@dataclass(frozen=True)
class Picture:
    """``act`` is what the person does first; ``top`` is where the picture begins, on a long page."""

    name: str
    path: str
    height: int
    act: Act = lambda page: None
    top: str = ".site-header .header-row"


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


@dataclass(frozen=True)
class Scene:
    """What the pictures show."""

    coordinator: User
    team: Team
    open: Event
    full: Event
    report: Run
    running: Run


def prepare() -> Scene:
    accounts = json.loads((VAR / "demo" / "accounts.json").read_text())
    users = {row["role"]: User.objects.get(email=row["email"]) for row in accounts}
    coordinator, staff = users["coordinator"], users["staff"]
    team = Team.objects.of_person(coordinator.person_id, DAY).get()
    scene = Scene(
        coordinator=coordinator,
        team=team,
        open=_open_event(staff),
        full=_full_event(staff, coordinator.person),
        report=Run.objects.filter(kind=Document.ACTIVITY).latest_first()[0],
        running=_running(users["board"]),
    )
    # What is dated by the clock, or weighed, would change with each run.
    RunRequest.objects.update(requested_at=MOMENT)
    Run.objects.filter(status=RunStatus.DONE).update(requested_at=MOMENT, finished_at=MOMENT)
    Result.objects.update(created_at=MOMENT, size=200_000)
    with pgtrigger.ignore():
        Event.pgh_event_model.objects.update(pgh_created_at=MOMENT)
    return scene


def _open_event(staff: User) -> Event:
    """Two seats are left of twenty; the staff has added four."""
    event = Event.objects.create(
        title="Ma MSP en pratique : animer une réunion d’équipe",
        description=(
            "Préparer l’ordre du jour, faire parler tout le monde, finir à l’heure et garder une "
            "trace des décisions : une matinée d’exercices, avec vos propres réunions pour matière."
        ),
        kind=ActionKind.objects.get(code="practice"),
        theme=Theme.objects.get(label="Coordination"),
        starts_on=date(2024, 1, 9),
        ends_on=date(2024, 1, 9),
        starts_at=time(9, 30),
        ends_at=time(12, 30),
        format=Format.ON_SITE,
        department="49",
        place="Maison des associations, Angers",
        audiences=["members"],
        capacity=16,
        registration_until=date(2024, 1, 5),
    )
    EventSession.objects.create(event=event, number=1, held_on=event.starts_on)
    with pghistory.context(user=staff.pk):
        event.capacity = 20
        event.save()
    _register(event, _people(0, 18), staff)
    return event


def _full_event(staff: User, coordinator: Person) -> Event:
    """The coordinator waits, second of four."""
    event = Event.objects.create(
        title="Rencontre régionale des coordinations",
        kind=ActionKind.objects.get(code="regional_meeting"),
        starts_on=date(2023, 12, 19),
        ends_on=date(2023, 12, 19),
        starts_at=time(14, 0),
        ends_at=time(17, 0),
        format=Format.HYBRID,
        department="44",
        place="Maison de la santé, Nantes",
        audiences=["members"],
        capacity=12,
    )
    EventSession.objects.create(event=event, number=1, held_on=event.starts_on)
    _register(event, [*_people(18, 31), coordinator, *_people(31, 33)], staff)
    return event


def _people(first: int, last: int) -> list[Person]:
    with_address = Person.objects.filter(emails__is_primary=True, account=None)
    return list(with_address.filter(affiliations__isnull=False).order_by("code")[first:last])


def _register(event: Event, people: list[Person], staff: User) -> None:
    services.register_colleagues(event=event, people=people, by=staff, on=DAY, at=MOMENT)


def _running(board: User) -> Run:
    """Half-way for ever: no worker is late with it before the pictures are taken."""
    run = Run.objects.create(
        kind=Document.ACTIVITY,
        key="picture",
        label=f"{Document.ACTIVITY.label} 2023",
        params={"year": 2022},
        status=RunStatus.RUNNING,
        total=14,
        done=9,
        sent_at=MOMENT,
        beat_at=timezone.now() + timedelta(hours=1),
    )
    RunRequest.objects.create(run=run, user=board)
    return run


# -- what is shown ---------------------------------------------------------------------------------
def of_visitors(scene: Scene) -> list[Picture]:
    return [Picture("connexion", "/compte/connexion/", 880)]


def of_coordination(scene: Scene) -> list[Picture]:
    scan = f"/rapports/scan/{scene.team.pk}/2023/"
    renewal = f"/equipes/{scene.team.pk}/adhesion/2024"
    return [
        Picture("accueil", "/", 1010),
        Picture("annuaire", "/annuaire/?role=coordinator&department=85", 700),
        Picture("equipe-soignante", scene.team.get_absolute_url(), 720),
        Picture("scan-equipe", scan, 860),
        Picture("evenements", "/evenements/", 720),
        Picture("liste-attente", scene.full.get_absolute_url(), 560),
        Picture("inscription", scene.open.get_absolute_url(), 1060, tick_colleagues),
        Picture("inscrite", scene.open.get_absolute_url(), 640, register),
        Picture("outil", "/boite-a-outils/?search=concertation", 720),
        Picture("pret", "/boite-a-outils/prets/", 760),
        Picture("profil", "/mon-profil/", 620),
        Picture("deuxieme-preuve", "/compte/securite/", 620),
        Picture("carte", "/carte/?department=72", 900),
        Picture("adhesion-equipe", f"{renewal}/equipe/", 820),
        Picture("adhesion-formulaire", f"{renewal}/formulaire/", 900),
        Picture("mes-donnees", "/mes-donnees/", 860),
    ]


def of_staff(scene: Scene) -> list[Picture]:
    event = f"/administration/events/event/{scene.full.pk}"
    registrations = f"/administration/events/registration/?event__id__exact={scene.full.pk}"
    return [
        Picture("tableau-de-bord", "/administration/", 760),
        Picture("filtres", "/administration/events/event/?periode=a-venir", 620, open_filters),
        Picture("fiche-evenement", f"{event}/change/", 600, open_registrations),
        Picture("inscrire-des-personnes", f"{event}/inscrire/", 420, look_for_people),
        Picture("actions", registrations, 640, choose_waiting),
        Picture("apercu", registrations, 420, preview),
        Picture("importer", "/administration/toolbox/tool/import/", 520, import_tools),
        Picture("historique", event.replace(str(scene.full.pk), f"{scene.open.pk}/history/"), 260),
        Picture("prets-a-traiter", "/administration/toolbox/loan/?status=requested", 420, tick_all),
        Picture("inviter", "/administration/members/person/?q=abgrall+an", 420, invite),
        Picture("equipes-a-suivre", "/administration/members/team/?suivi=leader-seul", 560),
        Picture("campagne", "/administration/members/membership/?year=2024", 800),
        Picture("rapprocher", "/administration/members/bankline/importer", 560, import_statement),
    ]


def of_board(scene: Scene) -> list[Picture]:
    return [
        Picture("rapports", "/rapports/2023/", 980),
        Picture("chiffre", "/rapports/2023/chiffres/teams_constituted/", 720),
        Picture("document-en-cours", scene.running.get_absolute_url(), 420),
        Picture("document-pret", scene.report.get_absolute_url(), 420),
    ]


# -- what people do --------------------------------------------------------------------------------
def tick_colleagues(page: Page) -> None:
    boxes = page.locator("input[name=people]")
    boxes.nth(0).check()
    boxes.nth(2).check()


def register(page: Page) -> None:
    page.get_by_role("button", name="M’inscrire").click()
    page.get_by_text("Une confirmation vous est envoyée").wait_for()


def open_filters(page: Page) -> None:
    page.get_by_text("Filtres").first.click()
    page.get_by_role("button", name="Filtrer", exact=True).wait_for()


def open_registrations(page: Page) -> None:
    page.get_by_role("link", name="Inscriptions", exact=True).last.click()


def look_for_people(page: Page) -> None:
    page.locator(".select2-search__field").fill("aubep")
    page.locator(".select2-results__option").nth(1).wait_for()
    page.wait_for_timeout(500)


def choose_waiting(page: Page) -> None:
    for row in page.locator("#result_list tbody tr", has_text="Sur liste d’attente").all()[:2]:
        row.get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option(label="Confirmer (donner une place)")


def preview(page: Page) -> None:
    choose_waiting(page)
    page.get_by_role("button", name=re.compile("Exécuter|Envoyer")).first.click()


def import_tools(page: Page) -> None:
    sheet = VAR / "outils.csv"
    kept = Tool.objects.order_by("code")[0]
    sheet.write_text(
        "code,title,kind,theme,published_on,withdrawn_on,audience\n"
        "O-2024-01,Accueillir une nouvelle coordinatrice,guide,coordination,2023-12-04,,members\n"
        f"{kept.code},{kept.title},guide,aci,{kept.published_on},,members\n"
    )
    page.locator("input[type=file]").set_input_files(sheet)
    page.locator("select[name=format]").select_option(label="csv")
    page.get_by_role("button", name="Envoyer").click()


def import_statement(page: Page) -> None:
    """A call paid with its reference, and a sum that only looks like another one's."""
    waiting = Piece.objects.filter(kind=PieceKind.CALL, membership__status=MembershipStatus.CALLED)
    calls = list(waiting.select_related("membership__team").order_by("number")[:2])
    lines = [
        f"11/12/2023;VIR {call.reference};;{call.amount_cents / 100:.2f}".replace(".", ",")
        for call in calls[:1]
    ]
    lines += [
        f"12/12/2023;VIR {call.membership.team};;{call.amount_cents / 100:.2f}".replace(".", ",")
        for call in calls[1:]
    ]
    sheet = VAR / "releve.csv"
    sheet.write_text(
        "\n".join(
            ["Date;Libellé;Débit;Crédit", *lines, "12/12/2023;REMBOURSEMENT DE TIMBRES;;12,60", ""]
        )
    )
    page.locator("input[type=file]").set_input_files(sheet)
    page.get_by_role("button", name="Importer").click()


def tick_all(page: Page) -> None:
    page.locator("#result_list tbody tr").first.get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option(
        label="Accorder (le premier exemplaire libre)"
    )


def invite(page: Page) -> None:
    page.locator("#result_list tbody tr").first.get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option(
        label="Ouvrir un compte et envoyer l’invitation"
    )


# -- taking them -----------------------------------------------------------------------------------
def take(page: Page, picture: Picture) -> None:
    in_admin = picture.path.startswith("/administration/")
    width = ADMIN_WIDTH if in_admin else PAGE_WIDTH
    page.set_viewport_size({"width": width, "height": picture.height})
    page.goto(picture.path)
    picture.act(page)
    page.wait_for_load_state("load")
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


def photograph(portal: Portal, scene: Scene) -> None:
    albums = {"": of_visitors, "coordinator": of_coordination, "staff": of_staff, "board": of_board}
    for role, pictures in albums.items():
        with portal.visit(width=PAGE_WIDTH) as page:
            if role:
                portal.sign_in(page, role)
            for picture in pictures(scene):
                take(page, picture)
            if role == "staff":
                take_sheet(page, scene.open)


if __name__ == "__main__":
    try:
        main()
    finally:
        embedded.leave()
        shutil.rmtree(VAR, ignore_errors=True)
