"""What the clock does for events."""

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from apmsl.lib.clock import every, minutes
from apmsl.lib.dates import today
from events import services
from events.services import guests, letters, questions, reminders, surveys


@every(minutes(1))
@shared_task
def write_letters() -> None:
    letters.write(at=timezone.now())


# Each hour of the day: what could not leave in the morning leaves later, and nothing leaves twice.
@every(crontab(hour="7-19", minute=30))
@shared_task
def remind_participants() -> None:
    reminders.write(on=today(), at=timezone.now())
    surveys.remind(at=timezone.now())


@every(crontab(hour=2, minute=35))
@shared_task
def forget_temporary_answers() -> None:
    questions.forget_temporary(on=today())


@every(minutes(1))
@shared_task
def expire_offers() -> None:
    services.expire(on=today(), at=timezone.now())


@every(crontab(hour=8, minute=20))
@shared_task
def remind_of_names() -> None:
    services.remind(on=today(), at=timezone.now())


@every(crontab(hour=2, minute=45))
@shared_task
def forget_guest_requests() -> None:
    guests.forget_old_requests(at=timezone.now())
