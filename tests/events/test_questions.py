"""What is asked at registration: the page, who may answer, the count, what is forgotten."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apmsl.lib.clock import SCHEDULE
from apmsl.lib.dates import today
from events import services
from events.enums import EventStatus, QuestionType
from events.models import RegistrationAnswer
from events.periodic import forget_temporary_answers
from events.services import questions
from tests import roles
from tests.events.factories import (
    EventFactory,
    RegistrationAnswerFactory,
    RegistrationFactory,
    RegistrationQuestionFactory,
)
from tests.members.factories import AffiliationFactory, TeamFactory

pytestmark = pytest.mark.django_db

DIETS = ["Végétarien", "Sans gluten"]


@pytest.fixture
def me(client):
    user = roles.member()
    client.force_login(user)
    return user


@pytest.fixture
def mine(me):
    return RegistrationFactory(person=me.person)


def page(registration):
    return reverse("events:answers", args=[registration.event_id, registration.pk])


def ask(event, **facts):
    return RegistrationQuestionFactory(event=event, **facts)


def said(registration):
    return dict(registration.answers.values_list("question", "value"))


def test_answers_are_kept_changed_and_taken_back(client, mine):
    diet = ask(mine.event, type=QuestionType.CHOICE, choices=DIETS, is_temporary=True)
    car = ask(mine.event, type=QuestionType.YES_NO)
    free = ask(mine.event, text="Une remarque ?")
    named = {q.pk: f"question_{q.pk}" for q in (diet, car, free)}

    text = client.get(page(mine)).content.decode()
    assert "Une remarque" in text
    assert text.count("Effacé le lendemain") == 1
    given = {named[diet.pk]: "Végétarien", named[car.pk]: "Oui", named[free.pk]: "Je viens 🚲"}
    assert client.post(page(mine), given).status_code == 302
    assert said(mine) == {diet.pk: "Végétarien", car.pk: "Oui", free.pk: "Je viens 🚲"}

    assert 'value="Je viens 🚲"' in client.get(page(mine)).content.decode()
    client.post(page(mine), {**given, named[diet.pk]: "Sans gluten", named[free.pk]: ""})
    assert said(mine) == {diet.pk: "Sans gluten", car.pk: "Oui"}


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(client, mine):
    needed = ask(mine.event, required=True)
    free = ask(mine.event)
    diet = ask(mine.event, type=QuestionType.CHOICE, choices=DIETS)

    answer = client.post(
        page(mine), {f"question_{free.pk}": "Gardez ceci", f"question_{diet.pk}": "Forgé"}
    )

    errors = answer.context["form"].errors
    assert set(errors) == {f"question_{needed.pk}", f"question_{diet.pk}"}
    assert "Gardez ceci" in answer.content.decode()
    assert said(mine) == {}
    long = client.post(page(mine), {f"question_{needed.pk}": "x" * 501})
    assert long.context["form"].errors


def test_a_question_withdrawn_meanwhile_is_told_and_the_others_are_kept(client, mine):
    kept, gone = ask(mine.event), ask(mine.event)
    given = {f"question_{kept.pk}": "Ceci", f"question_{gone.pk}": "Cela"}
    gone.delete()

    answer = client.post(page(mine), given, follow=True)

    assert "retirée" in answer.content.decode()
    assert said(mine) == {kept.pk: "Ceci"}


def test_questions_of_another_event_are_left_out(mine, me):
    foreign = ask(EventFactory())

    questions.answer(registration=mine, answers={foreign.pk: "Forgé"}, by=me, on=today())

    assert RegistrationAnswer.objects.count() == 0


def test_a_coordinator_answers_for_her_team_and_nobody_else(client, me):
    stranger = RegistrationFactory()
    ask(stranger.event)
    assert client.get(page(stranger)).status_code == 404
    with pytest.raises(services.NotYourColleague):
        questions.answer(registration=stranger, answers={}, by=me, on=today())

    team = TeamFactory(member=True)
    client.force_login(roles.coordinator(team))
    registration = RegistrationFactory(person=AffiliationFactory(team=team).person)
    asked = ask(registration.event)
    client.post(page(registration), {f"question_{asked.pk}": "Oui"})
    assert said(registration) == {asked.pk: "Oui"}


def test_answers_change_until_the_event_is_over(client, mine):
    asked = ask(mine.event)
    mine.event.status = EventStatus.HELD
    mine.event.save()

    answer = client.post(page(mine), {f"question_{asked.pk}": "Trop tard"})

    assert "déjà eu lieu" in answer.content.decode()
    assert "Trop tard" in answer.content.decode()
    assert said(mine) == {}


def test_the_event_s_page_says_that_an_answer_is_awaited(client, mine):
    asked = ask(mine.event, required=True)
    assert "Répondre" in client.get(mine.event.get_absolute_url()).content.decode()

    RegistrationAnswerFactory(registration=mine, question=asked)
    text = client.get(mine.event.get_absolute_url()).content.decode()

    assert "Vos réponses" in text
    assert "Répondre" not in text


def test_the_caterer_gets_counts_of_those_who_hold_a_seat():
    event = EventFactory()
    diet = ask(event, type=QuestionType.CHOICE, choices=DIETS)
    for value in ["Végétarien", "végétarien", "Sans gluten"]:
        RegistrationAnswerFactory(
            registration=RegistrationFactory(event=event), question=diet, value=value
        )
    RegistrationFactory(event=event)
    for status in ({"cancelled": True}, {"waiting": True}):
        RegistrationAnswerFactory(
            registration=RegistrationFactory(event=event, **status), question=diet, value="Halal"
        )

    (told,) = questions.summary(event)

    assert told.counts == [("Végétarien", 2), ("Sans gluten", 1)]
    assert told.silent == 1


def test_temporary_answers_are_forgotten_the_day_after_the_event():
    yesterday, now = today() - timedelta(days=1), today()
    over, under_way = EventFactory(starts_on=yesterday), EventFactory(starts_on=now)
    for event in (over, under_way):
        for temporary in (True, False):
            asked = ask(event, is_temporary=temporary)
            RegistrationAnswerFactory(registration=RegistrationFactory(event=event), question=asked)

    forget_temporary_answers()

    left = RegistrationAnswer.objects.values_list("question__event", "question__is_temporary")
    assert set(left) == {(over.pk, False), (under_way.pk, True), (under_way.pk, False)}
    assert "events.periodic.forget_temporary_answers" in SCHEDULE
