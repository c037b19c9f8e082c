"""What a member says is wrong in what the federation knows of it."""

from datetime import datetime

from django.db import transaction

from members import mails
from members.models import Membership, User


@transaction.atomic
def tell(*, membership: Membership, text: str, by: User, at: datetime) -> None:
    """Written to the federation; the same text of the same person, once a day."""
    mails.correction(membership=membership, text=text.strip(), by=by, at=at)
