"""A member's file of the year, a page for each step: check, form, fee, payment, receipt.

A team's pages bear its number; an isolated professional's are one's own, without a form.
"""

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
from members.access import speaks_for, teams_renewing
from members.enums import MembershipStatus, PieceKind
from members.forms import CorrectionForm, DeclineForm, PromiseForm
from members.models import Campaign, Membership, Person, PersonEmail, Piece, Team
from members.services import card, contacts, corrections, progress, renewals
from members.services.contacts import Contact
from members.services.fees import Fee
from members.services.renewals import RenewalRefused


class Pages:
    """The addresses of a file's pages, by name: ``file.url.renewal_fee`` in templates."""

    def __init__(self, membership: Membership) -> None:
        self.membership = membership

    def __getitem__(self, name: str) -> str:
        return self.membership.page_url(name)


@dataclass(frozen=True)
class File:
    """What every step knows: the file of a team, or of an isolated professional."""

    membership: Membership
    campaign: Campaign
    user: Any
    on: date

    @property
    def url(self) -> Pages:
        return Pages(self.membership)

    @property
    def member(self) -> Team | Person | None:
        return self.membership.team or self.membership.person

    @property
    def team(self) -> Team:
        """For the pages that a team alone has."""
        if self.membership.team is None:
            raise Http404
        return self.membership.team

    @cached_property
    def steps(self) -> list[progress.Step]:
        return progress.steps_of(self.membership, self.campaign, self.on)

    @property
    def journey(self) -> list[tuple[progress.Step, str]]:
        return [(step, self.url[step.key]) for step in self.steps]

    @property
    def has_form(self) -> bool:
        return any(step.key == "renewal_form" for step in self.steps)

    @cached_property
    def may_write(self) -> bool:
        """Whoever practises in the team; one's own."""
        team = self.membership.team
        if team is None:
            return self.may_send
        return teams_renewing(self.user, self.on).filter(pk=team.pk).exists()

    @cached_property
    def may_send(self) -> bool:
        return speaks_for(self.user, self.membership, self.on)

    @property
    def is_over(self) -> bool:
        return self.on > self.campaign.closes_on

    def context(self, current: str, **more: Any) -> dict[str, Any]:
        return {"file": self, "team": self.membership.team, "current": current, **more}

    def to(self, name: str) -> HttpResponse:
        return redirect(self.url[name])


def file_of(request: Request, year: int, team_id: int | None = None) -> File:
    """The team's own, and the staff's to read; nobody else's. Without a team: one's own."""
    on = today()
    campaigns = Campaign.objects.opened().select_related("form")
    campaign = get_object_or_404(campaigns, form__year=year)
    files = Membership.objects.select_related("team", "person", "checked_by__person")
    if team_id is None:
        person_id = request.user.person_id or 0
        return File(
            get_object_or_404(files, person=person_id, year=year), campaign, request.user, on
        )
    teams = Team.objects.all() if request.user.is_staff else teams_renewing(request.user, on)
    team = get_object_or_404(teams, pk=team_id)
    return File(get_object_or_404(files, team=team, year=year), campaign, request.user, on)


def written_file(request: Request, year: int, team_id: int | None = None) -> File:
    """For those of the team."""
    file = file_of(request, year, team_id)
    if not file.may_write:
        raise Http404
    return file


def answered_file(request: Request, year: int, team_id: int | None = None) -> File:
    """For those who answer for the member."""
    file = file_of(request, year, team_id)
    if not file.may_send:
        raise Http404
    return file


@access(SIGNED_IN)
@require_safe
def renewal(request: Request, year: int, team_id: int | None = None) -> HttpResponse:
    """Leads to the step that awaits."""
    file = file_of(request, year, team_id)
    return file.to(progress.next_of(file.steps).key)


# -- what is known ---------------------------------------------------------------------------------
@access(SIGNED_IN)
@require_safe
def team(request: Request, year: int, team_id: int | None = None) -> HttpResponse:
    return _known_page(request, file_of(request, year, team_id), CorrectionForm())


def _known_page(request: Request, file: File, form: CorrectionForm) -> HttpResponse:
    context = file.context("renewal_team", form=form)
    if file.membership.person is not None:
        context["contacts"] = _contacts(file.membership.person)
        return render(request, "members/renewal/person.html", context)
    context["people"] = _people(file)
    return render(request, "members/renewal/team.html", context)


def _contacts(person: Person) -> list[tuple[str, Contact]]:
    known = contacts.contacts_of(person)
    return [(_kind(contact), contact) for contact in known]


def _kind(contact: Contact) -> str:
    return "Courriel" if isinstance(contact, PersonEmail) else contact.get_kind_display()


def _people(file: File) -> list[tuple[Person, str]]:
    people = Person.objects.in_team(file.team, file.on).with_links_on(file.on).by_name()
    return [(person, _detail(person, file.team)) for person in people]


def _detail(person: Person, team: Team) -> str:
    posts = [post.get_role_display() for post in person.current_posts if post.team_id == team.pk]
    return " – ".join([*([str(person.profession)] if person.profession else []), *posts])


@access(SIGNED_IN)
@require_POST
def check(request: Request, year: int, team_id: int | None = None) -> HttpResponse:
    file = written_file(request, year, team_id)
    renewals.check_team(membership=file.membership, by=request.user, on=file.on)
    whose = "la fiche de votre équipe est notée" if team_id else "vos données sont notées"
    messages.success(request, f"Merci : {whose} comme à jour.")
    return file.to(file.steps[1].key)


@access(SIGNED_IN)
@require_POST
def correct(request: Request, year: int, team_id: int | None = None) -> HttpResponse:
    file = written_file(request, year, team_id)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _known_page(request, file, form)
    text = form.cleaned_data["text"]
    corrections.tell(membership=file.membership, text=text, by=request.user, at=timezone.now())
    messages.success(request, "Votre message est transmis à la fédération, qui corrige la fiche.")
    return file.to("renewal_team")


# -- the fee ---------------------------------------------------------------------------------------
@access(SIGNED_IN)
@require_safe
def fee(request: Request, year: int, team_id: int | None = None) -> HttpResponse:
    file = file_of(request, year, team_id)
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
def ask(request: Request, year: int, team_id: int | None = None) -> HttpResponse:
    file = answered_file(request, year, team_id)
    seen = request.POST.get("seen", "")
    done = _attempt(
        request,
        "Votre appel à cotisation est prêt. Il vous est aussi envoyé par courriel.",
        lambda: renewals.ask_call(
            membership=file.membership,
            by=request.user,
            on=file.on,
            at=timezone.now(),
            seen_cents=int(seen) if seen.isdecimal() and len(seen) < 12 else None,
        ),
    )
    return file.to("renewal_payment" if done else "renewal_fee")


@access(SIGNED_IN)
@require_POST
def promise(request: Request, year: int, team_id: int | None = None) -> HttpResponse:
    file = answered_file(request, year, team_id)
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
def decline(request: Request, year: int, team_id: int | None = None) -> HttpResponse:
    file = answered_file(request, year, team_id)
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
def come_back(request: Request, year: int, team_id: int | None = None) -> HttpResponse:
    file = answered_file(request, year, team_id)
    renewals.come_back(membership=file.membership, by=request.user, on=file.on)
    messages.success(request, "Merci : votre adhésion reprend où elle en était.")
    return file.to("renewal")


# -- payment and receipt ---------------------------------------------------------------------------
@access(SIGNED_IN)
@require_safe
def payment(request: Request, year: int, team_id: int | None = None) -> HttpResponse:
    file = file_of(request, year, team_id)
    return render(request, "members/renewal/payment.html", _money(file, "renewal_payment"))


@access(SIGNED_IN)
@require_POST
def invoice(request: Request, year: int, team_id: int | None = None) -> HttpResponse:
    file = answered_file(request, year, team_id)
    _attempt(
        request,
        "Votre facture est prête. Elle vous est aussi envoyée par courriel.",
        lambda: renewals.ask_invoice(
            membership=file.membership, by=request.user, on=file.on, at=timezone.now()
        ),
    )
    return file.to("renewal_payment")


@access(SIGNED_IN)
@require_safe
def receipt(request: Request, year: int, team_id: int | None = None) -> HttpResponse:
    file = file_of(request, year, team_id)
    return render(request, "members/renewal/receipt.html", _money(file, "renewal_receipt"))


def _money(file: File, current: str) -> dict[str, Any]:
    membership = file.membership
    received = membership.payments.total_cents()
    return file.context(
        current,
        call=_standing(membership, PieceKind.CALL),
        invoice=_standing(membership, PieceKind.INVOICE),
        receipt=_standing(membership, PieceKind.RECEIPT),
        pieces=membership.pieces.order_by("-issued_on", "-pk"),
        received=received,
        rest=max(membership.amount_cents - received, 0),
        takes_cards=card.is_on(),
        is_late=membership.is_late_on(file.on),
        promise=PromiseForm(),
    )
