"""The documents of the demonstration, asked for as people would and made by a worker."""

import json
import shutil
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apmsl.jobs.models import Run
from apmsl.lib.dates import today
from members.models import Team, User
from reports import services
from reports.enums import Document

YEAR = 2023
LOOK_AGAIN = 0.2


class Command(BaseCommand):
    help = "Demande les documents de la démonstration aux travailleurs, et les pose à côté d’elle."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--patience", type=float, default=180, metavar="SECONDES", help="Attente au plus."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = getattr(settings, "DEMO", None)
        if folder is None or not (folder / "accounts.json").exists():
            raise CommandError("Ce portail n’a pas de démonstration : lancez « manage.py demo ».")
        runs = _asked_for(_accounts(folder / "accounts.json"))
        _wait_for(runs, options["patience"])
        for run in runs:
            self.stdout.write(str(_copied(run, folder)))


def _accounts(file: Path) -> dict[str, User]:
    rows = json.loads(file.read_text())
    return {row["role"]: User.objects.get(email=row["email"]) for row in rows}


def _asked_for(accounts: dict[str, User]) -> list[Run]:
    board, coordinator = accounts["board"], accounts["coordinator"]
    team = Team.objects.of_person(coordinator.person_id or 0, today())
    asked = (
        (Document.ACTIVITY, board, None),
        (Document.SCAN_REGION, board, None),
        (Document.SCAN, coordinator, team.by_name().first()),
    )
    return [
        services.request_document(
            document=document, year=YEAR, user=user, at=timezone.now(), about=about
        )
        for document, user, about in asked
    ]


def _wait_for(runs: list[Run], patience: float) -> None:
    deadline = time.monotonic() + patience
    for run in runs:
        while run.is_in_flight:
            if time.monotonic() > deadline:
                raise CommandError(
                    f"{run.label} : toujours pas prêt après {patience:.0f} s. "
                    "Un travailleur (celery worker) est-il en marche ?"
                )
            time.sleep(LOOK_AGAIN)
            run.refresh_from_db()
        if run.result is None:
            raise CommandError(f"{run.label} : {run.message}")


def _copied(run: Run, folder: Path) -> Path:
    assert run.result is not None  # noqa: S101  _wait_for has seen to it
    target = folder / run.result.filename
    with run.result.file.open("rb") as made, target.open("wb") as copy:
        shutil.copyfileobj(made, copy)
    return target
