import pytest

from apmsl.lib import geography


def test_the_region_has_its_communes_and_its_five_departments():
    departments = [commune.department for commune in geography.communes().values()]

    assert {code: departments.count(code) for code in sorted(set(departments))} == {
        "44": 207,
        "49": 176,
        "53": 240,
        "72": 352,
        "85": 253,
    }
    assert [outline.name for outline in geography.outlines()] == [
        "Loire-Atlantique",
        "Maine-et-Loire",
        "Mayenne",
        "Sarthe",
        "Vendée",
    ]


@pytest.mark.parametrize(
    "typed", ["Saint-Nazaire", "st nazaire", "SAINT NAZAIRE", "  saint-nazaire "]
)
def test_a_commune_is_found_however_its_name_is_typed(typed):
    assert [commune.insee_code for commune in geography.by_name(typed)] == ["44184"]


def test_an_island_without_intercommunality_is_a_commune_like_another():
    assert [(c.insee_code, c.epci) for c in geography.by_name("L’Île-d'Yeu")] == [("85113", None)]


def test_a_postcode_gives_every_commune_that_has_it():
    assert {commune.name for commune in geography.by_postcode("44320")} >= {"Chaumes-en-Retz"}
    assert geography.by_postcode("75001") == ()


def test_an_unknown_code_is_no_commune():
    assert geography.commune("44109").name == "Nantes"
    assert geography.commune("75056") is None


def test_searching_gives_the_largest_first():
    assert [commune.name for commune in geography.search("le m", limit=1)] == ["Le Mans"]
    assert "Angers" in [commune.name for commune in geography.search("49000")]
    assert geography.search("  ") == ()


def test_every_commune_lies_on_the_sheet():
    paper = geography.sheet(600)

    for commune in geography.communes().values():
        point = paper.point(commune.latitude, commune.longitude)
        assert 0 <= point.x <= paper.width, commune
        assert 0 <= point.y <= paper.height, commune


def test_north_is_up_and_east_is_right():
    paper = geography.sheet(600)
    laval, la_roche = paper.point(48.07, -0.77), paper.point(46.67, -1.43)
    nantes, le_mans = paper.point(47.22, -1.55), paper.point(48.0, 0.2)

    assert laval.y < la_roche.y
    assert nantes.x < le_mans.x


def test_the_sheet_keeps_the_shape_of_the_land():
    """Nantes–Angers (80 km, east) and Nantes–La Roche (61 km, south): the same scale both ways."""
    paper = geography.sheet(600)
    nantes, angers, la_roche = (
        paper.point(*place) for place in ((47.218, -1.554), (47.473, -0.556), (46.67, -1.426))
    )
    east = ((angers.x - nantes.x) ** 2 + (angers.y - nantes.y) ** 2) ** 0.5
    south = ((la_roche.x - nantes.x) ** 2 + (la_roche.y - nantes.y) ** 2) ** 0.5

    assert east / south == pytest.approx(80.2 / 61.7, rel=0.02)


def test_a_department_is_drawn_and_named_inside_its_border():
    outlines = {outline.code: outline for outline in geography.outlines(600)}

    assert outlines["85"].path.count("M") == 3, "the mainland, Noirmoutier and Yeu"
    assert outlines["53"].path.startswith("M")
    assert outlines["53"].path.endswith("Z")
    assert outlines["53"].centre.x == pytest.approx(
        geography.sheet(600).point(48.1, -0.65).x, abs=25
    )


def test_another_department_is_called_by_its_code():
    assert geography.department_name("72") == "Sarthe"
    assert geography.department_name("35") == "35"


@pytest.mark.parametrize(
    ("here", "there", "kilometres"),
    [
        ("44109", "49007", 80),  # Nantes – Angers
        ("44109", "72181", 163),  # Nantes – Le Mans
        ("53130", "85191", 160),  # Laval – La Roche-sur-Yon
        ("44184", "44109", 51),  # Saint-Nazaire – Nantes
    ],
)
def test_distances_between_towns_are_those_of_the_atlas(here, there, kilometres):
    places = [(c.latitude, c.longitude) for c in map(geography.commune, (here, there))]

    assert geography.distance(*places) == pytest.approx(kilometres, rel=0.06)
    assert geography.distance(*reversed(places)) == geography.distance(*places)


def test_a_degree_of_latitude_is_111_kilometres_and_a_place_is_no_distance_from_itself():
    assert geography.distance((47.0, -1.0), (48.0, -1.0)) == pytest.approx(111.195, abs=0.01)
    assert geography.distance((0.0, 0.0), (0.0, 180.0)) == pytest.approx(20015.1, abs=0.1)
    assert geography.distance((47.2, -1.5), (47.2, -1.5)) == 0


def test_a_point_of_the_sheet_gives_its_place_back():
    sheet = geography.sheet()

    latitude, longitude = sheet.place(sheet.point(47.2181, -1.5528))

    assert (latitude, longitude) == (
        pytest.approx(47.2181, abs=1e-3),
        pytest.approx(-1.5528, abs=1e-3),
    )
