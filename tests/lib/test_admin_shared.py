"""Two people write the same record in the admin: what the first one saved is never lost unseen."""

import threading

import pghistory
import pytest
from django.db import OperationalError, connection, transaction
from django.forms import modelform_factory
from django.urls import reverse

from apmsl.lib.admin.history import versions
from apmsl.lib.admin.shared import SharedForm
from reports import models
from reports.forms import ActionOfYearForm
from reports.models import ActionOfYear
from tests import roles
from tests.members.factories import TeamFactory
from tests.reports.factories import (
    ActionOfYearFactory,
    DefinitionBreakFactory,
    FigureNoteFactory,
    TestimonyFactory,
)

pytestmark = pytest.mark.django_db


def address(record):
    return reverse(f"admin:reports_{record._meta.model_name}_change", args=[record.pk])


def opened(client, record):
    """What a browser would send back of the page."""
    return sent(client.get(address(record)))


def sent(page):
    form = page.context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    shown = f'name="{SharedForm.SEEN}" value="{form.seen}"'
    assert shown in page.text
    return {k: v for k, v in data.items() if v not in (None, "", False)} | {
        SharedForm.SEEN: str(form.seen)
    }


@pytest.fixture
def staff(client):
    user = roles.staff()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def action():
    return ActionOfYearFactory(
        key="tools", year=2023, objective="Mettre en commun.", partners="ARS"
    )


def another_saves(record, **values):
    """Somebody of the staff, meanwhile."""
    other = roles.staff()
    with pghistory.context(user=other.pk):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
    return other


# -- refused, and said -----------------------------------------------------------------------------
def test_the_second_is_told_who_saved_what_and_keeps_what_was_typed(staff, action):
    mine = opened(staff, action) | {"objective": "Mettre en commun nos outils."}
    other = another_saves(action, objective="Partager.")

    page = staff.post(address(action), mine)

    assert page.status_code == 200
    form = page.context["adminform"].form
    (said,) = form.non_field_errors()
    assert said.startswith(f"{other.person} a enregistré cette fiche le ")
    assert form.errors["objective"] == ["Enregistré entre-temps\u00a0: Partager."]
    assert "Mettre en commun nos outils." in page.text
    action.refresh_from_db()
    assert action.objective == "Partager."


def test_saved_again_it_replaces_it_knowingly_and_the_history_keeps_the_other(staff, action):
    mine = opened(staff, action) | {"objective": "Mettre en commun nos outils."}
    another_saves(action, objective="Partager.")

    page = staff.post(address(action), mine)
    saved = staff.post(address(action), mine | sent(page))

    assert saved.status_code == 302
    action.refresh_from_db()
    assert action.objective == "Mettre en commun nos outils."
    assert [v.changes[0].before for v in versions(action)] == ["Partager.", "Mettre en commun."]


def test_a_third_who_saves_in_between_is_told_too(staff, action):
    mine = opened(staff, action) | {"objective": "Mettre en commun nos outils."}
    another_saves(action, objective="Partager.")
    page = staff.post(address(action), mine)
    another_saves(action, objective="Échanger.")

    again = staff.post(address(action), mine | sent(page))

    assert again.context["adminform"].form.errors["objective"] == [
        "Enregistré entre-temps\u00a0: Échanger."
    ]


def test_a_field_left_alone_would_undo_the_other_s_too(staff, action):
    mine = opened(staff, action) | {"objective": "Mettre en commun nos outils."}
    another_saves(action, partners="ARS\nAssurance maladie")

    page = staff.post(address(action), mine)

    assert list(page.context["adminform"].form.errors) == ["__all__", "partners"]


def test_another_mistake_at_once_loses_nothing_of_it(staff, action):
    """The answer to what is shown: the mistake corrected, it is saved over knowingly."""
    mine = opened(staff, action) | {"objective": "Mettre en commun nos outils.", "year": "1999"}
    another_saves(action, objective="Partager.")

    page = staff.post(address(action), mine)
    saved = staff.post(address(action), mine | sent(page) | {"year": "2023"})

    assert set(page.context["adminform"].form.errors) >= {"objective"}
    assert saved.status_code == 302


def test_a_mistake_alone_does_not_make_the_next_answer_blind(staff, action):
    mine = opened(staff, action) | {"objective": "Mettre en commun nos outils.", "year": "1999"}
    page = staff.post(address(action), mine)
    another_saves(action, objective="Partager.")

    again = staff.post(address(action), mine | sent(page) | {"year": "2023"})

    assert "objective" in again.context["adminform"].form.errors


def test_a_record_deleted_meanwhile_does_not_come_back(staff, action, monkeypatch):
    """Between the page's own look at it and its saving."""
    mine = opened(staff, action) | {"objective": "x"}
    read = ActionOfYearForm.__init__

    def then_deleted(form, *args, **kwargs):
        read(form, *args, **kwargs)
        ActionOfYear.objects.all().delete()

    monkeypatch.setattr(ActionOfYearForm, "__init__", then_deleted)

    page = staff.post(address(action), mine)

    assert "vient d’être supprimée" in page.text
    assert not ActionOfYear.objects.exists()


# -- not in the way --------------------------------------------------------------------------------
def test_alone_one_saves_as_ever(staff, action):
    for objective in ("Une fois.", "Deux fois."):
        mine = opened(staff, action) | {"objective": objective}
        assert staff.post(address(action), mine).status_code == 302

    action.refresh_from_db()
    assert action.objective == "Deux fois."


def test_two_who_write_the_same_agree(staff, action):
    mine = opened(staff, action) | {"allowed": "Gagner du temps.\r\nSe voir."}
    another_saves(action, allowed="Gagner du temps.\nSe voir.")

    assert staff.post(address(action), mine).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30])
def test_an_answer_that_does_not_say_what_it_saw_is_an_answer_to_today(staff, action, seen):
    mine = opened(staff, action) | {"objective": "x", SharedForm.SEEN: seen}

    assert staff.post(address(action), mine).status_code == 302


@pytest.mark.parametrize(
    ("make", "field", "theirs", "shown"),
    [
        (lambda: FigureNoteFactory(figure="teams"), "text", "Au 31 août.", "Au 31 août."),
        (lambda: DefinitionBreakFactory(figure="teams"), "reason", "Autrement.", "Autrement."),
        (TestimonyFactory, "role", "Infirmier", "Infirmier"),
    ],
)
def test_each_record_that_several_people_write_says_it(staff, make, field, theirs, shown):
    record = make()
    mine = opened(staff, record)
    another_saves(record, **{field: theirs})

    page = staff.post(address(record), mine)

    assert page.context["adminform"].form.errors[field] == [
        f"Enregistré entre-temps\u00a0: {shown}"
    ]


def test_a_related_record_is_named(staff):
    record = TestimonyFactory(team=TeamFactory(name="MSP du Lac"))
    mine = opened(staff, record)
    another_saves(record, team=TeamFactory(name="MSP du Port"))

    page = staff.post(address(record), mine)

    assert page.context["adminform"].form.errors["team"] == [
        "Enregistré entre-temps\u00a0: MSP du Port"
    ]
    assert models.Testimony.objects.get().team.name == "MSP du Port"


# -- at the same instant ---------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_the_second_waits_for_the_first_before_it_compares(action):
    """Whoever compares holds the record until it is saved: nobody saves in between."""
    form_of = modelform_factory(ActionOfYear, form=ActionOfYearForm, fields=["year", "objective"])
    told = []

    def compare():
        stored = ActionOfYear.objects.get(pk=action.pk)
        return form_of({"year": "2023", "key": "tools", SharedForm.SEEN: "0"}, instance=stored)

    def second():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        try:
            with transaction.atomic():
                told.append(compare().is_valid())
        except OperationalError as waited:
            told.append(str(waited))
        finally:
            connection.close()

    with transaction.atomic():
        assert compare().is_valid()
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    (said,) = told
    assert "lock timeout" in said
