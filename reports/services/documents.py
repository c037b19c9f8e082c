"""Asking for documents."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from apmsl.jobs import services as jobs
from apmsl.jobs.models import Params, Result, Run
from apmsl.lib.dates import reference_day
from members.models import Team, User
from network.models import LocalGroup
from reports.builders import documents
from reports.builders.kept import kept_forms, kept_page
from reports.enums import Document
from reports.models import ReportVersion
from reports.services.voting import request_file

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
    are today, though the page of the year is kept; its other forms follow. ``printer``: with what a
    printing house cuts away; of a voted report, the file of the version.
    """
    params = documents.parameters(year, as_of or reference_day(year), about)
    asked = partial(_page, params=params, about=about, user=user, at=at)
    if printer and document in documents.PRINTABLE:
        voted = _voted(year) if document == Document.ACTIVITY else None
        if voted:
            return request_file(version=voted, by=user, at=at, printer=True)
        return _for_printer(document, params, about, user=user, at=at)
    for other in _other_forms(document, year, about) if anew else ():
        asked(other, anew=True)
    return asked(document, anew=anew)


def request_preview(*, year: int, chapter: str, user: User, at: datetime) -> Run:
    """Of one chapter of the draft. ``Refused`` when it has nothing to print."""
    params = documents.parameters(year, reference_day(year)) | {"chapter": chapter}
    title = documents.preview_title(year, chapter)
    return _request(
        Document.CHAPTER, title, params, _known(Document.CHAPTER, params), user=user, at=at
    )


def _page(
    document: Document,
    *,
    params: Params,
    about: Team | LocalGroup | None,
    user: User,
    at: datetime,
    anew: bool,
) -> Run:
    year = params["year"]
    kept = None if anew else kept_page(document, year, about)
    digest = kept.digest if kept else _known(document, params)
    title = documents.title(document, year, about)
    run = _request(document, title, params, digest, user=user, at=at)
    # Made before its year was over, or before another that was kept since.
    if run.result and not kept and documents.is_for_good(document, year):
        Result.objects.choose(run.result, at=at)
    return run


def _for_printer(
    document: Document, params: Params, about: Team | LocalGroup | None, *, user: User, at: datetime
) -> Run:
    title = documents.printer_title(documents.title(document, params["year"], about))
    params = params | {"printer": True}
    return _request(document, title, params, _known(document, params), user=user, at=at)


def _request(
    document: Document,
    title: documents.Title,
    params: Params,
    digest: str | None,
    *,
    user: User,
    at: datetime,
) -> Run:
    return jobs.request(
        kind=document,
        key=title.key,
        label=title.label,
        params=params,
        user=user,
        at=at,
        digest=digest,
    )


def _voted(year: int) -> ReportVersion | None:
    return ReportVersion.objects.without_pages().last_voted(year)


def _other_forms(
    document: Document, year: int, about: Team | LocalGroup | None
) -> Iterable[Document]:
    """The same page in the forms that are kept: made anew, it would say one thing on paper and
    another on a screen."""
    if document not in documents.SCANS or not isinstance(about, Team):
        return ()
    return [form for form in kept_forms(about, year) if form != document]


def _known(document: Document, params: Params) -> str | None:
    if document in _LOOKED_AT_LATER:
        return None
    return documents.page(document, params).draft().digest
