"""What the clock does for members."""

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from apmsl.lib.clock import every, minutes
from apmsl.lib.dates import today
from members.services import card, reminders


@every(crontab(hour=8, minute=0))
@shared_task
def write_campaign_letters() -> None:
    reminders.write(on=today(), at=timezone.now())


# By name too: services send it when a notice of payment comes.
@every(minutes(1))
@shared_task(name=card.SETTLE_TASK)
def settle_notices() -> None:
    card.settle_notices(on=today(), at=timezone.now())


@every(minutes(10))
@shared_task
def settle_opened_checkouts() -> None:
    card.settle_opened(on=today(), at=timezone.now())


@every(crontab(hour=4, minute=10))
@shared_task
def compare_with_the_provider() -> None:
    card.compare(on=today(), at=timezone.now())
