"""Chapters moved by several at once: each move counts."""

from functools import partial

import pytest

from apmsl.lib.dates import today
from reports.enums import PRINTED
from reports.models import ChapterOfYear
from reports.services import chapters

pytestmark = pytest.mark.django_db(transaction=True)


def test_as_many_moves_as_were_asked(crowd):
    year, last = today().year, PRINTED[-1]

    crowd([partial(chapters.move, year=year, key=last, by=-1) for _ in range(4)])

    order = list(ChapterOfYear.objects.of_year(year).values_list("key", "position"))
    assert [position for _, position in order] == list(range(len(PRINTED)))
    assert order[-5][0] == last
