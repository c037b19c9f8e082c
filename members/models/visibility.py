"""Whom a way to reach someone is shown to: one rule, for every page, file and search."""

from typing import TYPE_CHECKING, Any, Self

import pgtrigger
from django.db import models
from django.db.models import Q

from apmsl.lib import audiences
from apmsl.lib.dates import today
from members.enums import Visibility

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models.accounts import User

GROUP_PREFIX = "local_group:"


class ShownQuerySet(models.QuerySet[Any]):
    """Of rows with a ``person`` and a ``visibility``."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The staff sees everything; others what is their own, and what was opened to them.

        Each choice shows to at least those whom the narrower ones show to: « my group » is the
        members of a local group that both are in today.
        """
        if not user.is_authenticated:
            return self.filter(visibility=Visibility.PUBLIC)
        if user.is_staff:
            return self
        opened = Q(visibility=Visibility.PUBLIC) | Q(person=user.person_id)
        if "members" in user.seen_audiences:
            opened |= Q(visibility=Visibility.MEMBERS) | _of_a_group_of(user)
        return self.filter(opened)


def _of_a_group_of(user: "User") -> Q:
    shared = Q()
    for key in sorted(user.audiences):
        if key.startswith(GROUP_PREFIX):
            shared |= Q(person__in=audiences.people(key, today()).values("pk"))
    return Q(visibility=Visibility.GROUP) & shared if shared else Q(pk__in=[])


def new_value_is_private(column: str, field: str) -> list[pgtrigger.Trigger]:
    """Whoever replaces or deletes a value, an import or the staff too: the choice was made for
    that value, so the next one is private, and the consent to the former ends.

    ``field`` is the consent's, in SQL.
    """
    withdraw = " ".join(
        (
            "UPDATE members_consent SET withdrawn_at = greatest(now(), given_at)",
            f"WHERE person_id = OLD.person_id AND field = {field}",
            f"AND value = OLD.{column} AND withdrawn_at IS NULL;",
        )
    )
    return [
        pgtrigger.Trigger(
            name="new_value_is_private",
            when=pgtrigger.Before,
            operation=pgtrigger.UpdateOf(column),  # type: ignore[no-untyped-call]
            condition=pgtrigger.Q(**{f"old__{column}__df": pgtrigger.F(f"new__{column}")}),
            func=f"{withdraw} NEW.visibility = '{Visibility.FEDERATION.value}'; RETURN NEW;",
        ),
        pgtrigger.Trigger(
            name="deleted_ends_consent",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            func=f"{withdraw} RETURN NULL;",
        ),
    ]
