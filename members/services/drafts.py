"""The yearly form of a team: one draft, written by several people, sent by those who answer for it.

A field is merged against what its author saw: what another wrote meanwhile is never lost, the second
is shown both and chooses. Lock order: the team, then its draft.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from apmsl.lib.typography import day as in_words
from apmsl.lib.typography import plural
from members.access import may_send_for
from members.models import (
    Campaign,
    Membership,
    Scan,
    ScanAnswer,
    ScanForm,
    ScanHeadcount,
    Team,
    User,
)
from members.services.answers import (
    LONGEST_REMARK,
    Entry,
    Field,
    WrongValue,
    entries_of,
    parse,
    plain,
)
from members.services.plausibility import problems

logger = logging.getLogger(__name__)


class DraftRefused(Exception):
    """The message is shown to the team."""


class FormIncomplete(DraftRefused):
    """Not sent: what to correct, by the name of its field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("Le formulaire n’est pas transmis : voyez ce qui reste à compléter.")
        self.problems = problems


@dataclass(frozen=True)
class Clash:
    """Another person wrote something else in the same field meanwhile."""

    mine: str
    theirs: Entry


@transaction.atomic
def draft_of(*, team: Team, form: ScanForm) -> Scan:
    """The draft that the whole team shares; after a sending, a copy of what was sent."""
    Team.objects.select_for_update(of=("self",), no_key=True).get(pk=team.pk)
    draft = Scan.objects.filter(team=team, form=form, submitted_on=None).first()
    if draft is None:
        draft = Scan.objects.create(team=team, form=form)
        if sent := last_sent(team, form):
            _copy(sent, draft)
    return draft


def last_sent(team: Team, form: ScanForm) -> Scan | None:
    sent = Scan.objects.sent().filter(team=team, form=form)
    return sent.select_related("submitted_by__person").order_by("-submitted_on", "pk").first()


def _copy(sent: Scan, draft: Scan) -> None:
    models: tuple[Any, ...] = (ScanAnswer, ScanHeadcount)
    for model in models:
        rows = list(model.objects.filter(scan=sent))
        for row in rows:
            row.pk, row.scan = None, draft
        model.objects.bulk_create(rows)


# -- writing ---------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Writing:
    """What someone typed in a field, and what the page showed them before."""

    field: Field
    value: str
    seen: str
    remark: str = ""
    seen_remark: str = ""


@transaction.atomic
def save_answer(*, draft: Scan, writing: Writing, by: User, at: datetime) -> Clash | None:
    """Keep what changed. Refuses what is no value of the question (``WrongValue``)."""
    draft = _lock(draft)
    stored = entries_of(draft, writing.field.question_id).get(writing.field.name) or Entry()
    value, seen = parse(writing.field, writing.value), plain(writing.seen)
    if value != seen and stored.value not in {seen, value}:
        return Clash(value, stored)
    if value == seen:
        value = stored.value
    remark = _both(plain(writing.remark), plain(writing.seen_remark), stored.remark)
    if (value, remark) != (stored.value, stored.remark):
        _refuse_too_long(remark)
        writing.field.write(draft, Entry(value, remark, by, at))
    return None


def _refuse_too_long(remark: str) -> None:
    if len(remark) > LONGEST_REMARK:
        most = plural(LONGEST_REMARK, "signe")
        raise WrongValue(f"Le mot sur l’écart compte plus de {most} : raccourcissez-le.")


def _lock(draft: Scan) -> Scan:
    locked = Scan.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if locked is None or locked.submitted_on:
        raise DraftRefused("Ce formulaire vient d’être transmis : rechargez la page.")
    return locked


def _both(mine: str, seen: str, stored: str) -> str:
    """A word on a variation: of two written meanwhile, both are kept."""
    if mine in {seen, stored}:
        return stored
    return mine if stored in {seen, ""} else f"{stored} / {mine}"


# -- sending ---------------------------------------------------------------------------------------
@transaction.atomic
def send(*, draft: Scan, by: User, on: date, at: datetime) -> Scan:
    """The draft becomes the version of the day; another of the same day gives way to it."""
    if not may_send_for(by, draft.team, on):
        raise DraftRefused("Seule la coordination ou un leader de l’équipe transmet le formulaire.")
    _refuse_when_closed(draft.form, on)
    Team.objects.select_for_update(of=("self",), no_key=True).get(pk=draft.team_id)
    draft = _lock(draft)
    if found := problems(draft):
        raise FormIncomplete(found)
    Scan.objects.filter(team=draft.team, form=draft.form, submitted_on=on).delete()
    draft.submitted_on, draft.submitted_by = on, by
    draft.save(update_fields=["submitted_on", "submitted_by"])
    logger.info("scan %s sent by account %s", draft.pk, by.pk)
    return draft


def _refuse_when_closed(form: ScanForm, on: date) -> None:
    campaign = Campaign.objects.filter(form=form).first()
    if campaign is None or campaign.opened_at is None:
        raise DraftRefused(f"La campagne {form.year} n’est pas ouverte.")
    if on > campaign.closes_on:
        raise DraftRefused(
            f"La campagne est fermée depuis le {in_words(campaign.closes_on)} : votre brouillon "
            "est gardé, écrivez à la fédération pour le transmettre."
        )


def heads_of(membership: Membership, question_id: int) -> int | None:
    """What the sent form answers to a question that counts people; None when it was not answered."""
    form = ScanForm.objects.filter(year=membership.year).first()
    sent = last_sent(membership.team, form) if membership.team and form else None
    values = entries_of(sent, question_id).values() if sent else ()
    counts = [int(entry.value) for entry in values if entry.value.isdigit()]
    return sum(counts) if counts else None
