"""What becomes of the rows of two records that are made one, relation by relation.

Every relation to a person stands here, by name, the upper apps' too, for they may not be imported
(tests/members/test_merging.py holds it). A relation without a rule of its own keeps to ``KEEPS``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from apmsl.lib.dates import today
from members.enums import ChargeStatus, MembershipStatus
from members.services.merging.links import Period, links_to

Choose = Callable[[Sequence[Any], Sequence[Any]], Any]  # the rows of the kept record, the others’


def _of_kept(kept: Sequence[Any], gone: Sequence[Any]) -> Any:
    return (*kept, *gone)[0]


@dataclass(frozen=True)
class Rule:
    """``told``: what the staff reads where two rows may not stand together. ``choose``: the row
    that stays. ``period``: the fields of a period that grows to hold the others', and
    ``inner`` those of one within it; what is empty in the row that stays is filled from them. ``ends``: the other row is kept, changed by this.
    ``refuses``: why such rows forbid the merge. ``named``: what names a row."""

    told: str = "déjà sur la fiche conservée : l’autre ligne est retirée"
    choose: Choose = _of_kept
    period: Period | None = None
    inner: Period | None = None
    ends: Callable[[Any, Any], None] | None = None
    refuses: Callable[[Sequence[Any]], str] | None = None
    named: tuple[str, ...] = ()


KEEPS = Rule()
CONTACTS = Rule("déjà sur la fiche conservée : montrée selon le choix le plus strict")


def _further(field: str, *ranks: str) -> Choose:
    """The row that is the furthest on; of two equals, the kept record's."""

    def choose(kept: Sequence[Any], gone: Sequence[Any]) -> Any:
        return min((*kept, *gone), key=lambda row: ranks.index(getattr(row, field)))

    return choose


def _still_open(kept: Sequence[Any], gone: Sequence[Any]) -> Any:
    """The account of a team is never without somebody, not for a statement."""
    return next((row for row in (*kept, *gone) if row.ended_on is None), kept[0])


def _joined(*named: str, inner: Period | None = None) -> Rule:
    told = "les périodes qui se chevauchent n’en font plus qu’une"
    return Rule(told, period=("started_on", "ended_on"), inner=inner, named=named)


# -- memberships -----------------------------------------------------------------------------------
_STATUSES = [
    str(status)
    for status in (
        MembershipStatus.PAID,
        MembershipStatus.CALLED,
        MembershipStatus.EXPECTED,
        MembershipStatus.DECLINED,
        MembershipStatus.CANCELLED,
    )
]
_ACCOUNTED = {"Piece", "Payment", "Checkout"}


def _has_money(membership: Any) -> bool:
    accounted = (link for link in links_to(type(membership)) if link.model.__name__ in _ACCOUNTED)
    return any(link.rows_of(membership.pk).exists() for link in accounted)


def _membership(kept: Sequence[Any], gone: Sequence[Any]) -> Any:
    """The one that money hangs on, else the furthest on."""
    with_money = [row for row in (*kept, *gone) if _has_money(row)]
    return with_money[0] if with_money else _further("status", *_STATUSES)(kept, gone)


def _two_paid_for(rows: Sequence[Any]) -> str:
    if sum(_has_money(row) for row in rows) < 2:
        return ""
    return (
        f"Les deux fiches ont une adhésion {rows[0].year} avec des pièces ou des paiements :"
        " les comptes ne se réunissent pas."
    )


# -- registrations, and what they are asked for ----------------------------------------------------
_SEATS = ("confirmed", "registered", "offered", "waitlisted", "excused", "cancelled")


def _is_asked(registration: Any) -> bool:
    """Money is due for it, or came for it."""
    charge = registration.charge
    return charge is not None and (charge.status != ChargeStatus.CANCELLED or charge.rest_cents())


def _registration(kept: Sequence[Any], gone: Sequence[Any]) -> Any:
    """The one that money hangs on, else the furthest on."""
    asked = [row for row in (*kept, *gone) if _is_asked(row)]
    return asked[0] if asked else _further("status", *_SEATS)(kept, gone)


def _two_asked(rows: Sequence[Any]) -> str:
    if sum(_is_asked(row) for row in rows) < 2:
        return ""
    return (
        "Les deux fiches ont une inscription payante au même événement : annulez d’abord celle qui"
        " est de trop."
    )


# -- requests --------------------------------------------------------------------------------------
def _answered_with(row: Any, other: Any) -> None:
    row.handled_on = today()
    row.answer = f"Suivie avec la demande n° {other.pk} : c’est la même personne."
    row.save(update_fields=["handled_on", "answer"])


RULES: dict[str, Rule] = {
    "members.PersonEmail.person": CONTACTS,
    "members.ContactDetail.person": CONTACTS,
    "members.Consent.person": CONTACTS,
    "members.User.person": KEEPS,  # two accounts forbid the merge
    "members.Affiliation.person": _joined("team"),
    "members.Position.person": _joined(
        "team", "get_role_display", inner=("network_joined_on", "network_left_on")
    ),
    "members.Membership.person": Rule(
        "l’adhésion la plus avancée reste, l’autre est retirée",
        choose=_membership,
        refuses=_two_paid_for,
        named=("title",),
    ),
    "members.Charge.person": KEEPS,
    "members.DataRequest.person": Rule(
        "une demande suffit : l’autre est notée comme suivie avec elle",
        ends=_answered_with,
        named=("get_kind_display",),
    ),
    "members.TeamManager.person": replace(_joined("team"), choose=_still_open),
    "members.Invitation.person": KEEPS,
    "members.Departure.person": Rule(named=("team",)),
    "members.Departure.successor": KEEPS,
    "members.Exchange.person": KEEPS,
    "members.FirstContact.officer": KEEPS,
    "members.Accompaniment.officer": KEEPS,
    "members.PersonMerge.kept": KEEPS,
    "members.NotDuplicate.first": KEEPS,  # told apart in pairs.py
    "members.NotDuplicate.second": KEEPS,
    "events.Registration.person": Rule(
        "l’inscription la plus avancée reste, l’autre est retirée",
        choose=_registration,
        refuses=_two_asked,
        named=("event", "get_status_display"),
    ),
    "events.Attendance.person": Rule(named=("session.event", "session")),
    "events.CheckIn.person": Rule(
        "le dernier pointage reste, l’autre est retiré",
        choose=lambda kept, gone: max((*kept, *gone), key=lambda row: row.noted_at),
        named=("session.event", "session"),
    ),
    "events.Contributor.person": KEEPS,
    "events.Decision.owner": KEEPS,
    "network.GroupReferent.person": _joined("group"),
    "network.BoardTerm.person": _joined("get_role_display"),
    "network.StaffPost.person": _joined("job"),
    "network.CommissionMember.person": Rule(named=("commission",)),
    "network.SurveyAnswer.person": KEEPS,
    "network.Mandate.person": _joined("institution", "get_rank_display"),
    "network.RepresentationMeeting.person": KEEPS,
    "training.Enrolment.person": Rule(
        "le parcours le plus avancé reste, l’autre est retiré",
        choose=lambda kept, gone: min((*kept, *gone), key=_enrolment_rank),
        named=("cohort", "get_status_display"),
    ),
}


def _enrolment_rank(row: Any) -> tuple[int, int]:
    results = ("graduated", "pending", "failed", "")
    statuses = ("enrolled", "withdrawn", "applied")
    return results.index(row.result), statuses.index(row.status)


def rule_of(label: str) -> Rule:
    return RULES.get(label, KEEPS)


def widest(rows: Sequence[Any], period: Period) -> tuple[date | None, date | None]:
    """The period that holds all of them; an empty bound is open."""
    starts = [getattr(row, period[0]) for row in rows]
    ends = [getattr(row, period[1]) for row in rows]
    start = None if None in starts else min(starts)
    return start, None if None in ends else max(ends)
