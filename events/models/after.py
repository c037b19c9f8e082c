"""What follows an event: certificates, the survey, letters to its participants."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q

from apmsl.lib.identifiers import new_code
from events.enums import LetterGroup, Reached
from events.models.about import Objective
from events.models.events import Event
from events.models.registrations import Registration
from members.models import User


class Certificate(models.Model):
    """Of those present only; ``code`` is what the public page of checking asks for."""

    registration = models.OneToOneField(
        Registration,
        verbose_name="inscription",
        on_delete=models.PROTECT,
        related_name="certificate",
    )
    year = models.PositiveSmallIntegerField("année")
    number = models.PositiveIntegerField("numéro")
    code = models.CharField(
        "code de contrôle", max_length=20, unique=True, default=new_code, editable=False
    )
    issued_on = models.DateField("délivrée le")
    half_days = models.PositiveSmallIntegerField("demi-journées")
    hours = models.DecimalField("heures", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = "attestation de présence"
        verbose_name_plural = "attestations de présence"
        constraints = [
            models.UniqueConstraint(
                name="certificate_number_once_a_year",
                fields=["year", "number"],
                violation_error_message="Ce numéro d’attestation est déjà pris.",
            ),
            models.CheckConstraint(
                name="certificate_of_presence",
                condition=Q(half_days__gte=1),
                violation_error_message="Une attestation atteste d’au moins une demi-journée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.number:04d}"


class SurveyInvitation(models.Model):
    """Who was asked and who has answered; what they said stands elsewhere, without a link."""

    registration = models.OneToOneField(
        Registration,
        verbose_name="inscription",
        on_delete=models.CASCADE,
        related_name="survey_invitation",
    )
    sent_at = models.DateTimeField("envoyée le")
    answered_on = models.DateField("répondu le", null=True, blank=True)

    class Meta:
        verbose_name = "invitation à l’enquête"
        verbose_name_plural = "invitations à l’enquête"

    def __str__(self) -> str:
        return f"invitation n° {self.pk}"


class SatisfactionAnswer(models.Model):
    """Nobody's name, and no hour: only what was thought of the event."""

    event = models.ForeignKey(
        Event,
        verbose_name="événement",
        on_delete=models.CASCADE,
        related_name="satisfaction_answers",
    )
    satisfaction = models.PositiveSmallIntegerField(
        "satisfaction", validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    comment = models.TextField("commentaire", blank=True, max_length=2000)

    class Meta:
        verbose_name = "réponse à l’enquête"
        verbose_name_plural = "réponses à l’enquête"
        constraints = [
            models.CheckConstraint(
                name="satisfactionanswer_one_to_five",
                condition=Q(satisfaction__gte=1, satisfaction__lte=5),
                violation_error_message="La satisfaction se note de 1 à 5.",
            )
        ]

    def __str__(self) -> str:
        return f"réponse n° {self.pk}"


class ObjectiveAnswer(models.Model):
    answer = models.ForeignKey(
        SatisfactionAnswer, on_delete=models.CASCADE, related_name="objectives"
    )
    objective = models.ForeignKey(
        Objective, verbose_name="objectif", on_delete=models.PROTECT, related_name="answers"
    )
    reached = models.CharField("atteint", max_length=8, choices=Reached)
    comment = models.CharField("commentaire", max_length=500, blank=True)

    class Meta:
        verbose_name = "avis sur un objectif"
        verbose_name_plural = "avis sur les objectifs"
        constraints = [
            models.UniqueConstraint(
                name="objectiveanswer_once",
                fields=["answer", "objective"],
                violation_error_message="Cet objectif a déjà son avis.",
            )
        ]

    def __str__(self) -> str:
        return f"avis n° {self.pk}"


class EventLetterQuerySet(models.QuerySet["EventLetter"]):
    def with_progress(self) -> Self:
        """``people``: how many it goes to; ``written``: to how many it has been written."""
        done = Q(addressees__written_at__isnull=False)
        return self.annotate(people=Count("addressees"), written=Count("addressees", filter=done))


class EventLetter(models.Model):
    """A message of the staff to participants, previewed, then written to each through the ledger."""

    event = models.ForeignKey(
        Event, verbose_name="événement", on_delete=models.CASCADE, related_name="letters"
    )
    subject = models.CharField("sujet", max_length=150)
    text = models.TextField("texte")
    recipients = models.CharField("à qui", max_length=20, choices=LetterGroup)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    sent_by = models.ForeignKey(
        User,
        verbose_name="envoyé par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    people: int  # of a letter read ``with_progress``
    written: int

    objects = EventLetterQuerySet.as_manager()

    class Meta:
        verbose_name = "message aux participants"
        verbose_name_plural = "messages aux participants"

    def __str__(self) -> str:
        return self.subject


class LetterRecipientQuerySet(models.QuerySet["LetterRecipient"]):
    def to_write(self) -> Self:
        """Of letters that have left: those chosen for a draft wait with it."""
        return self.filter(written_at=None, letter__sent_at__isnull=False).order_by("pk")


class LetterRecipient(models.Model):
    """Who was on the list when a letter left: whoever registers later is not written to, and nobody
    is written to twice."""

    letter = models.ForeignKey(
        EventLetter, verbose_name="message", on_delete=models.CASCADE, related_name="addressees"
    )
    registration = models.ForeignKey(
        Registration,
        verbose_name="inscription",
        on_delete=models.CASCADE,
        related_name="letters",
    )
    written_at = models.DateTimeField("écrit le", null=True, blank=True)

    objects = LetterRecipientQuerySet.as_manager()

    class Meta:
        verbose_name = "destinataire d’un message"
        verbose_name_plural = "destinataires d’un message"
        indexes = [
            models.Index(
                fields=["letter"],
                condition=Q(written_at__isnull=True),
                name="letterrecipient_to_write",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="letterrecipient_once",
                fields=["letter", "registration"],
                violation_error_message="Ce message va déjà à cette personne.",
            )
        ]

    def __str__(self) -> str:
        return f"destinataire n° {self.pk}"
