"""The life of a team as it is told: what happened, and the deadlines that come near. Only read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from apmsl.lib.typography import day as written_day
from apmsl.lib.typography import plural
from members.enums import CommitteeOutcome, FactKind, TeamKind, ThresholdKey
from members.models import AccompanimentTeam, Team, TeamFact, Threshold, User
from members.models.attention import latest_start_of_writing, years_from
from members.models.life import TOLD_TO_ALL, WITH_ANOTHER


@dataclass(frozen=True)
class Moment:
    day: date
    kind: str
    text: str
    note: str = ""
    document: int | None = None  # of which fact


def timeline(team: Team, user: User, on: date, *, inside: bool) -> list[Moment]:
    """Dated facts, the latest first. The team's dates and the accompaniments' are read where they
    are kept; a fact of the same kind and day adds its note and document to them."""
    kept = [*_dates_of(team), *_accompaniments(team, inside=inside)]
    if inside:
        contacts = team.first_contacts.order_by("received_on", "pk")
        kept += [
            Moment(contact.received_on, FactKind.FIRST_CONTACT, "Premier contact")
            for contact in contacts
        ]
    moments = _with_facts(kept, _facts(team, user, inside=inside))
    past = [moment for moment in moments if moment.day <= on]
    return sorted(past, key=lambda moment: (moment.day, moment.text), reverse=True)


def _with_facts(kept: list[Moment], facts: Iterable[Moment]) -> list[Moment]:
    moments = list(kept)
    places = {(moment.kind, moment.day): index for index, moment in enumerate(kept)}
    for fact in facts:
        index = places.get((fact.kind, fact.day))
        if index is None:
            moments.append(fact)
        else:
            moments[index] = replace(moments[index], note=fact.note, document=fact.document)
    return moments


def _dates_of(team: Team) -> Iterator[Moment]:
    dates = (
        (team.constituted_on, FactKind.CONSTITUTION),
        (team.aci_signed_on, FactKind.ACI),
        (team.closed_on, FactKind.CLOSURE),
    )
    for day, kind in dates:
        if day:
            yield Moment(day, kind, kind.label)


def _accompaniments(team: Team, *, inside: bool) -> Iterator[Moment]:
    rows = AccompanimentTeam.objects.filter(team=team).select_related("accompaniment")
    for row in rows.order_by("pk"):
        accompaniment = row.accompaniment
        begun = f"Début d’accompagnement : {accompaniment.get_kind_display()}"
        yield Moment(accompaniment.started_on, "accompaniment", begun)
        if row.committee_on and (inside or row.outcome == CommitteeOutcome.RECOGNISED):
            outcome = row.get_outcome_display().lower()
            text = f"Passage en CATS{f' : {outcome}' if outcome else ''}"
            yield Moment(row.committee_on, FactKind.COMMITTEE, text)


def _facts(team: Team, user: User, *, inside: bool) -> Iterator[Moment]:
    facts = TeamFact.objects.of_team(team)
    opened = set(facts.open_to(user).values_list("pk", flat=True))
    for fact in facts.select_related("team", "other_team").order_by("happened_on", "pk"):
        if not inside and fact.kind not in TOLD_TO_ALL:
            continue
        moment = Moment(fact.happened_on, fact.kind, _told(fact, team))
        if fact.pk in opened:
            document = fact.pk if fact.document else None
            moment = replace(moment, note=fact.note, document=document)
        yield moment


def _told(fact: TeamFact, team: Team) -> str:
    if fact.kind in WITH_ANOTHER:
        other = fact.team if fact.other_team_id == team.pk else fact.other_team
        return f"{fact.get_kind_display()} avec {other}"
    return fact.get_kind_display()


# -- deadlines -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Alert:
    title: str
    text: str


def alerts(team: Team, on: date) -> list[Alert]:
    """What an ESP CLAP team has to prepare; the same rules as ``Team.objects.clap_to_follow``."""
    closed = team.closed_on is not None and team.closed_on <= on
    if team.kind != TeamKind.ESP_CLAP or closed:
        return []
    known = Threshold.objects.on(on)
    return [*_of_doctors(team, known, on), *_of_writing(team, known, on)]


def _of_doctors(team: Team, known: dict[str, int], on: date) -> Iterator[Alert]:
    least = known.get(ThresholdKey.CLAP_DOCTORS)
    counted: Any = Team.objects.with_doctors(on).get(pk=team.pk)
    doctors: int = counted.doctors
    if least and doctors >= least:
        yield Alert(
            "Cette équipe s’engage à devenir une MSP",
            f"Elle compte {plural(doctors, 'médecin généraliste', 'médecins généralistes')} :"
            f" à partir de {least}, une ESP CLAP s’engage à évoluer vers une MSP.",
        )


def _of_writing(team: Team, known: dict[str, int], on: date) -> Iterator[Alert]:
    limit = latest_start_of_writing(known, on)
    if limit is None or team.constituted_on is None or team.constituted_on > limit:
        return
    year = known[ThresholdKey.CLAP_WRITING_YEAR]
    begins = years_from(team.constituted_on, year - 1)
    ends = years_from(team.constituted_on, year)
    if on >= ends:
        title, verb = "La durée de l’ESP CLAP est dépassée", "était"
    elif on >= begins:
        title, verb = "C’est l’année d’écriture du projet de MSP", "est"
    else:
        title, verb = "L’année d’écriture du projet de MSP approche", "sera"
    yield Alert(
        title,
        f"La {year}ᵉ année, du {written_day(begins)} au {written_day(ends)}, {verb} réservée à"
        " l’écriture du projet de santé d’une MSP.",
    )
