"""What someone of a team says is wrong in what the federation knows of it."""

from datetime import datetime

from django.db import transaction

from members import mails
from members.models import Team, User


@transaction.atomic
def tell(*, team: Team, text: str, by: User, at: datetime) -> None:
    """Written to the federation; the same text of the same person, once a day."""
    mails.correction(team=team, text=text.strip(), by=by, at=at)
