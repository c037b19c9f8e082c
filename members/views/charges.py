"""What a team or a person owes for an event, opened by the link of a letter without signing in.

The link names one sum: whoever holds it sees it, pays it, and takes its pieces away.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from apmsl.lib.typography import typeset
from members.builders.pieces import transfer
from members.enums import PieceKind
from members.models import Charge, User
from members.services import card, charges
from members.services.card import CardRefused
from members.services.pieces import PieceRefused
from members.services.providers import ProviderDown
from members.views.card import settled
from members.views.pieces import drawn


@access(PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def charge(request: Request, charge_token: str) -> HttpResponse:
    """Shown; asked by POST, the way to the page where one pays by card."""
    found = _charge(charge_token)
    if request.method != "POST":
        return _unlisted(render(request, "members/charge.html", _context(found)))
    try:
        checkout = card.pay(debt=found, by=_by(request), on=today(), at=timezone.now())
    except (CardRefused, ProviderDown) as refusal:
        messages.error(request, typeset(str(refusal)))
        return _unlisted(redirect(found.payment_url()))
    return redirect(checkout.pay_url)


@access(PUBLIC)
@never_cache
@require_safe
def back(request: Request, charge_token: str, checkout_key: str) -> HttpResponse:
    """The browser came back, which says nothing: we ask the provider."""
    checkout = get_object_or_404(_charge(charge_token).checkouts, key=checkout_key)
    return _unlisted(render(request, "members/card_return.html", settled(checkout)))


@access(PUBLIC)
@require_POST
def invoice(request: Request, charge_token: str) -> HttpResponse:
    found = _charge(charge_token)
    try:
        charges.ask_invoice(charge=found, by=_by(request), on=today(), at=timezone.now())
    except PieceRefused as refusal:
        messages.error(request, typeset(str(refusal)))
    else:
        messages.success(request, "Votre facture est prête. Elle vous est aussi envoyée.")
    return _unlisted(redirect(found.payment_url()))


@access(PUBLIC)
@never_cache
@require_safe
def piece(request: Request, charge_token: str, piece_id: int) -> HttpResponse:
    pieces = _charge(charge_token).pieces.with_debt().select_related("cancels")
    return _unlisted(drawn(get_object_or_404(pieces, pk=piece_id)))


def _charge(token: str) -> Charge:
    found = Charge.objects.select_related("team", "person").of_token(token)
    if found is None:
        raise Http404
    return found


def _by(request: Request) -> User | None:
    return request.user if request.user.is_authenticated else None


def _context(charge: Charge) -> dict[str, Any]:
    standing = charge.pieces.standing().order_by("-pk")
    received = charge.payments.total_cents()
    rest = charge.amount_cents - received
    return {
        "charge": charge,
        "call": standing.filter(kind=PieceKind.CALL).first(),
        "invoice": standing.filter(kind=PieceKind.INVOICE).first(),
        "pieces": charge.pieces.order_by("-issued_on", "-pk"),
        "received": received,
        "rest": max(rest, 0),
        "to_give_back": max(-rest, 0),
        "takes_cards": card.is_on(),
        "is_late": charge.is_called and charge.due_on is not None and charge.due_on < today(),
        **transfer(),
    }


def _unlisted(response: HttpResponse) -> HttpResponse:
    """The address is a key: no search engine keeps it, no other site is told it."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
