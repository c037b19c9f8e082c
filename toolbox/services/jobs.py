from datetime import date

from django.db import transaction

from members.models import Team
from toolbox.models import JobPosting


@transaction.atomic
def publish_job(*, team: Team, title: str, kind: str, description: str, on: date) -> JobPosting:
    """Sent twice, by a double click or by going back, the same text is one posting."""
    Team.objects.select_for_update(of=("self",), no_key=True).get(pk=team.pk)
    same = JobPosting.objects.open_on(on).filter(team=team, title=title, kind=kind)
    if existing := same.filter(description=description, published_on=on).order_by("pk").first():
        return existing
    return JobPosting.objects.create(
        team=team, title=title, kind=kind, description=description, published_on=on
    )


@transaction.atomic
def close_job(*, job: JobPosting, on: date) -> None:
    """Filled or withdrawn; closing twice keeps the first date."""
    if job.closed_on is None:
        job.closed_on = max(on, job.published_on)
        job.save(update_fields=["closed_on"])
