"""What the records tell of a team's year, for the draft of its declaration."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, F

from apmsl.lib.typography import day, number, period, plural
from events.enums import Category
from events.models import Attendance
from members.enums import AccompanimentKind
from members.models import Accompaniment, AccompanimentTeam, Position, Scan, ScanAnswer, Team
from reports.builders.declaration import Declaration, declaration
from reports.builders.reading.answers import Answers, last_answers
from reports.builders.reading.meetings import held_events
from reports.builders.reading.region import PRACTICES
from reports.indicators import Scope
from toolbox.models import Loan
from training.models import Enrolment

# The heading that a practice of the yearly form, an accompaniment or a meeting speaks of. Of the
# others the draft cannot tell under which heading they count.
PRACTICE_OF = {
    "prevention": "public_health",
    "therapeutic_education": "public_health",
    "involves_users": "users",
    "protocols": "protocols",
    "hosts_trainees": "trainees",
    "cpts_member": "outside",
}
HELP_OF = {
    AccompanimentKind.PROTOCOL_WRITING: "protocols",
    AccompanimentKind.PREVENTION_WRITING: "public_health",
}
MEETING_OF = {
    Category.LOCAL_GROUP_MEETING: "coordination",
    Category.REGIONAL_MEETING: "coordination",
}
BESIDE = "beside"


def team_declaration(team: Team, year: int, as_of: date) -> Declaration:
    scope = Scope.of(year, as_of)
    answers = last_answers(year, as_of, [team.pk]).get(team.pk, Answers())
    known: dict[str, list[str]] = defaultdict(list)
    for key, line in _lines(team, scope, answers):
        known[key].append(line)
    return declaration(
        name=team.name,
        year=year,
        team=_portrait(team, answers),
        known=known,
        beside=known.pop(BESIDE, []),
    )


def _lines(team: Team, scope: Scope, answers: Answers) -> Iterator[tuple[str, str]]:
    """Each line with the heading under which it stands."""
    yield from _practices(answers)
    if team.cpts:
        yield "outside", f"CPTS : {team.cpts}"
    yield from _coordination(team, scope)
    yield from _accompaniments(team, scope)
    yield from _loans(team, scope)
    yield from _meetings(team, scope)
    yield from ((BESIDE, line) for line in _other_answers(team, scope))


def _portrait(team: Team, answers: Answers) -> list[str]:
    lines = [f"{number(count)} × {label}" for label, count in answers.headcounts]
    if (signatories := answers.number("signatories")) is not None:
        lines.append(
            plural(signatories, "signataire du projet", "signataires du projet") + " de santé"
        )
    if (patients := answers.number("patients")) is not None:
        lines.append(plural(patients, "patient suivi", "patients suivis"))
    return [*lines, plural(team.sites, "site")]


def _practices(answers: Answers) -> Iterator[tuple[str, str]]:
    """Only what the team does: a no is for it to explain."""
    for key, label, *_ in PRACTICES:
        if answers.values.get(key):
            yield PRACTICE_OF[key], f"{label} : oui"


def _coordination(team: Team, scope: Scope) -> Iterator[tuple[str, str]]:
    posts = Position.objects.coordinators().on(scope.as_of).filter(team=team)
    people = []
    for post in posts.select_related("person").order_by("started_on", "pk"):
        people.append(post.person_id)
        hours = f" : {number(post.monthly_hours)} h par mois" if post.monthly_hours else ""
        yield "coordination", f"{post.person}, depuis le {day(post.started_on)}{hours}"
    paths = Enrolment.objects.started().filter(
        person__in=people,
        cohort__starts_on__lte=scope.as_of,
        cohort__ends_on__gte=date(scope.year, 1, 1),
    )
    for path in paths.select_related("person", "cohort").order_by("cohort__starts_on", "pk"):
        yield "coordination", f"Formation {path.cohort} suivie par {path.person}"


def _accompaniments(team: Team, scope: Scope) -> Iterator[tuple[str, str]]:
    running = AccompanimentTeam.objects.filter(
        team=team,
        accompaniment__in=Accompaniment.objects.running_in(scope.year, scope.as_of),
    ).select_related("accompaniment")
    for row in running.order_by("accompaniment__started_on", "pk"):
        help_ = row.accompaniment
        said = f"Accompagnement de la fédération : {help_.get_kind_display()}"
        people = f", {plural(row.professionals, 'professionnel')}" if row.professionals else ""
        kind = AccompanimentKind(help_.kind)
        yield HELP_OF.get(kind, BESIDE), f"{said}, depuis le {day(help_.started_on)}{people}"


def _loans(team: Team, scope: Scope) -> Iterator[tuple[str, str]]:
    lent = Loan.objects.lent().filter(scope.in_year("starts_on"), team=team)
    for loan in lent.select_related("equipment").order_by("starts_on", "pk"):
        when = period(loan.starts_on, loan.ends_on)
        yield "public_health", f"Matériel emprunté : {loan.equipment}, {when}"


def _meetings(team: Team, scope: Scope) -> Iterator[tuple[str, str]]:
    """Those where somebody of the team was present."""
    came: Iterable[Any] = (
        Attendance.objects.filter(
            session__event__in=held_events(scope),
            session__event__registrations__team=team,
            session__event__registrations__person=F("person"),
        )
        .order_by("session__event__starts_on", "session__event")
        .values_list(
            "session__event__title", "session__event__starts_on", "session__event__kind__category"
        )
        .annotate(Count("person", distinct=True))
    )
    for title, on, category, people in came:
        line = f"{title}, {day(on)}, {plural(people, 'personne')}"
        yield MEETING_OF.get(category, BESIDE), line


def _other_answers(team: Team, scope: Scope) -> Iterator[str]:
    """To what the federation asked besides, in the order of the form's questions."""
    scans = Scan.objects.last_of_year(scope.year, scope.as_of).filter(team=team)
    told = {"signatories", "patients", *PRACTICE_OF}
    answers = ScanAnswer.objects.filter(scan__in=scans).exclude(question__key__in=told)
    for answer in answers.select_related("question").order_by("question__label", "pk"):
        if answer.yes is not None:
            value = "oui" if answer.yes else "non"
        else:
            value = answer.text if answer.number is None else number(answer.number)
        yield f"{answer.question.label} : {value}"
