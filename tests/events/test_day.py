"""The pages and papers of the day: grid, welcome desk, self check-in, sheet, badges, poster."""

import io
import json
from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from outloud import check
from pypdf import PdfReader

from apmsl.jobs import tasks
from apmsl.jobs.models import Refused, Run
from apmsl.lib import pdf, qr
from apmsl.lib.dates import today
from events import builders
from events.builders.badges import draft_badges
from events.enums import HalfDays, RegistrationStatus
from events.models import Attendance, half_days_of, room_token
from events.models.presence import current, letting_in
from tests import roles
from tests.events.factories import (
    EventFactory,
    EventSessionFactory,
    RegistrationFactory,
)
from tests.members.factories import PersonFactory, TeamFactory

pytestmark = pytest.mark.django_db

NOON = {"break_from": time(12, 30), "break_to": time(14)}


@pytest.fixture
def staff(client):
    client.force_login(roles.staff())
    return client


@pytest.fixture
def event():
    """Today, all day long, so that the clock of the machine does not matter."""
    event = EventFactory(title="Journée régionale", starts_on=today())
    EventSessionFactory(event=event, number=1)
    return event


def url(name, event):
    return reverse(f"events:{name}", args=[event.pk])


def half_of(event):
    return half_days_of(event)[0]


def here(event):
    return set(Attendance.objects.filter(session__event=event).values_list("person", flat=True))


def hidden(page):
    """The hidden fields of the grid, as a browser sends them back."""
    context = page.context
    return {
        "jour": str(context["day"]),
        "opened": context["opened"],
        "shown": context["shown"],
        "excused_shown": context["excused"],
    }


def ticked(page):
    return {name for row in page.context["rows"] for name, _, on in row.cells if on}


# -- the grid --------------------------------------------------------------------------------------
def test_the_grid_shows_everybody_ticked_the_first_time_and_keeps_the_exceptions(staff, event):
    anne, brice = RegistrationFactory.create_batch(2, event=event)
    page = staff.get(url("presence", event))
    absent = f"{brice.person_id}.{half_of(event).key}"
    assert len(ticked(page)) == 2

    sent = hidden(page) | {"here": list(ticked(page) - {absent})}
    staff.post(url("presence", event), sent)

    assert here(event) == {anne.person_id}
    assert ticked(staff.get(url("presence", event))) == {f"{anne.person_id}.{half_of(event).key}"}


def test_two_grids_saved_one_after_the_other_keep_what_each_has_changed(staff, event):
    anne, brice, chloe = RegistrationFactory.create_batch(3, event=event)
    names = {row.pk: f"{row.person_id}.{half_of(event).key}" for row in (anne, brice, chloe)}
    first, second = staff.get(url("presence", event)), staff.get(url("presence", event))

    for page, row in ((first, anne), (second, brice)):
        sent = hidden(page) | {"here": list(ticked(page) - {names[row.pk]})}
        staff.post(url("presence", event), sent)

    assert here(event) == {chloe.person_id}


def test_whoever_sent_an_excuse_is_excused_with_the_reason(staff, event):
    anne = RegistrationFactory(event=event)
    page = staff.get(url("presence", event))

    sent = {"here": list(ticked(page)), "excused": [anne.pk], f"reason-{anne.pk}": "Garde"}
    staff.post(url("presence", event), hidden(page) | sent)

    anne.refresh_from_db()
    assert (anne.status, anne.reason) == (RegistrationStatus.EXCUSED, "Garde")
    assert here(event) == set()

    page = staff.get(url("presence", event))
    staff.post(url("presence", event), hidden(page))
    anne.refresh_from_db()
    assert anne.status == RegistrationStatus.REGISTERED


def test_a_day_that_has_not_begun_is_not_filled_in(staff):
    event = EventFactory()
    EventSessionFactory(event=event)
    RegistrationFactory(event=event)

    assert ticked(staff.get(url("presence", event))) == set()


def test_what_is_no_cell_of_this_grid_is_left_alone(staff, event):
    stranger = PersonFactory()
    key = half_of(event).key

    sent = {"here": [f"{stranger.pk}.{key}", f"x.{key}", "1.9-all", "", "²"], "excused": ["x", "²"]}
    answer = staff.post(url("presence", event), sent | {"jour": "jamais"})

    assert answer.status_code == 302
    assert here(event) == set()


def test_the_grid_costs_the_same_queries_for_twenty_as_for_two(staff, event, record_queries):
    RegistrationFactory.create_batch(2, event=event)
    with record_queries() as for_two:
        staff.get(url("presence", event))

    RegistrationFactory.create_batch(18, event=event)
    with record_queries() as for_twenty:
        staff.get(url("presence", event))

    assert len(for_twenty) == len(for_two) <= 15


def test_sessions_are_created_from_the_grid(staff):
    event = EventFactory(starts_on=today(), starts_at=time(9), ends_at=time(17))

    page = staff.post(url("sessions", event), follow=True)

    assert "1\u00a0séance créée." in page.text
    assert [half.part for half in half_days_of(event)] == ["morning", "afternoon"]


@pytest.mark.parametrize(
    "name",
    ["presence", "check_in", "walk_in", "attendance_sheet", "poster", "check_in_worker"],
)
def test_only_the_staff_welcomes(client, event, name):
    client.force_login(roles.coordinator())

    assert client.get(url(name, event)).status_code == 404


# -- walk-ins --------------------------------------------------------------------------------------
def test_somebody_known_is_found_and_placed_beyond_a_full_capacity(staff, event):
    event.capacity = 0
    event.save()
    person = PersonFactory(first_name="Zoé", last_name="Évrard")

    page = staff.get(url("walk_in", event), {"q": "evrard zoe"})
    assert page.context["people"] == [person]
    staff.post(url("walk_in", event), {"person": person.pk, "retour": "accueil"})

    registration = event.registrations.get()
    assert (registration.person, registration.over_capacity) == (person, True)
    assert here(event) == {person.pk}


def test_somebody_new_is_created_in_place_and_a_name_is_needed(staff, event):
    team = TeamFactory()
    form = {"new": "1", "first_name": "Zoé", "last_name": "", "team": team.pk}
    assert staff.post(url("walk_in", event), form).context["form"].errors

    staff.post(url("walk_in", event), form | {"last_name": "Le Guen"})

    registration = event.registrations.get()
    assert (str(registration.person), registration.team) == ("Zoé Le Guen", team)


# -- the welcome desk ------------------------------------------------------------------------------
def tell(client, event, *taps, sent_at=None):
    body = {"sent_at": (sent_at or timezone.now()).isoformat(), "taps": list(taps)}
    return client.post(url("check_in_sync", event), json.dumps(body), "application/json")


def tap(event, registration, *, here=True, at=None):
    at = at or timezone.now()
    half = half_of(event).key
    return {"person": registration.person_id, "half": half, "here": here, "at": at.isoformat()}


def test_without_a_script_each_button_is_a_form(staff, event):
    anne = RegistrationFactory(event=event)
    half = {"demi-journee": half_of(event).key}
    page = staff.get(url("check_in", event), half)
    assert (page.context["count"], page.context["listed"]) == (0, 1)

    for sent, expected in (("1", {anne.person_id}), ("1", {anne.person_id}), ("0", set())):
        staff.post(url("check_in", event), {"person": anne.person_id, "here": sent})
        assert here(event) == expected


def test_the_camera_is_allowed_on_the_welcome_desk_only(staff, event):
    assert "camera=(self)" in staff.get(url("check_in", event))["Permissions-Policy"]
    assert "camera=()" in staff.get(url("presence", event))["Permissions-Policy"]


def test_a_telephone_learns_what_the_others_noted(staff, event):
    anne, brice = RegistrationFactory.create_batch(2, event=event)
    tell(staff, event, tap(event, brice))

    answer = tell(staff, event, tap(event, anne)).json()

    assert answer["here"] == sorted([anne.person_id, brice.person_id])
    assert answer["listed"] == 2


def test_a_queue_sent_twice_and_late_does_not_undo_what_was_noted_since(staff, event):
    anne = RegistrationFactory(event=event)
    now = timezone.now()
    out_of_reach = tap(event, anne, at=now - timedelta(minutes=20))
    tell(staff, event, tap(event, anne, here=False, at=now - timedelta(minutes=5)))

    for _ in range(2):
        answer = tell(staff, event, out_of_reach)

    assert answer.json()["here"] == []


def test_the_clock_of_a_telephone_that_is_wrong_does_not_decide(staff, event):
    """An hour ahead: its taps are brought back by the hour that it also says it is."""
    anne = RegistrationFactory(event=event)
    ahead = timezone.now() + timedelta(hours=1)
    tell(staff, event, tap(event, anne, at=ahead), sent_at=ahead)

    answer = tell(staff, event, tap(event, anne, here=False))

    assert answer.json()["here"] == []


def test_a_message_long_on_its_way_keeps_the_order_of_the_taps(staff, event):
    """Sent twenty seconds ago over a poor network, its tap came before what was noted since."""
    anne, now = RegistrationFactory(event=event), timezone.now()
    tell(staff, event, tap(event, anne, here=False, at=now - timedelta(seconds=15)))

    slow = tap(event, anne, at=now - timedelta(seconds=21))
    answer = tell(staff, event, slow, sent_at=now - timedelta(seconds=20))

    assert answer.json()["here"] == []


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"sent_at": "hier", "taps": []}', '{"sent_at": 3, "taps": 4}', "\xff"],
)
def test_what_cannot_be_read_is_refused_and_changes_nothing(staff, event, body):
    answer = staff.post(url("check_in_sync", event), body, "application/json")

    assert answer.status_code == 400


def test_taps_about_people_who_are_not_expected_are_left_aside(staff, event):
    stranger = RegistrationFactory()
    taps = [tap(event, stranger), tap(event, stranger) | {"half": "9-all"}]

    assert tell(staff, event, *taps).json()["here"] == []


def test_whoever_was_excused_and_arrives_is_registered_again(staff, event):
    anne = RegistrationFactory(event=event, status=RegistrationStatus.EXCUSED, reason="Malade")

    tell(staff, event, tap(event, anne))

    anne.refresh_from_db()
    assert anne.status == RegistrationStatus.REGISTERED


# -- the half-day of the moment --------------------------------------------------------------------
DAY = date(2023, 6, 15)


@pytest.fixture
def two_halves():
    event = EventFactory(starts_on=DAY, starts_at=time(9), ends_at=time(17))
    EventSessionFactory(event=event, number=1, **NOON)
    return half_days_of(event)


@pytest.mark.parametrize(
    ("clock", "part"),
    [
        (time(7), HalfDays.MORNING),
        (time(12, 30), HalfDays.MORNING),
        (time(12, 31), HalfDays.AFTERNOON),
        (time(23), HalfDays.AFTERNOON),
    ],
)
def test_the_desk_notes_the_half_day_under_way_else_the_next(two_halves, clock, part):
    now = current(two_halves, DAY, clock)
    assert now is not None
    assert now.part == part


@pytest.mark.parametrize(
    ("clock", "part"),
    [
        (time(7, 59), None),
        (time(8), HalfDays.MORNING),
        (time(12, 59), HalfDays.MORNING),
        (time(13), HalfDays.AFTERNOON),
        (time(18), HalfDays.AFTERNOON),
        (time(18, 1), None),
    ],
)
def test_one_notes_one_s_own_arrival_an_hour_around_the_half_day(two_halves, clock, part):
    now = letting_in(two_halves, DAY, clock)
    assert (now.part if now else None) == part
    assert letting_in(two_halves, DAY + timedelta(days=1), clock) is None


# -- « Je suis là » --------------------------------------------------------------------------------
def room(event):
    return reverse("events:here", args=[room_token(event)])


def test_a_name_and_its_address_note_an_arrival_without_an_account(client, event):
    person = PersonFactory(first_name="Zoé", last_name="Le Guen")
    person.emails.create(address="zoe@exemple.test")
    RegistrationFactory(event=event, person=person)

    page = client.post(room(event), {"last_name": " LE GUÉN", "email": "Zoe@exemple.test"})

    assert "Merci Zoé" in page.text
    assert here(event) == {person.pk}


@pytest.mark.parametrize(
    "typed",
    [
        {"last_name": "Le Guen", "email": "autre@exemple.test"},
        {"last_name": "Durand", "email": "zoe@exemple.test"},
        {"last_name": "", "email": ""},
    ],
)
def test_nobody_is_named_to_who_does_not_know_the_registration(client, event, typed):
    person = PersonFactory(first_name="Zoé", last_name="Le Guen")
    person.emails.create(address="zoe@exemple.test")
    RegistrationFactory(event=event, person=person)

    page = client.post(room(event), typed)

    assert "Aucune inscription ne correspond" in page.text
    assert "Zoé" not in page.text
    assert here(event) == set()


def test_whoever_guesses_is_stopped(client, event):
    for _ in range(30):
        client.post(room(event), {"last_name": "x", "email": "x@exemple.test"})

    page = client.post(room(event), {"last_name": "x", "email": "x@exemple.test"})

    assert "Trop d’essais" in page.text


def test_signed_in_one_tap_is_enough(client, event):
    user = roles.member()
    RegistrationFactory(event=event, person=user.person)
    client.force_login(user)
    assert "Je suis arrivé·e" in client.get(room(event)).text

    client.post(room(event), {"me": "1"})

    assert here(event) == {user.person_id}
    assert "déjà notée" in client.get(room(event)).text


def test_before_and_after_the_hour_nothing_is_noted(client):
    event = EventFactory(starts_on=today() + timedelta(days=1))
    EventSessionFactory(event=event)
    user = roles.member()
    RegistrationFactory(event=event, person=user.person)
    client.force_login(user)

    page = client.post(room(event), {"me": "1"})

    assert "pas encore l’heure" in page.text
    assert here(event) == set()


def test_a_room_that_was_made_up_or_cancelled_does_not_exist(client, event):
    forged = reverse("events:here", args=[f"{event.pk}:faux"])
    cancelled = EventFactory(cancelled=True)

    assert client.get(forged).status_code == 404
    assert client.get(room(cancelled)).status_code == 404


# -- papers ----------------------------------------------------------------------------------------
def errors_of(file, tmp_path):
    (tmp_path / "paper.pdf").write_bytes(file)
    findings = check(tmp_path / "paper.pdf").findings
    return [finding.message for finding in findings if finding.severity == "error"]


def test_the_sheet_has_a_box_for_each_half_day_in_the_order_of_the_grid(staff, event):
    session = event.sessions.get()
    session.starts_at, session.ends_at = time(9), time(17)
    session.break_from, session.break_to = NOON.values()
    session.save()
    for name in ("Évrard", "Durand", "Martin"):
        RegistrationFactory(event=event, person__last_name=name)

    html = builders.attendance_sheet_html(event)
    grid = staff.get(url("presence", event)).text

    assert "Matin<br/>" in html
    assert "Après-midi<br/>" in html
    for text in (html, grid):
        places = [text.index(name) for name in ("DURAND", "ÉVRARD", "MARTIN")]
        assert places == sorted(places)


def test_badges_come_ten_to_a_page_and_read_well(tmp_path, event):
    RegistrationFactory.create_batch(11, event=event, team=TeamFactory(name="Pôle santé"))
    RegistrationFactory(event=event, person__last_name="Dupont-Delacroix-Montmorency")
    RegistrationFactory(event=event, person=None, team=TeamFactory())
    RegistrationFactory(event=event, waiting=True, person__last_name="Attend")

    file = pdf.render(builders.badges_html(event))

    pages = PdfReader(io.BytesIO(file)).pages
    assert len(pages) == 2
    text = "".join(page.extract_text() for page in pages)
    assert "ATTEND" not in text
    assert text.count("Pôle santé") == 11
    assert errors_of(file, tmp_path) == []


def test_the_poster_reads_well_and_leads_to_the_room(tmp_path, event):
    html = builders.poster_html(event)

    assert qr.picture(f"http://127.0.0.1:8000{room(event)}") in html
    file = pdf.render(html)
    assert len(PdfReader(io.BytesIO(file)).pages) == 1
    assert errors_of(file, tmp_path) == []


def test_the_papers_are_files(staff, event):
    for name in ("attendance_sheet", "poster"):
        assert staff.get(url(name, event)).content.startswith(b"%PDF-")


def test_badges_are_drawn_by_a_worker_and_downloaded_from_the_page_of_the_run(staff, event):
    RegistrationFactory(event=event)

    asked = staff.post(url("badges", event))
    run = Run.objects.get()
    assert asked.url == run.get_absolute_url()
    tasks.build(run_id=run.pk)

    assert "Télécharger" in staff.get(asked.url).text
    file = staff.get(reverse("jobs:download", args=[run.pk]))
    assert b"".join(file.streaming_content).startswith(b"%PDF-")


def test_without_anybody_there_is_no_badge(event):
    with pytest.raises(Refused, match="Personne n’a de place"):
        draft_badges({"event": event.pk})


def test_badges_are_for_the_staff(client, event):
    client.force_login(roles.coordinator())

    assert client.post(url("badges", event)).status_code == 404
    assert not Run.objects.exists()


def test_the_script_that_keeps_the_page_is_served_beside_it(staff, event):
    answer = staff.get(url("check_in_worker", event))

    assert answer["Content-Type"].startswith("text/javascript")
    assert b"addEventListener" in answer.content
