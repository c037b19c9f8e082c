"""Chapters moved by several at once: each move counts."""

from functools import partial
from threading import Event, Thread

import pytest
from django.db import connections, transaction

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


@pytest.mark.parametrize("titles", [["Un", "Deux", "Trois", "Quatre"], ["Annexe"] * 4])
def test_chapters_added_at_once_are_all_there_and_a_double_click_adds_one(crowd, titles):
    year = today().year

    crowd([partial(chapters.add, year=year, title=title) for title in titles])

    added = ChapterOfYear.objects.of_year(year).exclude(title="")
    assert sorted(row.title for row in added) == sorted(set(titles))


def test_what_is_added_while_the_usual_order_comes_back_is_added():
    """The rows that it waits for are taken away meanwhile: it makes them anew."""
    year, waits = today().year, Event()
    chapters.move(year=year, key=PRINTED[-1], by=-1)

    def add():
        waits.set()
        try:
            chapters.add(year=year, title="Annexe")
        finally:
            connections.close_all()

    late = Thread(target=add)
    with transaction.atomic():
        list(ChapterOfYear.objects.filter(year=year).select_for_update())
        late.start()
        waits.wait(10)
        late.join(0.5)  # it waits for the lock by now
        ChapterOfYear.objects.filter(year=year).delete()
    late.join(20)

    names = [row.name for row in ChapterOfYear.objects.of_year(year)]
    assert (len(names), names[-1]) == (len(PRINTED) + 1, "Annexe")
