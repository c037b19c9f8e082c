"""The ledger of outgoing mail: one row per message, unique per purpose and object."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class MessageStatus(models.TextChoices):
    WAITING = "waiting", "À envoyer"
    SENT = "sent", "Envoyé"
    FAILED = "failed", "Abandonné"


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, at: datetime) -> Self:
        return self.filter(status=MessageStatus.WAITING, not_before__lte=at).order_by("pk")


class Message(models.Model):
    purpose = models.CharField("objet de l’envoi", max_length=60)
    object_key = models.CharField(
        "à propos de", max_length=120, help_text="Ce dont parle le message : jamais deux fois."
    )
    recipient = models.EmailField("destinataire")
    subject = models.CharField("sujet", max_length=200)
    text = models.TextField("texte")
    html = models.TextField("html", blank=True)
    attachment_name = models.CharField("pièce jointe", max_length=120, blank=True)
    attachment_type = models.CharField("type de la pièce", max_length=80, blank=True)
    attachment = models.TextField("contenu de la pièce", blank=True)
    status = models.CharField(
        "état", max_length=10, choices=MessageStatus, default=MessageStatus.WAITING
    )
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    not_before = models.DateTimeField("pas avant le")
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    last_error = models.CharField("dernière erreur", max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(status=MessageStatus.WAITING),
                name="message_waiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="message_once_per_purpose_and_object",
                fields=["purpose", "object_key", "recipient"],
                violation_error_message="Ce message a déjà été écrit.",
            ),
            models.CheckConstraint(
                name="message_sent_at_iff_sent",
                condition=Q(status=MessageStatus.SENT, sent_at__isnull=False)
                | (~Q(status=MessageStatus.SENT) & Q(sent_at__isnull=True)),
                violation_error_message="La date d’envoi va avec un message envoyé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} n° {self.pk}"
