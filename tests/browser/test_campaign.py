"""From the letter's link to the receipt and the Scan'équipe: on a phone, by keyboard, without scripts."""

import io
import re
from collections.abc import Iterator
from email import message_from_bytes, policy

import pypdf
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apmsl.lib.dates import today
from apmsl.mail import builders
from apmsl.mail.models import Message
from members.enums import MembershipStatus, PaymentMethod, PieceKind
from members.models import Campaign, Membership, Person, PersonEmail, Position, Scan
from members.services import payments, reminders
from members.services.answers import entries_of
from tests.browser import audit
from tests.browser.portal import PHONE, Account, Portal
from tests.browser.test_keyboard import tab_to
from tests.members.factories import PositionFactory

YEAR = 2024


@pytest.fixture
def file(portal: Portal) -> Iterator[Membership]:
    """A file to start, of a team whose coordinator and leader the two accounts are for a while."""
    people = [portal.accounts[role].user.person for role in ("coordinator", "leader")]
    campaign = Campaign.objects.get(form__year=YEAR)
    begun = Scan.objects.filter(form=campaign.form).values("team")
    known = Position.objects.filter(person__in=people).values("team")
    answered = Scan.objects.last_of_year(YEAR - 1, today()).values("team")
    files = campaign.memberships().filter(status=MembershipStatus.EXPECTED, checked_on=None)
    files = files.filter(team__in=answered).exclude(team__in=begun).exclude(team__in=known)
    file = files.order_by("team__code")[0]
    posts = [
        PositionFactory(person=people[0], team=file.team),
        PositionFactory(person=people[1], team=file.team, leader=True),
    ]
    yield file
    for post in posts:
        post.delete()


def link_of(file: Membership, account: Account) -> str:
    """Read in the letter that the campaign wrote to her."""
    file.reminders.all().delete()  # another test may have written before she was there
    reminders.write(on=today(), at=timezone.now())
    letters = Message.objects.filter(purpose="members.campaign", recipient=account.email)
    found = [re.search(r"http\S+/adhesion/\S+/", received(letter)) for letter in letters]
    return next(match[0] for match in found if match and file.token in match[0])


def received(letter: Message) -> str:
    """Its text, out of the bytes that go to the mail server."""
    sent = message_from_bytes(builders.email(letter).message().as_bytes(), policy=policy.SMTP)
    body = sent.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def sign_in_there(page: Page, account: Account) -> None:
    page.get_by_label("Courriel").fill(account.email)
    page.get_by_label("Mot de passe", exact=True).fill(account.password)
    page.keyboard.press("Enter")


def press(page: Page, name: str) -> None:
    tab_to(page, f"^{name}")
    page.keyboard.press("Enter")


def look(page: Page, javascript: bool) -> None:
    """The audit is a script: it looks at the pages of those who have them."""
    if javascript:
        assert audit.page_problems(page, set()) == []


def heading(page: Page, step: str) -> None:
    expect(page.locator("[aria-current=step]")).to_have_text(step)


def fill_the_form(page: Page, javascript: bool) -> None:
    heading(page, "Formulaire")
    page.get_by_label(re.compile("^Signataires du projet")).focus()
    page.keyboard.type("12 personnes")
    press(page, "Enregistrer le brouillon")
    expect(page.locator(".error-summary")).to_contain_text("Écrivez un nombre entier")
    look(page, javascript)
    press(page, "Inchangé")
    expect(page.get_by_text("Votre brouillon est enregistré.")).to_be_visible()
    expect(page.get_by_text("Brouillon, non transmis")).to_be_visible()
    press(page, "Transmettre à la fédération")


def ask_for_the_call(page: Page, javascript: bool) -> None:
    heading(page, "Cotisation")
    expect(page.get_by_role("row", name="Total")).to_be_visible()
    look(page, javascript)
    press(page, "Demander l’appel à cotisation")
    heading(page, "Paiement")


def pay_by_transfer(file: Membership) -> None:
    """What the staff does with the bank's statement (test_staff_campaign.py)."""
    payments.record(
        debt=file,
        method=PaymentMethod.TRANSFER,
        amount_cents=file.amount_cents,
        received_on=today(),
        by=None,
        on=today(),
        at=timezone.now(),
    )


def follow_the_receipt(page: Page, file: Membership, javascript: bool) -> None:
    """The letter of thanks brings it; so does the page."""
    press(page, "Reçu")
    heading(page, "Reçu")
    expect(page.get_by_text("Votre adhésion est réglée")).to_be_visible()
    look(page, javascript)
    receipt = file.pieces.get(kind=PieceKind.RECEIPT)
    assert file.team.name in pdf_text(download(page, f"^Reçu {re.escape(receipt.reference)}"))


def follow_the_scan(page: Page, file: Membership, javascript: bool) -> None:
    press(page, "Voir le Scan’équipe")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Scan’équipe {YEAR}")
    look(page, javascript)
    press(page, "Préparer le PDF")
    ready = page.get_by_text("Le document est prêt")
    if javascript:
        expect(ready).to_be_visible(timeout=120_000)
    for _ in range(0 if javascript else 90):
        if ready.is_visible():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    assert file.team.name in pdf_text(download(page, "^Télécharger"))


def download(page: Page, name: str) -> bytes:
    tab_to(page, name)
    address = page.evaluate("() => document.activeElement.href")
    answer = page.request.get(address)
    assert answer.status == 200
    return answer.body()


def pdf_text(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_letter_to_the_receipt_and_the_scan_with_the_keyboard(
    portal: Portal, file: Membership, worker: None, javascript: bool
):
    account = portal.accounts["coordinator"]
    link = link_of(file, account)
    with portal.visit(width=PHONE, javascript=javascript) as page:
        page.goto("/adhesion/" + link.partition("/adhesion/")[2])
        sign_in_there(page, account)

        heading(page, "Vérifier l’équipe")
        press(page, "C’est à jour")
        fill_the_form(page, javascript)
        ask_for_the_call(page, javascript)
        file.refresh_from_db()
        assert file.status == MembershipStatus.CALLED
        expect(page.get_by_text(file.pieces.get().reference).first).to_be_visible()
        look(page, javascript)

        pay_by_transfer(file)
        page.reload()
        follow_the_receipt(page, file, javascript)
        follow_the_scan(page, file, javascript)
    thanks = Message.objects.filter(purpose="members.receipt", recipient=account.email)
    assert thanks.exists()


@pytest.fixture
def own_file(portal: Portal) -> Membership:
    """The plain member's account, as an isolated professional for a while."""
    person = portal.accounts["member"].user.person
    PersonEmail.objects.get_or_create(
        person=person, is_primary=True, defaults={"address": portal.accounts["member"].email}
    )
    return Membership.objects.create(person=person, year=YEAR, status=MembershipStatus.EXPECTED)


@pytest.mark.parametrize("javascript", [True, False])
def test_an_isolated_professional_goes_from_the_link_to_the_call_without_a_form(
    portal: Portal, own_file: Membership, javascript: bool
):
    account = portal.accounts["member"]
    with portal.visit(width=PHONE, javascript=javascript) as page:
        page.goto(f"/adhesion/{own_file.token}/")
        sign_in_there(page, account)
        heading(page, "Vérifier mes données")
        look(page, javascript)
        press(page, "C’est à jour")
        heading(page, "Cotisation")
        look(page, javascript)
        press(page, "Demander l’appel à cotisation")
        heading(page, "Paiement")
        expect(page.get_by_text(own_file.pieces.get().reference).first).to_be_visible()
        look(page, javascript)
        page.goto(f"/mon-adhesion/{YEAR}/recu/")
        look(page, javascript)
    leave(own_file)


def leave(file: Membership) -> None:
    """A piece stays for ever: the file is given away, so that the next test has one of its own."""
    Membership.objects.filter(pk=file.pk).update(person=Person.objects.filter(memberships=None)[0])


def test_without_scripts_the_second_of_two_sees_both_answers_and_chooses(
    portal: Portal, file: Membership
):
    path = f"/equipes/{file.team_id}/adhesion/{YEAR}/formulaire/"
    field = "Patients suivis"
    with (
        portal.visit(width=PHONE, javascript=False) as mine,
        portal.visit(javascript=False) as theirs,
    ):
        portal.sign_in(mine, "coordinator")
        portal.sign_in(theirs, "leader")
        for page in (mine, theirs):
            page.goto(path)
        mine.get_by_label(field, exact=True).fill("7000")
        mine.get_by_role("button", name="Enregistrer le brouillon").click()
        expect(mine.get_by_text("Votre brouillon est enregistré.")).to_be_visible()

        theirs.get_by_label(field, exact=True).fill("8000")
        theirs.get_by_label(re.compile("^Signataires du projet")).fill("11")
        theirs.get_by_role("button", name="Enregistrer le brouillon").click()
        expect(theirs.get_by_text("Quelqu’un a écrit en même temps que vous")).to_be_visible()
        expect(theirs.get_by_label(field, exact=True)).to_have_value("8000")
        expect(theirs.get_by_text("a répondu «\u00a07\u202f000\u00a0»")).to_be_visible()
        theirs.get_by_role("button", name="Enregistrer le brouillon").click()
        expect(theirs.get_by_text("Votre brouillon est enregistré.")).to_be_visible()

        mine.reload()
        expect(mine.get_by_label(field, exact=True)).to_have_value("8000")
    draft = Scan.objects.get(team=file.team_id, form__year=YEAR)
    assert {"8000", "11"} <= {entry.value for entry in entries_of(draft).values()}
    draft.delete()


def test_what_is_typed_is_saved_at_once_and_a_colleague_s_text_is_not_lost(
    portal: Portal, file: Membership
):
    path = f"/equipes/{file.team_id}/adhesion/{YEAR}/formulaire/"
    with portal.visit(width=PHONE) as mine, portal.visit() as theirs:
        portal.sign_in(mine, "coordinator")
        portal.sign_in(theirs, "leader")
        for page in (mine, theirs):
            page.goto(path)
        mine.get_by_label("Patients suivis", exact=True).fill("7000")
        mine.keyboard.press("Tab")
        expect(mine.get_by_text("Enregistré par").first).to_be_visible()

        theirs.get_by_label("Patients suivis", exact=True).fill("8000")
        theirs.keyboard.press("Tab")
        expect(theirs.get_by_text("pendant que vous écriviez")).to_be_visible()
        assert audit.page_problems(theirs, set()) == []
        theirs.get_by_role("button", name=re.compile("Reprendre")).click()

        expect(theirs.get_by_label("Patients suivis", exact=True)).to_have_value("7000")
    draft = Scan.objects.get(team=file.team_id, form__year=YEAR)
    assert "7000" in {entry.value for entry in entries_of(draft).values()}
