"""Sends what is due: written while the broker was down, put off after an error, or for later."""

from celery import shared_task
from django.utils import timezone

from apmsl.lib.clock import every, minutes
from apmsl.mail.models import Message
from apmsl.mail.tasks import deliver

AT_ONCE = 1000  # the next minute sends the following ones


@every(minutes(1))
@shared_task
def send_what_is_due() -> None:
    due = Message.objects.due(timezone.now()).values_list("pk", flat=True)
    for message_id in due[:AT_ONCE]:
        deliver.delay(message_id=message_id)
