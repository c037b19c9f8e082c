"""Sending what changed to Zoho.

A worker claims up to a hundred records in a short transaction, works out what to send from today's
state, and sends it with no lock held: nobody's page waits for Zoho. The claim is a lease; whoever wakes
after its end finds its records taken, and has them sent once more. Said twice, a record is one: Zoho
knows it by our own number.
"""

import logging
import random
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from apmsl.lib.dates import today
from members.enums import CrmModule, CrmRunKind, CrmState
from members.models import CrmRecord, CrmRun, CrmSignal
from members.models.crm import CrmRecordQuerySet
from members.services.crm import bridge, client, conflicts, plans
from members.services.crm.bridge import Tally
from members.services.crm.client import BadRequest, Outcome, Writer
from members.services.crm.plans import Action, Plan, Plans
from members.services.crm.tokens import Later, Misconfigured

logger = logging.getLogger(__name__)

BUDGET = 8.0  # s: a message of the broker comes again after twelve
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MAX_ATTEMPTS = 12  # more than a day
MOST_FAILURES = 3  # calls in a row, then the next passage
FOUND_AFTER = timedelta(minutes=10)  # how long Zoho may take to find what it has just been given


class Stopped(Exception):
    """The switch was turned off."""


def send(*, at: datetime, budget: float = BUDGET) -> CrmRun | None:
    """One passage. Off, what changed is gathered all the same, one row an object."""
    CrmRecord.objects.gather(at=at)
    bridge.forget_the_gone()
    if not bridge.is_open() or not client.is_configured() or client.resting():
        return None
    tally = Tally()
    try:
        with Writer() as zoho:
            for module in CrmModule:
                _Passage(zoho, module, at, tally).run(time.monotonic() + budget)
        bridge.out_of_trouble()
    except Misconfigured as error:
        tally.message = str(error)
        bridge.in_trouble(reason=str(error), at=at)
    except Stopped:
        tally.message = "Les échanges ont été arrêtés."
    except Later as error:
        tally.message = f"Zoho fait attendre ({error})."
    if tally.refused:
        bridge.tell_refused(at=at)
    return bridge.report(kind=CrmRunKind.SEND, tally=tally, since=at, until=at)


def is_more(*, at: datetime) -> bool:
    """Something is due, and may go now."""
    may = bridge.is_open() and client.is_configured() and not client.resting()
    return may and CrmRecord.objects.due(at).exists()


class _Passage:
    """Through one module."""

    def __init__(self, zoho: Writer, module: CrmModule, at: datetime, tally: Tally) -> None:
        self.zoho, self.module, self.at, self.tally = zoho, module, at, tally

    def run(self, until: float) -> None:
        failures = 0
        while time.monotonic() < until:
            with transaction.atomic():
                rows = CrmRecord.objects.claim(self.module, at=self.at, most=client.MOST)
            if not rows:
                return
            try:
                self._batch(rows)
                failures = 0
            except Later as error:
                failures += 1
                self._put_off(rows, str(error), error.pause)
                if error.pause or failures == MOST_FAILURES:
                    raise
            except BaseException:
                with transaction.atomic():
                    _held(rows).in_turn().update(claim=None, claimed_until=None)
                raise

    def _batch(self, rows: list[CrmRecord]) -> None:
        made = plans.make(self.module, rows, on=today(), zoho=self.zoho)
        self._leave(made.of(Action.LEAVE))
        self._forget([plan.record for plan in made.of(Action.FORGET)])
        self._delete([plan.record for plan in made.of(Action.DELETE)])
        self._upsert(made.of(Action.INSERT, Action.UPDATE), made)

    # -- nothing to say ----------------------------------------------------------------------------
    def _leave(self, rows: list[Plan]) -> None:
        for plan in rows:
            self._note_clashes(plan)
        agreed = [plan for plan in rows if plan.seen]
        for plan in agreed:
            plan.record.base |= plan.seen
            plan.record.held().update(base=plan.record.base)
        with transaction.atomic():
            self.tally.unchanged += _held([plan.record for plan in rows]).in_turn().finish()

    def _forget(self, rows: list[CrmRecord]) -> None:
        if rows:
            with transaction.atomic():
                _held(rows).in_turn().delete()

    def _note_clashes(self, plan: Plan) -> None:
        for clash in plan.clashes:
            conflicts.note(
                record=plan.record,
                mapping=clash.mapping,
                portal=clash.portal,
                crm=clash.crm,
                at=self.at,
            )
        self.tally.conflicts += len(plan.clashes)

    # -- gone --------------------------------------------------------------------------------------
    def _delete(self, rows: list[CrmRecord]) -> None:
        """A record whose number never came back is looked for by ours."""
        known = [row for row in rows if row.zoho_id or self._looked_up(row)]
        if not known:
            return
        self._look_at_the_switch()
        outcomes = self.zoho.delete(self.module, [row.zoho_id for row in known])
        for row, outcome in zip(known, outcomes, strict=True):
            if outcome.ok:
                row.held().delete()
                self.tally.deleted += 1
            else:
                self._not_taken(row, outcome)

    def _looked_up(self, row: CrmRecord) -> bool:
        row.zoho_id = self.zoho.find(self.module, row.portal_id)
        if row.zoho_id:
            return True
        tried = row.tried_at or row.sent_at or self.at
        if tried > self.at - FOUND_AFTER:
            row.release(not_before=tried + FOUND_AFTER + timedelta(seconds=1))
            self.tally.put_off += 1
        else:
            row.held().delete()
        return False

    # -- created or changed ------------------------------------------------------------------------
    def _upsert(self, rows: Sequence[Plan], made: Plans) -> None:
        if not rows:
            return
        self._look_at_the_switch()
        with transaction.atomic():
            _held([plan.record for plan in rows]).in_turn().update(tried_at=self.at)
        try:
            outcomes = self.zoho.upsert(
                self.module,
                [plan.payload for plan in rows],
                unmodified_since=made.unmodified_since,
            )
        except BadRequest as error:
            self._divide(rows, made, error)
            return
        for plan, outcome in zip(rows, outcomes, strict=True):
            if outcome.ok:
                self._taken(plan, outcome)
            else:
                self._not_taken(plan.record, outcome)

    def _divide(self, rows: Sequence[Plan], made: Plans, error: BadRequest) -> None:
        """The request as a whole is refused: the half that is at fault is looked for."""
        if len(rows) == 1:
            self._refuse(rows[0].record, str(error))
            return
        middle = len(rows) // 2
        self._upsert(rows[:middle], made)
        self._upsert(rows[middle:], made)

    def _taken(self, plan: Plan, outcome: Outcome) -> None:
        record = plan.record
        first = not record.zoho_id
        self._note_clashes(plan)
        record.finish(at=self.at, zoho_id=outcome.zoho_id, sent=plan.values | plan.seen)
        if first and self.module == CrmModule.ACCOUNTS:
            # Its people can point at it from now on.
            CrmSignal.objects.create(module=record.module, object_id=record.object_id)
        if outcome.inserted:
            self.tally.inserted += 1
        else:
            self.tally.updated += 1

    def _not_taken(self, record: CrmRecord, outcome: Outcome) -> None:
        if outcome.for_now:
            self._put_off([record], outcome.reason, None)
        else:
            self._refuse(record, outcome.reason)

    # -- not now, or never -------------------------------------------------------------------------
    def _refuse(self, record: CrmRecord, reason: str) -> None:
        record.release(state=CrmState.DEAD, last_error=reason[:300])
        self.tally.refused += 1
        logger.warning("the CRM refuses record %s: %s", record.pk, reason)

    def _put_off(self, rows: Sequence[CrmRecord], reason: str, pause: timedelta | None) -> None:
        """Only those still held: part of a batch may be done."""
        for row in rows:
            attempts = row.attempts + 1
            if attempts >= MAX_ATTEMPTS:
                if row.release(state=CrmState.DEAD, attempts=attempts, last_error=reason[:300]):
                    self.tally.refused += 1
                continue
            later = self.at + _pause(row.attempts, pause)
            if row.release(not_before=later, attempts=attempts, last_error=reason[:300]):
                self.tally.put_off += 1

    def _look_at_the_switch(self) -> None:
        if not bridge.is_open():
            raise Stopped


def _held(rows: Sequence[CrmRecord]) -> CrmRecordQuerySet:
    claims = {row.claim for row in rows}
    return CrmRecord.objects.filter(pk__in=[row.pk for row in rows], claim__in=claims)


def _pause(attempts: int, asked: timedelta | None) -> timedelta:
    """Twice as long each time, spread so that those put off together do not come back together."""
    spread = random.uniform(0.5, 1.5)  # noqa: S311  no secret
    grown: timedelta = FIRST_PAUSE * 2**attempts * spread
    return max(min(grown, LONGEST_PAUSE), asked or timedelta(0))
