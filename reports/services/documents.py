"""Asking for documents."""

from datetime import date, datetime

from apmsl.jobs import services as jobs
from apmsl.jobs.models import Params, Run
from apmsl.lib.dates import reference_day
from members.models import Team, User
from network.models import LocalGroup
from reports.builders import documents
from reports.builders.kept import kept_page, kept_pages
from reports.enums import Document

# What takes a while only to know whether it has changed is looked at by the worker.
_LOOKED_AT_LATER = {Document.SCAN_BATCH, Document.WORKBOOK}


def request_document(
    *,
    document: Document,
    year: int,
    user: User,
    at: datetime,
    about: Team | LocalGroup | None = None,
    as_of: date | None = None,
    anew: bool = False,
    printer: bool = False,
) -> Run:
    """A run for the document; already finished when the same content was made before.

    ``about`` is the team of a Scan'équipe, the group of a card. ``anew``: from the records as they
    are today, though the page of the year is kept. ``printer``: with what a printing house cuts away.
    """
    params = documents.parameters(year, as_of or reference_day(year), about)
    title = documents.title(document, year, about)
    if printer and document in documents.PRINTABLE:
        params["printer"], title, anew = True, documents.printer_title(title), True
    return jobs.request(
        kind=document,
        key=title.key,
        label=title.label,
        params=params,
        user=user,
        at=at,
        digest=(None if anew else _kept(document, year, about)) or _known(document, params),
    )


def request_preview(*, year: int, chapter: str, user: User, at: datetime) -> Run:
    """Of one chapter of the draft. ``Refused`` when it has nothing to print."""
    params = documents.parameters(year, reference_day(year)) | {"chapter": chapter}
    title = documents.preview_title(year, chapter)
    return jobs.request(
        kind=Document.CHAPTER,
        key=title.key,
        label=title.label,
        params=params,
        user=user,
        at=at,
        digest=_known(Document.CHAPTER, params),
    )


def _kept(document: Document, year: int, about: Team | LocalGroup | None) -> str | None:
    if isinstance(about, LocalGroup):
        return None
    pages = kept_pages(document, [about], year) if about else {}
    page = pages.get(about.pk) if about else kept_page(document, year)
    return page.digest if page else None


def _known(document: Document, params: Params) -> str | None:
    if document in _LOOKED_AT_LATER:
        return None
    return documents.page(document, params).draft().digest
