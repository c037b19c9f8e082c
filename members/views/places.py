"""The public map of member teams, and the team nearest to a place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.charts import Mark, PlacesMap, Window
from apmsl.lib.charts.places import CLOSEST
from apmsl.lib.dates import today
from apmsl.lib.geography import DEPARTMENTS, Commune, distance
from apmsl.lib.htmx import Request, render_part
from apmsl.lib.tiles import tiled
from apmsl.lib.typography import NBSP, number
from members.access import MEMBER
from members.enums import Department, Stage
from members.filters import MapFilter, PlaceForm
from members.models import Team

TEAMS_A_PAGE = 20
NEAREST = 10
FILTERS = ("search", "department", "stage")


@access(PUBLIC)
@require_safe
@tiled
def teams_map(request: Request) -> HttpResponse:
    found = MapFilter(request.GET, Team.objects.member_on(today()).by_name(), request=request)
    opens = MEMBER.allows(request.user)
    sites = [Site(team, opens) for team in found.qs.for_map()]
    asked = PlaceForm(request.GET, auto_id="near_%s")
    asked.is_valid()
    look = _look(request, sites, asked.found, found.form.cleaned_data.get("department", ""))
    links = Links(request)
    context = {"filter": found, "asked": asked, "look": look, "links": links}
    context["suggested"] = [(commune, links.near(commune)) for commune in asked.suggestions]
    context["page"] = Paginator(look.listed, TEAMS_A_PAGE).get_page(request.GET.get("page"))
    context["drawing"] = _drawing(look, sites, links)
    context["streets"] = _streets(look) if settings.MAP_TILES_URL else None
    return render_part(request, "members/map.html", "results", context)


@dataclass(frozen=True)
class Site:
    """A team as the map tells it to anybody; its page opens to members."""

    team: Team
    opens: bool
    kilometres: float | None = None

    @property
    def stage(self) -> Stage:
        in_project = self.team.stage_on(today()) == Stage.IN_PROJECT
        return Stage.IN_PROJECT if in_project else Stage.CONSTITUTED

    @property
    def href(self) -> str:
        return self.team.get_absolute_url() if self.opens else ""

    @property
    def far(self) -> str:
        """« à 4 km », or nothing where no place was asked for."""
        if self.kilometres is None:
            return ""
        if self.kilometres < 1:
            return f"à moins d’un{NBSP}kilomètre"
        return f"à {number(round(self.kilometres))}{NBSP}km"

    @property
    def mark(self) -> Mark | None:
        if self.team.coordinates is None:
            return None
        return Mark(
            *self.team.coordinates,
            name=self.team.name,
            title=f"{self.team.name}, {self.team.city}",
            city=self.team.city,
            href=self.href,
            hollow=self.stage == Stage.IN_PROJECT,
        )


# -- what is looked at -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Look:
    """A window of the map, and the teams listed beside it."""

    title: str
    window: Window
    listed: Sequence[Site]
    commune: Commune | None = None
    department: str = ""

    @property
    def is_whole(self) -> bool:
        return self.window == Window() and self.commune is None


def _look(request: Request, sites: Sequence[Site], commune: Commune | None, code: str) -> Look:
    """At a commune and the teams nearest to it, at what a cluster stood for, at a département, or
    at the region."""
    if commune is not None:
        return _look_near(commune, sites)
    window = _window_around(request.GET.get("around", ""), request.GET.get("zoom", ""))
    if window is not None:
        seen = [site for site in sites if site.team.coordinates]
        seen = [site for site in seen if window.shows(*site.team.coordinates)]
        return Look("Cette partie de la carte", window, seen)
    if code:
        return Look(Department(code).label, Window.on_department(code), sites, None, code)
    return Look("Toute la région", Window(), sites)


def _look_near(commune: Commune, sites: Sequence[Site]) -> Look:
    here = commune.latitude, commune.longitude
    placed = [
        replace(site, kilometres=distance(here, site.team.coordinates))
        for site in sites
        if site.team.coordinates
    ]
    nearest = sorted(placed, key=lambda site: (site.kilometres, site.team.pk))[:NEAREST]
    places = [site.team.coordinates for site in nearest if site.team.coordinates]
    window = Window.centred(here, places)
    return Look(f"Les plus proches de {commune.name}", window, nearest, commune)


def _window_around(around: str, zoom: str) -> Window | None:
    """Of an address that somebody may have typed: nothing unless it makes sense."""
    try:
        latitude, longitude = (float(part) for part in around.split(","))
        level = int(zoom)
    except ValueError:
        return None
    window = Window.around(latitude, longitude, min(max(level, 1), CLOSEST))
    return window if Window().shows(latitude, longitude) else None


def _drawing(look: Look, sites: Sequence[Site], links: "Links") -> PlacesMap:
    return PlacesMap(
        key="teams",
        title=f"Carte des équipes{NBSP}: {look.title}",
        marks=[mark for site in sites if (mark := site.mark)],
        window=look.window,
        closer=links.around,
        listed="#liste",
        lands={code: links.department(code) for code in DEPARTMENTS},
        chosen=look.department,
        here=(look.commune.latitude, look.commune.longitude) if look.commune else None,
    )


def _streets(look: Look) -> dict[str, Any]:
    """What the layer of streets draws, for those who ask for it: the teams of the list beside."""
    return {
        "tiles": settings.MAP_TILES_URL,
        "attribution": settings.MAP_TILES_ATTRIBUTION,
        "places": [
            [mark.latitude, mark.longitude, mark.title, mark.href, mark.hollow]
            for site in look.listed
            if (mark := site.mark)
        ],
    }


class Links:
    """Addresses of the map that keep what the teams were narrowed by."""

    def __init__(self, request: Request) -> None:
        self.kept = {name: value for name in FILTERS if (value := request.GET.get(name, ""))}

    def near(self, commune: Commune) -> str:
        return self._address(place=commune.name, commune=commune.insee_code)

    def around(self, latitude: float, longitude: float, level: int) -> str:
        return self._address(around=f"{latitude:.4f},{longitude:.4f}", zoom=str(level))

    def department(self, code: str) -> str:
        return self._address(department=code)

    @property
    def region(self) -> str:
        return self._address(department="")

    def _address(self, **changed: str) -> str:
        given = {name: value for name, value in (self.kept | changed).items() if value}
        return f"{reverse('members:map')}?{urlencode(given)}" if given else reverse("members:map")
