"""What the clock does for members."""

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from apmsl.lib.clock import every
from apmsl.lib.dates import today
from members.services import reminders


@every(crontab(hour=8, minute=0))
@shared_task
def write_campaign_letters() -> None:
    reminders.write(on=today(), at=timezone.now())
