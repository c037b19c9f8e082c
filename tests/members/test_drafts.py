"""The form of the year: one draft for the team, nobody's text lost, sent when it holds together."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apmsl.lib.dates import today
from members.models import Campaign, FormQuestion, Scan, ScanAnswer, ScanForm
from members.services import answers, drafts
from members.services.answers import entries_of, fields_of, name_of
from members.services.drafts import Writing
from members.services.plausibility import last_year_of
from tests import roles
from tests.members.campaign import make_campaign
from tests.members.factories import ProfessionFactory, ScanFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    ProfessionFactory(label="Infirmier")
    return make_campaign()


@pytest.fixture
def team():
    return TeamFactory(member=True)


@pytest.fixture
def draft(campaign, team):
    return drafts.draft_of(team=team, form=campaign.form)


def field(draft, key):
    return next(f for f in fields_of(draft.form) if f.form_question.question.key == key)


def write(draft, key, value, by, seen="", **more):
    writing = Writing(field=field(draft, key), value=value, seen=seen, **more)
    return drafts.save_answer(draft=draft, writing=writing, by=by, at=timezone.now())


def value(draft, key):
    entry = entries_of(draft).get(field(draft, key).name)
    return entry.value if entry else ""


def send(draft, by, on=None):
    return drafts.send(draft=draft, by=by, on=on or today(), at=timezone.now())


# -- writing ---------------------------------------------------------------------------------------
def test_a_team_has_one_draft(draft, campaign, team):
    assert drafts.draft_of(team=team, form=campaign.form) == draft


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("patients", " 7 200 ", "7200"),
        ("patients", "0", "0"),
        ("trainees", "non", "non"),
        ("note", "  Bien.\r\nVraiment. ", "Bien.\nVraiment."),
        ("headcount", "3", "3"),
    ],
)
def test_what_is_typed_is_kept_as_what_was_meant(draft, team, key, typed, kept):
    by = roles.member(team)

    assert write(draft, key, typed, by) is None

    assert value(draft, key) == kept
    entry = entries_of(draft)[field(draft, key).name]
    assert entry.by == by
    assert write(draft, key, "", by, seen=kept) is None
    assert value(draft, key) == ""


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("patients", "douze"),
        ("patients", "-3"),
        ("patients", "1,5"),
        ("patients", "٣"),
        ("patients", "9" * 12),
        ("trainees", "peut-être"),
        ("headcount", "x"),
        ("note", "a" * 5001),
    ],
)
def test_what_answers_no_such_question_is_refused(draft, team, key, typed):
    with pytest.raises(answers.WrongValue):
        write(draft, key, typed, roles.member(team))

    assert entries_of(draft) == {}


def test_of_two_who_write_the_same_field_the_second_sees_both_and_chooses(draft, team):
    anne, bob = roles.member(team), roles.leader(team)
    write(draft, "note", "De Anne", anne)

    clash = write(draft, "note", "De Bob", bob)

    assert (clash.mine, clash.theirs.value, clash.theirs.by) == ("De Bob", "De Anne", anne)
    assert value(draft, "note") == "De Anne"
    assert write(draft, "note", "De Bob", bob, seen="De Anne") is None
    assert value(draft, "note") == "De Bob"


def test_a_page_saved_whole_leaves_alone_what_its_author_did_not_touch(draft, team):
    anne, bob = roles.member(team), roles.leader(team)
    write(draft, "note", "Avant", anne)
    write(draft, "note", "De Anne", anne, seen="Avant")

    assert write(draft, "note", "Avant", bob, seen="Avant") is None

    assert value(draft, "note") == "De Anne"


def test_two_who_agree_do_not_clash(draft, team):
    write(draft, "patients", "12", roles.member(team))

    assert write(draft, "patients", "12", roles.leader(team)) is None


def test_of_two_words_on_a_variation_both_are_kept(draft, team):
    write(draft, "patients", "12", roles.member(team), remark="Un départ")
    write(draft, "patients", "12", roles.leader(team), seen="12", remark="Une fusion")

    entry = entries_of(draft)[field(draft, "patients").name]
    assert entry.remark == "Un départ / Une fusion"


# -- sending ---------------------------------------------------------------------------------------
def test_a_form_is_sent_by_those_who_answer_for_the_team(draft, team):
    write(draft, "signatories", "12", roles.member(team))

    with pytest.raises(drafts.DraftRefused, match="Seule la coordination"):
        send(draft, roles.member(team))
    with pytest.raises(drafts.DraftRefused, match="Seule la coordination"):
        send(draft, roles.coordinator())
    by = roles.coordinator(team)
    sent = send(draft, by)

    assert (sent.submitted_on, sent.submitted_by) == (today(), by)


def problems_at_sending(draft, team):
    with pytest.raises(drafts.FormIncomplete) as refusal:
        send(draft, roles.leader(team))
    return refusal.value.problems


def test_what_is_missing_is_said_beside_its_field(draft, team):
    name = field(draft, "signatories").name

    assert problems_at_sending(draft, team) == {name: "Cette réponse est nécessaire."}
    draft.refresh_from_db()
    assert draft.submitted_on is None


def test_bounds_hold_at_sending(draft, team):
    by = roles.member(team)
    questions = draft.form.form_questions
    signatories = questions.get(question__key="signatories").question
    questions.filter(question__key="headcount").update(at_most=signatories, minimum=1)
    write(draft, "signatories", "12", by)
    write(draft, "patients", "50001", by)
    write(draft, "headcount", "13", by)

    found = problems_at_sending(draft, team)

    assert set(found) == {
        field(draft, "patients").name,
        name_of(field(draft, "headcount").question_id),
    }
    assert found[field(draft, "patients").name].startswith("Au plus 50")
    assert "plus que la réponse à « Signataires »" in "".join(found.values())


@pytest.fixture
def _last_year(campaign, team):
    before = ScanFactory(
        team=team,
        form=ScanForm.objects.create(year=today().year - 1),
        submitted_on=today() - timedelta(days=365),
    )
    question = FormQuestion.objects.get(question__key="signatories").question
    ScanAnswer.objects.create(scan=before, question=question, number=10)


@pytest.mark.usefixtures("_last_year")
def test_a_big_variation_asks_for_a_word(draft, team):
    by = roles.member(team)
    name = field(draft, "signatories").name
    write(draft, "signatories", "13", by)

    assert "dites-en un mot" in problems_at_sending(draft, team)[name]

    write(draft, "signatories", "13", by, seen="13", remark="Trois arrivées")
    send(draft, roles.leader(team))


@pytest.mark.usefixtures("_last_year")
def test_a_small_variation_asks_for_nothing(draft, team):
    write(draft, "signatories", "12", roles.member(team))

    send(draft, roles.leader(team))


def test_a_correction_starts_from_what_was_sent_and_keeps_it(draft, team, campaign):
    by = roles.leader(team)
    write(draft, "signatories", "12", by)
    sent = send(draft, by, on=today() - timedelta(days=3))

    correction = drafts.draft_of(team=team, form=campaign.form)
    assert value(correction, "signatories") == "12"
    write(correction, "signatories", "14", by, seen="12")
    send(correction, by)

    assert value(sent, "signatories") == "12"
    assert value(drafts.last_sent(team, campaign.form), "signatories") == "14"


def test_sent_twice_the_same_day_the_second_stands_and_the_first_is_in_the_history(
    draft, team, campaign
):
    by = roles.leader(team)
    write(draft, "signatories", "12", by)
    send(draft, by)
    correction = drafts.draft_of(team=team, form=campaign.form)
    write(correction, "signatories", "14", by, seen="12")
    send(correction, by)

    assert [value(scan, "signatories") for scan in Scan.objects.all()] == ["14"]
    kept = ScanAnswer.pgh_event_model.objects.filter(pgh_label="deleted")
    assert [event.number for event in kept] == [12]


def test_a_draft_that_was_sent_meanwhile_is_written_no_more(draft, team):
    by = roles.leader(team)
    write(draft, "signatories", "12", by)
    send(draft, by)

    with pytest.raises(drafts.DraftRefused, match="vient d’être transmis"):
        write(draft, "signatories", "13", by, seen="12")


def test_after_the_last_day_the_draft_is_kept_and_not_sent(draft, team):
    by = roles.leader(team)
    write(draft, "signatories", "12", by)
    Campaign.objects.update(closes_on=today() - timedelta(days=1))

    with pytest.raises(drafts.DraftRefused, match="fermée depuis"):
        send(draft, by)

    assert value(draft, "signatories") == "12"


def test_a_form_without_an_open_campaign_is_not_sent(draft, team):
    Campaign.objects.update(opened_at=None)

    with pytest.raises(drafts.DraftRefused, match="n’est pas ouverte"):
        send(draft, roles.leader(team))


def test_last_year_is_the_version_sent_last(draft, team):
    form = ScanForm.objects.create(year=today().year - 1)
    old = today() - timedelta(days=400)
    ScanFactory(team=team, form=form, submitted_on=old)
    last = ScanFactory(team=team, form=form, submitted_on=old + timedelta(days=2))
    ScanFactory(team=team, form=form, draft=True)

    assert last_year_of(team, today().year) == last
