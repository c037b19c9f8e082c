"""How to reach a person besides by e-mail, and what they agreed to show."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apmsl.lib import phones
from apmsl.lib.history import tracked
from members.enums import ConsentChannel, ContactKind, DataRequestKind, Visibility
from members.models.accounts import User
from members.models.outbox import feeds_crm
from members.models.people import Person
from members.models.teams import Team
from members.models.visibility import ShownQuerySet, new_value_is_private

PHONES = (ContactKind.MOBILE, ContactKind.PHONE)
VALUE_LENGTH = 250


class ContactDetailQuerySet(ShownQuerySet):
    def in_order(self) -> Self:
        return self.order_by("kind", "value", "pk")


@tracked()
class ContactDetail(models.Model):
    """A telephone or the address of a practice, shown to the federation alone until its owner
    chooses otherwise."""

    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.CASCADE, related_name="contact_details"
    )
    kind = models.CharField("nature", max_length=12, choices=ContactKind)
    value = models.CharField("coordonnée", max_length=VALUE_LENGTH)
    visibility = models.CharField(
        "visible par", max_length=12, choices=Visibility, default=Visibility.FEDERATION
    )

    objects = ContactDetailQuerySet.as_manager()

    class Meta:
        verbose_name = "coordonnée"
        constraints = [
            models.UniqueConstraint(
                name="contactdetail_once_per_person",
                fields=["person", "kind", "value"],
                violation_error_message="Cette coordonnée est déjà enregistrée.",
            ),
            models.CheckConstraint(
                name="contactdetail_phone_in_french_form",
                condition=~Q(kind__in=PHONES) | Q(value__regex=phones.KEPT),
                violation_error_message=(
                    "Un numéro de téléphone français a dix chiffres et commence par 0 ou par +33."
                ),
            ),
        ]
        triggers = [
            *new_value_is_private("value", "OLD.kind"),
            *feeds_crm(contacts="person_id"),
        ]

    def __str__(self) -> str:
        return self.shown

    def clean(self) -> None:
        """The staff may type a number as it comes."""
        if self.kind in PHONES:
            self.value = phones.normalised(self.value) or self.value

    @property
    def is_phone(self) -> bool:
        return self.kind in PHONES

    @property
    def shown(self) -> str:
        return phones.shown(self.value) if self.is_phone else self.value


class ConsentQuerySet(models.QuerySet["Consent"]):
    def open(self) -> Self:
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """What a person agreed to, with the words they read: the proof, one row a choice."""

    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.CASCADE, related_name="consents"
    )
    field = models.CharField("donnée", max_length=12)  # « email » or a ContactKind
    value = models.CharField("valeur", max_length=VALUE_LENGTH + 10)
    visibility = models.CharField("montrée à", max_length=12, choices=Visibility)
    text_version = models.CharField("version du texte", max_length=20)
    text = models.TextField("texte affiché")
    channel = models.CharField("recueilli par", max_length=12, choices=ConsentChannel)
    given_at = models.DateTimeField("donné le", default=timezone.now)
    given_by = models.ForeignKey(
        User,
        verbose_name="donné par",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "consentement"
        constraints = [
            models.UniqueConstraint(
                name="consent_one_open_per_value",
                fields=["person", "field", "value"],
                condition=Q(withdrawn_at=None),
                violation_error_message="Un consentement est déjà ouvert pour cette coordonnée.",
            ),
            models.CheckConstraint(
                name="consent_widens_something",
                condition=~Q(visibility=Visibility.FEDERATION),
                violation_error_message="Ce qui reste à la fédération ne demande pas d’accord.",
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                violation_error_message="Le retrait ne peut pas précéder l’accord.",
            ),
        ]

    def __str__(self) -> str:
        return f"consentement n° {self.pk}"


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def waiting(self) -> Self:
        return self.filter(handled_on=None)


@tracked()
class DataRequest(models.Model):
    """Someone asks that data be corrected or erased: to be answered within a month."""

    kind = models.CharField("demande", max_length=12, choices=DataRequestKind)
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.CASCADE, related_name="data_requests"
    )
    team = models.ForeignKey(
        Team,
        verbose_name="à propos de l’équipe",
        on_delete=models.CASCADE,
        related_name="data_requests",
        null=True,
        blank=True,
    )
    text = models.TextField("texte", blank=True)
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    due_on = models.DateField("réponse attendue avant le")
    handled_on = models.DateField("traité le", null=True, blank=True)
    answer = models.TextField("réponse donnée", blank=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande sur les données"
        verbose_name_plural = "demandes sur les données"
        constraints = [
            models.UniqueConstraint(
                name="datarequest_one_erasure_waiting",
                fields=["person"],
                condition=Q(kind=DataRequestKind.ERASURE, handled_on=None),
                violation_error_message="Une demande d’effacement attend déjà une réponse.",
            )
        ]

    def __str__(self) -> str:
        return f"demande n° {self.pk}"
