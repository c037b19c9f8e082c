"""The pages on which the staff prepares and follows an event."""

import io
import re
from datetime import date, time, timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from openpyxl import load_workbook

from events.admin import tabs
from events.enums import Category
from events.models import ActionKind, Event, Registration, SavedFilter, Series
from members.models import Person
from tests import roles
from tests.events.factories import (
    AttendanceFactory,
    ContributorFactory,
    EventFactory,
    EventSessionFactory,
    ItemChoiceFactory,
    ItemFactory,
    ObjectiveFactory,
    RegistrationAnswerFactory,
    RegistrationFactory,
    RegistrationQuestionFactory,
    SavedFilterFactory,
    SeriesFactory,
)
from tests.members.factories import PersonEmailFactory, PersonFactory, TeamFactory

pytestmark = pytest.mark.django_db

MOST_QUERIES = 15


@pytest.fixture
def staff(client):
    client.force_login(roles.staff())
    client.get(reverse("admin:index"))  # the second factor is looked up once per session
    return client


def page(name, event):
    return reverse(f"admin:events_event_{name}", args=[event.pk])


def said(response):
    told = (str(message) for message in get_messages(response.wsgi_request))
    return [re.sub(r"\s", " ", text) for text in told]


def form_of(response):
    """What the browser would send back, without a change."""
    form = response.context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value is not None}
    for formset in response.context["inline_admin_formsets"]:
        prefix, count = formset.formset.prefix, formset.formset.initial_form_count()
        data |= {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": count}
        for row in formset.formset.initial_forms:
            data |= {f"{row.prefix}-{name}": row[name].value() or "" for name in row.fields}
    return {name: "" if value is None else value for name, value in data.items()}


# -- a new event -----------------------------------------------------------------------------------
def test_a_new_event_begins_with_its_kind(staff):
    response = staff.get(reverse("admin:events_event_add"))

    shown = [kind for kinds in response.context["chapters"].values() for kind in kinds]
    assert len(shown) == ActionKind.objects.proposed().count()


def test_a_kind_proposes_its_public_and_its_hours(staff):
    kind = ActionKind.objects.get(code=Category.REGIONAL_DAY)

    form = staff.get(reverse("admin:events_event_add"), {"kind": kind.pk}).context["adminform"].form

    assert int(form["kind"].value()) == kind.pk
    assert form["audiences"].value() == ["public"]
    assert (form["starts_at"].value(), form["ends_at"].value()) == (time(9, 30), time(17))


def test_a_series_proposes_its_next_number(staff):
    series = SeriesFactory(title="Journée régionale")
    EventFactory(series=series, series_number=11, cancelled=True)

    response = staff.get(reverse("admin:events_series_plan_next", args=[series.pk]), follow=True)

    form = response.context["adminform"].form
    assert form["series_number"].value() == 12
    assert form["title"].value() == "Journée régionale"


def test_an_event_that_is_created_has_its_sessions_and_its_number(staff):
    kind = ActionKind.objects.get(code=Category.REGIONAL_DAY)
    series = SeriesFactory(kind=kind)
    data = form_of(staff.get(reverse("admin:events_event_add"), {"series": series.pk}))
    data |= {"starts_on": "2027-06-03", "ends_on": "2027-06-03", "series_number": ""}

    assert staff.post(reverse("admin:events_event_add"), data).status_code == 302

    event = Event.objects.get()
    assert event.series_number == 1
    assert event.sessions.get().has_two_halves


# -- its pages -------------------------------------------------------------------------------------
@pytest.mark.parametrize("part", [part.key for part in tabs.PARTS])
def test_a_part_of_an_event_opens_with_few_queries_and_keeps_what_it_shows(
    staff, record_queries, part
):
    event = EventFactory(capacity=12, seats_per_team=2)
    for make in (ObjectiveFactory, ItemFactory):
        make.create_batch(3, event=event)
    ContributorFactory.create_batch(3, event=event, person=PersonFactory())

    with record_queries() as queries:
        response = staff.get(page(part, event))
    saved = staff.post(page(part, event), form_of(response))

    assert len(queries) <= MOST_QUERIES
    assert [tab.title for tab in response.context["tabs"] if tab.is_current] == [
        tabs.BY_KEY[part].title
    ]
    assert (saved.status_code, saved.url) == (302, page(part, event))
    event.refresh_from_db()
    assert (event.capacity, event.seats_per_team, event.items.count()) == (12, 2, 3)


def test_an_address_that_is_no_event_is_no_error(staff):
    response = staff.get("/administration/events/event/inconnu/change/", follow=True)
    assert response.status_code == 200
    assert "n’existe pas" in response.content.decode()

    assert staff.get("/administration/events/event/inconnu/history/").status_code == 404


def test_a_participant_is_not_in_the_admin(client):
    client.force_login(roles.board())
    event = EventFactory()

    names = [*(part.key for part in tabs.PARTS), "duplicate", "repeat", "cancel_event"]

    assert {client.get(page(name, event)).status_code for name in names} == {404}


def test_the_registrations_of_an_event_of_a_thousand_open_with_few_queries(staff, record_queries):
    event, team = EventFactory(capacity=800), TeamFactory()
    people = Person.objects.bulk_create(
        Person(first_name=f"Prénom{n}", last_name=f"Nom{n}") for n in range(1000)
    )
    made = RegistrationFactory.build
    Registration.objects.bulk_create(
        made(event=event, person=person, team=team, waiting=n >= 800)
        for n, person in enumerate(people)
    )

    for url in (
        tabs.registrations_url(event.pk),
        tabs.registrations_url(event.pk, "&p=3&q=nom1&team__department__exact=44"),
        tabs.registrations_url(event.pk, "&status__exact=waitlisted"),
    ):
        with record_queries() as queries:
            assert staff.get(url).status_code == 200
        assert len(queries) <= MOST_QUERIES


def test_the_waiting_list_is_read_in_its_order(staff):
    event = EventFactory(capacity=1)
    late, early = (
        RegistrationFactory(event=event, waiting=True, person=PersonFactory(last_name=name))
        for name in ("Abel", "Zola")
    )
    Registration.objects.filter(pk=early.pk).update(queued_at=late.queued_at - timedelta(hours=1))

    response = staff.get(tabs.registrations_url(event.pk, "&status__exact=waitlisted"))

    assert list(response.context["cl"].result_list) == [early, late]


def test_an_action_says_how_many_mails_leave_and_takes_the_whole_list(staff):
    event = EventFactory()
    rows = RegistrationFactory.create_batch(3, event=event)
    PersonEmailFactory(person=rows[0].person)
    url = tabs.registrations_url(event.pk)
    data = {
        "action": "cancel_with_mail",
        "_selected_action": [rows[0].pk],
        "select_across": "1",
    }

    shown = staff.post(url, data)
    assert (shown.context_data["count"], shown.context_data["mails"]) == (3, 1)
    assert shown.context_data["across"]
    staff.post(url, data | {"apply": "1"})

    assert set(event.registrations.values_list("status", flat=True)) == {"cancelled"}


# -- made again ------------------------------------------------------------------------------------
def test_an_event_is_duplicated_in_one_step(staff):
    event = RegistrationFactory(event__title="Atelier").event

    response = staff.post(
        page("duplicate", event), {"title": "Atelier bis", "starts_on": "2027-03-12"}
    )

    copy = Event.objects.exclude(pk=event.pk).get()
    assert (copy.title, copy.starts_on) == ("Atelier bis", date(2027, 3, 12))
    assert response.url == reverse("admin:events_event_change", args=[copy.pk])
    assert not copy.registrations.exists()


def test_a_series_is_shown_before_it_is_made(staff):
    event = EventFactory(title="Jeudi des régions")
    data = {
        "every": "weekday_of_month",
        "first": "2027-01-07",
        "count": "3",
        "new_series": "Jeudis des régions",
    }

    shown = staff.post(page("repeat", event), data)
    assert [one.starts_on for one in shown.context_data["planned"]] == [
        date(2027, 1, 7),
        date(2027, 2, 4),
        date(2027, 3, 4),
    ]
    assert (Event.objects.count(), Series.objects.count()) == (1, 0)

    for _ in range(2):  # the second click makes nothing
        staff.post(page("repeat", event), data | {"apply": "1"})

    made = Event.objects.exclude(pk=event.pk).order_by("starts_on")
    assert [one.series_number for one in made] == [1, 2, 3]
    assert {one.series for one in made} == {Series.objects.get()}


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({}, "Choisissez un rythme, ou écrivez les dates."),
        ({"every": "week"}, "Dites à partir de quand, et combien d’événements."),
        ({"dates": "12/03/2027\n31/02/2027"}, "« 31/02/2027 » n’est pas une date"),
        ({"every": "week", "first": "2027-01-07", "count": "500"}, "60"),
    ],
)
def test_a_series_that_cannot_be_is_told(staff, data, error):
    event = EventFactory()

    shown = staff.post(page("repeat", event), data | {"apply": "1"})

    told = [text for errors in shown.context_data["form"].errors.values() for text in errors]
    assert any(error in text for text in told)
    assert Event.objects.count() == 1


# -- what a change brings --------------------------------------------------------------------------
def test_a_capacity_below_the_registered_throws_nobody_out_and_says_so(staff):
    event = EventFactory(capacity=5)
    RegistrationFactory.create_batch(4, event=event)
    data = form_of(staff.get(page("change", event))) | {"capacity": "1"}

    response = staff.post(page("change", event), data)

    assert any("3 places manquent : 4 personnes ont une place" in text for text in said(response))
    assert event.registrations.registered().count() == 4


def test_moving_an_event_says_whom_it_tells_and_what_has_not_moved(staff):
    event = EventFactory()
    EventSessionFactory(event=event)
    ItemFactory(event=event)
    for row in RegistrationFactory.create_batch(2, event=event):
        PersonEmailFactory(person=row.person)
    RegistrationFactory(event=event, cancelled=True)
    data = form_of(staff.get(page("change", event)))
    data |= {"starts_on": "2027-03-12", "ends_on": "2027-03-12"}

    told = said(staff.post(page("change", event), data))

    assert "2 personnes sont prévenues de ce qui change." in told
    assert "2 lignes du programme sont hors de ces dates : voyez l’onglet Programme." in told


def test_the_page_says_why_an_event_is_not_held(client):
    event = EventFactory(cancelled=True, public=True, cancel_reason="Intervenante souffrante")

    page = client.get(event.get_absolute_url()).content.decode()

    assert "Intervenante souffrante" in page


# -- figures and sheets ----------------------------------------------------------------------------
@pytest.fixture
def held():
    """Of two teams: three came (one had not registered in time), one did not, one is excused."""
    event = EventFactory(held=True)
    session = EventSessionFactory(event=event)
    here = TeamFactory(name="Ici", department="44")
    there = TeamFactory(name="Là-bas", department="85")
    before = EventSessionFactory(event__held=True, event__starts_on=date(2020, 1, 1))
    old = RegistrationFactory(event=before.event, team=here)
    AttendanceFactory(session=before, person=old.person)
    for team, status, came in (
        (here, "registered", True),
        (here, "registered", False),
        (here, "excused", False),
        (there, "confirmed", True),
        (there, "waitlisted", True),
        (there, "cancelled", False),
    ):
        row = RegistrationFactory(event=event, team=team, status=status)
        if came:
            AttendanceFactory(session=session, person=row.person)
    return event


def test_each_figure_of_an_event_opens_the_list_that_it_counts(staff, held):
    found = staff.get(page("statistics", held)).context_data

    shown = {row.line.label: row for _, rows in found["tables"] for row in rows}
    assert shown["Ici"].line.counts == (2, 1, 1, 1)
    assert shown["Là-bas"].line.counts == (1, 2, 0, 0)
    assert shown["Ensemble"].line.counts == (3, 3, 1, 1)
    assert [line.label for line in found["statistics"].new_teams] == ["Là-bas"]
    for row in shown.values():
        for count, url in row.figures:
            assert staff.get(url).context["cl"].result_count == count


def test_each_figure_of_a_year_opens_the_list_that_it_counts(staff, held):
    year = {"annee": held.starts_on.year}

    found = staff.get(reverse("admin:events_event_year"), year)

    for _, rows in found.context_data["tables"]:
        for row in rows:
            for count, url in row.figures:
                assert staff.get(url).context["cl"].result_count == count
    total = found.context_data["statistics"].total
    assert total.counts == (3, 3, 1, 1)
    links = re.findall(r'href="([^"]*kind__id__exact[^"]*)">(\d+)<', found.content.decode())
    assert links
    for url, count in links:
        opened = staff.get(url.replace("&amp;", "&"))
        assert opened.context["cl"].result_count == int(count)


def test_figures_open_with_few_queries_and_leave_as_a_sheet(staff, record_queries, held):
    for url in (page("statistics", held), reverse("admin:events_event_year")):
        with record_queries() as queries:
            staff.get(url)
        assert len(queries) <= MOST_QUERIES

        sheet = load_workbook(io.BytesIO(staff.get(url, {"xlsx": "1"}).content)).active
        last = [cell.value for cell in list(sheet.rows)[-1]]
        assert last[0] == "Ensemble"


def test_registrations_leave_with_what_people_answered_and_chose(staff, record_queries, held):
    row = held.registrations.filter(status="confirmed").get()
    ItemChoiceFactory(registration=row, item=ItemFactory(event=held, title="Atelier A"))
    question = RegistrationQuestionFactory(event=held, text="Régime alimentaire")
    RegistrationAnswerFactory(registration=row, question=question, value="=végétarien")

    with record_queries() as queries:
        content = staff.get(page("sheet", held)).content

    rows = [[cell.value for cell in line] for line in load_workbook(io.BytesIO(content)).active]
    told = [dict(zip(rows[0], line, strict=True)) for line in rows[1:]]
    assert len(told) == 6
    (line,) = [one for one in told if one["État"] == "Venue confirmée"]
    assert (line["Ateliers"], line["Équipe"]) == ("Atelier A", "Là-bas")
    assert (line["Demi-journées"], line["Heures"]) == (1, 3.5)
    assert line["Régime alimentaire"] == "'=végétarien"
    assert len(queries) <= MOST_QUERIES


# -- one's own filters -----------------------------------------------------------------------------
def test_a_filter_is_kept_by_a_name_and_taken_up_again(staff):
    here = EventFactory(title="Ici", department="44")
    EventFactory(title="Ailleurs", department="85")
    keeping = reverse("admin:events_event_keep_filter")
    query = "department__exact=44&p=2&e=1"

    staff.post(keeping, {"name": " En  44 ", "query": query})
    staff.post(keeping, {"name": "En 44", "query": query})

    shown = staff.get(reverse("admin:events_event_changelist"))
    (kept,) = shown.context["saved_filters"]
    assert (kept.name, kept.query) == ("En 44", "department__exact=44")
    assert "?department__exact=44" in shown.content.decode()
    listed = staff.get(reverse("admin:events_event_changelist") + f"?{kept.query}")
    assert list(listed.context["cl"].result_list) == [here]
    assert not staff.get(reverse("admin:events_registration_changelist")).context["saved_filters"]


def test_a_filter_is_seen_and_forgotten_by_its_owner_alone(staff):
    mine = SavedFilterFactory(user_id=staff.session["_auth_user_id"])
    other = SavedFilterFactory()
    forgetting = reverse("admin:events_event_forget_filter")

    shown = staff.get(reverse("admin:events_event_changelist"))
    for row in (mine, other):
        staff.post(forgetting, {"filter": row.pk})

    assert mine.name in shown.content.decode()
    assert other.name not in shown.content.decode()
    assert list(SavedFilter.objects.all()) == [other]


@pytest.mark.parametrize(
    ("name", "query"), [("", "q=a"), ("Tout", ""), ("Tout", "p=2"), ("N" * 61, "q=a")]
)
def test_a_filter_that_filters_nothing_or_has_no_name_is_not_kept(staff, name, query):
    response = staff.post(reverse("admin:events_event_keep_filter"), {"name": name, "query": query})

    assert response.status_code == 302
    assert not SavedFilter.objects.exists()
