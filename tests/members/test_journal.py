"""The journal balances, whatever happened; the year's pieces as one ZIP."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from apmsl.jobs import services as jobs
from apmsl.jobs import tasks
from apmsl.jobs.models import RunStatus
from members.builders import journal
from members.builders.piece_archive import KIND
from members.enums import MembershipStatus
from members.services import cheques, payments, pieces
from members.services.payments import PaymentRefused
from members.services.pieces import PieceRefused
from tests import roles
from tests.members.factories import MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db

AT = datetime(2023, 2, 1, 9, tzinfo=UTC)
YEAR = (date(2023, 1, 1), date(2023, 12, 31))


def expected(**values):
    return MembershipFactory(
        status=MembershipStatus.EXPECTED, paid_on=None, amount_cents=0, year=2023, **values
    )


def call(membership, cents=30_000, on=date(2023, 2, 1)):
    return pieces.issue_call(debt=membership, lines=[("Cotisation", cents)], by=None, at=AT, on=on)


def pay(membership, cents, method="transfer", on=date(2023, 2, 20)):
    return payments.record(
        debt=membership,
        method=method,
        amount_cents=cents,
        received_on=on,
        by=None,
        on=on,
        at=AT,
    )


def test_a_call_its_cheque_and_the_slip_are_three_entries_of_two_lines():
    membership = expected(team=TeamFactory(name="MSP des Tilleuls"))
    call(membership)
    payment = pay(membership, 30_000, "cheque")
    slip = cheques.deposit(cheques=[payment], by=None, on=date(2023, 2, 25))

    rows = [
        (entry.day.day, entry.piece, entry.account, entry.debit_cents, entry.credit_cents)
        for entry in journal.entries(*YEAR)
    ]

    assert rows == [
        (1, "AC-2023-0001", "411000", 30_000, 0),
        (1, "AC-2023-0001", "756000", 0, 30_000),
        (20, f"PA-{payment.pk}", "511200", 30_000, 0),
        (20, f"PA-{payment.pk}", "411000", 0, 30_000),
        (25, f"BR-{slip.pk}", "512000", 30_000, 0),
        (25, f"BR-{slip.pk}", "511200", 0, 30_000),
    ]
    assert journal.entries(date(2023, 2, 20), date(2023, 2, 20)) != []
    assert journal.entries(date(2023, 2, 26), date(2023, 12, 31)) == []


def test_the_accounts_are_settings(settings):
    settings.JOURNAL_ACCOUNTS = settings.JOURNAL_ACCOUNTS | {"fees": "756100"}
    call(expected())

    assert [entry.account for entry in journal.entries(*YEAR)] == ["411000", "756100"]


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["call", "cancel", "invoice", "transfer", "cheque", "card", "deposit"]),
        st.integers(-50_000, 50_000),
    ),
    max_size=12,
)


@given(operations=OPERATIONS)
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_it_balances_whatever_happened(operations):
    with transaction.atomic():
        membership = _after(operations)
        entries = journal.entries(date(2000, 1, 1), date(2100, 1, 1))
        assert sum(entry.debit_cents for entry in entries) == sum(e.credit_cents for e in entries)
        assert all(min(entry.debit_cents, entry.credit_cents) == 0 for entry in entries)
        assert all(max(entry.debit_cents, entry.credit_cents) > 0 for entry in entries)
        owed = sum(e.debit_cents - e.credit_cents for e in entries if e.account == "411000")
        assert owed == membership.rest_cents()  # what the member's account says is what is asked
        transaction.set_rollback(True)


def _after(operations):
    """A membership, once all of it was done or refused."""
    membership = expected()
    for what, cents in operations:
        try:
            _do(membership, what, cents)
        except (PaymentRefused, PieceRefused):
            continue

    membership.refresh_from_db()
    return membership


def _do(membership, what, cents):
    standing = membership.pieces.standing()
    if what == "call":
        call(membership, abs(cents))
    elif what == "cancel":
        for piece in standing.filter(kind="call"):
            pieces.issue_credit_note(piece=piece, by=None, on=date(2023, 3, 1))
    elif what == "invoice":
        pieces.issue_invoice(debt=membership, by=None, on=date(2023, 3, 1))
    elif what == "deposit":
        waiting = membership.payments.filter(method="cheque", deposit=None, amount_cents__gt=0)
        cheques.deposit(cheques=waiting, by=None, on=date(2023, 3, 1))
    else:
        pay(membership, cents, what)


def test_both_files_hold_the_same_and_no_formula():
    call(expected(team=TeamFactory(name="=1+1")))

    text = "".join(journal.journal_csv(*YEAR)).removeprefix("\ufeff")
    read = list(csv.reader(io.StringIO(text), delimiter=";"))
    sheet = load_workbook(io.BytesIO(journal.journal_xlsx(*YEAR))).active
    cells = list(sheet.iter_rows(values_only=True))

    assert read[0] == list(cells[0]) == list(journal.HEADERS)
    label = "Appel à cotisation 2023, =1+1"
    assert read[1] == ["2023-02-01", "AC-2023-0001", "411000", label, "300,00", ""]
    assert cells[2][1:] == ("AC-2023-0001", "756000", label, None, 300)
    assert isinstance(Decimal(cells[1][4]), Decimal)


def test_the_year_s_pieces_are_one_archive():
    membership = expected()
    first = call(membership)
    pieces.issue_credit_note(piece=first, by=None, on=date(2023, 3, 1))
    call(expected(), on=date(2024, 1, 1))

    run = jobs.request(
        kind=KIND,
        key="pieces:2023",
        label="Pièces de 2023",
        params={"year": 2023},
        user=roles.staff(),
        at=timezone.now(),
    )
    tasks.build(run_id=run.pk)

    run.refresh_from_db()
    assert run.status == RunStatus.DONE
    with run.result.file.open("rb") as file, zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert archive.read(names[0]).startswith(b"%PDF-")
    assert names == ["Appel à cotisation/AC-2023-0001.pdf", "Avoir/AV-2023-0001.pdf"]


def test_a_year_without_pieces_says_so():
    run = jobs.request(
        kind=KIND,
        key="pieces:2001",
        label="Pièces de 2001",
        params={"year": 2001},
        user=roles.staff(),
        at=timezone.now(),
    )
    tasks.build(run_id=run.pk)

    run.refresh_from_db()
    assert (run.status, run.message) == (RunStatus.FAILED, "Aucune pièce n’a été émise en 2001.")
