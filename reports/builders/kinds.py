"""The documents as kinds of runs: who may follow and download them, where they are asked for."""

from django.urls import reverse

from apmsl.jobs.models import Kind, Run
from apmsl.jobs.models.kinds import register
from reports.access import card_runs, report_runs, scan_runs
from reports.builders import batches, documents, sheets
from reports.enums import Chapter, Document
from reports.models import ChapterOfYear, ReportVersion


def register_kinds() -> None:
    for document in (
        Document.ACTIVITY,
        Document.SLIDES,
        Document.SCAN_REGION,
        Document.NETWORK,
    ):
        register(Kind(document, documents.drafter(document), report_runs, _to_the_year))
    preview = documents.drafter(Document.CHAPTER)
    register(Kind(Document.CHAPTER, preview, report_runs, _to_the_chapter))
    register(Kind(Document.VERSION, documents.version_draft, report_runs, _to_the_version))
    register(
        Kind(Document.SCAN_BATCH, None, report_runs, _to_the_year, batches.whole, batches.aside)
    )
    register(Kind(Document.WORKBOOK, sheets.draft, report_runs, _to_the_year))
    group_card = documents.drafter(Document.GROUP_CARD)
    register(Kind(Document.GROUP_CARD, group_card, card_runs, _to_the_group))
    for document in (Document.SCAN, Document.SCAN_WIDE, Document.SCAN_IMAGE):
        register(Kind(document, documents.drafter(document), scan_runs, _to_the_team))


def _to_the_year(run: Run) -> str:
    return reverse("reports:year", args=[run.params["year"]])


def _to_the_chapter(run: Run) -> str:
    """Where its text is written, unless it was removed since."""
    year, chapter = run.params["year"], run.params["chapter"]
    if chapter in Chapter.values or ChapterOfYear.objects.filter(year=year, key=chapter).exists():
        return reverse("reports:text", args=[year, chapter])
    return _to_the_year(run)


def _to_the_version(run: Run) -> str:
    version = ReportVersion.objects.without_pages().filter(pk=run.params["version"]).first()
    return version.get_absolute_url() if version else _to_the_year(run)


def _to_the_group(run: Run) -> str:
    return reverse("network:group", args=[run.params["group"]])


def _to_the_team(run: Run) -> str:
    return reverse("reports:scan", args=[run.params["team"], run.params["year"]])
