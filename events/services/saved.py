"""Filters that the staff keeps by a name."""

from django.db import transaction
from django.http import QueryDict

from apmsl.mail.services import one_line
from events.enums import SavedList
from events.models import SavedFilter
from members.models import User

_PASSING = ("p", "e", "all", "_changelist_filters")  # a page, an error: nothing to come back to


class NotKept(Exception):
    """The message is shown as it is."""


@transaction.atomic
def keep(*, user: User, listed: SavedList, name: str, query: str) -> SavedFilter:
    """The same name again takes these filters."""
    given = QueryDict(query, mutable=True)
    for parameter in _PASSING:
        given.pop(parameter, None)
    kept, name = given.urlencode(), one_line(name)
    if not name or not kept:
        raise NotKept("Filtrez d’abord la liste, puis donnez un nom à ce filtre.")
    if len(name) > 60 or len(kept) > 1000:
        raise NotKept("Ce nom ou ces filtres sont trop longs.")
    row, _ = SavedFilter.objects.update_or_create(
        user=user, listed=listed, name=name, defaults={"query": kept}
    )
    return row


@transaction.atomic
def forget(*, user: User, listed: SavedList, pk: int) -> None:
    SavedFilter.objects.of(user, listed).filter(pk=pk).delete()
