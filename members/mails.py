"""The messages of members: each a row of the ledger."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from apmsl.mail import services as mail
from members.models import User


def invitation(*, user: User, at: datetime) -> None:
    """Says that the account is open and how to enter: by a code, hence no secret in the message."""
    mail.send(
        purpose="members.invitation",
        object_key=f"{user.pk}:{at:%Y-%m-%d}",  # invited again another day: written again
        recipient=user.email,
        subject="Votre compte sur le portail est ouvert",
        template="members/mails/invitation",
        context={
            "person": user.person,
            "email": user.email,
            "sign_in_url": settings.PORTAL_URL + reverse("account_request_login_code"),
            "password_url": settings.PORTAL_URL + reverse("account_reset_password"),
        },
        at=at,
    )


def second_factors_forgotten(*, user: User, at: datetime) -> None:
    mail.send(
        purpose="members.second_factors_forgotten",
        object_key=f"{user.pk}:{at.isoformat()}",
        recipient=user.email,
        subject="Votre deuxième preuve d’identité a été retirée",
        template="members/mails/second_factors_forgotten",
        context={
            "person": user.person,
            "sign_in_url": settings.PORTAL_URL + reverse("account_login"),
        },
        at=at,
    )
