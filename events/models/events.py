"""Events and the half-days they meet on."""

from datetime import date
from functools import lru_cache
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from apmsl.lib import audiences, text
from apmsl.lib.audiences import AudienceField
from apmsl.lib.dates import in_year
from apmsl.lib.history import tracked
from apmsl.lib.identifiers import new_code
from apmsl.lib.typography import money
from events.enums import EventStatus, Format, RegistrationStatus, SeatOffer
from events.models.kinds import ActionKind, Series
from events.models.registrations import Registration
from members.enums import Department
from members.models import Person, Team, User
from toolbox.models import Theme

HOUSE = ["board", "staff", "director"]  # audiences


@lru_cache(maxsize=10_000)
def _address(event_id: int) -> str:
    """Working an address out takes as long as drawing the line of a list that leads to it."""
    return reverse("events:event", args=[event_id])


def default_reminders() -> list[int]:
    return [7, 1]


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The staff sees everything; others what is for them, visitors what is public."""
        if user.is_staff:
            return self
        return self.filter(audiences__overlap=audiences.keys_of_user(user))

    def meant_for(self, user: User) -> Self:
        """Announced to the user's own audiences, and not to everybody."""
        own = user.seen_audiences - {audiences.PUBLIC_KEY}
        return self.filter(audiences__overlap=sorted(own))

    def beyond_the_house(self) -> Self:
        """Announced to others than the board and the staff."""
        return self.exclude(audiences__contained_by=HOUSE)

    def paying(self) -> Self:
        return self.filter(Q(price_cents__gt=0) | Q(guest_price_cents__gt=0))

    def held(self) -> Self:
        return self.filter(status=EventStatus.HELD)

    def between(self, first: date, last: date) -> Self:
        """With at least one day of that period."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

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
        taken = Registration.objects.taking_seats().filter(event=OuterRef("pk"))
        counted = taken.order_by().values("event").annotate(n=Count("pk")).values("n")
        return self.annotate(seats_taken=Coalesce(Subquery(counted), 0))

    def with_my_registration(self, person: Person | None) -> Self:
        """``my_status``: the person's registration, None without one or once cancelled."""
        mine = Registration.objects.live().of_person(person).filter(event=OuterRef("pk"))
        return self.annotate(my_status=Subquery(mine.values("status")[:1]))

    def mine(self, person: Person | None) -> Self:
        """Events that the person is registered to, or waits for."""
        return self.filter(pk__in=Registration.objects.live().of_person(person).values("event"))

    def with_waiting(self) -> Self:
        waiting = Q(registrations__status=RegistrationStatus.WAITLISTED)
        return self.annotate(waiting_count=Count("registrations", filter=waiting))

    def lock(self, pk: int) -> "Event":
        """Serialise every move of a seat. Take this lock before any registration's."""
        openings: Any = self.model._meta.get_field("openings").related_model
        known = self.annotate(has_openings=Exists(openings.objects.filter(event=OuterRef("pk"))))
        return known.select_for_update(of=("self",), no_key=True).get(pk=pk)


@tracked(exclude=("search_text",))
class Event(models.Model):
    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    title = models.CharField("titre", max_length=200)
    description = models.TextField("présentation", blank=True)
    kind = models.ForeignKey(
        ActionKind, verbose_name="type d’action", on_delete=models.PROTECT, related_name="events"
    )
    series = models.ForeignKey(
        Series,
        verbose_name="série",
        on_delete=models.PROTECT,
        related_name="events",
        null=True,
        blank=True,
    )
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
    cancel_reason = models.CharField("pourquoi il est annulé", max_length=300, blank=True)
    host_team = models.ForeignKey(
        Team,
        verbose_name="équipe d’accueil",
        on_delete=models.PROTECT,
        related_name="hosted_events",
        null=True,
        blank=True,
    )
    is_new = models.BooleanField(
        "nouveau", default=False, help_text="Proposé pour la première fois cette année."
    )
    cpom_line = models.CharField("ligne du CPOM", max_length=100, blank=True)
    replay_url = models.URLField("lien de rediffusion", blank=True)
    minutes = models.TextField("compte rendu", blank=True)
    # -- rules of registration
    seats_per_team = models.PositiveSmallIntegerField(
        "places par équipe",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Vide : sans limite.",
    )
    replace_until = models.DateField(
        "remplacements jusqu’au",
        null=True,
        blank=True,
        help_text="Vide : jusqu’au jour de l’événement.",
    )
    seat_offer = models.CharField(
        "place libérée", max_length=8, choices=SeatOffer, default=SeatOffer.GIVEN
    )
    offer_hours = models.PositiveSmallIntegerField(
        "délai pour accepter (heures)",
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
    )
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(60)]),
        verbose_name="rappels, jours avant",
        default=default_reminders,
        blank=True,
        size=5,
        help_text="Par exemple « 7,1 » ; vide : aucun rappel.",
    )
    price_cents = models.PositiveIntegerField("prix par personne", null=True, blank=True)
    guest_price_cents = models.PositiveIntegerField("prix hors adhérents", null=True, blank=True)
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
            models.Index(fields=["kind", "status", "starts_on"], name="event_kind_status"),
        ]
        constraints = [
            models.CheckConstraint(
                name="event_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            models.UniqueConstraint(
                name="event_number_once_in_series",
                fields=["series", "series_number"],
                violation_error_message="Ce numéro est déjà pris dans la série.",
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
    def edition(self) -> str:
        """« 12e journée régionale », of an event read with its series; nothing outside of one."""
        if self.series is None or self.series_number is None:
            return ""
        return self.series.edition(self.series_number)

    @property
    def where(self) -> str:
        if self.format == Format.ONLINE:
            return str(Format.ONLINE.label)
        return self.place or self.get_department_display()

    @property
    def is_free(self) -> bool:
        return not self.price_cents and not self.guest_price_cents

    @property
    def price(self) -> str:
        """« 25 € par personne, 40 € hors adhérents »."""
        if self.is_free:
            return "Gratuit"
        own = f"{money(self.price_cents)} par personne" if self.price_cents else "Gratuit"
        if self.guest_price_cents in {None, self.price_cents}:
            return own
        others = f"{money(self.guest_price_cents)} " if self.guest_price_cents else "gratuit "
        return f"{own}, {others}hors adhérents"

    @property
    def last_day_to_register(self) -> date:
        return self.registration_until or self.starts_on

    def is_open(self, on: date) -> bool:
        """Registrations are taken until the deadline, or until the event begins."""
        return self.status == EventStatus.PLANNED and on <= self.last_day_to_register

    @property
    def last_day_to_replace(self) -> date:
        return self.replace_until or self.starts_on

    def is_over(self, on: date) -> bool:
        return self.status == EventStatus.HELD or on > self.ends_on

    @property
    def seats_left(self) -> int | None:
        """None without a limit; of an event read ``with_seats_taken``."""
        if self.capacity is None:
            return None
        return max(self.capacity - self.seats_taken, 0)

    @property
    def seats_missing(self) -> int:
        """More were promised than there are, once the capacity was lowered; read as above."""
        return 0 if self.capacity is None else max(self.seats_taken - self.capacity, 0)


class EventSession(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField("numéro")
    held_on = models.DateField("le")
    starts_at = models.TimeField("de", null=True, blank=True)
    ends_at = models.TimeField("à", null=True, blank=True)
    break_from = models.TimeField("pause de", null=True, blank=True)
    break_to = models.TimeField("pause à", null=True, blank=True)

    class Meta:
        verbose_name = "séance"
        indexes = [models.Index(fields=["held_on"], name="eventsession_held_on")]
        constraints = [
            models.UniqueConstraint(
                name="eventsession_number_once",
                fields=["event", "number"],
                violation_error_message="Ce numéro de séance est déjà pris.",
            ),
            models.CheckConstraint(
                name="eventsession_ends_after_start",
                condition=Q(ends_at__isnull=True) | Q(starts_at__lt=F("ends_at")),
                violation_error_message="La séance finit après son début.",
            ),
            models.CheckConstraint(
                name="eventsession_break_within",
                condition=Q(break_from__isnull=True, break_to__isnull=True)
                | Q(
                    starts_at__lt=F("break_from"),
                    break_from__lte=F("break_to"),
                    break_to__lt=F("ends_at"),
                ),
                violation_error_message="La pause est entre le début et la fin de la séance.",
            ),
        ]

    def __str__(self) -> str:
        return f"séance {self.number}"

    @property
    def has_two_halves(self) -> bool:
        """A day with a break has a morning and an afternoon; any other session is one half-day."""
        return self.break_from is not None
