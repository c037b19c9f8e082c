"""The secret address of somebody's calendar."""

import secrets
from typing import Self

from django.db import models
from django.db.models import Q

from members.models import User


def new_token() -> str:
    return secrets.token_urlsafe(24)


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def open(self) -> Self:
        return self.filter(revoked_at=None)


class CalendarFeed(models.Model):
    """Whoever knows the address reads the calendar: its owner may have another at any time."""

    user = models.ForeignKey(
        User, verbose_name="compte", on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    token = models.CharField("adresse secrète", max_length=64, unique=True, default=new_token)
    created_at = models.DateTimeField("créée le")
    revoked_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "calendrier personnel"
        verbose_name_plural = "calendriers personnels"
        constraints = [
            models.UniqueConstraint(
                name="calendarfeed_one_open_per_user",
                fields=["user"],
                condition=Q(revoked_at__isnull=True),
                violation_error_message="Ce compte a déjà une adresse de calendrier.",
            )
        ]

    def __str__(self) -> str:
        return f"calendrier n° {self.pk}"
