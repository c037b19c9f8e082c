from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F

from apmsl.lib.counting import is_first_look
from members.models import User
from toolbox.models import JobPosting, Tool, ToolMonth


@transaction.atomic
def count_tool(*, tool: Tool, user: User | AnonymousUser, on: date) -> None:
    """Reading a tool's page and downloading its file the same day are one view."""
    if not is_first_look(f"tool:{tool.pk}", user, on):
        return
    month, _ = ToolMonth.objects.get_or_create(tool=tool, month=on.replace(day=1))
    ToolMonth.objects.filter(pk=month.pk).update(views=F("views") + 1)


def count_job(*, job: JobPosting, user: User | AnonymousUser, on: date) -> None:
    if is_first_look(f"job:{job.pk}", user, on):
        JobPosting.objects.filter(pk=job.pk).update(views=F("views") + 1)
