"""Every Scan'équipe of a year, as one archive: those that have not changed are not drawn again."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256

from apmsl.jobs import services as jobs
from apmsl.jobs.models import Draft, Refused, Result, Run
from apmsl.jobs.models.kinds import Aside, Beat
from apmsl.jobs.services import Wish
from apmsl.lib.archives import Archive
from apmsl.lib.typography import NBSP, plural
from members.models import Scan, Team
from reports.builders import reading
from reports.builders.documents import parameters, title
from reports.builders.kept import kept_pages
from reports.enums import Document

NONE_SENT = "Aucune équipe n’a encore envoyé son formulaire Scan’équipe pour cette année."
NOTICE_NAME = "a-lire.txt"


def whole(run: Run, beat: Beat) -> Draft:
    """The sheets first, each a run of its own; then the archive of those that could be drawn."""
    jobs.gather(run=run, plan=lambda: _listed(run), beat=beat)
    made = Result.objects.of_parts(run).values_list("digest", flat=True)
    notice = _notice(run)
    digest = sha256("\n".join([*made, notice]).encode()).hexdigest()

    def make(_beat: Beat) -> Archive:
        return Archive(_members(run, notice))

    return Draft(f"scan-equipe-{run.params['year']}.zip", digest, make)


def _listed(run: Run) -> list[Wish]:
    """Also notes the members that had sent no form by then: they may since, and others may join."""
    year, as_of = run.params["year"], date.fromisoformat(run.params["as_of"])
    sent = Scan.objects.last_of_year(year, as_of).values("team")
    members = Team.objects.members_of(year, as_of).by_name()
    teams = list(members.filter(pk__in=sent))
    if not teams:
        raise Refused(NONE_SENT)
    run.note(without_form=list(members.exclude(pk__in=sent).values_list("name", flat=True)))
    return _wishes(year, as_of, teams)


def _wishes(year: int, as_of: date, teams: list[Team]) -> list[Wish]:
    """Nothing is written here: whether a sheet has changed is seen by the worker that takes it."""
    means = {"region": reading.region(year, as_of).as_params()}
    kept = kept_pages(Document.SCAN, teams, year)
    return [
        Wish(
            kind=Document.SCAN,
            key=title(Document.SCAN, year, team).key,
            label=title(Document.SCAN, year, team).label,
            params=parameters(year, as_of, team) | means,
            digest=kept[team.pk].digest if team.pk in kept else None,
        )
        for team in teams
    ]


def aside(run: Run) -> Aside | None:
    """The teams that are not in the archive, for want of a form."""
    names = _without_form(run)
    words = (
        f"équipe n’a pas envoyé son formulaire{NBSP}: elle n’est pas dans l’archive",
        f"équipes n’ont pas envoyé leur formulaire{NBSP}: elles ne sont pas dans l’archive",
    )
    return Aside(plural(len(names), *words), names) if names else None


def _without_form(run: Run) -> list[str]:
    """Members of the year that had sent none when the sheets were listed; nobody before that."""
    names: list[str] = run.params.get("without_form", [])
    return names


def _notice(run: Run) -> str:
    """What the archive lacks, for whoever opens it; nothing of one that is whole."""
    failed = Run.objects.parts_of(run).failed().order_by("wholes__position")
    lines = [f"{label}{NBSP}: {why}" for label, why in failed.values_list("label", "message")]
    told = [
        ("Ces Scan’équipe n’ont pas pu être préparés.", lines),
        ("Ces équipes adhérentes n’ont pas envoyé leur formulaire.", _without_form(run)),
    ]
    parts = ["\r\n".join([title, "", *of, ""]) for title, of in told if of]
    return "\r\n".join(parts)


def _members(run: Run, notice: str) -> Iterator[tuple[str, bytes]]:
    if notice:
        yield NOTICE_NAME, notice.encode()
    for result in Result.objects.of_parts(run).iterator(200):
        with result.file.open("rb") as file:
            yield result.filename, file.read()
