"""A team's file of the year, a page for each step: check the team, form, fee, payment, receipt."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apmsl.lib.access import SIGNED_IN, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from apmsl.lib.typography import typeset
from members.access import may_send_for, teams_renewing
from members.enums import MembershipStatus, PieceKind
from members.forms import CorrectionForm, DeclineForm, PromiseForm
from members.models import Campaign, Membership, Person, Piece, Team
from members.services import card, corrections, progress, renewals
from members.services.fees import Fee
from members.services.renewals import RenewalRefused


@dataclass(frozen=True)
class File:
    """What every step knows."""

    membership: Membership
    campaign: Campaign
    team: Team
    user: Any
    on: date

    @cached_property
    def steps(self) -> list[progress.Step]:
        return progress.steps_of(self.membership, self.campaign)

    @cached_property
    def may_write(self) -> bool:
        return teams_renewing(self.user, self.on).filter(pk=self.team.pk).exists()

    @cached_property
    def may_send(self) -> bool:
        return may_send_for(self.user, self.team, self.on)

    @property
    def is_over(self) -> bool:
        return self.on > self.campaign.closes_on

    def context(self, current: str, **more: Any) -> dict[str, Any]:
        return {"file": self, "team": self.team, "current": current, **more}

    def to(self, name: str) -> HttpResponse:
        return redirect(f"members:{name}", self.team.pk, self.membership.year)


def file_of(request: Request, team_id: int, year: int) -> File:
    """The team's own, and the staff's to read; nobody else's."""
    on = today()
    teams = Team.objects.all() if request.user.is_staff else teams_renewing(request.user, on)
    team = get_object_or_404(teams, pk=team_id)
    campaigns = Campaign.objects.opened().select_related("form")
    campaign = get_object_or_404(campaigns, form__year=year)
    files = Membership.objects.select_related("team", "checked_by__person")
    membership = get_object_or_404(files, team=team, year=year)
    return File(membership, campaign, team, request.user, on)


def written_file(request: Request, team_id: int, year: int) -> File:
    """For those of the team."""
    file = file_of(request, team_id, year)
    if not file.may_write:
        raise Http404
    return file


def answered_file(request: Request, team_id: int, year: int) -> File:
    """For those who answer for the team."""
    file = file_of(request, team_id, year)
    if not file.may_send:
        raise Http404
    return file


@access(SIGNED_IN)
@require_safe
def renewal(request: Request, team_id: int, year: int) -> HttpResponse:
    """Leads to the step that awaits."""
    file = file_of(request, team_id, year)
    return file.to(progress.next_of(file.steps).key)


# -- the team --------------------------------------------------------------------------------------
@access(SIGNED_IN)
@require_safe
def team(request: Request, team_id: int, year: int) -> HttpResponse:
    file = file_of(request, team_id, year)
    context = file.context("renewal_team", people=_people(file), form=CorrectionForm())
    return render(request, "members/renewal/team.html", context)


def _people(file: File) -> list[tuple[Person, str]]:
    people = Person.objects.in_team(file.team, file.on).with_links_on(file.on).by_name()
    return [(person, _detail(person, file.team)) for person in people]


def _detail(person: Person, team: Team) -> str:
    posts = [post.get_role_display() for post in person.current_posts if post.team_id == team.pk]
    return " – ".join([*([str(person.profession)] if person.profession else []), *posts])


@access(SIGNED_IN)
@require_POST
def check(request: Request, team_id: int, year: int) -> HttpResponse:
    file = written_file(request, team_id, year)
    renewals.check_team(membership=file.membership, by=request.user, on=file.on)
    messages.success(request, "Merci : la fiche de votre équipe est notée comme à jour.")
    return file.to("renewal_form")


@access(SIGNED_IN)
@require_POST
def correct(request: Request, team_id: int, year: int) -> HttpResponse:
    file = written_file(request, team_id, year)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        context = file.context("renewal_team", people=_people(file), form=form)
        return render(request, "members/renewal/team.html", context)
    text = form.cleaned_data["text"]
    corrections.tell(team=file.team, text=text, by=request.user, at=timezone.now())
    messages.success(request, "Votre message est transmis à la fédération, qui corrige la fiche.")
    return file.to("renewal_team")


# -- the fee ---------------------------------------------------------------------------------------
@access(SIGNED_IN)
@require_safe
def fee(request: Request, team_id: int, year: int) -> HttpResponse:
    file = file_of(request, team_id, year)
    return _fee_page(request, file)


def _fee_page(request: Request, file: File, **forms: Any) -> HttpResponse:
    fee, refusal = _fee(file)
    forms = {"promise": PromiseForm(), "decline": DeclineForm(), **forms}
    context = file.context("renewal_fee", fee=fee, refusal=refusal, **forms)
    context["is_open"] = file.membership.status == MembershipStatus.EXPECTED
    context["call"] = _standing(file.membership, PieceKind.CALL)
    return render(request, "members/renewal/fee.html", context)


def _fee(file: File) -> tuple[Fee | None, str]:
    """Once called, the lines are those of the call."""
    call = _standing(file.membership, PieceKind.CALL)
    if call is not None:
        return Fee([(label, cents) for label, cents in call.lines]), ""
    try:
        return renewals.fee_of(file.membership, file.campaign, file.on), ""
    except RenewalRefused as refusal:
        return None, typeset(str(refusal))


def _standing(membership: Membership, kind: PieceKind) -> Piece | None:
    return membership.pieces.standing().filter(kind=kind).order_by("-pk").first()


def _attempt(request: Request, said: str, act: Callable[[], Any]) -> bool:
    try:
        act()
    except RenewalRefused as refusal:
        messages.error(request, typeset(str(refusal)))
        return False
    messages.success(request, said)
    return True


@access(SIGNED_IN)
@require_POST
def ask(request: Request, team_id: int, year: int) -> HttpResponse:
    file = answered_file(request, team_id, year)
    done = _attempt(
        request,
        "Votre appel à cotisation est prêt.",
        lambda: renewals.ask_call(
            membership=file.membership, by=request.user, on=file.on, at=timezone.now()
        ),
    )
    return file.to("renewal_payment" if done else "renewal_fee")


@access(SIGNED_IN)
@require_POST
def promise(request: Request, team_id: int, year: int) -> HttpResponse:
    file = answered_file(request, team_id, year)
    form = PromiseForm(request.POST)
    if not form.is_valid():
        return _fee_page(request, file, promise=form)
    day = form.cleaned_data["day"]
    said = "C’est noté : vous ne recevrez pas de rappel avant cette date."
    _attempt(
        request,
        said,
        lambda: renewals.promise(membership=file.membership, day=day, by=request.user, on=file.on),
    )
    asked = file.membership.status == MembershipStatus.CALLED
    return file.to("renewal_payment" if asked else "renewal_fee")


@access(SIGNED_IN)
@require_POST
def decline(request: Request, team_id: int, year: int) -> HttpResponse:
    file = answered_file(request, team_id, year)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _fee_page(request, file, decline=form)
    reason = form.cleaned_data["reason"]
    said = "C’est noté. Vous pouvez changer d’avis jusqu’à la fin de la campagne."
    _attempt(
        request,
        said,
        lambda: renewals.decline(
            membership=file.membership, reason=reason, by=request.user, on=file.on
        ),
    )
    return file.to("renewal_fee")


@access(SIGNED_IN)
@require_POST
def come_back(request: Request, team_id: int, year: int) -> HttpResponse:
    file = answered_file(request, team_id, year)
    renewals.come_back(membership=file.membership, by=request.user, on=file.on)
    messages.success(request, "Merci : votre adhésion reprend où elle en était.")
    return file.to("renewal")


# -- payment and receipt ---------------------------------------------------------------------------
@access(SIGNED_IN)
@require_safe
def payment(request: Request, team_id: int, year: int) -> HttpResponse:
    file = file_of(request, team_id, year)
    return render(request, "members/renewal/payment.html", _money(file, "renewal_payment"))


@access(SIGNED_IN)
@require_safe
def receipt(request: Request, team_id: int, year: int) -> HttpResponse:
    file = file_of(request, team_id, year)
    return render(request, "members/renewal/receipt.html", _money(file, "renewal_receipt"))


def _money(file: File, current: str) -> dict[str, Any]:
    membership = file.membership
    received = membership.payments.total_cents()
    return file.context(
        current,
        call=_standing(membership, PieceKind.CALL),
        receipt=_standing(membership, PieceKind.RECEIPT),
        pieces=membership.pieces.order_by("-issued_on", "-pk"),
        received=received,
        rest=max(membership.amount_cents - received, 0),
        takes_cards=card.is_on(),
        is_late=membership.is_late_on(file.on),
        promise=PromiseForm(),
    )
