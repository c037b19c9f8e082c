"""The tabs over the pages of an event: parts of its file, and pages that others made."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from events.admin.inlines import (
    ContributorInline,
    DocumentInline,
    EventSessionInline,
    ItemInline,
    ObjectiveInline,
    OpeningInline,
    PartnerInline,
    PhotoInline,
    QuestionInline,
)
from events.enums import RegistrationStatus
from events.models import Event

_MONEY = "&paiement=tous"
_WAITING = f"&status__exact={RegistrationStatus.WAITLISTED}"


@dataclass(frozen=True)
class Part:
    """What of an event is written on a page of its own."""

    key: str
    title: str
    fieldsets: tuple[Any, ...]
    inlines: tuple[Any, ...]


@dataclass(frozen=True)
class Tab:
    title: str
    url: str
    is_current: bool


PARTS = (
    Part("programme", "Programme", (), (EventSessionInline, ItemInline)),
    Part(
        "regles",
        "Règles d’inscription",
        (
            (
                None,
                {
                    "fields": (
                        ("capacity", "registration_until"),
                        ("seats_per_team", "replace_until"),
                        ("seat_offer", "offer_hours"),
                        ("price_cents", "guest_price_cents"),
                        "reminder_days",
                    )
                },
            ),
        ),
        (OpeningInline, QuestionInline),
    ),
    Part(
        "contenu",
        "Intervenants et documents",
        ((None, {"fields": (("host_team", "cpom_line"), ("replay_url", "is_new"))}),),
        (ContributorInline, ObjectiveInline, PartnerInline, DocumentInline, PhotoInline),
    ),
)
# Pages of the staff outside the administration.
_ON_THE_SITE = (
    ("courriels", "Courriels", "letters"),
    ("presence", "Présence", "presence"),
    ("accueil", "Accueil", "check_in"),
    ("compte-rendu", "Compte rendu", "minutes"),
    ("enquete", "Enquête", "survey_results"),
)
BY_KEY = {part.key: part for part in PARTS}


def registrations_url(event_id: int, more: str = "") -> str:
    return f"{reverse('admin:events_registration_changelist')}?event__id__exact={event_id}{more}"


def tabs_of(event_id: int, current: str, *, is_paying: bool | None = None) -> list[Tab]:
    """``is_paying``: asked of the database where the caller does not know."""
    if is_paying is None:
        is_paying = Event.objects.paying().filter(pk=event_id).exists()
    pages = _pages(event_id, is_paying=is_paying)
    return [Tab(title, url, key == current) for key, title, url in pages]


def _pages(event_id: int, *, is_paying: bool) -> Iterator[tuple[str, str, str]]:
    yield "fiche", "Fiche", reverse("admin:events_event_change", args=[event_id])
    yield "inscriptions", "Inscriptions", registrations_url(event_id)
    yield "attente", "Liste d’attente", registrations_url(event_id, _WAITING)
    if is_paying:
        yield "paiements", "Paiements", registrations_url(event_id, _MONEY)
    for part in PARTS:
        yield part.key, part.title, reverse(f"admin:events_event_{part.key}", args=[event_id])
    for key, title, name in _ON_THE_SITE:
        yield key, title, reverse(f"events:{name}", args=[event_id])
    yield "statistiques", "Statistiques", reverse("admin:events_event_statistics", args=[event_id])
    yield "historique", "Historique", reverse("admin:events_event_history", args=[event_id])


def page(page_of: Any, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    shared = {**page_of.admin_site.each_context(request), "opts": page_of.opts}
    return TemplateResponse(request, name, {**shared, **context})
