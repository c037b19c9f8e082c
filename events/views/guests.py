"""Coming to a public event without an account: asking, proving one's address, preparing."""

from typing import Any

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apmsl.lib import audiences
from apmsl.lib.access import PUBLIC, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from events import services
from events.access import REGISTERS
from events.forms import AnswersForm, ChoicesForm, GuestForm
from events.models import HOLDING, Event, GuestRequest, Registration
from events.services import guests, programme

RATES = {"from_one_place": "30/h/ip", "to_one_address": "4/h/key"}


@access(PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request, event_id: int) -> HttpResponse:
    event = _open_to_all(event_id)
    if REGISTERS.allows(request.user):
        return redirect(event)  # known already
    form = GuestForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _asked(request, event, form):
        return redirect("events:guest_sent", event.pk)
    return render(request, "events/guest.html", {"event": event, "form": form, **_state(event)})


@access(PUBLIC)
@require_safe
def sent(request: Request, event_id: int) -> HttpResponse:
    """The same, whoever asked."""
    return render(request, "events/guest_sent.html", {"event": _open_to_all(event_id)})


@access(PUBLIC)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request, event_id: int, guest_token: str) -> HttpResponse:
    """Opening the letter's link shows; the button confirms: some mailboxes open links by themselves."""
    try:
        asked = guests.request_of(guest_token, event_id)
    except guests.WrongLink as wrong:
        context = {"reason": str(wrong), "event_id": event_id}
        return _unlisted(render(request, "events/guest_link_over.html", context, status=404))
    page = _Page(request, asked)
    if request.method == "POST" and page.save():
        return _unlisted(redirect("events:guest_confirm", event_id, guest_token))
    return _unlisted(render(request, "events/guest_confirm.html", page.context()))


class _Page:
    """The forms of the letter's page: before confirming, the questions; after, the workshops too."""

    def __init__(self, request: Request, asked: GuestRequest) -> None:
        data = request.POST if request.method == "POST" else None
        self.request, self.asked, self.event = request, asked, asked.event
        known = guests.registration_of(asked)
        self.registration = known if known and known.is_live else None
        self.answers = AnswersForm(data, event=self.event, registration=self.registration)
        self.choices: ChoicesForm | None = None
        if self.registration and self.registration.status in HOLDING:
            self.choices = ChoicesForm(data, registration=self.registration)

    def save(self) -> bool:
        if not self.answers.is_valid() or (self.choices and not self.choices.is_valid()):
            return False
        on, first = today(), self.registration is None
        given, at = self.answers.answers(), timezone.now()
        try:
            seat = guests.confirm(request=self.asked, answers=given, on=on, at=at)
        except services.Refused as refusal:
            self.answers.add_error(None, str(refusal))
            return False
        if self.choices and not self._chosen(self.choices, seat):
            return False
        if not first:
            messages.success(self.request, "C’est enregistré.")
        return True

    def _chosen(self, choices: ChoicesForm, seat: Registration) -> bool:
        try:
            programme.choose(registration=seat, items=choices.items(), by=None, on=today())
        except programme.ChoiceRefused as refusal:
            choices.refuse(str(refusal), refusal.item)
        except services.Refused as refusal:
            choices.add_error(None, str(refusal))
        return choices.is_valid()

    def context(self) -> dict[str, Any]:
        seat = self.registration
        return {
            "event": self.event,
            "asked": self.asked,
            "registration": seat,
            "rank": seat.rank() if seat and seat.is_waiting else None,
            "answers": self.answers,
            "choices": self.choices if self.choices and self.choices.slots else None,
            **_state(self.event),
        }


def _asked(request: Request, event: Event, form: GuestForm) -> bool:
    if form.is_a_robot or not _within(request, "to_one_address", form.cleaned_data["email"]):
        return True  # answered as the others, without a letter
    if not _within(request, "from_one_place"):
        form.add_error(None, "Trop de demandes à la suite : réessayez dans une heure.")
        return False
    try:
        guests.ask(event=event, guest=form.guest(), on=today(), at=timezone.now())
    except services.Refused as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


def _within(request: Request, limit: str, key: str = "") -> bool:
    """Far above what people need, whole offices behind one address among them."""
    used = ratelimit.consume(
        request,
        app="events",
        action=f"guest_{limit}",
        key=key.lower(),
        config={f"guest_{limit}": RATES[limit]},
    )
    return used is not None


def _open_to_all(event_id: int) -> Event:
    public = Event.objects.filter(audiences__contains=[audiences.PUBLIC_KEY])
    return get_object_or_404(public.select_related("kind").with_seats_taken(), pk=event_id)


def _state(event: Event) -> dict[str, bool]:
    on = today()
    return {"is_open": event.is_open(on), "is_over": event.is_over(on)}


def _unlisted(response: HttpResponse) -> HttpResponse:
    """The address is a key: no search engine keeps it, no other site is told it."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
