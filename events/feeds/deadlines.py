"""What is to be brought back, sent or paid by a day, in the calendar of whoever answers for it."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from events.builders import NEVER, CalendarEntry
from members.access import memberships_spoken_for, teams_led_by
from members.enums import MembershipStatus
from members.models import Campaign, Membership, User
from toolbox.models import Loan

ONE_DAY = timedelta(days=1)
OVER = (MembershipStatus.DECLINED, MembershipStatus.CANCELLED)


def deadline(uid: str, title: str, day: date, path: str) -> CalendarEntry:
    """A whole day, which takes nobody's time."""
    return CalendarEntry(
        uid=uid,
        title=title,
        start=day,
        end=day + ONE_DAY,
        changed_at=NEVER,
        path=path,
        is_busy=False,
    )


# -- loans -------------------------------------------------------------------------------------------
def _loans(user: User, on: date) -> QuerySet[Loan]:
    return Loan.objects.holding().filter(team__in=teams_led_by(user, on)).order_by("ends_on", "pk")


def loans(user: User, on: date) -> Iterator[CalendarEntry]:
    path = reverse("toolbox:lending")
    for loan in _loans(user, on).select_related("equipment"):
        title = f"À rendre\u00a0: {loan.equipment}"
        yield deadline(f"pret-{loan.code}", title, loan.ends_on, path)


def loans_state(user: User, on: date) -> object:
    return list(_loans(user, on).values_list("pk", "ends_on", "equipment__name"))


# -- campaign of membership --------------------------------------------------------------------------
def _campaigns(on: date) -> dict[int, Campaign]:
    opened = Campaign.objects.opened().filter(form__year__gte=on.year)
    return {campaign.year: campaign for campaign in opened.select_related("form").order_by("pk")}


def _files(user: User, on: date, campaigns: dict[int, Campaign]) -> QuerySet[Membership]:
    files = memberships_spoken_for(user, on).filter(year__in=campaigns).exclude(status__in=OVER)
    return files.select_related("team").order_by("year", "pk")


def membership(user: User, on: date) -> Iterator[CalendarEntry]:
    """The form of the year, then the fee until it is paid."""
    campaigns = _campaigns(on)
    for file in _files(user, on, campaigns):
        campaign, whose = campaigns[file.year], f" ({file.team})" if file.team else ""
        words = f"Adhésion {file.year}\u00a0: dernier jour pour"
        if file.team:
            title = f"{words} transmettre le formulaire{whose}"
            path = file.page_url("renewal_form")
            yield deadline(f"adhesion-{file.pk}-formulaire", title, campaign.closes_on, path)
        if file.status != MembershipStatus.PAID:
            title = f"{words} payer la cotisation{whose}"
            yield deadline(
                f"adhesion-{file.pk}-cotisation", title, campaign.due_on, file.payment_url()
            )


def membership_state(user: User, on: date) -> object:
    campaigns = _campaigns(on)
    days = [(year, row.closes_on, row.due_on) for year, row in campaigns.items()]
    return days, list(_files(user, on, campaigns).values_list("pk", "status", "team__name"))
