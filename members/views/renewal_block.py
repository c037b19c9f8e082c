"""What awaits those who answer for a team, or for themselves, on their home page."""

from datetime import date

from apmsl.lib.blocks import Answer
from apmsl.lib.htmx import Request
from members.access import memberships_spoken_for
from members.enums import MembershipStatus
from members.models import Campaign, Membership
from members.services import progress

OVER = [MembershipStatus.DECLINED, MembershipStatus.CANCELLED]


def renewal_block(request: Request, on: date) -> Answer:
    """« Adhésion 2024 »: for each file one answers for, its next step."""
    person_id = getattr(request.user, "person_id", None)
    if person_id is None:
        return None
    campaigns = {row.year: row for row in Campaign.objects.open_on(on).select_related("form")}
    if not campaigns:
        return None
    files = memberships_spoken_for(request.user, on).filter(year__in=campaigns)
    rows = (
        files.exclude(status__in=OVER)
        .select_related("team", "person")
        .order_by("year", "team", "pk")
    )
    cards = [_card(file, campaigns[file.year], on) for file in rows]
    return ("members/blocks/renewal.html", {"cards": cards}) if cards else None


def _card(file: Membership, campaign: Campaign, on: date) -> dict[str, object]:
    steps = progress.steps_of(file, campaign, on)
    done = sum(step.is_done for step in steps)
    after = progress.next_of(steps)
    return {
        "file": file,
        "next_url": file.page_url(after.key),
        "campaign": campaign,
        "next": after,
        "done": done,
        "total": len(steps),
        "text": f"{done} sur {len(steps)}",
        "is_paid": file.status == MembershipStatus.PAID,
    }
