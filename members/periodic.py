"""What the clock does for members."""

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from apmsl.lib.clock import every, minutes
from apmsl.lib.dates import today
from members.services import card, erasing, reminders
from members.services.crm import bridge, reading, sending


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


@every(minutes(1))
@shared_task
def send_to_the_crm() -> None:
    """Again at once while there is more and it goes well: one task must not last longer than its
    message."""
    run = sending.send(at=timezone.now())
    if run and not run.message and sending.is_more(at=timezone.now()):
        send_to_the_crm.delay()


@every(minutes(10))
@shared_task
def read_from_the_crm() -> None:
    reading.read(at=timezone.now())


@every(crontab(hour=3, minute=20))
@shared_task
def compare_with_the_crm() -> None:
    bridge.sweep(at=timezone.now())


@every(minutes(5))
@shared_task
def forget_goodbyes() -> None:
    """The last message to someone erased bears their address until it has left."""
    erasing.forget_goodbyes()
