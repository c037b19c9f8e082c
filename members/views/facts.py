from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from apmsl.lib.access import SIGNED_IN, access
from apmsl.lib.htmx import Request
from apmsl.lib.storage import attachment
from members.models import TeamFact


@access(SIGNED_IN)
@require_safe
def document(request: Request, fact_id: int) -> HttpResponseBase:
    fact = get_object_or_404(TeamFact.objects.open_to(request.user), pk=fact_id)
    if not fact.document:
        raise Http404
    return attachment(fact.document, fact.filename)
