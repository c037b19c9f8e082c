"""What the federation proposes to a new coordinator, on her home page."""

from datetime import date, timedelta

from django.db.models import Q

from apmsl.lib.blocks import Answer
from apmsl.lib.htmx import Request
from members.models import Position, WelcomeDone, WelcomeStep
from members.models.attention import WELCOME_DAYS


def welcome_block(request: Request, on: date) -> Answer:
    """The steps, and when each was taken: in whichever of her teams she has just arrived."""
    person_id = getattr(request.user, "person_id", None)
    if person_id is None:
        return None
    since = on - timedelta(days=WELCOME_DAYS)
    posts = Position.objects.coordinators().on(on).filter(person=person_id, started_on__gt=since)
    if not posts.exists():
        return None
    taken = WelcomeDone.objects.filter(position__in=posts, done_on__lte=on)
    days = dict(taken.order_by("-done_on", "-pk").values_list("step_id", "done_on"))
    steps = WelcomeStep.objects.filter(Q(is_proposed=True) | Q(pk__in=days))
    lines = [(step, days.get(step.pk)) for step in steps.order_by("rank", "pk")]
    return ("members/blocks/welcome.html", {"lines": lines}) if lines else None
