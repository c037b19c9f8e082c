"""The demonstration: the invented records of 2023, an account per role, some texts of the report.

Run again it changes nothing; passwords and second factors last as long as PORTAL_VAR. Only settings
that name a ``DEMO`` folder have a demonstration: production has none.
"""

import json
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from apmsl.demo import generate, texts, titles
from members import services
from members.enums import PositionRole
from members.models import Affiliation, Person, Position, Scan, Team, User
from network.models import BoardTerm, LocalGroupTeam, StaffPost
from reports.enums import TextStatus
from reports.models import ReportText

DAY = date(2023, 12, 12)  # the day a demonstration lives on, see settings/dev.py
ROLES = ["member", "coordinator", "leader", "board", "staff", "director"]
WITH_SECOND_FACTOR = {"board", "staff", "director"}


@contextmanager
def _without_notes() -> Iterator[None]:
    """A line for each piece of the demonstration would bury what « make start » says."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.setLevel(level)


class Command(BaseCommand):
    help = "Charge la démonstration de 2023 et ouvre un compte par rôle."

    def handle(self, *args: Any, **options: Any) -> None:
        with _without_notes():
            self._load()

    def _load(self) -> None:
        folder = getattr(settings, "DEMO", None)
        if folder is None:
            raise CommandError("Ce portail n’a pas de démonstration.")
        dataset = folder / "dataset"
        if not dataset.exists() and Team.objects.exists():
            raise CommandError(
                "Ce portail a déjà ses données : la démonstration n’est pas chargée."
            )
        if not Team.objects.exists():
            self.stdout.write("Chargement des données de démonstration…")
            _load(dataset)
        with transaction.atomic():
            _write_texts()
            accounts = _open_accounts(folder / "accounts.json")
        call_command("demo_figures")
        call_command("demo_campaign")
        call_command("demo_events")
        call_command("demo_stories")
        self.stdout.write(f"{len(accounts)} comptes de démonstration.")


def _load(dataset: Path) -> None:
    generate.Dataset(generate.PUBLISHED, "2023").build().write(dataset)
    titles.retitle(dataset)
    call_command("import_dataset", str(dataset), verbosity=0)


def _write_texts() -> None:
    for chapter, (body, signature) in texts.TEXTS.items():
        ReportText.objects.get_or_create(
            year=DAY.year,
            chapter=chapter,
            defaults={"body": body, "signature": signature, "status": TextStatus.READY},
        )


# -- accounts --------------------------------------------------------------------------------------
def _open_accounts(file: Path) -> list[dict[str, Any]]:
    known = {row["role"]: row for row in json.loads(file.read_text())} if file.exists() else {}
    taken: set[int] = set()
    accounts = []
    for role, find in FINDERS.items():
        person = find().exclude(pk__in=taken).order_by("code").first()
        if person is None:
            raise CommandError(f"Personne ne convient au compte « {role} ».")
        taken.add(person.pk)
        accounts.append(_open_account(role, person, known.get(role, {})))
    accounts.sort(key=lambda account: ROLES.index(account["role"]))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(accounts, indent=2, ensure_ascii=False) + "\n")
    return accounts


def _open_account(role: str, person: Person, known: dict[str, Any]) -> dict[str, Any]:
    user = User.objects.filter(person=person).first()
    if user is None:
        address = person.emails.get(is_primary=True).address
        user = services.open_account(person=person, email=address, on=DAY, at=timezone.now())
    password = known.get("password") or secrets.token_urlsafe(12)
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    secret = _second_factor(user, known.get("totp_secret")) if role in WITH_SECOND_FACTOR else None
    return {"role": role, "email": user.email, "password": password, "totp_secret": secret}


def _second_factor(user: User, known: str | None) -> str:
    secret = known or str(totp.generate_totp_secret())
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if factor is None or get_adapter().decrypt(factor.data["secret"]) != secret:
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        totp.TOTP.activate(user, secret)
    return secret


# -- who lends their place -------------------------------------------------------------------------
def _member_teams() -> QuerySet[Team]:
    return Team.objects.members_of(DAY.year, DAY)


def _powerless() -> QuerySet[Person]:
    """Neither staff nor board, and with an address of their own to sign in with."""
    return Person.objects.filter(emails__is_primary=True).exclude(
        pk__in=[
            *BoardTerm.objects.on(DAY).values_list("person", flat=True),
            *StaffPost.objects.on(DAY).values_list("person", flat=True),
        ]
    )


def _coordinators() -> QuerySet[Person]:
    """In the network, of one team, which is in a local group and has sent its yearly form."""
    grouped = LocalGroupTeam.objects.registered_on(DAY).values("team")
    sent = Scan.objects.last_of_year(DAY.year, DAY).values("team")
    posts = Position.objects.in_network_on(DAY).on(DAY)
    there = posts.filter(team__in=_member_teams()).filter(team__in=grouped).filter(team__in=sent)
    elsewhere = Position.objects.on(DAY).filter(person=OuterRef("pk")).exclude(team__in=sent)
    return _powerless().filter(pk__in=there.values("person")).exclude(Exists(elsewhere))


def _leaders() -> QuerySet[Person]:
    posts = Position.objects.on(DAY).filter(role=PositionRole.LEADER, team__in=_member_teams())
    return _powerless().filter(pk__in=posts.values("person"))


def _members() -> QuerySet[Person]:
    """Who practises in a team and holds no post."""
    practices = Affiliation.objects.on(DAY).filter(team__in=_member_teams())
    posts = Position.objects.filter(person=OuterRef("pk"))
    return _powerless().filter(pk__in=practices.values("person")).exclude(Exists(posts))


def _board() -> QuerySet[Person]:
    return Person.objects.filter(pk__in=BoardTerm.objects.on(DAY).values("person"))


def _directors() -> QuerySet[Person]:
    """The records do not say who directs: the longest in post does."""
    posts = StaffPost.objects.on(DAY)
    if not posts.filter(is_director=True).exists():
        first = posts.order_by("started_on", "pk")[:1]
        chosen = StaffPost.objects.filter(pk__in=first.values("pk"))
        chosen.update(is_director=True, job="Direction")
    return Person.objects.filter(pk__in=posts.filter(is_director=True).values("person"))


def _staff() -> QuerySet[Person]:
    posts = StaffPost.objects.on(DAY).filter(is_director=False)
    return Person.objects.filter(pk__in=posts.values("person"))


FINDERS: dict[str, Callable[[], QuerySet[Person]]] = {
    "member": _members,
    "coordinator": _coordinators,
    "leader": _leaders,
    "board": _board,
    "director": _directors,
    "staff": _staff,
}
