"""Calendar entries and attendance sheets."""

import io
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from outloud import check
from pypdf import PdfReader

from apmsl.lib import pdf
from events import builders
from events.builders import SessionDay
from tests.events.factories import EventFactory, EventSessionFactory, RegistrationFactory
from tests.members.factories import PersonFactory, ProfessionFactory, TeamFactory

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2023, 6, 1, 8, tzinfo=UTC)
JUNE = date(2023, 6, 15)


def build(event, days=(), **options):
    text = builders.calendar(
        event, list(days), sequence=options.pop("sequence", 0), at=AT, **options
    )
    return text, icalendar.Calendar.from_ical(text)


def entries(event, days=(), **options):
    return build(event, days, **options)[1].walk("VEVENT")


def test_an_entry_says_what_when_and_where():
    event = EventFactory(
        code="E1",
        title="Réunion ; protocoles, suite",
        starts_on=JUNE,
        starts_at=time(9, 30),
        ends_at=time(12),
        place="12, rue de la Paix\nNantes",
        description="Ordre du jour :\n- un\n- deux",
        online_url="https://visio.exemple.test/a",
    )

    text, calendar = build(event, sequence=3)
    (entry,) = calendar.walk("VEVENT")

    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert entry["UID"] == "E1@127.0.0.1"
    assert entry["SEQUENCE"] == 3
    assert entry["STATUS"] == "CONFIRMED"
    assert entry["SUMMARY"] == event.title
    assert entry["LOCATION"] == event.place
    assert entry["DESCRIPTION"] == event.description
    assert entry["URL"] == f"http://127.0.0.1:8000/evenements/{event.pk}/"
    assert entry["DTSTART"].dt == datetime(2023, 6, 15, 9, 30, tzinfo=PARIS)
    assert entry["DTEND"].dt == datetime(2023, 6, 15, 12, tzinfo=PARIS)
    assert entry["DTSTAMP"].dt == AT
    assert entry["DTSTART"].params["TZID"] == "Europe/Paris"
    assert "visio" not in text


def test_the_address_of_the_video_conference_is_for_those_who_ask_with_the_right():
    event = EventFactory(starts_on=JUNE, online_url="https://visio.exemple.test/a")

    (entry,) = entries(event, with_link=True)

    assert entry["LOCATION"] == entry["DESCRIPTION"] == "https://visio.exemple.test/a"


def test_without_hours_the_whole_day_and_without_an_end_the_beginning():
    whole = entries(EventFactory(starts_on=JUNE))[0]
    begun = entries(EventFactory(starts_on=JUNE, starts_at=time(9)))[0]

    assert (whole["DTSTART"].dt, whole["DTEND"].dt) == (JUNE, JUNE + timedelta(days=1))
    assert "DTEND" not in begun


def test_several_days_without_sessions_are_one_span():
    (entry,) = entries(EventFactory(starts_on=JUNE, ends_on=JUNE + timedelta(days=2)))

    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (JUNE, JUNE + timedelta(days=3))


def test_each_day_that_meets_is_an_entry_that_keeps_its_name_when_days_are_added():
    event = EventFactory(
        code="E1", starts_on=JUNE, ends_on=JUNE + timedelta(days=60), starts_at=time(14)
    )
    first = EventSessionFactory(event=event, number=1, held_on=JUNE)
    EventSessionFactory(event=event, number=2, held_on=JUNE)  # the afternoon
    third = EventSessionFactory(event=event, number=3, held_on=JUNE + timedelta(days=30))

    days = builders.session_days(event)

    assert days == [SessionDay(1, first.held_on), SessionDay(3, third.held_on)]
    assert [(e["UID"], e["DTSTART"].dt.date()) for e in entries(event, days)] == [
        ("E1@127.0.0.1", JUNE),
        ("E1-3@127.0.0.1", JUNE + timedelta(days=30)),
    ]


@pytest.mark.parametrize("why", ["the person's registration", "the event"])
def test_what_is_cancelled_is_taken_out_of_the_calendar(why):
    event = EventFactory(starts_on=JUNE, cancelled=why == "the event")

    text, calendar = build(event, cancelled=True)
    (entry,) = calendar.walk("VEVENT")

    assert calendar["METHOD"] == "CANCEL"
    assert entry["STATUS"] == "CANCELLED"
    assert entry["ORGANIZER"] == "mailto:portail@apmsl.test"


@pytest.mark.parametrize(
    ("day", "start", "offset"),
    [
        (date(2027, 3, 28), time(9), 2),
        (date(2027, 3, 27), time(9), 1),
        (date(2027, 10, 31), time(9), 1),
        (date(2027, 10, 30), time(9), 2),
    ],
)
def test_the_hour_is_that_of_paris_on_the_days_that_change_it(day, start, offset):
    (entry,) = entries(EventFactory(starts_on=day, starts_at=start))

    assert entry["DTSTART"].dt.replace(tzinfo=PARIS).utcoffset() == timedelta(hours=offset)
    assert entry["DTSTART"].dt.utcoffset() == timedelta(hours=offset)


LINES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"),
    min_size=1,
    max_size=150,
).filter(lambda text: "\\N" not in text)  # icalendar reads the escaped backslash as a line end


@given(
    title=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=150).filter(
        lambda text: "\\N" not in text
    ),
    description=LINES,
    place=LINES,
    day=st.dates(date(2020, 1, 1), date(2037, 12, 31)),
    start=st.none() | st.times().map(lambda t: t.replace(microsecond=0)),
)
@hypothesis_settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_typed_is_read_back_the_same(title, description, place, day, start):
    event = EventFactory.build(
        pk=1,
        title=title,
        description=description,
        place=place,
        starts_on=day,
        ends_on=day,
        starts_at=start,
    )

    text, calendar = build(event)
    (entry,) = calendar.walk("VEVENT")

    assert entry["SUMMARY"] == title
    assert entry["DESCRIPTION"] == description
    assert entry["LOCATION"] == place
    read = entry["DTSTART"].dt
    assert (read.date(), read.time()) == (day, start) if start else read == day
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.replace("\r\n", "").count("\n") == 0
    assert not entry.errors


def test_the_attendance_sheet_lists_the_registered_by_name_with_a_box_per_session():
    event = EventFactory(title="Journée <régionale>", starts_on=JUNE)
    EventSessionFactory.create_batch(2, event=event)
    profession = ProfessionFactory(label="Infirmier")
    for last_name in ("Évrard", "Durand", "Martin"):
        RegistrationFactory(
            event=event,
            person=PersonFactory(last_name=last_name, first_name="Zoé", profession=profession),
            team=TeamFactory(name="Pôle santé"),
        )
    RegistrationFactory(event=event, waiting=True, person__last_name="Attend")
    RegistrationFactory(event=event, cancelled=True, person__last_name="Parti")

    html = builders.attendance_sheet_html(event)

    names = [html.index(name) for name in ("DURAND Zoé", "ÉVRARD Zoé", "MARTIN Zoé")]
    assert names == sorted(names)
    assert "ATTEND" not in html
    assert "PARTI" not in html
    assert "Journée &lt;régionale&gt;" in html
    assert "3\u00a0personnes inscrites" in html
    assert html.count("<td></td>") == 3 * 2 + builders.BLANK_LINES * (3 + 2)
    assert html.count("Pôle santé") == html.count("Infirmier") == 3


def test_the_attendance_sheet_is_a_pdf_that_reads_well_and_repeats_its_headings(tmp_path):
    event = EventFactory(title="Journée régionale")
    RegistrationFactory.create_batch(40, event=event)

    file = pdf.render(builders.attendance_sheet_html(event))

    (tmp_path / "sheet.pdf").write_bytes(file)
    findings = check(tmp_path / "sheet.pdf").findings
    assert [finding.message for finding in findings if finding.severity == "error"] == []
    first, second = PdfReader(io.BytesIO(file)).pages
    for page in (first, second):
        assert "Nom et prénom" in page.extract_text()
    assert "Page 2 sur 2" in second.extract_text()


def test_the_attendance_sheet_costs_the_same_queries_for_three_as_for_one(record_queries):
    event = EventFactory()
    RegistrationFactory(event=event, team=TeamFactory())
    with record_queries() as for_one:
        builders.attendance_sheet_html(event)

    RegistrationFactory.create_batch(2, event=event, team=TeamFactory())
    with record_queries() as for_three:
        builders.attendance_sheet_html(event)

    assert for_one == for_three
