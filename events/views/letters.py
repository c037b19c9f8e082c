"""Writing to participants: a draft, the list of who it goes to, then only the sending."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from apmsl.lib.access import access
from apmsl.lib.htmx import Request
from apmsl.lib.markdown import to_html
from apmsl.lib.typography import plural
from events import services
from events.forms import LetterForm
from events.models import Event, EventLetter
from members.access import STAFF


@access(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: Request, event_id: int) -> HttpResponse:
    """Those written so far, and a new one."""
    event = get_object_or_404(Event, pk=event_id)
    group = request.GET.get("a", "")
    form = LetterForm(request.POST or None, initial={"recipients": group})
    if request.method == "POST" and form.is_valid():
        form.instance.event = event
        return redirect("events:letter", event.pk, form.save().pk)
    written = event.letters.with_progress().order_by("-sent_at", "-pk")
    context = {
        "event": event,
        "form": form,
        "letters": written,
        "progress": services.progress_of_all(event),
    }
    return render(request, "events/letters.html", context)


@access(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: Request, event_id: int, event_letter_id: int) -> HttpResponse:
    """What will leave, and to whom; a draft is changed here."""
    letter = _letter(event_id, event_letter_id)
    form = None if letter.sent_at else LetterForm(request.POST or None, instance=letter)
    if request.method == "POST" and (form is None or form.is_valid()):
        if form:
            _write_again(request, form.instance)
        return redirect("events:letter", event_id, event_letter_id)
    shown = _letter(event_id, event_letter_id)  # as saved, whatever was typed wrong
    people = services.addressees(shown)
    reached = [person for person in people if person.address]
    context = {
        "event": shown.event,
        "letter": shown,
        "form": form,
        "people": people,
        "progress": services.progress(people) if shown.sent_at else None,
        "words": SafeString(to_html(shown.text)),
        "reached": len(reached),
        "unreached": len(people) - len(reached),
        "seal": services.seal(shown),
    }
    return render(request, "events/letter.html", context)


@access(STAFF)
@require_POST
def send_letter(request: Request, event_id: int, event_letter_id: int) -> HttpResponse:
    letter = _letter(event_id, event_letter_id)
    try:
        sent = services.send_letter(
            letter=letter, by=request.user, at=timezone.now(), seen=request.POST.get("seen", "")
        )
    except services.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("events:letter", event_id, event_letter_id)
    if sent:
        people = plural(letter.addressees.count(), "personne", "personnes")
        messages.success(request, f"Le message part à {people} dans la minute qui vient.")
    else:
        messages.info(request, "Ce message était déjà envoyé : il ne part pas deux fois.")
    return redirect("events:letter", event_id, event_letter_id)


@access(STAFF)
@require_POST
def drop_letter(request: HttpRequest, event_id: int, event_letter_id: int) -> HttpResponse:
    letter = _letter(event_id, event_letter_id)
    try:
        services.drop_letter(letter=letter)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Le brouillon est supprimé.")
    return redirect("events:letters", event_id)


def _write_again(request: HttpRequest, letter: EventLetter) -> None:
    try:
        services.rewrite_letter(letter=letter)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Le message est enregistré.")


def _letter(event_id: int, event_letter_id: int) -> EventLetter:
    found = EventLetter.objects.with_progress().select_related("event", "sent_by__person")
    return get_object_or_404(found, event=event_id, pk=event_letter_id)
