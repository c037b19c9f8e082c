"""Invite the first account of a new portal; the staff then invites the others from the admin."""

from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from apmsl.lib.dates import today
from members import services
from members.models import Person, PersonEmail, User
from network.models import StaffPost


class Command(BaseCommand):
    help = "Ouvre un compte et envoie l’invitation : invite ADRESSE --first-name … --last-name …"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", required=True)
        role = parser.add_mutually_exclusive_group()
        role.add_argument("--staff", action="store_true", help="en poste à la fédération")
        role.add_argument("--director", action="store_true", help="en poste à la direction")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
            user = _invite(options, on=today(), at=timezone.now())
        except (ValidationError, services.InvitationRefused) as refusal:
            raise CommandError(getattr(refusal, "message", str(refusal))) from None
        self.stdout.write(f"Compte ouvert, invitation envoyée à {user.email}.")


@transaction.atomic
def _invite(options: dict[str, Any], *, on: date, at: datetime) -> User:
    person = _person(options)
    in_post = StaffPost.objects.on(on).filter(person=person).exists()
    if (options["staff"] or options["director"]) and not in_post:
        job = "Direction" if options["director"] else "Équipe salariée"
        StaffPost.objects.create(
            person=person, job=job, is_director=options["director"], started_on=on
        )
    return services.invite(person=person, email=options["email"], by=None, on=on, at=at)


def _person(options: dict[str, Any]) -> Person:
    """The person that address already belongs to, by name; otherwise a new one."""
    names = {"first_name": options["first_name"], "last_name": options["last_name"]}
    known = Person.objects.filter(emails__address__iexact=options["email"], **names).first()
    if known:
        return known
    person = Person.objects.create(**names)
    PersonEmail.objects.create(person=person, address=options["email"])
    return person
