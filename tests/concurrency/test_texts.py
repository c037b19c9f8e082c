"""Many who write one text of the report at once: one is kept, the others are told."""

import time
from functools import partial

import pytest
from django.utils import timezone

from apmsl.lib.dates import today
from reports.enums import Chapter, TextStatus
from reports.models import ReportText
from reports.services import Clash, Writing, texts
from tests.reports.factories import ReportTextFactory
from tests.roles import staff

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 6


@pytest.fixture
def write():
    author = staff()

    def save(body):
        return texts.save_text(
            year=today().year,
            chapter=Chapter.FOREWORD,
            writing=Writing(body=body, signature="", status=TextStatus.TO_READ, seen=0),
            by=author,
            at=timezone.now(),
        )

    return save


@pytest.fixture
def _slow(monkeypatch):
    written = texts._write

    def slowly(*args):
        time.sleep(0.05)
        return written(*args)

    monkeypatch.setattr(texts, "_write", slowly)


def saved(answers):
    return [answer for answer in answers if not isinstance(answer, Clash)]


@pytest.mark.usefixtures("_slow")
def test_of_many_who_begin_a_text_one_is_kept_and_the_others_are_shown_it(crowd, write):
    answers = crowd([partial(write, f"Version {number}") for number in range(CROWD)])

    [kept] = saved(answers)
    text = ReportText.objects.get()
    assert (text.body, text.revision) == (kept.body, 1)
    assert {clash.theirs.body for clash in answers if isinstance(clash, Clash)} == {kept.body}


@pytest.mark.usefixtures("_slow")
def test_control_without_the_lock_words_are_overwritten(crowd, write, monkeypatch):
    ReportTextFactory(chapter=Chapter.FOREWORD, body="", status=TextStatus.TO_WRITE)

    def unlocked(year, chapter):
        return ReportText.objects.get_or_create(year=year, chapter=chapter)[0]

    monkeypatch.setattr(texts, "_locked", unlocked)

    assert len(saved(crowd([partial(write, f"Version {number}") for number in range(CROWD)]))) > 1
