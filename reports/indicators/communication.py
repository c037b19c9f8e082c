"""Letters sent and articles published in the year."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet

from apmsl.lib import rounding
from network.enums import ArticleKind, LetterKind
from network.models import Article, Newsletter
from reports.enums import Chapter
from reports.indicators.indicator import Indicator, Kind
from reports.indicators.population import Population
from reports.indicators.records import Column
from reports.indicators.scope import Scope, matching, once

LETTERS = Population(
    lambda scope: Newsletter.objects.filter(scope.in_year("sent_on")),
    columns=(
        Column("Lettre", "subject"),
        Column("Envoyée le", "sent_on"),
        Column("Destinataires", "delivered"),
        Column("Ouvertures", "opened"),
    ),
    order=("sent_on",),
    target="self",
    chapter=Chapter.COMMUNICATION,
)

ARTICLES = Population(
    lambda scope: Article.objects.filter(scope.in_year("published_on")),
    columns=(Column("Article", "title"), Column("Publié le", "published_on")),
    order=("published_on",),
    target="self",
    chapter=Chapter.COMMUNICATION,
)

LETTER_WORDS = {
    LetterKind.MEMBERS: ("lettre aux adhérents", "lettres aux adhérents"),
    LetterKind.SPECIAL: ("lettre spéciale", "lettres spéciales"),
    LetterKind.PUBLIC: ("lettre d’information", "lettres d’information"),
}
ARTICLE_WORDS = {
    ArticleKind.INSPIR_CAFE: ("article « Inspir’Café »", "articles « Inspir’Café »"),
    ArticleKind.TALENT: (
        "article « Les MSP ont du talent »",
        "articles « Les MSP ont du talent »",
    ),
}


def _sent(scope: Scope) -> QuerySet[Newsletter, Any]:
    letters = LETTERS.base(scope).order_by("pk")
    return letters.values_list("kind", "sent_on", "pk", "delivered", "opened")


@once
def _last_recipients(scope: Scope) -> dict[str, int]:
    """Recipients of the last letter of each kind; of two sent the same day, the first recorded."""
    earliest_first = sorted(scope.rows(_sent), key=lambda letter: (letter[1], -letter[2]))
    return {kind: delivered for kind, _, _, delivered, _ in earliest_first}


@once
def _rates(scope: Scope) -> dict[str, list[Decimal]]:
    """Each letter's openings, in percent of its recipients."""
    rates: dict[str, list[Decimal]] = {}
    for kind, _, _, delivered, opened in scope.rows(_sent):
        if delivered:
            rates.setdefault(kind, []).append(Decimal(opened) * 100 / Decimal(delivered))
    return rates


def _recipients(scope: Scope, kind: LetterKind) -> int:
    return _last_recipients(scope).get(kind, 0)


def _open_rate(scope: Scope, kind: LetterKind) -> int | float | None:
    rates = _rates(scope).get(kind, [])
    return rounding.mean(sum(rates, Decimal(0)), len(rates))


def _letters(kind: LetterKind) -> list[Indicator]:
    one, many = LETTER_WORDS[kind]
    title = many[0].upper() + many[1:]
    here = matching(kind=kind)
    return [
        LETTERS.count(
            f"letters_{kind}",
            where=here,
            one=one,
            many=many,
            definition="Lettres de ce type envoyées dans l’année.",
        ),
        LETTERS.fact(
            f"letters_{kind}_recipients",
            partial(_recipients, kind=kind),
            where=here,
            one=f"destinataire des {many}",
            many=f"destinataires des {many}",
            definition="Destinataires de la dernière lettre de ce type envoyée dans l’année.",
        ),
        LETTERS.fact(
            f"letters_{kind}_open_pct",
            partial(_open_rate, kind=kind),
            where=here,
            kind=Kind.MEAN,
            unit="%",
            title=f"{title} : taux d’ouverture",
            one=f"d’ouverture des {many}",
            definition=(
                "Moyenne des taux d’ouverture (ouvertures sur destinataires) "
                "des lettres de ce type envoyées dans l’année."
            ),
        ),
    ]


def _articles(kind: ArticleKind) -> list[Indicator]:
    one, many = ARTICLE_WORDS[kind]
    return [
        ARTICLES.count(
            f"articles_{kind}",
            where=matching(kind=kind),
            one=one,
            many=many,
            definition="Articles de cette rubrique publiés dans l’année.",
        ),
        ARTICLES.total(
            f"articles_{kind}_views",
            "views",
            where=matching(kind=kind),
            header="Consultations",
            one=f"consultation des {many}",
            many=f"consultations des {many}",
            definition="Consultations des articles de cette rubrique publiés dans l’année.",
        ),
    ]


INDICATORS = [
    *(indicator for kind in LETTER_WORDS for indicator in _letters(kind)),
    *(indicator for kind in ARTICLE_WORDS for indicator in _articles(kind)),
]
