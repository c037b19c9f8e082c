"""Two of the staff merge the same two records, or each into the other, at the same moment."""

from functools import partial

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from apmsl.lib.dates import today
from members.models import Person, PersonMerge
from members.services import merging
from tests.events.factories import AttendanceFactory, EventFactory, RegistrationFactory
from tests.members.factories import AffiliationFactory, PersonEmailFactory, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)


def merge(kept, gone):
    return merging.merge(
        kept=kept.pk, gone=gone.pk, taken=(), by=None, on=today(), at=timezone.now()
    )


def pair_with_rows():
    people = PersonFactory(), PersonFactory()
    event = EventFactory(capacity=1)
    for person in people:
        AffiliationFactory(person=person)
        AttendanceFactory(person=person)
        PersonEmailFactory(person=person)
        RegistrationFactory(person=person, event=event)
    return people


def whole(people) -> bool:
    left = Person.objects.get(pk__in=[person.pk for person in people])
    counts = (left.affiliations, left.attendances, left.emails, left.registrations)
    return [rows.count() for rows in counts] == [2, 2, 2, 1]


def test_the_same_two_merged_by_several_at_once_are_merged_once(crowd):
    people = pair_with_rows()

    done = crowd([partial(merge, *people)] * 4)

    assert {merge.pk for merge in done} == {PersonMerge.objects.get().pk}
    assert whole(people)


def test_each_merged_into_the_other_at_once_leaves_one_with_everything(crowd):
    for _ in range(3):  # whichever comes first
        people = pair_with_rows()

        done = crowd([partial(merge, *people), partial(merge, *people[::-1])] * 2)

        assert len({merge.pk for merge in done}) == 1
        assert whole(people)


def test_a_chain_merged_at_once_ends_with_one(crowd):
    one, two = pair_with_rows()
    three = PersonFactory()

    def chained(kept, gone):
        try:
            return merge(kept, gone)
        except merging.MergeRefused:
            return None  # the middle one had gone already

    crowd([partial(chained, one, two), partial(chained, two, three), partial(chained, three, one)])

    assert Person.objects.filter(pk__in=[one.pk, two.pk, three.pk]).count() in {1, 2}
    assert not Person.objects.filter(pk=two.pk).exists() or PersonMerge.objects.exists()


def test_a_merge_waits_for_who_holds_one_of_the_two(crowd):
    people = pair_with_rows()

    def hurried():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        with pytest.raises(OperationalError):
            merge(*people)

    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=people[1].pk)
        crowd([hurried])

    assert not PersonMerge.objects.exists()
