from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError

from apmsl.jobs.models import Refused
from apmsl.lib.dates import reference_day
from members.models import Team
from network.models import LocalGroup
from reports.builders import documents, screen
from reports.enums import Document

Found = TypeVar("Found", Team, LocalGroup)
# A run of several, a copy that was kept, a preview, a spreadsheet: asked for on their pages.
_ELSEWHERE = {Document.SCAN_BATCH, Document.VERSION, Document.CHAPTER, Document.WORKBOOK}
DOCUMENTS = [document.value for document in Document if document not in _ELSEWHERE]


class Command(BaseCommand):
    help = "Écrit un document (PDF ou image), le même que celui que le portail donne à télécharger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("document", choices=DOCUMENTS, help="Le document à écrire.")
        parser.add_argument("--year", type=int, required=True, metavar="ANNÉE")
        parser.add_argument(
            "--team", metavar="CODE", help="Le code de l’équipe (scan, scan-wide, scan-image)."
        )
        parser.add_argument("--group", metavar="CODE", help="Le code du groupe local (group-card).")
        parser.add_argument(
            "--printer",
            action="store_true",
            help="Pour l’imprimeur : 3 mm à couper et les traits de coupe.",
        )
        parser.add_argument("--output", type=Path, required=True, metavar="FICHIER")

    def handle(self, *args: Any, **options: Any) -> None:
        document, year = Document(options["document"]), options["year"]
        if year not in screen.recorded_years():
            raise CommandError(f"Aucune adhésion n’est enregistrée pour {year}.")
        about = _about(document, options["team"], options["group"])
        params = documents.parameters(year, reference_day(year), about)
        if options["printer"]:
            if document not in documents.PRINTABLE:
                raise CommandError("Ce document ne s’imprime pas chez un imprimeur.")
            params["printer"] = True
        try:
            page = documents.page(document, params)
            options["output"].write_bytes(page.drawn())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as failure:
            raise CommandError(
                f"{options['output']} ne peut pas être écrit : {failure}."
            ) from failure
        self.stdout.write(f"{documents.title(document, year, about).label} : {options['output']}")


def _about(document: Document, team: str | None, group: str | None) -> Team | LocalGroup | None:
    if document in {Document.SCAN, Document.SCAN_WIDE, Document.SCAN_IMAGE}:
        if not team:
            raise CommandError("Donnez le code d’une équipe : « --team CODE ».")
        return _found(
            Team.objects.filter(code=team).first(), f"Aucune équipe n’a le code « {team} »."
        )
    if document == Document.GROUP_CARD:
        if not group:
            raise CommandError("Donnez le code d’un groupe local : « --group CODE ».")
        return _found(
            LocalGroup.objects.filter(code=group).first(),
            f"Aucun groupe local n’a le code « {group} ».",
        )
    return None


def _found(record: Found | None, message: str) -> Found:
    if record is None:
        raise CommandError(message)
    return record
