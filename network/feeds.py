"""What the network adds to the personal calendar: the meetings of one's groups."""

from datetime import date

from django.db.models import Q, QuerySet

from events.models import Event
from members.models import User

OURS = ("local_group:", "commission:")


def events_of_my_groups(user: User, on: date) -> QuerySet[Event]:
    """Those of the local groups of one's teams, and what is announced to these or to one's
    commissions."""
    keys = sorted(key for key in user.seen_audiences if key.startswith(OURS))
    groups = [key.removeprefix(OURS[0]) for key in keys if key.startswith(OURS[0])]
    met = Q(group_meeting__group__code__in=groups)
    return Event.objects.filter(met | Q(audiences__overlap=keys))
