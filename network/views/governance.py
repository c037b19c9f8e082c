from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.dates import in_year, today
from members.access import MEMBER
from network.models import (
    BoardTerm,
    Commission,
    CommissionMember,
    Institution,
    Mandate,
    Partner,
    PartnerAgreement,
    RepresentationMeeting,
    StaffPost,
)


@access(PUBLIC)
@require_safe
def federation(request: HttpRequest) -> HttpResponse:
    """Who runs the federation: board, staff, commissions."""
    on = today()
    members = CommissionMember.objects.select_related("person").order_by("capacity", "pk")
    commissions = Commission.objects.on(on).prefetch_related(Prefetch("members", members))
    context = {
        "board": BoardTerm.objects.on(on).in_order().select_related("person__profession"),
        "staff": StaffPost.objects.on(on).in_order().select_related("person"),
        "commissions": commissions.order_by("name", "pk"),
    }
    return render(request, "network/federation.html", context)


@access(MEMBER)
@require_safe
def representation(request: HttpRequest) -> HttpResponse:
    """Who represents the federation, where, and how often this year."""
    on = today()
    mandates = Mandate.objects.on(on).select_related("person").order_by("rank", "pk")
    institutions = Institution.objects.with_meetings(on.year, on).prefetch_related(
        Prefetch("mandates", mandates, "current_mandates")
    )
    held = RepresentationMeeting.objects.filter(in_year("held_on", on.year, on))
    context = {"institutions": institutions.order_by("name", "pk"), "meetings": held.count()}
    return render(request, "network/representation.html", context)


@access(PUBLIC)
@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    on = today()
    current = PartnerAgreement.objects.on(on).order_by("-signed_on", "pk")
    found = Partner.objects.filter(pk__in=current.values("partner"))
    found = found.prefetch_related(Prefetch("agreements", current, "current_agreements"))
    context = {"partners": found.order_by("name", "pk"), "is_member": MEMBER.allows(request.user)}
    return render(request, "network/partners.html", context)
