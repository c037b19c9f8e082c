"""Where a file of the year stands: its steps in order, and the one that awaits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Case,
    CharField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from members.enums import FeeCategory, MembershipStatus, Situation
from members.models import Campaign, Membership, Payment, Scan
from members.services.campaigns import category_of, needs_form, scale_of

NOT_STARTED = {Situation.TO_START, Situation.DECLINED, Situation.CANCELLED}
CALLED = {Situation.CALLED, Situation.LATE, Situation.PARTLY_PAID, Situation.PAID}
ASKED = {MembershipStatus.CALLED, MembershipStatus.PAID}


@dataclass(frozen=True)
class Step:
    key: str  # the name of its page
    label: str
    is_done: bool = False
    is_open: bool = True


def steps_of(membership: Membership, campaign: Campaign, on: date) -> list[Step]:
    checking = "Vérifier l’équipe" if membership.team_id else "Vérifier mes données"
    asked = membership.status in ASKED
    paid = membership.status == MembershipStatus.PAID
    return [
        Step("renewal_team", checking, membership.checked_on is not None),
        *_form_step(membership, campaign, on),
        Step("renewal_fee", "Cotisation", asked),
        Step("renewal_payment", "Paiement", paid, is_open=asked),
        Step("renewal_receipt", "Reçu", paid, is_open=paid),
    ]


def _form_step(membership: Membership, campaign: Campaign, on: date) -> list[Step]:
    """None for an isolated professional, nor for a team in project that began none and pays without."""
    scans = Scan.objects.filter(team=membership.team_id, form=campaign.form_id)
    days = list(scans.values_list("submitted_on", flat=True)) if membership.team_id else []
    category = category_of(membership, on)
    scale = scale_of(campaign, category) if category == FeeCategory.IN_PROJECT else None
    if days or needs_form(category, scale):
        return [Step("renewal_form", "Formulaire", any(days))]
    return []


def next_of(steps: Iterable[Step]) -> Step:
    """The first that is not done; at the end, the last."""
    steps = list(steps)
    return next((step for step in steps if not step.is_done), steps[-1])


@dataclass
class Tally:
    """How far files have come, one after the other."""

    files: int = 0
    started: int = 0
    sent: int = 0
    called: int = 0
    paid: int = 0

    def count(self, situation: str, *, has_sent: bool) -> None:
        self.files += 1
        self.started += situation not in NOT_STARTED
        self.sent += has_sent
        self.called += situation in CALLED
        self.paid += situation == Situation.PAID


# -- all files at once -----------------------------------------------------------------------------
def with_situation(memberships: QuerySet[Membership], on: date) -> QuerySet[Membership]:
    """``situation`` (see the enum), ``received_cents``, ``has_sent`` (its form), as of ``on``."""
    scans = Scan.objects.filter(team=OuterRef("team"), form__year=OuterRef("year"))
    received = (
        Payment.objects.filter(membership=OuterRef("pk"))
        .order_by()
        .values("membership")
        .annotate(total=Sum("amount_cents"))
        .values("total")
    )
    sent = scans.filter(submitted_on__isnull=False)
    return memberships.annotate(
        has_sent=Exists(sent),
        received_cents=Coalesce(Subquery(received), 0),
        situation=Case(
            When(status=MembershipStatus.PAID, then=Value(Situation.PAID)),
            When(status=MembershipStatus.DECLINED, then=Value(Situation.DECLINED)),
            When(status=MembershipStatus.CANCELLED, then=Value(Situation.CANCELLED)),
            When(
                status=MembershipStatus.CALLED,
                received_cents__gt=0,
                then=Value(Situation.PARTLY_PAID),
            ),
            When(Q(promised_on__gte=on), then=Value(Situation.PROMISED)),
            When(status=MembershipStatus.CALLED, due_on__lt=on, then=Value(Situation.LATE)),
            When(status=MembershipStatus.CALLED, then=Value(Situation.CALLED)),
            When(Exists(sent), then=Value(Situation.SENT)),
            When(Exists(scans), then=Value(Situation.DRAFT)),
            default=Value(Situation.TO_START),
            output_field=CharField(),
        ),
    )
