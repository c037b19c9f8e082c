"""What a run can be: each app registers its kinds in ``apps.ready()``.

A kind first drafts: it reads the records and says what the file depends on. Only when no result has
that digest yet is the file made, which is the long part.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db.models import Q

if TYPE_CHECKING:
    from apmsl.jobs.models.runs import Run

Params = dict[str, Any]
Beat = Callable[[int, int], None]  # done, total; raises Superseded


class Superseded(Exception):
    """Another worker has taken the run over: stop, and touch nothing any more."""


class Refused(Exception):
    """Why the file cannot be made, in French: shown to those who asked for it."""


class NoRoom(Refused):
    """The disk is full: other files would meet the same end."""


class Unfinished(Exception):
    """One turn has lasted long enough: what is done stays done, another turn goes on from there."""


@dataclass(frozen=True)
class Draft:
    """``make`` calls its argument with what is done and how much there is, as it goes. It gives a
    file whose ``chunks()`` come one after the other where the whole is too large to be held.
    ``is_kept``: whether the file is there for good, asked once it is made; what it locks is held
    until that is written."""

    filename: str
    digest: str
    make: Callable[[Beat], "bytes | File[Any]"]
    is_kept: Callable[[], bool] = lambda: False


@dataclass(frozen=True)
class Aside:
    """What the page of a run says besides: its title, and lines that one may open."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Kind:
    """``opens_to`` tells which runs of the kind a user may follow and download; without it, those
    that he or she asked for. ``back`` is the address of the page where such a run is asked for.
    ``whole``, instead of ``draft``, makes its parts first (see ``services.gather``). ``aside``: of a
    run that is over."""

    code: str
    draft: Callable[[Params], Draft] | None = None
    opens_to: Callable[[Any], Q | None] | None = None
    back: Callable[["Run"], str] | None = None
    whole: Callable[["Run", Beat], Draft] | None = None
    aside: Callable[["Run"], Aside | None] | None = None

    def drafted(self, run: "Run", beat: Beat) -> Draft:
        if self.whole:
            return self.whole(run, beat)
        if self.draft is None:
            raise TypeError(f"{self.code} makes nothing")
        return self.draft(run.params)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.code] = kind


def get(code: str) -> Kind | None:
    return _kinds.get(code)


def visible_to(user: Any) -> Q:
    """The runs that a rule opens to the user; see ``RunQuerySet.visible_to`` for the others."""
    opened = Q(pk__in=[])
    for kind in _kinds.values():
        condition = kind.opens_to(user) if kind.opens_to else None
        if condition is not None:
            opened |= Q(kind=kind.code) & condition
    return opened


def without_rule() -> Q:
    return ~Q(kind__in=[kind.code for kind in _kinds.values() if kind.opens_to])
