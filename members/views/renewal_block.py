"""What awaits those who answer for a team, on their home page."""

from datetime import date

from apmsl.lib.blocks import Answer
from apmsl.lib.htmx import Request
from members.enums import MembershipStatus
from members.models import Campaign, Membership, Position
from members.services import progress

OVER = [MembershipStatus.DECLINED, MembershipStatus.CANCELLED]


def renewal_block(request: Request, on: date) -> Answer:
    """« Adhésion 2024 »: for each team led, its next step."""
    person_id = getattr(request.user, "person_id", None)
    if person_id is None:
        return None
    campaigns = {row.year: row for row in Campaign.objects.open_on(on).select_related("form")}
    if not campaigns:
        return None
    posts = Position.objects.on(on).filter(person=person_id)
    files = Membership.objects.filter(year__in=campaigns, team__in=posts.values("team"))
    rows = files.exclude(status__in=OVER).select_related("team").order_by("year", "team", "pk")
    cards = [_card(file, campaigns[file.year]) for file in rows]
    return ("members/blocks/renewal.html", {"cards": cards}) if cards else None


def _card(file: Membership, campaign: Campaign) -> dict[str, object]:
    steps = progress.steps_of(file, campaign)
    done = sum(step.is_done for step in steps)
    return {
        "file": file,
        "campaign": campaign,
        "next": progress.next_of(steps),
        "done": done,
        "total": len(steps),
        "text": f"{done} sur {len(steps)}",
        "is_paid": file.status == MembershipStatus.PAID,
    }
