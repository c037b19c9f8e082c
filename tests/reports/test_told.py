"""What the staff tells beside the figures: of the actions, of the figures, and who speaks of them."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from events.enums import Category, ReportChapter
from events.models import ActionKind, EventPhoto
from reports import models, services
from reports.builders import snapshots
from reports.builders.activity import compose, html
from reports.builders.reading.activity import material
from tests.events.factories import (
    ActionKindFactory,
    EventFactory,
    SatisfactionAnswerFactory,
)
from tests.members.factories import MembershipFactory, TeamFactory
from tests.reports import factories
from tests.roles import staff

pytestmark = pytest.mark.django_db

YEAR, DAY, LAST = 2022, date(2022, 5, 4), date(2022, 12, 31)


def held(**kwargs):
    return EventFactory(status="held", starts_on=DAY, ends_on=DAY, **kwargs)


def story(key, **kwargs):
    return factories.ActionOfYearFactory(year=YEAR, key=key, **kwargs)


def report():
    return compose(material(YEAR, LAST))


def printed(chapter, key):
    found = next(one for one in report().chapters if one.key == chapter)
    return next(action for action in found.shown_actions if action.key == key)


# -- actions ---------------------------------------------------------------------------------------
def test_the_page_of_an_action_says_what_it_was_for_what_came_of_it_and_with_whom():
    held(category=Category.REGIONAL_DAY)
    story(
        "regional_day",
        objective="Se rencontrer.",
        allowed="- Repérer ce qui marche\n\n– Découvrir",
        partners="ARS\nURPS",
        is_new=True,
    )

    page = html(report())

    assert printed("teams", "regional_day").allowed == ["Repérer ce qui marche", "Découvrir"]
    assert printed("teams", "regional_day").is_new
    assert '<p class="objective">Se rencontrer.</p>' in page
    assert "Cette action a permis de" in page
    assert "<b>Avec</b> ARS · URPS" in page


def test_an_action_without_any_event_is_told_all_the_same():
    story("communication_module", objective="Se faire connaître.", is_new=True)

    action = printed("network", "communication_module")

    assert (action.objective, action.is_new, action.known) == ("Se faire connaître.", True, [])


def test_a_kind_that_is_counted_apart_has_its_own_page_once_it_is_told():
    club = ActionKindFactory(label="Club", chapter=ReportChapter.NEWS)
    other = ActionKindFactory(label="Cercle", chapter=ReportChapter.NEWS)
    held(kind=club)
    held(kind=other)
    story(f"type-{club.pk}", objective="Parler logiciel.")

    action = printed("teams", f"type-{club.pk}")

    assert (action.title, action.objective) == ("Club", "Parler logiciel.")
    assert [figure.text for figure in action.known] == ["1"]
    table = next(
        one.table
        for chapter in report().chapters
        for one in chapter.shown_actions
        if one.title == "Actions comptées à part"
    )
    assert [row[0] for row in table.rows] == ["Cercle"]


def picture() -> ContentFile:
    drawn = BytesIO()
    Image.new("RGB", (30, 20), "teal").save(drawn, "PNG")
    return ContentFile(drawn.getvalue(), "photo.png")


def followed(kind, title):
    """With a picture, and as many answers as are told."""
    event = held(kind=kind, title=title)
    EventPhoto.objects.create(event=event, caption=f"{title} en images", image=picture())
    SatisfactionAnswerFactory.create_batch(5, event=event)


def test_what_followed_a_kind_that_is_told_is_printed_with_it_and_not_with_the_others():
    club = ActionKindFactory(label="Club", chapter=ReportChapter.NEWS)
    basics = ActionKind.objects.get(code="management_basics")  # counted as a thematic meeting
    other = ActionKindFactory(label="Cercle", chapter=ReportChapter.NEWS)
    for kind in (club, basics, other):
        followed(kind, kind.label)
    for kind in (club, basics):
        story(f"type-{kind.pk}")

    shown = [action for part in report().chapters for action in part.shown_actions]

    followed_by = {
        action.title: (
            [one.caption for one in action.pictures],
            [one.caption for one in action.opinions],
        )
        for action in shown
        if action.pictures or action.opinions
    }
    assert followed_by == {
        title: ([f"{label} en images"], [label])
        for title, label in [
            ("Club", "Club"),
            (basics.label, basics.label),
            ("Actions comptées à part", "Cercle"),
        ]
    }


def test_a_picture_of_the_action_comes_before_those_of_its_events_each_with_where_and_when():
    event = held(category=Category.REGIONAL_DAY, place="Angers")
    EventPhoto.objects.create(event=event, caption="La salle", image=picture())
    story("regional_day", caption="Affiche", credit="A. B.", photo=picture())

    pictures = printed("teams", "regional_day").pictures

    assert [(one.caption, one.where) for one in pictures] == [
        ("Affiche", ""),
        ("La salle", "Angers, 4\u00a0mai 2022"),
    ]
    assert "<figcaption>Affiche © A. B.</figcaption>" in html(report())


def test_a_file_that_is_no_picture_leaves_its_action_without_one():
    """As a restored folder, or an import, may hold it: the report is printed all the same."""
    held(category=Category.REGIONAL_DAY)
    story("regional_day", caption="Affiche", photo=ContentFile(b"no picture", "affiche.png"))

    page = html(report())

    assert printed("teams", "regional_day").pictures == []
    assert "Se rencontrer." in page
    assert "Affiche" not in page


def test_what_is_told_is_carried_over_but_not_what_belongs_to_its_year():
    told = story("tools", objective="Mettre en commun.", is_new=True)
    kept = story("loans", objective="Prêter.")
    factories.ActionOfYearFactory(year=YEAR + 1, key="loans", objective="Prêter mieux.")

    assert services.carry_actions_over(models.ActionOfYear.objects.filter(year=YEAR)) == 1

    copy = models.ActionOfYear.objects.get(year=YEAR + 1, key="tools")
    assert (copy.objective, copy.is_new, copy.pk != told.pk) == ("Mettre en commun.", False, True)
    assert models.ActionOfYear.objects.get(year=YEAR + 1, key=kept.key).objective == "Prêter mieux."


# -- precisions ------------------------------------------------------------------------------------
def test_a_precision_stands_under_its_figure_wherever_it_is_printed():
    held(category=Category.REGIONAL_DAY)
    factories.FigureNoteFactory(year=YEAR, figure="regional_day_count", text="Hors visites.")
    factories.FigureNoteFactory(year=YEAR + 1, figure="regional_day_count", text="Autre année.")

    page = html(report())

    assert printed("teams", "regional_day").counted.footnotes == ["Hors visites."]
    assert page.count("Hors visites.") == 2  # at a glance, and in its chapter
    assert "Autre année." not in page


# -- testimonies -----------------------------------------------------------------------------------
def test_a_testimony_says_from_where_it_comes_and_waits_for_an_agreement():
    held(category=Category.LOCAL_GROUP_MEETING)
    team = TeamFactory(name="MSP de Clisson", city="Clisson", department="44")
    factories.TestimonyFactory(year=YEAR, body="« Je ne suis plus seule. »", team=team)
    factories.TestimonyFactory(year=YEAR, body="Pas encore.", agreed_on=None)
    factories.TestimonyFactory(
        year=YEAR,
        subject="chapter-network",
        body="Un réseau.",
        author="Anne Petit",
        role="Directrice",
        organisation="CPTS, Laval",
    )

    (quote,) = printed("network", "local_group_meeting").quotes

    assert quote.text == "Je ne suis plus seule."
    assert quote.author == "Coordinatrice, MSP de Clisson (Clisson, Loire-Atlantique)"
    page = html(report())
    assert "Anne Petit, Directrice, CPTS, Laval" in page
    assert "Pas encore." not in page


# -- words -----------------------------------------------------------------------------------------
def test_the_words_of_a_year_stand_in_the_chapter_or_with_the_action_they_are_about():
    held(category=Category.LOCAL_GROUP_MEETING)
    factories.WordCloudFactory(
        year=YEAR, subject="local_group_meeting", title="Le groupe en un mot"
    )
    factories.WordCloudFactory(year=YEAR, subject="chapter-network", title="Le réseau en un mot")
    factories.WordCloudFactory(year=YEAR - 1, subject="chapter-network", title="L’an dernier")

    (cloud,) = printed("network", "local_group_meeting").clouds

    assert cloud.title == "Le groupe en un mot"
    assert [(one.label, one.value) for one in cloud.figures] == [
        ("écoute", 3),
        ("réseau", 2),
        ("élan", 1),
    ]
    page = html(report())
    assert "Le réseau en un mot" in page
    assert "L’an dernier" not in page


def test_a_chapter_that_has_only_words_is_printed():
    factories.WordCloudFactory(year=YEAR, subject="chapter-evolution", title="En un mot")

    assert "evolution" in {chapter.key for chapter in report().shown_chapters}


def test_two_words_make_no_cloud(client):
    client.force_login(staff())
    page = reverse("admin:reports_wordcloud_add")
    given = {"year": YEAR, "subject": "pacte", "title": "En un mot"}

    refused = client.post(page, given | {"answers": "écoute x 9, Écoute, réseau"})
    client.post(page, given | {"answers": "écoute x 9, réseau, élan"})

    assert "answers" in refused.context["adminform"].form.errors
    assert "écoute x 9, Écoute, réseau" in refused.text
    assert models.WordCloud.objects.count() == 1
    assert (
        "écoute (9), élan (1), réseau (1)"
        in client.get(reverse("admin:reports_wordcloud_changelist")).text
    )


# -- constraints -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("factory", "values", "constraint"),
    [
        (factories.ActionOfYearFactory, {"year": 1999}, "actionofyear_year_plausible"),
        (factories.ActionOfYearFactory, {"photo": "a.png"}, "actionofyear_photo_has_its_caption"),
        (factories.FigureNoteFactory, {"year": 1999}, "figurenote_year_plausible"),
        (factories.FigureNoteFactory, {"text": ""}, "figurenote_says_something"),
        (factories.TestimonyFactory, {"year": 1999}, "testimony_year_plausible"),
        (factories.TestimonyFactory, {"body": ""}, "testimony_says_something"),
        (factories.TestimonyFactory, {"role": ""}, "testimony_says_something"),
        (factories.WordCloudFactory, {"year": 1999}, "wordcloud_year_plausible"),
        (factories.WordCloudFactory, {"answers": ""}, "wordcloud_says_something"),
    ],
)
def test_the_database_refuses(factory, values, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factory(**values)


@pytest.mark.parametrize(
    ("factory", "constraint"),
    [
        (lambda: story("tools"), "actionofyear_told_once_a_year"),
        (
            lambda: factories.FigureNoteFactory(figure="teams"),
            "figurenote_one_per_year_and_figure",
        ),
        (
            lambda: factories.WordCloudFactory(title="En un mot"),
            "wordcloud_one_of_a_title",
        ),
    ],
)
def test_nothing_is_told_twice(factory, constraint):
    factory()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factory()


# -- where it is written ---------------------------------------------------------------------------
def test_the_staff_tells_an_action_in_the_admin_choosing_it_by_its_name(client):
    kind = ActionKindFactory(label="Club des utilisateurs")
    client.force_login(staff())
    page = reverse("admin:reports_actionofyear_add")
    given = {"year": YEAR, "key": f"type-{kind.pk}", "objective": "Parler logiciel."}

    assert "Club des utilisateurs" in client.get(page).text
    refused = client.post(page, given | {"key": "type-0"})
    saved = client.post(page, given)

    assert "key" in refused.context["adminform"].form.errors
    assert saved.status_code == 302
    assert models.ActionOfYear.objects.get().objective == "Parler logiciel."


@pytest.mark.parametrize(
    ("content", "name"), [(b"no picture", "affiche.png"), (b"%PDF-1.7 %%EOF", "affiche.pdf")]
)
def test_a_file_that_is_no_picture_is_refused_beside_its_field(client, content, name):
    client.force_login(staff())
    given = {"year": YEAR, "key": "tools", "objective": "Outiller.", "caption": "Affiche"}

    page = reverse("admin:reports_actionofyear_add")
    refused = client.post(page, given | {"photo": SimpleUploadedFile(name, content)})

    assert set(refused.context["adminform"].form.errors) == {"photo"}
    assert "Outiller." in refused.text
    assert not models.ActionOfYear.objects.exists()


def test_a_precision_is_about_a_figure_that_exists(client):
    client.force_login(staff())
    page = reverse("admin:reports_figurenote_add")

    refused = client.post(page, {"year": YEAR, "figure": "absent", "text": "Au 31 août."})
    client.post(page, {"year": YEAR, "figure": "teams", "text": "Au 31 août."})

    assert "figure" in refused.context["adminform"].form.errors
    assert models.FigureNote.objects.get().figure == "teams"


# -- since a version -------------------------------------------------------------------------------
def test_a_version_says_what_was_told_otherwise_since():
    MembershipFactory(year=YEAR)
    told = story("tools")
    version = factories.ReportVersionFactory(**vars(snapshots.take(YEAR)), year=YEAR)
    assert snapshots.since(version).texts == []

    told.objective = "Autre chose."
    told.save()
    factories.TestimonyFactory(year=YEAR)

    assert snapshots.since(version).texts == ["La boîte à outils", "Témoignages"]


# -- the demonstration -----------------------------------------------------------------------------
def test_the_demonstration_tells_its_actions_once():
    TeamFactory()
    for _ in range(2):
        call_command("demo_stories")

    assert models.ActionOfYear.objects.count() == 12
    assert models.Testimony.objects.count() == 3
    assert "local_group_meeting" in material(2023, date(2023, 12, 31)).lists.quotes
