"""Events, their sessions, who registers and who comes."""

from datetime import date
from functools import lru_cache
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from apmsl.lib import audiences, text
from apmsl.lib.audiences import AudienceField
from apmsl.lib.dates import in_year
from apmsl.lib.history import tracked
from apmsl.lib.identifiers import new_code
from events.enums import Category, EventStatus, Format, RegistrationStatus
from members.enums import Department
from members.models import Person, Team, User
from toolbox.models import Theme


@lru_cache(maxsize=10_000)
def _address(event_id: int) -> str:
    """Working an address out takes as long as drawing the line of a list that leads to it."""
    return reverse("events:event", args=[event_id])


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The staff sees everything; others what is for them, visitors what is public."""
        if user.is_staff:
            return self
        return self.filter(audiences__overlap=audiences.keys_of_user(user))

    def held(self) -> Self:
        return self.filter(status=EventStatus.HELD)

    def starting_in(self, year: int, as_of: date) -> Self:
        return self.filter(in_year("starts_on", year, as_of))

    def coming(self, on: date) -> Self:
        """Planned or under way, in their order."""
        return (
            self.filter(ends_on__gte=on)
            .exclude(status=EventStatus.CANCELLED)
            .order_by("starts_on", "pk")
        )

    def not_over(self, on: date) -> Self:
        """Those that are cancelled too: whoever looks for one must learn it."""
        return self.filter(ends_on__gte=on).order_by("starts_on", "pk")

    def past(self, on: date) -> Self:
        """The latest first."""
        return self.filter(ends_on__lt=on).order_by("-starts_on", "-pk")

    def with_seats_taken(self) -> Self:
        """A subquery rather than a join: counted for the rows of a page only."""
        registered = Registration.objects.registered().filter(event=OuterRef("pk"))
        counted = registered.order_by().values("event").annotate(n=Count("pk")).values("n")
        return self.annotate(seats_taken=Coalesce(Subquery(counted), 0))

    def with_my_registration(self, person: Person | None) -> Self:
        """``my_status``: the person's registration, None without one or once cancelled."""
        mine = Registration.objects.live().filter(event=OuterRef("pk"), person=person)
        return self.annotate(my_status=Subquery(mine.values("status")[:1]))

    def mine(self, person: Person | None) -> Self:
        """Events that the person is registered to, or waits for."""
        return self.filter(pk__in=Registration.objects.live().filter(person=person).values("event"))

    def with_waiting(self) -> Self:
        waiting = Q(registrations__status=RegistrationStatus.WAITLISTED)
        return self.annotate(waiting_count=Count("registrations", filter=waiting))

    def lock(self, pk: int) -> "Event":
        """Serialise every move of a seat. Take this lock before any registration's."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


@tracked(exclude=("search_text",))
class Event(models.Model):
    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    title = models.CharField("titre", max_length=200)
    description = models.TextField("présentation", blank=True)
    category = models.CharField("type", max_length=24, choices=Category)
    theme = models.ForeignKey(
        Theme,
        verbose_name="thème",
        on_delete=models.PROTECT,
        related_name="events",
        null=True,
        blank=True,
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    starts_at = models.TimeField("de", null=True, blank=True)
    ends_at = models.TimeField("à", null=True, blank=True)
    format = models.CharField("modalité", max_length=10, choices=Format, default=Format.ON_SITE)
    department = models.CharField("département", max_length=3, choices=Department, blank=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    online_url = models.URLField("lien de visioconférence", blank=True)
    audiences = AudienceField()
    status = models.CharField(
        "état", max_length=10, choices=EventStatus, default=EventStatus.PLANNED
    )
    capacity = models.PositiveIntegerField(
        "places", null=True, blank=True, help_text="Vide : sans limite."
    )
    registration_until = models.DateField("inscriptions jusqu’au", null=True, blank=True)
    series_number = models.PositiveSmallIntegerField("numéro dans la série", null=True, blank=True)
    search_text = models.GeneratedField(
        expression=text.normalised("title", "place"),
        output_field=models.CharField(max_length=800),
        db_persist=True,
        verbose_name="texte de recherche",
    )

    seats_taken: int  # of an event read ``with_seats_taken``

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "événement"
        indexes = [
            models.Index(fields=["starts_on"], name="event_starts_on"),
            models.Index(fields=["category", "status", "starts_on"], name="event_category_status"),
        ]
        constraints = [
            models.CheckConstraint(
                name="event_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                name="event_at_least_one_audience",
                condition=~Q(audiences=[]),
                violation_error_message="Choisissez au moins un public.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return _address(self.pk)

    def versions(self) -> int:
        """How many times it changed: the SEQUENCE of its calendar entry."""
        kept: Any = self.events  # type: ignore[attr-defined]  # its history, see apmsl.lib.history
        return int(kept.count())

    @property
    def where(self) -> str:
        if self.format == Format.ONLINE:
            return str(Format.ONLINE.label)
        return self.place or self.get_department_display()

    @property
    def last_day_to_register(self) -> date:
        return self.registration_until or self.starts_on

    def is_open(self, on: date) -> bool:
        """Registrations are taken until the deadline, or until the event begins."""
        return self.status == EventStatus.PLANNED and on <= self.last_day_to_register

    def is_over(self, on: date) -> bool:
        return self.status == EventStatus.HELD or on > self.ends_on

    @property
    def seats_left(self) -> int | None:
        """None without a limit; of an event read ``with_seats_taken``."""
        if self.capacity is None:
            return None
        return max(self.capacity - self.seats_taken, 0)


class EventSession(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField("numéro")
    held_on = models.DateField("le")

    class Meta:
        verbose_name = "séance"
        indexes = [models.Index(fields=["held_on"], name="eventsession_held_on")]
        constraints = [
            models.UniqueConstraint(
                name="eventsession_number_once",
                fields=["event", "number"],
                violation_error_message="Ce numéro de séance est déjà pris.",
            )
        ]

    def __str__(self) -> str:
        return f"séance {self.number}"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def registered(self) -> Self:
        return self.filter(status=RegistrationStatus.REGISTERED)

    def waiting(self) -> Self:
        """First come, first served."""
        return self.filter(status=RegistrationStatus.WAITLISTED).order_by("queued_at", "pk")

    def live(self) -> Self:
        return self.exclude(status=RegistrationStatus.CANCELLED)

    def of_year(self, year: int, on: date) -> Self:
        """Kept registrations to what has begun this year."""
        return self.registered().filter(in_year("event__starts_on", year, on))

    def by_name(self) -> Self:
        return self.order_by("person__sort_name", "pk")


@tracked()
class Registration(models.Model):
    """A person's registration to an event; it keeps its row when cancelled and taken up again."""

    event = models.ForeignKey(
        Event, verbose_name="événement", on_delete=models.PROTECT, related_name="registrations"
    )
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.PROTECT, related_name="registrations"
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
        "rang dans la file", help_text="Fixe l’ordre de la liste d’attente."
    )
    registered_by = models.ForeignKey(
        User,
        verbose_name="inscrit·e par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
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
            )
        ]

    def __str__(self) -> str:
        return f"inscription n° {self.pk}"

    def versions(self) -> int:
        kept: Any = self.events  # type: ignore[attr-defined]  # its history
        return int(kept.count())

    @property
    def is_waiting(self) -> bool:
        return self.status == RegistrationStatus.WAITLISTED

    def rank(self) -> int:
        """The place on the waiting list: 1 is the next to get a seat."""
        before = Q(queued_at__lt=self.queued_at) | Q(queued_at=self.queued_at, pk__lt=self.pk)
        return Registration.objects.filter(before, event=self.event_id).waiting().count() + 1


class Attendance(models.Model):
    """One row: one person present at one session."""

    session = models.ForeignKey(
        EventSession, verbose_name="séance", on_delete=models.CASCADE, related_name="attendances"
    )
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.PROTECT, related_name="attendances"
    )

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
