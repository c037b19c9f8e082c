"""Two records of one person made one: nothing lost, nothing shown more widely than before."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apmsl.lib.dates import today
from events.enums import RegistrationStatus
from members.enums import DataRequestKind, MembershipStatus, PositionRole, Visibility
from members.models import (
    Affiliation,
    Consent,
    ContactDetail,
    DataRequest,
    Membership,
    NotDuplicate,
    Person,
    PersonEmail,
    PersonMerge,
    Position,
    TeamManager,
    User,
)
from members.services import contacts, merging
from members.services.merging.links import Only, links_to, once_each
from members.services.merging.rules import RULES
from tests import roles
from tests.events.factories import AttendanceFactory, EventFactory, RegistrationFactory
from tests.members.factories import (
    AffiliationFactory,
    ConsentFactory,
    ContactDetailFactory,
    DataRequestFactory,
    ExchangeFactory,
    MembershipFactory,
    NotDuplicateFactory,
    PersonEmailFactory,
    PersonFactory,
    PieceFactory,
    PositionFactory,
    TeamFactory,
    TeamManagerFactory,
    UserFactory,
    WelcomeDoneFactory,
    WelcomeStepFactory,
)
from tests.network.factories import (
    BoardTermFactory,
    CommissionMemberFactory,
    MandateFactory,
    RepresentationMeetingFactory,
)
from tests.training.factories import EnrolmentFactory
from training.enums import EnrolmentStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Person, Person]:
    return PersonFactory(), PersonFactory()


def merged(kept: Person, gone: Person, *, taken=(), shown=None, by=None) -> PersonMerge:
    return merging.merge(
        kept=kept.pk,
        gone=gone.pk,
        taken=taken,
        by=by,
        on=today(),
        at=timezone.now(),
        shown=shown,
    )


def day(number: int) -> date:
    return date(2020, 1, 1) + timedelta(days=number)


# -- every relation --------------------------------------------------------------------------------
def test_every_relation_to_a_person_says_what_becomes_of_it():
    """A new foreign key to a person fails here: give it a rule in services/merging/rules.py."""
    assert {link.label for link in links_to(Person)} == set(RULES)


def test_what_may_exist_once_for_a_person_is_read_from_the_database_rules():
    """A rule that this reading does not understand would let a merge break in the middle."""
    found = {link.label: once_each(link) for link in links_to(Person)}

    assert [only.fields for only in found["events.Registration.person"]] == [("event",)]
    assert len(found["members.Position.person"]) == len(PositionRole)
    assert found["network.BoardTerm.person"] == [Only((), ("started_on", "ended_on"))]
    for link in links_to(Person):
        for constraint in link.model._meta.constraints:
            unread = getattr(constraint, "contains_expressions", False)
            assert not (unread and f"F({link.name})" in repr(constraint)), constraint.name


def test_everything_is_attached_to_the_record_that_is_kept(pair):
    kept, gone = pair
    rows = [
        PersonEmailFactory(person=gone),
        ContactDetailFactory(person=gone),
        ConsentFactory(person=gone),
        AffiliationFactory(person=gone),
        PositionFactory(person=gone),
        DataRequestFactory(person=gone),
        ExchangeFactory(person=gone),
        MembershipFactory(person=gone, team=None),
        RegistrationFactory(person=gone),
        AttendanceFactory(person=gone),
        BoardTermFactory(person=gone),
        CommissionMemberFactory(person=gone),
        MandateFactory(person=gone),
        RepresentationMeetingFactory(person=gone),
        EnrolmentFactory(person=gone),
        UserFactory(person=gone),
    ]

    merged(kept, gone)

    assert not Person.objects.filter(pk=gone.pk).exists()
    for row in rows:
        row.refresh_from_db()
        assert row.person_id == kept.pk, row
    assert [link.label for link in links_to(Person) if link.rows_of(gone.pk).exists()] == []


def test_what_the_administration_noted_about_a_record_follows_it(pair):
    kept, gone = pair
    user = UserFactory()
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(Person),
        object_id=str(gone.pk),
        object_repr="x",
        action_flag=CHANGE,
    )

    merged(kept, gone)

    assert LogEntry.objects.get(user=user).object_id == str(kept.pk)


# -- rows that may not stand together --------------------------------------------------------------
def test_posts_that_overlap_are_one_post_that_lasts_as_long_as_both(pair):
    kept, gone = pair
    team, step = TeamFactory(), WelcomeStepFactory()
    ours = PositionFactory(
        person=kept, team=team, started_on=day(10), ended_on=day(20), employment=""
    )
    theirs = PositionFactory(
        person=gone,
        team=team,
        started_on=day(15),
        ended_on=None,
        employment="volunteer",
        network_joined_on=day(16),
    )
    after = WelcomeDoneFactory(position=theirs, step=step)
    elsewhere = PositionFactory(person=gone, started_on=day(15), ended_on=None)

    merged(kept, gone)

    ours.refresh_from_db()
    assert (ours.started_on, ours.ended_on) == (day(10), None)
    assert (ours.employment, ours.network_joined_on) == ("volunteer", day(16))
    after.refresh_from_db()
    assert after.position == ours
    assert set(Position.objects.filter(person=kept)) == {ours, elsewhere}


def test_a_post_that_bridges_two_others_makes_one_of_the_three(pair):
    kept, gone = pair
    team = TeamFactory()
    for start, end, person in ((0, 10, kept), (20, 30, kept), (5, 25, gone), (40, 50, gone)):
        AffiliationFactory(person=person, team=team, started_on=day(start), ended_on=day(end))

    merged(kept, gone)

    rows = Affiliation.objects.order_by("started_on").values_list("started_on", "ended_on")
    assert list(rows) == [(day(0), day(30)), (day(40), day(50))]


def test_the_account_of_a_team_is_never_without_somebody(pair):
    kept, gone = pair
    ending = TeamManagerFactory(person=kept)
    staying = TeamManagerFactory(person=gone, team=ending.team)
    TeamManager.objects.filter(pk=ending.pk).update(ended_on=today() + timedelta(days=5))

    merged(kept, gone)

    manager = TeamManager.objects.get()
    assert (manager, manager.person, manager.ended_on) == (staying, kept, None)


def test_a_network_registration_that_goes_on_is_not_ended_by_the_other(pair):
    kept, gone = pair
    team = TeamFactory()
    ours = PositionFactory(person=kept, team=team, started_on=day(0), network_joined_on=day(5))
    PositionFactory(
        person=gone,
        team=team,
        started_on=day(0),
        network_joined_on=day(1),
        network_left_on=day(3),
    )

    merged(kept, gone)

    ours.refresh_from_db()
    assert (ours.network_joined_on, ours.network_left_on) == (day(1), None)


@pytest.mark.parametrize("further_is_kept", [True, False])
def test_of_two_registrations_to_one_event_the_further_on_stays(pair, further_is_kept):
    kept, gone = pair
    event = EventFactory()
    statuses = [RegistrationStatus.REGISTERED, RegistrationStatus.CANCELLED]
    for person, status in zip(
        pair, statuses if further_is_kept else reversed(statuses), strict=True
    ):
        RegistrationFactory(event=event, person=person, status=status)

    merged(kept, gone)

    registration = event.registrations.get()
    assert (registration.person, registration.status) == (kept, RegistrationStatus.REGISTERED)


def test_the_seat_that_two_records_held_goes_to_who_waits(pair, django_capture_on_commit_callbacks):
    kept, gone = pair
    event = EventFactory(capacity=2, starts_on=today() + timedelta(days=9))
    for person in pair:
        RegistrationFactory(event=event, person=person)
    waiting = RegistrationFactory(event=event, status=RegistrationStatus.WAITLISTED)

    with django_capture_on_commit_callbacks(execute=True):
        merged(kept, gone)

    waiting.refresh_from_db()
    assert waiting.status == RegistrationStatus.REGISTERED


def test_a_presence_noted_twice_is_one_presence(pair):
    kept, gone = pair
    once = AttendanceFactory(person=kept)
    AttendanceFactory(person=gone, session=once.session)
    elsewhere = AttendanceFactory(person=gone)

    merged(kept, gone)

    assert set(kept.attendances.all()) == {once, elsewhere}


def test_of_two_enrolments_the_further_on_stays(pair):
    kept, gone = pair
    applied = EnrolmentFactory(person=kept, status=EnrolmentStatus.APPLIED)
    done = EnrolmentFactory(
        person=gone, cohort=applied.cohort, result="graduated", result_on=today()
    )

    merged(kept, gone)

    assert kept.enrolments.get() == done


def test_the_membership_that_money_hangs_on_stays(pair):
    kept, gone = pair
    MembershipFactory(person=kept, team=None)
    called = MembershipFactory(person=gone, team=None, called=True)
    PieceFactory(membership=called)

    merged(kept, gone)

    membership = Membership.objects.get(person=kept)
    assert (membership, membership.status) == (called, MembershipStatus.CALLED)


def test_two_memberships_of_a_year_with_money_forbid_the_merge(pair):
    for person in pair:
        PieceFactory(membership=MembershipFactory(person=person, team=None))

    with pytest.raises(merging.MergeRefused, match="les comptes ne se réunissent pas"):
        merged(*pair)


def test_a_second_request_for_erasure_is_answered_with_the_first(pair):
    for person in pair:
        DataRequestFactory(person=person, kind=DataRequestKind.ERASURE)

    merged(*pair)

    requests = DataRequest.objects.order_by("pk")
    assert [request.handled_on for request in requests] == [None, today()]
    assert f"n° {requests[0].pk}" in requests[1].answer


# -- what was agreed to ----------------------------------------------------------------------------
def test_of_two_choices_for_one_address_the_strictest_holds(pair):
    kept, gone = pair
    for person, visibility in zip(pair, (Visibility.PUBLIC, Visibility.GROUP), strict=True):
        PersonEmailFactory(person=person, address="a@exemple.test", visibility=visibility)
        ConsentFactory(person=person, value="a@exemple.test", visibility=visibility)

    merged(kept, gone)

    assert kept.emails.get().visibility == Visibility.GROUP
    assert Consent.objects.filter(person=kept).count() == 2
    assert Consent.objects.open().get().visibility == Visibility.GROUP


def test_what_one_record_took_back_is_not_shown_because_of_the_other(pair):
    kept, gone = pair
    number = ContactDetailFactory(person=gone, visibility=Visibility.PUBLIC)
    ConsentFactory(person=gone, field=number.kind, value=number.value)
    now = timezone.now()
    ConsentFactory(
        person=kept, field=number.kind, value=number.value, given_at=now, withdrawn_at=now
    )

    merged(kept, gone)

    number.refresh_from_db()
    assert (number.person, number.visibility) == (kept, Visibility.FEDERATION)
    assert not Consent.objects.open().exists()


def test_there_is_one_main_address_and_it_is_the_kept_records(pair):
    kept, gone = pair
    main = PersonEmailFactory(person=kept)
    other = PersonEmailFactory(person=gone)

    merged(kept, gone)

    assert set(kept.emails.all()) == {main, other}
    assert kept.emails.get(is_primary=True) == main


WIDTH = Visibility.values
VALUES = ("un@exemple.test", "deux@exemple.test", "trois@exemple.test")
SIDE = st.dictionaries(st.sampled_from(VALUES), st.sampled_from(WIDTH))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sides=st.tuples(SIDE, SIDE), again=st.tuples(SIDE, SIDE))
def test_nothing_is_lost_and_nothing_is_shown_more_widely(sides, again):
    """Whatever was chosen on each record, and chosen again: the strictest of the last choices."""
    people = PersonFactory(), PersonFactory()
    for person, chosen, then in zip(people, sides, again, strict=True):
        for rank, address in enumerate(chosen):
            PersonEmailFactory(person=person, address=address, is_primary=rank == 0)
        for wishes in (chosen, then):
            keys = {row.address: contacts.key_of(row) for row in person.emails.all()}
            choices = {keys[a]: wish for a, wish in wishes.items() if a in keys}
            contacts.choose(person=person, choices=choices, by=None, at=timezone.now())
    last = [{e.address: e.visibility for e in person.emails.all()} for person in people]
    proofs = Consent.objects.filter(person__in=people).count()

    merged(*people)

    shown = {row.address: row.visibility for row in people[0].emails.all()}
    assert shown == {
        address: min(
            (side[address] for side in last if address in side), key=lambda wish: WIDTH.index(wish)
        )
        for address in {*last[0], *last[1]}
    }
    assert people[0].consents.count() == proofs
    opened = {c.value: c.visibility for c in people[0].consents.open()}
    assert opened == {a: wish for a, wish in shown.items() if wish != Visibility.FEDERATION}
    assert people[0].emails.filter(is_primary=True).count() == bool(shown)


# -- what forbids it, and what is asked twice ------------------------------------------------------
def test_two_accounts_forbid_the_merge(pair):
    for person in pair:
        UserFactory(person=person)

    with pytest.raises(merging.MergeRefused, match="Une personne n’a qu’un compte"):
        merged(*pair)

    assert Person.objects.filter(pk__in=[p.pk for p in pair]).count() == 2
    assert User.objects.count() == 2


def test_asked_again_in_either_order_it_is_the_merge_already_made(pair):
    kept, gone = pair
    done = merged(kept, gone)

    assert merged(kept, gone) == done
    assert merged(gone, kept) == done
    assert PersonMerge.objects.count() == 1


def test_a_record_is_not_merged_with_itself():
    person = PersonFactory()

    with pytest.raises(merging.MergeRefused, match="deux fois la même fiche"):
        merged(person, person)


def test_what_was_not_shown_is_not_done(pair):
    kept, gone = pair
    shown = merging.plan(kept=kept, gone=gone).fingerprint
    AffiliationFactory(person=gone)

    with pytest.raises(merging.MergeRefused, match="relisez ce qui sera fait"):
        merged(kept, gone, shown=shown)

    assert Person.objects.filter(pk=gone.pk).exists()
    merged(kept, gone, shown=merging.plan(kept=kept, gone=gone).fingerprint)
    assert kept.affiliations.count() == 1


def test_the_values_chosen_are_taken_and_the_code_stays(pair):
    kept, gone = pair
    code = kept.code

    merged(kept, gone, taken=["first_name", "profession", "code", "id"])

    kept.refresh_from_db()
    assert (kept.first_name, kept.profession) == (gone.first_name, gone.profession)
    assert kept.last_name != gone.last_name
    assert kept.code == code


def test_an_empty_field_is_proposed_from_the_other_record():
    kept, gone = PersonFactory(profession=None), PersonFactory()

    choices = {choice.name: choice for choice in merging.plan(kept=kept, gone=gone).choices}

    assert choices["profession"].takes_gone
    assert not choices["first_name"].takes_gone


# -- the journal -----------------------------------------------------------------------------------
def test_the_journal_says_who_when_which_two_and_what_moved(pair):
    kept, gone = pair
    by = roles.staff()
    AffiliationFactory(person=gone)
    once = AttendanceFactory(person=kept)
    AttendanceFactory(person=gone, session=once.session)

    done = merged(kept, gone, by=by)

    assert (done.kept, done.gone_id, done.gone_code) == (kept, gone.pk, gone.code)
    assert (done.gone_name, done.done_by) == (str(gone), by)
    moved = {part["label"]: (part["moved"], part["joined"]) for part in done.moved}
    assert moved == {"exercices en équipe": (1, 0), "présences": (0, 1)}


def test_who_was_said_to_be_another_stays_another(pair):
    kept, gone = pair
    stranger = PersonFactory()
    NotDuplicateFactory(first=gone, second=stranger)

    merged(kept, gone)

    assert [(p.first, p.second) for p in NotDuplicate.objects.all()] == [(kept, stranger)]


def test_said_to_be_two_people_twice_is_said_once(pair):
    for people in (pair, pair[::-1]):
        merging.set_apart(people=(people[0].pk, people[1].pk), by=UserFactory(), at=timezone.now())

    assert NotDuplicate.objects.get().first == pair[0]


def test_the_history_of_the_record_that_went_remains(pair):
    kept, gone = pair
    Person.objects.filter(pk=gone.pk).update(first_name="Autre")

    merged(kept, gone)

    kept_versions = Person.pgh_event_model.objects.filter(pgh_obj_id=gone.pk)
    assert [v.pgh_label for v in kept_versions.order_by("pgh_id")] == ["changed", "deleted"]
    assert PersonEmail.objects.count() == ContactDetail.objects.count() == 0
