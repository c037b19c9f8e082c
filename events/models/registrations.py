"""Who registers, and who comes."""

from datetime import date, datetime
from typing import Any, Self

import pgtrigger
from django.core import signing
from django.db import models
from django.db.models import Exists, OuterRef, Q

from apmsl.lib.dates import in_year
from apmsl.lib.history import tracked
from events.enums import HalfDays, RegistrationStatus
from members.models import Charge, Person, Team, User

# A seat is held by whoever is registered, has confirmed, or has been offered it and may still accept.
SEATED = (RegistrationStatus.REGISTERED, RegistrationStatus.CONFIRMED)
HOLDING = (*SEATED, RegistrationStatus.OFFERED)
ENDED = (RegistrationStatus.CANCELLED, RegistrationStatus.EXCUSED)

TOKEN_SALT = "events.registration"  # noqa: S105  a name, no secret


class Party(models.Model):
    """People registered together; on the waiting list they are seated all at once, or one by one."""

    event = models.ForeignKey(
        "events.Event", verbose_name="événement", on_delete=models.CASCADE, related_name="parties"
    )
    together = models.BooleanField(
        "tous ensemble",
        default=False,
        help_text="Sinon, chacun·e entre dès qu’une place se libère.",
    )
    created_by = models.ForeignKey(
        User,
        verbose_name="inscrit par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "groupe inscrit"
        verbose_name_plural = "groupes inscrits"

    def __str__(self) -> str:
        return f"groupe n° {self.pk}"


_HOLDING_SQL = ", ".join(f"'{status.value}'" for status in HOLDING)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def registered(self) -> Self:
        """With a seat that is theirs."""
        return self.filter(status__in=SEATED)

    def taking_seats(self) -> Self:
        """What counts against the capacity: not those whom the staff placed beyond it."""
        return self.filter(status__in=HOLDING, over_capacity=False)

    def offered(self) -> Self:
        return self.filter(status=RegistrationStatus.OFFERED)

    def of_person(self, person: Person | None) -> Self:
        """Nobody has no registration: seats without a name are nobody's."""
        return self.none() if person is None else self.filter(person=person)

    def nameless(self) -> Self:
        """Seats kept for a team, whose names are still to come."""
        return self.filter(person=None)

    def waiting(self) -> Self:
        """First come, first served."""
        return self.filter(status=RegistrationStatus.WAITLISTED).order_by("queued_at", "pk")

    def live(self) -> Self:
        return self.exclude(status__in=ENDED)

    def of_year(self, year: int, on: date) -> Self:
        """Kept registrations to what has begun this year."""
        return self.registered().filter(in_year("event__starts_on", year, on))

    def came(self) -> Self:
        """Present at a session at least, whatever the registration says."""
        return self.filter(_presence())

    def missed(self) -> Self:
        """Expected, and not seen."""
        return self.registered().exclude(_presence())

    def of_token(self, token: str) -> "Registration | None":
        """The registration that a mail's link leads to, in the life that the mail was about."""
        try:
            pk, queued_at = signing.Signer(salt=TOKEN_SALT).unsign_object(token)
            return self.get(
                pk=pk, queued_at=datetime.fromisoformat(queued_at), person__isnull=False
            )
        except (signing.BadSignature, self.model.DoesNotExist):
            return None

    def by_name(self) -> Self:
        return self.order_by("person__sort_name", "pk")


def _presence() -> Exists:
    came = Attendance.objects.filter(session__event=OuterRef("event"), person=OuterRef("person"))
    return Exists(came)


@tracked(exclude=("charge",))
class Registration(models.Model):
    """A person's registration to an event; it keeps its row when cancelled and taken up again."""

    event = models.ForeignKey(
        "events.Event",
        verbose_name="événement",
        on_delete=models.PROTECT,
        related_name="registrations",
    )
    person = models.ForeignKey(
        Person,
        verbose_name="personne",
        on_delete=models.PROTECT,
        related_name="registrations",
        null=True,
        blank=True,
        help_text="Vide : une place gardée pour l’équipe, à compléter.",
    )
    team = models.ForeignKey(
        Team,
        verbose_name="équipe à l’inscription",
        on_delete=models.PROTECT,
        related_name="registrations",
        null=True,
        blank=True,
    )
    status = models.CharField(
        "état", max_length=12, choices=RegistrationStatus, default=RegistrationStatus.REGISTERED
    )
    registered_on = models.DateField("inscription le")
    queued_at = models.DateTimeField(
        "demande reçue le", help_text="Fixe l’ordre de la liste d’attente."
    )
    registered_by = models.ForeignKey(
        User,
        verbose_name="inscrit·e par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    party = models.ForeignKey(
        Party,
        verbose_name="groupe inscrit",
        on_delete=models.SET_NULL,
        related_name="registrations",
        null=True,
        blank=True,
    )
    offer_until = models.DateTimeField("à accepter avant le", null=True, blank=True)
    over_capacity = models.BooleanField("hors jauge", default=False)
    reason = models.CharField(
        "motif", max_length=200, blank=True, help_text="Pourquoi hors jauge, annulée ou excusée."
    )

    charge = models.OneToOneField(
        Charge,
        verbose_name="somme due",
        on_delete=models.SET_NULL,
        related_name="registration",
        null=True,
        blank=True,
        editable=False,
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        indexes = [models.Index(fields=["event", "status"], name="registration_event_status")]
        constraints = [
            models.UniqueConstraint(
                name="registration_one_per_person",
                fields=["event", "person"],
                violation_error_message="Cette personne a déjà une inscription à cet événement.",
            ),
            models.CheckConstraint(
                name="registration_person_or_team",
                condition=Q(person__isnull=False) | Q(team__isnull=False),
                violation_error_message="Une place sans nom est gardée pour une équipe.",
            ),
            models.CheckConstraint(
                name="registration_offer_has_a_term",
                condition=Q(status="offered", offer_until__isnull=False)
                | (~Q(status="offered") & Q(offer_until__isnull=True)),
                violation_error_message="Une place proposée l’est jusqu’à une date.",
            ),
            models.CheckConstraint(
                name="registration_over_capacity_has_a_reason",
                condition=Q(over_capacity=False) | ~Q(reason=""),
                violation_error_message="Dites pourquoi cette personne est placée hors jauge.",
            ),
        ]
        triggers = [
            # Whichever way a seat is given up, its workshops are free for others.
            pgtrigger.Trigger(
                name="choices_end",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Condition(f"NEW.status NOT IN ({_HOLDING_SQL})"),
                func="DELETE FROM events_itemchoice WHERE registration_id = NEW.id; RETURN NULL;",
            )
        ]

    def __str__(self) -> str:
        return f"inscription n° {self.pk}"

    def versions(self) -> int:
        kept: Any = self.events  # type: ignore[attr-defined]  # its history
        return int(kept.count())

    @property
    def token(self) -> str:
        """What the link of a mail bears: it lets one act on this registration without signing in, as
        long as it lives; taken up again, it has another."""
        content = [self.pk, self.queued_at.isoformat()]
        return signing.Signer(salt=TOKEN_SALT).sign_object(content)

    @property
    def is_seated(self) -> bool:
        return self.status in SEATED

    @property
    def is_live(self) -> bool:
        return self.status not in ENDED

    @property
    def is_offered(self) -> bool:
        return self.status == RegistrationStatus.OFFERED

    @property
    def is_waiting(self) -> bool:
        return self.status == RegistrationStatus.WAITLISTED

    def rank(self) -> int:
        """The place on the waiting list: 1 is the next to get a seat."""
        before = Q(queued_at__lt=self.queued_at) | Q(queued_at=self.queued_at, pk__lt=self.pk)
        return Registration.objects.filter(before, event=self.event_id).waiting().count() + 1


class Attendance(models.Model):
    """One row: one person present at one session, or at half of a day that has two."""

    session = models.ForeignKey(
        "events.EventSession",
        verbose_name="séance",
        on_delete=models.PROTECT,
        related_name="attendances",
    )
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.PROTECT, related_name="attendances"
    )

    half_days = models.CharField(
        "demi-journées", max_length=10, choices=HalfDays, default=HalfDays.ALL
    )
    noted_at = models.DateTimeField("notée le", null=True, blank=True)

    class Meta:
        verbose_name = "présence"
        constraints = [
            models.UniqueConstraint(
                name="attendance_once_per_session",
                fields=["session", "person"],
                violation_error_message="Cette personne est déjà notée présente à cette séance.",
            )
        ]

    def __str__(self) -> str:
        return f"présence n° {self.pk}"
