"""A team invites its colleagues. Lock order: the team, then the invitation.

The link opens no session: it begins what the invitation says, and whoever wants to enter still
gives their address and the code that is sent to it.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.db import connection, transaction

from apmsl.lib.text import normalise
from members import mails
from members.access import teams_kept
from members.enums import PositionRole
from members.models import Invitation, Person, PersonEmail, Position, Team, User
from members.models.team_account import LASTS
from members.services import accounts, managers, posts

logger = logging.getLogger(__name__)

MOST_PENDING = 50  # of a team: beyond, it is no longer inviting colleagues


class InvitationRefused(Exception):
    """The message is shown to the team."""


class InvitationOver(Exception):
    """The link leads nowhere any more; the message says why."""


@dataclass(frozen=True)
class Guest:
    first_name: str
    last_name: str
    email: str


@transaction.atomic
def invite(
    *, team: Team, guest: Guest, role: str = "", by: User, on: date, at: datetime
) -> Invitation:
    team = managers.lock(team)
    if not teams_kept(by, on).filter(pk=team.pk).exists():
        raise InvitationRefused("Vous pouvez inviter dans votre équipe seulement.")
    email = guest.email.strip().lower()
    _refuse_twice(team, guest, role, email, on)
    invitation = Invitation.objects.create(
        team=team,
        email=email,
        first_name=guest.first_name.strip(),
        last_name=guest.last_name.strip(),
        role=role,
        invited_by=by,
        **_sent(at),
    )
    if by.person_id and not by.is_staff:
        managers.ensure(person=Person.objects.get(pk=by.person_id), on=on)
    mails.team_invitation(invitation=invitation, on=on, at=at)
    logger.info("team %s invites: invitation %s by account %s", team.pk, invitation.pk, by.pk)
    return invitation


def _refuse_twice(team: Team, guest: Guest, role: str, email: str, on: date) -> None:
    pending = team.invitations.pending()
    if pending.filter(email=email).exists():
        raise InvitationRefused(
            "Une invitation attend déjà à cette adresse : renvoyez-la ou retirez-la."
        )
    if pending.count() >= MOST_PENDING:
        raise InvitationRefused(
            f"Votre équipe a déjà {MOST_PENDING} invitations en attente : retirez celles qui ne"
            " servent plus."
        )
    person = known_person(guest)
    if person is None:
        return
    inside = Person.objects.in_team(team, on).filter(pk=person.pk).exists()
    held = Position.objects.on(on).filter(person=person, team=team, role=role).exists()
    has_account = User.objects.filter(person=person).exists()
    if inside and has_account and (held or not role):
        raise InvitationRefused("Cette personne est déjà dans votre équipe, et elle a un compte.")


@transaction.atomic
def send_again(*, invitation: Invitation, on: date, at: datetime) -> None:
    """Its time begins anew; the message leaves once a day."""
    managers.lock(invitation.team)
    invitation.refresh_from_db()
    if invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationRefused("Cette invitation n’est plus en attente.")
    fields = _sent(at)
    invitation.sent_at = fields["sent_at"]
    invitation.expires_at = max(fields["expires_at"], invitation.expires_at)
    invitation.save(update_fields=["sent_at", "expires_at"])
    mails.team_invitation(invitation=invitation, on=on, at=at)


@transaction.atomic
def withdraw(*, invitation: Invitation, at: datetime) -> None:
    managers.lock(invitation.team)
    invitation.refresh_from_db()
    if invitation.accepted_at:
        raise InvitationRefused("Cette invitation a déjà été acceptée.")
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = at
        invitation.save(update_fields=["withdrawn_at"])


def _sent(at: datetime) -> dict[str, datetime]:
    return {"sent_at": at, "expires_at": at + LASTS}


# -- who is meant ----------------------------------------------------------------------------------
def known_person(guest: Guest) -> Person | None:
    """Whom an address belongs to: its account first; of those who share it, the one of that name."""
    email = guest.email.strip().lower()
    accounts_of = User.objects.filter(email__iexact=email) | User.objects.filter(
        pk__in=EmailAddress.objects.filter(email__iexact=email, verified=True).values("user")
    )
    if user := accounts_of.select_related("person").first():
        return user.person
    people = Person.objects.filter(emails__address__iexact=email).distinct().order_by("pk")
    found = list(people)
    name = normalise(f"{guest.last_name} {guest.first_name}").split()
    named = [person for person in found if person.sort_name.split() == name]
    return next(iter(named or (found if len(found) == 1 else [])), None)


def person_of(guest: Guest) -> Person:
    """Known by the address, or new."""
    if person := known_person(guest):
        return person
    person = Person.objects.create(
        first_name=guest.first_name.strip(), last_name=guest.last_name.strip()
    )
    PersonEmail.objects.create(person=person, address=guest.email.strip().lower())
    return person


def is_for(invitation: Invitation, user: User) -> bool:
    """Signed in with the account that the invitation is addressed to."""
    known = invitation.person or known_person(guest_of(invitation))
    own = EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True)
    same = user.email.lower() == invitation.email or own.exists()
    return same or (known is not None and known.pk == user.person_id)


def guest_of(invitation: Invitation) -> Guest:
    return Guest(invitation.first_name, invitation.last_name, invitation.email)


# -- acceptance ------------------------------------------------------------------------------------
def check(invitation: Invitation, *, on: date, at: datetime) -> None:
    """Raises what the page says when the link no longer leads anywhere."""
    if invitation.accepted_at:
        raise InvitationOver("Cette invitation a déjà servi : connectez-vous avec votre adresse.")
    if invitation.withdrawn_at:
        raise InvitationOver("Cette invitation a été retirée par l’équipe.")
    if invitation.is_late_at(at):
        raise InvitationOver("Cette invitation a expiré : demandez à l’équipe de la renvoyer.")
    if invitation.team.closed_on and invitation.team.closed_on <= on:
        raise InvitationOver("Cette équipe est fermée.")


@transaction.atomic
def accept(*, invitation: Invitation, on: date, at: datetime) -> User:
    """Once: an account if there is none, a place in the team, and the post if there is one."""
    team = managers.lock(invitation.team)
    invitation = Invitation.objects.select_for_update(of=("self",), no_key=True).get(
        pk=invitation.pk
    )
    check(invitation, on=on, at=at)
    _lock_address(invitation.email)
    person = invitation.person or person_of(guest_of(invitation))
    if not _joins_later(person, team, on):
        posts.join(person=person, team=team, on=on)
    if invitation.role:
        posts.begin(person=person, team=team, role=PositionRole(invitation.role), on=on)
    user = _account(person, invitation.email, on=on, at=at)
    invitation.person, invitation.accepted_at = person, at
    invitation.save(update_fields=["person", "accepted_at"])
    logger.info("invitation %s accepted: person %s, account %s", invitation.pk, person.pk, user.pk)
    return user


def _lock_address(email: str) -> None:
    """Two teams that invite the same unknown colleague make one person of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"invitation:{email}"])


def _joins_later(person: Person, team: Team, on: date) -> bool:
    """Somebody who takes over on a day to come is there from that day."""
    return person.affiliations.filter(team=team, started_on__gt=on).exists()


def _account(person: Person, email: str, *, on: date, at: datetime) -> User:
    user = User.objects.filter(person=person).first()
    alone = User.objects.filter(email__iexact=email, person=None).first()
    if user is None and alone is not None:  # an account that was nobody's yet
        user, alone.person = alone, person
        user.save(update_fields=["person"])
    if user is None:
        user = accounts.open_account(person=person, email=email, on=on, at=at)
    PersonEmail.objects.get_or_create(
        person=person,
        address=email,
        defaults={"is_primary": not person.emails.filter(is_primary=True).exists()},
    )
    return user
