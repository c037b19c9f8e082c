"""The documents of an event, for those who come to it; by a link of their mails, or on its page."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.storage import attachment
from events.enums import DocumentMoment
from events.models import EventDocument, Registration
from events.models.links import Link, registration_of


@access(PUBLIC)
@require_safe
@never_cache
def document(request: HttpRequest, document_token: str, event_document_id: int) -> HttpResponseBase:
    """Before the event to who has a seat, after it to who came."""
    registration = registration_of(Link.DOCUMENTS, document_token)
    if registration is None:
        raise Http404
    found = get_object_or_404(EventDocument, pk=event_document_id, event=registration.event_id)
    if not _open_to(registration, found):
        raise Http404
    return attachment(found.file, found.filename)


def _open_to(registration: Registration, document: EventDocument) -> bool:
    mine = Registration.objects.filter(pk=registration.pk)
    if document.moment == DocumentMoment.BEFORE and mine.registered().exists():
        return True
    return mine.came().exists()
