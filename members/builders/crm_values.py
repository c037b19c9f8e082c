"""What the CRM is told of a person or a team: every value of the closed list, as it is today.

A way to reach someone leaves only when its owner shows it to all members or to everyone, and the
person has a link with the federation today: just what the directory shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from apmsl.lib import phones
from members.enums import ContactKind, CrmModule, CrmSource, MembershipStatus, Visibility
from members.models import (
    ContactDetail,
    CrmRecord,
    Membership,
    Person,
    PersonEmail,
    Position,
    Team,
)

Values = dict[str, Any]

SHOWN = (Visibility.MEMBERS, Visibility.PUBLIC)
# Withdrawn, they must be blanked: they always overwrite, and never come back from the CRM.
PERSONAL = {
    CrmSource.PERSON_EMAIL,
    CrmSource.PERSON_MOBILE,
    CrmSource.PERSON_PHONE,
    CrmSource.PERSON_ADDRESS,
}
# Plain columns: what the CRM may give back, validated as if the staff had typed it.
WRITABLE = {
    CrmSource.PERSON_FIRST_NAME,
    CrmSource.PERSON_LAST_NAME,
    CrmSource.PERSON_SELF_EMPLOYED,
    CrmSource.TEAM_NAME,
    CrmSource.TEAM_SITES,
    CrmSource.TEAM_SIRET,
    CrmSource.TEAM_FINESS,
    CrmSource.TEAM_CPTS,
    CrmSource.TEAM_INFORMATION_SYSTEM,
    CrmSource.TEAM_SYSTEM_EDITOR,
}
BOOLEANS = {CrmSource.PERSON_SELF_EMPLOYED}
NUMBERS = {CrmSource.TEAM_SITES, CrmSource.TEAM_PEOPLE_COUNT}
DATES = {
    CrmSource.PERSON_CHECKED_ON,
    CrmSource.TEAM_CONSTITUTED_ON,
    CrmSource.TEAM_ACI_SIGNED_ON,
    CrmSource.TEAM_CLOSED_ON,
    CrmSource.TEAM_MEMBERSHIP_PAID_ON,
}
LOOKUPS = {CrmSource.PERSON_TEAM}
_DETAILS = {
    ContactKind.MOBILE: CrmSource.PERSON_MOBILE,
    ContactKind.PHONE: CrmSource.PERSON_PHONE,
    ContactKind.ADDRESS: CrmSource.PERSON_ADDRESS,
}


@dataclass(frozen=True)
class Found:
    """``linked``: has a link with the federation today; the others are not newly sent."""

    values: Values
    linked: bool


def found(module: str, ids: Iterable[int], on: date) -> dict[int, Found]:
    """Those that still exist, in a handful of queries."""
    return _people(ids, on) if module == CrmModule.CONTACTS else _teams(ids, on)


def attribute(source: str) -> str:
    """The column of a writable source."""
    return source.partition(".")[2]


def known(module: str) -> QuerySet[Any]:
    """Those that the CRM may know of; all others are to be deleted there."""
    people: QuerySet[Any] = Person.objects.filter(erased_on=None)
    return people if module == CrmModule.CONTACTS else Team.objects.all()


# -- people ----------------------------------------------------------------------------------------
def _people(ids: Iterable[int], on: date) -> dict[int, Found]:
    emails = PersonEmail.objects.filter(visibility__in=SHOWN).in_order()
    details = ContactDetail.objects.filter(visibility__in=SHOWN).in_order()
    people: Any = known(CrmModule.CONTACTS).filter(pk__in=list(ids))
    loaded = people.with_links_on(on).prefetch_related(
        Prefetch("emails", queryset=emails, to_attr="shown_emails"),
        Prefetch("contact_details", queryset=details, to_attr="shown_details"),
    )
    rows = list(loaded.order_by("pk"))
    same = Person.objects.filter(pk__in=[row.pk for row in rows])
    linked = set(same.linked_on(on).values_list("pk", flat=True))
    accounts = _accounts_of(rows)
    return {
        row.pk: Found(_person(row, row.pk in linked, accounts, on), row.pk in linked)
        for row in rows
    }


def _accounts_of(people: list[Any]) -> dict[int, str]:
    teams = {
        link.team_id for one in people for link in [*one.current_posts, *one.current_practices]
    }
    linked = CrmRecord.objects.filter(module=CrmModule.ACCOUNTS, object_id__in=teams)
    return dict(linked.exclude(zoho_id="").values_list("object_id", "zoho_id"))


def _person(person: Any, linked: bool, accounts: dict[int, str], on: date) -> Values:
    team = next((t for t in _teams_of(person) if not (t.closed_on and t.closed_on <= on)), None)
    account = accounts.get(team.pk) if team else None
    posts = sorted({str(post.get_role_display()) for post in person.current_posts})
    values: Values = {
        CrmSource.PERSON_FIRST_NAME: person.first_name,
        CrmSource.PERSON_LAST_NAME: person.last_name,
        CrmSource.PERSON_PROFESSION: person.profession.label if person.profession else None,
        CrmSource.PERSON_SELF_EMPLOYED: person.self_employed,
        CrmSource.PERSON_ROLES: ", ".join(posts) or None,
        CrmSource.PERSON_TEAM: {"id": account} if account else None,
        CrmSource.PERSON_TEAM_NAME: team.name if team else None,
        CrmSource.PERSON_DEPARTMENT: team.get_department_display() if team else None,
        CrmSource.PERSON_CHECKED_ON: _day(person.checked_on),
    }
    return values | dict.fromkeys(PERSONAL) | (_reached(person) if linked else {})


def _teams_of(person: Any) -> list[Team]:
    """Where a post is held, then where they practise."""
    return [link.team for link in [*person.current_posts, *person.current_practices]]


def _reached(person: Any) -> Values:
    """The first of each kind that its owner shows."""
    shown: Values = {}
    if person.shown_emails:
        shown[CrmSource.PERSON_EMAIL] = person.shown_emails[0].address
    for detail in person.shown_details:
        value = phones.shown(detail.value).replace("\u00a0", " ")
        shown.setdefault(_DETAILS[ContactKind(detail.kind)], value)
    return shown


# -- teams -----------------------------------------------------------------------------------------
def _teams(ids: Iterable[int], on: date) -> dict[int, Found]:
    wanted = list(ids)
    teams = Team.objects.filter(pk__in=wanted).with_people_count(on).order_by("pk")
    coordinators: dict[int, list[str]] = {}
    posts = Position.objects.coordinators().on(on).filter(team__in=wanted).select_related("person")
    for post in posts.order_by("person__sort_name", "pk"):
        coordinators.setdefault(post.team_id, []).append(str(post.person))
    year = Membership.objects.filter(team__in=wanted, year=on.year)
    memberships = {row.team_id: row for row in year}
    return {
        row.pk: Found(_team(row, coordinators.get(row.pk, []), memberships.get(row.pk), on), True)
        for row in teams
    }


def _team(team: Any, coordinators: list[str], membership: Membership | None, on: date) -> Values:
    paid = membership is not None and membership.status == MembershipStatus.PAID
    plain = ("name", "city", "postcode", "insee_code", "siret", "finess", "cpts")
    texts = (*plain, "information_system", "system_editor")
    values: Values = {CrmSource(f"team.{name}"): getattr(team, name) or None for name in texts}
    return values | {
        CrmSource.TEAM_KIND: team.get_kind_display(),
        CrmSource.TEAM_STAGE: team.stage_on(on).label,
        CrmSource.TEAM_DEPARTMENT: team.get_department_display(),
        CrmSource.TEAM_SITES: team.sites,
        CrmSource.TEAM_LEGAL_FORM: team.get_legal_form_display() or None,
        CrmSource.TEAM_CONSTITUTED_ON: _day(team.constituted_on),
        CrmSource.TEAM_ACI_SIGNED_ON: _day(team.aci_signed_on),
        CrmSource.TEAM_CLOSED_ON: _day(team.closed_on),
        CrmSource.TEAM_COORDINATOR: ", ".join(coordinators) or None,
        CrmSource.TEAM_PEOPLE_COUNT: team.people_count,
        CrmSource.TEAM_MEMBERSHIP: membership.get_status_display() if membership else None,
        CrmSource.TEAM_MEMBERSHIP_PAID_ON: _day(
            membership.paid_on if membership and paid else None
        ),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
