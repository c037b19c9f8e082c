"""Paying by card: leaving for the provider's page, coming back, and what the provider tells."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from apmsl.lib.access import PUBLIC, SIGNED_IN, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from members.access import memberships_spoken_for
from members.enums import CheckoutState, Provider
from members.models import Checkout
from members.services import card
from members.services.card import CardRefused
from members.services.providers import ForgedNotice, ProviderDown

LARGEST_NOTICE = 256 * 1024


@access(SIGNED_IN)
@require_POST
def pay(request: Request, membership_id: int) -> HttpResponse:
    own = memberships_spoken_for(request.user, today())
    membership = get_object_or_404(own, pk=membership_id)
    try:
        checkout = card.pay(debt=membership, by=request.user, on=today(), at=timezone.now())
    except (CardRefused, ProviderDown) as refusal:
        messages.error(request, str(refusal))
        return redirect(membership.payment_url())
    return redirect(checkout.pay_url)


@access(SIGNED_IN)
@require_safe
@never_cache
def back(request: Request, checkout_key: str) -> HttpResponse:
    """The browser came back, which says nothing: we ask the provider."""
    own = memberships_spoken_for(request.user, today())
    found = Checkout.objects.filter(membership__in=own).select_related("membership")
    checkout = get_object_or_404(found, key=checkout_key)
    return render(request, "members/card_return.html", settled(checkout))


def settled(checkout: Checkout) -> dict[str, Any]:
    """What the provider says of it now."""
    unknown = ""
    try:
        checkout = card.settle(checkout=checkout, on=today(), at=timezone.now())
    except ProviderDown:
        unknown = "Le service de paiement ne répond pas : nous vérifierons nous-mêmes, sans que vous ayez à payer de nouveau."
    return {
        "checkout": checkout,
        "debt": checkout.debt,
        "unknown": unknown,
        "is_paid": checkout.state == CheckoutState.PAID,
        "is_open": checkout.state == CheckoutState.OPENED,
    }


@access(PUBLIC)
@csrf_exempt
@require_POST
def notice(request: HttpRequest, provider: str) -> HttpResponse:
    """Kept and answered at once; looked at afterwards."""
    if provider not in Provider or provider != card.chosen():
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_NOTICE:
        raise BadRequest("too long for a notice")
    try:
        card.receive_notice(
            provider=Provider(provider),
            body=request.body,
            headers=request.headers,
            at=timezone.now(),
        )
    except ForgedNotice as error:
        raise BadRequest("no notice of the provider") from error
    return HttpResponse(status=204)
