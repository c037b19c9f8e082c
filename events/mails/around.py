"""What participants are told before and after an event, and what the staff writes to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import CharField, Expression, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.safestring import SafeString

from apmsl.lib import markdown
from apmsl.lib.typography import plural, typeset
from apmsl.mail.models import Message
from events.enums import DocumentMoment
from events.mails.ledger import key_of
from events.mails.registrations import Letter, write
from events.models import Event, EventDocument, EventLetter, Registration
from events.models.links import Link, token
from members.models import Person

REMINDER = "registration-reminder"


@dataclass(frozen=True)
class Change:
    name: str
    before: str
    after: str


# -- before ----------------------------------------------------------------------------------------
def changed(
    event: Event,
    registrations: Sequence[Registration],
    *,
    changes: Sequence[Change],
    version: int,
    at: datetime,
) -> None:
    """Whoever waits has no entry in the calendar, and not the link of the video conference."""
    for_all = [change for change in changes if change.after != event.online_url]
    for waits, told in ((False, changes), (True, for_all)):
        letter = Letter("changed", "Ce qui change", "Ce qui change pour {}", calendar=not waits)
        rows = [row for row in registrations if row.is_waiting == waits]
        if told:
            extra = _for_each({"changes": told})
            write(letter, event, rows, at=at, extra=extra, key=f"version {version}")


def reminder(
    event: Event,
    registrations: Sequence[Registration],
    *,
    key: str,
    documents: Sequence[EventDocument],
    on: date,
    at: datetime,
) -> None:
    left = (event.starts_on - on).days
    soon = {0: "aujourd’hui", 1: "demain"}.get(left, f"dans {plural(left, 'jour')}")

    def extra(registration: Registration, _: Person) -> dict[str, Any]:
        return {"soon": soon, "documents": _links(documents, registration)}

    letter = Letter("reminder", f"C’est {soon}", f"C’est {soon} pour {{}}", calendar=True)
    write(letter, event, registrations, at=at, extra=extra, key=key)


def reminders_of(registration: OuterRef, key: str) -> QuerySet[Message]:
    """Those written to that registration for that step, to whatever address."""
    number: Expression = Cast(registration, CharField())
    about = Concat(Value("registration "), number, Value(f" {key}"))
    return Message.objects.filter(purpose=REMINDER, object_key=about)


# -- after -----------------------------------------------------------------------------------------
def thanks(letter: EventLetter, registrations: Sequence[Registration], *, at: datetime) -> None:
    """To those who came: what was shown, their certificate, and what they thought of it."""
    event = letter.event
    documents = list(event.documents.filter(moment=DocumentMoment.AFTER).order_by("title", "pk"))

    def extra(registration: Registration, _: Person) -> dict[str, Any]:
        return {
            **_words(letter),
            "documents": _links(documents, registration),
            "certificate_url": _link(Link.CERTIFICATE, registration),
            "survey_url": _link(Link.SURVEY, registration),
        }

    kind = Letter("thanks", "Merci de votre venue", "Après l’événement, pour {}")
    write(kind, event, registrations, at=at, extra=extra, key=key_of(letter))


def survey(
    event: Event, registrations: Sequence[Registration], *, at: datetime, again: bool = False
) -> None:
    name, subject = ("survey_again", "Encore deux minutes") if again else ("survey", "Votre avis")

    def extra(registration: Registration, _: Person) -> dict[str, Any]:
        return {"survey_url": _link(Link.SURVEY, registration), "again": again}

    kind = Letter(name, subject, "Votre avis, pour {}", template="survey")
    write(kind, event, registrations, at=at, extra=extra, key="survey")


def letter(letter: EventLetter, registrations: Sequence[Registration], *, at: datetime) -> None:
    """The words of the staff."""
    about = letter.subject.replace("{", "{{").replace("}", "}}")
    kind = Letter("letter", letter.subject, f"{about}, pour {{}}")
    extra = _for_each(_words(letter))
    write(kind, letter.event, registrations, at=at, extra=extra, key=key_of(letter))


def _for_each(same: dict[str, Any]) -> Callable[[Registration, Person], dict[str, Any]]:
    return lambda registration, person: same


def _words(letter: EventLetter) -> dict[str, Any]:
    html = markdown.to_html(letter.text, top=2)
    return {"letter": letter, "words": typeset(letter.text), "words_html": SafeString(html)}


def _links(documents: Sequence[EventDocument], registration: Registration) -> list[tuple[str, str]]:
    code = token(Link.DOCUMENTS, registration.pk)
    return [
        (
            document.title,
            settings.PORTAL_URL + reverse("events:mailed_document", args=[code, document.pk]),
        )
        for document in documents
    ]


def _link(link: Link, registration: Registration) -> str:
    names = {Link.CERTIFICATE: "events:my_certificate", Link.SURVEY: "events:survey"}
    return settings.PORTAL_URL + reverse(names[link], args=[token(link, registration.pk)])
