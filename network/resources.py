"""The files of local groups, the survey, representation, partners, governance, letters, articles."""

from typing import Any

from django.db.models import Model, OuterRef

from apmsl.lib.imports import tables
from apmsl.lib.imports.columns import Day, Reference
from apmsl.lib.imports.fields import columns_of
from apmsl.lib.imports.tables import Link, Table, Target
from events.models import Event
from network.models import (
    Article,
    BoardTerm,
    Commission,
    CommissionMeeting,
    CommissionMember,
    GroupMeeting,
    Institution,
    LocalGroup,
    LocalGroupTeam,
    Mandate,
    Newsletter,
    Partner,
    PartnerAgreement,
    RepresentationMeeting,
    StaffPost,
    SurveyAnswer,
)


def _table(
    name: str, label: str, model: type[Model], columns: str, *key: str, **changes: Any
) -> Table:
    """A file whose columns are those of one model."""
    key = key or ("code",)
    return Table(
        name=name,
        label=label,
        columns=columns_of(model, columns, **changes),
        key=key,
        title=("name",) if "name" in columns.split() else (),
        targets=(Target(model, key=key),),
    )


LOCAL_GROUPS = _table(
    "local_groups", "Groupes locaux", LocalGroup, "code name department closed_on"
)
LOCAL_GROUP_TEAMS = _table(
    "local_group_teams",
    "Équipes des groupes locaux",
    LocalGroupTeam,
    "group team joined_on left_on",
    *("group", "team", "joined_on"),
)
SURVEY_ANSWERS = _table(
    "survey_answers",
    "Réponses à l’enquête du réseau",
    SurveyAnswer,
    "year team person answered_on profile monthly_hours organisation benefit",
    *("year", "team", "answered_on"),
    year={"least": 2000, "most": 2100},
)
NEWSLETTERS = _table(
    "newsletters", "Lettres", Newsletter, "code kind subject sent_on delivered opened"
)
ARTICLES = _table("articles", "Articles", Article, "code kind title published_on views")
INSTITUTIONS = _table("institutions", "Instances", Institution, "code name department")
MANDATES = _table(
    "mandates",
    "Mandats",
    Mandate,
    "institution person rank started_on ended_on",
    *("institution", "person", "rank", "started_on"),
)
REPRESENTATION_MEETINGS = _table(
    "representation_meetings",
    "Réunions de représentation",
    RepresentationMeeting,
    "code institution held_on person",
)
_LAST_AGREEMENT = PartnerAgreement.objects.filter(partner=OuterRef("pk")).order_by("-signed_on")

PARTNERS = Table(
    name="partners",
    label="Partenaires",
    columns=(
        *columns_of(Partner, "code name"),
        Day("agreement_from", label="convention du"),
        Day("agreement_until", label="convention jusqu’au"),
        *columns_of(Partner, "advantage"),
    ),
    key=("code",),
    title=("name",),
    reads={
        "agreement_from": _LAST_AGREEMENT.values("signed_on")[:1],
        "agreement_until": _LAST_AGREEMENT.values("ended_on")[:1],
    },
    targets=(
        Target(Partner, key=("code",)),
        Target(
            PartnerAgreement,
            key=("partner", "signed_on"),
            values={"signed_on": "s.agreement_from", "ended_on": "s.agreement_until"},
            links=(Link("partner", Partner, columns=("code",), by=("code",), made=True),),
            where="s.agreement_from IS NOT NULL",
        ),
    ),
)
COMMISSIONS = _table("commissions", "Commissions", Commission, "code name created_on closed_on")
COMMISSION_MEMBERS = _table(
    "commission_members",
    "Membres des commissions",
    CommissionMember,
    "commission person capacity",
    *("commission", "person", "capacity"),
)
COMMISSION_MEETINGS = _table(
    "commission_meetings", "Réunions des commissions", CommissionMeeting, "code commission held_on"
)
BOARD_TERMS = _table(
    "board_terms",
    "Conseil d’administration",
    BoardTerm,
    "person role started_on ended_on",
    *("person", "started_on"),
)
STAFF = _table(
    "staff",
    "Équipe salariée",
    StaffPost,
    "person job started_on ended_on",
    *("person", "started_on"),
)

GROUP_MEETINGS = Target(
    GroupMeeting,
    key=("event",),
    links=(
        Link("event", Event, columns=("code",), by=("code",), made=True),
        Link("group", LocalGroup, columns=("local_group",), by=("code",), made=True),
    ),
    absent="v.group_id IS NULL",
)


tables.register(
    LOCAL_GROUPS,
    LOCAL_GROUP_TEAMS,
    SURVEY_ANSWERS,
    NEWSLETTERS,
    ARTICLES,
    INSTITUTIONS,
    MANDATES,
    REPRESENTATION_MEETINGS,
    PARTNERS,
    COMMISSIONS,
    COMMISSION_MEMBERS,
    COMMISSION_MEETINGS,
    BOARD_TERMS,
    STAFF,
)
tables.extend(
    "events",
    references=(Reference("local_group", label="groupe local", to=LocalGroup, most=30),),
    targets=(GROUP_MEETINGS,),
    reads={"local_group": "group_meeting__group__code"},
)
