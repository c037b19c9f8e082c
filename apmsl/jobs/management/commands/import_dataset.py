from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apmsl.lib.imports import pipeline
from apmsl.lib.typography import number, plural, typeset


class Command(BaseCommand):
    help = "Reprend les données d’une fédération : un dossier de fichiers CSV, tout ou rien."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DOSSIER")
        parser.add_argument(
            "--dry-run", action="store_true", help="Tout vérifier et compter, sans rien écrire."
        )

    def handle(self, *args: Any, folder: Path, dry_run: bool, **options: Any) -> None:
        try:
            report = pipeline.run(folder, dry_run=dry_run)
        except pipeline.NothingToImport as refusal:
            raise CommandError(typeset(str(refusal))) from None
        if report.problems:
            self._refuse(report)
        if options["verbosity"]:
            self._tell(report, dry_run=dry_run)

    def _tell(self, report: pipeline.Report, *, dry_run: bool) -> None:
        for (table, rows), counts in report.counts.items():
            line = (
                f"{table}.csv, {rows} : {plural(counts.created, 'création')}, "
                f"{plural(counts.updated, 'modification')}, {number(counts.unchanged)} sans changement"
            )
            self.stdout.write(typeset(line))
        end = "Essai : rien n’a été écrit." if dry_run else "Tout est chargé."
        self.stdout.write(typeset(end))

    def _refuse(self, report: pipeline.Report) -> None:
        problems = report.problems
        for problem in problems:
            self.stderr.write(str(problem))
        told = f"{plural(len(problems), 'erreur')} : rien n’a été chargé."
        if problems.left_out:
            told += f" Les {number(problems.kept)} premières sont détaillées."
        raise CommandError(typeset(told))
