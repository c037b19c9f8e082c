"""Letters and articles, with the audience they had."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from apmsl.lib.audiences import keys_of_user
from apmsl.lib.history import tracked
from apmsl.lib.identifiers import new_code
from network.enums import ArticleKind, LetterKind

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class NewsletterQuerySet(models.QuerySet["Newsletter"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Letters to members are theirs; the public letter is everyone's."""
        if set(keys_of_user(user)) & {"members", "board", "staff"}:
            return self
        return self.filter(kind=LetterKind.PUBLIC)

    def sent_by(self, on: date) -> Self:
        return self.filter(sent_on__lte=on)


class ArticleQuerySet(models.QuerySet["Article"]):
    def published_by(self, on: date) -> Self:
        return self.filter(published_on__lte=on)


@tracked()
class Newsletter(models.Model):
    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    kind = models.CharField("type", max_length=10, choices=LetterKind)
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("texte", blank=True)
    sent_on = models.DateField("envoyée le")
    delivered = models.PositiveIntegerField("destinataires", default=0)
    opened = models.PositiveIntegerField("ouvertures", default=0)

    objects = NewsletterQuerySet.as_manager()

    class Meta:
        verbose_name = "lettre"
        constraints = [
            models.CheckConstraint(
                name="newsletter_opened_among_delivered",
                condition=Q(opened__lte=F("delivered")),
                violation_error_message="Une lettre ne peut être ouverte plus de fois que reçue.",
            )
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("network:letter", args=[self.pk])


@tracked()
class Article(models.Model):
    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    kind = models.CharField("rubrique", max_length=12, choices=ArticleKind)
    title = models.CharField("titre", max_length=200)
    body = models.TextField("texte", blank=True)
    published_on = models.DateField("publié le")
    views = models.PositiveIntegerField("consultations", default=0, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = "article"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("network:article", args=[self.pk])
