"""The baseline of `bench.pages`: the same rows, read with ``values()`` in an unstyled table."""

import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apmsl.settings.test")
django.setup()
settings.DATABASES["default"]["NAME"] = os.environ["BENCH_DATABASE"]
settings.ROOT_URLCONF = __name__

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402  after the settings
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import include, path  # noqa: E402

from apmsl.jobs.models import RunRequest  # noqa: E402
from apmsl.lib.dates import today  # noqa: E402
from events.models import Event  # noqa: E402
from members.models import (  # noqa: E402
    Affiliation,
    Membership,
    Person,
    Position,
    Scan,
    Team,
)
from network.models import Article, LocalGroupTeam, Newsletter  # noqa: E402
from training.models import Enrolment  # noqa: E402

PAGE = engines["django"].from_string(
    "<!doctype html><title>{{ title }}</title>"
    "{% for rows in tables %}<table>{% for row in rows %}<tr>"
    "{% for cell in row.values %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}"
)


def _print(request: HttpRequest, *tables: object) -> HttpResponse:
    context = {"title": request.path, "tables": [list(rows) for rows in tables]}  # type: ignore[call-overload]
    return HttpResponse(PAGE.render(context, request))


def home(request: HttpRequest) -> HttpResponse:
    """What the blocks and the reminders of the home page read: one's teams, their year, one's group,
    events, training, documents, the news."""
    person, year = request.user.person_id, today().year  # type: ignore[union-attr]
    teams = Team.objects.filter(positions__person=person)
    events = Event.objects.filter(ends_on__gte=today()).order_by("starts_on", "pk")
    dates = ("title", "kind__label", "starts_on", "ends_on", "place", "capacity")
    return _print(
        request,
        Person.objects.filter(pk=person).values("first_name", "last_name"),
        teams.values("name", "city", "department", "constituted_on"),
        Affiliation.objects.filter(team__in=teams).values("person__first_name"),
        Position.objects.filter(team__in=teams).values("person", "role", "started_on"),
        Membership.objects.filter(team__in=teams, year=year).values("status"),
        Scan.objects.filter(team__in=teams, form__year=year).values("submitted_on"),
        LocalGroupTeam.objects.filter(team__in=teams).values("group__name"),
        events.filter(registrations__person=person).values(*dates),
        events.values(*dates)[:5],
        Enrolment.objects.filter(person=person).values("cohort__name", "status"),
        RunRequest.objects.filter(user=request.user.pk).values("run__label", "run__status"),
        Newsletter.objects.order_by("-sent_on", "-pk").values("subject", "kind", "sent_on")[:3],
        Article.objects.order_by("-published_on", "-pk").values("title", "kind")[:3],
    )


def directory(request: HttpRequest) -> HttpResponse:
    people = Person.objects.order_by("sort_name", "pk")
    links = Affiliation.objects.filter(person__in=people[:40].values("pk"))
    posts = Position.objects.filter(person__in=people[:40].values("pk"))
    Person.objects.count()
    return _print(
        request,
        people.values("first_name", "last_name", "profession__label")[:40],
        links.values("person", "team__name", "team__city"),
        posts.values("person", "role", "team__name"),
    )


def teams(request: HttpRequest) -> HttpResponse:
    teams = Team.objects.order_by("sort_name", "pk")
    teams.count()
    columns = ("name", "city", "department", "constituted_on", "people_count")
    return _print(request, teams.with_people_count(today()).values(*columns)[:30])


def events(request: HttpRequest) -> HttpResponse:
    coming = Event.objects.filter(ends_on__gte=today()).order_by("starts_on", "pk")
    coming.count()
    shown = coming.with_seats_taken()
    columns = ("title", "kind__label", "starts_on", "ends_on", "place", "capacity", "seats_taken")
    return _print(request, shown.values(*columns)[:25])


urlpatterns = [
    path("plain/home/", home),
    path("plain/directory/", directory),
    path("plain/teams/", teams),
    path("plain/events/", events),
    path("", include("apmsl.urls")),
]
application = WSGIHandler()
