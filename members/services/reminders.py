"""The letters of the campaign: whom each step concerns, written once for each file.

Never two letters to a file on the same day, whoever asks.
The ledger (``Reminder``) is written with its messages, in one transaction for a few files: killed
midway, the rest leaves the next day; two workers at once never write to the same file, whose row they
lock first.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from members import mails
from members.enums import FeeCategory, MembershipStatus, Stage, StepKind
from members.models import (
    CampaignStep,
    Membership,
    PersonEmail,
    Position,
    Reminder,
    Scan,
    Team,
    User,
)
from members.models.memberships import MembershipQuerySet

logger = logging.getLogger(__name__)

CHUNK = 100  # files written in one transaction
LATE_BY = timedelta(days=7)  # a letter that could not leave on its day still does
THE_SAME_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Planned:
    """A letter to come, and how many files it concerns as things stand."""

    step: CampaignStep
    files: int


def due_steps(day: date) -> list[CampaignStep]:
    """An invitation stays due: who joins later is invited too."""
    steps = CampaignStep.objects.filter(
        campaign__opened_at__isnull=False, campaign__closes_on__gte=day, day__lte=day
    )
    recent = Q(kind=StepKind.INVITATION) | Q(day__gt=day - LATE_BY)
    rows = steps.filter(recent).select_related("campaign__form")
    return list(rows.order_by("day", "kind", "pk"))


def concerned(step: CampaignStep, day: date) -> MembershipQuerySet:
    """Files that the step is for on that day, those already written to included."""
    files = step.campaign.memberships()
    files = files.filter(Q(promised_on__isnull=True) | Q(promised_on__lt=day))
    expected = files.filter(status=MembershipStatus.EXPECTED)
    forms = Scan.objects.filter(team=OuterRef("team"), form=step.campaign.form_id)
    sent = forms.filter(submitted_on__isnull=False)
    if step.kind == StepKind.INVITATION:
        return expected
    if step.kind == StepKind.FORM:
        return _with_a_form(expected, step, day).exclude(Exists(forms))
    if step.kind == StepKind.DRAFT:
        return expected.filter(Exists(forms)).exclude(Exists(sent))
    return files.filter(status=MembershipStatus.CALLED)


def _with_a_form(files: MembershipQuerySet, step: CampaignStep, day: date) -> MembershipQuerySet:
    """An isolated professional fills none, nor a team in project whose fee counts nobody."""
    files = files.filter(team__isnull=False)
    scales = step.campaign.scales.filter(category=FeeCategory.IN_PROJECT, counted__isnull=False)
    if scales.exists():
        return files
    return files.exclude(team__in=Team.objects.at_stage(Stage.IN_PROJECT, day))


def waiting(step: CampaignStep, day: date) -> MembershipQuerySet:
    """Those of them whom nobody has written to yet for this step, nor for another that day."""
    written = Reminder.objects.filter(Q(step=step) | Q(day=day), membership=OuterRef("pk"))
    return concerned(step, day).exclude(Exists(written))


def planned(day: date) -> list[Planned]:
    """« Qui recevra quoi » on that day; today for tomorrow, it may still change."""
    counted = [Planned(step, waiting(step, day).count()) for step in due_steps(day)]
    return [row for row in counted if row.files]


# -- writing ---------------------------------------------------------------------------------------
def write(*, on: date, at: datetime) -> int:
    """All that is due; answers how many files were written to."""
    return sum(_write_step(step, on, at) for step in due_steps(on))


def _write_step(step: CampaignStep, on: date, at: datetime) -> int:
    written, last = 0, 0
    while True:
        with transaction.atomic():
            locked = _lock_next(step, on, after=last)
            written += _write_to(step, _still_waiting(step, on, locked), on, at)
        if not locked:
            break
        last = locked[-1]
    if written:
        logger.info("step %s: %d files written to", step.pk, written)
    return written


def _lock_next(step: CampaignStep, on: date, *, after: int) -> list[int]:
    """Rows that another worker holds are its own to write."""
    rows = waiting(step, on).filter(pk__gt=after).order_by("pk")
    locked = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return list(locked.values_list("pk", flat=True)[:CHUNK])


def _still_waiting(step: CampaignStep, on: date, locked: Sequence[int]) -> list[Membership]:
    """Asked again once they are locked: another worker may have written just before."""
    rows = waiting(step, on).filter(pk__in=locked).select_related("team", "person")
    return list(rows.order_by("pk"))


def _write_to(step: CampaignStep, files: list[Membership], on: date, at: datetime) -> int:
    addresses = _addresses(files, on)
    reminders = []
    for file in files:
        emails = addresses.get(file.pk, [])
        if emails:  # nobody to write to: shown to the staff as such, and tried again
            reminders.append(
                Reminder(step=step, membership=file, day=on, written_at=at, recipients=len(emails))
            )
        for email in emails:
            key = f"{step.pk}:{file.pk}"
            mails.campaign_letter(step=step, membership=file, email=email, key=key, at=at)
    Reminder.objects.bulk_create(reminders)
    return len(reminders)


def _addresses(files: list[Membership], on: date) -> dict[int, list[PersonEmail]]:
    """Who answers for each: coordination, leaders and managers of the team, or the person."""
    posts = Position.objects.speaking().on(on).filter(team__in=[file.team_id for file in files])
    holders: dict[int, set[int]] = {}
    for team, person in posts.values_list("team", "person"):
        holders.setdefault(team, set()).add(person)
    people = {file.pk: _people(file, holders) for file in files}
    known = PersonEmail.objects.filter(is_primary=True, person__in=set().union(*people.values()))
    emails = {email.person_id: email for email in known.select_related("person")}
    return {
        pk: [emails[person] for person in sorted(ids) if person in emails]
        for pk, ids in people.items()
    }


def _people(file: Membership, holders: dict[int, set[int]]) -> set[int]:
    if file.person_id:
        return {file.person_id}
    return holders.get(file.team_id or 0, set())


# -- by hand ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Suggestion:
    """The letter that suits where a file stands, and who would receive it."""

    step: CampaignStep
    membership: Membership
    emails: list[PersonEmail]


def suggestions(
    files: MembershipQuerySet, on: date, *, rest: timedelta = THE_SAME_DAY
) -> list[Suggestion]:
    """For each file to which something may be written now: none lately (``rest``), an address."""
    lately = Reminder.objects.since(on - rest + timedelta(days=1)).values("membership")
    pairs = list(_fitting_steps(files.exclude(pk__in=lately), on))
    addresses = _addresses([file for _, file in pairs], on) if pairs else {}
    return [
        Suggestion(step, file, addresses[file.pk]) for step, file in pairs if addresses[file.pk]
    ]


def _fitting_steps(
    files: MembershipQuerySet, on: date
) -> Iterator[tuple[CampaignStep, Membership]]:
    """For each file, the last letter of the campaign that suits where it stands."""
    steps = CampaignStep.objects.filter(campaign__opened_at__isnull=False)
    known = list(steps.select_related("campaign__form").order_by("-day", "-pk"))
    rows = files.select_related("team", "person").order_by("pk")
    left = {file.pk: file for file in rows}
    years = {file.year for file in left.values()}
    for kind in (StepKind.PAYMENT, StepKind.DRAFT, StepKind.FORM, StepKind.INVITATION):
        for step in known:
            if step.kind != kind or step.campaign.year not in years:
                continue
            suited = concerned(step, on).filter(pk__in=list(left)).order_by("pk")
            for pk in suited.values_list("pk", flat=True):
                yield step, left.pop(pk)


@transaction.atomic
def remind(
    *,
    files: MembershipQuerySet,
    by: User | None,
    on: date,
    at: datetime,
    rest: timedelta = THE_SAME_DAY,
) -> int:
    """Write now to those whom a letter suits; answers how many files. The files are locked first:
    of two who remind at once, the second finds them written to."""
    rows = Membership.objects.filter(pk__in=files.values("pk")).order_by("pk")
    locked = list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    found = suggestions(Membership.objects.filter(pk__in=locked), on, rest=rest)
    for letter in found:
        step, file = letter.step, letter.membership
        for email in letter.emails:
            key = f"{step.pk}:{file.pk}:{on:%Y-%m-%d}"
            mails.campaign_letter(step=step, membership=file, email=email, key=key, at=at)
    Reminder.objects.bulk_create([_by_hand(letter, by, on, at) for letter in found])
    logger.info("%d files reminded by account %s", len(found), by.pk if by else "portal")
    return len(found)


def _by_hand(letter: Suggestion, by: User | None, on: date, at: datetime) -> Reminder:
    return Reminder(
        step=letter.step,
        membership=letter.membership,
        day=on,
        written_at=at,
        recipients=len(letter.emails),
        by_hand=True,
        written_by=by,
    )
