"""A campaign of this year, small enough to count by hand."""

from datetime import timedelta

from django.utils import timezone

from apmsl.lib.dates import today
from members.enums import FeeCategory, MembershipStatus, QuestionKind
from members.models import Campaign, FeeScale, FeeStep, FormQuestion, Membership, ScanForm
from tests.members.factories import MembershipFactory, QuestionFactory, TeamFactory


def make_campaign(*, opened=True, year=None):
    form = ScanForm.objects.get_or_create(year=year or today().year)[0]
    signatories = QuestionFactory(key="signatories", label="Signataires")
    patients = QuestionFactory(key="patients", label="File active")
    trainees = QuestionFactory(key="trainees", kind=QuestionKind.YES_NO, label="Stagiaires")
    note = QuestionFactory(key="note", kind=QuestionKind.TEXT, label="Un mot")
    heads = QuestionFactory(key="headcount", kind=QuestionKind.PROFESSION_COUNT, label="Effectifs")
    rules = {signatories: {"is_required": True, "big_variation": 20}, patients: {"maximum": 50_000}}
    for rank, question in enumerate((signatories, patients, trainees, note, heads), 1):
        FormQuestion.objects.create(
            form=form, question=question, rank=rank, **rules.get(question, {})
        )
    campaign = Campaign.objects.create(
        form=form,
        opens_on=today() - timedelta(days=20),
        closes_on=today() + timedelta(days=60),
        due_on=today() + timedelta(days=40),
        opened_at=timezone.now() if opened else None,
    )
    constituted = FeeScale.objects.create(
        campaign=campaign,
        category=FeeCategory.CONSTITUTED,
        flat_cents=10_000,
        counted=signatories,
        cap_cents=50_000,
    )
    FeeStep.objects.create(scale=constituted, from_head=1, cents_per_head=1_000)
    for category in (FeeCategory.IN_PROJECT, FeeCategory.ISOLATED):
        FeeScale.objects.create(campaign=campaign, category=category, flat_cents=5_000)
    return campaign


def expected(team=None, **facts):
    """A file of this year, to complete."""
    return MembershipFactory(
        team=team or TeamFactory(),
        status=MembershipStatus.EXPECTED,
        paid_on=None,
        amount_cents=0,
        **facts,
    )


def file_of(team):
    return Membership.objects.get(team=team, year=today().year)
