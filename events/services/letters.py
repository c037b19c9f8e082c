"""Letters of the staff to participants: who is on the list is settled at the moment of sending.

Sending notes the addressees, in one statement; a worker then writes to each, some at a time. Killed
midway, it has marked those it wrote to, in the same transaction as their messages: the next one goes
on with the others. Lock order: the letter, then its addressees, then the ledger of mail.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Count, Q

from apmsl.mail.models import Message, MessageStatus
from events import mails
from events.enums import LetterGroup
from events.models import (
    Event,
    EventLetter,
    LetterRecipient,
    Registration,
    RegistrationQuerySet,
    SurveyInvitation,
)
from events.services.refusals import Refused
from members.models import Person, User

logger = logging.getLogger(__name__)

CHUNK = 50  # written in one transaction
_PURPOSES = ("registration-letter", "registration-thanks")


class NobodyToWrite(Refused):
    pass


class AlreadySent(Refused):
    pass


class NotAsSeen(Refused):
    pass


@dataclass(frozen=True)
class Addressee:
    person: Person
    address: str  # empty: nobody can be written to
    through: User | None
    message: Message | None = None  # once it is written

    @property
    def state(self) -> str:
        """« sent », « waiting », « failed » or, without an address, « unreached »."""
        if self.message:
            return self.message.status
        return MessageStatus.WAITING if self.address else "unreached"


@dataclass(frozen=True)
class Progress:
    """How many messages have left, wait, or will not leave any more; ``delayed``: of those that wait,
    how many the mail server would not take yet."""

    sent: int
    waiting: int
    failed: int
    delayed: int


def group(event: Event, name: str) -> RegistrationQuerySet:
    """Those of the event that a letter to ``name`` is for; seats without a name are left out."""
    rows = event.registrations.exclude(person=None)
    came = rows.came()
    thanked = LetterRecipient.objects.filter(letter__event=event, letter__recipients="thanks")
    chosen: dict[str, Callable[[], RegistrationQuerySet]] = {
        LetterGroup.REGISTERED: rows.registered,
        LetterGroup.WAITING: rows.waiting,
        LetterGroup.LIVE: rows.live,
        LetterGroup.PRESENT: rows.came,
        LetterGroup.ABSENT: rows.missed,
        LetterGroup.THANKS: lambda: came.exclude(pk__in=thanked.values("registration")),
        LetterGroup.SURVEY: lambda: came.filter(survey_invitation=None),
    }
    return chosen[name]()


def addressees(letter: EventLetter) -> list[Addressee]:
    """Who would be written to now, or was when the letter left, by name."""
    found = list(_rows(letter).select_related("registered_by").by_name())
    people = mails.people_of(found)
    messages = mails.messages_of(letter, found) if letter.sent_at else {}
    named = [(row, people[row.person_id]) for row in found if row.person_id in people]
    return [
        Addressee(person, *mails.reach(row, person), messages.get(row.pk)) for row, person in named
    ]


def progress(people: Sequence[Addressee]) -> Progress:
    """Of a letter that has been sent."""
    states = [one.state for one in people]
    return Progress(
        sent=states.count(MessageStatus.SENT),
        waiting=states.count(MessageStatus.WAITING),
        failed=states.count(MessageStatus.FAILED),
        delayed=sum(
            one.state == MessageStatus.WAITING
            and one.message is not None
            and one.message.attempts > 0
            for one in people
        ),
    )


def progress_of_all(event: Event) -> Progress:
    """Of everything that its registrations were told."""
    waits = Q(status=MessageStatus.WAITING)
    counts = mails.messages_about(event).aggregate(
        sent=Count("pk", filter=Q(status=MessageStatus.SENT)),
        waiting=Count("pk", filter=waits),
        failed=Count("pk", filter=Q(status=MessageStatus.FAILED)),
        delayed=Count("pk", filter=waits & Q(attempts__gt=0)),
    )
    return Progress(**counts)


def _rows(letter: EventLetter) -> RegistrationQuerySet:
    if letter.sent_at or letter.recipients == LetterGroup.CHOSEN:
        return Registration.objects.filter(letters__letter=letter)
    return group(letter.event, letter.recipients)


@transaction.atomic
def draft(
    *, event_id: int, registrations: Iterable[Registration], subject: str, text: str
) -> EventLetter:
    """To those chosen, who are kept with it; nothing leaves before it is sent."""
    letter = EventLetter.objects.create(
        event_id=event_id, recipients=LetterGroup.CHOSEN, subject=subject, text=text
    )
    LetterRecipient.objects.bulk_create(
        LetterRecipient(letter=letter, registration=row) for row in registrations
    )
    return letter


def seal(letter: EventLetter) -> str:
    """Of the words and the list as they stand: what was previewed is what leaves."""
    people = list(_rows(letter).order_by("pk").values_list("pk", flat=True))
    told = repr((letter.recipients, letter.subject, letter.text, people))
    return sha256(told.encode()).hexdigest()


@transaction.atomic
def write_again(*, letter: EventLetter) -> None:
    """A draft whose words or list were changed; what has left is not."""
    held = EventLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if held.sent_at:
        raise AlreadySent("Ce message vient de partir : il ne change plus.")
    letter.save(update_fields=["recipients", "subject", "text"])


@transaction.atomic
def drop(*, letter: EventLetter) -> None:
    held = EventLetter.objects.select_for_update(of=("self",)).filter(pk=letter.pk).first()
    if held is None:
        return
    if held.sent_at:
        raise AlreadySent("Un message envoyé reste dans la liste.")
    held.delete()


@transaction.atomic
def send(*, letter: EventLetter, by: User, at: datetime, seen: str = "") -> bool:
    """Note who is on the list; False when it was sent before: a double click sends once. ``seen``:
    the seal of what was previewed."""
    letter = EventLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if letter.sent_at:
        return False
    if seen and seen != seal(letter):
        raise NotAsSeen(
            "Le message ou la liste a changé depuis que vous l’avez lu : relisez, puis envoyez."
        )
    if letter.recipients != LetterGroup.CHOSEN:
        chosen = group(letter.event, letter.recipients).order_by("pk").values_list("pk", flat=True)
        LetterRecipient.objects.bulk_create(
            LetterRecipient(letter=letter, registration_id=pk) for pk in chosen
        )
    if not letter.addressees.exists():
        raise NobodyToWrite("Ce message ne s’adresse à personne pour le moment.")
    letter.sent_at, letter.sent_by = at, by
    letter.save(update_fields=["sent_at", "sent_by"])
    return True


def outcomes(letter_ids: Sequence[int]) -> dict[int, Counter[str]]:
    """How many mails of each letter have left, wait or failed; see ``events.mails`` for the keys.
    The survey is written once for an event, whichever letter asks: it has no key of its own."""
    found: dict[int, Counter[str]] = {pk: Counter() for pk in letter_ids}
    about = rf" letter ({'|'.join(map(str, letter_ids)) or 0})( \+\d+)?$"
    messages = Message.objects.filter(purpose__in=_PURPOSES, object_key__regex=about)
    for key, status in messages.order_by("pk").values_list("object_key", "status"):
        found[int(key.partition(" letter ")[2].split()[0])][status] += 1
    return found


def write(*, at: datetime) -> int:
    """Write what has been sent and is not written yet; to how many."""
    left = LetterRecipient.objects.to_write().order_by("letter").values_list("letter", flat=True)
    return sum(_write_letter(letter_id, at) for letter_id in left.distinct())


def _write_letter(letter_id: int, at: datetime) -> int:
    letter = EventLetter.objects.select_related("event").get(pk=letter_id)
    written = 0
    while some := _write_some(letter, at):
        written += some
    logger.info("letter %s: written to %d", letter_id, written)
    return written


@transaction.atomic
def _write_some(letter: EventLetter, at: datetime) -> int:
    """Rows that another worker holds are its own to write."""
    waiting = letter.addressees.to_write().select_related("registration__registered_by")
    locked = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True)
    rows = list(locked[:CHUNK])
    _write_to(letter, [row.registration for row in rows], at)
    letter.addressees.filter(pk__in=[row.pk for row in rows]).update(written_at=at)
    return len(rows)


def _write_to(letter: EventLetter, rows: Sequence[Registration], at: datetime) -> None:
    if letter.recipients in {LetterGroup.THANKS, LetterGroup.SURVEY}:
        invited = [SurveyInvitation(registration=row, sent_at=at) for row in rows]
        SurveyInvitation.objects.bulk_create(invited, ignore_conflicts=True)
    if letter.recipients == LetterGroup.THANKS:
        mails.thanks(letter, rows, at=at)
    elif letter.recipients == LetterGroup.SURVEY:
        mails.survey(letter.event, rows, at=at)
    else:
        mails.letter(letter, rows, at=at)
