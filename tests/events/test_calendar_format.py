"""Calendars as RFC 5545 wants them: read back by a reader of our own, which knows nothing else."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import builders
from events.builders import CalendarEntry
from events.models import Event

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2027, 1, 4, 8, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden"


# -- a reader ----------------------------------------------------------------------------------------
def lines_of(text):
    """Physical lines are checked, then unfolded."""
    raw = text.encode()
    assert raw.endswith(b"\r\n")
    physical = raw[:-2].split(b"\r\n")
    for line in physical:
        assert len(line) <= 75, line
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line), line
        line.decode()  # no character is cut in two
    return re.sub(rb"\r\n[ \t]", b"", raw[:-2]).decode().split("\r\n")


def unescaped(value):
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)


def events_of(text):
    """Each VEVENT as name → (parameters, value)."""
    found, current = [], None
    for line in lines_of(text):
        if line == "BEGIN:VEVENT":
            current = {}
        elif line == "END:VEVENT":
            found.append(current)
            current = None
        elif current is not None:
            head, _, value = line.partition(":")
            name, _, parameters = head.partition(";")
            assert name not in current, f"{name} twice"
            current[name] = (parameters, value)
    return found


def said(entry, name):
    return unescaped(entry[name][1])


def moment(entry, name):
    parameters, value = entry[name]
    if parameters == "VALUE=DATE":
        return date.fromisoformat(value)
    assert parameters == "TZID=Europe/Paris"
    return datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=PARIS)


# -- any text and any day ------------------------------------------------------------------------------
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200)
LINES = st.text(
    st.one_of(st.characters(exclude_categories=["Cc", "Cs"]), st.sampled_from("\n\\;,:\"nN'")),
    max_size=400,
)
DAYS = st.dates(date(2020, 1, 1), date(2050, 12, 31))


@given(title=WORDS, description=LINES, place=WORDS, day=DAYS, length=st.integers(0, 40))
def test_any_text_and_any_day_are_read_back_as_they_were(title, description, place, day, length):
    entry = CalendarEntry(
        uid="E1",
        title=title,
        start=day,
        end=day + timedelta(days=length + 1),
        changed_at=AT,
        description=description,
        place=place,
    )

    text = builders.feed([entry], name="Agenda")

    (read,) = events_of(text)
    assert said(read, "SUMMARY") == title
    assert said(read, "LOCATION") == place
    assert (said(read, "DESCRIPTION") if description else "") == description
    assert moment(read, "DTSTART") == day
    assert moment(read, "DTEND") == day + timedelta(days=length + 1)
    assert len(icalendar.Calendar.from_ical(text).walk("VEVENT")) == 1


@given(day=DAYS, clock=st.times(), more=st.integers(1, 48))
def test_any_hour_of_paris_is_read_back_as_it_was(day, clock, more):
    start = datetime.combine(day, clock.replace(microsecond=0, fold=0), tzinfo=PARIS)
    end = (start.astimezone(UTC) + timedelta(hours=more)).astimezone(PARIS)
    entry = CalendarEntry(uid="E1", title="T", start=start, end=end, changed_at=AT)

    (read,) = events_of(builders.feed([entry], name="Agenda"))

    assert moment(read, "DTSTART").replace(tzinfo=None) == start.replace(tzinfo=None)
    assert moment(read, "DTEND").replace(tzinfo=None) == end.replace(tzinfo=None)


def test_controls_are_left_out_and_ends_of_line_are_alike():
    entry = CalendarEntry("E1", "a\x0bb\x00", AT.date(), None, AT, description="un\r\ndeux\rtrois")

    (read,) = events_of(builders.feed([entry], name="Agenda"))

    assert said(read, "SUMMARY") == "ab"
    assert said(read, "DESCRIPTION") == "un\ndeux\ntrois"


# -- the whole -----------------------------------------------------------------------------------------
def test_what_a_calendar_must_have():
    entry = CalendarEntry("E1", "T", AT.date(), None, AT, sequence=3)

    lines = lines_of(builders.feed([entry], name="Agenda – été ; hiver"))

    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    for once in (
        "VERSION:2.0",
        "PRODID:-//Portail des maisons de santé//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Agenda – été \\; hiver",
        "X-WR-CALNAME:Agenda – été \\; hiver",
        "X-WR-TIMEZONE:Europe/Paris",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
        "UID:E1@127.0.0.1",
        "DTSTAMP:20270104T080000Z",
        "LAST-MODIFIED:20270104T080000Z",
        "SEQUENCE:3",
    ):
        assert lines.count(once) == 1, once


# -- the days of another hour --------------------------------------------------------------------------
def offsets_of(text, year):
    """The moments of a year when the hour changes, in the hour that ends, and what it becomes."""
    (zone,) = icalendar.Calendar.from_ical(text).walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Paris"
    found = {}
    for part in zone.subcomponents:
        rule = part["RRULE"]
        assert (rule["FREQ"], rule["BYDAY"]) == (["YEARLY"], ["-1SU"])
        last = date(year, rule["BYMONTH"][0], 31)
        sunday = last - timedelta(days=(last.weekday() + 1) % 7)
        found[datetime.combine(sunday, part["DTSTART"].dt.time())] = part["TZOFFSETTO"].td
    return found


@pytest.mark.parametrize(
    ("day", "changes_at", "before", "after"),
    [
        (date(2027, 3, 28), time(2), 1, 2),
        (date(2027, 10, 31), time(3), 2, 1),
    ],
)
def test_on_the_days_when_the_hour_changes_half_past_nine_is_half_past_nine(
    day, changes_at, before, after
):
    moves = [
        Event(pk=1, code="E", title="T", starts_on=one, ends_on=one, starts_at=time(9, 30))
        for one in (day - timedelta(days=1), day, day + timedelta(days=1))
    ]

    for event in moves:
        met = [builders.SessionDay(1, event.starts_on)]
        entries = builders.event_entries(event, met, sequence=1, at=AT)
        text = builders.feed(entries, name="Agenda")
        (read,) = events_of(text)
        assert read["DTSTART"] == (
            "TZID=Europe/Paris",
            f"{event.starts_on:%Y%m%d}T093000",
        )
        offsets = offsets_of(text, day.year)
        assert offsets[datetime.combine(day, changes_at)] == timedelta(hours=after)
        (entry,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
        hours = before if event.starts_on < day else after
        assert entry["DTSTART"].dt.utcoffset() == timedelta(hours=hours)


# -- golden files --------------------------------------------------------------------------------------
GOLDEN_ENTRIES = {
    "summer": CalendarEntry(
        "ETE",
        "Journée régionale : éducation thérapeutique, coordination ; et « partage » en équipe",
        datetime(2027, 3, 28, 9, 30, tzinfo=PARIS),
        datetime(2027, 3, 28, 17, tzinfo=PARIS),
        AT,
        sequence=2,
        description="Au programme :\n- ateliers\n- plénière",
        place="Cité des congrès, 5 rue de Valmy\nNantes",
        path="/evenements/1/",
    ),
    "winter": CalendarEntry(
        "HIVER",
        "Réunion (liste d’attente)",
        datetime(2027, 10, 31, 9, 30, tzinfo=PARIS),
        None,
        AT,
        status="TENTATIVE",
    ),
    "days": CalendarEntry(
        "JOURS", "Séminaire", date(2027, 10, 30), date(2027, 11, 2), AT, status="CANCELLED"
    ),
}


@pytest.mark.parametrize("name", GOLDEN_ENTRIES)
def test_a_calendar_is_written_as_the_one_that_was_looked_at(name):
    written = builders.feed([GOLDEN_ENTRIES[name]], name="Agenda")

    assert written.encode() == (GOLDEN / f"{name}.ics").read_bytes()
