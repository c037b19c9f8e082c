"""The directory of people, and the page of one."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request, render_part
from members.access import MEMBER, STAFF
from members.filters import PersonFilter
from members.models import Affiliation, Person, Position

PEOPLE_A_PAGE = 40


@access(MEMBER)
@require_safe
def people(request: Request) -> HttpResponse:
    seen = Person.objects.linked_on(today()).by_name()
    found = PersonFilter(request.GET, queryset=seen, request=request)
    rows = found.qs.with_links_on(today())
    page = Paginator(rows, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    lines = [(person, _detail(person)) for person in page.object_list]
    context = {"filter": found, "page": page, "lines": lines}
    return render_part(request, "members/people.html", "results", context)


def _detail(person: Person) -> str:
    """« Infirmière – Leader, MSP de l’Erdre – Pôle santé du Lac »."""
    posts = [f"{post.get_role_display()}, {post.team}" for post in person.current_posts]
    held = {post.team_id for post in person.current_posts}
    practices = [str(p.team) for p in person.current_practices if p.team_id not in held]
    profession = [str(person.profession)] if person.profession else []
    return " – ".join(profession + posts + practices)


@access(MEMBER)
@require_safe
def person(request: Request, person_id: int) -> HttpResponse:
    seen = Person.objects.visible_to(request.user)
    seen = seen.with_links_on(today()).with_emails_for(request.user)
    person = get_object_or_404(seen, pk=person_id)
    context = {
        "person": person,
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
