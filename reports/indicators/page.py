"""The page of the documentation that lists every indicator, written from their declarations."""

from collections.abc import Iterable

from reports.enums import Chapter
from reports.indicators.indicator import Indicator

HEAD = """# Les indicateurs annuels

Cette page est écrite à partir des déclarations (`python manage.py indicators --page`) : ne la modifiez pas à la main.

Chaque chiffre du portail est déclaré une seule fois, avec la liste des fiches qu’il compte, et imprimé partout à partir de là.
L’année est celle du rapport ; la date de référence est le 31 décembre de cette année, sauf si une autre est donnée : rien de ce qui
est daté d’après ne compte. Les parts sont en pour cent entiers, les moyennes ont une décimale, arrondies au plus proche (la moitié vers le haut) ;
sans rien à quoi rapporter, il n’y a pas de chiffre.
"""


def written(indicators: Iterable[Indicator]) -> str:
    by_chapter: dict[str, list[Indicator]] = {}
    for indicator in indicators:
        by_chapter.setdefault(indicator.chapter, []).append(indicator)
    chapters = [_chapter(c, by_chapter[c]) for c in Chapter if c in by_chapter]
    return "\n".join([HEAD, *chapters])


def _chapter(chapter: Chapter, indicators: list[Indicator]) -> str:
    lines = [f"## {chapter.label}", "", "| code | chiffre | définition |", "|---|---|---|"]
    lines += [f"| `{i.id}` | {i.title} | {_definition(i)} |" for i in indicators]
    return "\n".join(lines) + "\n"


def _definition(indicator: Indicator) -> str:
    return " ".join([indicator.definition, *(one.text for one in indicator.breaks)])
