"""The form of a year: its parts, how the staff writes the next one, and what past years keep."""

import pytest
from django.urls import reverse

from apmsl.lib.dates import today
from members.enums import QuestionKind
from members.models import FormQuestion, FormSection, Question, ScanForm
from members.services import campaigns
from members.services.answers import questions_of
from tests import roles
from tests.members.campaign import expected, make_campaign
from tests.members.factories import QuestionFactory, ScanFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def form():
    """« Un mot » stands in no part; « L’activité » is last made and first shown."""
    form = make_campaign().form
    people = form.sections.create(rank=2, title="Les personnes", help_text="Qui exerce ici.")
    work = form.sections.create(rank=1, title="L’activité")
    form.form_questions.filter(question__key__in=["signatories", "headcount"]).update(
        section=people
    )
    form.form_questions.filter(question__key__in=["patients", "trainees"]).update(section=work)
    return form


@pytest.fixture
def staff(client):
    user = roles.staff()
    client.force_login(user)
    return user


def keys(form):
    return [row.question.key for row in questions_of(form)]


def page_of(form):
    return reverse("admin:members_scanform_change", args=[form.pk])


# -- the parts -------------------------------------------------------------------------------------
def test_questions_stand_part_by_part_those_of_none_first(form):
    assert keys(form) == ["note", "patients", "trainees", "signatories", "headcount"]


def test_a_team_reads_the_parts_as_steps_with_what_is_left(client, form):
    team = TeamFactory()
    expected(team)
    client.force_login(roles.leader(team))
    page = reverse("members:renewal_form", args=[team.pk, form.year])
    patients = Question.objects.get(key="patients").pk
    client.post(page, {f"q{patients}": "700", f"seen-q{patients}": ""})

    text = client.get(page).text

    assert text.index("Un mot") < text.index(">L’activité</h2>") < text.index(">Les personnes</h2>")
    assert text.index(">L’activité</h2>") < text.index("File active") < text.index("Signataires")
    work = FormSection.objects.get(title="L’activité")
    assert f'href="#partie-{work.pk}"' in text
    assert "1 sur 2" in text
    assert "Qui exerce ici." in text


def test_a_form_without_parts_has_no_list_of_them(client, form):
    form.sections.all().delete()
    team = TeamFactory()
    expected(team)
    client.force_login(roles.leader(team))

    text = client.get(reverse("members:renewal_form", args=[team.pk, form.year])).text

    assert "Parties du formulaire" not in text
    assert "File active" in text


def test_the_next_year_has_parts_of_its_own(form):
    copy = campaigns.prepare(year=form.year + 1).form

    assert keys(copy) == keys(form)
    assert [(part.rank, part.title) for part in copy.sections.order_by("rank")] == [
        (1, "L’activité"),
        (2, "Les personnes"),
    ]
    copy.sections.all().delete()
    assert form.sections.filter(title="L’activité").exists()
    assert form.form_questions.exclude(section=None).count() == 4


# -- the staff writes the next year ----------------------------------------------------------------
def whole(form):
    """What the page of a form sends, as it stands."""
    data = {"sections-INITIAL_FORMS": form.sections.count()}
    data["sections-TOTAL_FORMS"] = form.sections.count()
    for index, part in enumerate(form.sections.order_by("rank", "pk")):
        data |= {
            f"sections-{index}-id": part.pk,
            f"sections-{index}-form": form.pk,
            f"sections-{index}-rank": part.rank,
            f"sections-{index}-title": part.title,
            f"sections-{index}-help_text": part.help_text,
        }
    rows = questions_of(form)
    data["form_questions-INITIAL_FORMS"] = data["form_questions-TOTAL_FORMS"] = len(rows)
    for index, row in enumerate(rows):
        data |= {
            f"form_questions-{index}-id": row.pk,
            f"form_questions-{index}-form": form.pk,
            f"form_questions-{index}-section": row.section_id or "",
            f"form_questions-{index}-rank": row.rank,
            f"form_questions-{index}-question": row.question_id,
            f"form_questions-{index}-is_publishable": "on" if row.is_publishable else "",
        }
    return data


def save(client, form, **changes):
    data = whole(form) | {key.replace("__", "-"): value for key, value in changes.items()}
    return client.post(page_of(form), data)


def test_next_year_is_added_to_withdrawn_from_and_reordered_without_touching_this_one(
    client, staff, form
):
    before = keys(form)
    ScanFactory(team=TeamFactory(), form=form)
    copy = campaigns.prepare(year=form.year + 1).form
    new = QuestionFactory(key="telehealth", kind=QuestionKind.YES_NO, label="Télésanté")
    count = copy.form_questions.count()
    trainees = keys(copy).index("trainees")
    patients = keys(copy).index("patients")

    response = save(
        client,
        copy,
        **{
            f"form_questions__{trainees}__DELETE": "on",
            f"form_questions__{patients}__rank": 9,
            "form_questions__TOTAL_FORMS": count + 1,
            f"form_questions__{count}__form": copy.pk,
            f"form_questions__{count}__section": copy.sections.get(rank=1).pk,
            f"form_questions__{count}__rank": 1,
            f"form_questions__{count}__question": new.pk,
        },
    )

    assert response.status_code == 302, response.context["errors"]
    assert keys(copy) == ["note", "telehealth", "patients", "signatories", "headcount"]
    assert keys(form) == before
    added = copy.form_questions.get(question=new)
    assert added.is_publishable is False


def test_a_question_s_words_and_rules_have_a_page_that_leads_back(client, staff, form):
    row = form.form_questions.get(question__key="patients")
    page = reverse("admin:members_formquestion_change", args=[row.pk])
    assert page in client.get(page_of(form)).text

    response = client.post(
        page,
        {
            "rank": 3,
            "section": "",
            "wording": "Combien de patients ?",
            "maximum": 100,
            "choices": "",
        },
    )

    assert response.url == page_of(form)
    row.refresh_from_db()
    assert (row.wording, row.maximum, row.section) == ("Combien de patients ?", 100, None)
    assert "au plus 100" in client.get(page_of(form)).text


def test_a_minimum_above_its_maximum_is_said_in_french(client, staff, form):
    row = form.form_questions.get(question__key="patients")

    response = client.post(
        reverse("admin:members_formquestion_change", args=[row.pk]),
        {"rank": 3, "minimum": 10, "maximum": 5, "choices": ""},
    )

    assert "Le minimum ne peut pas dépasser le maximum." in response.text


def test_what_a_team_has_sent_is_read_only_everywhere(client, staff, form):
    ScanFactory(team=TeamFactory(), form=form)
    row = form.form_questions.get(question__key="patients")

    text = client.get(page_of(form)).text
    assert "form_questions-0-rank" not in text
    assert "sections-0-title" not in text
    page = reverse("admin:members_formquestion_change", args=[row.pk])
    assert client.post(page, {"rank": 1, "wording": "X", "choices": ""}).status_code == 403
    row.refresh_from_db()
    assert row.wording == ""


def test_new_words_of_a_question_are_for_years_that_nobody_answered(client, staff, form):
    ScanFactory(team=TeamFactory(), form=form)
    copy = campaigns.prepare(year=form.year + 1).form
    question = Question.objects.get(key="patients")

    client.post(
        reverse("admin:members_question_change", args=[question.pk]), {"label": "Patients suivis"}
    )

    def words(of):
        row = FormQuestion.objects.select_related("question").get(form=of, question=question)
        return row.wording or row.question.label

    assert (words(form), words(copy)) == ("File active", "Patients suivis")


# -- as a team will see it -------------------------------------------------------------------------
def test_the_form_is_looked_at_before_it_is_asked(client, staff, form):
    answer = client.get(reverse("admin:members_scanform_preview", args=[form.pk]), follow=True)

    assert answer.redirect_chain[-1][0] == reverse("members:form_preview", args=[form.year])
    assert "File active" in answer.text
    assert ">Les personnes</h2>" in answer.text
    assert "hx-post" not in answer.text
    assert not form.scans.exists()


def test_a_long_form_opens_with_as_many_queries_as_a_short_one(client, staff, form, record_queries):
    short = ScanForm.objects.create(year=form.year + 1)
    part = FormSection.objects.create(form=short, rank=1, title="Une partie")
    FormQuestion.objects.create(form=short, question=QuestionFactory(), rank=1, section=part)
    client.get(page_of(short))  # what is kept between two pages

    with record_queries() as for_one:
        client.get(page_of(short))
    with record_queries() as for_all:
        client.get(page_of(form))

    assert form.form_questions.count() > 2
    assert len(for_all) == len(for_one)


def test_an_empty_form_says_so(client, staff):
    ScanForm.objects.create(year=today().year)

    page = client.get(reverse("members:form_preview", args=[today().year]))

    assert "pas encore de question" in page.text
