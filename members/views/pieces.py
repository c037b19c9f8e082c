"""Calls, invoices, receipts and credit notes, as those they concern download them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apmsl.lib import pdf
from apmsl.lib.access import SIGNED_IN, access
from apmsl.lib.dates import today
from members.access import pieces_open_to
from members.builders.pieces import piece_filename, piece_html
from members.models import Piece


@access(SIGNED_IN)
@require_safe
@never_cache
def piece(request: HttpRequest, piece_id: int) -> HttpResponse:
    """Drawn when asked for: it says what was kept when it was issued."""
    seen = pieces_open_to(request.user, today())
    return drawn(get_object_or_404(seen.with_debt().select_related("cancels"), pk=piece_id))


def drawn(piece: Piece) -> HttpResponse:
    return HttpResponse(
        pdf.render(piece_html(piece)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{piece_filename(piece)}"'},
    )
