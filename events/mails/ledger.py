"""What the ledger of mail says became of what was written to participants."""

from collections.abc import Iterable

from django.db.models import CharField, Func, QuerySet, Value
from django.db.models.functions import Cast

from apmsl.mail.models import Message
from events.enums import LetterGroup
from events.models import Event, EventLetter, Registration

_NAMES = {LetterGroup.THANKS: "thanks", LetterGroup.SURVEY: "survey"}


def key_of(letter: EventLetter) -> str:
    return "survey" if letter.recipients == LetterGroup.SURVEY else f"letter {letter.pk}"


def messages_of(letter: EventLetter, registrations: Iterable[Registration]) -> dict[int, Message]:
    """That letter, by registration; those without an address have none."""
    keys = {f"registration {row.pk} {key_of(letter)}": row.pk for row in registrations}
    purpose = f"registration-{_NAMES.get(LetterGroup(letter.recipients), 'letter')}"
    found = Message.objects.filter(purpose=purpose, object_key__in=keys)
    columns = ("object_key", "status", "attempts")
    return {keys[message.object_key]: message for message in found.only(*columns)}


def messages_about(event: Event) -> QuerySet[Message]:
    """All that registrations to it were told: confirmations, reminders, letters."""
    about = Func(
        "object_key", Value(" "), Value(2), function="split_part", output_field=CharField()
    )
    numbers = event.registrations.order_by().values_list(Cast("pk", CharField()))
    written = Message.objects.filter(object_key__startswith="registration ")
    return written.annotate(about=about).filter(about__in=numbers)
