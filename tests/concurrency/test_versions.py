"""Reports laid before the board, and read, while others write."""

from functools import partial

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from apmsl.lib.dates import today
from members.models import Team
from reports import services
from reports.builders import documents
from reports.builders.reading.moment import one_moment
from reports.models import ReportVersion
from reports.services import VersionRefused
from tests.members.factories import TeamFactory
from tests.reports.factories import ReportVersionFactory
from tests.roles import staff

pytestmark = pytest.mark.django_db(transaction=True)


def lay(user):
    try:
        return services.lay_before_board(
            year=today().year, by=user, on=today(), at=timezone.now()
        ).number
    except VersionRefused as refusal:
        return str(refusal)


def test_two_who_lay_the_report_at_once_lay_one(crowd):
    TeamFactory(member=True)
    people = [staff(), staff(), staff()]

    answers = crowd([partial(lay, user) for user in people])

    assert ReportVersion.objects.count() == 1
    assert answers.count(1) == 1
    assert sum("déjà en lecture" in str(answer) for answer in answers) == 2


def test_whether_its_file_is_for_good_waits_for_a_vote_that_is_being_noted(crowd):
    """Stored in between, the file would be neither seen by the vote nor kept by its worker."""
    version = ReportVersionFactory()
    draft = documents.version_draft({"version": version.pk, "printer": True})

    def hurried():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        with pytest.raises(OperationalError), transaction.atomic():
            draft.is_kept()

    with transaction.atomic():
        services.withdraw(version=version, on=today())  # as a vote does: one statement on the row
        crowd([hurried])


def test_what_is_read_for_a_document_is_of_one_moment(crowd):
    TeamFactory.create_batch(2)

    with one_moment():
        before = Team.objects.count()
        crowd([Team.objects.all().delete])
        during = Team.objects.count()

    assert (before, during, Team.objects.count()) == (2, 2, 0)
