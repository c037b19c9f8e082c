"""The campaign of a year: prepared from the last one, opened once, then file by file until the call.

Lock order: the campaign, or the membership alone; never both.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from members.enums import FeeCategory, MembershipStatus, Stage
from members.models import (
    Campaign,
    CampaignStep,
    FeeScale,
    FeeStep,
    FormQuestion,
    FormSection,
    Membership,
    Person,
    ScanForm,
    Team,
    User,
)
from members.models.people import PersonQuerySet
from members.models.teams import TeamQuerySet
from members.services.fees import Scale

logger = logging.getLogger(__name__)


class CampaignRefused(Exception):
    """The message is shown to whoever prepares or opens the campaign."""


# -- preparing -------------------------------------------------------------------------------------
@transaction.atomic
def prepare(*, year: int) -> Campaign:
    """The campaign of ``year`` as a copy of the last one: questions, scales, letters, dates a year
    later. Asked again: the one that exists."""
    last = Campaign.objects.filter(form__year__lt=year).order_by("-form__year").first()
    form, _ = ScanForm.objects.get_or_create(year=year)
    existing = Campaign.objects.filter(form=form).first()
    if existing:
        return existing
    _copy_questions(form)
    if last is None:
        return Campaign.objects.create(form=form, **_first_dates(year))
    years = year - last.year
    campaign = Campaign.objects.create(
        form=form,
        opens_on=_later(last.opens_on, years),
        closes_on=_later(last.closes_on, years),
        due_on=_later(last.due_on, years),
        welcome=last.welcome,
        payment_text=last.payment_text,
    )
    _copy_scales(last, campaign)
    _copy_letters(last, campaign, years)
    return campaign


def _first_dates(year: int) -> dict[str, date]:
    return {
        "opens_on": date(year - 1, 12, 1),
        "closes_on": date(year, 6, 30),
        "due_on": date(year, 3, 31),
    }


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, day=28)


def _copy_questions(form: ScanForm) -> None:
    last = ScanForm.objects.filter(year__lt=form.year).order_by("-year").first()
    if last is None or form.form_questions.exists():
        return
    parts: dict[int | None, FormSection | None] = {None: None}
    for part in last.sections.order_by("rank", "pk"):
        former, part.pk, part.form = part.pk, None, form
        part.save(force_insert=True)
        parts[former] = part
    copies = list(last.form_questions.order_by("rank", "pk"))
    for copy in copies:
        copy.pk, copy.form, copy.section = None, form, parts[copy.section_id]
    FormQuestion.objects.bulk_create(copies)


def _copy_scales(last: Campaign, campaign: Campaign) -> None:
    for scale in last.scales.order_by("pk"):
        steps = list(scale.steps.order_by("from_head"))
        scale.pk, scale.campaign = None, campaign
        scale.save(force_insert=True)
        for step in steps:
            step.pk, step.scale = None, scale
        FeeStep.objects.bulk_create(steps)


def _copy_letters(last: Campaign, campaign: Campaign, years: int) -> None:
    letters = list(last.steps.order_by("day", "pk"))
    for letter in letters:
        letter.pk, letter.campaign, letter.day = None, campaign, _later(letter.day, years)
    CampaignStep.objects.bulk_create(letters)


# -- opening ---------------------------------------------------------------------------------------
def teams_to_renew(campaign: Campaign, on: date) -> TeamQuerySet:
    """Members of the year before, still open, without a file for this one. The staff adds others."""
    known = Membership.objects.filter(year=campaign.year, team=OuterRef("pk"))
    return Team.objects.members_of(campaign.year - 1, on).exclude(Exists(known))


def people_to_renew(campaign: Campaign) -> PersonQuerySet:
    before = Membership.objects.paid().filter(year=campaign.year - 1, person=OuterRef("pk"))
    known = Membership.objects.filter(year=campaign.year, person=OuterRef("pk"))
    return Person.objects.filter(Exists(before)).exclude(Exists(known))


@transaction.atomic
def open_campaign(*, campaign: Campaign, by: User | None, on: date, at: datetime) -> int:
    """A file to complete for each member to renew; answers how many files were opened.

    Asked again, or by two at once: the files are there once, and only newcomers get one.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    _refuse_holes(campaign)
    rows = list(_files(campaign, on))
    Membership.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    if campaign.opened_at is None:
        campaign.opened_at = at
        campaign.save(update_fields=["opened_at"])
    logger.info(
        "campaign %s: %d files opened by %s", campaign.year, len(rows), by.pk if by else "command"
    )
    return len(rows)


def _files(campaign: Campaign, on: date) -> Iterator[Membership]:
    expected = {"year": campaign.year, "status": MembershipStatus.EXPECTED}
    for team in teams_to_renew(campaign, on).by_name():
        yield Membership(team=team, **expected)
    for person in people_to_renew(campaign).by_name():
        yield Membership(person=person, **expected)


def _refuse_holes(campaign: Campaign) -> None:
    scales = {scale.category: scale for scale in campaign.scales.prefetch_related("steps")}
    for category in FeeCategory:
        if category not in scales:
            raise CampaignRefused(f"Il manque un barème : « {category.label} ».")
        if hole := Scale.of(scales[category]).hole:
            raise CampaignRefused(f"Barème « {category.label} » : {hole}")
    asked = set(campaign.form.form_questions.values_list("question", flat=True))
    for scale in scales.values():
        if scale.counted_id and scale.counted_id not in asked:
            raise CampaignRefused(
                f"Barème « {scale} » : la question qui compte les personnes n’est pas dans le "
                f"formulaire {campaign.year}."
            )


@transaction.atomic
def add_teams(*, campaign: Campaign, teams: QuerySet[Team]) -> int:
    """Teams in project, or that come back: a file to complete for each that has none."""
    known = campaign.memberships().values("team")
    rows = [
        Membership(team=team, year=campaign.year, status=MembershipStatus.EXPECTED)
        for team in teams.exclude(pk__in=known.filter(team__isnull=False)).order_by("pk")
    ]
    Membership.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


# -- the fee of a file -----------------------------------------------------------------------------
def category_of(membership: Membership, on: date) -> FeeCategory:
    if membership.team is None:
        return FeeCategory.ISOLATED
    in_project = membership.team.stage_on(on) == Stage.IN_PROJECT
    return FeeCategory.IN_PROJECT if in_project else FeeCategory.CONSTITUTED


def needs_form(category: FeeCategory, scale: FeeScale | None) -> bool:
    """A team in project does without, unless its fee counts people."""
    if category == FeeCategory.ISOLATED:
        return False
    counts = scale is not None and scale.counted_id is not None
    return category == FeeCategory.CONSTITUTED or counts


def scale_of(campaign: Campaign, category: FeeCategory) -> FeeScale | None:
    scales = campaign.scales.select_related("counted").prefetch_related("steps")
    return scales.filter(category=category).first()
