"""Every Scan'équipe of a year, as one archive: those that have not changed are not drawn again."""

import io
import zipfile
from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from apmsl.jobs import services as jobs
from apmsl.jobs.models import Draft, Params, Refused, Result
from apmsl.jobs.models.kinds import Beat
from apmsl.jobs.services import Wish
from members.models import Scan, Team
from reports.builders import reading
from reports.builders.documents import parameters, team_page, title
from reports.builders.kept import kept_pages
from reports.enums import Document

NONE_SENT = "Aucune équipe n’a encore envoyé son formulaire Scan’équipe pour cette année."
# Archives begin in 1980; the same files then give the same archive.
_DAY = (1980, 1, 1, 0, 0, 0)


def draft(params: Params) -> Draft:
    wishes = _wishes(params["year"], date.fromisoformat(params["as_of"]))
    if not wishes:
        raise Refused(NONE_SENT)

    def make(beat: Beat) -> bytes:
        return _archive(jobs.gather(wishes=wishes, beat=beat))

    contents = "\n".join(f"{wish.key} {wish.digest}" for wish in wishes)
    digest = sha256(contents.encode()).hexdigest()
    return Draft(f"scan-equipe-{params['year']}.zip", digest, make)


def _wishes(year: int, as_of: date) -> list[Wish]:
    sent = Scan.objects.last_of_year(year, as_of).values("team")
    teams = list(Team.objects.members_of(year, as_of).filter(pk__in=sent).by_name())
    region = reading.region(year, as_of)
    sheets = reading.team_sheets(teams, year, as_of, region)
    means = {"region": region.as_params()}
    kept = kept_pages(Document.SCAN, teams, year)
    return [
        Wish(
            kind=Document.SCAN,
            key=title(Document.SCAN, year, team).key,
            label=title(Document.SCAN, year, team).label,
            params=parameters(year, as_of, team) | means,
            digest=kept[team.pk].digest
            if team.pk in kept
            else team_page(team, sheet).draft().digest,
        )
        for team, sheet in zip(teams, sheets, strict=True)
    ]


def _archive(results: Iterable[Result]) -> bytes:
    """Stored as they are: a PDF is compressed already."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for result in results:
            with result.file.open("rb") as file:
                archive.writestr(zipfile.ZipInfo(result.filename, _DAY), file.read())
    return written.getvalue()
