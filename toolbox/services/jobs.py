from datetime import date

from django.db import transaction

from members.models import Team
from toolbox.models import JobPosting


@transaction.atomic
def publish_job(*, team: Team, title: str, kind: str, description: str, on: date) -> JobPosting:
    return JobPosting.objects.create(
        team=team, title=title, kind=kind, description=description, published_on=on
    )


@transaction.atomic
def close_job(*, job: JobPosting, on: date) -> None:
    """Filled or withdrawn; closing twice keeps the first date."""
    if job.closed_on is None:
        job.closed_on = max(on, job.published_on)
        job.save(update_fields=["closed_on"])
