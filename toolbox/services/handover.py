"""What a team has of the federation's, to be told when somebody leaves it."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from apmsl.lib.typography import day
from members.models import Person, Team
from members.services.departures import Matter
from toolbox.models import JobPosting, Loan


def loans(team: Team, person: Person, on: date) -> Iterator[Matter]:
    """Asked for or out: somebody brings it back."""
    live = Loan.objects.live().filter(team=team, ends_on__gte=on) | Loan.objects.holding().filter(
        team=team
    )
    for loan in live.select_related("equipment").order_by("ends_on", "pk"):
        until = day(loan.ends_on)
        state = loan.get_status_display().lower()
        text = f"{loan.equipment.name} ({state}), à rendre le {until}"
        yield Matter(text, reverse("toolbox:equipment", args=[loan.equipment_id]))


def postings(team: Team, person: Person, on: date) -> Iterator[Matter]:
    for posting in JobPosting.objects.open_on(on).filter(team=team).order_by("published_on", "pk"):
        yield Matter(str(posting), reverse("toolbox:job", args=[posting.pk]))
