"""What the page of an event tells, and to whom: aims, people, documents, pictures."""

import io

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from events.enums import ContributorRole, DocumentMoment
from events.models import EventDocument, EventPhoto
from tests import roles
from tests.events.factories import (
    AttendanceFactory,
    ContributorFactory,
    DecisionFactory,
    EventFactory,
    EventPartnerFactory,
    EventSessionFactory,
    ObjectiveFactory,
    RegistrationFactory,
)
from tests.members.factories import PersonFactory, TeamFactory

pytestmark = pytest.mark.django_db


def text_of(client, event):
    """The page without its menus."""
    return client.get(event.get_absolute_url()).content.decode().partition("<main")[2]


def status_of(client, address):
    """A file is read to its end: it is closed."""
    answer = client.get(address)
    b"".join(answer)
    return answer.status_code


def a_picture(width=2000, kind="JPEG"):
    """With the place where it was taken beside the points."""
    drawn, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "Chez le docteur Le Goff"
    Image.new("RGB", (width, 900), "teal").save(drawn, kind, exif=exif)
    return drawn.getvalue()


def photo_of(event, content=None):
    kept = EventPhoto(event=event, caption="L’atelier & ses jeux", credit="APMSL")
    kept.image.save("p.jpg", ContentFile(content or a_picture()))
    return kept


def document_of(event, moment):
    kept = EventDocument(event=event, moment=moment, title=f"Le support {moment}")
    kept.file.save("x.pdf", ContentFile(b"%PDF-1.4 %%EOF"))
    return kept


def address(name, row):
    return reverse(f"events:{name}", args=[row.event_id, row.pk])


def test_the_page_tells_aims_people_partners_and_host(client):
    event = EventFactory(public=True, is_new=True, host_team=TeamFactory(name="MSP des Marais"))
    ObjectiveFactory(event=event, text="Repérer les fragilités")
    ContributorFactory(event=event, name="Anne Le Goff", function="Juriste", organisation="ARS")
    known = PersonFactory(first_name="Yann", last_name="Connu")
    ContributorFactory(event=event, role=ContributorRole.LEAD, name="", person=known)
    EventPartnerFactory(event=event, name="Le partenaire", has_stand=True, stand="B12")

    text = text_of(client, event)

    told = ["NOUVEAU", "MSP des Marais", "Repérer les fragilités", "Anne Le Goff", "Juriste, ARS"]
    for part in [*told, "Yann Connu", "Le partenaire", "B12"]:
        assert part in text, part


def test_empty_parts_do_not_show(client):
    text = text_of(client, EventFactory(public=True))

    for part in ["NOUVEAU", "Objectifs", "anime", "Partenaires", "Documents", "En images"]:
        assert part not in text, part
    for part in ["Compte rendu", "Programme", "Revoir"]:
        assert part not in text, part


def test_minutes_decisions_and_documents_of_after_are_for_those_who_took_part(client):
    event = EventFactory(held=True, minutes="Nous avons parlé.", replay_url="https://video.test/1")
    DecisionFactory(event=event, text="Écrire à l’ARS")
    after, before = (document_of(event, moment) for moment in (DocumentMoment.AFTER, "before"))
    absent, registered, present = roles.member(), roles.member(), roles.member()
    RegistrationFactory(event=event, person=registered.person)
    RegistrationFactory(event=event, person=absent.person, cancelled=True)
    AttendanceFactory(session=EventSessionFactory(event=event), person=present.person)

    for user, inside in [
        (absent, False),
        (registered, True),
        (present, True),
        (roles.staff(), True),
    ]:
        client.force_login(user)
        text = text_of(client, event)
        assert before.title in text
        assert "Revoir" in text
        for part in ["Nous avons parlé", "Écrire à l’ARS", after.title]:
            assert (part in text) is inside, part
        assert status_of(client, address("document", after)) == (200 if inside else 404)
        assert status_of(client, address("document", before)) == 200


def test_a_document_is_downloaded_under_its_title(client):
    document = document_of(EventFactory(public=True), DocumentMoment.BEFORE)

    answer = client.get(address("document", document))

    assert b"".join(answer).startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Le%20support%20before.pdf" in answer["Content-Disposition"] or (
        'filename="Le support before.pdf"' in answer["Content-Disposition"]
    )


def test_what_one_may_not_see_has_no_document_and_no_picture(client):
    event = EventFactory(audiences=["staff"])
    document, photo = document_of(event, DocumentMoment.BEFORE), photo_of(event)
    seen = EventFactory(public=True)

    assert client.get(address("document", document)).status_code == 404
    assert client.get(address("photo", photo)).status_code == 404
    by_another = reverse("events:document", args=[seen.pk, document.pk])
    assert client.get(by_another).status_code == 404
    assert client.get(reverse("events:photo", args=[seen.pk, photo.pk])).status_code == 404


def test_a_picture_is_shown_smaller_and_without_what_the_camera_wrote(client):
    photo = photo_of(EventFactory(public=True))

    answer = client.get(address("photo", photo))
    shown = Image.open(io.BytesIO(answer.content))

    assert answer["Content-Type"] == "image/jpeg"
    assert "max-age" in answer["Cache-Control"]
    client.force_login(roles.member())
    assert "no-store" in client.get(address("photo", photo))["Cache-Control"]
    assert shown.size == (1600, 720)
    assert not shown.getexif()
    assert b"Le Goff" not in answer.content
    text = text_of(client, photo.event)
    assert 'alt="L’atelier &amp; ses jeux"' in text
    assert "© APMSL" in text


def test_a_picture_whose_file_is_gone_or_wrong_is_not_found(client):
    event = EventFactory(public=True)
    wrong = photo_of(event, b"<svg onload=alert(1)>")
    gone = photo_of(event)
    gone.image.storage.delete(gone.image.name)

    assert client.get(address("photo", wrong)).status_code == 404
    assert client.get(address("photo", gone)).status_code == 404
    assert client.get(event.get_absolute_url()).status_code == 200


def test_what_the_staff_types_is_text(client):
    event = EventFactory(public=True)
    ObjectiveFactory(event=event, text="<script>alert(1)</script>")

    assert "<script>alert" not in text_of(client, event)


def test_the_page_costs_the_same_queries_for_many_as_for_one(client, record_queries):
    def fill(event, number):
        for _ in range(number):
            ObjectiveFactory(event=event)
            ContributorFactory(event=event, name="", person=PersonFactory())
            DecisionFactory(event=event, owner=PersonFactory())
            document_of(event, DocumentMoment.AFTER)
            EventPartnerFactory(event=event)

    client.force_login(roles.staff())
    little, much = EventFactory(), EventFactory()
    fill(little, 1)
    fill(much, 5)
    text_of(client, little)
    with record_queries() as one:
        text_of(client, little)
    with record_queries() as many:
        text_of(client, much)

    assert one == many
