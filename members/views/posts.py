"""The documents of a post: its description, and what it rests on."""

from pathlib import PurePath

from django.db.models import Q
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from apmsl.lib.access import SIGNED_IN, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from apmsl.lib.storage import attachment
from members.access import teams_kept
from members.models import Position

DOCUMENTS = {
    "fiche-de-poste": ("job_description", "Fiche de poste"),
    "document": ("formal_document", "Document de la fonction"),
}


@access(SIGNED_IN)
@require_safe
def document(request: Request, position_id: int, kept: str) -> HttpResponseBase:
    """For the holder, for those who keep the team's account, and for the staff."""
    mine = Q(person=request.user.person_id or 0)
    teams = teams_kept(request.user, today())
    seen = Position.objects.filter(mine | Q(team__in=teams.values("pk")))
    position = get_object_or_404(seen.select_related("person"), pk=position_id)
    field, title = DOCUMENTS.get(kept, ("", ""))
    file = getattr(position, field, None)
    if not file:
        raise Http404
    return attachment(file, f"{title} {position.person}{PurePath(file.name).suffix}")
