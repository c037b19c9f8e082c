"""The calendars that other programmes come and read.

The public one is for everybody; those of a person stand at a secret address. What the person may see
is asked at each reading: an account that is closed, or an address that was withdrawn, finds nothing.
"""

from collections.abc import Callable, Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from events import builders
from events.builders import CalendarEntry
from events.feeds import registry
from events.models import CalendarFeed, Event, EventQuerySet, Registration
from members.models import User

VERSION = 1  # of what is written: raise it when the entries are written otherwise
PUBLIC_FOR = 900  # seconds


# -- what is read ------------------------------------------------------------------------------------
@access(PUBLIC)
@require_safe
def public(request: Request) -> HttpResponseBase:
    """Whoever asks, signed in or not, reads what everybody may see."""
    shown = _since(Event.objects.visible_to(AnonymousUser()), today())
    etag = _etag("public", builders.state_of_events(shown))

    def entries() -> Iterable[CalendarEntry]:
        return builders.entries_of_events(shown)

    kept = f"public, max-age={PUBLIC_FOR}"
    return _answer(request, etag, entries, name=_named("Agenda"), cached=kept)


@access(PUBLIC)
@require_safe
def agenda(request: Request, feed_token: str) -> HttpResponseBase:
    """Every event that the owner of the address may see."""
    user = _owner(feed_token)
    shown = _since(Event.objects.visible_to(user), today())
    etag = _etag(feed_token, sorted(user.seen_audiences), builders.state_of_events(shown))

    def entries() -> Iterable[CalendarEntry]:
        return builders.entries_of_events(shown)

    return _answer(request, etag, entries, name=_named("Agenda des membres"))


@access(PUBLIC)
@require_safe
def mine(request: Request, feed_token: str) -> HttpResponseBase:
    """What the owner comes to or is invited to, and the days that matter to them."""
    user, on = _owner(feed_token), today()
    shown = _since(_own_events(user, on), on)
    registrations = Registration.objects.live().of_person(user.person)
    states = [source.state(user, on) for _, source in sorted(registry.sources.items())]
    etag = _etag(
        feed_token,
        sorted(user.seen_audiences),
        builders.state_of_events(shown),
        builders.state_of_registrations(registrations),
        states,
    )

    def entries() -> Iterable[CalendarEntry]:
        yield from builders.entries_of_events(shown, registrations)
        for _, source in sorted(registry.sources.items()):
            yield from source.entries(user, on)

    return _answer(request, etag, entries, name=_named("Mon calendrier"))


def _owner(feed_token: str) -> User:
    feeds = CalendarFeed.objects.open().filter(user__is_active=True)
    return get_object_or_404(feeds.select_related("user__person"), token=feed_token).user


def _own_events(user: User, on: date) -> EventQuerySet:
    """Rights come first: whoever is registered to what they may no longer see sees it no more."""
    own = Q(pk__in=Event.objects.mine(user.person).values("pk"))
    for function in registry.events.values():
        own |= Q(pk__in=function(user, on).values("pk"))
    return Event.objects.visible_to(user).filter(own)


def _since(shown: EventQuerySet, on: date) -> EventQuerySet:
    """From the first of January of last year, whatever the day: the calendar changes once a year."""
    return shown.filter(ends_on__gte=date(on.year - 1, 1, 1))


def _named(words: str) -> str:
    return f"{words} – {settings.FEDERATION_NAME}"


def _etag(*parts: Any) -> str:
    told = repr((VERSION, settings.PORTAL_URL, settings.FEDERATION_NAME, *parts))
    return f'"{sha256(told.encode()).hexdigest()}"'


def _answer(
    request: Request,
    etag: str,
    entries: Callable[[], Iterable[CalendarEntry]],
    *,
    name: str,
    cached: str = "private, max-age=0, must-revalidate",
) -> HttpResponseBase:
    """304 where nothing has changed; the calendar is written only otherwise."""
    unchanged: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    response = unchanged or HttpResponse(
        builders.feed(entries(), name=name), content_type="text/calendar; charset=utf-8"
    )
    response["ETag"] = etag
    # As every page of whoever is signed in; calendars that follow an address are not.
    response["Cache-Control"] = "private, no-store" if request.user.is_authenticated else cached
    response["X-Robots-Tag"] = "noindex"
    return response
