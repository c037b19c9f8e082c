"""Each document from its parameters: what it is called, what it says, how its file is made.

Parameters are plain values, as a run carries them: ``year``, ``as_of`` (ISO), and the ``team`` or
the ``group`` by its key. ``region`` may carry the means of the region, read once for a batch.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from django.templatetags.static import static
from django.utils.text import slugify

from apmsl.jobs.models import Draft, Params, Refused
from apmsl.jobs.models.kinds import Beat
from apmsl.lib import pdf
from apmsl.lib.dates import today
from apmsl.lib.pdf.progress import followed
from members.models import Team
from network.models import LocalGroup
from reports.builders import activity, network, reading, scans, slides, wide
from reports.builders.reading import Region
from reports.builders.reading.moment import one_moment
from reports.enums import Chapter, Document
from reports.models import ChapterOfYear, ReportVersion

TELL_EVERY = 0.5  # seconds
# The page of a team, in its three forms.
SCANS = (Document.SCAN, Document.SCAN_WIDE, Document.SCAN_IMAGE)
# What goes to a printing house as it is; slides and pictures stay on screens.
PRINTABLE = (
    Document.ACTIVITY,
    Document.NETWORK,
    Document.SCAN,
    Document.SCAN_REGION,
    Document.GROUP_CARD,
)
# One page, whose year makes it: printed again once that year is over, it is the page of then.
_OF_A_YEAR = {*SCANS, Document.SCAN_REGION}
PRINTER = "css/pdf/printer.css"
GONE = "L’équipe ou le groupe de ce document n’existe plus."


@dataclass(frozen=True)
class Page:
    """A document before it is drawn: a PDF, or what ``draw`` makes of it."""

    filename: str
    html: str
    draw: Callable[[str], bytes] | None = None

    def drawn(self) -> bytes:
        return self.draw(self.html) if self.draw else pdf.render(self.html)

    def for_printer(self) -> "Page":
        """With three millimetres to cut away and the marks where to."""
        html = self.html.replace("</head>", f"{printer_link()}</head>", 1)
        return replace(self, filename=self.filename.replace(".pdf", "-imprimeur.pdf"), html=html)

    def draft(self) -> Draft:
        return Draft(self.filename, pdf.digest(self.html), self.make)

    def make(self, beat: Beat) -> bytes:
        with followed(_now_and_then(beat)):
            return self.drawn()


def printer_link() -> str:
    return f'<link rel="stylesheet" href="{static(PRINTER)}"/>'


def _now_and_then(beat: Beat) -> Callable[[int], None]:
    """A sheet takes a fraction of a second: telling each step of it would cost more than it does."""
    told_at = time.monotonic()

    def tell(percent: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > TELL_EVERY:
            beat(percent, 100)
            told_at = time.monotonic()

    return tell


@dataclass(frozen=True)
class Title:
    """``key`` is the same for the same document, ``label`` what it is called."""

    key: str
    label: str


def title(document: Document, year: int, about: Team | LocalGroup | None = None) -> Title:
    if about is None:
        return Title(f"{document}:{year}", f"{document.label} {year}")
    return Title(f"{document}:{year}:{about.pk}", f"{document.label} {year} – {about.name}")


def printer_title(title: Title) -> Title:
    return Title(f"{title.key}:printer", f"{title.label}, pour l’imprimeur")


def parameters(year: int, as_of: date, about: Team | LocalGroup | None = None) -> Params:
    """``about`` is the team or the group of the document."""
    given: Params = {"year": year, "as_of": as_of.isoformat()}
    if about is not None:
        given["team" if isinstance(about, Team) else "group"] = about.pk
    return given


def page(document: Document, params: Params) -> Page:
    with one_moment():
        made = _WRITERS[document](params["year"], date.fromisoformat(params["as_of"]), params)
    return made.for_printer() if params.get("printer") else made


def preview_title(year: int, chapter: str) -> Title:
    added = ChapterOfYear.objects.filter(year=year, key=chapter).first()
    name = added.name if added else Chapter(chapter).label
    return Title(f"{Document.CHAPTER}:{year}:{chapter}", f"Aperçu\u00a0: {name} {year}")


def version_title(version: ReportVersion, *, printer: bool = False) -> Title:
    title = Title(f"{Document.VERSION}:{version.pk}", str(version))
    return printer_title(title) if printer else title


def version_draft(params: Params) -> Draft:
    """Those for the printer depend on the pages that were kept alone, so that once made they are not
    made otherwise."""
    version = ReportVersion.objects.defer("slides").get(pk=params["version"])
    page = version_page(version, printer=bool(params.get("printer")))
    return Draft(page.filename, version.digest, page.make, is_kept=partial(_is_voted, version.pk))


def version_page(version: ReportVersion, *, printer: bool) -> Page:
    """The pages that were kept: nothing is read from the records again."""
    page = Page(f"rapport-activite-{version.year}-version-{version.number}.pdf", version.html)
    return page.for_printer() if printer else page


def _is_voted(version_id: int) -> bool:
    """Under its lock: a vote that is being noted finds the file and keeps it, or is seen here."""
    rows = ReportVersion.objects.only("voted_on").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=version_id).voted_on is not None


def drafter(document: Document) -> Callable[[Params], Draft]:
    def draft(params: Params) -> Draft:
        is_kept = is_for_good(document, params["year"]) and not params.get("printer")
        return replace(page(document, params).draft(), is_kept=lambda: is_kept)

    return draft


def is_for_good(document: Document, year: int) -> bool:
    """The page of a team or of the region, once its year is over (see reports.builders.kept)."""
    return document in _OF_A_YEAR and today() > date(year, 12, 31)


def _activity(year: int, as_of: date, params: Params) -> Page:
    """After the vote, a draft of what an erratum would say: what was voted is its version."""
    is_voted = ReportVersion.objects.of_year(year).voted().exists()
    report = activity.compose(reading.material(year, as_of))
    name = f"rapport-activite-{year}{'-brouillon' if is_voted else ''}.pdf"
    return Page(name, activity.html(report))


def _slides(year: int, as_of: date, params: Params) -> Page:
    """What is shown to the general meeting is what was voted."""
    voted = ReportVersion.objects.defer("html").last_voted(year)
    # Versions of before they were kept have none.
    if voted and voted.slides:
        return Page(f"diaporama-{year}.pdf", voted.slides)
    report = activity.compose(reading.material(year, as_of))
    return Page(f"diaporama-{year}.pdf", slides.html(report))


def _chapter(year: int, as_of: date, params: Params) -> Page:
    report = activity.compose(reading.material(year, as_of), only=params["chapter"])
    if not report.parts:
        raise Refused("Ce chapitre n’a encore rien à imprimer : ni texte, ni chiffre.")
    return Page(f"apercu-{params['chapter']}-{year}.pdf", activity.html(report))


def _scan(year: int, as_of: date, params: Params) -> Page:
    return team_page(*_team_sheet(year, as_of, params))


def _scan_wide(year: int, as_of: date, params: Params) -> Page:
    team, sheet = _team_sheet(year, as_of, params)
    return Page(f"scan-equipe-ecran-{year}-{slugify(team.name)[:80]}.pdf", wide.page_html(sheet))


def _scan_image(year: int, as_of: date, params: Params) -> Page:
    team, sheet = _team_sheet(year, as_of, params)
    name = f"scan-equipe-{year}-{slugify(team.name)[:80]}.png"
    return Page(name, wide.svg(sheet), wide.bitmap)


def _team_sheet(year: int, as_of: date, params: Params) -> tuple[Team, scans.TeamSheet]:
    team = Team.objects.filter(pk=params["team"]).first()
    if team is None:
        raise Refused(GONE)
    given = params.get("region")
    region = Region(**given) if given else reading.region(year, as_of)
    return team, reading.team_sheet(team, year, as_of, region)


def team_page(team: Team, sheet: scans.TeamSheet) -> Page:
    return Page(f"scan-equipe-{sheet.year}-{slugify(team.name)[:80]}.pdf", scans.team_html(sheet))


def _scan_region(year: int, as_of: date, params: Params) -> Page:
    sheet = reading.region_sheet(year, as_of)
    return Page(f"scan-equipe-region-{year}.pdf", scans.region_html(sheet))


def _network(year: int, as_of: date, params: Params) -> Page:
    return Page(f"bilan-reseau-{year}.pdf", network.network_html(reading.material(year, as_of)))


def _group_card(year: int, as_of: date, params: Params) -> Page:
    group = LocalGroup.objects.filter(pk=params["group"]).first()
    if group is None:
        raise Refused(GONE)
    card = reading.group_card(group, year, as_of)
    return Page(f"groupe-local-{slugify(group.name)}-{year}.pdf", network.group_html(card))


_WRITERS: dict[Document, Callable[[int, date, Params], Page]] = {
    Document.ACTIVITY: _activity,
    Document.SLIDES: _slides,
    Document.CHAPTER: _chapter,
    Document.SCAN: _scan,
    Document.SCAN_WIDE: _scan_wide,
    Document.SCAN_IMAGE: _scan_image,
    Document.SCAN_REGION: _scan_region,
    Document.NETWORK: _network,
    Document.GROUP_CARD: _group_card,
}
