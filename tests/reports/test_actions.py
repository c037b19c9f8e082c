"""What the report tells of events beside its indicators: kinds apart, what is new, what was not held."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from events.enums import Category, ReportChapter
from events.models import ActionKind, EventPhoto, ObjectiveAnswer
from reports.builders import screen
from reports.builders.activity import compose, html
from reports.builders.reading import actions, meetings
from reports.builders.reading.activity import material
from reports.indicators import Scope
from tests.events.factories import (
    ActionKindFactory,
    AttendanceFactory,
    EventFactory,
    EventSessionFactory,
    ObjectiveFactory,
    SatisfactionAnswerFactory,
    SeriesFactory,
)
from tests.members.factories import MembershipFactory, PersonFactory
from tests.roles import board

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


@pytest.mark.parametrize(
    ("audiences", "is_told"),
    [(["staff"], False), (["board", "staff"], False), (["staff", "members"], True)],
)
def test_what_the_board_and_the_staff_plan_or_cancel_among_themselves_is_not_told(
    audiences, is_told
):
    facts = {"title": "Point budget", "audiences": audiences, "category": Category.REGIONAL_MEETING}
    EventFactory(cancelled=True, cancel_reason="Grève", starts_on=DAY, **facts)
    EventFactory(starts_on=date(2023, 3, 1), **facts)

    found = (actions.cancelled(SCOPE), actions.planned(SCOPE))
    in_series = meetings.cancelled(SCOPE, Category.REGIONAL_MEETING)

    assert [bool(rows) for rows in (*found, in_series)] == [is_told] * 3


def test_every_chapter_of_a_kind_prints_what_is_counted_apart_where_the_screen_shows_it():
    for chapter in ReportChapter:
        kind = ActionKindFactory(label=f"Action de {chapter}", chapter=chapter)
        held(kind=kind)
    held(kind=ActionKind.objects.get(code="commission"), audiences=["board"])

    printed = {
        row[0]: chapter.key
        for chapter in compose(material(YEAR, LAST)).chapters
        for action in chapter.shown_actions
        if action.title == "Actions comptées à part"
        for row in action.table.rows
    }

    shown = {f"Action de {chapter}": str(screen.CHAPTERS[chapter]) for chapter in ReportChapter}
    assert printed == shown | {"Réunion de commission": "governance"}


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
    assert ("network", apart) not in told


# -- what follows an event -------------------------------------------------------------------------
def regional_day(answers):
    event = held(category=Category.REGIONAL_DAY, title="Journée de mai")
    objective = ObjectiveFactory(event=event, text="Se rencontrer")
    for number in range(answers):
        answer = SatisfactionAnswerFactory(event=event, satisfaction=5 if number else 4)
        said = "yes" if number else "partly"
        ObjectiveAnswer.objects.create(answer=answer, objective=objective, reached=said)
    return event


def printed(key, title):
    report = compose(material(YEAR, LAST))
    chapter = next(chapter for chapter in report.chapters if chapter.key == key)
    return next(action for action in chapter.actions if action.title == title)


def test_the_report_says_what_those_present_thought_from_five_answers_on():
    regional_day(5)

    (table,) = printed("teams", "Journée régionale").opinions

    assert table.caption == "Journée de mai : 5\u00a0réponses, satisfaction moyenne 4,8 sur 5"
    assert table.rows == [["Se rencontrer", "4", "1", "0"]]


def test_four_answers_are_told_to_nobody():
    regional_day(4)

    assert printed("teams", "Journée régionale").opinions == []


def test_pictures_are_printed_with_their_captions_and_credits():
    event = regional_day(0)
    drawn = BytesIO()
    Image.new("RGB", (30, 20), "teal").save(drawn, "PNG")
    for number in range(6):
        photo = EventPhoto(event=event, caption=f"La salle {number}", credit="A. Photographe")
        photo.position = number
        photo.image.save("salle.png", ContentFile(drawn.getvalue()))
    gone = EventPhoto(event=event, caption="Perdue", position=0)
    gone.image.name = "events/photos/perdue.png"
    gone.save()

    pictures = printed("teams", "Journée régionale").pictures

    assert [picture.caption for picture in pictures] == [f"La salle {n}" for n in range(3)]
    assert html(compose(material(YEAR, LAST))).count("© A. Photographe") == 3


def test_the_screen_leads_from_kinds_counted_apart_to_their_records(client):
    MembershipFactory(year=YEAR)
    person = PersonFactory()
    for _ in range(2):
        session = EventSessionFactory(event=held(kind=basics()))
        AttendanceFactory(session=session, person=person)
        AttendanceFactory(session=EventSessionFactory(event=session.event), person=person)
    client.force_login(board())

    page = client.get(reverse("reports:year", args=[YEAR]), {"chapitre": "projects"}).text

    for name, headers in (("apart_meetings", "Modalité"), ("apart_people", "Personne")):
        url = reverse(f"reports:{name}", args=[YEAR, basics().pk])
        assert url in page
        shown = client.get(url)
        assert shown.context["page"].paginator.count == 2
        assert headers in shown.text
        assert len(client.get(f"{url}?export=csv").getvalue().splitlines()) == 3
    other = client.get(reverse("reports:year", args=[YEAR]), {"chapitre": "network"}).text
    assert "Les bases de gestion" not in other


# -- what is planned -------------------------------------------------------------------------------
def planned_rows() -> list[list[str]]:
    letter = compose(material(YEAR, LAST)).outlook
    return [list(row) for row in letter.table.rows] if letter else []


def test_the_agenda_of_the_year_after_is_told_by_kind_in_the_order_of_the_days():
    def planned(day: date, **kwargs):
        return EventFactory(starts_on=day, ends_on=day, **kwargs)

    thematic = {"category": Category.THEMATIC_MEETING}
    planned(date(2023, 10, 3), **thematic)
    planned(date(2023, 8, 24), **thematic)
    planned(date(2023, 5, 2), kind=basics(), title="Lire un bilan")
    planned(date(2023, 6, 1), kind=basics(), cancelled=True)
    planned(date(2024, 1, 9), **thematic)

    assert planned_rows() == [
        ["Lire un bilan", "2\u00a0mai"],
        [
            ActionKind.objects.get(code="thematic_meeting").label,
            "2\u00a0dates, d’août à\u00a0octobre",
        ],
    ]


def test_several_dates_of_one_month_are_told_in_it():
    for day in (3, 12, 24):
        on = date(2023, 3, day)
        EventFactory(starts_on=on, ends_on=on, category=Category.PRACTICE)

    assert [when for _, when in planned_rows()] == ["3\u00a0dates, en\u00a0mars"]


def test_without_text_nor_agenda_there_is_no_outlook():
    assert compose(material(YEAR, LAST)).outlook is None
