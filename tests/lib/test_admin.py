"""The admin as a whole: every list and every form opens, with few queries whatever the rows."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.admin.history import versions
from apmsl.lib.dates import today
from apmsl.lib.text import MOST_WORDS
from apmsl.mail.models import Message
from events.models import ActionKind, Event, Item, Registration, Series
from members.models import Person, Team
from reports.models import ExternalFigure
from tests import roles
from tests.events.factories import (
    ActionKindFactory,
    EventFactory,
    EventSessionFactory,
    ItemFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.members import factories as members
from tests.network import factories as network
from tests.reports import factories as reports
from tests.toolbox import factories as toolbox
from tests.training import factories as training

pytestmark = pytest.mark.django_db

MOST_QUERIES = 15

FACTORIES = {
    factory._meta.model: factory
    for module in (members, network, reports, toolbox, training)
    for factory in vars(module).values()
    if isinstance(factory, type) and hasattr(factory, "_meta") and factory._meta.model
} | {
    Event: EventFactory,
    Registration: RegistrationFactory,
    ActionKind: ActionKindFactory,
    Series: SeriesFactory,
    Item: ItemFactory,
}

MODELS = sorted(
    (m for m in admin.site._registry if not m._meta.app_label.startswith("account")),
    key=lambda model: model._meta.label,
)
OURS = [model for model in MODELS if model in FACTORIES]


def changelist(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def change(instance):
    meta = instance._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[instance.pk])


@pytest.fixture
def staff(client):
    client.force_login(roles.staff())
    client.get(reverse("admin:index"))  # the second factor is looked up once per session
    return client


@pytest.mark.parametrize("model", OURS, ids=[model.__name__ for model in OURS])
def test_a_list_opens_with_few_queries_and_as_many_for_three_as_for_one(
    staff, record_queries, model
):
    FACTORIES[model]()
    with record_queries() as for_one:
        assert staff.get(changelist(model)).status_code == 200
    FACTORIES[model].create_batch(2)

    with record_queries() as for_three:
        response = staff.get(changelist(model))

    assert response.status_code == 200
    assert len(for_three) == len(for_one) <= MOST_QUERIES


@pytest.mark.parametrize("model", OURS, ids=[model.__name__ for model in OURS])
def test_a_record_opens_with_its_history(staff, record_queries, model):
    instance = FACTORIES[model]()

    with record_queries() as queries:
        assert staff.get(change(instance)).status_code == 200
    response = staff.get(change(instance).removesuffix("change/") + "history/")

    assert len(queries) <= MOST_QUERIES
    assert response.status_code == 200


def test_what_is_no_record_chooses_nothing(staff):
    add = reverse("admin:members_position_add")
    several = reverse("admin:events_event_register_people", args=[EventFactory().pk])

    assert staff.get(add, {"team": "abc"}).status_code == 200
    refused = staff.post(add, {"team": "abc", "person": "9" * 30, "started_on": "10000-01-01"})
    assert {"team", "person", "started_on"} <= set(refused.context["adminform"].form.errors)
    assert staff.post(several, {"people": ["abc"]}).status_code == 200


def test_boxes_written_by_hand_choose_nothing(staff):
    asked = {"action": "carry_over", "_selected_action": ["abc"]}

    assert staff.post(changelist(ExternalFigure), asked).status_code == 404


@pytest.mark.parametrize(
    ("make", "left_empty"),
    [
        (members.PositionFactory, "role"),
        (toolbox.LoanFactory, "status"),
        (network.MandateFactory, "rank"),
    ],
)
def test_a_choice_left_out_is_asked_for_and_breaks_nothing(make, left_empty):
    """The rule against overlaps depends on it."""
    record = make()
    setattr(record, left_empty, "")

    with pytest.raises(ValidationError) as refused:
        record.full_clean()

    assert left_empty in refused.value.error_dict


def test_secrets_and_addresses_of_accounts_have_no_page_here():
    apps_shown = {model._meta.app_label for model in admin.site._registry}

    assert apps_shown.isdisjoint({"account", "auth", "mfa", "usersessions"})


SHOWN_WITHIN_ANOTHER = {
    "AccompanimentTeam",
    "Affiliation",
    "CommissionMeeting",
    "CommissionMember",
    "ContactDetail",
    "EventSession",
    "FormSection",
    "GroupMeeting",
    "GroupReferent",
    "LocalGroupTeam",
    "Mandate",
    "PartnerAgreement",
    "PersonEmail",
    "Result",
    "RunPart",
    "RunRequest",
    "ScanAnswer",
    "ScanHeadcount",
    "Seminar",
    "SheetLayout",
    "Site",
    "TeamFact",
    "ToolMonth",
    "WelcomeDone",
    "CampaignStep",
    "CheckIn",
    "CalendarFeed",
    "Certificate",
    "Contributor",
    "Decision",
    "EventDocument",
    "EventPartner",
    "EventPhoto",
    "FeeStep",
    "GuestRequest",
    "ItemChoice",
    "LetterRecipient",
    "Objective",
    "ObjectiveAnswer",
    "Opening",
    "Party",
    "RegistrationAnswer",
    "RegistrationQuestion",
    "SatisfactionAnswer",
    "SavedFilter",
    "SurveyInvitation",
}
KEPT_BY_SERVICES_ALONE = {
    "Checkout",
    "CrmRun",
    "CrmSignal",
    "NotDuplicate",
    "Notice",
    "PersonMerge",
    "PieceSeries",
    "Reminder",
    "ReportVersion",
}


def test_every_model_of_ours_that_people_edit_has_its_admin():
    ours = {
        model.__name__
        for config in apps.get_app_configs()
        if (Path(config.path).parent / "manage.py").exists() or config.name.startswith("apmsl.")
        for model in config.get_models()
        if not hasattr(model, "pgh_tracked_model")
    }

    assert (
        ours - {model.__name__ for model in MODELS} == SHOWN_WITHIN_ANOTHER | KEPT_BY_SERVICES_ALONE
    )


# -- at size ---------------------------------------------------------------------------------------


@pytest.fixture
def crowd():
    """An event with 2,000 people registered, among 2,000 events."""
    team = members.TeamFactory(member=True)
    people = Person.objects.bulk_create(
        Person(first_name=f"Prénom{n}", last_name=f"Nom{n}") for n in range(2000)
    )
    day = today() + timedelta(30)
    kind = ActionKind.objects.get(code="practice")
    events = Event.objects.bulk_create(
        Event(title=f"É{n}", kind=kind, starts_on=day, ends_on=day, audiences=["members"])
        for n in range(2000)
    )
    Registration.objects.bulk_create(
        Registration(
            event=events[0],
            person=person,
            team=team,
            registered_on=today(),
            queued_at=timezone.now(),
        )
        for person in people
    )
    return events[0]


@pytest.mark.parametrize("page", ["events", "registrations", "of_event", "event", "people"])
def test_no_page_costs_more_with_two_thousand_rows(staff, record_queries, crowd, page):
    url = {
        "events": changelist(Event),
        "registrations": changelist(Registration),
        "of_event": f"{changelist(Registration)}?event__id__exact={crowd.pk}",
        "event": change(crowd),
        "people": changelist(Person),
    }[page]

    with record_queries() as queries:
        response = staff.get(url)

    assert response.status_code == 200
    assert len(queries) <= MOST_QUERIES


# -- search and history ----------------------------------------------------------------------------


def test_the_search_ignores_accents_and_the_order_of_words(staff):
    members.PersonFactory(first_name="Éléonore", last_name="Guéguen")
    members.PersonFactory(first_name="Malo", last_name="Bellanger")

    response = staff.get(changelist(Person), {"q": "guegen ELEONORE".replace("guegen", "gueguen")})

    assert [str(person) for person in response.context["cl"].result_list] == ["Éléonore Guéguen"]


def test_a_page_pasted_into_the_search_costs_a_few_conditions(staff, record_queries):
    pasted = " ".join(f"mot{number}" for number in range(1500))

    with record_queries() as queries:
        assert staff.get(changelist(Person), {"q": pasted}).status_code == 200

    fields = 2 * 3  # as typed, and without accents
    assert max(query.count("LIKE") for query in queries) <= MOST_WORDS * fields


@pytest.mark.parametrize("parameter", ["q", "gender__exact", "o"])
def test_what_no_text_of_the_database_may_hold_is_refused(staff, parameter):
    response = staff.get(changelist(Person), {parameter: "a\0b"})

    assert response.status_code == 400


def test_history_tells_who_changed_what(staff):
    team = members.TeamFactory(name="Maison de santé du Lac", sites=1)
    form = staff.get(change(team)).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields} | {"sites": 3}
    for formset in staff.get(change(team)).context["inline_admin_formsets"]:
        data |= {f"{formset.formset.prefix}-{key}_FORMS": 0 for key in ("TOTAL", "INITIAL")}

    assert staff.post(change(team), data).status_code == 302

    team.refresh_from_db()
    [version] = versions(team)
    assert [(c.field, c.before, c.after) for c in version.changes] == [
        ("nombre de sites", "1", "3")
    ]
    assert version.who != "Le portail"


def test_a_new_record_has_no_past():
    assert versions(members.TeamFactory()) == []


def test_history_cannot_be_rewritten():
    team = members.TeamFactory()
    team.sites = 4
    team.save()
    past = Team.pgh_event_model.objects.get(pgh_obj_id=team.pk)

    with pytest.raises(Exception, match="append_only|Cannot (update|delete)"):
        past.delete()


# -- registrations ---------------------------------------------------------------------------------


def test_the_staff_registers_several_people_at_once(staff):
    event = EventFactory(capacity=1)
    people = members.PersonFactory.create_batch(2)

    staff.post(
        reverse("admin:events_event_register_people", args=[event.pk]),
        {"people": [person.pk for person in people]},
    )

    statuses = event.registrations.order_by("queued_at").values_list("status", flat=True)
    assert list(statuses) == ["registered", "waitlisted"]


def test_an_action_is_shown_before_it_is_made(staff):
    registration = RegistrationFactory()
    data = {"action": "cancel_with_mail", "_selected_action": [registration.pk]}

    shown = staff.post(changelist(Registration), data)
    registration.refresh_from_db()
    assert registration.status == "registered"
    assert [step.registration for step in shown.context_data["steps"]] == [registration]

    staff.post(changelist(Registration), data | {"apply": "1"})
    registration.refresh_from_db()
    assert registration.status == "cancelled"


def test_marking_present_notes_every_session(staff):
    registration = RegistrationFactory()
    EventSessionFactory.create_batch(2, event=registration.event)

    staff.post(
        changelist(Registration),
        {"action": "mark_present", "_selected_action": [registration.pk], "apply": "1"},
    )

    assert registration.person.attendances.count() == 2


def test_raising_the_capacity_seats_those_who_wait(staff):
    event = EventFactory(capacity=1)
    RegistrationFactory(event=event)
    waiting = RegistrationFactory(event=event, waiting=True)
    form = staff.get(change(event)).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields} | {"capacity": 2}
    for formset in staff.get(change(event)).context["inline_admin_formsets"]:
        data |= {f"{formset.formset.prefix}-{key}_FORMS": 0 for key in ("TOTAL", "INITIAL")}

    assert staff.post(change(event), data).status_code == 302

    waiting.refresh_from_db()
    assert waiting.status == "registered"


def test_an_event_is_cancelled_by_its_action_which_tells_who_is_registered(staff):
    registration = RegistrationFactory()
    members.PersonEmailFactory(person=registration.person, address="a@exemple.test")
    event = registration.event
    choices = staff.get(change(event)).context["adminform"].form.fields["status"].choices
    assert "cancelled" not in dict(choices)

    cancelling = reverse("admin:events_event_cancel_event", args=[event.pk])
    staff.post(cancelling)
    event.refresh_from_db()
    assert event.status == "planned"  # without a reason
    staff.post(cancelling, {"reason": "Intervenante souffrante"})

    event.refresh_from_db()
    assert (event.status, event.cancel_reason) == ("cancelled", "Intervenante souffrante")
    assert list(Message.objects.values_list("recipient", flat=True)) == ["a@exemple.test"]


def test_the_attendance_sheet_is_a_pdf(staff):
    event = RegistrationFactory().event

    response = staff.get(reverse("admin:events_event_attendance_sheet", args=[event.pk]))

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")


def test_an_event_with_registrations_is_never_deleted(staff):
    registration = RegistrationFactory()

    staff.post(reverse("admin:events_event_delete", args=[registration.event_id]), {"post": "yes"})

    assert Event.objects.filter(pk=registration.event_id).exists()


def test_whoever_is_not_staff_finds_nothing_here(client):
    client.force_login(roles.board())

    assert client.get(reverse("admin:index")).status_code == 404


def test_each_task_of_the_day_opens_the_list_that_it_counts(staff):
    RegistrationFactory(waiting=True)
    RegistrationFactory(waiting=True, event__held=True)
    toolbox.LoanFactory.create_batch(2)
    members.MembershipFactory(called=True)
    members.MembershipFactory(called=True, year=today().year - 1)
    members.ScanFactory(draft=True)
    members.TeamFactory(member=True)
    training.EnrolmentFactory(status="applied")
    members.PositionFactory(started_on=today(), team=members.TeamFactory(member=True))
    members.PositionFactory(leader=True, team=members.TeamFactory(member=True))
    late = {"next_action": "Rappeler", "next_action_on": today() - timedelta(days=1)}
    members.FirstContactFactory(**late)
    members.AccompanimentFactory(**late)
    members.TeamFactory(kind="esp_clap", aci_signed_on=None, constituted_on=date(2010, 1, 1))
    members.ThresholdFactory(key="clap_writing_year", value=5)

    tasks = staff.get(reverse("admin:index")).context["tasks"]

    counted = {task.url: task.count for task in tasks}
    listed = {url: staff.get(url).context["cl"].result_count for url in counted}
    assert listed == counted
    assert sorted(counted.values()) == [1] * 9 + [2, 2, 3, 3]
