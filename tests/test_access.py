"""Every address of the portal, opened by every role: what a reviewer sees change is tests/access.txt.

Each address is opened with an object of one's own, or for all members, and with one that is not
(« d’autrui »); what a view writes is rolled back. An address whose argument has no sample fails, a
view that declares no rule fails, a refusal is a 404 (302 to sign-in for visitors).

    UPDATE_ACCESS=1 pytest tests/test_access.py -p no:xdist    writes the table, to be read in the diff
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse, reverse_lazy
from django.utils import timezone
from PIL import Image

from apmsl.jobs.models import RunStatus
from apmsl.lib.access import PUBLIC
from apmsl.lib.dates import today
from events.models import ActionKind, Event, EventDocument, EventPhoto, Registration, room_token
from events.models.links import Link, registration_of, token
from events.services.guests import token_of
from members.enums import MembershipStatus, Provider
from members.models import Charge, Checkout, Membership, Team
from reports.enums import Document
from reports.models import ReportVersion
from tests.events.factories import (
    AttendanceFactory,
    CalendarFeedFactory,
    CertificateFactory,
    EventDocumentFactory,
    EventFactory,
    EventLetterFactory,
    GuestRequestFactory,
    RegistrationFactory,
    SurveyInvitationFactory,
)
from tests.members.campaign import make_campaign
from tests.members.factories import (
    AffiliationFactory,
    ChargeFactory,
    ContactDetailFactory,
    DepartureFactory,
    ExchangeFactory,
    InvitationFactory,
    MembershipFactory,
    PersonFactory,
    PieceFactory,
    PositionFactory,
    ScanFactory,
    TeamFactFactory,
    TeamFactory,
    TeamManagerFactory,
)
from tests.network.factories import (
    ArticleFactory,
    GroupReferentFactory,
    LocalGroupFactory,
    NewsletterFactory,
)
from tests.reports.factories import (
    ChapterOfYearFactory,
    ExternalFigureFactory,
    ReportCommentFactory,
    ReportTextFactory,
    ReportVersionFactory,
    ResultFactory,
    RunFactory,
    RunRequestFactory,
)
from tests.roles import ROLES
from tests.toolbox.factories import (
    EquipmentFactory,
    JobPostingFactory,
    LoanFactory,
    ToolFactory,
)
from tests.training.factories import CohortFactory

TABLE = Path(__file__).parent / "access.txt"
OWN, OTHER = "own", "other"
SIGN_IN = {
    reverse_lazy("account_login"),
    reverse_lazy("admin:login"),
}  # the second leads to the first

# Sign-in is django-allauth's: these pages are open, every other page of the account asks to sign in.
FRONT_DOOR = {
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "mfa_authenticate",
    "mfa_login_webauthn",
}


# -- the addresses ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Address:
    name: str
    view: Callable[..., Any]
    arguments: tuple[str, ...] = field(default=())

    @property
    def section(self) -> str:
        return self.name.partition(":")[0] if ":" in self.name else "account and portal"

    @property
    def rule(self) -> str:
        if self.section == "admin":
            return "staff"
        if hasattr(self.view, "access"):
            return self.view.access.name
        return "public" if self.name in FRONT_DOOR else "signed in"

    def allows(self, user: Any) -> bool:
        if self.section == "admin":
            return bool(user.is_staff)
        if hasattr(self.view, "access"):
            return bool(self.view.access.allows(user))
        return user.is_authenticated or self.name in FRONT_DOOR


def addresses(
    resolver: Any = None, namespace: str = "", above: tuple[str, ...] = ()
) -> list[Address]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        arguments = above + tuple(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            name = namespace + (pattern.name or f"sans nom : {pattern.pattern}")
            found.append(Address(name, pattern.callback, arguments))
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found += addresses(pattern, inner, arguments)
    return found


ADDRESSES = addresses()
OURS = [address for address in ADDRESSES if address.section != "admin"]
# Posted by a provider of payments, which has no token of ours; what it says proves nothing.
FOR_MACHINES = {"members:card_notice"}
SECTIONS = sorted({address.section for address in OURS})


# -- the samples -----------------------------------------------------------------------------------
def _team(user: Any, whose: str) -> Team:
    own = Team.objects.of_person(getattr(user, "person_id", None) or 0, today()).first()
    team = own if whose == OWN and own else TeamFactory(member=True)
    ScanFactory(team=team)
    Membership.objects.get_or_create(
        team=team, year=today().year, defaults={"status": MembershipStatus.EXPECTED}
    )
    return team


def _manager(user: Any, whose: str) -> int:
    team = _team(user, whose)
    TeamManagerFactory(team=team)
    return TeamManagerFactory(team=team).pk


def _feed(user: Any, whose: str) -> str:
    """Open to whoever knows it; somebody else's here is one that was withdrawn."""
    feed = CalendarFeedFactory(revoked_at=None if whose == OWN else timezone.now())
    return feed.token


def _token(user: Any, whose: str) -> str:
    return Membership.objects.get(team=_team(user, whose), year=today().year).token


def _event(user: Any, whose: str) -> int:
    return EventFactory(audiences=["members"] if whose == OWN else ["staff"]).pk


def _registration(user: Any, whose: str, event_id: int) -> int:
    own = whose == OWN and user.is_authenticated
    person = user.person if own else PersonFactory()
    return RegistrationFactory(event_id=event_id, person=person).pk


def _guest_token(event_id: int) -> str:
    return token_of(GuestRequestFactory(event_id=event_id))


def _photo(event_id: int) -> int:
    kept = EventPhoto(event_id=event_id, caption="Photo")
    drawn = BytesIO()
    Image.new("RGB", (2, 2)).save(drawn, "PNG")
    kept.image.save("sample.png", ContentFile(drawn.getvalue()))
    return kept.pk


def _document(event_id: int) -> int:
    kept = EventDocument(event_id=event_id, moment="before", title="Document")
    kept.file.save("sample.pdf", ContentFile(b"%PDF-"))
    return kept.pk


def _came() -> Registration:
    registration = RegistrationFactory()
    AttendanceFactory(session__event=registration.event, person=registration.person)
    return registration


def _document_of(document_token: str) -> int:
    registration = registration_of(Link.DOCUMENTS, document_token)
    assert registration is not None
    return EventDocumentFactory(event=registration.event).pk


def _registration_token(user: Any, whose: str) -> str:
    return RegistrationFactory(event__public=True).token


def _person(user: Any, whose: str) -> int:
    """Someone who practises in a team, and someone whom the federation alone knows."""
    return AffiliationFactory().person_id if whose == OWN else PersonFactory().pk


def _detail(user: Any, whose: str) -> int:
    own = whose == OWN and user.is_authenticated
    return ContactDetailFactory(person=user.person if own else PersonFactory()).pk


def _run(user: Any, whose: str) -> int:
    result = ResultFactory(file=ContentFile(b"%PDF-", "sample.pdf"))
    run = RunFactory(
        kind="scan",
        params={"team": _team(user, whose).pk, "year": today().year},
        status=RunStatus.DONE,
        result=result,
        finished_at=timezone.now(),
    )
    if whose == OWN and user.is_authenticated:
        RunRequestFactory(run=run, user=user)
    return run.pk


def _voted() -> ReportVersion:
    result = ResultFactory(file=ContentFile(b"%PDF-", "sample.pdf"))
    figures = {"teams": 37}
    return ReportVersionFactory(voted_on=today(), result=result, sha256="0" * 64, figures=figures)


def _printed_action(year: int) -> str:
    """Of the chapter « governance »."""
    given = {"label": "Salles", "source": "Relevé", "as_of": today()}
    ExternalFigureFactory(year=year, chapter="governance", **given)
    return "landmarks"


def _piece(user: Any, whose: str, charge_token: str | None) -> int:
    if charge_token:
        return PieceFactory(membership=None, charge=Charge.objects.of_token(charge_token)).pk
    return PieceFactory(membership__team=_team(user, whose), membership__year=2001).pk


def _membership(user: Any, whose: str) -> Membership:
    return MembershipFactory(team=_team(user, whose), year=2001, called=True)


def _checkout(user: Any, whose: str, charge_token: str | None) -> UUID:
    charge = Charge.objects.of_token(charge_token) if charge_token else None
    return Checkout.objects.create(
        charge=charge,
        membership=None if charge else _membership(user, whose),
        provider=Provider.HELLOASSO,
        provider_checkout="1",
        amount_cents=100,
        opened_at=timezone.now(),
    ).key


def _group(user: Any, whose: str) -> int:
    """One whose referent they are, and one of others."""
    group = LocalGroupFactory()
    if whose == OWN and getattr(user, "person", None):
        GroupReferentFactory(group=group, person=user.person)
    return group.pk


# What each argument stands for, named after what it points to: (user, whose, the others) → value.
SAMPLES: dict[str, Callable[[Any, str, dict[str, Any]], Any]] = {
    "team_id": lambda user, whose, _: _team(user, whose).pk,
    "manager_id": lambda user, whose, _: _manager(user, whose),
    "invitation_id": lambda user, whose, _: InvitationFactory(team=_team(user, whose)).pk,
    "invitation_token": lambda user, whose, _: InvitationFactory(team=_team(user, whose)).token,
    "departure_id": lambda user, whose, _: DepartureFactory(team=_team(user, whose)).pk,
    "position_id": lambda user, whose, _: (
        PositionFactory(
            team=_team(user, whose), job_description=ContentFile(b"%PDF-", "post.pdf")
        ).pk
    ),
    "kept": lambda user, whose, _: "fiche-de-poste",
    "token": lambda user, whose, _: _token(user, whose),
    "fact_id": lambda user, whose, _: (
        TeamFactFactory(team=_team(user, whose), document=ContentFile(b"%PDF-", "fact.pdf")).pk
    ),
    "person_id": lambda user, whose, _: _person(user, whose),
    "exchange_id": lambda user, whose, _: ExchangeFactory(team=_team(user, whose)).pk,
    "detail_id": lambda user, whose, _: _detail(user, whose),
    "event_id": lambda user, whose, _: _event(user, whose),
    "feed_token": lambda user, whose, _: _feed(user, whose),
    "registration_id": lambda user, whose, given: _registration(user, whose, given["event_id"]),
    "guest_token": lambda user, whose, given: _guest_token(given["event_id"]),
    "photo_id": lambda user, whose, given: _photo(given["event_id"]),
    "document_id": lambda user, whose, given: _document(given["event_id"]),
    "event_letter_id": lambda user, whose, given: EventLetterFactory(event_id=given["event_id"]).pk,
    "certificate_token": lambda user, whose, _: token(Link.CERTIFICATE, _came().pk),
    "certificate_code": lambda user, whose, _: CertificateFactory(registration=_came()).code,
    "survey_token": lambda user, whose, _: token(
        Link.SURVEY, SurveyInvitationFactory().registration_id
    ),
    "document_token": lambda user, whose, _: token(Link.DOCUMENTS, RegistrationFactory().pk),
    "event_document_id": lambda user, whose, given: _document_of(given["document_token"]),
    "room_token": lambda user, whose, _: room_token(Event.objects.get(pk=_event(user, whose))),
    "registration_token": lambda user, whose, _: _registration_token(user, whose),
    "tool_id": lambda user, whose, _: (
        ToolFactory(
            audiences=["members"] if whose == OWN else ["staff"],
            file=ContentFile(b"%PDF-", "t.pdf"),
        ).pk
    ),
    "job_id": lambda user, whose, _: JobPostingFactory(team=_team(user, whose)).pk,
    "equipment_id": lambda user, whose, _: EquipmentFactory().pk,
    "loan_id": lambda user, whose, _: LoanFactory(team=_team(user, whose)).pk,
    "group_id": lambda user, whose, _: _group(user, whose),
    "letter_id": lambda user, whose, _: NewsletterFactory().pk,
    "article_id": lambda user, whose, _: ArticleFactory().pk,
    "cohort_id": lambda user, whose, _: CohortFactory().pk,
    "membership_id": lambda user, whose, _: _membership(user, whose).pk,
    "charge_token": lambda user, whose, _: ChargeFactory(team=_team(user, whose)).token,
    "checkout_key": lambda user, whose, given: _checkout(user, whose, given.get("charge_token")),
    "provider": lambda user, whose, _: "stripe",
    "piece_id": lambda user, whose, given: _piece(user, whose, given.get("charge_token")),
    "run_id": lambda user, whose, _: _run(user, whose),
    "year": lambda user, whose, _: today().year,
    "month": lambda user, whose, _: 1,
    "number": lambda user, whose, given: ReportVersionFactory(year=given["year"]).number,
    "voted_year": lambda user, whose, _: _voted().year,
    "indicator_id": lambda user, whose, _: "teams",
    "subject": lambda user, whose, _: "equipes",
    "kind_id": lambda user, whose, _: ActionKind.objects.get(code="regional_day").pk,
    "document": lambda user, whose, _: Document.ACTIVITY,
    "chapter": lambda user, whose, given: ReportTextFactory(year=given["year"]).chapter,
    "comment_id": lambda user, whose, _: ReportCommentFactory().pk,
    "revision": lambda user, whose, _: 1,
    "part": lambda user, whose, given: ChapterOfYearFactory(year=given["year"]).key,
    "chapter_of_actions": lambda user, whose, _: "governance",
    "action_key": lambda user, whose, given: _printed_action(given["year"]),
    "pk": lambda user, whose, _: 1,
    "uidb36": lambda user, whose, _: "1",
    "key": lambda user, whose, _: "faux-jeton",
}


NO_OBJECT = "999999999"  # the admin refuses before it looks for the object
ADMIN_SAMPLES = {"app_label": "members"}


def path_of(address: Address, user: Any, whose: str) -> str:
    given: dict[str, Any] = {}
    for argument in address.arguments:
        assert argument in SAMPLES, f"« {address.name} » : donnez un exemple de {argument}."
        given[argument] = SAMPLES[argument](user, whose, given)
    return reverse(address.name, kwargs=given)


# -- opening ---------------------------------------------------------------------------------------
@dataclass
class Visitor:
    """One account in one browser."""

    role: str
    user: Any
    client: Client

    @classmethod
    def of(cls, role: str) -> "Visitor":
        user, client = ROLES[role](), Client()
        if user.is_authenticated:
            client.force_login(user)
        return cls(role, user, client)

    def open(self, address: Address, method: str, whose: str) -> int:
        """Open an address; whatever the view writes, in the browser too, is undone."""
        cookies = self.client.cookies.copy()
        self.user.__dict__.pop("audiences", None)
        with transaction.atomic():
            path = path_of(address, self.user, whose)
            response = self.client.generic(method, path)
            if response.streaming:  # a file: read to its end, it is closed
                b"".join(response)
            transaction.set_rollback(True)
        self.client.cookies = cookies
        self.check(address, path, response)
        return response.status_code

    def check(self, address: Address, path: str, response: Any) -> None:
        told = f"{address.name} ({path}), {self.role} : {response.status_code}"
        assert response.status_code not in {403, 429, 500}, told
        if address.allows(self.user):
            return
        if self.user.is_authenticated:
            assert response.status_code == 404, told
        else:
            assert response.status_code == 302, told
            assert response.headers["Location"].partition("?")[0] in SIGN_IN, told


def rows(address: Address, visitors: list[Visitor]) -> list[str]:
    """The codes of each role; roles treated alike share a line."""
    whose = (OWN, OTHER) if address.arguments else (OWN,)
    codes: dict[str, list[str]] = {}
    for visitor in visitors:
        cells = [
            f"GET {visitor.open(address, 'GET', one)} POST {visitor.open(address, 'POST', one)}"
            for one in whose
        ]
        codes.setdefault("   d’autrui : ".join(cells), []).append(visitor.role)
    return [f"    {line}   {', '.join(roles)}" for line, roles in codes.items()]


def section_of_table(section: str) -> str:
    cache.clear()
    make_campaign()
    visitors = [Visitor.of(role) for role in ROLES]
    lines = [f"## {section}"]
    for address in sorted(OURS, key=lambda address: address.name):
        if address.section == section:
            cache.clear()  # limits of sign-in
            lines += [f"{address.name}   [{address.rule}]", *rows(address, visitors)]
    return "\n".join(lines) + "\n"


def read_table() -> dict[str, str]:
    parts = TABLE.read_text().split("## ")[1:] if TABLE.exists() else []
    return {part.partition("\n")[0]: f"## {part.strip()}\n" for part in parts}


# -- tests -----------------------------------------------------------------------------------------
def test_every_view_declares_who_may_open_it():
    undeclared = [
        address.name
        for address in OURS
        if not hasattr(address.view, "access") and "allauth" not in address.view.__module__
    ]

    assert undeclared == []


def test_only_public_views_are_open_without_signing_in():
    open_views = {
        address.name for address in ADDRESSES if not getattr(address.view, "login_required", True)
    }
    public = {address.name for address in OURS if getattr(address.view, "access", None) is PUBLIC}
    admin = {"admin:login"}  # sends to the portal's own sign-in

    assert open_views - public - admin <= FRONT_DOOR


def test_every_address_has_a_name_of_its_own():
    names = [address.name for address in OURS]

    assert [name for name in names if "sans nom" in name] == []
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.django_db
@pytest.mark.parametrize("section", SECTIONS)
def test_access(section):
    table = section_of_table(section)

    known = read_table()
    if os.environ.get("UPDATE_ACCESS"):
        known[section] = table
        kept = [known[name] for name in sorted(known) if name in SECTIONS]
        TABLE.write_text("\n".join(kept))
    assert table == known.get(section, "")


@pytest.mark.django_db
def test_the_admin_is_the_staff_s():
    """Every address of the admin, also those that bear an object, which need not exist."""
    visitors = [Visitor.of(role) for role in ROLES if role not in {"staff", "director"}]
    seen = set()
    for address in ADDRESSES:
        if (
            address.section != "admin"
            or "sans nom" in address.name
            or address.name == "admin:login"
        ):
            continue
        path = reverse(
            address.name,
            kwargs={name: ADMIN_SAMPLES.get(name, NO_OBJECT) for name in address.arguments},
        )
        for visitor in visitors:
            visitor.check(address, path, visitor.client.get(path))
            seen.add(address.name)
    assert {"admin:index", "admin:events_registration_changelist"} <= seen


@pytest.mark.django_db
def test_nothing_is_posted_without_its_token():
    visitor = Visitor.of("staff")
    client = Client(enforce_csrf_checks=True)
    client.cookies = visitor.client.cookies
    for address in OURS:
        if address.name in FOR_MACHINES:
            continue
        with transaction.atomic():
            response = client.post(path_of(address, visitor.user, OWN))
            transaction.set_rollback(True)
        assert response.status_code == 403, address.name
