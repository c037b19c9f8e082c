"""Each way to reach someone is shown to whom its owner chose, wherever it could show."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apmsl.lib import phones
from apmsl.lib.dates import today
from members.enums import ContactKind, Visibility
from members.models import Consent, ContactDetail, Person, PersonEmail
from members.services import contacts
from tests import roles
from tests.members.factories import (
    AffiliationFactory,
    ContactDetailFactory,
    PersonEmailFactory,
    TeamFactory,
    UserFactory,
)
from tests.network.factories import LocalGroupFactory, LocalGroupTeamFactory

pytestmark = pytest.mark.django_db

FIELDS = {
    "email": ["confidentielle@exemple.test"],
    "mobile": ["+33698765432", "06\u00a098\u00a076\u00a054\u00a032", "0698765432"],
    "address": ["4 allée des Secrets"],
}
LEVELS = list(Visibility)
# The narrowest choice that still shows to each viewer.
SHOWN_FROM = {
    "anonymous": Visibility.PUBLIC,
    "unlinked": Visibility.PUBLIC,
    "lapsed, of the same group": Visibility.PUBLIC,
    "member": Visibility.MEMBERS,
    "coordinator": Visibility.MEMBERS,
    "leader": Visibility.MEMBERS,
    "of another group": Visibility.MEMBERS,
    "formerly of the group": Visibility.MEMBERS,
    "board": Visibility.MEMBERS,
    "of the same group": Visibility.GROUP,
    "staff": Visibility.FEDERATION,
    "director": Visibility.FEDERATION,
    "owner": Visibility.FEDERATION,
}
ENTERS = set(SHOWN_FROM) - {"anonymous", "unlinked", "lapsed, of the same group"}
# What each page shows, of what may be shown; the others may show, and never more.
PAGES = {"person": set(FIELDS), "team": {"email", "mobile"}}
OTHERS = ("people", "people as CSV", "teams as CSV", "map", "home")


class World:
    """One person with three fields, in a team of a local group, and everyone who might look."""

    def __init__(self) -> None:
        group, other = LocalGroupFactory(), LocalGroupFactory()
        self.team = TeamFactory(member=True)
        self.owner = roles.member(self.team)
        self._in(group, self.team)
        self.viewers = {name: make() for name, make in roles.ROLES.items()} | {
            "owner": self.owner,
            "of the same group": roles.member(self._in(group, TeamFactory(member=True))),
            "of another group": roles.member(self._in(other, TeamFactory(member=True))),
            "formerly of the group": roles.member(self._left(group, TeamFactory(member=True))),
            "lapsed, of the same group": roles.member(self._in(group, TeamFactory())),
        }
        person = self.owner.person
        self.rows = {
            "email": PersonEmailFactory(person=person, address=FIELDS["email"][0]),
            "mobile": ContactDetailFactory(person=person, value=FIELDS["mobile"][0]),
            "address": ContactDetailFactory(
                person=person, kind=ContactKind.ADDRESS, value=FIELDS["address"][0]
            ),
        }
        self.clients = {name: Client() for name in self.viewers}
        for name, user in self.viewers.items():
            if user.is_authenticated:
                self.clients[name].force_login(user)

    def _in(self, group, team):
        LocalGroupTeamFactory(group=group, team=team)
        return team

    def _left(self, group, team):
        LocalGroupTeamFactory(group=group, team=team, left_on=today() - timedelta(days=1))
        return team

    def path(self, output: str) -> str:
        return {
            "person": self.owner.person.get_absolute_url(),
            "team": self.team.get_absolute_url(),
            "people": reverse("members:people"),
            "people as CSV": reverse("members:people") + "?export=csv",
            "teams as CSV": reverse("members:teams") + "?export=csv",
            "map": reverse("members:map"),
            "home": reverse("members:home"),
        }[output]

    def shown(self, viewer: str, output: str) -> set[str]:
        response = self.clients[viewer].get(self.path(output))
        body = b"".join(response) if response.streaming else response.content
        return {field for field, texts in FIELDS.items() if any(t.encode() in body for t in texts)}


@pytest.fixture
def world(db):
    return World()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    chosen=st.fixed_dictionaries({field: st.sampled_from(LEVELS) for field in FIELDS}),
    viewer=st.sampled_from(sorted(SHOWN_FROM)),
    output=st.sampled_from([*PAGES, *OTHERS]),
)
def test_no_output_shows_a_field_to_whom_its_owner_did_not_choose(world, chosen, viewer, output):
    for field, visibility in chosen.items():
        type(world.rows[field]).objects.filter(pk=world.rows[field].pk).update(
            visibility=visibility
        )
    narrowest = LEVELS.index(SHOWN_FROM[viewer])
    allowed = {field for field, choice in chosen.items() if LEVELS.index(choice) >= narrowest}

    shown = world.shown(viewer, output)

    assert shown <= allowed
    if output in PAGES:
        assert shown == (allowed & PAGES[output] if viewer in ENTERS else set())


@pytest.mark.parametrize("viewer", SHOWN_FROM)
def test_a_wider_choice_shows_to_whomever_a_narrower_one_did(world, viewer):
    user, email = world.viewers[viewer], world.rows["email"]
    seen = []
    for visibility in LEVELS:
        PersonEmail.objects.filter(pk=email.pk).update(visibility=visibility)
        seen.append(PersonEmail.objects.visible_to(user).filter(pk=email.pk).exists())

    assert seen == sorted(seen)


# -- choices ---------------------------------------------------------------------------------------
def choose(user, contact, visibility, at=None):
    return contacts.choose(
        person=user.person,
        choices={contacts.key_of(contact): visibility},
        by=user,
        at=at or timezone.now(),
    )


def test_a_choice_is_a_row_with_the_words_that_were_read():
    user = UserFactory()
    email = PersonEmailFactory(person=user.person)

    assert choose(user, email, Visibility.MEMBERS) == 1

    consent = Consent.objects.get()
    assert (consent.person, consent.field, consent.value) == (user.person, "email", email.address)
    assert consent.visibility == Visibility.MEMBERS
    assert consent.text == contacts.TEXTS[Visibility.MEMBERS]
    assert consent.text_version == contacts.TEXT_VERSION
    assert consent.given_by == user
    assert consent.withdrawn_at is None


def test_the_same_choice_again_writes_nothing():
    user = UserFactory()
    email = PersonEmailFactory(person=user.person)
    choose(user, email, Visibility.MEMBERS)

    assert choose(user, email, Visibility.MEMBERS) == 0
    assert Consent.objects.count() == 1


def test_going_back_withdraws_the_consent_and_keeps_its_row():
    user = UserFactory()
    email = PersonEmailFactory(person=user.person)
    choose(user, email, Visibility.PUBLIC)
    choose(user, email, Visibility.MEMBERS)
    choose(user, email, Visibility.FEDERATION)

    assert Consent.objects.count() == 2
    assert not Consent.objects.open().exists()


def test_what_is_added_is_private_by_default(client):
    user = roles.member()
    client.force_login(user)

    client.post(
        reverse("members:contact_add"),
        {"kind": "mobile", "value": "06 12 34 56 78", "visibility": "federation"},
    )

    detail = ContactDetail.objects.get()
    assert (detail.value, detail.visibility) == ("+33612345678", Visibility.FEDERATION)
    assert not Consent.objects.exists()
    assert ContactDetailFactory().visibility == Visibility.FEDERATION


@pytest.mark.parametrize("model", ["email", "detail"])
def test_a_value_that_is_replaced_by_anyone_becomes_private_again(model):
    """An import or the staff: the choice was made for the former value."""
    user = UserFactory()
    contact = (
        PersonEmailFactory(person=user.person)
        if model == "email"
        else ContactDetailFactory(person=user.person)
    )
    choose(user, contact, Visibility.PUBLIC)

    column = "address" if model == "email" else "value"
    other = "autre@exemple.test" if model == "email" else "+33699999999"
    type(contact).objects.filter(pk=contact.pk).update(**{column: other})

    contact.refresh_from_db()
    assert contact.visibility == Visibility.FEDERATION
    assert not Consent.objects.open().exists()


def test_a_contact_that_is_deleted_by_anyone_ends_its_consent():
    user = UserFactory()
    email = PersonEmailFactory(person=user.person)
    choose(user, email, Visibility.PUBLIC)

    email.delete()

    assert Consent.objects.get().withdrawn_at is not None


def test_another_s_contact_is_left_alone():
    user, other = UserFactory(), ContactDetailFactory()

    assert choose(user, other, Visibility.PUBLIC) == 0
    other.refresh_from_db()
    assert other.visibility == Visibility.FEDERATION


def test_one_removes_one_s_own_and_not_another_s(client):
    user = roles.member()
    client.force_login(user)
    mine, other = ContactDetailFactory(person=user.person), ContactDetailFactory()

    assert client.post(reverse("members:contact_remove", args=[mine.pk])).status_code == 302
    assert client.post(reverse("members:contact_remove", args=[other.pk])).status_code == 404
    assert list(ContactDetail.objects.all()) == [other]


# -- numbers ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("+33 (0)6 12-34-56-78", "+33612345678"),
        ("0033\u00a0612345678", "+33612345678"),
        ("02 40 00 00 00", "+33240000000"),
        ("00 12 34 56 78", None),
        ("06 12 34 56 7", None),
        ("06 12 34 56 789", None),
        ("+32 470 12 34 56", None),
        ("٠٦١٢٣٤٥٦٧٨", None),
        ("bonjour", None),
        ("", None),
    ],
)
def test_french_numbers_are_kept_in_one_form(written, kept):
    assert phones.normalised(written) == kept


@given(st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True))
def test_a_number_that_is_shown_can_be_typed_again(written):
    kept = phones.normalised(written)

    assert kept is not None
    assert phones.normalised(phones.shown(kept)) == kept


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [("mobile", "12", "value"), ("mobile", "02 40 00 00 00", "kind"), ("phone", "", "value")],
)
def test_a_wrong_number_is_refused_with_a_word(client, kind, value, field):
    client.force_login(roles.member())

    response = client.post(
        reverse("members:contact_add"), {"kind": kind, "value": value, "visibility": "federation"}
    )

    assert response.status_code == 200
    assert list(response.context["new"].errors) == [field]
    assert not ContactDetail.objects.exists()


def test_the_same_number_twice_is_refused_with_a_word(client):
    user = roles.member()
    client.force_login(user)
    ContactDetailFactory(person=user.person, value="+33612345678")

    response = client.post(
        reverse("members:contact_add"),
        {"kind": "mobile", "value": "0612345678", "visibility": "federation"},
    )

    assert "déjà enregistrée" in response.content.decode()


def test_the_database_refuses_a_number_in_another_form():
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactDetailFactory(value="0612345678")
    detail = ContactDetail(person=ContactDetailFactory().person, kind="mobile", value="12")
    with pytest.raises(ValidationError, match="dix chiffres"):
        detail.full_clean()


# -- « tout est à jour » ---------------------------------------------------------------------------
def test_confirming_is_one_click_from_home_and_lasts_a_year(client):
    user = roles.member()
    client.force_login(user)
    home = reverse("members:home")
    assert "Tout est à jour" in client.get(home).content.decode()

    response = client.post(reverse("members:contacts_confirm"), {"home": "1"})

    assert response.url == home
    assert "Tout est à jour" not in client.get(home).content.decode()
    assert (
        "Coordonnées confirmées le" in client.get(user.person.get_absolute_url()).content.decode()
    )

    Person.objects.update(checked_on=today() - timedelta(days=366))
    assert "confirmez en un clic" in client.get(home).content.decode()


def test_the_staff_finds_those_who_have_not_confirmed_for_a_year(client):
    client.force_login(roles.staff())
    fresh = AffiliationFactory(person__checked_on=today()).person
    old = AffiliationFactory(person__checked_on=today() - timedelta(days=400)).person

    page = client.get(reverse("admin:members_person_changelist"), {"coordonnees": "anciennes"})

    found = set(page.context["cl"].queryset)
    assert old in found
    assert fresh not in found
