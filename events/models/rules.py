"""Who may register when, what is asked of them, and people from outside."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from events.enums import QuestionType
from events.models.events import Event
from events.models.registrations import Registration


class Opening(models.Model):
    """An audience that registers from a day on; those without a line register at once."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="openings")
    audience = models.CharField("public", max_length=60)
    opens_on = models.DateField("inscriptions à partir du")

    class Meta:
        verbose_name = "ouverture des inscriptions"
        verbose_name_plural = "ouvertures des inscriptions"
        constraints = [
            models.UniqueConstraint(
                name="opening_once_per_audience",
                fields=["event", "audience"],
                violation_error_message="Ce public a déjà sa date d’ouverture.",
            )
        ]

    def __str__(self) -> str:
        return f"ouverture n° {self.pk}"


class RegistrationQuestion(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField("ordre", default=1)
    text = models.CharField("question", max_length=200)
    type = models.CharField(
        "réponse", max_length=10, choices=QuestionType, default=QuestionType.TEXT
    )
    choices = ArrayField(
        models.CharField(max_length=100), verbose_name="choix", default=list, blank=True
    )
    required = models.BooleanField("réponse obligatoire", default=False)
    is_temporary = models.BooleanField(
        "effacée après l’événement",
        default=False,
        help_text="Pour ce qui ne sert que le jour même : régime alimentaire, accessibilité.",
    )

    class Meta:
        verbose_name = "question à l’inscription"
        verbose_name_plural = "questions à l’inscription"

    def __str__(self) -> str:
        return self.text


class RegistrationAnswer(models.Model):
    registration = models.ForeignKey(
        Registration, verbose_name="inscription", on_delete=models.CASCADE, related_name="answers"
    )
    question = models.ForeignKey(
        RegistrationQuestion,
        verbose_name="question",
        on_delete=models.PROTECT,
        related_name="answers",
    )
    value = models.CharField("réponse", max_length=500)

    class Meta:
        verbose_name = "réponse à l’inscription"
        verbose_name_plural = "réponses à l’inscription"
        constraints = [
            models.UniqueConstraint(
                name="registrationanswer_once",
                fields=["registration", "question"],
                violation_error_message="Cette question a déjà sa réponse.",
            )
        ]

    def __str__(self) -> str:
        return f"réponse n° {self.pk}"


class GuestRequest(models.Model):
    """Somebody from outside who wants to come to a public event; a seat is taken once the address is
    confirmed, and the person known from then on."""

    event = models.ForeignKey(
        Event, verbose_name="événement", on_delete=models.CASCADE, related_name="guest_requests"
    )
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom", max_length=100)
    email = models.EmailField("courriel")
    function = models.CharField("fonction", max_length=150, blank=True)
    organisation = models.CharField("organisme", max_length=150, blank=True)
    asked_at = models.DateTimeField("demandée le")
    confirmed_at = models.DateTimeField("confirmée le", null=True, blank=True)
    registration = models.OneToOneField(
        Registration,
        verbose_name="inscription",
        on_delete=models.CASCADE,
        related_name="guest_request",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "demande d’inscription du public"
        verbose_name_plural = "demandes d’inscription du public"
        constraints = [
            models.UniqueConstraint(
                name="guestrequest_once_per_address",
                fields=["event", "email"],
                violation_error_message="Une demande est déjà en cours pour cette adresse.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"
