"""Records that look like one person: found with their reason, set apart, compared and made one."""

import pytest
from django.db import connection
from django.urls import reverse

from members.enums import ContactKind
from members.models import NotDuplicate, Person, PersonMerge
from members.services import duplicates
from members.services.duplicates import MOST_OF_A_KEY, Reason
from tests import roles
from tests.members.factories import (
    AffiliationFactory,
    ContactDetailFactory,
    NotDuplicateFactory,
    PersonEmailFactory,
    PersonFactory,
    PositionFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

PAGE = "admin:members_person_duplicates"
MERGE = "admin:members_person_merge"


def named(first: str, last: str, team=None) -> Person:
    person = PersonFactory(first_name=first, last_name=last)
    if team:
        AffiliationFactory(person=person, team=team)
    return person


def reasons() -> dict[tuple[int, int], list[Reason]]:
    return {(pair.first, pair.second): pair.reasons for pair in duplicates.find()}


@pytest.fixture
def staff(client):
    user = roles.staff()
    client.force_login(user)
    return user


# -- found -----------------------------------------------------------------------------------------
def test_one_address_whatever_its_case_makes_a_pair():
    one = PersonEmailFactory(address="Anne@exemple.test").person
    other = PersonEmailFactory(address="anne@exemple.test").person

    assert reasons() == {(one.pk, other.pk): [Reason.EMAIL]}


def test_one_telephone_makes_a_pair_and_one_address_of_a_practice_does_not():
    one, other, third = (
        ContactDetailFactory(value="+33612345678").person,
        ContactDetailFactory(value="+33612345678", kind=ContactKind.PHONE).person,
        ContactDetailFactory(value="1 rue du Port", kind=ContactKind.ADDRESS).person,
    )
    ContactDetailFactory(value="1 rue du Port", kind=ContactKind.ADDRESS)

    assert reasons() == {(one.pk, other.pk): [Reason.PHONE]}
    assert third.pk > other.pk


def test_an_address_that_many_share_is_nobodys():
    for _ in range(MOST_OF_A_KEY + 1):
        PersonEmailFactory(address="secretariat@exemple.test")

    assert reasons() == {}


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (("Zoé", "Le Guen"), ("zoe", "LE GUEN"), Reason.NAME),
        (("Jean-Marc", "Petit"), ("Jean Marc", "Petit"), Reason.NAME),
        (("Anne", "Laurent"), ("Laurent", "Anne"), Reason.SWAPPED),
        (("Anne", "Quatrefages"), ("Anne", "Quatrefage"), Reason.NEAR),
        (("Anne", "Quatrefages"), ("Anne", "Quadrefages"), Reason.NEAR),
        (("Cecile", "Durand"), ("Cécille", "Durand"), Reason.NEAR),
        (("Anne", "Quatrefages"), ("Anne", "Quatrefoges-Nil"), None),
        (("Anne", "Durand"), ("Paul", "Durand"), None),
        (("Léa", "Roy"), ("Léo", "Roy"), None),  # too short to say anything
    ],
)
def test_names_alike_in_one_town_make_a_pair(one, other, reason):
    first = named(*one, team=TeamFactory(insee_code="44109"))
    second = named(*other, team=TeamFactory(insee_code="44109"))

    assert reasons() == ({(first.pk, second.pk): [reason]} if reason else {})


def test_one_name_in_two_towns_is_that_of_two_people():
    for code in ("44109", "49007"):
        named("Marie", "Martin", team=TeamFactory(insee_code=code))
        named("Anne", f"Quatrefage{'s' * (code == '44109')}", team=TeamFactory(insee_code=code))

    assert reasons() == {}


def test_one_name_makes_a_pair_where_a_record_has_no_team():
    """Somebody noted at the door of a meeting."""
    first, second = named("Marie", "Martin"), named("Marie", "Martin", team=TeamFactory())

    assert reasons() == {(first.pk, second.pk): [Reason.NAME_ALONE]}


def test_the_likeliest_pair_comes_first():
    team = TeamFactory()
    named("Anne", "Quatrefages", team), named("Anne", "Quatrefage", team)
    one, other = named("Zoé", "Petit", team), named("Zoé", "Petit", team)
    for person in (one, other):
        PersonEmailFactory(person=person, address="zoe@exemple.test")

    pairs = duplicates.find()

    assert [pair.reasons for pair in pairs] == [[Reason.NAME, Reason.EMAIL], [Reason.NEAR]]
    assert (pairs[0].first, pairs[0].second) == (one.pk, other.pk)


def test_two_people_who_were_told_apart_are_not_proposed_again():
    team = TeamFactory()
    NotDuplicateFactory(first=named("Zoé", "Petit", team), second=named("Zoé", "Petit", team))

    assert reasons() == {}


def test_five_thousand_people_of_one_town_cost_a_few_passes():
    """Never pair by pair: of five thousand, two are one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO members_person (code, first_name, last_name, self_employed)"
            " SELECT 'p' || n, 'Pr' || left(md5((n % 70)::text), 5), 'N' || left(md5(n::text), 8), false"
            " FROM generate_series(1, 5000) AS n"
        )
    team = TeamFactory()
    named("Anne", "Quatrefages", team), named("Anne", "Quatrefage", team)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO members_affiliation (person_id, team_id)"
            " SELECT id, %s FROM members_person WHERE code LIKE 'p%%'",
            [team.pk],
        )
        cursor.execute("SET LOCAL statement_timeout = '20s'")  # the machine may be busy

        found = duplicates.find()

    assert [pair.reasons for pair in found] == [[Reason.NEAR]]


# -- the pages -------------------------------------------------------------------------------------
def test_the_page_shows_each_pair_with_its_reason(client, staff):
    person = PositionFactory(person=named("Zoé", "Petit")).person
    named("Zoé", "Petit", team=TeamFactory())

    text = client.get(reverse(PAGE)).content.decode()

    assert "paire de fiches se ressemble" in text
    assert "Même nom, dans la même équipe ou la même commune" in text
    assert str(person) in text


def test_as_many_queries_for_ten_pairs_as_for_one(client, staff, record_queries):
    team = TeamFactory()
    named("Zoé", "Petit", team), named("Zoé", "Petit", team)
    client.get(reverse(PAGE))
    with record_queries() as for_one:
        client.get(reverse(PAGE))

    for number in range(9):
        for _ in range(2):
            UserFactory(person=named(f"Anne{'x' * number * 2}", "Durand", team))
    with record_queries() as for_ten:
        response = client.get(reverse(PAGE))

    assert len(response.context["pairs"]) == 10
    assert for_ten == for_one


def test_a_pair_set_apart_leaves_the_page(client, staff):
    team = TeamFactory()
    one, other = named("Zoé", "Petit", team), named("Zoé", "Petit", team)

    response = client.post(reverse(PAGE), {"paire": f"{one.pk}-{other.pk}"}, follow=True)

    assert "Aucune fiche ne semble en double" in response.content.decode()
    pair = NotDuplicate.objects.get()
    assert (pair.first, pair.second, pair.noted_by) == (one, other, staff)


@pytest.mark.parametrize("pair", ["", "1", "1-", "x-y", "1-99999999999999999999", "٣-4"])
def test_a_pair_that_is_none_is_not_found(client, staff, pair):
    assert client.post(reverse(PAGE), {"paire": pair}).status_code in {302, 404}
    assert not NotDuplicate.objects.exists()


def test_what_will_be_done_is_shown_then_done_and_told_by_the_history(client, staff):
    one, other = PersonFactory(profession=None), PersonFactory()
    AffiliationFactory(person=other)
    email = PersonEmailFactory(person=other)

    url = f"{reverse(MERGE)}?conservee={one.pk}&reunie={other.pk}"
    page = client.get(url)
    plan = page.context["plan"]
    assert "Exercices en équipe" in page.content.decode()
    assert {choice.name for choice in plan.choices if choice.takes_gone} == {"profession"}

    data = {
        "conservee": one.pk,
        "reunie": other.pk,
        "montre": plan.fingerprint,
        "profession": "reunie-valeur",
        "last_name": "reunie-valeur",
    }
    told = client.post(reverse(MERGE), data, follow=True).content.decode()

    one.refresh_from_db()
    assert (one.last_name, one.profession) == (other.last_name, other.profession)
    assert one.emails.get() == email
    done = PersonMerge.objects.get()
    assert done.done_by == staff
    assert f"{staff.person} a réuni ici la fiche n° {other.pk} ({other})" in told
    assert "exercices en équipe, 1 rattaché" in told

    again = client.post(reverse(MERGE), data, follow=True)  # a double click
    assert again.status_code == 200
    assert PersonMerge.objects.count() == 1


def test_a_page_read_before_a_change_is_read_again(client, staff):
    one, other = PersonFactory(), PersonFactory()
    shown = client.get(reverse(MERGE), {"conservee": one.pk, "reunie": other.pk}).context["plan"]
    PersonEmailFactory(person=other)

    data = {"conservee": one.pk, "reunie": other.pk, "montre": shown.fingerprint}
    told = client.post(reverse(MERGE), data).content.decode()

    assert "relisez ce qui sera fait" in told
    assert not PersonMerge.objects.exists()


def test_two_accounts_are_told_before_anything_is_asked(client, staff):
    one, other = UserFactory().person, UserFactory().person

    text = client.get(reverse(MERGE), {"conservee": one.pk, "reunie": other.pk}).content.decode()

    assert "Une personne n’a qu’un compte" in text
    assert "Réunir les deux fiches</button>" not in text


def test_two_records_chosen_in_the_list_are_compared(client, staff):
    one, other = PersonFactory(), PersonFactory()
    data = {"action": "compare", "_selected_action": [one.pk, other.pk]}

    response = client.post(reverse("admin:members_person_changelist"), data)

    assert response.url == f"{reverse(MERGE)}?conservee={one.pk}&reunie={other.pk}"


def test_a_merge_that_names_nobody_is_not_found(client, staff):
    assert client.get(reverse(MERGE)).status_code == 404
    assert client.get(reverse(MERGE), {"conservee": "1", "reunie": "x"}).status_code == 404
    assert client.get(reverse(MERGE), {"conservee": 10**9, "reunie": 10**9}).status_code == 404


def test_only_the_staff_opens_these_pages(client):
    client.force_login(roles.board())

    for page in (PAGE, MERGE):
        assert client.get(reverse(page)).status_code == 404
        assert client.post(reverse(page)).status_code == 404
