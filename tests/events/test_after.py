"""After an event: certificates of those present, and what they thought of it."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from outloud import check
from pypdf import PdfReader

from apmsl.lib import pdf
from apmsl.lib.dates import today
from apmsl.mail.models import Message
from events import services
from events.builders.certificates import certificates_html
from events.models import Certificate, ObjectiveAnswer, SatisfactionAnswer, SurveyInvitation
from events.models.links import Link, token
from events.services import certificates, letters, surveys
from events.services.minutes import participation
from tests import roles
from tests.events.factories import (
    AttendanceFactory,
    CertificateFactory,
    EventDocumentFactory,
    EventFactory,
    EventLetterFactory,
    EventSessionFactory,
    ObjectiveFactory,
    RegistrationFactory,
    SatisfactionAnswerFactory,
    SurveyInvitationFactory,
)
from tests.members.factories import PersonEmailFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(held=True, title="Journée régionale")


def came(event, **person):
    registration = RegistrationFactory(event=event, **person)
    session = event.sessions.first() or EventSessionFactory(event=event)
    AttendanceFactory(session=session, person=registration.person)
    PersonEmailFactory(person=registration.person)
    return registration


def text_of(response):
    pdf = PdfReader(io.BytesIO(response.content))
    return " ".join(page.extract_text() for page in pdf.pages)


# -- certificates ----------------------------------------------------------------------------------
def test_the_person_downloads_it_by_the_link_of_the_mail(client, event):
    registration = came(event)
    url = reverse("events:my_certificate", args=[token(Link.CERTIFICATE, registration.pk)])

    page = client.get(url).text
    assert "1\u00a0demi-journée, soit 3,5" in page
    assert not Certificate.objects.exists()  # opened by a program that reads mails
    response = client.post(url)

    certificate = Certificate.objects.get()
    text = text_of(response)
    assert response["Content-Type"] == "application/pdf"
    for expected in (
        f"{registration.person.first_name} {registration.person.last_name}",
        "Journée régionale",
        f"N° {today().year}-0001",
        f"/attestations/{certificate.code}/",
    ):
        assert expected in text


def test_who_was_not_there_has_none(client, event):
    absent = RegistrationFactory(event=event)

    url = reverse("events:my_certificate", args=[token(Link.CERTIFICATE, absent.pk)])

    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 409
    other = reverse("events:my_certificate", args=[token(Link.SURVEY, came(event).pk)])
    assert client.get(other).status_code == 404
    assert not Certificate.objects.exists()


def test_whoever_was_there_asks_for_it_on_the_page_of_the_event(client, event):
    user = roles.member()
    registration = came(event, person=user.person)
    other = came(event)
    client.force_login(user)
    url = reverse("events:certificate", args=[event.pk, registration.pk])

    page = client.get(event.get_absolute_url()).text
    assert f'action="{url}"' in page
    assert client.get(url).status_code == 405
    assert not Certificate.objects.exists()
    assert "0001" in text_of(client.post(url))

    theirs = reverse("events:certificate", args=[event.pk, other.pk])
    assert client.post(theirs).status_code == 404
    assert f'action="{theirs}"' not in page
    assert Certificate.objects.count() == 1


def test_nobody_is_offered_one_before_the_end_or_without_presence(client):
    user = roles.member()
    coming = EventFactory(audiences=["public"])
    came(coming, person=user.person)
    missed = EventFactory(held=True)
    RegistrationFactory(event=missed, person=user.person)
    client.force_login(user)

    for event in (coming, missed):
        assert "attestation" not in client.get(event.get_absolute_url()).text


def test_the_staff_downloads_that_of_one_person_from_the_registration(client, event):
    registration, absent = came(event), RegistrationFactory(event=event)
    client.force_login(roles.staff())
    url = reverse("events:certificate", args=[event.pk, registration.pk])

    def change(row):
        return client.get(reverse("admin:events_registration_change", args=[row.pk])).text

    assert f'formaction="{url}"' in change(registration)
    assert "Aucune présence notée" in change(absent)
    assert registration.person.last_name in text_of(client.post(url))


def test_it_reads_well_aloud(event, tmp_path):
    certificate = certificates.issue(registration=came(event), on=today())

    (tmp_path / "certificate.pdf").write_bytes(pdf.render(certificates_html([certificate])))

    assert not check(tmp_path / "certificate.pdf").findings


def test_numbers_follow_each_other_and_stay_whatever_is_noted_later(event):
    rows = [came(event) for _ in range(3)]
    CertificateFactory(year=today().year - 1, number=7)

    first = certificates.issue(registration=rows[1], on=today())
    everybody = certificates.issue_all(event=event, on=today())
    session = EventSessionFactory(event=event)
    AttendanceFactory(session=session, person=rows[1].person)
    again = certificates.issue_all(event=event, on=today() + timedelta(days=1))

    assert first.number == 1
    assert sorted(row.number for row in everybody) == [1, 2, 3]
    assert {r.code for r in again} == {r.code for r in everybody}
    first.refresh_from_db()
    assert (first.number, first.half_days, first.issued_on) == (1, 2, today())


def test_anybody_checks_it_and_reads_no_name(client, event):
    registration = came(event, person__first_name="Camille", person__last_name="Durand")
    certificate = certificates.issue(registration=registration, on=today())
    url = reverse("certificate", args=[certificate.code])

    page = client.get(url).content.decode()
    assert "authentique" in page
    assert "Journée régionale" in page
    assert ">CD<" in page
    assert "Durand" not in page
    assert "Camille" not in page

    registration.person.attendances.all().delete()
    assert "n’est plus valable" in client.get(url).content.decode()
    unknown = client.get(reverse("certificate", args=["inconnu"]))
    assert unknown.status_code == 404
    assert "Aucune attestation ne porte ce code" in unknown.content.decode()


def test_the_page_of_the_event_leads_whoever_came_to_their_certificate_and_to_the_survey(
    client, event
):
    user = roles.member()
    registration = came(event, person=user.person)
    SurveyInvitationFactory(registration=registration)
    client.force_login(user)

    page = client.get(event.get_absolute_url()).content.decode()
    assert reverse("events:certificate", args=[event.pk, registration.pk]) in page
    assert reverse("events:survey", args=[token(Link.SURVEY, registration.pk)]) in page

    user.person.attendances.all().delete()
    SurveyInvitation.objects.update(answered_on=today())
    page = client.get(event.get_absolute_url()).content.decode()
    assert "attestation" not in page
    assert "Donner mon avis" not in page


def test_checking_again_and_again_is_stopped(client):
    url = reverse("certificate", args=["inconnu"])

    codes = {client.get(url).status_code for _ in range(70)}

    assert codes == {404, 429}


def test_the_staff_asks_for_all_of_them(client, event):
    client.force_login(roles.staff())
    url = reverse("events:certificates", args=[event.pk])
    assert "il n’y a rien à attester" in client.post(url, follow=True).content.decode()

    came(event)
    assert client.post(url)["Location"].startswith("/")
    assert Certificate.objects.count() == 1


# -- thanks and survey -----------------------------------------------------------------------------
def test_those_present_are_thanked_with_all_their_links(event):
    event.replay_url = "https://video.exemple.test/1"
    event.save()
    EventDocumentFactory(event=event, moment="after", title="Diaporama")
    registration = came(event)
    RegistrationFactory(event=event)
    letter = EventLetterFactory(event=event, recipients="thanks", text="Merci *à vous*.")

    services.send_letter(letter=letter, by=roles.staff(), at=timezone.now())
    letters.write(at=timezone.now())

    message = Message.objects.get()
    assert SurveyInvitation.objects.get().registration == registration
    for text in (message.text, message.html):
        for expected in (
            "http://127.0.0.1:8000/evenements/enquete/",
            "http://127.0.0.1:8000/evenements/attestation/",
            "http://127.0.0.1:8000/evenements/documents/",
            "https://video.exemple.test/1",
            "Diaporama",
        ):
            assert expected in text
        assert "{{" not in text
        assert "{%" not in text
    assert "\n\n\n" not in message.text
    assert not services.group(event, "thanks").exists()


@pytest.fixture
def invitation(event):
    return SurveyInvitationFactory(registration=came(event))


def survey_url(invitation):
    return reverse("events:survey", args=[token(Link.SURVEY, invitation.registration_id)])


def test_an_answer_is_kept_once_without_a_link_to_who_gave_it(client, event, invitation):
    objective = ObjectiveFactory(event=event)
    said = {
        "satisfaction": "4",
        f"objective_{objective.pk}": "partly",
        f"comment_{objective.pk}": "Trop court",
        "comment": "Bien",
    }
    assert objective.text in client.get(survey_url(invitation)).content.decode()
    assert client.post(survey_url(invitation), {}).status_code == 200
    assert not SatisfactionAnswer.objects.exists()

    client.post(survey_url(invitation), said)
    page = client.post(survey_url(invitation), said).content.decode()

    assert "On ne répond qu’une fois" in page
    answer = SatisfactionAnswer.objects.get()
    assert (answer.event, answer.satisfaction, answer.comment) == (event, 4, "Bien")
    assert ObjectiveAnswer.objects.get().reached == "partly"
    invitation.refresh_from_db()
    assert invitation.answered_on == today()
    fields = {field.name for field in SatisfactionAnswer._meta.get_fields()}
    assert fields == {"id", "event", "satisfaction", "comment", "objectives"}
    with pytest.raises(surveys.AlreadyAnswered):
        surveys.answer(invitation=invitation, opinion=surveys.Opinion(1, "", {}), on=today())


def test_nobody_answers_without_an_invitation(client, event):
    url = reverse("events:survey", args=[token(Link.SURVEY, came(event).pk)])

    assert client.get(url).status_code == 404
    assert client.get(reverse("events:survey", args=["faux"])).status_code == 404


@pytest.mark.parametrize("role", ["staff", "board"])
def test_results_are_hidden_below_five_answers_from_everybody(client, event, role):
    client.force_login(roles.ROLES[role]())
    SurveyInvitationFactory.create_batch(6, registration__event=event)
    ObjectiveFactory(event=event, text="Se rencontrer")
    SatisfactionAnswerFactory.create_batch(4, event=event, comment="Secret")
    url = reverse("events:survey_results", args=[event.pk])

    page = client.get(url).content.decode()
    assert "4\u00a0réponses sur 6\u00a0participants" in page
    assert "Secret" not in page
    assert "Se rencontrer" not in page

    SatisfactionAnswerFactory(event=event, satisfaction=5, comment="Visible")
    page = client.get(url).content.decode()
    assert "4,2 sur 5" in page
    for expected in ("Secret", "Visible", "Se rencontrer"):
        assert expected in page


def test_who_has_not_answered_is_reminded_once_after_five_days(event):
    late, done, fresh = (SurveyInvitationFactory(registration=came(event)) for _ in range(3))
    now = timezone.now()
    SurveyInvitation.objects.exclude(pk=fresh.pk).update(sent_at=now - timedelta(days=6))
    SurveyInvitation.objects.filter(pk=done.pk).update(answered_on=today())

    surveys.remind(at=now)
    surveys.remind(at=now)

    message = Message.objects.get()
    assert message.recipient == late.registration.person.emails.get().address
    assert "C’est notre seul rappel" in message.text
    assert survey_url(late) in message.text


# -- minutes and decisions -------------------------------------------------------------------------
def test_minutes_and_decisions_are_written_on_one_page_and_followed(client, event):
    owner = came(event).person
    client.force_login(roles.staff())
    url = reverse("events:minutes", args=[event.pk])
    page = client.get(url).content.decode()
    assert "1\u00a0participant<" in page or "1\u00a0participant" in page
    data = {
        "minutes": "Tout le monde était là.",
        "decision-TOTAL_FORMS": "2",
        "decision-INITIAL_FORMS": "0",
        "decision-0-text": "Écrire au conseil",
        "decision-0-owner": owner.pk,
        "decision-0-due_on": (today() - timedelta(days=1)).isoformat(),
    }

    client.post(url, data)

    event.refresh_from_db()
    assert event.minutes == "Tout le monde était là."
    decision = event.decisions.get()
    assert (decision.text, decision.owner) == ("Écrire au conseil", owner)
    followed = client.get(reverse("events:decisions")).content.decode()
    assert "Écrire au conseil" in followed
    assert "En retard" in followed
    decision.done_on = today()
    decision.save()
    assert "Écrire au conseil" not in client.get(reverse("events:decisions")).content.decode()


def test_how_many_came_from_how_many_teams(event):
    team = TeamFactory()
    assert participation(event) == "Aucun participant"
    came(event, team=team)
    assert participation(event) == "1\u00a0participant issu d’une équipe"
    came(event, team=team)
    came(event, team=TeamFactory())
    RegistrationFactory(event=event, team=TeamFactory())
    assert participation(event) == "3\u00a0participants issus de 2\u00a0équipes"
