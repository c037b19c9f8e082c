"""From the records to the report that the board votes.

A version is a copy: what the board reads is what it votes, to the byte. To correct it while it is
read, withdraw it and lay another before the board; after the vote, an erratum is another version.
The database holds that one version at most is in reading (``reportversion_one_in_reading``) and that
a version never changes: each move is one conditional statement, so of two people one makes it.
"""

import hashlib
from dataclasses import asdict
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from apmsl.jobs import services as jobs
from apmsl.jobs.models import Result, Run
from members.models import User
from reports.builders import documents, snapshots
from reports.enums import Document
from reports.models import ReportVersion

ALREADY = "Une version de ce rapport est déjà en lecture : votez-la ou retirez-la d’abord."
OVER = "Cette version n’est plus en lecture : elle a été votée ou retirée entre-temps."


class VersionRefused(Exception):
    """The message is shown as it is, beside ``field`` where there is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def lay_before_board(
    *, year: int, by: User, on: date, at: datetime, reason: str = ""
) -> ReportVersion:
    """The report of the year as the records give it now, which moves no more. Its PDF is asked for.

    Once a version is voted, the next one corrects it and needs a ``reason``.
    """
    versions = ReportVersion.objects.of_year(year).without_pages()
    if versions.in_reading().exists():
        raise VersionRefused(ALREADY)
    corrects = ReportVersion.objects.without_pages().last_voted(year)
    if corrects and not reason.strip():
        raise VersionRefused("Dites pourquoi le rapport voté est corrigé.", "reason")
    told = snapshots.erratum_of(corrects=corrects, on=on, reason=reason) if corrects else ""
    snapshot = asdict(snapshots.take(year, erratum=told))
    last = versions.first()
    try:
        with transaction.atomic():
            version = ReportVersion.objects.create(
                year=year,
                number=last.number + 1 if last else 1,
                corrects=corrects,
                reason=reason.strip() if corrects else "",
                made_on=on,
                made_at=at,
                made_by=by,
                **snapshot,
            )
            request_file(version=version, by=by, at=at)
    except IntegrityError as error:
        raise VersionRefused(ALREADY) from error
    return version


def request_file(*, version: ReportVersion, by: User, at: datetime, printer: bool = False) -> Run:
    """The run that makes the PDF of a version; finished when it is made already. ``printer``: of the
    same pages, with what a printing house cuts away."""
    title = documents.version_title(version, printer=printer)
    params = {"version": version.pk, "year": version.year}
    return jobs.request(
        kind=Document.VERSION,
        key=title.key,
        label=title.label,
        params=params | ({"printer": True} if printer else {}),
        user=by,
        at=at,
        digest=version.digest,
    )


def withdraw(*, version: ReportVersion, on: date) -> None:
    in_reading = ReportVersion.objects.in_reading().filter(pk=version.pk)
    if not in_reading.update(withdrawn_on=on):
        raise VersionRefused(OVER)


def vote(*, version: ReportVersion, on: date, by: User, today: date) -> None:
    """Note that the board voted the version on a day. Its PDF is kept with it for good, and so is the
    one for the printer, which is asked for where nobody did: the look of that day is in both."""
    if on > today:
        raise VersionRefused("La date du vote ne peut pas être à venir.", "voted_on")
    if on < version.made_on:
        raise VersionRefused("Le vote ne peut pas précéder la mise en lecture.", "voted_on")
    result = file_of(version)
    if result is None:
        raise VersionRefused("Le PDF se prépare encore : le vote se note quand il est prêt.")
    changes = {"voted_on": on, "recorded_by": by, "result": result, "sha256": checksum(result)}
    in_reading = ReportVersion.objects.in_reading().filter(pk=version.pk)
    voted = ReportVersion.objects.of_year(version.year).voted().without_pages()
    with transaction.atomic():
        # Whoever opens or closes the figures meanwhile does so before or after, not in between.
        if before := voted.select_for_update(of=("self",), no_key=True).first():
            changes["is_open"] = before.is_open
        if not in_reading.update(**changes):
            raise VersionRefused(OVER)
        printed = documents.version_title(version, printer=True)
        of_version = Q(pk=result.pk) | Q(key=printed.key, digest=version.digest)
        Result.objects.filter(of_version).update(is_kept=True)
        request_file(version=version, by=by, at=timezone.now(), printer=True)


def open_checks(*, version: ReportVersion, is_open: bool) -> None:
    """Whether everybody may check the figures of a voted report, or the members alone: of all its
    versions together, and of an erratum that is voted later."""
    ReportVersion.objects.of_year(version.year).voted().update(is_open=is_open)


def file_of(version: ReportVersion) -> Result | None:
    """The PDF of a version, once it is made."""
    key = documents.version_title(version).key
    return version.result or Result.objects.of_content(key=key, digest=version.digest)


def printer_file_of(version: ReportVersion) -> Result | None:
    """The PDF for the printer, once it is made."""
    key = documents.version_title(version, printer=True).key
    return Result.objects.of_content(key=key, digest=version.digest)


def checksum(result: Result) -> str:
    """SHA-256 of the file, as « sha256sum » prints it."""
    try:
        with result.file.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise VersionRefused("Le fichier du PDF ne se lit pas. Réessayez plus tard.") from error
