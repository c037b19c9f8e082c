"""Photos in the report: sharp enough for a printing house, light enough for a mail."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pymupdf
import pytest
from django.core.files.base import ContentFile
from PIL import Image

from apmsl.lib import pdf
from reports.builders import activity
from reports.builders.activity.report import ActivityReport
from reports.builders.figures import Action, Chapter
from reports.builders.reading.stories import stories
from reports.indicators import Scope
from reports.models import ActionOfYear
from tests.reports import examples

pytestmark = pytest.mark.django_db

YEAR, LAST = 2022, date(2022, 12, 31)
PHOTOS = 40
MOST_BYTES = 15_000_000
LEAST_DPI = 200


def photo(rank: int, size: tuple[int, int] = (1600, 1200)) -> ContentFile:
    """As a camera gives it, or worse: soft shapes under more grain than any has, no two alike."""
    width, height = size
    shape = Image.linear_gradient("L").rotate(rank * 9).resize(size)
    grain = Image.effect_noise((width // 2, height // 2), 60).resize(size)
    light = Image.blend(shape, grain, 0.35)
    bands = (light, light.point(lambda p: p // 2 + 60), Image.blend(light, grain, 0.2))
    written = BytesIO()
    Image.merge("RGB", bands).save(written, "JPEG", quality=92)
    return ContentFile(written.getvalue(), f"photo-{rank}.jpg")


def illustrated(count: int) -> ActivityReport:
    for rank in range(count):
        given = {"caption": f"Photo {rank}", "photo": photo(rank)}
        told = ActionOfYear(year=YEAR, key=f"type-{rank + 1}", **given)
        told.full_clean()
        told.save()
    actions = [
        Action(title=f"Action {key}", pictures=story.pictures)
        for key, story in stories(Scope.of(YEAR, LAST)).items()
    ]
    chapter = Chapter(key="network", number="05", title="En images", actions=actions)
    return replace(examples.activity_report(), chapters=[chapter])


def test_forty_photos_are_printed_sharp_in_a_file_that_can_be_sent():
    content = pdf.render(activity.html(illustrated(PHOTOS)))

    with pymupdf.open(stream=content) as document:
        shown = [one for page in document for one in page.get_image_info() if one["width"] > 400]
    assert len(shown) == PHOTOS
    inches = [(one["bbox"][2] - one["bbox"][0]) / 72 for one in shown]
    resolutions = [one["width"] / wide for one, wide in zip(shown, inches, strict=True)]
    assert min(resolutions) >= LEAST_DPI
    assert len(content) < MOST_BYTES
