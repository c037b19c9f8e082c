"""A member's file of the year, from « à compléter » to the call for payment.

Lock order: the membership; then what issues the call takes (see ``pieces``).
"""

import logging
from datetime import date, datetime

from django.db import transaction

from apmsl.lib.typography import day as in_words
from apmsl.lib.typography import money
from members import mails
from members.access import speaks_for
from members.enums import MembershipStatus
from members.models import Campaign, FeeScale, Membership, Piece, User
from members.services import pieces
from members.services.campaigns import category_of, needs_form, scale_of
from members.services.drafts import heads_of, last_sent
from members.services.fees import Fee, Scale
from members.services.fees import fee as worked_out

logger = logging.getLogger(__name__)


MOST_CENTS = 10_000_000  # beyond, a number of the form was mistyped


class RenewalRefused(Exception):
    """The message is shown to the team."""


@transaction.atomic
def check_team(*, membership: Membership, by: User, on: date) -> None:
    """« C’est à jour »: what the federation knows of the member was read and holds."""
    membership = Membership.objects.lock(membership.pk)
    membership.checked_on, membership.checked_by = on, by
    membership.save(update_fields=["checked_on", "checked_by"])


# -- the fee ---------------------------------------------------------------------------------------
def fee_of(membership: Membership, campaign: Campaign, on: date) -> Fee:
    """Line by line. Refused as long as something is missing to work it out."""
    category = category_of(membership, on)
    scale = scale_of(campaign, category)
    if scale is None or Scale.of(scale).hole:
        raise RenewalRefused(
            "Le barème de cette année n’est pas complet : écrivez à la fédération."
        )
    if needs_form(category, scale) and not _has_sent(membership, campaign):
        raise RenewalRefused("Transmettez d’abord le formulaire de l’année.")
    fee = worked_out(Scale.of(scale), _heads(membership, scale))
    if fee.total_cents > MOST_CENTS:
        raise RenewalRefused(
            f"La cotisation dépasserait {money(MOST_CENTS)} : corrigez la réponse à "
            f"« {scale.counted or scale} », puis transmettez le formulaire à nouveau."
        )
    return fee


def _has_sent(membership: Membership, campaign: Campaign) -> bool:
    return bool(membership.team and last_sent(membership.team, campaign.form))


def _heads(membership: Membership, scale: FeeScale) -> int:
    if scale.counted_id is None:
        return 0
    heads = heads_of(membership, scale.counted_id)
    if heads is None:
        raise RenewalRefused(
            f"La cotisation dépend de « {scale.counted} » : répondez à cette question, puis "
            "transmettez le formulaire à nouveau."
        )
    return heads


@transaction.atomic
def ask_call(
    *, membership: Membership, by: User, on: date, at: datetime, seen_cents: int | None = None
) -> Piece:
    """The call for payment of the fee as it stands today; asked twice, the same. Refused when it
    is no longer what its page showed: a scale was changed, or a form sent, in between."""
    _refuse_others(membership, by, on)
    membership = Membership.objects.lock(membership.pk)
    if membership.status == MembershipStatus.DECLINED:
        _undo_decline(membership)
    campaign = Campaign.objects.select_related("form").filter(form__year=membership.year).first()
    if campaign is None:
        raise RenewalRefused(f"Il n’y a pas de campagne {membership.year}.")
    fee = fee_of(membership, campaign, on)
    if seen_cents not in {None, fee.total_cents}:
        raise RenewalRefused("La cotisation a changé depuis : relisez le calcul, puis demandez.")
    try:
        call = pieces.issue_call(debt=membership, lines=fee.lines, by=by, at=at, on=on)
    except pieces.PieceRefused as refusal:
        raise RenewalRefused(str(refusal)) from refusal
    if call.amount_cents > 0:
        mails.piece_to_pay(piece=call, on=on, at=at)
    return call


@transaction.atomic
def ask_invoice(*, membership: Membership, by: User, on: date, at: datetime) -> Piece:
    """For those whose accountant asks for one; asked twice, the same."""
    _refuse_others(membership, by, on)
    try:
        invoice = pieces.issue_invoice(debt=membership, by=by, on=on)
    except pieces.PieceRefused as refusal:
        raise RenewalRefused(str(refusal)) from refusal
    mails.piece_to_pay(piece=invoice, on=on, at=at)
    return invoice


def _refuse_others(membership: Membership, by: User, on: date) -> None:
    if not (by.is_staff or speaks_for(by, membership, on)):
        raise RenewalRefused("Seule la coordination ou un leader de l’équipe peut le demander.")


# -- promising, declining --------------------------------------------------------------------------
@transaction.atomic
def promise(*, membership: Membership, day: date, by: User, on: date) -> None:
    """« Nous paierons le … »: no reminder until then."""
    _refuse_others(membership, by, on)
    membership = Membership.objects.lock(membership.pk)
    if membership.status not in {MembershipStatus.EXPECTED, MembershipStatus.CALLED}:
        raise RenewalRefused("Il n’y a plus de paiement à annoncer pour cette année.")
    if day < on:
        raise RenewalRefused(f"Donnez une date à venir : le {in_words(day)} est passé.")
    if day.year > membership.year:
        raise RenewalRefused(f"Donnez une date de l’année {membership.year} au plus tard.")
    membership.promised_on = day
    membership.save(update_fields=["promised_on"])
    logger.info("membership %s: payment promised by account %s", membership.pk, by.pk)


@transaction.atomic
def decline(*, membership: Membership, reason: str, by: User, on: date) -> None:
    """« Nous ne renouvelons pas »: reminders stop; the team may change its mind."""
    _refuse_others(membership, by, on)
    membership = Membership.objects.lock(membership.pk)
    if membership.status == MembershipStatus.CALLED:
        raise RenewalRefused(
            "L’appel à cotisation est déjà émis : écrivez à la fédération, qui l’annulera."
        )
    if membership.status != MembershipStatus.EXPECTED:
        raise RenewalRefused("Cette adhésion ne peut plus être refusée.")
    membership.status, membership.declined_on = MembershipStatus.DECLINED, on
    membership.declined_reason, membership.promised_on = reason.strip()[:300], None
    membership.save(update_fields=["status", "declined_on", "declined_reason", "promised_on"])
    logger.info("membership %s: declined by account %s", membership.pk, by.pk)


@transaction.atomic
def come_back(*, membership: Membership, by: User, on: date) -> None:
    """« Finalement, nous renouvelons »."""
    _refuse_others(membership, by, on)
    membership = Membership.objects.lock(membership.pk)
    if membership.status == MembershipStatus.DECLINED:
        _undo_decline(membership)


def _undo_decline(membership: Membership) -> None:
    membership.status, membership.declined_on = MembershipStatus.EXPECTED, None
    membership.declined_reason = ""
    membership.save(update_fields=["status", "declined_on", "declined_reason"])
