"""The campaign of the year after the demonstration's, open since the 1st of December: the records'
own memberships of that year are in its future, and become files that are in all their states.

Run again it changes nothing.
"""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from members.enums import FeeCategory, MembershipStatus, PaymentMethod, StepKind
from members.models import (
    Campaign,
    CampaignStep,
    FeeScale,
    FeeStep,
    Membership,
    Payment,
    Position,
    Question,
    Scan,
    ScanAnswer,
    ScanHeadcount,
    User,
)
from members.services import campaigns, pieces, renewals
from network.models import GroupReferent, LocalGroup, LocalGroupTeam

DAY = date(2023, 12, 12)
YEAR = 2024
SCALES = {  # category: flat part, cap, whether people are counted
    FeeCategory.CONSTITUTED: (15_000, 60_000, True),
    FeeCategory.IN_PROJECT: (5_000, None, False),
    FeeCategory.ISOLATED: (3_000, None, False),
}
STEPS = ((1, 1_000), (11, 800), (31, 500))
LETTERS = (
    (
        StepKind.INVITATION,
        date(2023, 12, 1),
        "Adhésion 2024 : c’est le moment de renouveler",
        (
            "La campagne d’adhésion 2024 est ouverte. Vérifiez votre équipe, complétez le formulaire de "
            "l’année et demandez votre appel à cotisation : comptez vingt minutes."
        ),
    ),
    (
        StepKind.FORM,
        date(2024, 1, 15),
        "Votre formulaire 2024 vous attend",
        (
            "Vous n’avez pas encore commencé le formulaire de l’année. Les réponses de l’an dernier sont "
            "à côté de chaque question."
        ),
    ),
    (
        StepKind.DRAFT,
        date(2024, 1, 29),
        "Votre brouillon n’est pas encore transmis",
        "Le formulaire de votre équipe est commencé. Il reste à le transmettre.",
    ),
    (
        StepKind.PAYMENT,
        date(2024, 4, 2),
        "Votre cotisation 2024",
        "Nous n’avons pas encore reçu votre cotisation. Si le paiement est en route, ne faites rien.",
    ),
)
RULES: dict[str, dict[str, Any]] = {
    "signatories": {
        "is_required": True,
        "big_variation": 30,
        "help_text": "Les professionnels qui ont signé le projet de santé.",
    },
    "patients": {
        "maximum": 60_000,
        "big_variation": 30,
        "help_text": "Le nombre de patients différents vus dans l’année, arrondi.",
    },
    "headcount": {"help_text": "Qui exerce dans l’équipe au 31 décembre."},
}


PARTS = (
    ("L’équipe", "Qui exerce, et qui a signé le projet de santé.", ("headcount", "signatories")),
    ("Les patients", "Un ordre de grandeur suffit, jamais de donnée de patient.", ("patients",)),
    (
        "Ce que fait l’équipe",
        "Dans l’année qui s’achève.",
        (
            "hosts_trainees",
            "prevention",
            "therapeutic_education",
            "protocols",
            "involves_users",
            "cpts_member",
        ),
    ),
)


class Command(BaseCommand):
    help = "Ouvre la campagne d’adhésion 2024 sur les données de démonstration."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Campaign.objects.filter(form__year=YEAR).exists():
            return
        campaign = _write_campaign()
        _forget_the_future()
        campaigns.open_campaign(campaign=campaign, by=None, on=DAY, at=timezone.now())
        _move_files(campaign)
        _name_referents()


def _write_campaign() -> Campaign:
    campaign = campaigns.prepare(year=YEAR)
    campaign.welcome = "Vérifiez d’abord ce que nous savons de votre équipe."
    campaign.payment_text = "L’IBAN de la fédération est sur l’appel à cotisation."
    campaign.save()
    for key, rules in RULES.items():
        campaign.form.form_questions.filter(question__key=key).update(**rules)
    for rank, (title, help_text, keys) in enumerate(PARTS, 1):
        part = campaign.form.sections.create(rank=rank, title=title, help_text=help_text)
        campaign.form.form_questions.filter(question__key__in=keys).update(section=part)
    counted = Question.objects.get(key="signatories")
    for category, (flat, cap, counts) in SCALES.items():
        scale = FeeScale.objects.create(
            campaign=campaign,
            category=category,
            flat_cents=flat,
            cap_cents=cap,
            counted=counted if counts else None,
        )
        for start, cents in STEPS if counts else ():
            FeeStep.objects.create(scale=scale, from_head=start, cents_per_head=cents)
    for kind, day, subject, body in LETTERS:
        CampaignStep.objects.create(
            campaign=campaign, kind=kind, day=day, subject=subject, body=body
        )
    return campaign


def _forget_the_future() -> None:
    Membership.objects.filter(year=YEAR, paid_on__gt=DAY).delete()


def _name_referents() -> None:
    """In each local group, one of its coordinators; the demonstration's own where she is."""
    ours = list(User.objects.filter(person__isnull=False).values_list("person", flat=True))
    for group in LocalGroup.objects.open_on(DAY).order_by("pk"):
        teams = LocalGroupTeam.objects.on(DAY).filter(group=group).values("team")
        posts = Position.objects.coordinators().on(DAY).filter(team__in=teams)
        rows = list(posts.order_by("team__code", "pk"))
        rows.sort(key=lambda post: post.person_id not in ours)
        for post in rows[:1]:
            GroupReferent.objects.create(
                group=group, person_id=post.person_id, started_on=date(2023, 1, 1)
            )


# -- files in their states -------------------------------------------------------------------------
def _move_files(campaign: Campaign) -> None:
    """Every sixth or so has begun; the teams of the demonstration's accounts are left to start."""
    ours = User.objects.filter(person__isnull=False).values("person")
    files = campaign.memberships().filter(team__isnull=False)
    files = files.exclude(team__positions__person__in=ours)
    files = files.exclude(team__affiliations__person__in=ours).distinct()
    rows = list(files.select_related("team").order_by("team__code"))
    for index, file in enumerate(rows[:48]):
        before = Scan.objects.last_of_year(YEAR - 1, DAY).filter(team=file.team).first()
        if before is not None:
            _move(file, campaign, before, index)


def _move(file: Membership, campaign: Campaign, before: Scan, index: int) -> None:
    kind = index % 8
    if kind == 7:
        return
    if kind == 6:
        file.status, file.declined_on = MembershipStatus.DECLINED, DAY
        file.declined_reason = "Nous rejoignons une autre fédération."
        file.save()
        return
    _answer(file, campaign, before, is_sent=kind > 1)
    if kind > 3:
        _call(file, campaign, is_paid=kind == 5)


def _answer(file: Membership, campaign: Campaign, before: Scan, *, is_sent: bool) -> None:
    scan = Scan.objects.create(
        team=before.team, form=campaign.form, submitted_on=date(2023, 12, 5) if is_sent else None
    )
    answers = list(before.answers.order_by("question__key"))
    for answer in answers if is_sent else answers[:4]:
        ScanAnswer.objects.create(
            scan=scan,
            question_id=answer.question_id,
            yes=answer.yes,
            number=answer.number,
            text=answer.text,
        )
    for row in before.headcounts.order_by("profession__code") if is_sent else ():
        ScanHeadcount.objects.create(
            scan=scan,
            question_id=row.question_id,
            profession_id=row.profession_id,
            headcount=row.headcount,
        )


def _call(file: Membership, campaign: Campaign, *, is_paid: bool) -> None:
    lines = renewals.fee_of(file, campaign, DAY).lines
    on = date(2023, 12, 6)
    pieces.issue_call(debt=file, lines=lines, by=None, at=timezone.now(), on=on)
    if not is_paid:
        return
    file.refresh_from_db()
    payment = Payment.objects.create(
        membership=file,
        method=PaymentMethod.TRANSFER,
        amount_cents=file.amount_cents,
        received_on=date(2023, 12, 8),
    )
    file.status, file.paid_on = MembershipStatus.PAID, payment.received_on
    file.save()
    pieces.issue_receipt(payment=payment, by=None, on=payment.received_on)
