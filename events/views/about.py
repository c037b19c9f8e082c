"""What the page of an event tells of it: aims, people, programme, pictures and documents."""

from datetime import date
from itertools import groupby
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from apmsl.lib import pictures
from apmsl.lib.access import PUBLIC, access
from apmsl.lib.storage import attachment
from events.access import took_part
from events.enums import ContributorRole, DocumentMoment
from events.models import Event, EventDocument, EventPhoto, Item

A_DAY = 24 * 3600
WIDEST = 1600  # pixels: twice what the page shows


def about(request: HttpRequest, shown: Event) -> dict[str, Any]:
    """The lists of the page; those that are empty do not show."""
    inside = took_part(request.user, shown)
    contributors = list(shown.contributors.select_related("person").order_by("position", "pk"))
    context: dict[str, Any] = {
        "took_part": inside,
        "objectives": shown.objectives.order_by("position", "pk"),
        "leads": [row for row in contributors if row.role == ContributorRole.LEAD],
        "speakers": [row for row in contributors if row.role == ContributorRole.SPEAKER],
        "partners": shown.partners.order_by("name", "pk"),
        "photos": shown.photos.order_by("position", "pk"),
        "documents": _by_moment(shown, inside=inside),
        "programme": programme(shown),
    }
    if inside:
        decisions = shown.decisions.select_related("owner")
        context["decisions"] = decisions.order_by("due_on", "pk")
    return context


def programme(shown: Event) -> list[tuple[date, list[Item]]]:
    """Day by day, in the order of the hours."""
    items = shown.items.in_order().with_taken()
    return [(day, list(of_day)) for day, of_day in groupby(items, key=lambda item: item.held_on)]


def _by_moment(shown: Event, *, inside: bool) -> list[tuple[str, list[EventDocument]]]:
    moments = [DocumentMoment.BEFORE, DocumentMoment.AFTER] if inside else [DocumentMoment.BEFORE]
    rows = list(shown.documents.filter(moment__in=moments).order_by("title", "pk"))
    found = [(moment, [row for row in rows if row.moment == moment]) for moment in moments]
    titles = {DocumentMoment.BEFORE: "Pour préparer", DocumentMoment.AFTER: "Après l’événement"}
    return [(titles[moment], of_moment) for moment, of_moment in found if of_moment]


@access(PUBLIC)
@require_safe
def photo(request: HttpRequest, event_id: int, photo_id: int) -> HttpResponse:
    """Drawn anew: as wide as a page needs, and without the place where it was taken."""
    wanted = get_object_or_404(EventPhoto, pk=photo_id, event__in=_seen(request, event_id))
    key = f"photo:{wanted.image.name}"
    content = cache.get(key) or pictures.redrawn(wanted.image, width=WIDEST)
    if not content:
        raise Http404  # the file is gone, or is no picture
    cache.set(key, content, A_DAY)
    response = HttpResponse(content, content_type="image/jpeg")
    # As every page of whoever is signed in: nothing stays behind on a shared computer.
    signed_in = request.user.is_authenticated
    response["Cache-Control"] = "private, no-store" if signed_in else f"private, max-age={A_DAY}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@access(PUBLIC)
@require_safe
def document(request: HttpRequest, event_id: int, document_id: int) -> HttpResponseBase:
    """Those of after the event for those who were there, or were to be."""
    seen = EventDocument.objects.filter(event__in=_seen(request, event_id)).select_related("event")
    wanted = get_object_or_404(seen, pk=document_id)
    after = wanted.moment == DocumentMoment.AFTER
    if after and not took_part(request.user, wanted.event):
        raise Http404
    return attachment(wanted.file, wanted.filename)


def _seen(request: HttpRequest, event_id: int) -> Any:
    return Event.objects.visible_to(request.user).filter(pk=event_id).values("pk")
