"""The files of teams, people, memberships, the yearly form and accompaniments."""

from typing import Any

from django.db.models import OuterRef

from apmsl.lib.imports import tables
from apmsl.lib.imports.columns import Email, Flag, Integer, Money, Reference
from apmsl.lib.imports.fields import column_of, columns_of
from apmsl.lib.imports.tables import Link, Table, Target
from members.enums import QuestionKind
from members.models import (
    Accompaniment,
    AccompanimentTeam,
    Affiliation,
    FirstContact,
    FormQuestion,
    Membership,
    Person,
    PersonEmail,
    Position,
    Profession,
    Question,
    Scan,
    ScanAnswer,
    ScanForm,
    ScanHeadcount,
    Team,
)

PROFESSIONS = Table(
    name="professions",
    label="Professions",
    columns=columns_of(Profession, "code label"),
    key=("code",),
    title=("label",),
    targets=(Target(Profession, key=("code",)),),
)

TEAMS = Table(
    name="teams",
    label="Équipes",
    columns=columns_of(
        Team,
        "code name kind department insee_code city postcode latitude longitude sites "
        "constituted_on aci_signed_on closed_on",
    ),
    key=("code",),
    title=("name",),
    targets=(Target(Team, key=("code",)),),
)

_PERSON = Link("person", Person, columns=("code",), by=("code",), made=True)

PEOPLE = Table(
    name="people",
    label="Personnes",
    columns=(
        *columns_of(Person, "code first_name last_name"),
        Email("email", label="adresse électronique", most=254),
        column_of(Person, "profession"),
        Reference("team", label="équipe", to=Team),
        column_of(Person, "self_employed"),
    ),
    key=("code",),
    title=("first_name", "last_name"),
    reads={
        "email": PersonEmail.objects.filter(person=OuterRef("pk"), is_primary=True).values(
            "address"
        )[:1],
        "team": Affiliation.objects.filter(person=OuterRef("pk"), ended_on__isnull=True)
        .order_by("-pk")
        .values("team__code")[:1],
    },
    targets=(
        Target(Person, key=("code",)),
        Target(
            PersonEmail,
            key=("person",),
            fields=("address",),
            values={"address": "s.email"},
            once={"is_primary": "TRUE"},
            links=(_PERSON,),
            where="s.email IS NOT NULL",
            matching="t.is_primary",
            unless="o.person_id = v.person_id AND o.address = v.address",
        ),
        # Where they practise, since a day that no file knows. A person may practise in several
        # teams: another team in a later file is one more, the former stays until the staff ends it.
        Target(
            Affiliation,
            key=("person", "team"),
            fields=("team",),
            links=(_PERSON,),
            where="s.team IS NOT NULL",
            only_new=True,
        ),
    ),
)

_AMOUNT = {"amount_cents": "(s.amount_eur * 100)::integer"}

MEMBERSHIPS = Table(
    name="memberships",
    label="Adhésions",
    columns=(
        *columns_of(Membership, "year team person status"),
        Money("amount_eur", label="montant (euros)", default="0"),
        column_of(Membership, "paid_on"),
    ),
    key=("year", "team", "person"),
    reads={"amount_eur": "amount_cents"},
    targets=(
        Target(Membership, key=("year", "team"), values=_AMOUNT, where="s.team IS NOT NULL"),
        Target(Membership, key=("year", "person"), values=_AMOUNT, where="s.team IS NULL"),
    ),
)

POSITIONS = Table(
    name="positions",
    label="Fonctions",
    columns=columns_of(
        Position,
        "person team role started_on ended_on employment monthly_hours "
        "network_joined_on network_left_on",
    ),
    key=("person", "team", "role", "started_on"),
    targets=(Target(Position, key=("person", "team", "role", "started_on")),),
)

_NUMBERS = {"signatories": "Signataires du projet de santé", "patients": "Patients suivis"}
_YES_NO = {
    "hosts_trainees": "L’équipe accueille des stagiaires",
    "prevention": "L’équipe mène des actions de prévention",
    "therapeutic_education": "L’équipe propose de l’éducation thérapeutique",
    "protocols": "L’équipe a des protocoles pluriprofessionnels",
    "involves_users": "L’équipe associe les usagers",
    "cpts_member": "L’équipe adhère à une CPTS",
}
HEADCOUNT = "headcount"
_QUESTIONS = (
    *((key, QuestionKind.NUMBER, label) for key, label in _NUMBERS.items()),
    (HEADCOUNT, QuestionKind.PROFESSION_COUNT, "Professionnels par profession"),
    *((key, QuestionKind.YES_NO, label) for key, label in _YES_NO.items()),
)


def _make_forms(cursor: Any) -> None:
    """The form of each year of the file, with the questions that the files answer."""
    cursor.execute("SELECT DISTINCT year FROM import_scans ORDER BY year")
    years = [year for (year,) in cursor.fetchall()]
    questions = [
        Question.objects.get_or_create(key=key, defaults={"kind": kind, "label": label})[0]
        for key, kind, label in _QUESTIONS
    ]
    for year in years:
        form, _ = ScanForm.objects.get_or_create(year=year)
        for rank, question in enumerate(questions, 1):
            FormQuestion.objects.get_or_create(
                form=form, question=question, defaults={"rank": rank}
            )


def _answers() -> str:
    numbers = [f"('{key}', s.{key}, NULL)" for key in _NUMBERS]
    yes_no = [f"('{key}', NULL, s.{key})" for key in _YES_NO]
    return (
        f"CROSS JOIN LATERAL (VALUES {', '.join(numbers + yes_no)}) answer(key, number, yes) "
        "LEFT JOIN members_question question ON question.key = answer.key"
    )


def _answer(key: str, value: str) -> Any:
    answers = ScanAnswer.objects.filter(scan=OuterRef("pk"), question__key=key)
    return answers.values(value)[:1]


_VERSION = ("team", "year", "submitted_on")
_VERSION_BY = ("team__code", "form__year", "submitted_on")
_YEAR = Integer("year", label="année", required=True, least=2000, most=2100)

SCANS = Table(
    name="scans",
    label="Scan’équipe",
    columns=(
        column_of(Scan, "team"),
        _YEAR,
        column_of(Scan, "submitted_on"),
        *(Integer(key, label=label) for key, label in _NUMBERS.items()),
        *(Flag(key, label=label) for key, label in _YES_NO.items()),
    ),
    key=_VERSION,
    reads={
        "year": "form__year",
        **{key: _answer(key, "number") for key in _NUMBERS},
        **{key: _answer(key, "yes") for key in _YES_NO},
    },
    before=_make_forms,
    targets=(
        Target(
            Scan,
            key=("team", "form", "submitted_on"),
            links=(Link("form", ScanForm, columns=("year",), by=("year",), made=True),),
        ),
        Target(
            ScanAnswer,
            key=("scan", "question"),
            fields=("number", "yes"),
            values={"question": "question.id", "number": "answer.number", "yes": "answer.yes"},
            links=(Link("scan", Scan, columns=_VERSION, by=_VERSION_BY, made=True),),
            source=_answers(),
            absent="v.number IS NULL AND v.yes IS NULL",
        ),
    ),
)

SCAN_HEADCOUNTS = Table(
    name="scan_headcounts",
    label="Effectifs des Scan’équipe",
    columns=(
        Reference("team", label="équipe", to=Team, required=True),
        _YEAR,
        column_of(Scan, "submitted_on"),
        *columns_of(ScanHeadcount, "profession headcount"),
    ),
    key=(*_VERSION, "profession"),
    reads={
        "team": "scan__team__code",
        "year": "scan__form__year",
        "submitted_on": "scan__submitted_on",
    },
    targets=(
        Target(
            ScanHeadcount,
            key=("scan", "question", "profession"),
            links=(Link("scan", Scan, columns=_VERSION, by=_VERSION_BY),),
            values={"question": f"(SELECT id FROM members_question WHERE key = '{HEADCOUNT}')"},
        ),
    ),
)

FIRST_CONTACTS = Table(
    name="first_contacts",
    label="Premiers contacts",
    columns=columns_of(FirstContact, "code received_on department profession channel"),
    key=("code",),
    targets=(Target(FirstContact, key=("code",)),),
)

ACCOMPANIMENTS = Table(
    name="accompaniments",
    label="Accompagnements",
    columns=columns_of(Accompaniment, "code kind started_on ended_on sessions"),
    key=("code",),
    targets=(Target(Accompaniment, key=("code",)),),
)

ACCOMPANIMENT_TEAMS = Table(
    name="accompaniment_teams",
    label="Équipes accompagnées",
    columns=columns_of(AccompanimentTeam, "accompaniment team professionals committee_on outcome"),
    key=("accompaniment", "team"),
    targets=(Target(AccompanimentTeam, key=("accompaniment", "team")),),
)


tables.register(
    PROFESSIONS,
    TEAMS,
    PEOPLE,
    MEMBERSHIPS,
    POSITIONS,
    SCANS,
    SCAN_HEADCOUNTS,
    FIRST_CONTACTS,
    ACCOMPANIMENTS,
    ACCOMPANIMENT_TEAMS,
)
