"""The Scan'équipe of teams: read for many at once, in as many queries as for one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db.models import Count, Exists, OuterRef

from apmsl.lib.charts import Dot, Item, Mark, People, RegionMap, SitesMap
from events.models import Attendance, Registration
from members.models import Accompaniment, AccompanimentTeam, Site, Team
from reports.builders.figures import Change, Figure
from reports.builders.reading.answers import Answers, last_answers
from reports.builders.reading.coordination import Coordination, coordinations
from reports.builders.reading.likes import Told, beside
from reports.builders.reading.meetings import held_events
from reports.builders.reading.presentation import Presentation, presentations
from reports.builders.reading.region import PRACTICES, Region, place
from reports.builders.scans import Practice, TeamSheet
from reports.indicators import Scope
from toolbox.models import Loan

_NO_ANSWERS = Answers()


@dataclass(frozen=True)
class Network:
    """What the team did with the federation in the year."""

    events: int = 0
    people: int = 0
    accompaniments: int = 0
    loans: int = 0


@dataclass
class _Read:
    year: int
    as_of: date
    region: Region
    answers: dict[int, Answers]
    before: dict[int, Answers]
    coordination: dict[int, Coordination]
    coordination_before: dict[int, Coordination]
    network: dict[int, Network] = field(default_factory=dict)
    network_before: dict[int, Network] = field(default_factory=dict)
    sites: dict[int, list[Mark]] = field(default_factory=dict)
    chosen: dict[int, Presentation] = field(default_factory=dict)


def team_sheet(team: Team, year: int, as_of: date, region: Region) -> TeamSheet:
    return next(team_sheets([team], year, as_of, region))


def team_sheets(
    teams: Sequence[Team], year: int, as_of: date, region: Region
) -> Iterator[TeamSheet]:
    """In the order of ``teams``."""
    scope, ids, year_end = (
        Scope.of(year, as_of),
        [team.pk for team in teams],
        date(year - 1, 12, 31),
    )
    read = _Read(
        year=year,
        as_of=as_of,
        region=region,
        answers=last_answers(year, as_of, ids),
        before=last_answers(year - 1, year_end, ids),
        coordination=coordinations(ids, as_of),
        coordination_before=coordinations(ids, year_end),
        network=_network(ids, scope),
        network_before=_network(ids, Scope.of(year - 1, year_end)),
        sites=_sites(ids),
        chosen=presentations(ids, year),
    )
    return (_sheet(team, read) for team in teams)


# -- reading ---------------------------------------------------------------------------------------
def _network(teams: list[int], scope: Scope) -> dict[int, Network]:
    came = Attendance.objects.filter(session__event=OuterRef("event"), person=OuterRef("person"))
    present = Registration.objects.filter(
        Exists(came), team__in=teams, event__in=held_events(scope)
    ).order_by()
    counts = present.values_list("team").annotate(
        Count("event", distinct=True), Count("person", distinct=True)
    )
    running = Accompaniment.objects.running_in(scope.year, scope.as_of)
    helped = dict(
        AccompanimentTeam.objects.filter(team__in=teams, accompaniment__in=running)
        .order_by()
        .values_list("team")
        .annotate(Count("accompaniment", distinct=True))
    )
    lent = dict(
        Loan.objects.lent()
        .filter(scope.in_year("starts_on"), team__in=teams)
        .order_by()
        .values_list("team")
        .annotate(Count("pk"))
    )
    seen = {team: (events, people) for team, events, people in counts}
    return {
        team: Network(*seen.get(team, (0, 0)), helped.get(team, 0), lent.get(team, 0))
        for team in teams
    }


def _sites(teams: list[int]) -> dict[int, list[Mark]]:
    """Those that can be placed."""
    found: dict[int, list[Mark]] = {}
    for site in Site.objects.filter(team__in=teams).order_by("label", "pk"):
        if site.coordinates:
            mark = Mark(*site.coordinates, name=site.label, title=site.label, city=site.city)
            found.setdefault(site.team_id, []).append(mark)
    return found


# -- composing -------------------------------------------------------------------------------------
def _sheet(team: Team, read: _Read) -> TeamSheet:
    answers = read.answers.get(team.pk, _NO_ANSWERS)
    before = read.before.get(team.pk, _NO_ANSWERS)
    coordination = read.coordination.get(team.pk, Coordination())
    coordinated = read.coordination_before.get(team.pk, Coordination())
    chosen = read.chosen.get(team.pk, Presentation())
    return TeamSheet(
        year=read.year,
        as_of=read.as_of,
        federation=settings.FEDERATION_NAME,
        name=team.name,
        place=place(team),
        facts=_facts(team, read.as_of),
        figures=_figures(answers, before, read.year),
        composition=_composition(answers),
        practices=_practices(answers, before, read),
        coordination=_coordination_figures(coordination, coordinated, read.year - 1),
        coordination_facts=_coordination_facts(coordination),
        beside=beside(
            team,
            Told(answers, coordination),
            Told(before, coordinated),
            read.region.likes,
            read.year,
        ),
        network=_network_figures(team.pk, read),
        map=_map(team),
        sites=_sites_map(read.sites.get(team.pk, [])),
        hidden=chosen.hidden,
        logo=chosen.logo,
        photo=chosen.photo,
    )


def _facts(team: Team, as_of: date) -> list[str]:
    facts = []
    if team.constituted_on and team.constituted_on <= as_of:
        facts.append(f"Constituée depuis {team.constituted_on.year}")
    else:
        facts.append("En projet")
    if team.aci_signed_on and team.aci_signed_on <= as_of:
        facts.append(f"ACI signé en {team.aci_signed_on.year}")
    facts.append("Un seul site" if team.sites == 1 else f"{team.sites} sites")
    return facts


def _figures(answers: Answers, before: Answers, year: int) -> list[Change]:
    rows = (
        ("professionals", answers.people, before.people, "professionnel", "professionnels"),
        ("categories", answers.categories, before.categories, "profession", "professions"),
        (
            "signatories",
            answers.number("signatories"),
            before.number("signatories"),
            "signataire du projet de santé",
            "signataires du projet de santé",
        ),
        (
            "patients",
            answers.number("patients"),
            before.number("patients"),
            "patient suivi",
            "patients suivis",
        ),
    )
    return [
        Change(Figure(name, now, one, many), then, year - 1)
        for name, now, then, one, many in rows
        if now is not None
    ]


def _composition(answers: Answers) -> People | None:
    if not answers.headcounts:
        return None
    return People(
        key="composition",
        title="Composition de l’équipe",
        items=[Item(label, count) for label, count in answers.headcounts],
        width=400,
        most=13,
        size=12,
        # The rows share what the sheet has room for.
        row=min(25.0, 250 / min(len(answers.headcounts), 13)),
    )


def _practices(answers: Answers, before: Answers, read: _Read) -> list[Practice]:
    return [
        Practice(
            label=label,
            icon=icon,
            answer=answers.values.get(key),
            before=before.values.get(key),
            year_before=read.year - 1,
            share=read.region.shares[key],
        )
        for key, label, icon, _ in PRACTICES
    ]


def _coordination_figures(now: Coordination, then: Coordination, before: int) -> list[Change]:
    if not now.people:
        return []
    one, many = "personne à la coordination", "personnes à la coordination"
    people = Figure("coordinators", len(now.people), one, many)
    figures = [Change(people, len(then.people) or None, before)]
    if now.hours:
        hours = Figure("hours", float(now.hours), "heure par mois", "heures par mois")
        figures.append(Change(hours, float(then.hours) if then.hours else None, before))
    return figures


def _coordination_facts(coordination: Coordination) -> list[str]:
    facts = []
    if len(coordination.people) == 2:
        facts.append("Un binôme")
    if coordination.in_network:
        facts.append("Dans le réseau des coordinateurs")
    if coordination.trained:
        facts.append("Formation PACTE suivie")
    return facts


def _network_figures(team: int, read: _Read) -> list[Change]:
    """Beside the year before where there is something to compare."""
    now, then = (found.get(team, Network()) for found in (read.network, read.network_before))
    rows = (
        ("events", now.events, then.events, "rencontre suivie", "rencontres suivies"),
        ("people", now.people, then.people, "participant de l’équipe", "participants de l’équipe"),
        (
            "accompaniments",
            now.accompaniments,
            then.accompaniments,
            "accompagnement",
            "accompagnements",
        ),
        ("loans", now.loans, then.loans, "matériel emprunté", "matériels empruntés"),
    )
    year = read.year - 1
    return [
        Change(Figure(name, value, one, many), before or None, year)
        for name, value, before, one, many in rows
        if value
    ]


def _map(team: Team) -> RegionMap | None:
    if team.latitude is None or team.longitude is None:
        return None
    return RegionMap(
        key="place",
        title="La commune de l’équipe",
        here=Dot(team.latitude, team.longitude, team.city),
        width=300,
        fill="#2c7a83",
        border="#0b5d66",
        attribution=False,
    )


def _sites_map(marks: list[Mark]) -> SitesMap | None:
    """One place alone is told better by the map of the region."""
    return SitesMap.of("sites", "Les sites de l’équipe", marks) if len(marks) > 1 else None
