"""How a team presents its Scan'équipe: what it shows, its logo, its photo; and what stays as it was."""

import base64
import io
import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from apmsl.lib import pictures
from apmsl.lib.dates import reference_day, today
from members.models import ScanAnswer, Team
from reports.builders import documents
from reports.enums import Document, SheetBlock
from reports.models import SheetLayout
from reports.services import layouts
from tests.members.factories import (
    MembershipFactory,
    QuestionFactory,
    SiteFactory,
    TeamFactory,
)
from tests.reports.factories import SheetLayoutFactory
from tests.roles import board, coordinator, leader, member, staff
from tests.toolbox.factories import LoanFactory

pytestmark = pytest.mark.django_db
ALL = SheetBlock.values


def image(kind="PNG", size=(640, 400), colour=(10, 90, 100, 255)) -> bytes:
    drawn = io.BytesIO()
    mode = "RGBA" if kind == "PNG" else "RGB"
    Image.new(mode, size, colour[: len(mode)]).save(drawn, kind)
    return drawn.getvalue()


def url(team: Team, year: int | None = None) -> str:
    return reverse("reports:scan_layout", args=[team.pk, year or today().year])


def html_of(team: Team, year: int | None = None) -> str:
    year = year or today().year
    params = documents.parameters(year, reference_day(year), team)
    return documents.page(Document.SCAN, params).html


# -- who and what ----------------------------------------------------------------------------------
def test_a_block_that_the_team_leaves_out_is_neither_on_the_page_nor_on_paper(client, team):
    client.force_login(coordinator(team))
    assert "La coordination" in html_of(team)

    answer = client.post(url(team), {"shown": [b for b in ALL if b != SheetBlock.COORDINATION]})

    assert answer.url == reverse("reports:scan", args=[team.pk, today().year])
    page = client.get(answer.url).content.decode()
    assert "La coordination" not in html_of(team)
    assert ">La coordination<" not in page
    assert "Protocoles" in page or "protocoles" in page


@pytest.mark.parametrize(("role", "status"), [(leader, 200), (coordinator, 200), (member, 404)])
def test_those_who_speak_for_the_team_lay_out_its_page(client, team, role, status):
    client.force_login(role(team))

    assert client.get(url(team)).status_code == status
    assert client.post(url(team), {"shown": []}).status_code == status


def test_another_team_and_the_board_do_not(client, team):
    for user in (coordinator(), board()):
        client.force_login(user)
        assert client.post(url(team), {"shown": ALL}).status_code == 404
    client.force_login(staff())
    assert client.get(url(team)).status_code == 200
    assert not SheetLayout.objects.exists()


def test_the_button_is_there_for_those_who_may(client, team):
    scan = reverse("reports:scan", args=[team.pk, today().year])
    seen = []
    for user in (coordinator(team), member(team)):
        client.force_login(user)
        seen.append(url(team) in client.get(scan).content.decode())

    assert seen == [True, False]


@pytest.mark.parametrize(
    ("shown", "message"),
    [
        ([], "Choisissez au moins une partie."),
        (["network", "sites"], "Gardez au moins une des quatre premières parties"),
        (["members"], "members"),
    ],
)
def test_a_page_that_would_be_white_is_refused_beside_the_field(client, team, shown, message):
    client.force_login(coordinator(team))

    answer = client.post(url(team), {"shown": shown})

    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not SheetLayout.objects.exists()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"hidden": ["members"]}, "sheetlayout_hides_known_blocks"),
        (
            {"hidden": ["composition", "beside", "practices", "coordination"]},
            "sheetlayout_shows_a_body",
        ),
        ({"year": 1999}, "sheetlayout_year_plausible"),
    ],
)
def test_the_database_refuses_what_the_form_does(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SheetLayoutFactory(**fields)


def test_a_team_has_one_layout_a_year():
    layout = SheetLayoutFactory()

    with pytest.raises(IntegrityError, match="sheetlayout_one_per_team_and_year"):
        SheetLayoutFactory(team=layout.team, year=layout.year)


# -- pictures --------------------------------------------------------------------------------------
def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def pictures_of(html: str) -> list[bytes]:
    found = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', html)
    return [base64.b64decode(data) for data in found]


def test_a_logo_and_a_photo_stand_on_the_page_drawn_anew(client, team):
    client.force_login(coordinator(team))
    files = {"logo": upload("logo.png", image()), "photo": upload("equipe.jpg", image("JPEG"))}

    client.post(url(team), {"shown": ALL, **files})

    drawn = [Image.open(io.BytesIO(content)) for content in pictures_of(html_of(team))]
    assert [picture.format for picture in drawn] == ["JPEG", "JPEG"]
    assert [picture.size for picture in drawn] == [(600, 375), (640, 400)]
    page = client.get(reverse("reports:scan", args=[team.pk, today().year])).content.decode()
    assert len(pictures_of(page)) == 2


def test_what_is_transparent_in_a_logo_is_white():
    drawn = pictures.redrawn(upload("logo.png", image(colour=(0, 0, 0, 0))), width=100)

    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.getpixel((10, 10)) == (255, 255, 255)


def test_a_photo_of_twelve_megapixels_is_taken_as_what_its_place_on_paper_needs():
    """Forty of them in a report weigh less than the 15 MB that it may."""
    taken = io.BytesIO()
    scene = Image.effect_noise((1000, 750), 40).resize((4000, 3000)).convert("RGB")
    scene.save(taken, "JPEG", quality=95)

    drawn = pictures.redrawn(upload("photo.jpg", taken.getvalue()), width=900)

    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.size == (900, 675)
    assert len(drawn) * 40 < 15_000_000 < len(taken.getvalue()) * 40


def test_the_place_where_a_photo_was_taken_is_not_kept(client, team):
    client.force_login(coordinator(team))
    taken = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "rue des Lilas"
    Image.new("RGB", (64, 64)).save(taken, "JPEG", exif=exif)

    client.post(url(team), {"shown": ALL, "photo": upload("a.jpg", taken.getvalue())})

    with SheetLayout.objects.get().photo.open("rb") as stored:
        assert b"rue des Lilas" in taken.getvalue()
        assert b"rue des Lilas" not in stored.read()


@pytest.mark.parametrize(
    ("size", "given"), [((8_000, 6_000), {"progressive": True}), ((65_000, 1_000), {})]
)
def test_a_jpeg_that_would_be_unfolded_whole_is_refused_as_a_png_is(client, team, size, given):
    """One that shows itself little by little, of one megabyte, took one gigabyte to be read."""
    taken = io.BytesIO()
    Image.new("RGB", size).save(taken, "JPEG", quality=1, **given)
    client.force_login(coordinator(team))

    page = client.post(url(team), {"shown": ALL, "photo": upload("a.jpg", taken.getvalue())})

    assert "trop grande pour être lue" in page.text
    assert not SheetLayout.objects.exists()


def test_a_large_photo_of_a_camera_is_taken():
    taken = io.BytesIO()
    Image.new("RGB", (9_000, 6_700)).save(taken, "JPEG", quality=1)

    drawn = pictures.redrawn(upload("photo.jpg", taken.getvalue()), width=1600)

    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.size == (1600, 1191)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("logo.png", b"<svg onload='alert(1)'/>", "n’en a pas le contenu"),
        ("logo.png", image("JPEG"), "n’en a pas le contenu"),
        ("logo.svg", b"<svg/>", "Choisissez une image JPEG ou PNG."),
        ("logo.pdf", b"%PDF-1.7 %%EOF", "Choisissez une image JPEG ou PNG."),
        ("logo.jpg", b"\xff\xd8\xff" + b"0" * 99, "n’en a pas le contenu"),
        ("logo.png", image() + b"0" * 2_000_000, "trop lourde"),
        ("logo.png", image(size=(12_000, 9_000)), "trop grande"),
        ("logo.png", image(size=(8_000, 6_000)), "trop grande"),
        ("logo.png", image()[:-40], "n’en a pas le contenu"),
        ("logo.jpg", image("JPEG")[:-400], "n’en a pas le contenu"),
        ("logo.png", b"", "vide"),
    ],
)
def test_what_is_no_picture_is_refused_and_the_rest_stays_as_it_was_typed(
    client, team, name, content, message
):
    client.force_login(coordinator(team))

    answer = client.post(url(team), {"shown": ["practices"], "logo": upload(name, content)})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert message in page
    assert len(re.findall(r'name="shown"[^>]*checked', page)) == 1
    assert not SheetLayout.objects.exists()


def test_a_picture_stays_until_it_is_taken_away_or_replaced(client, team):
    client.force_login(coordinator(team))
    client.post(url(team), {"shown": ALL, "logo": upload("logo.png", image())})

    client.post(url(team), {"shown": ALL})
    assert len(pictures_of(html_of(team))) == 1

    client.post(url(team), {"shown": ALL, "no_logo": "on"})
    assert pictures_of(html_of(team)) == []


def test_a_file_that_is_gone_is_left_out(team):
    layout = layouts.lay_out(team=team, year=today().year, shown=ALL, pictures={"logo": image()})
    layout.logo.storage.delete(layout.logo.name)

    assert "<img" not in html_of(team)


# -- years -----------------------------------------------------------------------------------------
def test_a_year_begins_as_the_last_one_and_leaves_it_as_it_was(team):
    year = today().year
    MembershipFactory(team=team, year=year - 1)
    layouts.lay_out(team=team, year=year - 1, shown=["practices"], pictures={"logo": image("JPEG")})
    before = html_of(team, year - 1)

    begun = layouts.layout_of(team, year)
    layouts.lay_out(team=team, year=year, shown=ALL, pictures={"logo": b""})

    assert (begun.year, begun.hidden[0], bool(begun.logo)) == (year, "composition", True)
    assert html_of(team, year - 1) == before
    assert pictures_of(html_of(team, year)) == []


def test_many_teams_take_as_many_queries_as_one(record_queries):
    from reports.builders import reading  # noqa: PLC0415  beside what it measures

    year, as_of = today().year, reference_day(today().year)
    teams = [TeamFactory(member=True) for _ in range(3)]
    for each in teams:
        SiteFactory.create_batch(2, team=each)
        SheetLayoutFactory(team=each)
    region = reading.region(year, as_of)

    with record_queries() as for_one:
        list(reading.team_sheets(teams[:1], year, as_of, region))
    with record_queries() as for_all:
        list(reading.team_sheets(teams, year, as_of, region))

    assert len(for_all) == len(for_one)
    assert timedelta(0) < timezone.now() - SheetLayout.objects.latest("pk").changed_at


# -- beside the year before ------------------------------------------------------------------------
def test_what_the_team_did_with_the_federation_stands_beside_the_year_before(team, last_year):
    """Loans that were refused or only asked for are none."""
    year = today().year
    for status, start in (
        ("returned", date(year, 1, 5)),
        ("returned", date(year - 1, 3, 1)),
        ("returned", date(year - 1, 4, 1)),
        ("refused", date(year, 1, 6)),
        ("requested", date(year, 1, 7)),
    ):
        LoanFactory(
            team=team,
            status=status,
            copy=1,
            starts_on=start,
            ends_on=start,
            returned_on=start if status == "returned" else None,
        )

    html = html_of(team)

    assert "<b>1</b> matériel emprunté" in html
    assert f"2 en\u00a0{last_year}" in html


def test_an_answer_that_has_changed_says_what_it_was(team, last_year):
    protocols = QuestionFactory(key="protocols", kind="yes_no", label="Protocoles")
    sent = team.scans.get(form__year=last_year)
    answer = ScanAnswer.objects.create(scan=sent, question=protocols, yes=False)

    assert f"Non en\u00a0{last_year}" in html_of(team)

    answer.yes = True
    answer.save()
    assert f"Non en\u00a0{last_year}" not in html_of(team)
