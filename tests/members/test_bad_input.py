"""What people, banks and providers send that makes no sense: a word in French beside it, nothing
lost, never a crash."""

import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from apmsl.lib.dates import today
from members.enums import QuestionKind
from members.models import (
    BankLine,
    FeeScale,
    FeeStep,
    Notice,
    Payment,
    Piece,
    Question,
    ScanAnswer,
)
from members.services import bank, card, statements
from members.services.providers import ProviderDown
from members.services.statements import StatementRefused
from tests import roles
from tests.members.campaign import file_of
from tests.members.factories import ScanFactory, TeamFactory
from tests.members.test_card import called, fake, membership, pay
from tests.members.test_renewal import answers, campaign, leader, question, team, url

__all__ = ["campaign", "fake", "leader", "membership", "team"]  # fixtures

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 1, 9, tzinfo=UTC)


def typed(key, value, *, seen="", remark="", seen_remark=""):
    """What a browser sends for a field."""
    name = f"q{question(key)}"
    remarks = {f"remark-{name}": remark, f"seen-remark-{name}": seen_remark}
    return {name: value, f"seen-{name}": seen, **remarks}


# -- the form of the year --------------------------------------------------------------------------
NO_NUMBERS = [
    *("-1", "1000000000000", "1,5", "NaN", "1e5", "0x10", "²", "+3", "😀", "\u202e12", "٣"),
    "x" * 100_000,
]


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_what_is_no_number_is_refused_beside_its_field_and_stays_there(client, team, leader, value):
    for name in ("renewal_form", "renewal_send"):
        response = client.post(url(name, team), typed("signatories", value))

        assert response.status_code == 200
        assert f'value="{value}"' in response.text
        assert "nombre" in response.text.partition("error-summary")[2].partition("</ul>")[0]
    assert answers(team) == {}


@pytest.mark.parametrize("value", ["😀 \u202eabc", "<script>alert(1)</script>", "é" * 5_000])
def test_a_text_is_kept_as_it_was_written(client, team, leader, value):
    client.post(url("renewal_form", team), typed("note", value))

    assert answers(team) == {f"q{question('note')}": value}
    assert "<script>alert" not in client.get(url("renewal_form", team)).text


def test_a_text_longer_than_is_kept_stays_on_the_page(client, team, leader):
    response = client.post(url("renewal_form", team), typed("note", "x" * 5_001))

    assert "x" * 5_001 in response.text
    assert "plus de 5\u202f000\u00a0signes" in response.text


def test_a_character_that_the_database_does_not_know_is_left_out(client, team, leader):
    data = typed("signatories", "1\x002", remark="un\0 mot")
    assert client.post(url("renewal_form", team), data).status_code == 302

    assert ScanAnswer.objects.values_list("number", "remark").get() == (12, "un mot")


def test_the_line_breaks_of_a_browser_are_no_one_else_s_writing(client, team, leader):
    client.post(url("renewal_form", team), typed("note", "un\r\ndeux"))

    after = typed("note", "un\r\ntrois", seen="un\r\ndeux")
    assert client.post(url("renewal_form", team), after).status_code == 302

    assert answers(team) == {f"q{question('note')}": "un\ntrois"}


def test_the_word_written_beside_a_wrong_value_stays_on_the_page(client, team, leader):
    data = typed("signatories", "cinq", remark="deux départs")

    assert 'value="deux départs"' in client.post(url("renewal_form", team), data).text


def test_the_word_written_while_another_answered_stays_on_the_page(client, team, leader):
    client.post(url("renewal_form", team), typed("signatories", "8"))

    response = client.post(
        url("renewal_form", team), typed("signatories", "9", remark="deux départs")
    )

    assert "a répondu" in response.text
    assert 'value="deux départs"' in response.text


def test_two_words_too_long_together_are_not_cut(client, team, leader):
    client.post(url("renewal_form", team), typed("signatories", "8", remark="a" * 200))

    data = typed("signatories", "8", seen="8", remark="b" * 200)
    response = client.post(url("renewal_form", team), data)

    assert "b" * 200 in response.text
    assert "plus de 300\u00a0signes" in response.text
    assert ScanAnswer.objects.get().remark == "a" * 200


# -- the fee ---------------------------------------------------------------------------------------
def test_a_fee_beyond_reason_points_at_the_answer_that_makes_it(client, team, leader):
    FeeScale.objects.update(cap_cents=None)
    client.post(url("renewal_send", team), typed("signatories", "99999999"))

    page = client.get(url("renewal_fee", team)).text
    client.post(url("renewal_ask", team))

    assert "corrigez la réponse à «\u00a0Signataires\u00a0»" in page
    assert not Piece.objects.exists()


def test_a_fee_that_changed_since_its_page_is_read_again_before_it_is_called(client, team, leader):
    client.post(url("renewal_send", team), typed("signatories", "3"))
    assert 'name="seen" value="13000"' in client.get(url("renewal_fee", team)).text
    FeeStep.objects.update(cents_per_head=2_000)

    refused = client.post(url("renewal_ask", team), {"seen": "13000"}, follow=True)

    assert "La cotisation a changé depuis" in refused.text
    assert not Piece.objects.exists()

    client.post(url("renewal_ask", team), {"seen": "16000"})
    assert file_of(team).amount_cents == 16_000


@pytest.mark.parametrize("seen", ["9" * 6_000, "abc", "-1", "²", ""])
def test_an_amount_that_no_page_showed_is_as_if_none_was(client, team, leader, seen):
    client.post(url("renewal_send", team), typed("signatories", "3"))

    assert client.post(url("renewal_ask", team), {"seen": seen}).status_code == 302


@pytest.mark.parametrize("day", ["31/02/2026", "2026-02-30", "demain", "", "\0", "10000-01-01"])
def test_a_day_that_does_not_exist_is_refused_beside_its_field(client, team, leader, day):
    response = client.post(url("renewal_promise", team), {"day": day})

    assert response.status_code == 200
    assert "invalid" in response.text
    assert file_of(team).promised_on is None


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2020-01-01"])
def test_a_day_out_of_the_campaign_is_refused(client, team, leader, day):
    response = client.post(url("renewal_promise", team), {"day": day}, follow=True)

    assert "Donnez une date" in response.text
    assert file_of(team).promised_on is None


# -- the questions ---------------------------------------------------------------------------------
def test_a_question_that_a_form_asks_keeps_its_key_and_its_kind(client, campaign):
    asked = Question.objects.get(key="trainees")
    scan = ScanFactory(team=TeamFactory(), form=campaign.form, submitted_on=today())
    ScanAnswer.objects.create(scan=scan, question=asked, yes=True)
    client.force_login(roles.staff())

    changed = {"key": "autre", "kind": QuestionKind.NUMBER, "label": "Des stagiaires ?"}
    client.post(reverse("admin:members_question_change", args=[asked.pk]), changed)

    asked.refresh_from_db()
    assert (asked.key, asked.kind) == ("trainees", QuestionKind.YES_NO)
    assert asked.label == "Des stagiaires ?"


# -- the bank's file -------------------------------------------------------------------------------
def statement(*lines):
    return "\n".join(["Date;Libellé;Montant", *lines]).encode()


@pytest.mark.parametrize(
    "amount",
    [
        *("1e999999", "1e5", "NaN", "sNaN", "Infinity", "1_000", "٣", "--5", "1,2,3", "12,345"),
        *("1,200.00", "1.200", "99999999999,00", "1.20.00,00", ",", "€"),
    ],
)
def test_an_amount_that_could_be_misread_is_refused(amount):
    with pytest.raises(StatementRefused, match="Ligne 3, colonne « montant » : .* Rien n’a été"):
        statements.read(statement("01/02/2023;VIR;12,00", f"02/02/2023;VIR;{amount}"))


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        *[("1250,5", 125_050), ("1.250,50", 125_050), ("1 250.50", 125_050), ("1250", 125_000)],
        *[("1.234.567,8 €", 123_456_780), ("\u22125,00", -500), ("+3", 300)],
    ],
)
def test_an_amount_is_read_as_banks_write_it(amount, cents):
    (line,) = statements.read(statement(f"02/02/2023;VIR;{amount}"))

    assert line.amount_cents == cents


@pytest.mark.parametrize("day", ["01/02/0023", "31/12/9999", "30/02/2023", "2023-13-01", ""])
def test_a_day_of_another_age_is_no_day_of_a_statement(day):
    with pytest.raises(StatementRefused, match="Ligne 2, colonne « date » : .* n’est pas une date"):
        statements.read(statement(f"{day};VIR;12,00"))


def test_thousands_of_equal_lines_are_refused_as_a_whole():
    lines = ["01/02/2023;VIR UN;12,00", *["01/02/2023;VIR;12,00"] * 40_000]

    with pytest.raises(StatementRefused, match="plus de 1000 lignes sont les mêmes"):
        bank.import_statement(content=statement(*lines), at=AT)

    assert not BankLine.objects.exists()


def test_fifty_thousand_lines_are_imported_once():
    content = statement(*(f"01/02/2023;VIR {number};12,00" for number in range(50_000)))

    assert bank.import_statement(content=content, at=AT) == 50_000
    assert bank.import_statement(content=content, at=AT) == 0


@pytest.mark.parametrize("number", ["9" * 30, "9" * 6_000, "²", "abc", ""])
@pytest.mark.parametrize("decision", ["aside:{}", "pay:{}:1", "pay:{line}:{}"])
def test_a_decision_about_no_line_decides_nothing(client, decision, number):
    bank.import_statement(content=statement("01/02/2023;VIR;12,00"), at=AT)
    line = BankLine.objects.get()
    client.force_login(roles.staff())

    response = client.post(
        reverse("admin:members_bankline_reconcile"),
        {"decision": decision.format(number, line=line.pk)},
    )

    assert response.status_code == 302
    line.refresh_from_db()
    assert (line.payment, line.set_aside) == (None, False)


# -- providers of cards ----------------------------------------------------------------------------
def told(**data):
    return json.dumps({"eventType": "Payment", "data": data}).encode()


@pytest.mark.parametrize("fake", ["helloasso"], indirect=True)
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"null", b"[]", b"\xff\xfe", b'{"data": 3}', b"[" * 100_000, b"1" * 6_000),
        *(told(), told(id=1, metadata=[1]), told(id=1, metadata={"key": "\0"})),
    ],
)
def test_a_body_that_is_no_notice_leaves_nothing(client, fake, body):
    response = client.post("/paiement/avis/helloasso/", body, content_type="application/json")

    assert response.status_code in (204, 400)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("fake", ["helloasso"], indirect=True)
@pytest.mark.parametrize("number", ["\0", "\ud800", "é" * 900])
def test_a_notice_with_a_name_that_no_database_holds_is_kept_all_the_same(
    client, fake, membership, number
):
    key = str(pay(membership).key)

    for _ in range(2):
        response = client.post(
            "/paiement/avis/helloasso/",
            told(id=number, metadata={"key": key}),
            content_type="application/json",
        )
        assert response.status_code == 204

    assert Notice.objects.count() == 1


@pytest.mark.parametrize("fake", ["helloasso"], indirect=True)
@pytest.mark.parametrize(
    "answer",
    [
        {"metadata": "non"},
        {"order": [1]},
        {"order": {"payments": [3]}},
        {"order": {"payments": [{"state": "Authorized"}]}},
        {"order": {"payments": [{"state": "Authorized", "id": 1, "amount": "dix"}]}},
    ],
)
def test_an_answer_that_makes_no_sense_is_asked_for_again_and_holds_nobody_up(
    client, fake, membership, answer
):
    checkout = pay(membership)
    fake.checkouts[checkout.provider_checkout] |= answer

    with pytest.raises(ProviderDown):
        card.settle(checkout=checkout, on=today(), at=AT)
    assert card.settle_opened(on=today(), at=AT) == 0


@pytest.mark.parametrize("fake", ["stripe"], indirect=True)
def test_a_checkout_without_a_page_to_go_to_is_not_opened(fake, membership, monkeypatch):
    answer = fake.answer

    def closed(*asked):
        status, session = answer(*asked)
        return status, session | {"url": None}

    monkeypatch.setattr(fake, "answer", closed)

    with pytest.raises(ProviderDown):
        pay(membership)
    assert not membership.checkouts.exists()


# -- the admin -------------------------------------------------------------------------------------
def the_form_of(response):
    return response.context["adminform"].form


@pytest.mark.parametrize("day", ["0023-05-01", "20233-05-01", "9999-12-31", "31/02/2023"])
def test_a_slip_in_the_year_is_said_beside_the_date(client, day):
    team = TeamFactory()
    client.force_login(roles.staff())

    response = client.post(
        reverse("admin:members_team_change", args=[team.pk]), {"constituted_on": day}
    )

    assert the_form_of(response).errors["constituted_on"]


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"constituted_on": "2023-05-02", "aci_signed_on": "2023-05-01"}, "aci_signed_on"),
        ({"aci_signed_on": "2023-05-02", "closed_on": "2023-05-01"}, "closed_on"),
    ],
)
def test_a_team_s_days_follow_each_other(client, days, field):
    client.force_login(roles.staff())

    response = client.post(
        reverse("admin:members_team_change", args=[TeamFactory().pk]),
        {"constituted_on": "2023-05-01", **days},
    )

    assert "avant" in the_form_of(response).errors[field][0]


@pytest.mark.parametrize("field", ["happened_on", "follow_up_on"])
def test_an_exchange_of_another_age_is_a_slip(client, field):
    team = TeamFactory(member=True)
    client.force_login(roles.staff())
    far = "0023-05-01" if field == "happened_on" else "9999-05-01"

    response = client.post(
        reverse("members:team_exchange", args=[team.pk]),
        {"kind": "CALL", "happened_on": today().isoformat(), "summary": "Un appel", field: far},
    )

    assert "pas plausible" in response.context["form"].errors[field][0]


@pytest.mark.parametrize("name", ["etape", "suivi", "coordination"])
def test_a_list_narrowed_by_nonsense_is_the_whole_list(client, name):
    TeamFactory()
    client.force_login(roles.staff())

    response = client.get(reverse("admin:members_team_changelist"), {name: "zzz"})

    assert response.context["cl"].result_count == 1


# -- twice -----------------------------------------------------------------------------------------
def test_a_double_click_on_a_payment_is_one_payment(client, membership):
    client.force_login(roles.staff())
    page = f"{reverse('admin:members_payment_add')}?membership={membership.pk}"
    cheque = {"method": "cheque", "amount": "10,00", "received_on": today().isoformat()}

    first, second = (client.post(page, {**cheque, "reference": "n° 7"}) for _ in range(2))
    assert first.status_code == 302
    assert "déjà enregistré" in second.context["form"].non_field_errors()[0]
    assert membership.payments.count() == 1

    client.post(page, {**cheque, "reference": "n° 8"})
    assert membership.payments.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_who_confirm_the_whole_statement_at_once_confirm_it_once(crowd):
    calls = [called() for _ in range(6)]
    references = [str(one.pieces.get()) for one in calls]
    lines = [f"01/02/2023;VIR {reference};300,00" for reference in references]
    bank.import_statement(content=statement(*lines), at=AT)

    def confirm():
        return bank.confirm_certain(by=None, on=today(), at=AT)

    assert sum(crowd([confirm] * 4)) == 6
    assert Payment.objects.count() == 6
