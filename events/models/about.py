"""What belongs to an event: its aims, who leads and speaks, its partners, pictures, documents, and
what was decided there."""

from pathlib import PurePath

from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q

from apmsl.lib.uploads import check_document
from events.enums import ContributorRole, DocumentMoment
from events.models.events import Event
from members.models import Person


class Objective(models.Model):
    """The satisfaction survey asks of each whether it was reached."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="objectives")
    position = models.PositiveSmallIntegerField("ordre", default=1)
    text = models.CharField("objectif", max_length=300)

    class Meta:
        verbose_name = "objectif"

    def __str__(self) -> str:
        return self.text


class Contributor(models.Model):
    """Who leads the event, or speaks at it; somebody known, or a name."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="contributors")
    role = models.CharField("rôle", max_length=10, choices=ContributorRole)
    person = models.ForeignKey(
        Person,
        verbose_name="personne connue",
        on_delete=models.PROTECT,
        related_name="contributions",
        null=True,
        blank=True,
    )
    name = models.CharField("nom", max_length=150, blank=True)
    function = models.CharField("fonction", max_length=150, blank=True)
    organisation = models.CharField("organisme", max_length=150, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=1)

    class Meta:
        verbose_name = "intervenant"
        constraints = [
            models.CheckConstraint(
                name="contributor_named",
                condition=Q(person__isnull=False) | ~Q(name=""),
                violation_error_message="Choisissez une personne ou écrivez son nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.person)

    @property
    def presented(self) -> str:
        return ", ".join(filter(None, [self.function, self.organisation]))


class EventPartner(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="partners")
    name = models.CharField("partenaire", max_length=150)
    has_stand = models.BooleanField("tient un stand", default=False)
    stand = models.CharField("emplacement du stand", max_length=60, blank=True)

    class Meta:
        verbose_name = "partenaire de l’événement"
        verbose_name_plural = "partenaires de l’événement"
        constraints = [
            models.UniqueConstraint(
                name="eventpartner_once",
                fields=["event", "name"],
                violation_error_message="Ce partenaire est déjà dans la liste.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class EventPhoto(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="photos")
    image = models.FileField(
        "photo",
        upload_to="events/photos/",
        validators=[FileExtensionValidator(["jpg", "jpeg", "png"]), check_document],
    )
    caption = models.CharField("légende", max_length=200)
    credit = models.CharField("crédit", max_length=100, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=1)

    class Meta:
        verbose_name = "photo"

    def __str__(self) -> str:
        return self.caption


class EventDocument(models.Model):
    """Sent or shown before the event, or after it to those who came."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="documents")
    moment = models.CharField("moment", max_length=10, choices=DocumentMoment)
    title = models.CharField("titre", max_length=150)
    file = models.FileField("fichier", upload_to="events/", validators=[check_document])

    class Meta:
        verbose_name = "document de l’événement"
        verbose_name_plural = "documents de l’événement"

    def __str__(self) -> str:
        return self.title

    @property
    def filename(self) -> str:
        """The title, which says more than the name that it had on somebody's disk."""
        return self.title + PurePath(self.file.name or "").suffix.lower()


class Decision(models.Model):
    """What was decided, who sees to it, and by when."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="decisions")
    text = models.CharField("décision", max_length=400)
    owner = models.ForeignKey(
        Person,
        verbose_name="responsable",
        on_delete=models.PROTECT,
        related_name="decisions",
        null=True,
        blank=True,
    )
    due_on = models.DateField("pour le", null=True, blank=True)
    done_on = models.DateField("faite le", null=True, blank=True)

    class Meta:
        verbose_name = "décision"

    def __str__(self) -> str:
        return self.text
