"""Erasing a person, who asked for it. Lock order: the person, then the rest.

The record stays, as « Personne effacée »: posts, registrations and presences hang on it, so that
the published figures of past years do not move. What names the person goes, histories included;
the law keeps ten years of accounts.
"""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction

from apmsl.jobs.models import Result, Run
from apmsl.mail.models import Message, MessageStatus
from members import mails
from members.enums import DataRequestKind
from members.models import DataRequest, Person, User
from members.services.erasing import rows, scrubbing
from members.services.erasing.effects import Effect, effects
from members.services.erasing.identity import (
    Replacement,
    everywhere,
    family_names,
    identity_of,
    written_about,
)
from members.services.erasing.obstacles import obstacles, register_obstacle
from members.signals import person_erased

__all__ = [
    "Effect",
    "ErasureRefused",
    "effects",
    "erase",
    "forget_goodbyes",
    "obstacles",
    "register_obstacle",
]

ANSWER = "Données effacées."


class ErasureRefused(Exception):
    """The message is shown to the staff as it is."""


@transaction.atomic
def erase(*, request: DataRequest, by: User, on: date, at: datetime) -> Person:
    """Asked twice, it is done once."""
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=request.person_id)
    request.refresh_from_db()
    if person.erased_on:
        return person
    if request.kind != DataRequestKind.ERASURE or request.handled_on:
        raise ErasureRefused("Cette demande n’attend pas d’effacement.")
    if found := obstacles(person, by=by, on=on):
        raise ErasureRefused(" ".join(found))
    identity = identity_of(person)
    whole, alone = everywhere(identity), written_about(identity)
    goodbye = mails.erased(person=person, request=request, at=at)
    _forget_messages(identity.addresses, but=goodbye)
    rows.close_account(person)
    rows.delete_contacts(person)
    rows.end_links(person, on=on)
    rows.make_anonymous(person, on=on)
    person_erased.send(Person, person=person, by=by, on=on, at=at)
    _drop_documents()
    rows.answer_requests(person, answer=ANSWER, on=on)
    for linked in rows.written_about(person, identity.addresses):
        scrubbing.scrub_rows_about(linked, [*whole, *alone])
    rows.forget_history(identity.numbers)
    _scrub(whole, family_names(identity), goodbye, on=on)
    return person


def _scrub(
    whole: list[Replacement], names: list[Replacement], goodbye: Message | None, *, on: date
) -> None:
    """All but the message that tells it, which is forgotten once it has left."""
    scrubbing.scrub_everything(whole, messages=names, on=on)
    if goodbye:
        goodbye.save(update_fields=["subject", "text", "html", "recipient"])


def _forget_messages(addresses: frozenset[str], *, but: Message | None) -> None:
    for address in addresses:
        sent = Message.objects.filter(recipient__iexact=address)
        (sent.exclude(pk=but.pk) if but else sent).delete()


def _drop_documents() -> None:
    """Documents made earlier may print the name; each is made again when it is asked for. What was
    published stays."""
    results = list(Result.objects.filter(is_kept=False))
    Run.objects.filter(result__in=results).delete()
    Result.objects.filter(pk__in=[result.pk for result in results]).delete()
    for result in results:
        transaction.on_commit(partial(_delete_file, result.file))


def _delete_file(file: Any) -> None:
    file.delete(save=False)


def forget_goodbyes() -> int:
    """The message that tells someone they are erased bears their address until it has left."""
    told = Message.objects.filter(purpose=mails.ERASED)
    return told.exclude(status=MessageStatus.WAITING).delete()[0]
