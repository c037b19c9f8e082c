"""Changes of state of people and accounts. Lock order: the person, then their account."""

import logging
from collections.abc import Iterable
from datetime import date, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from members import mails
from members.models import Person, User
from members.services import managers

logger = logging.getLogger(__name__)


class InvitationRefused(Exception):
    """The message is shown to whoever invites."""


@transaction.atomic
def invite(*, person: Person, email: str, by: User | None, on: date, at: datetime) -> User:
    """Open an account for a person and write to them how to sign in.

    Asked again, the invitation leaves again (once a day), and the account is the same.
    """
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    email = email.strip().lower()
    user = User.objects.filter(person=person).first()
    if user is None:
        user = open_account(person=person, email=email, on=on, at=at)
        logger.info("account %s opened by account %s", user.pk, by.pk if by else "command")
    elif user.email != email:
        raise InvitationRefused(f"Cette personne a déjà un compte, avec l’adresse {user.email}.")
    mails.invitation(user=user, at=at)
    return user


def invite_people(
    *, people: Iterable[Person], by: User, on: date, at: datetime
) -> list[tuple[Person, str]]:
    """Invite each at their main address; answers whom it could not invite, and why."""
    left = []
    for person in people:
        email = person.emails.filter(is_primary=True).first()
        try:
            if email is None:
                raise InvitationRefused("aucune adresse principale n’est connue.")
            invite(person=person, email=email.address, by=by, on=on, at=at)
        except InvitationRefused as refusal:
            left.append((person, str(refusal)))
    return left


@transaction.atomic
def open_account(*, person: Person, email: str, on: date, at: datetime) -> User:
    """An account without password, whose address is taken as verified; it keeps that of the teams
    the person speaks for, where nobody does yet."""
    if (
        User.objects.filter(email__iexact=email).exists()
        or EmailAddress.objects.filter(email__iexact=email, verified=True).exists()
    ):
        raise InvitationRefused("Cette adresse est déjà celle d’un autre compte.")
    user = User.objects.create_user(email, person=person, invited_at=at)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    managers.ensure(person=person, on=on)
    return user


@transaction.atomic
def forget_second_factors(*, user: User, by: User, at: datetime) -> bool:
    """For whoever lost telephone, keys and recovery codes: they are out everywhere, are told by a
    message, and give a new second factor when they next sign in. Nobody does it for oneself."""
    if user.pk == by.pk or not Authenticator.objects.filter(user=user).exists():
        return False
    Authenticator.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    mails.second_factors_forgotten(user=user, at=at)
    logger.info("second factors of account %s removed by account %s", user.pk, by.pk)
    return True
