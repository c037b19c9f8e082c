"""The public map: which teams, what of them, and the nearest ones."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from apmsl.lib import geography
from apmsl.lib.charts import Mark, PlacesMap, Window
from apmsl.lib.charts.places import CLOSEST
from apmsl.lib.dates import today
from members.models import Membership, Team
from tests import roles
from tests.members.factories import MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db

# (INSEE code, name, postcode, latitude, longitude)
CHOLET = {"insee_code": "49099", "city": "Cholet", "postcode": "49300", "department": "49"}
LAVAL = {"insee_code": "53130", "city": "Laval", "postcode": "53000", "department": "53"}


@pytest.fixture
def show(client):
    def show(**asked):
        return client.get(reverse("members:map"), asked)

    return show


def listed(response):
    return [site.team.name for site in response.context["page"].object_list]


def spots(response):
    page = response.content.decode()
    return re.findall(r'<a class="spot" href="([^"]+)" aria-label="([^"]+)"', page)


def spread(number):
    """Teams far enough from each other to be drawn apart."""
    for rank in range(number):
        place = {"latitude": 46.6 + 0.35 * (rank // 4), "longitude": -1.6 + 0.4 * (rank % 4)}
        yield TeamFactory(name=f"MSP {rank:02}", city=f"Ville {rank:02}", member=True, **place)


# -- which teams, and what of them -----------------------------------------------------------------
def test_visitors_see_open_member_teams_and_no_others(show):
    TeamFactory(name="MSP adhérente", member=True)
    TeamFactory(name="MSP sans adhésion")
    TeamFactory(name="MSP fermée", member=True, closed=True)
    MembershipFactory(team=TeamFactory(name="MSP appelée"), called=True)
    MembershipFactory(team=TeamFactory(name="MSP d’avant"), year=today().year - 2)

    shown = show()

    assert listed(shown) == ["MSP adhérente"]
    assert [title for _, title in spots(shown)] == ["MSP adhérente, Nantes"]


def test_last_years_members_stay_while_teams_renew(show, settings):
    MembershipFactory(team=TeamFactory(name="MSP en retard"), year=today().year - 1)

    settings.MEMBERSHIP_GRACE_UNTIL = (12, 31)
    assert listed(show()) == ["MSP en retard"]
    settings.MEMBERSHIP_GRACE_UNTIL = (1, 0)
    assert listed(show()) == []


def test_the_page_of_a_team_is_for_members(show, client):
    team = TeamFactory(member=True)

    visitor = show()
    client.force_login(roles.coordinator(team))
    member = show()

    assert team.get_absolute_url() not in visitor.content.decode()
    assert [href for href, _ in spots(member)] == [team.get_absolute_url()]
    assert f'<a href="{team.get_absolute_url()}">' in member.content.decode()


def test_a_team_without_a_point_of_its_own_stands_in_its_commune(show):
    TeamFactory(name="MSP du Val", member=True, latitude=None, longitude=None, **LAVAL)

    assert [title for _, title in spots(show(department="53"))] == ["MSP du Val, Laval"]


def test_a_team_of_a_commune_that_nobody_knows_is_listed_all_the_same(show):
    TeamFactory(
        name="MSP d’ailleurs", member=True, latitude=None, longitude=None, insee_code="35238"
    )

    shown = show()

    assert listed(shown) == ["MSP d’ailleurs"]
    assert spots(shown) == []


# -- filters ---------------------------------------------------------------------------------------
def test_filters_narrow_the_list_and_the_map_together(show):
    TeamFactory(name="MSP de Cholet", member=True, latitude=47.06, longitude=-0.88, **CHOLET)
    TeamFactory(name="MSP de Laval", member=True, latitude=48.07, longitude=-0.77, **LAVAL)
    TeamFactory(name="MSP neuve", member=True, in_project=True)

    for asked, expected in (
        ({"department": "49"}, ["MSP de Cholet"]),
        ({"search": "laval"}, ["MSP de Laval"]),
        ({"stage": "in_project"}, ["MSP neuve"]),
        ({"stage": "constituted"}, ["MSP de Cholet", "MSP de Laval"]),
        ({"department": "nulle-part"}, ["MSP de Cholet", "MSP de Laval", "MSP neuve"]),
    ):
        shown = show(**asked)
        assert listed(shown) == expected
        assert [title.partition(",")[0] for _, title in sorted(spots(shown), key=str)] != []
        assert sorted(title.partition(",")[0] for _, title in spots(shown)) == expected


def test_every_choice_of_stage_is_one_that_the_public_sees(show):
    page = show().content.decode()

    assert re.findall(r'<option value="(\w+)"', page.partition('name="stage"')[2]) == [
        "constituted",
        "in_project",
    ]


def test_htmx_gets_the_map_and_the_list_in_one_part(client):
    list(spread(2))

    part = client.get(reverse("members:map"), headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<section id="results"')
    assert "<svg" in part
    assert "MSP 00" in part


def test_links_of_the_map_keep_the_filters(show):
    TeamFactory(name="MSP A", member=True)

    ((href, _),) = spots(show(search="msp", stage="constituted"))

    assert "search=msp" in href
    assert "stage=constituted" in href
    assert "around=" in href


# -- looking closer --------------------------------------------------------------------------------
def test_teams_too_close_to_each_other_are_one_mark_that_says_how_many(show):
    for name, longitude in (("MSP A", -1.5), ("MSP B", -1.501), ("MSP C", -1.56)):
        TeamFactory(name=name, member=True, longitude=longitude)

    shown = show()

    ((href, title),) = spots(shown)
    assert title == "3\u00a0équipes autour de Nantes\u00a0: agrandir"
    closer = shown.client.get(href.replace("&amp;", "&"))
    assert sorted(listed(closer)) == ["MSP A", "MSP B", "MSP C"]
    assert len(spots(closer)) > 1


def test_one_always_comes_to_the_end_of_looking_closer(show, client):
    """Teams of one point: their mark leads to closer looks, then to the list."""
    for name in "ABC":
        TeamFactory(name=f"MSP {name}", member=True)

    seen, shown = [], show()
    while (href := spots(shown)[0][0]) != "#liste":
        seen.append(href)
        shown = client.get(href.replace("&amp;", "&"))

    assert 1 <= len(seen) <= CLOSEST
    assert "voir la liste" in spots(shown)[0][1]
    assert len(listed(shown)) == 3


def test_the_list_holds_the_teams_of_the_part_one_looks_at(show):
    TeamFactory(name="MSP de Cholet", member=True, latitude=47.06, longitude=-0.88, **CHOLET)
    TeamFactory(name="MSP de Nantes", member=True)

    assert listed(show(around="47.06,-0.88", zoom="4")) == ["MSP de Cholet"]


@pytest.mark.parametrize(
    ("around", "zoom"),
    [("", "2"), ("ici", "2"), ("47.2", "2"), ("47.2,-1.5", "près"), ("0,0", "2"), ("nan,nan", "2")],
)
def test_an_address_that_makes_no_sense_shows_the_region(show, around, zoom):
    TeamFactory(name="MSP A", member=True)

    shown = show(around=around, zoom=zoom)

    assert shown.status_code == 200
    assert shown.context["look"].is_whole


def test_a_department_is_drawn_larger_with_the_names_of_its_teams(show):
    teams = [TeamFactory(name="MSP du Lac", member=True)]

    whole, closer = show(), show(department="44")

    assert ">MSP du Lac</text>" not in whole.content.decode()
    assert ">MSP du Lac</text>" in closer.content.decode()
    assert closer.context["look"].window.scale > whole.context["look"].window.scale
    assert len(spots(closer)) == len(teams)


# -- the nearest -----------------------------------------------------------------------------------
def test_the_ten_nearest_teams_come_first_with_their_distance(show):
    list(spread(12))
    cholet = geography.commune("49099")
    here = {"latitude": cholet.latitude, "longitude": cholet.longitude}
    north = {"latitude": cholet.latitude + 0.036, "longitude": cholet.longitude}
    TeamFactory(name="MSP de Cholet", member=True, **CHOLET, **here)
    TeamFactory(name="MSP voisine", member=True, **north)

    shown = show(place="cholet")

    assert listed(shown)[:2] == ["MSP de Cholet", "MSP voisine"]
    assert len(listed(shown)) == 10
    far = [site.kilometres for site in shown.context["look"].listed]
    assert far == sorted(far)
    assert "à moins d’un\u00a0kilomètre" in shown.content.decode()
    assert "à 4\u00a0km" in shown.content.decode()


def test_the_place_stands_in_the_middle_of_its_map(show):
    list(spread(3))

    drawing = show(place="49300").context["drawing"]

    x, y = (float(part) for part in drawing.place)
    assert (x, y) == (pytest.approx(300, abs=1), pytest.approx(float(drawing.height) / 2, abs=1))


def test_a_postcode_of_several_communes_asks_which(show, client):
    TeamFactory(name="MSP A", member=True)

    shown = show(place="44320", stage="constituted")
    page = shown.content.decode()

    assert "Plusieurs communes répondent" in page
    (href,) = [a for c, a in shown.context["suggested"] if c.name == "Chaumes-en-Retz"]
    assert "stage=constituted" in href
    chosen = client.get(href)
    assert chosen.context["look"].commune.name == "Chaumes-en-Retz"
    assert listed(chosen) == ["MSP A"]


def test_homonyms_are_proposed_with_their_postcodes(show):
    shown = show(place="saint-pierre")

    assert len(shown.context["suggested"]) > 1
    assert all(commune.postcodes for commune, _ in shown.context["suggested"])


@pytest.mark.parametrize("typed", ["Marseille sur Loire", "75001", "<b>", "%", "0", "’"])
def test_an_unknown_place_is_told_beside_the_field_and_nothing_is_lost(show, typed):
    TeamFactory(name="MSP A", member=True)

    shown = show(place=typed, stage="constituted")
    page = shown.content.decode()

    assert "Aucune commune des Pays de la Loire" in str(shown.context["asked"].errors["place"])
    assert 'aria-invalid="true"' in page
    assert 'name="stage" value="constituted"' in page
    assert listed(shown) == ["MSP A"]


def test_a_place_of_endless_length_is_refused_kindly(show):
    assert "Donnez le nom" in str(show(place="a" * 500).context["asked"].errors["place"])


def test_a_place_without_any_team_says_so(show):
    assert "Aucune équipe ici" in show(place="cholet").content.decode()


# -- cost ------------------------------------------------------------------------------------------
def test_four_thousand_teams_cost_few_queries_and_a_light_drawing(client, record_queries):
    teams = Team.objects.bulk_create(
        TeamFactory.build(latitude=46.4 + 0.0011 * (n % 1700), longitude=-2.3 + 0.0007 * n)
        for n in range(4000)
    )
    Membership.objects.bulk_create(
        Membership(team=team, year=today().year, status="paid", paid_on=today()) for team in teams
    )

    with record_queries() as queries:
        response = client.get(reverse("members:map"))

    drawing = response.content.decode().partition("<svg xmlns")[2].partition("</svg>")[0]
    assert response.context["page"].paginator.count == 4000
    assert len(queries) <= 8
    assert len(drawing.encode()) < 150_000


# -- the drawing -----------------------------------------------------------------------------------
def test_every_team_of_the_window_is_counted_once():
    marks = [
        Mark(46.5 + 0.01 * n, -1.8 + 0.013 * n, f"MSP {n}", f"MSP {n}, Ville") for n in range(90)
    ]
    drawing = PlacesMap(
        key="k", title="Carte", marks=marks, window=Window(), closer="{}{}{}".format
    )

    assert sum(spot.count for spot in drawing.spots) == 90
    assert drawing.description.startswith("90\u00a0équipes en ")


def test_labels_never_cover_a_mark_nor_each_other():
    marks = [
        Mark(47.0 + 0.03 * (n // 6), -1.6 + 0.05 * (n % 6), f"Maison de santé {n}", "t")
        for n in range(36)
    ]
    window = Window.around(47.1, -1.45, 3)
    drawing = PlacesMap(key="k", title="Carte", marks=marks, window=window, closer="{}{}{}".format)

    labelled = [spot.label for spot in drawing.spots if spot.label]

    assert labelled
    lines = sorted((float(label.y), float(label.x)) for label in labelled)
    assert len(set(lines)) == len(lines)
    for label in labelled:
        for spot in drawing.spots:
            inside = abs(float(spot.y) - float(label.y) + 4) < 4 + float(spot.radius)
            on_text = float(label.x) < float(spot.x) < float(label.x) + 60
            assert not (inside and on_text and label.anchor == "start")


def test_nothing_on_the_page_comes_from_elsewhere(show):
    TeamFactory(member=True, closed_on=today() + timedelta(90))

    page = show().content.decode()

    assert not re.findall(r'(?:src|action)="https?://', page)
    assert "www.w3.org" in page  # the name of SVG, which nobody fetches


def test_each_field_of_the_two_forms_has_a_name_of_its_own(show):
    identifiers = re.findall(r'\sid="([^"]+)"', show(place="saint").content.decode())

    assert sorted(set(identifiers)) == sorted(identifiers)


# -- streets ---------------------------------------------------------------------------------------
def policy(client, name):
    return client.get(reverse(name)).headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://tuiles.test/{z}/{x}/{y}.png", "https://tuiles.test"),
        ("https://{s}.tuiles.test/{z}/{x}/{y}.png", "https://*.tuiles.test"),
    ],
)
def test_the_tile_server_is_let_in_on_the_map_alone(client, settings, address, host):
    before = policy(client, "members:map")
    settings.MAP_TILES_URL = address

    assert f"img-src 'self' data: {host};" in policy(client, "members:map") + ";"
    assert policy(client, "members:map").replace(f" {host}", "") == before
    assert "tuiles" not in policy(client, "members:home")
