"""The Scan'équipe of teams: read for many at once, in as many queries as for one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Exists, OuterRef

from apmsl.lib.charts import Comparison, Dot, Item, People, RegionMap
from events.models import Attendance, Registration
from members.models import Accompaniment, AccompanimentTeam, Position, Team
from reports.builders.figures import Change, Figure
from reports.builders.reading.answers import Answers, last_answers
from reports.builders.reading.meetings import held_events
from reports.builders.reading.region import PRACTICES, Region, place
from reports.builders.scans import Practice, TeamSheet
from reports.indicators import Scope
from training.enums import Programme, Result
from training.models import Enrolment

_NO_ANSWERS = Answers()


@dataclass(frozen=True)
class Coordination:
    people: frozenset[int] = frozenset()
    hours: Decimal | None = None
    in_network: bool = False
    trained: bool = False


@dataclass(frozen=True)
class Network:
    """What the team did with the federation in the year."""

    events: int = 0
    people: int = 0
    accompaniments: int = 0


@dataclass
class _Read:
    year: int
    as_of: date
    region: Region
    answers: dict[int, Answers]
    before: dict[int, Answers]
    coordination: dict[int, Coordination]
    network: dict[int, Network] = field(default_factory=dict)


def team_sheet(team: Team, year: int, as_of: date, region: Region) -> TeamSheet:
    return next(team_sheets([team], year, as_of, region))


def team_sheets(
    teams: Sequence[Team], year: int, as_of: date, region: Region
) -> Iterator[TeamSheet]:
    """In the order of ``teams``."""
    scope, ids = Scope.of(year, as_of), [team.pk for team in teams]
    read = _Read(
        year=year,
        as_of=as_of,
        region=region,
        answers=last_answers(year, as_of, ids),
        before=last_answers(year - 1, date(year - 1, 12, 31), ids),
        coordination=_coordination(ids, as_of),
        network=_network(ids, scope),
    )
    return (_sheet(team, read) for team in teams)


# -- reading ---------------------------------------------------------------------------------------
def _coordination(teams: list[int], as_of: date) -> dict[int, Coordination]:
    graduated = Enrolment.objects.with_result_by(as_of, Result.GRADUATED, Result.PENDING).filter(
        cohort__programme=Programme.PACTE, person=OuterRef("person")
    )
    networked = Position.objects.on(as_of).in_network_on(as_of).filter(person=OuterRef("person"))
    posts = Position.objects.coordinators().on(as_of).filter(team__in=teams)
    rows = posts.order_by("pk").values_list(
        "team_id", "person_id", "monthly_hours", Exists(networked), Exists(graduated)
    )
    found: dict[int, Coordination] = {}
    for team, person, hours, in_network, trained in rows:
        known = found.get(team, Coordination())
        found[team] = Coordination(
            people=known.people | {person},
            hours=_sum(known.hours, hours),
            in_network=known.in_network or in_network,
            trained=known.trained or trained,
        )
    return found


def _sum(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    known = [hours for hours in (first, second) if hours is not None]
    return sum(known, Decimal(0)) if known else None


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
    seen = {team: (events, people) for team, events, people in counts}
    return {team: Network(*seen.get(team, (0, 0)), helped.get(team, 0)) for team in teams}


# -- composing -------------------------------------------------------------------------------------
def _sheet(team: Team, read: _Read) -> TeamSheet:
    answers = read.answers.get(team.pk, _NO_ANSWERS)
    coordination = read.coordination.get(team.pk, Coordination())
    return TeamSheet(
        year=read.year,
        as_of=read.as_of,
        federation=settings.FEDERATION_NAME,
        name=team.name,
        place=place(team),
        facts=_facts(team, read.as_of),
        figures=_figures(answers, read.before.get(team.pk, _NO_ANSWERS), read.year),
        composition=_composition(answers),
        practices=_practices(answers, read.region),
        coordination=_coordination_figures(coordination),
        coordination_facts=_coordination_facts(coordination),
        comparisons=_comparisons(answers, read.region),
        network=_network_figures(read.network.get(team.pk, Network())),
        map=_map(team),
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


def _practices(answers: Answers, region: Region) -> list[Practice]:
    return [
        Practice(label=label, icon=icon, answer=answers.values.get(key), share=region.shares[key])
        for key, label, icon, _ in PRACTICES
    ]


def _coordination_figures(coordination: Coordination) -> list[Figure]:
    if not coordination.people:
        return []
    figures = [
        Figure(
            "coordinators",
            len(coordination.people),
            "personne à la coordination",
            "personnes à la coordination",
        )
    ]
    if coordination.hours:
        hours = Figure("hours", float(coordination.hours), "heure par mois", "heures par mois")
        figures.append(hours)
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


def _comparisons(answers: Answers, region: Region) -> list[Comparison]:
    rows = (
        ("professionals", "Professionnels", answers.people, region.professionals),
        ("categories", "Professions représentées", answers.categories, region.categories),
        ("patients", "Patients suivis", answers.number("patients"), region.patients),
    )
    return [
        Comparison(
            key=f"beside-{key}",
            title=title,
            now=Item("Équipe", now),
            before=Item("Région", mean),
            width=390,
            size=12,
        )
        for key, title, now, mean in rows
        if now is not None and mean is not None
    ]


def _network_figures(network: Network) -> list[Figure]:
    figures = (
        Figure("events", network.events, "rencontre suivie", "rencontres suivies"),
        Figure("people", network.people, "participant de l’équipe", "participants de l’équipe"),
        Figure("accompaniments", network.accompaniments, "accompagnement", "accompagnements"),
    )
    return [figure for figure in figures if figure.value]


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
