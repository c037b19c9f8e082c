from datetime import timedelta

import pytest
from django.urls import reverse

from apmsl.lib.dates import today
from events.enums import EventStatus
from network.enums import BoardRole, LetterKind
from tests import roles
from tests.events.factories import AttendanceFactory, EventFactory, EventSessionFactory
from tests.members.factories import PositionFactory, TeamFactory
from tests.network.factories import (
    ArticleFactory,
    BoardTermFactory,
    GroupMeetingFactory,
    LocalGroupFactory,
    LocalGroupTeamFactory,
    MandateFactory,
    NewsletterFactory,
    PartnerAgreementFactory,
    RepresentationMeetingFactory,
)

pytestmark = pytest.mark.django_db


def test_groups_count_their_teams_and_the_meetings_held_this_year(client):
    group = LocalGroupFactory()
    LocalGroupTeamFactory.create_batch(2, group=group)
    LocalGroupTeamFactory(group=group, left_on=today())
    GroupMeetingFactory(group=group, event=EventFactory(status=EventStatus.HELD, starts_on=today()))
    GroupMeetingFactory(group=group)  # planned
    client.force_login(roles.member())

    response = client.get(reverse("network:groups"))

    [shown] = response.context["groups"]
    assert (shown.team_count, shown.held_count) == (2, 1)


def test_a_closed_group_is_not_listed(client):
    LocalGroupFactory(closed_on=today())
    client.force_login(roles.member())

    assert list(client.get(reverse("network:groups")).context["groups"]) == []


def test_the_page_of_a_group_shows_its_teams_with_who_coordinates_today(client):
    group = LocalGroupFactory()
    team = LocalGroupTeamFactory(group=group, team=TeamFactory(member=True)).team
    current, _gone = PositionFactory(team=team), PositionFactory(team=team, ended=True)
    client.force_login(roles.coordinator(team))

    response = client.get(group.get_absolute_url())

    [shown] = response.context["teams"]
    assert current.person in [post.person for post in shown.coordinators]
    assert len(shown.coordinators) == 2  # the other is the one who looks


def test_past_meetings_count_people_not_presences(client):
    group = LocalGroupFactory()
    event = EventFactory(held=True)
    GroupMeetingFactory(group=group, event=event)
    morning, afternoon = EventSessionFactory.create_batch(2, event=event)
    person = AttendanceFactory(session=morning).person
    AttendanceFactory(session=afternoon, person=person)
    AttendanceFactory(session=afternoon)
    client.force_login(roles.member())

    response = client.get(group.get_absolute_url())

    assert [meeting.present for meeting in response.context["past"]] == [2]


def test_the_board_is_shown_with_its_chairs_first(client):
    BoardTermFactory(role=BoardRole.MEMBER)
    BoardTermFactory(role=BoardRole.CO_CHAIR)
    BoardTermFactory(role=BoardRole.CO_CHAIR, ended_on=today())

    response = client.get(reverse("network:federation"))

    assert [term.role for term in response.context["board"]] == ["co_chair", "member"]


def test_representation_shows_current_mandates_and_counts_the_meetings_of_the_year(client):
    mandate = MandateFactory()
    MandateFactory(institution=mandate.institution, ended_on=today() - timedelta(1))
    RepresentationMeetingFactory(institution=mandate.institution)
    RepresentationMeetingFactory(
        institution=mandate.institution, held_on=today() - timedelta(days=400)
    )
    client.force_login(roles.member())

    response = client.get(reverse("network:representation"))

    [shown] = response.context["institutions"]
    assert (shown.current_mandates, shown.meeting_count) == ([mandate], 1)


def test_partners_are_those_whose_agreement_is_in_force(client):
    current = PartnerAgreementFactory()
    PartnerAgreementFactory(ended_on=today())

    response = client.get(reverse("network:partners"))

    assert list(response.context["partners"]) == [current.partner]


def test_an_advantage_is_told_to_members_only(client):
    PartnerAgreementFactory(partner__advantage="Dix pour cent de remise")
    url = reverse("network:partners")

    assert "Dix pour cent de remise" not in client.get(url).content.decode()

    client.force_login(roles.member())
    assert "Dix pour cent de remise" in client.get(url).content.decode()


def test_letters_to_members_are_theirs(client):
    public, reserved = NewsletterFactory(public=True), NewsletterFactory()
    url = reverse("network:letters")

    assert list(client.get(url).context["page"]) == [public]
    assert client.get(reserved.get_absolute_url()).status_code == 404

    client.force_login(roles.member())
    assert set(client.get(url).context["page"]) == {public, reserved}


def test_a_letter_of_tomorrow_is_not_in_the_archive(client):
    NewsletterFactory(kind=LetterKind.PUBLIC, sent_on=today() + timedelta(1))

    assert list(client.get(reverse("network:letters")).context["page"]) == []


def test_reading_an_article_counts_once_a_day(client):
    article = ArticleFactory()
    client.force_login(roles.member())

    for _ in range(2):
        client.get(article.get_absolute_url())

    article.refresh_from_db()
    assert article.views == 1


@pytest.mark.parametrize("year", ["0", "-1", "99999", "1e30", "abc", "2023.5", "٢٠٢٣"])
def test_a_year_that_is_none_is_answered_by_a_page(client, year):
    NewsletterFactory()
    assert client.get(reverse("network:letters"), {"year": year}).status_code == 200


@pytest.mark.parametrize("name", ["groups", "representation", "partners", "letters", "articles"])
def test_lists_cost_the_same_for_three_rows_as_for_one(client, record_queries, name):
    client.force_login(roles.member())
    factories = (LocalGroupTeamFactory, MandateFactory, PartnerAgreementFactory)

    def more(count):
        for factory in (*factories, NewsletterFactory, ArticleFactory):
            factory.create_batch(count)

    more(1)
    client.get(reverse(f"network:{name}"))  # the filter bar is drawn once
    with record_queries() as for_one:
        client.get(reverse(f"network:{name}"))
    more(2)
    with record_queries() as for_three:
        client.get(reverse(f"network:{name}"))

    assert len(for_three) == len(for_one)
