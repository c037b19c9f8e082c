"""The messages of members: each a row of the ledger."""

import hashlib
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from apmsl.mail import services as mail
from apmsl.mail.models import Message
from members.models import (
    CampaignStep,
    DataRequest,
    Debt,
    Departure,
    Invitation,
    Membership,
    Person,
    PersonEmail,
    Piece,
    Position,
    User,
)


def invitation(*, user: User, at: datetime) -> None:
    """Says that the account is open and how to enter: by a code, hence no secret in the message."""
    mail.send(
        purpose="members.invitation",
        object_key=f"{user.pk}:{at:%Y-%m-%d}",  # invited again another day: written again
        recipient=user.email,
        subject="Votre compte sur le portail est ouvert",
        template="members/mails/invitation",
        context={
            "person": user.person,
            "email": user.email,
            "sign_in_url": settings.PORTAL_URL + reverse("account_request_login_code"),
            "password_url": settings.PORTAL_URL + reverse("account_reset_password"),
        },
        at=at,
    )


def team_invitation(*, invitation: Invitation, on: date, at: datetime) -> None:
    """A colleague is asked in: the link says where, and lets nobody in by itself."""
    by = invitation.invited_by
    mail.send(
        purpose="members.team_invitation",
        object_key=f"{invitation.pk}:{at:%Y-%m-%d}",
        recipient=invitation.email,
        subject=f"{invitation.team} vous invite sur le portail",
        template="members/mails/team_invitation",
        context={
            "invitation": invitation,
            "by": by and by.person,
            "join_url": settings.PORTAL_URL
            + reverse("members:invitation", args=[invitation.token]),
        },
        at=at,
    )


def departure(*, departure: Departure, cancelled: bool, at: datetime) -> None:
    """To whoever leaves, to whoever takes over, and to the staff: the same facts."""
    people = [person for person in (departure.person, departure.successor) if person]
    addresses = {_address_of(person) for person in people} | {settings.DEFAULT_FROM_EMAIL}
    what = "Départ annulé" if cancelled else "Départ préparé"
    team_url = settings.PORTAL_URL + departure.team.get_absolute_url()
    for address in sorted(addresses - {""}):
        mail.send(
            purpose="members.departure_cancelled" if cancelled else "members.departure",
            object_key=str(departure.pk),
            recipient=address,
            subject=f"{what} : {departure.person}, {departure.team}",
            template="members/mails/departure",
            context={"departure": departure, "cancelled": cancelled, "team_url": team_url},
            at=at,
        )


def _address_of(person: Person) -> str:
    """The account's, else the main one."""
    account = User.objects.filter(person=person).first()
    email = person.emails.filter(is_primary=True).first()
    return account.email if account else str(email or "")


def second_factors_forgotten(*, user: User, at: datetime) -> None:
    mail.send(
        purpose="members.second_factors_forgotten",
        object_key=f"{user.pk}:{at.isoformat()}",
        recipient=user.email,
        subject="Votre deuxième preuve d’identité a été retirée",
        template="members/mails/second_factors_forgotten",
        context={
            "person": user.person,
            "sign_in_url": settings.PORTAL_URL + reverse("account_login"),
        },
        at=at,
    )


def receipt(*, piece: Piece, on: date, at: datetime) -> None:
    """To those who speak for whoever paid: the money has come, and where the receipt is."""
    for email in _correspondents(piece.debt, on):
        mail.send(
            purpose="members.receipt",
            object_key=str(piece.pk),
            recipient=email.address,
            subject=f"Votre reçu : {_about(piece)}",
            template="members/mails/receipt",
            context={
                "person": email.person,
                "piece": piece,
                "piece_url": settings.PORTAL_URL + piece_path(piece),
            },
            at=at,
        )


def piece_to_pay(*, piece: Piece, on: date, at: datetime) -> None:
    """The call or the invoice, and where to pay; its PDF is on the portal."""
    for email in _correspondents(piece.debt, on):
        mail.send(
            purpose=f"members.{piece.kind}",
            object_key=str(piece.pk),
            recipient=email.address,
            subject=f"{piece.title} : {_about(piece)}",
            template="members/mails/piece",
            context={
                "person": email.person,
                "piece": piece,
                "due_on": piece.debt.due_on,
                "rest": piece.debt.rest_cents(),
                "piece_url": settings.PORTAL_URL + piece_path(piece),
                "payment_url": settings.PORTAL_URL + piece.debt.payment_url(),
            },
            at=at,
        )


def piece_path(piece: Piece) -> str:
    """Of a charge, whoever holds its letter opens it without signing in."""
    if piece.charge is None:
        return piece.get_absolute_url()
    return reverse("members:charge_piece", args=[piece.charge.token, piece.pk])


def _about(piece: Piece) -> str:
    if piece.membership is not None:
        return f"adhésion {piece.membership.year}"
    return str(piece.debt.title)


def correction(*, membership: Membership, text: str, by: User, at: datetime) -> None:
    """A member tells the federation what is no longer true of it."""
    about = membership.team or membership.person
    page = "team" if membership.team_id else "person"
    card = reverse(
        f"admin:members_{page}_change", args=[membership.team_id or membership.person_id]
    )
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    mail.send(
        purpose="members.correction",
        object_key=f"{membership.pk}:{by.pk}:{digest}:{at:%Y-%m-%d}",
        recipient=settings.DEFAULT_FROM_EMAIL,
        subject=f"À corriger : {about}",
        template="members/mails/correction",
        context={
            "member": about,
            "text": text,
            "by": by,
            "card_url": settings.PORTAL_URL + card,
        },
        at=at,
    )


def data_request(*, request: DataRequest, by: User, at: datetime) -> None:
    """Someone asks that their data be corrected or erased: the federation answers in a month."""
    address = reverse("admin:members_datarequest_change", args=[request.pk])
    mail.send(
        purpose="members.data_request",
        object_key=str(request.pk),
        recipient=settings.DEFAULT_FROM_EMAIL,
        subject=f"{request.get_kind_display()} demandée : {request.team or request.person}",
        template="members/mails/data_request",
        context={"asked": request, "by": by, "request_url": settings.PORTAL_URL + address},
        at=at,
    )


ERASED = "members.erased"


def erased(*, person: Person, request: DataRequest, at: datetime) -> Message | None:
    """The last message, written before the address is forgotten; None where there is no address."""
    email = person.emails.in_order().first()
    account = User.objects.filter(person=person).first()
    address = email.address if email else account.email if account else ""
    if not address:
        return None
    return mail.send(
        purpose=ERASED,
        object_key=str(request.pk),
        recipient=address,
        subject="Vos données sont effacées",
        template="members/mails/erased",
        context={"person": person, "asked": request},
        at=at,
    )


def data_answer(*, request: DataRequest, at: datetime) -> None:
    """What the federation answers to a request about one's data."""
    email = request.person.emails.in_order().first()
    if email is None:
        return
    mail.send(
        purpose="members.data_answer",
        object_key=str(request.pk),
        recipient=email.address,
        subject="La réponse à votre demande sur vos données",
        template="members/mails/data_answer",
        context={
            "person": request.person,
            "asked": request,
            "data_url": settings.PORTAL_URL + reverse("members:my_data"),
        },
        at=at,
    )


def campaign_letter(
    *, step: CampaignStep, membership: Membership, email: PersonEmail, key: str, at: datetime
) -> None:
    """A letter of the campaign, with the link that knows the member."""
    link = reverse("members:renewal_link", args=[membership.token])
    mail.send(
        purpose="members.campaign",
        object_key=key,
        recipient=email.address,
        subject=step.subject,
        template="members/mails/campaign",
        context={
            "person": email.person,
            "team": membership.team,
            "member": membership.team or email.person,
            "paragraphs": [part.strip() for part in step.body.split("\n\n") if part.strip()],
            "title": step.subject,
            "renewal_url": settings.PORTAL_URL + link,
            "year": membership.year,
        },
        at=at,
    )


def _correspondents(debt: Debt, on: date) -> QuerySet[PersonEmail]:
    """Those who speak for the team that pays, else whoever pays; and whom a charge is for."""
    emails = PersonEmail.objects.filter(is_primary=True).select_related("person")
    posts = Position.objects.speaking().on(on).filter(team=debt.team_id)
    whose = Q(person__in=posts.values("person"))
    if debt.person_id is not None:
        whose |= Q(person=debt.person_id)
    return emails.filter(whose).order_by("pk")


def crm_trouble(*, reason: str, refused: int, day: date, at: datetime) -> None:
    """The exchanges with the CRM await someone; one letter a day and a cause."""
    mail.send(
        purpose="members.crm_trouble",
        object_key=f"{day.isoformat()}:{'refused' if refused else 'stopped'}",
        recipient=settings.DEFAULT_FROM_EMAIL,
        subject="Le lien avec le CRM demande votre attention",
        template="members/mails/crm_trouble",
        context={
            "reason": reason,
            "refused": refused,
            "bridge_url": settings.PORTAL_URL + reverse("admin:members_crmbridge_changelist"),
        },
        at=at,
    )
