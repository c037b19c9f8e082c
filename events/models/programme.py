"""The programme of an event, and the workshops that participants choose."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from events.enums import ItemType
from events.models.events import Event
from events.models.registrations import HOLDING, Registration
from members.models import User


class ItemQuerySet(models.QuerySet["Item"]):
    def in_order(self) -> Self:
        return self.order_by("held_on", "starts_at", "room", "pk")

    def to_choose(self) -> Self:
        return self.filter(is_chosen=True)

    def with_taken(self) -> Self:
        """``taken``: how many people with a seat have chosen it."""
        chosen = ItemChoice.objects.filter(item=OuterRef("pk"), registration__status__in=HOLDING)
        counted = chosen.order_by().values("item").annotate(n=Count("pk")).values("n")
        return self.annotate(taken=Coalesce(Subquery(counted), 0))


class Item(models.Model):
    """One thing of the programme; two that meet at the same time cannot both be chosen."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="items")
    type = models.CharField("type", max_length=12, choices=ItemType)
    title = models.CharField("titre", max_length=200)
    description = models.TextField("présentation", blank=True)
    held_on = models.DateField("le")
    starts_at = models.TimeField("de")
    ends_at = models.TimeField("à")
    room = models.CharField("salle", max_length=60, blank=True)
    example_team = models.CharField("équipe qui témoigne", max_length=150, blank=True)
    is_chosen = models.BooleanField("à choisir à l’inscription", default=False)
    capacity = models.PositiveIntegerField(
        "places", null=True, blank=True, help_text="Vide : sans limite."
    )

    taken: int  # of an item read ``with_taken``

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = "élément du programme"
        verbose_name_plural = "programme"
        constraints = [
            models.CheckConstraint(
                name="item_ends_after_start",
                condition=Q(starts_at__lt=F("ends_at")),
                violation_error_message="La fin ne peut pas précéder le début.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def seats_left(self) -> int | None:
        """None without a limit; of an item read ``with_taken``."""
        return None if self.capacity is None else max(self.capacity - self.taken, 0)

    def meets(self, other: "Item") -> bool:
        """Both cannot be attended."""
        same_day = self.held_on == other.held_on
        return same_day and self.starts_at < other.ends_at and other.starts_at < self.ends_at


# What a page, an import and two browsers at once cannot go round. The item's row is locked: two
# choices of its last seat are counted one after the other. With a reason, the staff has decided.
_FITS = """
    SELECT * INTO chosen FROM events_item WHERE id = NEW.item_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM events_registration
        WHERE id = NEW.registration_id AND event_id = chosen.event_id
    ) THEN
        RAISE EXCEPTION 'item % is of another event', NEW.item_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.reason <> '' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT 1 FROM events_itemchoice c JOIN events_item i ON i.id = c.item_id
        WHERE c.registration_id = NEW.registration_id AND i.id <> chosen.id
        AND i.held_on = chosen.held_on
        AND i.starts_at < chosen.ends_at AND chosen.starts_at < i.ends_at
    ) THEN
        RAISE EXCEPTION 'item % meets another one chosen', NEW.item_id
            USING ERRCODE = 'exclusion_violation';
    END IF;
    IF chosen.capacity <= (
        SELECT count(*) FROM events_itemchoice c
        JOIN events_registration r ON r.id = c.registration_id
        WHERE c.item_id = chosen.id AND r.id <> NEW.registration_id
        AND r.status IN ('registered', 'confirmed', 'offered')
    ) THEN
        RAISE EXCEPTION 'item % is full', NEW.item_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class ItemChoice(models.Model):
    registration = models.ForeignKey(
        Registration,
        verbose_name="inscription",
        on_delete=models.CASCADE,
        related_name="choices",
    )
    item = models.ForeignKey(
        Item, verbose_name="atelier", on_delete=models.PROTECT, related_name="choices"
    )
    reason = models.CharField(
        "motif",
        max_length=200,
        blank=True,
        help_text="Pourquoi malgré un atelier complet, ou un autre à la même heure.",
    )
    decided_by = models.ForeignKey(
        User,
        verbose_name="décidé par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)

    class Meta:
        verbose_name = "atelier choisi"
        verbose_name_plural = "ateliers choisis"
        constraints = [
            models.UniqueConstraint(
                name="itemchoice_once",
                fields=["registration", "item"],
                violation_error_message="Cet atelier est déjà choisi.",
            ),
            models.CheckConstraint(
                name="itemchoice_decided_with_a_reason",
                condition=Q(decided_at__isnull=True, reason="")
                | (Q(decided_at__isnull=False) & ~Q(reason="")),
                violation_error_message="Une décision de l’équipe a un motif et une date.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("chosen", "events_item")],
                func=_FITS,
            )
        ]

    def __str__(self) -> str:
        return f"choix n° {self.pk}"
