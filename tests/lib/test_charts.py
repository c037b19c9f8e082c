import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.template import engines

from apmsl.lib import charts, geography
from apmsl.lib.charts import Dot, Item, palette, text

SVG = "{http://www.w3.org/2000/svg}"
YEARS = [Item("2021", 60), Item("2022", None), Item("2023", 81)]
PROFESSIONS = [Item("Infirmiers", 12), Item("Médecins généralistes", 9), Item("Psychologues", 1)]
LONG = "Maison de santé pluriprofessionnelle universitaire du Pays de Château-Gontier-sur-Mayenne"
DRAWINGS = [
    charts.Ring(key="ring", title="Équipes avec stagiaires", value=96),
    charts.Ring(key="full", title="Toutes", value=100),
    charts.Ring(key="unknown", title="Inconnu", value=None),
    charts.Stacked(key="stacked", title="Formats", items=PROFESSIONS),
    charts.Stacked(key="no-parts", title="Formats", items=[]),
    charts.Bars(key="bars", title="Professions", items=[*PROFESSIONS, Item(LONG, None)]),
    charts.Bars(key="no-bars", title="Professions", items=[]),
    charts.Columns(key="columns", title="Équipes", items=YEARS),
    charts.Columns(key="no-columns", title="Équipes", items=[]),
    charts.Comparison(key="change", title="Équipes", now=Item("2023", 81), before=Item("2022", 76)),
    charts.Comparison(
        key="no-change", title="Équipes", now=Item("2023", None), before=Item("2022", None)
    ),
    charts.Spark(key="spark", title="Équipes", items=YEARS),
    charts.Spark(key="no-spark", title="Équipes", items=[]),
    charts.People(key="people", title="Composition", items=PROFESSIONS),
    charts.People(key="nobody", title="Composition", items=[]),
    charts.Words(key="words", title="En un mot", items=[*PROFESSIONS, Item(LONG, 4)]),
    charts.Words(key="no-words", title="En un mot", items=[]),
    charts.RegionMap(
        key="map",
        title="Équipes par département",
        values={"44": 29, "49": 18, "53": 10, "72": 12, "85": 12},
        dots=[Dot(47.22, -1.55, "Nantes")],
    ),
    charts.RegionMap(key="here", title="Ici", here=Dot(47.22, -1.55, "Nantes"), width=200),
]


def drawn(shape, tag="drawing", **options):
    given = "".join(f" {name}={value}" for name, value in options.items())
    source = f"{{% load charts %}}{{% {tag} shape{given} %}}"
    return engines["django"].from_string(source).render({"shape": shape})


def parsed(shape):
    return ElementTree.fromstring(drawn(shape))  # noqa: S314


def texts(shape):
    return ["".join(node.itertext()) for node in parsed(shape).iter(f"{SVG}text")]


@pytest.mark.parametrize("shape", DRAWINGS, ids=lambda shape: shape.key)
def test_a_drawing_is_described_in_words(shape):
    root = parsed(shape)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")

    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text.startswith(shape.title)
    for item in shape.figures:
        assert f"{item.label}\u00a0: {item.text}" in description.text


@pytest.mark.parametrize("shape", DRAWINGS, ids=lambda shape: shape.key)
def test_a_drawing_needs_no_style_of_its_own(shape):
    """The content security policy of pages refuses them."""
    for node in parsed(shape).iter():
        assert node.tag != f"{SVG}style"
        assert not {name for name in node.attrib if name == "style" or name.startswith("on")}


@pytest.mark.parametrize("shape", DRAWINGS, ids=lambda shape: shape.key)
def test_a_drawing_stays_in_its_frame(shape):
    root = parsed(shape)
    _, _, width, height = map(float, root.get("viewBox").split())

    for node in root.iter(f"{SVG}rect"):
        assert float(node.get("x")) >= 0
        assert float(node.get("x")) + float(node.get("width")) <= width + 0.1
        assert float(node.get("y")) + float(node.get("height")) <= height + 0.1
        assert float(node.get("width")) >= 0
    for node in root.iter(f"{SVG}text"):
        size = float(node.get("font-size") or root.get("font-size") or 12)
        room = text.width(node.text, size, bold=node.get("font-weight") == "700")
        anchor = node.get("text-anchor") or root.get("text-anchor") or "start"
        left = float(node.get("x")) - room * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        assert left >= -1, node.text
        assert left + room <= width + 1, node.text
        assert 0 <= float(node.get("y")) <= height, node.text


@pytest.mark.parametrize("shape", DRAWINGS, ids=lambda shape: shape.key)
def test_coordinates_are_written_with_a_point(shape, settings):
    settings.LANGUAGE_CODE = "fr"

    assert not re.search(r'(?:x|y|width|height|r|points)="\d+,\d+"', drawn(shape))


def test_every_figure_is_written_beside_its_shape():
    for shape in DRAWINGS:
        if isinstance(shape, charts.Bars | charts.Columns | charts.Stacked):
            assert {item.text for item in shape.items} <= set(texts(shape))


def test_what_is_not_known_is_a_dash_and_not_a_zero():
    assert texts(charts.Ring(key="r", title="x", value=None)) == ["–"]
    assert texts(charts.Ring(key="r", title="x", value=0)) == ["0\u00a0%"]
    assert "2022\u00a0: –" in charts.Columns(key="c", title="x", items=YEARS).description


@pytest.mark.parametrize(("value", "arc"), [(0, False), (29, True), (99, True), (100, False)])
def test_a_ring_is_an_arc_between_nothing_and_all(value, arc):
    ring = charts.Ring(key="r", title="x", value=value)

    assert bool(ring.arc) is arc
    assert (" 0 1 1 " in ring.arc) is (arc and value > 50)


def test_a_ring_of_a_quarter_ends_at_three_o_clock():
    assert charts.Ring(key="r", title="x", value=25).arc == "M50 8A42 42 0 0 1 92 50"


def test_the_parts_of_a_bar_fill_it_in_proportion():
    bar = charts.Stacked(key="s", title="x", items=[Item("a", 1), Item("b", 3)], width=400)

    assert [part.x for part in bar.parts] == ["0", "100"]
    assert [float(part.width) for part in bar.parts] == [98.5, 298.5]


def test_a_part_too_narrow_for_its_figure_keeps_it_in_the_legend():
    bar = charts.Stacked(key="s", title="x", items=[Item("a", 99), Item("b", 1)])

    assert [part.inside for part in bar.parts] == ["99", ""]
    assert texts(bar).count("1") == 1


def test_bars_share_one_scale():
    bars = charts.Bars(key="b", title="x", items=[Item("a", 10), Item("b", 5), Item("c", 0)]).bars

    assert float(bars[0].width) == pytest.approx(2 * float(bars[1].width), abs=0.02)
    assert bars[2].width == "0"


def test_a_long_label_is_cut_into_lines_and_ends_with_an_ellipsis():
    lines = text.wrap(LONG, 120, 12, lines=2)

    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(text.width(line, 12) <= 120 for line in lines)


def test_a_word_longer_than_its_line_is_shortened():
    assert text.wrap("Anticonstitutionnellement", 60, 12) == [
        *text.wrap("Anticonstitutionnellement", 60, 12)
    ]
    assert text.width(text.wrap("Anticonstitutionnellement", 60, 12)[0], 12) <= 60


def test_there_is_a_pictogram_for_each_person():
    rows = charts.People(key="p", title="x", items=PROFESSIONS).rows

    assert [row.icons.count("M") for row in rows] == [12, 9, 1]


def test_where_people_are_many_a_pictogram_stands_for_several():
    crowd = charts.People(key="p", title="x", items=[Item("Infirmiers", 300), Item("Autre", 3)])

    assert crowd.people_per_icon == 10
    assert [row.icons.count("M") for row in crowd.rows] == [30, 1]


def test_forty_professions_fit_in_twelve_rows():
    people = charts.People(
        key="p", title="x", items=[Item(f"Profession {n}", 41 - n) for n in range(1, 41)]
    )

    assert len(people.rows) == 12
    assert people.rows[-1].item == Item("29\u00a0autres professions", sum(range(1, 30)))
    assert people.rows[-1].icons == ""
    assert "Profession 40\u00a0: 1" in people.description


def test_a_profession_without_anybody_is_not_drawn():
    people = charts.People(key="p", title="x", items=[*PROFESSIONS, Item("Dentistes", 0)])

    assert "Dentistes" not in people.description
    assert len(people.rows) == 3


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [(28, 26, "+2"), (26, 28, "−2"), (28, 28, "="), (28, None, "–"), (7.5, 7, "+0,5")],
)
def test_a_comparison_says_what_changed(now, before, change):
    comparison = charts.Comparison(
        key="c", title="x", now=Item("2023", now), before=Item("2022", before)
    )

    assert comparison.change == change


def test_a_line_jumps_over_the_year_without_a_figure():
    assert len(charts.Spark(key="s", title="x", items=YEARS).points) == 2


def test_the_map_names_its_source_and_shows_where_a_team_is():
    assert "© IGN – Etalab, Licence Ouverte 2.0" in texts(DRAWINGS[-2])
    here = charts.RegionMap(key="m", title="x", here=Dot(47.22, -1.55, "Nantes"))
    assert "Nantes" in here.description
    assert len(parsed(here).findall(f"{SVG}circle")) == 2


def test_a_dot_is_not_drawn_among_the_letters_of_a_name():
    area = DRAWINGS[-2].areas[3]
    paper = geography.sheet(600)
    longitude = paper.west + float(area.x) / paper.scale / paper.squeeze
    below = [
        charts.Dot(paper.north - (float(area.name_y) + shift) / paper.scale, longitude)
        for shift in (-8, 0, 40)
    ]

    heights = [float(y) for _, y in replace(DRAWINGS[-2], dots=below).places]

    assert area.name == "Sarthe"
    assert heights[0] == heights[1] > float(area.name_y) + 4
    assert heights[2] == pytest.approx(float(area.name_y) + 40, abs=0.1)


def test_a_department_without_a_figure_counts_none():
    chart = replace(DRAWINGS[-2], values={"44": 29})

    assert "Sarthe\u00a0: 0" in chart.description


def contrast(one, other):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_what_is_written_can_be_read():
    for step, ink in zip(palette.STEPS, palette.ON_STEPS, strict=True):
        assert contrast(step, ink) >= 4.5, step
    for ink in (palette.INK, palette.INK_SOFT, palette.TEAL, palette.TEAL_DEEP):
        assert contrast(ink, palette.WHITE) >= 4.5
        assert contrast(ink, palette.PAPER) >= 4.5


def test_neighbouring_parts_differ_in_grey():
    for one, other in zip(palette.STEPS[:3], palette.STEPS[1:3], strict=False):
        assert contrast(one, other) >= 1.5


def test_a_figure_comes_with_its_table():
    html = drawn(DRAWINGS[0], tag="chart")
    root = ElementTree.fromstring(html)  # noqa: S314

    rows = [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]
    assert rows == [["Intitulé", "Part"], ["Équipes avec stagiaires", "96\u00a0%"]]
    assert root.find(".//caption").text == "Équipes avec stagiaires"


def test_a_figure_without_anything_known_has_no_table():
    assert "<table" not in drawn(charts.Bars(key="b", title="x", items=[]), tag="chart")
    assert "<table" not in drawn(DRAWINGS[0], tag="chart", table="False")
    assert drawn(None, tag="chart") == drawn(None) == ""


def test_a_label_is_escaped():
    shape = charts.Bars(key="b", title="<b>x</b>", items=[Item("<script>", 1)])

    assert "<script>" not in drawn(shape, tag="chart")
    assert "&lt;script&gt;" in drawn(shape)
