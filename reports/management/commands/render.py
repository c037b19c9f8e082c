from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError

from apmsl.jobs.models import Params, Refused, Result
from apmsl.lib.dates import reference_day
from members.models import Team
from network.models import LocalGroup
from reports import services
from reports.builders import documents, screen
from reports.builders.kept import kept_page
from reports.enums import Document
from reports.models import ReportVersion

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
            options["output"].write_bytes(_content(document, params, about))
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as failure:
            raise CommandError(
                f"{options['output']} ne peut pas être écrit : {failure}."
            ) from failure
        self.stdout.write(f"{documents.title(document, year, about).label} : {options['output']}")


def _content(document: Document, params: Params, about: Team | LocalGroup | None) -> bytes:
    """The file that the portal keeps, where there is one; else the pages as the records give them."""
    if params.get("printer"):
        return _for_printer(document, params)
    kept = kept_page(document, params["year"], about)
    return _read(kept) if kept else documents.page(document, params).drawn()


def _for_printer(document: Document, params: Params) -> bytes:
    """Of a voted report, what was voted."""
    year = params["year"]
    voted = ReportVersion.objects.last_voted(year) if document == Document.ACTIVITY else None
    if voted is None:
        return documents.page(document, params).drawn()
    kept = services.printer_file_of(voted)
    return _read(kept) if kept else documents.version_page(voted, printer=True).drawn()


def _read(kept: Result) -> bytes:
    with kept.file.open("rb") as file:
        content: bytes = file.read()
    return content


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
