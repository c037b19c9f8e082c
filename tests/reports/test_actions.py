"""What the report tells of events beside its indicators: kinds apart, what is new, what was not held."""

from datetime import date

import pytest

from events.enums import Category, ReportChapter
from events.models import ActionKind
from reports.builders.activity import compose
from reports.builders.reading import actions
from reports.builders.reading.activity import material
from reports.indicators import Scope
from tests.events.factories import (
    ActionKindFactory,
    AttendanceFactory,
    EventFactory,
    EventSessionFactory,
    SeriesFactory,
)
from tests.members.factories import PersonFactory

pytestmark = pytest.mark.django_db

YEAR, DAY, LAST = 2022, date(2022, 5, 4), date(2022, 12, 31)
SCOPE = Scope.of(YEAR, LAST)


def held(**kwargs):
    return EventFactory(status="held", starts_on=DAY, ends_on=DAY, **kwargs)


def basics():
    return ActionKind.objects.get(code="management_basics")


def test_a_kind_that_is_counted_as_another_is_told_by_itself():
    first, person = EventSessionFactory(event=held(kind=basics())), PersonFactory()
    second = EventSessionFactory(event=first.event)
    third = EventSessionFactory(event=held(kind=basics(), is_new=True))
    for session in (first, second, third):
        AttendanceFactory(session=session, person=person)
    held(category=Category.THEMATIC_MEETING)
    EventFactory(kind=basics(), starts_on=DAY, ends_on=DAY)  # only planned

    (told,) = actions.apart(SCOPE)

    assert (told.label, told.chapter) == (
        "Les bases de gestion d’une MSP",
        ReportChapter.PROJECTS,
    )
    assert (told.meetings, told.people, told.is_new) == (2, 2, True)


def test_an_action_is_stamped_where_all_of_it_is_new():
    held(category=Category.PRACTICE, is_new=True)
    held(category=Category.TRAINING, is_new=True)
    held(category=Category.TRAINING)

    assert actions.new_categories(SCOPE) == {Category.PRACTICE}


def test_what_was_cancelled_is_told_with_its_number_and_its_reason():
    series = SeriesFactory()
    EventFactory(
        title="Journée",
        series=series,
        series_number=12,
        cancelled=True,
        cancel_reason="Grève",
        starts_on=DAY,
    )
    EventFactory(cancelled=True, starts_on=DAY)

    assert actions.cancelled(SCOPE) == [("Journée (n°\u00a012)", DAY, "Grève")]


def test_the_report_prints_them_in_their_chapters():
    kind = ActionKindFactory(label="Club des utilisateurs", chapter=ReportChapter.NEWS)
    held(kind=kind, is_new=True)
    held(kind=basics())
    held(category=Category.PRACTICE, is_new=True)
    EventFactory(title="Atelier", cancelled=True, cancel_reason="Grève", starts_on=DAY)

    report = compose(material(YEAR, LAST))

    told = {
        (chapter.key, action.title): action
        for chapter in report.chapters
        for action in chapter.shown_actions
    }
    apart = "Actions comptées à part"
    assert told["projects", apart].table.rows == [["Les bases de gestion d’une MSP", "1", "–"]]
    assert told["teams", apart].table.rows == [["Club des utilisateurs (nouveau)", "1", "–"]]
    assert told["teams", "Ce qui n’a pas eu lieu"].table.rows == [
        ["Atelier", "4\u00a0mai", "Grève"]
    ]
    assert told["teams", "« MSP en pratique »"].is_new
    assert ("coordination", apart) not in told
