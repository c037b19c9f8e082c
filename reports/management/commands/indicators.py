import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports import indicators


class Command(BaseCommand):
    help = "Affiche les indicateurs d’une année, en JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", nargs="?", metavar="ANNÉE", help="Année du rapport : 2023.")
        parser.add_argument(
            "--as-of",
            metavar="AAAA-MM-JJ",
            help="Date de référence (le 31 décembre de l’année, sauf indication contraire).",
        )
        parser.add_argument(
            "--page", action="store_true", help="Affiche plutôt la page qui les définit."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["page"]:
            self.stdout.write(indicators.documentation(), ending="")
            return
        figures = indicators.compute(_year(options["year"]), _day(options["as_of"]))
        self.stdout.write(json.dumps(figures, indent=1, ensure_ascii=False))


def _year(text: str | None) -> int:
    if text is None:
        raise CommandError("Donnez une année : « manage.py indicators 2023 ».")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 9999):
        raise CommandError(f"« {text} » n’est pas une année : écrivez-la en chiffres, comme 2023.")
    return int(text)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"« {text} » n’est pas une date : écrivez-la comme 2023-06-30."
        raise CommandError(message) from error
