"""06: what was said to the teams and to the public, and what they found."""

from collections.abc import Sequence

from apmsl.lib import typography
from reports.builders.activity.material import Material
from reports.builders.activity.shared import chapter_title, landmarks, table
from reports.builders.figures import Action, Chapter, Figure, Table
from reports.enums import ActionKey
from reports.enums import Chapter as ReportKey

_LETTERS = (("members", "Adhérents"), ("special", "Spéciales"), ("public", "Tout public"))
_OF_A_LETTER = ("", "_recipients", "_open_pct")


def communication(material: Material) -> Chapter:
    return Chapter(
        key="communication",
        number="06",
        title=chapter_title(ReportKey.COMMUNICATION),
        intro=material.text("communication"),
        highlights=[
            material.figure("site_visitors", "visiteur du site", "visiteurs du site"),
            material.figure("linkedin_followers", "abonné LinkedIn", "abonnés LinkedIn"),
            material.figure("tool_views", "vue de la boîte à outils", "vues de la boîte à outils"),
        ],
        actions=[
            Action(
                key=ActionKey.LETTERS,
                title="Les lettres",
                table=_letters(material),
                note=_regular(material),
            ),
            _tools(material),
            _audience(material),
            _articles(material),
            _postings(material),
            landmarks(material, ReportKey.COMMUNICATION),
        ],
    )


def _letters(material: Material) -> Table | None:
    rows, proofs = [], []
    for kind, name in _LETTERS:
        counted = [material.figure(f"letters_{kind}{one}", "") for one in _OF_A_LETTER]
        if counted[0].value:
            rows.append((name, *(figure.text for figure in counted)))
            proofs.append(("", *(figure.id for figure in counted)))
    head = ("Lettre", "Envois", "Destinataires", "Ouvertes")
    return table("Lettres envoyées dans l’année", head, rows, proofs=proofs)


def _regular(material: Material) -> str:
    """The special letters are none: they follow the news."""
    sent = [kind for kind, _ in _LETTERS if kind != "special" and material.value(f"letters_{kind}")]
    if not sent:
        return ""
    return f"{typography.plural(len(sent), 'lettre régulière', 'lettres régulières')} dans l’année."


def _tools(material: Material) -> Action:
    return Action(
        key=ActionKey.TOOLS,
        title="La boîte à outils",
        figures=[
            material.figure("tools", "outil disponible", "outils disponibles"),
            material.figure("tools_new", "nouvel outil", "nouveaux outils"),
        ],
        table=table(
            "Les outils les plus consultés",
            ("Outil", "Vues"),
            material.lists.tools,
            proof="tool_views",
        ),
    )


def _audience(material: Material) -> Action:
    return Action(
        key=ActionKey.AUDIENCE,
        title="Le site et LinkedIn",
        figures=[
            material.figure("site_page_views", "page vue", "pages vues"),
            material.figure("linkedin_posts", "publication", "publications"),
            material.figure("linkedin_views", "vue sur LinkedIn", "vues sur LinkedIn"),
        ],
    )


def _articles(material: Material) -> Action:
    return Action(
        key=ActionKey.ARTICLES,
        title="Les articles",
        figures=_viewed(
            material,
            ("articles_inspir_cafe", "« Inspir’Café »", ""),
            ("articles_talent", "« MSP ont du talent »", ""),
        ),
        table=table(
            "Les plus lus",
            ("Article", "Publication", "Vues"),
            [
                (title, typography.day(day, year=False), views)
                for title, day, views in material.lists.articles
            ],
            words=True,
            ends_in_number=True,
        ),
    )


def _postings(material: Material) -> Action:
    return Action(
        key=ActionKey.POSTINGS,
        title="Les offres de postes",
        figures=_viewed(
            material, ("job_postings", "offre de poste", "offres de postes"), views="job_posting"
        ),
        table=table(
            "Offres publiées dans l’année",
            ("Type d’offre", "Offres", "Vues"),
            material.lists.postings,
            proof="job_postings",
        ),
    )


def _viewed(material: Material, *rows: tuple[str, str, str], views: str = "") -> Sequence[Figure]:
    """How many were published, and how often they were read."""
    found = []
    for indicator, one, many in rows:
        published = material.figure(indicator, one, many)
        seen = material.figure(f"{views or indicator}_views", "vue", "vues")
        found += [material.pair(published, seen)] if published.value else []
    return found
