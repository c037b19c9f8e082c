"""The small map of a team's sites: every place on it, named where there is room."""

import re

from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from apmsl.lib.charts import Mark, SitesMap

# Around the Pays de la Loire, from the next street to the other end of the region.
PLACES = st.lists(
    st.tuples(st.floats(46.4, 48.4), st.floats(-2.5, 0.8), st.integers(0, 3)),
    min_size=2,
    max_size=8,
)


def drawn(*places: tuple[float, float, str, str]) -> SitesMap:
    marks = [Mark(north, east, name, name, city) for north, east, name, city in places]
    return SitesMap.of("sites", "Les sites de l’équipe", marks)


def frame_of(sites: SitesMap) -> tuple[float, float, float, float]:
    x, y, wide, high = (float(part) for part in sites.frame)
    return x, y, x + wide, y + high


@given(PLACES)
def test_every_site_is_inside_what_is_shown_and_counted_once(places):
    sites = drawn(*((north, east, f"Site {n}", "Nantes") for north, east, n in places))

    west, top, east, bottom = frame_of(sites)

    assert sum(spot.count for spot in sites.spots) == len(places)
    for spot in sites.spots:
        assert west < float(spot.x) < east
        assert top < float(spot.y) < bottom


def test_sites_of_one_street_are_one_mark_with_their_number():
    sites = drawn((47.1, -1.3, "Le Bourg", "Clisson"), (47.1001, -1.3001, "La Gare", "Clisson"))

    assert [spot.count for spot in sites.spots] == [2]


def test_names_stand_beside_their_sites_and_towns_where_there_is_room():
    sites = drawn((47.30, -1.55, "Le Bourg", "Ici"), (47.33, -1.40, "Les Halles", "Là"))

    svg = render_to_string("charts/sites.svg", {"drawing": sites})

    assert {spot.label.text for spot in sites.spots} == {"Le Bourg", "Les Halles"}
    assert 1 <= len(sites.towns) <= 5
    for town in sites.towns:
        assert f">{town.text}</text>" in svg
    assert re.search(r">\d+\u00a0km</text>", svg)


def test_the_description_tells_every_site_with_its_town():
    sites = drawn((47.30, -1.55, "Le Bourg", "Clisson"), (47.33, -1.40, "Site de Vallet", "Vallet"))

    assert sites.description == "Le Bourg (Clisson) et Site de Vallet."
