"""The directory of people, and the page of one."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.exports import csv_response
from apmsl.lib.htmx import Request, render_part
from apmsl.lib.seek import SeekPaginator
from members.access import MEMBER, STAFF
from members.enums import PositionRole
from members.filters import PersonFilter
from members.models import Affiliation, Person, Position, User
from members.models.people import PersonQuerySet
from members.views.exchanges import log_of

PEOPLE_A_PAGE = 40
PERSON_HEADERS = ("Nom", "Prénom", "Profession", "Exerce à", "Fonctions", "Courriel")


@access(MEMBER)
@require_safe
def people(request: Request) -> HttpResponseBase:
    found = PersonFilter(request.GET, Person.objects.by_name(), request=request)
    if request.GET.get("export") == "csv":
        return csv_response("annuaire.csv", PERSON_HEADERS, _cells(found.linked(), request.user))
    rows = Person.objects.values_list("pk", "first_name", "last_name", "profession__label")
    pages = SeekPaginator(
        found.linked(), found.linked(each=True), rows, PEOPLE_A_PAGE, field="sort_name"
    )
    page = pages.read(request.GET.get("page"), request.GET.get("seek"))
    lines = _lines(page.object_list, today())
    context = {"filter": found, "page": page, "lines": lines}
    return render_part(request, "members/people.html", "results", context)


def _cells(people: PersonQuerySet, user: User) -> Iterator[tuple[str, ...]]:
    """One row a person, with the addresses that this user may see."""
    shown = people.with_links_on(today()).with_emails_for(user)
    for person in shown.iterator(chunk_size=500):
        posts = [f"{post.get_role_display()}, {post.team}" for post in person.current_posts]
        teams = [str(practice.team) for practice in person.current_practices]
        emails = [email.address for email in person.visible_emails]
        profession = str(person.profession or "")
        yield (
            *(person.last_name, person.first_name, profession),
            *(" ; ".join(many) for many in (teams, posts, emails)),
        )


@dataclass(frozen=True)
class Line:
    name: str
    address: str
    detail: str  # « Infirmière – Leader, MSP de l’Erdre – Pôle santé du Lac »


Row = tuple[int, str, str, str | None]  # pk, first and last name, profession


def _lines(people: list[Row], on: date) -> list[Line]:
    """Values, not models: of each of 40 people with their posts and teams, they would cost thrice."""
    ids = [pk for pk, *_ in people]
    posts: dict[int, dict[int, str]] = defaultdict(dict)
    held = Position.objects.on(on).filter(person__in=ids).order_by("-role", "pk")
    for person, team, name, role in held.values_list("person", "team", "team__name", "role"):
        posts[person][team] = f"{PositionRole(role).label}, {name}"
    practices: dict[int, list[str]] = defaultdict(list)
    practised = Affiliation.objects.on(on).filter(person__in=ids).order_by("pk")
    for person, team, name in practised.values_list("person", "team", "team__name"):
        if team not in posts[person]:
            practices[person].append(name)
    return [
        Line(
            f"{first_name} {last_name}",
            reverse("members:person", args=[pk]),
            " – ".join(filter(None, [profession, *posts[pk].values(), *practices[pk]])),
        )
        for pk, first_name, last_name, profession in people
    ]


@access(MEMBER)
@require_safe
def person(request: Request, person_id: int) -> HttpResponse:
    seen = Person.objects.visible_to(request.user)
    seen = seen.with_links_on(today()).with_contacts_for(request.user)
    person = get_object_or_404(seen, pk=person_id)
    context = {
        "person": person,
        "exchanges": log_of(request.user, person),
        "is_me": person.pk == request.user.person_id,
        "past_posts": _past_posts(person) if STAFF.allows(request.user) else [],
        "past_practices": _past_practices(person) if STAFF.allows(request.user) else [],
    }
    return render(request, "members/person.html", context)


def _past_posts(person: Person) -> list[Position]:
    past = person.positions.filter(ended_on__lte=today()).select_related("team")
    return list(past.order_by("-ended_on", "pk"))


def _past_practices(person: Person) -> list[Affiliation]:
    past = person.affiliations.filter(ended_on__lte=today()).select_related("team")
    return list(past.order_by("-ended_on", "pk"))
