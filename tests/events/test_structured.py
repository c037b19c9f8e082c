"""What search engines read of a public event."""

import json
import re
from datetime import date, time

import pytest

from events.enums import Format
from events.models import Event
from tests import roles
from tests.events.factories import EventFactory

pytestmark = pytest.mark.django_db

NASTY = "</script><script>alert(1)</script> & « fin\u2028 de \u2029ligne »"


def head_of(client, event):
    page = client.get(event.get_absolute_url()).content.decode()
    return page.partition("</head>")[0]


def structured(client, event):
    (found,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', head_of(client, event), re.DOTALL
    )
    return found, json.loads(found)


def test_a_public_event_is_told_to_search_engines(client):
    event = EventFactory(
        public=True,
        title="Journée régionale",
        starts_on=date(2027, 6, 15),
        starts_at=time(9, 30),
        ends_at=time(17),
        format=Format.HYBRID,
        place="Nantes",
        online_url="https://visio.exemple.test/secret",
    )

    text, facts = structured(client, event)

    address = f"http://127.0.0.1:8000/evenements/{event.pk}/"
    assert facts["@type"] == "Event"
    assert facts["name"] == "Journée régionale"
    assert facts["startDate"] == "2027-06-15T09:30:00+02:00"
    assert facts["endDate"] == "2027-06-15T17:00:00+02:00"
    assert facts["eventStatus"] == "https://schema.org/EventScheduled"
    assert facts["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in facts["location"]] == ["Place", "VirtualLocation"]
    assert facts["location"][1]["url"] == facts["url"] == address
    assert "visio" not in text
    assert f'<link rel="canonical" href="{address}">' in head_of(client, event)


def test_a_cancelled_event_is_told_as_such(client):
    _, facts = structured(client, EventFactory(public=True, cancelled=True))

    assert facts["eventStatus"] == "https://schema.org/EventCancelled"
    assert facts["startDate"] == facts["endDate"] == Event.objects.get().starts_on.isoformat()


def test_no_text_of_an_event_ends_the_script(client):
    event = EventFactory(public=True, title=NASTY, description=NASTY, place=NASTY)

    text, facts = structured(client, event)

    assert (facts["name"], facts["description"]) == (NASTY, NASTY)
    assert not set(text) & set("<>&\u2028\u2029")
    assert "<script>alert" not in head_of(client, event)


def test_what_is_for_members_is_told_to_no_engine(client):
    client.force_login(roles.member())

    head = head_of(client, EventFactory())

    assert "ld+json" not in head
    assert "canonical" not in head
