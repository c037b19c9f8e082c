"""The secret address of one's calendar: made, changed and withdrawn by its owner."""

from datetime import datetime

from django.db import transaction

from events.models import CalendarFeed
from members.models import User


@transaction.atomic
def renew_feed(*, user: User, at: datetime) -> CalendarFeed:
    """The address that was known before leads nowhere from now on."""
    User.objects.select_for_update().get(pk=user.pk)  # two tabs: one address
    CalendarFeed.objects.open().filter(user=user).update(revoked_at=at)
    return CalendarFeed.objects.create(user=user, created_at=at)


@transaction.atomic
def revoke_feed(*, user: User, at: datetime) -> None:
    CalendarFeed.objects.open().filter(user=user).update(revoked_at=at)
